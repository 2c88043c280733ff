@alfred @walk
Feature: Any sequence of Alfred's calls
  Users do what they like, in any order; a small model of the contract says what each response may be.

  @S-8
  Rule: Over any sequence of calls, balance = confirmed fundings - balance parts of confirmed purchases

    Scenario: Whatever users do, their balances are what they funded less what they paid
      When users fund, buy, confirm and confirm again at random, and try what must be rejected
      Then each response, and every balance after it, was one that the calls before it allow
