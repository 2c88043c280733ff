@alfred @flow @F-3 @A-1 @W-1 @F-1 @F-2
Feature: Funding a wallet
  A user puts money on a wallet: the second flow of docs/alfred.md, call by call.

  Scenario: A user funds a wallet with 20 and has a balance of 20
    When the platform authenticates a user
    Then the response names a wallet that the access token opens
    When the wallet is read
    Then it names its account
    When a Funding session is opened for it
    Then the session offers an instrument to pay with
    When a payment of 20.00 is created in it
    Then the payment has an id
    When the payment is confirmed
    Then the user's balance is 20.00
