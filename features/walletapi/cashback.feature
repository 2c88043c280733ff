@walletapi
Feature: Cashback
  A sale may give something back to the wallet that paid.

  @C-1
  Rule: CashbackApply with CashbackType Amount answers CashbackAmount = CashbackValue and credits it

    Scenario Outline: A cashback of <value> on a sale of <amount> is answered and credited
      Given a wallet holding 100.00
      When a sale of <amount> with a cashback of <value> is made
      Then <value> is answered as cashback
      And the balance falls by <less>

      Examples:
        | amount | value | less  |
        | 30.00  | 10.00 | 20.00 |
        | 30.00  | 0.01  | 29.99 |
        | 30.00  | 0.29  | 29.71 |
        | 30.00  | 19.99 | 10.01 |
        | 30.00  | 30.00 | 0.00  |

    Scenario: A cashback larger than the sale leaves more than before
      Given a wallet holding 100.00
      When a sale of 1 with a cashback of 10 is made
      Then 10 is answered as cashback
      And the balance rises by 9.00

    Scenario: A cashback on a sale that a gift pays is credited to the balance
      Given a wallet holding 100.00
      And a gift of 50.00 on it
      When a sale of 30.00 that may use gifts is made with a cashback of 10.00
      Then 10.00 is answered as cashback
      And the balance rises by 10.00
      And 20.00 of the gifts is left

  @C-2
  Rule: Without CashbackApply, CashbackAmount is 0 and nothing is credited, whatever type and value say

    Scenario: A sale that does not speak of cashback gives none
      Given a wallet holding 100.00
      When a sale of 30.00 is made
      Then no cashback is answered
      And the balance falls by 30.00

    Scenario Outline: A cashback by <kind> that is named and not applied is not given
      Given a wallet holding 100.00
      When a sale of 30.00 is made that names a cashback of 10.00 by <kind> and does not apply it
      Then no cashback is answered
      And the balance falls by 30.00

      Examples:
        | kind       |
        | Amount     |
        | Percentage |

  @C-3
  Rule: CashbackType Percentage answers that percentage of Amount and credits it

    Scenario Outline: <percent> percent of a sale of <amount> is <value>
      Given a wallet holding 100.00
      When a sale of <amount> with a cashback of <percent> percent is made
      Then <value> is answered as cashback
      And the balance falls by <less>

      Examples:
        | amount | percent | value | less  |
        | 50.00  | 10      | 5.00  | 45.00 |
        | 40.00  | 2.5     | 1.00  | 39.00 |
        | 30.00  | 100     | 30.00 | 0.00  |
        | 1.00   | 1       | 0.01  | 0.99  |

    Scenario: The percentage is of the amount, also where a gift pays a part
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 50.00 that may use gifts is made with a cashback of 10 percent
      Then 5.00 is answered as cashback
      And the balance falls by 25.00
