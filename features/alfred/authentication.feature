@alfred
Feature: Authenticating a user
  The platform sends its own reference for a user, and receives the user's wallet and an access token for it.

  @A-1
  Rule: Authenticating a user as the platform returns a walletId and an accessToken

    Scenario: A new user gets a wallet and a token for it
      When the platform authenticates a user
      Then the access token gives access to the wallet

  @A-2
  Rule: The same externalReferenceId always reaches the same wallet

    Scenario: A user who comes back finds the same wallet
      Given a user
      When the platform authenticates the same user again
      Then the wallet is the same as before

    Scenario: A user who comes back finds the balance that was left there
      Given a user with a balance of 20.00
      When the platform authenticates the same user again
      Then the wallet is the same as before
      And its balance is 20.00

  @A-3
  Rule: A different externalReferenceId always reaches a different wallet

    Scenario: Two users have a wallet each
      Given a user
      And another user
      Then the two users have different wallets

    Scenario Outline: A reference that <differs> belongs to another user
      Given a user
      When the platform authenticates a user whose reference <differs>
      Then the two users have different wallets

      Examples:
        | differs                       |
        | is one character longer       |
        | is one character shorter      |
        | differs in its last character |
        | differs in case               |

  @A-4
  Rule: Authenticating a user is rejected with no key, an unknown key or another role's key, and for another platform

    Scenario Outline: Authenticating with <credential> is rejected
      Given a user with a balance of 20.00
      When the platform tries to authenticate the user with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential                      |
        | no key                          |
        | an unknown key                  |
        | a key that is off by one letter |
        | the key in the other case       |
        | another role's key              |

    Scenario Outline: Authenticating for a platform whose id sorts <order> the key's own is rejected
      Given a user with a balance of 20.00
      When the platform tries to authenticate the user for a platform whose id sorts <order> its own
      Then it is rejected
      And every balance is as it was

      Examples:
        | order  |
        | before |
        | after  |

  @A-5
  Rule: Authenticating a user is rejected if externalReferenceId is missing, empty or not a string

    Scenario Outline: A reference that is <flaw> is rejected
      Given a user with a balance of 20.00
      When the platform tries to authenticate the user with a reference that is <flaw>
      Then it is rejected
      And every balance is as it was

      Examples:
        | flaw      |
        | missing   |
        | empty     |
        | a number  |
        | true      |
        | null      |
        | a list    |
        | an object |
