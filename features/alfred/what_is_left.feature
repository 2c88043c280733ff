@alfred
Feature: What users have at the end
  What happens to a user later, or because of others, shows only when the balance is read once more.

  @S-8
  Rule: After any sequence of calls, balance = confirmed fundings - balance parts of confirmed purchases

    @A-2
    Scenario: The users of a run keep their wallets, and what they had when their balances were read last
      Given a user with a balance of 20.00
      And the user's balance has been read
      Then every user of the run reaches the same wallet, and has what was read last
