@alfred @flow @S-4 @S-1
Feature: Splitting a purchase between balance and cash
  A user pays one part with the balance and the rest in cash: the third flow of docs/alfred.md, call by call.

  Scenario: A user with a balance of 20 buys for 50
    Given a user with a balance of 20.00
    And the Admin UI, if there is one, shows a balance of 20.00
    When the shop creates a purchase of 50.00
    And the user opens a session on the purchase
    Then 20.00 is payable by balance
    And 30.00 is left for another instrument
    When the user confirms the purchase in cash
    Then the Admin UI shows a balance of 0.00
