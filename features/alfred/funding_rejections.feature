@alfred
Feature: Fundings that are rejected
  A funding with a wrong account, session, amount or currency credits nobody.

  @F-7
  Rule: Opening a Funding session, creating a payment and confirming it are rejected for an account, session or payment that is unknown or another user's, and for a wrong amount or currency

    Scenario Outline: A Funding session for <account> is rejected
      Given a user with a balance of 20.00
      When the user tries to open a Funding session for <account>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | account                                             |
        | an unknown account                                  |
        | the wallet in place of its account                  |
        | an account with an id that is two characters longer |
        | an account with a blank behind its id               |
        | an account with an id that is one character shorter |

    Scenario Outline: A Funding session for the account of another user with a balance of <balance> is rejected
      Given a user with a balance of <balance>
      And another user with a balance of <balance>
      When the user tries to open a Funding session for the other user's account
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | balance |
        | 20.00   |
        | 0.00    |

    Scenario Outline: A payment with an amount that is <flaw> is rejected
      Given a user with a balance of 20.00
      And the user has opened a Funding session
      When the user tries to create a payment with an amount that is <flaw>
      Then it is rejected
      And every balance is as it was
      When the user creates a payment of 20.00 in the session
      And the user confirms the payment
      Then the user's balance, if the target shows it, is 40.00

      Examples:
        | flaw                      |
        | missing                   |
        | zero                      |
        | zero with decimal places  |
        | zero with an exponent     |
        | zero with a minus sign    |
        | negative                  |
        | negative by a minor unit  |
        | negative by thousands     |
        | negative with an exponent |
        | negative beyond 32 bits   |
        | a word                    |
        | a number in quotes        |
        | true                      |
        | null                      |
        | a list                    |
        | an object                 |

    Scenario Outline: A payment <flaw> is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has opened a Funding session
      When the user tries to create a payment <flaw>
      Then it is rejected
      And every balance is as it was
      When the user creates a payment of 20.00 in the session
      And the user confirms the payment
      Then the user's balance, if the target shows it, is 40.00

      Examples:
        | flaw                                                          |
        | without any member                                            |
        | into an unknown account                                       |
        | into the other user's account                                 |
        | in the currency XTS                                           |
        | in the currency AAA                                           |
        | in a currency of another country                              |
        | in a second currency of another country                       |
        | in a third currency of another country                        |
        | in a fourth currency of another country                       |
        | in a currency with two more letters                           |
        | in a currency with a letter less                              |
        | in a session on a purchase                                    |
        | in an unknown session                                         |
        | in a session of the other user's account                      |
        | in a session of the other user's account, with its instrument |
        | in a session of the other user's account that has served      |
        | into an account with an id that is two characters longer      |
        | into an account with a blank behind its id                    |
        | into an account with an id that is one character shorter      |
        | in a session with an id that is two characters longer         |
        | in a session with a blank behind its id                       |
        | in a session with an id that is one character shorter         |
        | into the wallet in place of its account                       |
        | in the account in place of a session                          |

    Scenario Outline: Between users without a balance, a payment <flaw> is rejected
      Given a user
      And another user
      And the user has opened a Funding session
      When the user tries to create a payment <flaw>
      Then it is rejected
      And every balance is as it was
      When the user creates a payment of 20.00 in the session
      And the user confirms the payment
      Then the user's balance, if the target shows it, is 20.00

      Examples:
        | flaw                                     |
        | into the other user's account            |
        | in a session of the other user's account |

    Scenario: A payment of another user in the user's session is rejected
      Given a user with a balance of 20.00
      And another user with a balance of 20.00
      And the user has opened a Funding session
      When the other user tries to create a payment in the user's session
      Then it is rejected
      And every balance is as it was
      When the user creates a payment of 20.00 in the session
      And the user confirms the payment
      Then the user's balance, if the target shows it, is 40.00

    Scenario Outline: Confirming <payment> is rejected
      Given a user with a balance of 20.00
      And the user has created a payment of 5.00
      When the user tries to confirm <payment>
      Then it is rejected
      And every balance is as it was
      When the user confirms the payment
      Then the user's balance, if the target shows it, is 25.00

      Examples:
        | payment                                            |
        | an unknown payment                                 |
        | a payment with the id of a purchase                |
        | a payment with the id of a Funding session         |
        | a payment with an id that is two characters longer |
        | a payment with an id that is one character shorter |
