@walletapi
Feature: Cashback
  A sale may give a part of its amount back to the wallet that paid.

  @C-1
  Rule: A sale with CashbackApply and CashbackType Amount returns CashbackAmount = CashbackValue and credits it

    Scenario Outline: A cashback of <value> on a sale of <amount> is returned and credited
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of <amount> with a cashback of <value>
      Then the cashback is <value>
      And the balance falls by <less>

      Examples:
        | amount | value | less  |
        | 30.00  | 10.00 | 20.00 |
        | 30.00  | 0.01  | 29.99 |
        | 30.00  | 0.29  | 29.71 |
        | 30.00  | 19.99 | 10.01 |
        | 30.00  | 30.00 | 0.00  |
        | 30.00  | 5.5   | 24.50 |

    Scenario: A cashback equal to the one before is credited again
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00 with a cashback of 10.00
      And the merchant makes a sale of 30.00 with a cashback of 10.00
      Then the cashback is 10.00
      And the balance falls by 20.00

    Scenario: A cashback of 0.00 credits nothing, if the platform takes it
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 30.00 with a cashback of 0.00
      Then the sale has taken its amount, or it was rejected and has taken nothing

    Scenario: A cashback larger than the sale leaves more than before
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 1 with a cashback of 10
      Then the cashback is 10
      And the balance rises by 9.00

    Scenario: A cashback of more than a thousand is returned and credited
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00 with a cashback of 1234.56
      Then the cashback is 1234.56
      And the balance rises by 1204.56

    Scenario: A cashback on a sale that a gift pays is credited to the balance
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 50.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts with a cashback of 10.00
      Then the cashback is 10.00
      And the balance rises by 10.00
      And 20.00 of the gifts are left

    Scenario Outline: A cashback is given in full after a sale with one was <undone>
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 20.00 with a cashback of 5.00
      And the sale is <undone>
      When the merchant makes a sale of 20.00 with a cashback of 4.00
      Then the cashback is 4.00
      And the balance falls by 16.00

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

  @C-2
  Rule: A sale without CashbackApply returns CashbackAmount 0 and credits nothing, whatever CashbackType and CashbackValue are

    Scenario: A sale that names no cashback gives none
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00
      Then the cashback is 0
      And the balance falls by 30.00

    Scenario Outline: A sale that names no cashback gives none after one with a cashback was <undone>
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 20.00 with a cashback of 5.00
      And the sale is <undone>
      When the merchant makes a sale of 30.00
      Then the cashback is 0
      And the balance falls by 30.00

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: A cashback by <kind> that is named and not applied is not given
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00 that names a cashback of 10.00 by <kind> and does not apply it
      Then the cashback is 0
      And the balance falls by 30.00

      Examples:
        | kind       |
        | Amount     |
        | Percentage |

    Scenario Outline: A cashback that is named, with a CashbackApply that is <unset>, is not given
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 30.00 that names a cashback of 10.00, with a CashbackApply that is <unset>
      Then the sale has taken its amount, or it was rejected and has taken nothing

      Examples:
        | unset  |
        | absent |
        | null   |

  @C-3
  Rule: A sale with CashbackApply and CashbackType Percentage returns CashbackValue percent of Amount as CashbackAmount and credits it

    Scenario Outline: <percent> percent of a sale of <amount> is <value>
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of <amount> with a cashback of <percent> percent
      Then the cashback is <value>
      And the balance falls by <less>

      Examples:
        | amount | percent | value | less  |
        | 50.00  | 10      | 5.00  | 45.00 |
        | 40.00  | 2.5     | 1.00  | 39.00 |
        | 30.00  | 100     | 30.00 | 0.00  |
        | 1.00   | 1       | 0.01  | 0.99  |
        | 100.00 | 7       | 7.00  | 93.00 |
        | 50.00  | 14      | 7.00  | 43.00 |

    Scenario: Each percentage is of its own sale
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 50.00 with a cashback of 10 percent
      And the merchant makes a sale of 20.00 with a cashback of 10 percent
      Then the cashback is 2.00
      And the balance falls by 18.00
      When the merchant makes a sale of 20.00 with a cashback of 50 percent
      Then the cashback is 10.00
      And the balance falls by 10.00

    Scenario: The percentage is of the whole amount, even if a gift pays a part
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 50.00 that may use gifts with a cashback of 10 percent
      Then the cashback is 5.00
      And the balance falls by 25.00
