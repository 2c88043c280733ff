@alfred
Feature: A user's wallet and its account
  A wallet has an account, and fundings are paid into it.

  @W-1
  Rule: Reading a wallet returns its walletAccountId

    Scenario: A new user's wallet has an account
      Given a user
      When the user reads the wallet
      Then the wallet has an account

  @W-2
  Rule: Reading a wallet returns the same walletAccountId every time, and no two wallets share one

    Scenario: A wallet that is read twice has the same account
      Given a user
      When the user reads the wallet
      And the user reads the wallet again
      Then the account is the same

    Scenario: A user who comes back finds the same account
      Given a user
      When the user reads the wallet
      And the platform authenticates the same user again
      And the user reads the wallet with the second token
      Then the account is the same

    Scenario: A user who comes back finds the same account after another user came
      Given a user
      When the user reads the wallet
      And the platform authenticates the same user again
      And the platform authenticates a user whose reference is one character longer
      And the user reads the wallet with the second token
      Then the account is the same

    Scenario: The account is still the same after a funding
      Given a user
      When the user reads the wallet
      And the user funds the wallet with 20.00
      And the user reads the wallet again
      Then the account is the same

    Scenario: The account is still the same after another user's was read
      Given a user
      And another user
      When the user reads the wallet
      And the other user reads the other wallet
      And the user reads the wallet again
      Then the account is the same

    Scenario: Two users have an account each
      Given a user
      And another user
      When the user reads the wallet
      Then the other user's wallet has a different account
