@walletapi
Feature: What a wallet holds
  Money that comes and goes adds up, to the last minor unit.

  @M-1
  Rule: Balance = deposits - sales + gifts spent + cashback + undone sales

    Scenario: Deposits add up to the last minor unit
      Given a wallet
      And what the wallet holds is known
      When 0.10 is deposited
      And 0.20 is deposited
      Then the wallet holds 0.30 more than before

    Scenario Outline: A deposit of <amount>, which a float may get wrong, is there to the last minor unit
      Given a wallet
      And what the wallet holds is known
      When <amount> is deposited
      Then the wallet holds <amount> more than before

      Examples:
        | amount  |
        | 0.01    |
        | 0.29    |
        | 19.99   |
        | 1234.56 |

    Scenario: A deposit is on the wallet of its alias alone
      Given a wallet holding 100.00
      And another wallet holding 50.00
      And what the wallets hold is known
      When 20.00 is deposited
      Then the wallet holds 20.00 more than before
      And the other wallet holds what it held before

    Scenario: A gift is no balance
      Given a wallet
      And what the wallet holds is known
      When a gift of 20.00 is given
      Then the wallet holds 0.00 more than before
      And the wallet's gifts are 20.00 more than before

    Scenario: Deposits, sales, gifts, cashback and an undone sale add up
      Given a wallet
      And a gift of 20.00 on it
      And what the wallet holds is known
      When 100.00 is deposited
      And a sale of 30.00 that may use gifts is made
      And a sale of 30.00 with a cashback of 5.50 is made
      And a sale of 12.34 is made
      And the sale is refunded
      Then the wallet holds 65.50 more than before
