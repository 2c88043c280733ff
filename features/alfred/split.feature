@alfred
Feature: What a session shows, and what a purchase leaves
  The balance pays as much of a purchase as it can, and another instrument pays the rest.

  @S-1
  Rule: A session shows the balance as one part and the rest for another instrument if the balance is less than the purchase amount. The two parts add up to the amount

    Scenario Outline: A balance of <balance> pays that much of a purchase of <amount>
      Given a user with a balance of <balance>
      When the user opens a session on a purchase of <amount>
      Then <balance> is payable by balance
      And <rest> is left for another instrument

      Examples:
        | balance | amount | rest  |
        | 20.00   | 50.00  | 30.00 |
        | 0.01    | 50.00  | 49.99 |
        | 49.99   | 50.00  | 0.01  |
        | 19.90   | 20.05  | 0.15  |
        | 0.29    | 1.15   | 0.86  |

    Scenario: Five sessions on one purchase all show the same part
      Given a user with a balance of 20.00
      When the user opens 5 sessions on one purchase of 50.00
      Then 20.00 is payable by balance in each of the sessions

    Scenario: A session on the first of two purchases shows that purchase
      Given a user with a balance of 20.00
      And the shop has created a purchase of 50.00
      And the shop has created another purchase of 30.00
      When the user opens a session on the purchase
      Then 20.00 is payable by balance
      And 30.00 is left for another instrument
      When the user confirms the purchase in cash
      Then the user's balance is 0.00

  @S-2
  Rule: A session shows the whole purchase amount as payable by balance, and nothing as remaining, if the balance is enough

    Scenario Outline: A balance of <balance> covers a purchase of <amount> completely
      Given a user with a balance of <balance>
      When the user opens a session on a purchase of <amount>
      Then <amount> is payable by balance
      And 0.00 is left for another instrument
      When the user confirms the purchase in cash
      Then the user's balance is <left>

      Examples:
        | balance | amount  | left   |
        | 50.00   | 50.00   | 0.00   |
        | 50.01   | 50.00   | 0.01   |
        | 80.00   | 50.00   | 30.00  |
        | 20.00   | 0.01    | 19.99  |
        | 1200.00 | 1000.00 | 200.00 |

    Scenario: Five sessions on one purchase that the balance covers all show the whole amount
      Given a user with a balance of 20.00
      When the user opens 5 sessions on one purchase of 15.00
      Then 15.00 is payable by balance in each of the sessions

  @S-3
  Rule: A session shows nothing as payable by balance if the user has no balance

    Scenario: A user without a balance pays everything with another instrument
      Given a user
      When the user opens a session on a purchase of 50.00
      Then 0.00 is payable by balance
      And 50.00 is left for another instrument

    Scenario Outline: A new user whose reference <differs> has none of the balance of a known user
      Given a user with a balance of 20.00
      When the platform authenticates a user whose reference <differs>
      Then the other user's balance is 0.00

      Examples:
        | differs                       |
        | is one character longer       |
        | is one character shorter      |
        | differs in its last character |

    Scenario: A user without a balance pays everything, also just after another user whose balance covered as much
      Given another user with a balance of 80.00
      And a user
      And the other user has opened a session on a purchase of 50.00
      When the user opens a session on a purchase of 50.00
      Then 0.00 is payable by balance
      And 50.00 is left for another instrument

    Scenario: A user whose balance is spent pays everything with another instrument
      Given a user with a balance of 20.00
      And the user has bought for 50.00
      When the user opens a session on a purchase of 10.00
      Then 0.00 is payable by balance
      And 10.00 is left for another instrument

  @S-4
  Rule: The Admin UI shows the user's balance after a split purchase: the balance before minus the part paid by balance

    Scenario: A purchase of 50 leaves 30 of a balance of 80
      Given a user with a balance of 80.00
      When the user buys for 50.00
      Then the Admin UI shows a balance of 30.00

    Scenario: A purchase of 50 leaves nothing of a balance of 20
      Given a user with a balance of 20.00
      When the user buys for 50.00
      Then the Admin UI shows a balance of 0.00

    Scenario: The Admin UI shows each user's own balance
      Given a user with a balance of 80.00
      And another user with a balance of 60.00
      When the user buys for 50.00
      Then the Admin UI shows a balance of 30.00
      And the Admin UI shows a balance of 60.00 for the other user

    Scenario: The Admin UI shows each user's own balance if their references differ only in case
      Given a user with a balance of 80.00
      When the platform authenticates a user whose reference differs in case
      Then the Admin UI shows a balance of 0.00 for the other user
      And the Admin UI shows a balance of 80.00

  @S-5
  Rule: The next session shows the balance that is left: the fundings minus the parts paid by balance. The Admin UI, if there is one, shows the same balance

    Scenario: A purchase of 50 leaves 30 of a balance of 80 for the next
      Given a user with a balance of 80.00
      And the user has bought for 50.00
      When the user opens a session on a purchase of 100.00
      Then 30.00 is payable by balance
      And 70.00 is left for another instrument

    Scenario: A second session on the same purchase shows the current balance
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user funds the wallet with 10.00
      And the user opens another session on the same purchase
      Then 30.00 is payable by balance
      And 20.00 is left for another instrument
      When the user confirms the purchase in cash
      Then the user's balance is 0.00
      And the Admin UI, if there is one, shows the same balance

    Scenario Outline: A purchase of <amount> leaves <left> of a balance of <balance>
      Given a user with a balance of <balance>
      When the user buys for <amount>
      Then the user's balance is <left>

      Examples:
        | balance | amount | left  |
        | 40.00   | 50.00  | 0.00  |
        | 80.00   | 19.99  | 60.01 |
        | 20.00   | 0.29   | 19.71 |
        | 20.00   | 1.15   | 18.85 |

    Scenario: Two purchases leave the balance minus both
      Given a user with a balance of 80.00
      And the user has bought for 50.00
      And the user has bought for 10.01
      When the user opens a session on a purchase of 100.00
      Then 19.99 is payable by balance

    Scenario: A purchase smaller than what is left is covered completely
      Given a user with a balance of 80.00
      And the user has bought for 50.00
      When the user opens a session on a purchase of 25.00
      Then 25.00 is payable by balance
      And 0.00 is left for another instrument

    Scenario: The balance that a session shows is the one in the Admin UI
      Given a user with a balance of 80.00
      When the user buys for 49.99
      Then the user's balance is 30.01
      And the Admin UI, if there is one, shows the same balance

    Scenario: The balance is the one in the Admin UI after each of several purchases and fundings
      Given a user with a balance of 80.00
      And the user has bought for 30.00
      When the user buys for 15.00
      Then the user's balance is 35.00
      And the Admin UI, if there is one, shows the same balance
      When the user buys for 5.01
      Then the user's balance is 29.99
      And the Admin UI, if there is one, shows the same balance
      When the user funds the wallet with 10.00
      Then the user's balance is 39.99
      And the Admin UI, if there is one, shows the same balance
      When the user opens a session on a purchase of 50.00
      And the user confirms the purchase in cash
      Then the user's balance is 0.00
      And the Admin UI, if there is one, shows the same balance
      When the user confirms the purchase again, with any result
      And the user funds the wallet with 20.00
      Then the user's balance is 20.00
      And the Admin UI, if there is one, shows the same balance

    Scenario: Two fundings of the same amount both count in the Admin UI
      Given a user with a balance of 15.50
      When the user funds the wallet with 15.50
      Then the user's balance is 31.00
      And the Admin UI, if there is one, shows the same balance

    Scenario: Money that came in before a confirmation is in the Admin UI
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user funds the wallet with 10.00
      And the user confirms the purchase in cash
      Then the user's balance is 10.00 or 0.00
      And the Admin UI, if there is one, shows the same balance

    Scenario Outline: A balance of more than a thousand, after a funding with <amount>, is the same in the Admin UI
      Given a user
      When the user funds the wallet with <amount>, or with 1230.07 if the platform takes no such amount
      And the user buys for 100.07
      Then the user's balance is what was funded minus 100.07
      And the Admin UI, if there is one, shows the same balance

      Examples:
        | amount    |
        | 1234.56   |
        | 12345.67  |
        | 167772.17 |

    Scenario: One user's purchase does not change another user's balance
      Given a user with a balance of 80.00
      And another user with a balance of 60.00
      When the user buys for 50.00
      Then the user's balance is 30.00
      And the other user's balance is 60.00

  @S-6
  Rule: A session that is opened but never confirmed does not spend any balance

    Scenario: A session alone spends nothing
      Given a user with a balance of 20.00
      When the user opens a session on a purchase of 15.00
      Then the user's balance is 20.00
      And the Admin UI, if there is one, shows the same balance

    Scenario: Several sessions that are never confirmed spend nothing
      Given a user with a balance of 20.00
      When the user opens 5 sessions, each on another purchase of 15.00
      Then the user's balance is 20.00
      And the Admin UI, if there is one, shows the same balance

    Scenario: Several sessions on one purchase that are never confirmed spend nothing
      Given a user with a balance of 20.00
      When the user opens 5 sessions on one purchase of 15.00
      Then the user's balance is 20.00

    Scenario: A funding of just what an open session leaves to pay spends nothing
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user funds the wallet with 30.00
      Then the user's balance is 50.00

    Scenario: A session that is never confirmed leaves the balance to another purchase
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 15.00
      When the user buys for 18.00
      Then the user's balance is 2.00
