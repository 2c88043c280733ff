@alfred
Feature: Credentials of a shop and of a user
  Each call takes one credential: the shop's key, the platform's key or the user's token. Any other is rejected.

  @P-5
  Rule: Every purchase call is rejected with no key, an unknown key or another role's key

    Scenario Outline: Creating a purchase with <credential> is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase with <credential>
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

    Scenario Outline: Opening a session with <credential> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user tries to open a session with <credential>
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

    Scenario Outline: Confirming a purchase with <credential> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user tries to confirm the purchase with <credential>
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

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

    Scenario Outline: Confirming a paid purchase again with <credential> is rejected, and takes nothing
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      When the user tries to confirm the purchase with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential         |
        | no key             |
        | an unknown key     |
        | another role's key |

    Scenario Outline: Confirming a purchase of <amount> with <credential> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of <amount>
      When the user tries to confirm the purchase with <credential>
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

      Examples:
        | amount  | credential         |
        | 1.00    | no key             |
        | 1.00    | an unknown key     |
        | 1.00    | another role's key |
        | 1200.00 | no key             |
        | 1200.00 | an unknown key     |
        | 1200.00 | another role's key |

  @W-3
  Rule: Wallet and payment calls are rejected with no token, a made-up token or another user's token, and for an unknown wallet

    Scenario Outline: Reading a wallet with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      When the user tries to read the wallet with <credential>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | credential                                  |
        | no token                                    |
        | a made-up token                             |
        | the id in the call as the token             |
        | a token that is off by one letter           |
        | a token with another first letter           |
        | a token with another last letter            |
        | a token in the other case                   |
        | another user's token                        |
        | an empty token                              |
        | a token that is two letters longer          |
        | a token that is one letter shorter          |
        | a list with the token in it                 |
        | the token, a full stop and more             |
        | the shop's key                              |
        | the platform's key                          |
        | the shop's key in the place of a token      |
        | the platform's key in the place of a token  |
        | another user's token and the platform's key |

    Scenario Outline: The token of a user who came earlier cannot <do>
      Given another user with a balance of 20.00
      And a user with a balance of 20.00
      When the user tries to <do> with another user's token
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | do                     |
        | read the wallet        |
        | open a Funding session |

    Scenario Outline: A token of a user who has another one by now cannot <do> of a user who came later
      Given another user with a balance of 20.00
      And the other user has come back, and has another token
      And a user with a balance of 20.00
      When the user tries to <do> with another user's token
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | do                     |
        | read the wallet        |
        | open a Funding session |

    Scenario Outline: Between users without a balance, another user's token cannot <do>
      Given a user
      And another user
      When the user tries to <do> with another user's token
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | do                     |
        | read the wallet        |
        | open a Funding session |

    Scenario: The token of another user who has a payment of their own open cannot confirm a payment
      Given another user with a balance of 20.00
      And the other user has created another payment of 5.00
      And the other user has opened a session on a purchase of 15.00
      And a user with a balance of 20.00
      And the user has created a payment of 5.00
      When the user tries to confirm the payment with another user's token
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

    Scenario Outline: The token of another user who has bought for <price> cannot <do>
      Given another user with a balance of 20.00
      And the other user has bought for <price>
      And a user with a balance of 20.00
      When the user tries to <do> with another user's token
      Then it is rejected
      And every balance is as it was

      Examples:
        | price | do                     |
        | 5.00  | read the wallet        |
        | 50.00 | open a Funding session |

    Scenario Outline: For the newest user, too, <credential> cannot <do>
      Given another user with a balance of 20.00
      And a user with a balance of 20.00
      When the user tries to <do> with <credential>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | credential      | do                     |
        | no token        | read the wallet        |
        | an empty token  | read the wallet        |
        | a made-up token | read the wallet        |
        | no token        | open a Funding session |
        | an empty token  | open a Funding session |
        | a made-up token | open a Funding session |

    Scenario Outline: Opening a Funding session with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      When the user tries to open a Funding session with <credential>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | credential                                  |
        | no token                                    |
        | a made-up token                             |
        | the id in the call as the token             |
        | a token that is off by one letter           |
        | a token with another first letter           |
        | a token with another last letter            |
        | a token in the other case                   |
        | another user's token                        |
        | an empty token                              |
        | a token that is two letters longer          |
        | a token that is one letter shorter          |
        | a list with the token in it                 |
        | the token, a full stop and more             |
        | the shop's key                              |
        | the platform's key                          |
        | the shop's key in the place of a token      |
        | the platform's key in the place of a token  |
        | another user's token and the platform's key |

    Scenario Outline: Creating a payment with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has opened a Funding session
      When the user tries to create a payment with <credential>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | credential                                  |
        | no token                                    |
        | a made-up token                             |
        | the id in the call as the token             |
        | a token that is off by one letter           |
        | a token with another first letter           |
        | a token with another last letter            |
        | a token in the other case                   |
        | another user's token                        |
        | an empty token                              |
        | a token that is two letters longer          |
        | a token that is one letter shorter          |
        | a list with the token in it                 |
        | the token, a full stop and more             |
        | the shop's key                              |
        | the platform's key                          |
        | the shop's key in the place of a token      |
        | the platform's key in the place of a token  |
        | another user's token and the platform's key |

    Scenario Outline: Confirming a payment with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has created a payment of 5.00
      When the user tries to confirm the payment with <credential>
      Then it is rejected
      And every balance is as it was
      When the user confirms the payment
      Then the user's balance, if the target shows it, is 25.00

      Examples:
        | credential                                  |
        | no token                                    |
        | a made-up token                             |
        | the id in the call as the token             |
        | a token that is off by one letter           |
        | a token with another first letter           |
        | a token with another last letter            |
        | a token in the other case                   |
        | another user's token                        |
        | an empty token                              |
        | a token that is two letters longer          |
        | a token that is one letter shorter          |
        | a list with the token in it                 |
        | the token, a full stop and more             |
        | the shop's key                              |
        | the platform's key                          |
        | the shop's key in the place of a token      |
        | the platform's key in the place of a token  |
        | another user's token and the platform's key |

    Scenario Outline: Confirming a confirmed payment again with <credential> is rejected, and credits nothing
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has created a payment of 5.00
      And the user has confirmed the payment
      When the user tries to confirm the payment with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential      |
        | no token        |
        | a made-up token |

    Scenario Outline: Confirming a payment of <amount> with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has created a payment of <amount>
      When the user tries to confirm the payment with <credential>
      Then it is rejected
      And every balance is as it was
      When the user confirms the payment
      Then the user's balance, if the target shows it, is <after>

      Examples:
        | amount  | credential           | after   |
        | 1.00    | no token             | 21.00   |
        | 1.00    | a made-up token      | 21.00   |
        | 1.00    | another user's token | 21.00   |
        | 1200.00 | no token             | 1220.00 |
        | 1200.00 | a made-up token      | 1220.00 |
        | 1200.00 | another user's token | 1220.00 |

    Scenario Outline: Reading <wallet> is rejected
      Given a user with a balance of 20.00
      When the user tries to read <wallet>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | wallet                                            |
        | an unknown wallet                                 |
        | a wallet with an id that is two characters longer |
        | a wallet with an id that is one character shorter |
        | the account in place of the wallet                |
        | the user's reference in place of the wallet       |
