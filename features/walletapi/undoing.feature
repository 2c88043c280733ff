@walletapi
Feature: Undoing a sale
  A sale is cancelled or refunded by its reference, and the wallet has its money back, once.

  @R-1
  Rule: Cancelling and refunding response their own transaction, which names the sale

    Scenario Outline: A sale that is <undone> is named by what undid it
      Given a wallet holding 100.00
      And a sale of 30.00
      When the sale is <undone>
      Then the response is a transaction of its own, by which the sale is <undone>

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: A sale with cashback that is <undone> is named, with no cashback
      Given a wallet holding 100.00
      And a sale of 30.00 with a cashback of 10.00
      When the sale is <undone>
      Then the response is a transaction of its own, by which the sale is <undone>

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: Of two sales, the one that is <undone> is named
      Given a wallet holding 100.00
      And a sale of 30.00
      And another sale of 20.00
      When the sale is <undone>
      Then the response is a transaction of its own, by which the sale is <undone>
      And the wallet has 30.00 back

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

  @R-2
  Rule: Undoing a sale that had neither gift nor cashback gives the wallet its Amount back, once

    Scenario Outline: A sale of <amount> that is <undone> gives its amount back
      Given a wallet holding 100.00
      And a sale of <amount>
      When the sale is <undone>
      Then the wallet has <amount> back
      And the balance after it reads back the same

      Examples:
        | undone    | amount |
        | cancelled | 30.10  |
        | cancelled | 19.99  |
        | refunded  | 30.10  |
        | refunded  | 1.15   |

    Scenario Outline: A sale that took all there was gives it back when it is <undone>
      Given a wallet holding 100.00
      And a sale of 100.00
      When the sale is <undone>
      Then the wallet has 100.00 back
      And the balance after it reads back the same

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: A sale that was <first> is not <second> once more after another was undone
      Given a wallet holding 100.00
      And a sale of 30.00
      And another sale of 20.00
      And the sale is <first>
      And the other sale is refunded
      When the same sale is <second> once more
      Then that fails and changes nothing

      Examples:
        | first     | second    |
        | cancelled | cancelled |
        | refunded  | refunded  |

    Scenario: Of two sales each is given back once
      Given a wallet holding 100.00
      And a sale of 30.00
      And another sale of 20.00
      When the sale is cancelled
      Then the wallet has 30.00 back
      When the other sale is refunded
      Then the wallet has 20.00 back

    Scenario Outline: A sale that was <first> is not <second> once more
      Given a wallet holding 100.00
      And a sale of 30.00
      And the sale is <first>
      When the same sale is <second> once more
      Then that fails and changes nothing

      Examples:
        | first     | second    |
        | cancelled | cancelled |
        | cancelled | refunded  |
        | refunded  | refunded  |
        | refunded  | cancelled |
