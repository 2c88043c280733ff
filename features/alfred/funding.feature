@alfred
Feature: Putting money on a wallet
  A payment credits its amount to one wallet, once, when it is confirmed.

  @F-1
  Rule: Opening a Funding session for a wallet account returns a paymentSessionId and a paymentInstrumentId

    Scenario Outline: A Funding session with <form> succeeds
      Given a user
      And the user's call for a Funding session
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | form                                       |
        | its members in the reverse order           |
        | its texts in escapes of JSON               |
        | line breaks and blanks between its members |

    Scenario: A Funding session offers an instrument
      Given a user
      When the user opens a Funding session
      Then the Funding session offers an instrument

  @F-2
  Rule: Creating a payment returns its id

    Scenario Outline: A payment with <form> succeeds
      Given a user
      And the user's call for a payment
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | form                                       |
        | its members in the reverse order           |
        | its texts in escapes of JSON               |
        | line breaks and blanks between its members |

    Scenario: A payment has an id
      Given a user
      And the user has opened a Funding session
      When the user creates a payment of 20.00 in the session
      Then the payment has an id

  @F-3
  Rule: Confirming a payment increases the user's balance by the amount of the payment

    Scenario Outline: A confirmed payment of <amount> is the balance
      Given a user
      And the user has created a payment of <amount>
      When the user confirms the payment
      Then the user's balance is <amount>

      Examples:
        | amount |
        | 0.01   |
        | 0.29   |
        | 1.15   |
        | 19.99  |
        | 20.00  |
        | 20.5   |
        | 123.45 |

    Scenario: A confirmed payment of a large amount is the balance, if the platform takes it
      Given a user
      When the user funds the wallet with 131072.01, or with 1310.72 if the platform takes no such amount
      Then the user's balance is what was funded

    Scenario: A second funding adds to the first
      Given a user with a balance of 20.00
      When the user funds the wallet with 15.50
      Then the user's balance is 35.50

    Scenario: Of two payments, each credits its own amount, also in the other order
      Given a user
      And the user has created a payment of 3.00
      And the user has created another payment of 5.00
      When the other payment is confirmed
      Then the user's balance is 5.00
      When the payment is confirmed
      Then the user's balance is 8.00

    Scenario: A payment that was created before 25 others credits its own amount
      Given a user
      And the user has created a payment of 20.00
      When the user creates 25 payments of 1.00
      And the user confirms the payment
      Then the user's balance is 20.00

    Scenario: Of two payments in one Funding session, the first credits its own amount, if the platform allows two
      Given a user with a balance of 20.00
      And the user has opened a Funding session
      And the user has created payments of 3.00 and 5.00 in the session, if the platform allows a second one
      When the first of the payments is confirmed, if the platform allows it
      Then the user's balance is 23.00 if it was confirmed, and 20.00 if it was not

    Scenario: A payment is confirmed with the token of a later authentication
      Given a user with a balance of 20.00
      And the user has created a payment of 5.00
      When the platform authenticates the same user again
      And the payment is confirmed with the second token
      Then the user's balance is 25.00

    Scenario: A payment is created and confirmed with a later token than that of its Funding session
      Given a user with a balance of 20.00
      And the user has opened a Funding session
      When the platform authenticates the same user again
      And a payment of 5.00 is created in the session and confirmed, both with the second token
      Then the user's balance is 25.00

    Scenario: A funding after a purchase adds to what was left
      Given a user with a balance of 80.00
      And the user has bought for 50.00
      When the user funds the wallet with 20.00
      Then the user's balance is 50.00

  @F-4
  Rule: Funding a wallet does not change the balance until the payment is confirmed

    Scenario: A Funding session alone credits nothing
      Given a user with a balance of 20.00
      When the user opens a Funding session
      Then the user's balance is 20.00

    Scenario Outline: A payment of <amount> that is not confirmed credits nothing
      Given a user with a balance of 20.00
      And the user has created a payment of <amount>
      Then the user's balance is 20.00

      Examples:
        | amount  |
        | 0.01    |
        | 30.00   |
        | 1234.56 |

    Scenario: A payment in a Funding session whose first payment is confirmed credits nothing
      Given a user
      And the user has opened a Funding session
      When the user creates a payment of 20.00 in the session
      And the user confirms the payment
      And the user creates another payment of 5.00 in the session, with any result
      Then the user's balance is 20.00

    Scenario: The confirmation of another payment does not credit this one
      Given a user
      And the user has created a payment of 30.00
      When the user funds the wallet with 20.00
      Then the user's balance is 20.00

  @F-5
  Rule: Fundings add up exactly, to the last minor unit

    Scenario: 0.10 and 0.20 make 0.30
      Given a user with a balance of 0.10
      When the user funds the wallet with 0.20
      Then the user's balance is 0.30

    Scenario: Twenty-five fundings of 0.10 make 2.50
      Given a user
      When the user funds the wallet 25 times with 0.10
      Then the user's balance is 2.50

    Scenario Outline: A funding of 30, written as <form>, adds to a balance with minor units
      Given a user with a balance of 20.05
      When the user tries a funding of 30, written as <form>
      Then the user's balance is 50.05 if it was confirmed, and 20.05 if it was not

      Examples:
        | form |
        | 30   |
        | 30.0 |
        | 3E+1 |

    Scenario: The last minor unit of a larger sum is kept
      Given a user with a balance of 1000.10
      When the user funds the wallet with 0.07
      Then the user's balance is 1000.17

  @F-6
  Rule: Confirming the same payment again does not change the balance

    Scenario: A second confirmation credits nothing
      Given a user
      And the user has created a payment of 20.00
      And the user has confirmed the payment
      When the user confirms the payment again, with any result
      Then the user's balance is 20.00

    Scenario: A second confirmation after another payment credits nothing
      Given a user
      And the user has created a payment of 20.00
      And the user has confirmed the payment
      When the user funds the wallet with 15.00
      And the user confirms the payment again, with any result
      Then the user's balance is 35.00

    Scenario: A second confirmation with the token of a later authentication credits nothing
      Given a user with a balance of 20.00
      And the user has created a payment of 5.00
      And the user has confirmed the payment
      When the platform authenticates the same user again
      And the payment is confirmed again with the second token, with any result
      Then the balance with the second token is 25.00

    Scenario: A second confirmation after the money was spent credits nothing
      Given a user
      And the user has created a payment of 20.00
      And the user has confirmed the payment
      And the user has bought for 15.00
      When the user confirms the payment again, with any result
      Then the user's balance is 5.00

    Scenario: A confirmation by another user after the user's own credits neither
      Given a user
      And another user with a balance of 20.00
      And the user has created a payment of 5.00
      And the user has confirmed the payment
      When the other user confirms the payment again, with any result
      Then the user's balance is 5.00
      And the other user's balance is 20.00

  @F-8
  Rule: Funding one user does not change any other user's balance

    Scenario: Another user's balance stays as it was
      Given a user
      And another user with a balance of 20.00
      When the user funds the wallet with 30.00
      Then the user's balance is 30.00
      And the other user's balance is 20.00

    Scenario Outline: Funding does not change the balance of a user whose reference <differs>
      Given a user
      And the user has created a payment of 20.00
      When the platform authenticates a user whose reference <differs>
      And the payment is confirmed
      Then the user's balance is 20.00
      And the other user's balance is 0.00

      Examples:
        | differs                       |
        | is one character longer       |
        | is one character shorter      |
        | differs in its last character |
        | differs in case               |

    Scenario Outline: Of payments that two users have created, the one that is confirmed <order> credits its own user
      Given a user with a balance of 20.00
      And another user
      And the user has created a payment of 3.00
      And the other user has created another payment of 5.00
      When the <first> is confirmed
      And the <second> is confirmed
      Then the user's balance is 23.00
      And the other user's balance is 5.00

      Examples:
        | order | first         | second        |
        | first | payment       | other payment |
        | last  | other payment | payment       |

    Scenario: A payment in a session that another user's session has followed credits its own user
      Given a user
      And another user
      And the user has opened a Funding session
      And the other user has created another payment of 5.00
      When the user creates a payment of 30.00 in the session
      And the user confirms the payment
      Then the user's balance is 30.00
      And the other user's balance is 0.00

    Scenario: A payment of another user credits that user alone
      Given a user with a balance of 20.00
      And another user
      And the other user has created a payment of 30.00
      When the other user confirms the payment
      Then the user's balance is 20.00
      And the other user's balance is 30.00
