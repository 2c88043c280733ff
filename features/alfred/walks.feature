@alfred @walk
Feature: Any sequence of Alfred's calls
  For developers. Random calls in any order, and a model of the contract that says which responses are allowed.

  @S-8
  Rule: After any sequence of calls, balance = confirmed fundings - balance parts of confirmed purchases

    Scenario: Whatever users do, their balances are what they funded minus what they paid
      When users fund, buy, confirm and confirm again in random order, and try what must be rejected
      Then every response and every balance is one that the model allows
