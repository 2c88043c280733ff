@alfred
Feature: A user's wallet and its account
  A wallet has an account, which fundings go to.

  @W-1
  Rule: A wallet's response names its walletAccountId

    Scenario: A new user's wallet names its account
      Given a user
      When the wallet is read
      Then it names its account

  @W-2
  Rule: A wallet names the same account every time, and no two wallets share one

    Scenario: A wallet read twice names the same account
      Given a user
      When the wallet is read
      And the wallet is read again
      Then it names the same account

    Scenario: A user who comes back finds the same account
      Given a user
      When the wallet is read
      And the platform authenticates the same user again
      And the wallet is read with the token that came second
      Then it names the same account

    Scenario: The account is still the same after a funding
      Given a user
      When the wallet is read
      And the user's wallet is funded with 20.00
      And the wallet is read again
      Then it names the same account

    Scenario: Two users have an account each
      Given a user
      And another user
      When the wallet is read
      Then the other user's wallet names another account
