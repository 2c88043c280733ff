@alfred
Feature: Confirming a purchase
  A confirmation charges the part that the balance pays, once, and only if everything in it belongs to the purchase.

  @P-4
  Rule: Confirming a purchase with the cash method, the session and the session's instrument succeeds

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

    @S-8
    Scenario: A purchase is confirmed although money came in after its session was opened
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user funds the wallet with 10.00
      And the user confirms the purchase in cash
      Then the user's balance is 10.00 or 0.00

    @S-8
    Scenario: A purchase is confirmed although money for all of it came in after its session was opened
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user funds the wallet with 100.00
      And the user confirms the purchase in cash
      Then the user's balance is 100.00 or 70.00

    Scenario: A purchase is confirmed after 25 more sessions were opened
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      When the user opens 25 sessions, each on another purchase of 1.00
      And the user confirms the purchase in cash
      Then the user's balance, if the target shows it, is 50.00

    @S-8
    Scenario: Twenty-five purchases are each charged
      Given a user with a balance of 80.00
      When the user buys 25 times for 1.00
      Then the user's balance is 55.00

    Scenario Outline: A confirmation with <form> succeeds
      Given a user
      And the user's call for the confirmation of a purchase
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | form                                       |
        | its members in the reverse order           |
        | its texts in escapes of JSON               |
        | line breaks and blanks between its members |

    @S-8 @S-1
    Scenario: A purchase is charged what its latest session showed, although an earlier one showed less
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user funds the wallet with 15.00
      And the user opens another session on the same purchase
      Then 35.00 is payable by balance
      When the user confirms the purchase in cash
      Then the user's balance is 0.00

    Scenario: Two purchases with a session each are both confirmed if the balance covers them
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase of 40.00
      When the user confirms the purchase in cash
      And the user confirms the other purchase in cash
      Then the user's balance is 30.00

  @P-8
  Rule: Confirming a purchase is rejected for an unknown purchase or session, another purchase's session, an instrument or a method that was not offered, and another user's wallet

    @P-10
    Scenario Outline: A confirmation with <flaw> is rejected, and leaves alone what came in or was spent since the session was opened
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 50.00
      When the user funds the wallet with 40.00
      And the user buys for 30.00
      And the user tries to confirm the purchase with <flaw>
      Then it is rejected
      And every balance is as it was

      Examples:
        | flaw                               |
        | an instrument that was not offered |
        | a method that was not offered      |

    Scenario Outline: A confirmation with <flaw> is rejected, and a valid one of a balance of <balance> still succeeds
      Given a user with a balance of <balance>
      And the user has opened a session on a purchase of 50.00
      When the user tries to confirm the purchase with <flaw>
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

      Examples:
        | flaw                                                   | balance |
        | an unknown purchase                                    | 20.00   |
        | an unknown session                                     | 20.00   |
        | an unknown session                                     | 0.00    |
        | an unknown session                                     | 80.00   |
        | an unknown purchase                                    | 0.00    |
        | an unknown purchase                                    | 80.00   |
        | an instrument that was not offered                     | 0.00    |
        | an instrument that was not offered                     | 20.00   |
        | an instrument that was not offered                     | 80.00   |
        | an instrument whose id sorts before the one offered    | 20.00   |
        | an instrument whose id sorts after the one offered     | 20.00   |
        | a method that was not offered                          | 0.00    |
        | a method that was not offered                          | 20.00   |
        | a method that was not offered                          | 80.00   |
        | a method that begins like the one offered              | 20.00   |
        | the session in place of the purchase                   | 20.00   |
        | the purchase in place of the session                   | 20.00   |
        | the session in place of the instrument                 | 20.00   |
        | a purchase with an id that is two characters longer    | 20.00   |
        | a purchase with an id that is one character shorter    | 20.00   |
        | a session with an id that is two characters longer     | 20.00   |
        | a session with a blank behind its id                   | 20.00   |
        | a session with an id that is one character shorter     | 20.00   |
        | an instrument with an id that is two characters longer | 20.00   |
        | an instrument with a blank behind its id               | 20.00   |
        | an instrument with an id that is one character shorter | 20.00   |

    @P-10
    Scenario Outline: A confirmation of a purchase of <amount> with <flaw> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of <amount>
      When the user tries to confirm the purchase with <flaw>
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

      Examples:
        | amount  | flaw                               |
        | 1.00    | an unknown purchase                |
        | 1.00    | an unknown session                 |
        | 1.00    | an instrument that was not offered |
        | 1.00    | a method that was not offered      |
        | 1200.00 | an unknown purchase                |
        | 1200.00 | an unknown session                 |
        | 1200.00 | an instrument that was not offered |
        | 1200.00 | a method that was not offered      |

    @P-10
    Scenario Outline: A confirmation with <flaw> is rejected for a user who has bought three times
      Given a user with a balance of 100.00
      And the user has bought for 10.00
      And the user has bought for 15.00
      And the user has bought for 20.00
      And the user has opened a session on a purchase of 50.00
      When the user tries to confirm the purchase with <flaw>
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

      Examples:
        | flaw                               |
        | an unknown purchase                |
        | an unknown session                 |
        | an instrument that was not offered |
        | a method that was not offered      |

    @P-10
    Scenario: The session of another purchase does not confirm this one
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase of 40.00
      When the user tries to confirm the purchase with the session of the other purchase
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed
      When the user then confirms the other purchase correctly
      Then the balance has paid 40.00

    @P-10
    Scenario: The session of another purchase of the same amount does not confirm this one
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase of 30.00
      When the user tries to confirm the purchase with the session and the instrument of the other purchase
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

    @P-10
    Scenario: The session of a purchase that is paid does not confirm another one
      Given a user with a balance of 100.00
      And the user has opened a session on another purchase of 40.00
      And the user has confirmed the other purchase in cash
      And the user has opened a session on a purchase of 30.00
      When the user tries to confirm the purchase with the session and the instrument of the other purchase
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

    @P-10
    Scenario: The session of another purchase does not confirm this one, even with its own instrument
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase of 40.00
      When the user tries to confirm the purchase with the session and the instrument of the other purchase
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

    @P-10
    Scenario: The session of this purchase does not confirm the other one
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a session on another purchase of 40.00
      When the user tries to confirm the other purchase with the session and the instrument of the first purchase
      Then it is rejected
      And every balance is as it was
      When the user then confirms the other purchase correctly
      Then the balance has paid 40.00

    @P-10
    Scenario: A Funding session does not confirm a purchase
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 50.00
      When the user tries to confirm the purchase with a Funding session and its instrument
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

    @P-10
    Scenario: The session of another user's purchase does not confirm this one
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      And the other user has opened a session on a purchase of 50.00
      When the user tries to confirm the purchase with the session of the other user's purchase
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

    Scenario: The user's wallet does not pay for another user's purchase
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the other user has opened a session on a purchase of 50.00
      When the other user tries to confirm that purchase with the user's wallet
      Then it is rejected
      And every balance is as it was

    @P-10
    Scenario Outline: Another user's wallet with <other balance> does not pay for the purchase of a user with <balance>
      Given a user with a balance of <balance>
      And another user with a balance of <other balance>
      And the user has opened a session on a purchase of 50.00
      When the user tries to confirm the purchase with the other user's wallet
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

      Examples:
        | balance | other balance |
        | 20.00   | 20.00         |
        | 0.00    | 80.00         |
        | 80.00   | 80.00         |
        | 80.00   | 0.00          |

    @P-10
    Scenario: Another user's wallet does not pay, even if that user has a session on another purchase
      Given a user with a balance of 80.00
      And another user with a balance of 80.00
      And the user has opened a session on a purchase of 50.00
      And the other user has opened a session on a purchase of 50.00
      When the user tries to confirm the purchase with the other user's wallet
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

    @P-10
    Scenario: Another user's wallet does not pay in the user's session, even if that user has a session too
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the other user has opened a session on the same purchase, if the platform allows it
      And the user has opened a session on the purchase
      When the user tries to confirm the purchase with the other user's wallet
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed
      And the other user's balance is 20.00

  @P-9
  Rule: Confirming the same purchase again does not change the balance

    Scenario: A second confirmation takes nothing from what is left
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      When the user confirms the purchase again, with any result
      Then the user's balance is 50.00

    Scenario Outline: A second confirmation of a purchase of which a balance of <balance> paid a part takes nothing from money that came in later
      Given a user with a balance of <balance>
      And the user has opened a session on a purchase of 50.00
      And the user has confirmed the purchase in cash
      When the user funds the wallet with 60.00
      And the user confirms the purchase again, with any result
      Then the user's balance is 60.00

      Examples:
        | balance |
        | 20.00   |
        | 0.00    |

    Scenario: A second confirmation after another authentication takes nothing
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      When the platform authenticates the same user again
      And the user confirms the purchase again, with any result
      Then the balance with the second token is 50.00

    Scenario: A second confirmation after another purchase takes nothing
      Given a user with a balance of 100.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      And the user has bought for 20.00
      When the user confirms the purchase again, with any result
      Then the user's balance is 50.00

    Scenario Outline: A second confirmation with <flaw> takes nothing
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      When the user confirms the purchase again with <flaw>, with any result
      Then the user's balance is 50.00

      Examples:
        | flaw                               |
        | an unknown session                 |
        | an instrument that was not offered |
        | a method that was not offered      |

    Scenario: A second confirmation with another user's wallet takes nothing from either user
      Given a user with a balance of 80.00
      And another user with a balance of 60.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      When the user confirms the purchase again with the other user's wallet, with any result
      Then the user's balance is 50.00
      And the other user's balance is 60.00

    Scenario: Two sessions on a purchase charge it once
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has opened a second session on the same purchase
      When the user confirms the purchase with each of the two sessions, and each is accepted or rejected
      Then at least one confirmation was accepted
      And the user's balance is 50.00

    Scenario: A session that is opened after the confirmation charges nothing more
      Given a user with a balance of 80.00
      And the user has opened a session on a purchase of 30.00
      And the user has confirmed the purchase in cash
      When the user opens another session on it and confirms again, and each is accepted or rejected
      Then the user's balance is 50.00

  @P-10
  Rule: After a rejected confirmation, a valid one with the purchase's open session and its instrument still succeeds, and the balance pays the part that the session showed

    Scenario: After two rejected confirmations, a valid one still succeeds
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user tries to confirm the purchase with a method that was not offered
      Then it is rejected
      When the user tries to confirm the purchase with an instrument that was not offered
      Then it is rejected
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed
