@alfred
Feature: Confirming a purchase
  A confirmation takes the part that the balance pays, once, and only from whoever may confirm.

  @P-4
  Rule: Confirming with the cash method, the session and its instrument succeeds

    Scenario Outline: A purchase of <amount> by a user with a balance of <balance> is confirmed
      Given a user with a balance of <balance>
      And the user has opened a session on a purchase of <amount>
      When the user confirms the purchase in cash
      Then the user's balance is <left>

      Examples:
        | balance | amount | left  |
        | 0.00    | 50.00  | 0.00  |
        | 20.00   | 50.00  | 0.00  |
        | 50.00   | 50.00  | 0.00  |
        | 80.00   | 50.00  | 30.00 |

    Scenario: A purchase is confirmed though money came in since its session was opened
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user's wallet is funded with 10.00
      And the user confirms the purchase in cash
      Then the user's balance is 10.00 or 0.00

    Scenario: Two purchases with a session each are both confirmed where the balance covers them
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase, of 40.00
      When the user confirms the purchase in cash
      And the user confirms the other purchase in cash
      Then the user's balance is 30.00

  @P-8
  Rule: Confirming is rejected for what belongs to nobody, to another purchase or to another user

    Scenario Outline: A confirmation with <flaw> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When confirming is tried with <flaw> instead
      Then it is rejected
      And every balance is as it was
      And the purchase can still be confirmed, at the part it showed

      Examples:
        | flaw                                                |
        | an unknown purchase                                 |
        | an unknown session                                  |
        | an instrument whose id comes before the one offered |
        | an instrument whose id comes after the one offered  |
        | a method that was not offered                       |

    Scenario: The session of another purchase does not confirm this one
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase, of 40.00
      When confirming is tried with the session of the other purchase
      Then it is rejected
      And every balance is as it was
      And the purchase can still be confirmed, at the part it showed
      And the other purchase can still be confirmed, for 40.00

    Scenario: The session of another purchase does not confirm this one, with its own instrument either
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase, of 40.00
      When confirming is tried with the session and the instrument of the other purchase
      Then it is rejected
      And every balance is as it was
      And the purchase can still be confirmed, at the part it showed

    Scenario: Nor does the session of this purchase confirm the other one
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase, of 40.00
      When confirming the other purchase is tried with the session and the instrument of this one
      Then it is rejected
      And every balance is as it was
      And the other purchase can still be confirmed, for 40.00

    Scenario: The session of another user's purchase does not confirm this one
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      And the other user has opened a session on a purchase of 50.00
      When confirming is tried with the session of the other user's purchase
      Then it is rejected
      And every balance is as it was
      And the purchase can still be confirmed, at the part it showed

    Scenario: The user's wallet does not pay for another user's purchase
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the other user has opened a session on a purchase of 50.00
      When confirming the other user's purchase is tried with the user's wallet
      Then it is rejected
      And every balance is as it was

    Scenario: Another user's wallet does not pay for this purchase
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When confirming is tried with the other user's wallet
      Then it is rejected
      And every balance is as it was
      And the purchase can still be confirmed, at the part it showed

    Scenario: Another user's wallet does not pay, though it holds enough and the user's own does not
      Given a user
      And another user with a balance of 80.00
      And the user has opened a session on a purchase of 50.00
      When confirming is tried with the other user's wallet
      Then it is rejected
      And every balance is as it was
      And the purchase can still be confirmed, at the part it showed

  @P-9
  Rule: Confirming a second time charges nothing more

    Scenario: A second confirmation takes nothing from what is left
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      When the user confirms the purchase a second time, whatever comes of it
      Then the user's balance is 50.00

    Scenario: A second confirmation of a split purchase takes nothing from money that came later
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      And the user has confirmed the purchase in cash
      When the user's wallet is funded with 40.00
      And the user confirms the purchase a second time, whatever comes of it
      Then the user's balance is 40.00

    Scenario: A confirmation that comes again after another purchase's takes nothing
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      And the user has bought for 20.00
      When the user confirms the purchase a second time, whatever comes of it
      Then the user's balance is 50.00

    Scenario: Two sessions on a purchase charge it once
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a second session on the same purchase
      When the user confirms the purchase with each of the two sessions, whatever comes of it
      Then the purchase was accepted once or more
      And the user's balance is 50.00

    Scenario: A session opened after the confirmation charges nothing more
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      When the user opens another session on the confirmed purchase and confirms that, whatever comes of it
      Then the user's balance is 50.00

  @P-10
  Rule: After a rejected confirmation the purchase can still be confirmed, at the part it showed

    Scenario Outline: A confirmation rejected for <flaw> leaves the purchase as it was
      Given a user with a balance of <balance>
      And the user has opened a session on a purchase of 50.00
      When confirming is tried with <flaw> instead
      Then it is rejected
      And the purchase can still be confirmed, at the part it showed

      Examples:
        | flaw                               | balance |
        | an unknown session                 | 20.00   |
        | an instrument that was not offered | 80.00   |
        | a method that was not offered      | 20.00   |
        | a method that was not offered      | 80.00   |

    Scenario: Rejected twice in a row, the purchase can still be confirmed
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When confirming is tried with a method that was not offered instead
      And confirming is tried with an instrument that was not offered instead
      Then it is rejected
      And the purchase can still be confirmed, at the part it showed
