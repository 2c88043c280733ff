@alfred
Feature: Putting money on a wallet
  A payment credits a wallet when it is confirmed: that much, once, to nobody else.

  @F-1
  Rule: Opening a Funding session for a wallet account answers paymentSessionId and paymentInstrumentId

    Scenario: A Funding session offers an instrument
      Given a user
      When a Funding session is opened
      Then the session offers an instrument to pay with

  @F-2
  Rule: Creating a payment answers its id

    Scenario: A payment has an id
      Given a user
      And an open Funding session
      When a payment of 20.00 is created in it
      Then the payment has an id

  @F-3
  Rule: Once the payment is confirmed, the user has that much more balance

    Scenario Outline: A confirmed payment of <amount> is the balance
      Given a user
      And a payment of <amount> into the user's wallet that is not confirmed
      When the payment is confirmed
      Then the user's balance is <amount>

      Examples:
        | amount |
        | 0.01   |
        | 0.29   |
        | 1.15   |
        | 19.99  |
        | 20.00  |
        | 123.45 |

    Scenario: A second funding adds to the first
      Given a user with a balance of 20.00
      When the user's wallet is funded with 15.50
      Then the user's balance is 35.50

    Scenario: A funding after a purchase adds to what was left
      Given a user with a balance of 80.00
      And the user has bought for 50.00
      When the user's wallet is funded with 20.00
      Then the user's balance is 50.00

  @F-4
  Rule: Until the payment is confirmed, the balance is unchanged

    Scenario: A Funding session alone credits nothing
      Given a user with a balance of 20.00
      When a Funding session is opened
      Then the user's balance is 20.00

    Scenario: A payment that is not confirmed credits nothing
      Given a user with a balance of 20.00
      And a payment of 30.00 into the user's wallet that is not confirmed
      Then the user's balance is 20.00

    Scenario: Another payment's confirmation does not credit this one
      Given a user
      And a payment of 30.00 into the user's wallet that is not confirmed
      When the user's wallet is funded with 20.00
      Then the user's balance is 20.00

  @F-5
  Rule: Fundings add up to the last minor unit

    Scenario: 0.10 and 0.20 make 0.30
      Given a user with a balance of 0.10
      When the user's wallet is funded with 0.20
      Then the user's balance is 0.30

    Scenario: Ten fundings of 0.10 make 1.00
      Given a user
      When the user's wallet is funded 10 times with 0.10
      Then the user's balance is 1.00

    Scenario: The last minor unit of a larger sum is kept
      Given a user with a balance of 1000.10
      When the user's wallet is funded with 0.07
      Then the user's balance is 1000.17

  @F-6
  Rule: Confirming a payment a second time credits nothing more

    Scenario: A second confirmation credits nothing
      Given a user
      And a payment of 20.00 into the user's wallet that is not confirmed
      And the payment is confirmed
      When the payment is confirmed a second time, whatever comes of it
      Then the user's balance is 20.00

    Scenario: A confirmation that comes again after another payment's credits nothing
      Given a user
      And a payment of 20.00 into the user's wallet that is not confirmed
      And the payment is confirmed
      When the user's wallet is funded with 15.00
      And the payment is confirmed a second time, whatever comes of it
      Then the user's balance is 35.00

    Scenario: A confirmation that comes again after the money was spent credits nothing
      Given a user
      And a payment of 20.00 into the user's wallet that is not confirmed
      And the payment is confirmed
      And the user has bought for 15.00
      When the payment is confirmed a second time, whatever comes of it
      Then the user's balance is 5.00

  @F-8
  Rule: Funding one user leaves every other user's balance as it was

    Scenario: Another user's balance stays as it was
      Given a user
      And another user with a balance of 20.00
      When the user's wallet is funded with 30.00
      Then the user's balance is 30.00
      And the other user's balance is 20.00

    Scenario: A payment confirmed for another user credits that user alone
      Given a user with a balance of 20.00
      And another user
      And a payment of 30.00 into the other user's wallet that is not confirmed
      When the payment is confirmed
      Then the user's balance is 20.00
      And the other user's balance is 30.00
