@alfred
Feature: What a rejected call leaves alone
  A rejected call changes no balance. What was open before it can still be used: tokens, sessions, payments and purchases, of the same user and of another.

  @S-8
  Rule: After any sequence of calls, balance = confirmed fundings - balance parts of confirmed purchases

    Scenario Outline: After <call> was rejected, what was open before can still be used
      When <call> is rejected for one flaw after another, and what was open before is used each time
      Then every response and every balance is one that the model allows

      Examples:
        | call                            |
        | authenticating a user           |
        | creating a purchase             |
        | opening a session on a purchase |
        | confirming a purchase           |
        | reading a wallet                |
        | opening a Funding session       |
        | creating a payment              |
        | confirming a payment            |
