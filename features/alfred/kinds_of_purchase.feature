@alfred
Feature: Every kind of purchase
  Balances, amounts, sessions, and what happens before, in between and afterwards, in all pairs. A model of the contract predicts each response.

  @S-8
  Rule: After any sequence of calls, balance = confirmed fundings - balance parts of confirmed purchases

    Scenario Outline: Every kind of purchase with a balance of <balance> returns what the model predicts
      When purchases of every kind are made with a balance of <balance>
      Then every response and every balance is one that the model allows

      Examples:
        | balance                  |
        | 20.00                    |
        | nothing                  |
        | 0.01                     |
        | 0.30, in two fundings    |
        | 1000.10                  |
        | 1234.56                  |
        | the sum of four fundings |
        | 12345.67                 |
        | 167772.17                |
