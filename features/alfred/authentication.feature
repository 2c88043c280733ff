@alfred
Feature: Authenticating a user
  The platform sends its own reference for a user, and receives the user's wallet and an access token for it.

  @A-1
  Rule: Authenticating a user as the platform returns a walletId and an accessToken

    Scenario Outline: An authentication with <form> succeeds
      Given a user
      And the user's call for an authentication
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | form                                       |
        | its texts in escapes of JSON               |
        | line breaks and blanks between its members |

    Scenario: A new user gets a wallet and a token for it
      When the platform authenticates a user
      Then the access token gives access to the wallet

  @A-2
  Rule: The same externalReferenceId always reaches the same wallet

    Scenario: A user who comes back finds the same wallet
      Given a user
      When the platform authenticates the same user again
      Then the wallet is the same as before

    Scenario: A user who comes back a dozen times finds the same wallet
      Given a user
      When the platform authenticates the same user 12 times
      Then the wallet is the same each time

    @A-1
    Scenario Outline: A user whose reference contains <text> finds the same wallet
      When the platform authenticates a user whose reference contains <text>
      Then each access token gives access to the wallet
      And each reference has a wallet of its own, and still reaches it

      Examples:
        | text                       |
        | an apostrophe              |
        | a double quote             |
        | a percent sign             |
        | a backslash                |
        | a comma                    |
        | a slash                    |
        | an at sign                 |
        | a letter that is not ASCII |
        | digits only                |

    Scenario: A user who comes back after 25 new users finds the same wallet
      Given a user with a balance of 20.00
      When the platform authenticates 25 new users
      And the platform authenticates the same user again
      Then the wallet is the same as before
      And its balance is 20.00

    Scenario: A user whose reference is escaped in JSON finds the same wallet
      Given a user
      When the platform authenticates the same user again, with the reference escaped in JSON
      Then the wallet is the same as before

    Scenario: A user who comes back finds the balance that was left there
      Given a user with a balance of 20.00
      When the platform authenticates the same user again
      Then the wallet is the same as before
      And its balance is 20.00

    Scenario Outline: A user who has bought for <price> finds the same wallet with what is left
      Given a user with a balance of 20.00
      And the user has bought for <price>
      When the platform authenticates the same user again
      Then the wallet is the same as before
      And its balance is <left>

      Examples:
        | price | left  |
        | 5.05  | 14.95 |
        | 20.00 | 0.00  |
        | 50.00 | 0.00  |

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

    Scenario Outline: References that differ only in <difference> belong to two users
      When the platform authenticates two users whose references differ only in <difference>
      Then each reference has a wallet of its own, and still reaches it

      Examples:
        | difference                             |
        | the first letter                       |
        | the last of many letters               |
        | the last of 300 letters                |
        | a leading zero                         |
        | the order of two letters               |
        | a full stop in place of a hyphen       |
        | a hyphen                               |
        | an underscore in place of a hyphen     |
        | what follows a plus sign               |
        | what follows an at sign                |
        | what follows a slash                   |
        | what follows a colon                   |
        | what follows a semicolon               |
        | what follows a comma                   |
        | what follows a number sign             |
        | what follows a question mark           |
        | what follows an equals sign            |
        | an emoji                               |
        | a blank at the end                     |
        | a blank at the beginning               |
        | a blank in the middle                  |
        | an accent                              |
        | the Unicode form of an accent          |
        | the width of a digit                   |
        | the case of a letter that is not ASCII |
        | a plus sign in place of a blank        |
        | a letter as in a URL                   |
        | a sign as in HTML                      |
        | a letter as in JSON                    |

    @hostile
    Scenario: References that differ only behind a null character belong to two users
      When the platform authenticates two users whose references differ only in what follows a null character
      Then each reference has a wallet of its own, and still reaches it

    @A-2
    Scenario: An authentication that also carries another user's token reaches no other wallet
      Given a user
      And another user
      When the platform authenticates the same user and a new one, with the other user's token beside the key
      Then each reference that was accepted has reached a wallet of its own

    Scenario: Numbers that differ only in leading zeros belong to two users
      When the platform authenticates two users whose references are one number with and without leading zeros
      Then each reference has a wallet of its own, and still reaches it

  @A-4
  Rule: Authenticating a user is rejected with no key, an unknown key or another role's key, and for another platform

    Scenario Outline: Authenticating with <credential> is rejected
      Given a user with a balance of 20.00
      When the platform tries to authenticate the user with <credential>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | credential                             |
        | no key                                 |
        | an unknown key                         |
        | the id in the call as the key          |
        | a key that is off by one letter        |
        | a key with another first letter        |
        | a key with another last letter         |
        | the key in the other case              |
        | another role's key                     |
        | an empty key                           |
        | a key that is two letters longer       |
        | a key that is one letter shorter       |
        | a list with the key in it              |
        | the key, a full stop and more          |
        | the key in the place of a token        |
        | a user's token                         |
        | a user's token in the place of the key |
        | another role's key and a user's token  |

    @A-2
    Scenario Outline: A user whom the platform tried to authenticate with <credential> finds the same wallet
      Given a user with a balance of 20.00
      When the platform tries to authenticate the user with <credential>
      Then it is rejected
      When the platform authenticates the same user again
      Then the wallet is the same as before
      And its balance is 20.00

      Examples:
        | credential         |
        | no key             |
        | an unknown key     |
        | another role's key |

    Scenario Outline: Authenticating for a platform whose id sorts <order> the key's own is rejected
      Given a user with a balance of 20.00
      When the platform tries to authenticate the user for a platform whose id sorts <order> its own
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | order  |
        | before |
        | after  |

    Scenario Outline: Authenticating for a platform with an id that is <different> is rejected
      Given a user with a balance of 20.00
      When the platform tries to authenticate the user for a platform with an id that is <different>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | different             |
        | two characters longer |
        | one character shorter |
        | in the other case     |

  @A-5
  Rule: Authenticating a user is rejected if externalReferenceId is missing, empty or not a string

    Scenario Outline: A reference that is <flaw> is rejected
      Given a user with a balance of 20.00
      When the platform tries to authenticate the user with a reference that is <flaw>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | flaw                         |
        | missing                      |
        | empty                        |
        | a number                     |
        | a number with decimal places |
        | true                         |
        | null                         |
        | a list                       |
        | an object                    |
        | zero                         |
        | false                        |
        | an empty list                |
        | an empty object              |

    Scenario: The number that has the digits of a user's reference is rejected
      Given a user whose reference has only digits
      When the platform tries to authenticate the user by a number of the same digits
      Then it is rejected
      And the same call without the flaw succeeds
