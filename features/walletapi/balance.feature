@walletapi
Feature: The balance of a wallet
  Money that comes in and money that goes out add up, to the last minor unit.

  @M-1
  Rule: After any sequence of calls, balance = deposits - sales + gifts spent + cashback + undone sales (those that had neither gift nor cashback, as in R-2)

    Scenario: Deposits add up to the last minor unit
      Given a wallet
      When the merchant deposits 0.10
      And the merchant deposits 0.20
      Then the wallet has 0.30 more than before

    Scenario Outline: A deposit of the amount of a sale that was <undone> counts
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      And the sale is <undone>
      When the merchant deposits 30.00
      Then the wallet has 30.00 more than before

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario: Fifty deposits add up
      Given a wallet
      When the merchant deposits 1.00 50 times
      Then the wallet has 50.00 more than before

    Scenario Outline: A deposit of <amount>, which a float may get wrong, counts to the last minor unit
      Given a wallet
      When the merchant deposits <amount>
      Then the wallet has <amount> more than before

      Examples:
        | amount  |
        | 0.01    |
        | 0.29    |
        | 19.99   |
        | 1234.56 |

    Scenario: A deposit goes only to the wallet of its alias
      Given a wallet with 100.00 to spend
      And another wallet with 50.00 to spend
      When the merchant deposits 20.00
      Then the wallet has 20.00 more than before
      And the other wallet is unchanged

    Scenario: A gift is not part of the balance
      Given a wallet without gifts
      When the merchant gives a gift of 20.00
      Then the wallet has 0.00 more than before
      And the wallet has 20.00 more in gifts than before

    Scenario: Deposits, sales, gifts, cashback and a refunded sale add up
      Given a wallet without gifts
      And a gift of 20.00 on the wallet
      When the merchant deposits 100.00
      And the merchant makes a sale of 30.00 that may use gifts
      And the merchant makes a sale of 30.00 with a cashback of 5.50
      And the merchant makes a sale of 12.34
      And the sale is refunded
      Then the wallet has 65.50 more than before

    Scenario: A wallet by whose alias another is to be opened keeps its balance
      Given a wallet with 50.00 to spend
      When the owner tries to open a wallet by the alias of this one
      Then if that was rejected, the wallet has what it had
