@alfred @flow @F-3 @A-1 @W-1 @F-1 @F-2
Feature: Funding a wallet
  A user puts money on a wallet: the second flow of docs/alfred.md, call by call.

  Scenario: A user funds a wallet with 20 and has a balance of 20
    When the platform authenticates a user
    Then the access token gives access to the wallet
    When the user reads the wallet
    Then the wallet has an account
    When the user opens a Funding session
    Then the Funding session offers an instrument
    When the user creates a payment of 20.00 in the session
    Then the payment has an id
    When the user confirms the payment
    Then the user's balance is 20.00
