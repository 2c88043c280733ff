@alfred
Feature: Fundings that are rejected
  What names nobody's account, somebody else's, or no amount of money credits nobody.

  @F-7
  Rule: Fundings are rejected for what is unknown, another user's, or no amount in the wallet's currency

    Scenario: A Funding session for an unknown account is rejected
      Given a user with a balance of 20.00
      And the wallet names its account
      When opening a Funding session is tried for an unknown account
      Then it is rejected
      And every balance is as it was

    Scenario: A Funding session for another user's account is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      When opening a Funding session is tried for the other user's account
      Then it is rejected
      And every balance is as it was

    Scenario Outline: A payment of an amount that is <flaw> is rejected
      Given a user with a balance of 20.00
      And an open Funding session
      When creating a payment is tried for an amount that is <flaw>
      Then it is rejected
      And every balance is as it was
      And the session still takes a payment, and the user then has 40.00

      Examples:
        | flaw                  |
        | missing               |
        | zero                  |
        | zero with places      |
        | a negative amount     |
        | a negative minor unit |
        | a word                |
        | a number in quotes    |
        | true                  |
        | null                  |
        | a list                |
        | an object             |

    Scenario Outline: A payment <flaw> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And an open Funding session
      When creating a payment <flaw> is tried
      Then it is rejected
      And every balance is as it was
      And the session still takes a payment, and the user then has 40.00

      Examples:
        | flaw                                                            |
        | into an unknown account                                         |
        | into the other user's account                                   |
        | in XTS                                                          |
        | in AAA                                                          |
        | in an unknown session                                           |
        | in the session of the other user's account                      |
        | in the session of the other user's account, with its instrument |
        | into the other user's account by that user, in this session     |

    Scenario: Confirming an unknown payment is rejected
      Given a user with a balance of 20.00
      And a payment of 5.00 into the user's wallet that is not confirmed
      When confirming an unknown payment is tried
      Then it is rejected
      And every balance is as it was
      And the payment can still be confirmed, and the user then has 25.00
