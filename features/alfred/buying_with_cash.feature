@alfred @flow @P-4 @P-1 @A-1 @P-3
Feature: Buying with cash
  A user without a balance buys from a shop and pays in cash: the first flow of docs/alfred.md, call by call.

  Scenario: A user buys for 50 and pays in cash
    When the shop creates a purchase of 50.00
    Then the purchase has an id
    When the platform authenticates a user
    Then the access token gives access to the wallet
    When the user opens a session on the purchase
    Then the session offers an instrument for the purchase
    When the user confirms the purchase in cash
    Then the user's balance, if the target shows it, is 0.00
