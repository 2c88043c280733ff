@alfred
Feature: Credentials of a shop and of a user
  Each call takes one credential: the shop's key, the platform's, or the user's token. No other opens it.

  @P-5
  Rule: Every purchase call is rejected with no key, an unknown key or another role's key

    Scenario Outline: Creating a purchase with <credential> is rejected
      Given a user with a balance of 20.00
      When creating a purchase is tried with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential                      |
        | no key                          |
        | an unknown key                  |
        | a key that is off by one letter |
        | the key in the other case       |
        | another role's key              |

    Scenario Outline: Opening a session with <credential> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When opening a session on the purchase is tried with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential                      |
        | no key                          |
        | an unknown key                  |
        | a key that is off by one letter |
        | the key in the other case       |
        | another role's key              |

    Scenario Outline: Confirming a purchase with <credential> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When confirming the purchase is tried with <credential>
      Then it is rejected
      And every balance is as it was
      And the purchase can still be confirmed, at the part it showed

      Examples:
        | credential                      |
        | no key                          |
        | an unknown key                  |
        | a key that is off by one letter |
        | the key in the other case       |
        | another role's key              |

  @W-3
  Rule: Wallet and payment calls are rejected with no token, a made-up token or another user's, and for an unknown wallet

    Scenario Outline: Reading a wallet with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      When reading the wallet is tried with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential                        |
        | no token                          |
        | a made-up token                   |
        | a token that is off by one letter |
        | another user's token              |

    Scenario Outline: Opening a Funding session with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the wallet names its account
      When opening a Funding session is tried with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential                        |
        | no token                          |
        | a made-up token                   |
        | a token that is off by one letter |
        | another user's token              |

    Scenario Outline: Creating a payment with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And an open Funding session
      When creating a payment is tried with <credential>
      Then it is rejected
      And every balance is as it was

      Examples:
        | credential                        |
        | no token                          |
        | a made-up token                   |
        | a token that is off by one letter |
        | another user's token              |

    Scenario Outline: Confirming a payment with <credential> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And a payment of 5.00 into the user's wallet that is not confirmed
      When confirming the payment is tried with <credential>
      Then it is rejected
      And every balance is as it was
      And the payment can still be confirmed, and the user then has 25.00

      Examples:
        | credential                        |
        | no token                          |
        | a made-up token                   |
        | a token that is off by one letter |
        | another user's token              |

    Scenario: Reading an unknown wallet is rejected
      Given a user with a balance of 20.00
      When reading an unknown wallet is tried
      Then it is rejected
      And every balance is as it was
