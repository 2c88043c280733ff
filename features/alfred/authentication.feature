@alfred
Feature: Authenticating a user
  The platform names a user by a reference of its own and gets the wallet, and a token that opens it.

  @A-1
  Rule: Authenticating a user as the platform answers a walletId and an accessToken

    Scenario: A new user gets a wallet and a token that opens it
      When the platform authenticates a user
      Then the response names a wallet that the access token opens

  @A-2
  Rule: The same externalReferenceId reaches the same wallet every time

    Scenario: A user who comes back finds the same wallet
      Given a user
      When the platform authenticates the same user again
      Then the same wallet is reached

    Scenario: A user who comes back finds the balance that was left there
      Given a user with a balance of 20.00
      When the platform authenticates the same user again
      Then the same wallet is reached
      And the balance found there is 20.00

  @A-3
  Rule: Another externalReferenceId reaches another wallet

    Scenario: Two users have a wallet each
      Given a user
      And another user
      Then another wallet is reached

    Scenario Outline: A reference that <differs> is another user's
      Given a user
      When the platform authenticates a user whose reference <differs>
      Then another wallet is reached

      Examples:
        | differs                       |
        | is one character longer       |
        | is one character shorter      |
        | differs in its last character |
        | differs in case               |

  @A-4
  Rule: Authenticating is rejected without the platform's own key, and for a platform that is not the key's

    Scenario Outline: Authenticating with <credential> is rejected
      Given a user with a balance of 20.00
      When authenticating the user is tried with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential                      |
        | no key                          |
        | an unknown key                  |
        | a key that is off by one letter |
        | the key in the other case       |
        | another role's key              |

    Scenario Outline: Authenticating for a platform that is not the key's is rejected
      Given a user with a balance of 20.00
      When authenticating the user is tried for a platform whose id comes <order> the key's own
      Then it is rejected
      And every balance is as it was

      Examples:
        | order  |
        | before |
        | after  |

  @A-5
  Rule: Authenticating is rejected where externalReferenceId is missing, empty or not a string

    Scenario Outline: A reference that is <flaw> is rejected
      Given a user with a balance of 20.00
      When authenticating is tried with a reference that is <flaw>
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
