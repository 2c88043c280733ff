@alfred
Feature: Creating a purchase and opening a session on it
  A shop creates a purchase. A user opens a session on it, which shows how it can be paid.

  @P-1
  Rule: Creating a purchase returns its id

    Scenario: A purchase has an id
      When the shop creates a purchase of 50.00
      Then the purchase has an id

    Scenario Outline: A purchase with <form> succeeds
      Given a user
      And the user's call for a purchase
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | form                                       |
        | its members in the reverse order           |
        | its texts in escapes of JSON               |
        | line breaks and blanks between its members |

    Scenario: A session can be opened with the id of a purchase
      Given a user
      When the shop creates a purchase of 0.01
      And the user opens a session on the purchase
      Then the session offers an instrument for the purchase

  @P-2
  Rule: Creating a purchase returns a new id every time

    Scenario: Equal purchases have different ids
      When the shop creates 5 purchases of 50.00
      Then every purchase has a different id

  @P-3
  Rule: Opening a session on a purchase, for a country and a wallet, returns a paymentSessionId and a paymentInstrumentId

    Scenario: A session can be opened on a purchase after 25 more were created
      Given a user
      And the shop has created a purchase of 50.00
      When the shop creates 25 purchases of 20.00
      And the user opens a session on the purchase
      Then the session offers an instrument for the purchase

    Scenario Outline: A session with <form> succeeds
      Given a user
      And the user's call for a session on a purchase
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | form                                       |
        | its members in the reverse order           |
        | its texts in escapes of JSON               |
        | line breaks and blanks between its members |

    Scenario Outline: A session for a user with a balance of <balance> offers an instrument
      Given a user with a balance of <balance>
      When the user opens a session on a purchase of 50.00
      Then the session offers an instrument for the purchase

      Examples:
        | balance |
        | 0.00    |
        | 20.00   |
        | 80.00   |

  @P-6
  Rule: Creating a purchase is rejected for an amount that is zero, negative or not a number, for an unknown currency or shop configuration, and if one of these is missing

    Scenario Outline: A purchase with an amount that is <flaw> is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase with an amount that is <flaw>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | flaw                      |
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

    Scenario Outline: A purchase in <currency>, which the shop does not have, is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase in the currency <currency>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      # ISO 4217 reserves XTS for tests, and AAA is not a currency.
      Examples:
        | currency |
        | XTS      |
        | AAA      |

    Scenario Outline: A purchase in a currency with <different> than the shop's is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase in a currency with <different>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | different        |
        | two more letters |
        | a letter less    |

    Scenario Outline: A shop configuration whose id sorts <order> the shop's own is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase for a shop configuration whose id sorts <order> its own
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | order  |
        | before |
        | after  |

    Scenario Outline: A shop configuration with an id that is <different> is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase for a shop configuration with an id that is <different>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | different             |
        | two characters longer |
        | one character shorter |

    Scenario Outline: A purchase with a <member> that is <flaw> is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase with a <member> that is <flaw>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | member              | flaw              |
        | currency            | null              |
        | currency            | empty             |
        | currency            | a number          |
        | currency            | true              |
        | currency            | a list with it    |
        | currency            | an object with it |
        | currency            | zero              |
        | currency            | false             |
        | currency            | an empty list     |
        | currency            | an empty object   |
        | shopConfigurationId | null              |
        | shopConfigurationId | empty             |
        | shopConfigurationId | a number          |
        | shopConfigurationId | true              |
        | shopConfigurationId | a list with it    |
        | shopConfigurationId | an object with it |
        | shopConfigurationId | zero              |
        | shopConfigurationId | false             |
        | shopConfigurationId | an empty list     |
        | shopConfigurationId | an empty object   |

    Scenario Outline: A purchase without its <member> is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase without its <member>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | member              |
        | amount              |
        | currency            |
        | shopConfigurationId |

    Scenario: A purchase without any member is rejected
      Given a user with a balance of 20.00
      When the shop tries to create a purchase without any member
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

  @P-7
  Rule: Opening a session on a purchase is rejected if the purchase or the wallet is unknown, or if walletId is missing

    Scenario Outline: A session <flaw> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When the user tries to open a session <flaw>
      Then it is rejected
      And every balance is as it was
      When the user then confirms the purchase correctly
      Then the balance is reduced by the part that the session showed

      Examples:
        | flaw                                                   |
        | on an unknown purchase                                 |
        | for an unknown wallet                                  |
        | without a walletId                                     |
        | on a purchase with an id that is two characters longer |
        | on a purchase with an id that is one character shorter |
        | for a wallet with an id that is two characters longer  |
        | for a wallet with a blank behind its id                |
        | for a wallet with an id that is one character shorter  |
        | for a wallet with an id that is null                   |
        | for a wallet with an id that is empty                  |
        | for a wallet with an id that is zero                   |
        | for a wallet with an id that is false                  |
        | for a wallet with an id that is an empty list          |
        | for a wallet with an id that is an empty object        |

    # A purchase that has a session may reject another wallet for that alone.
    Scenario Outline: The first session on a purchase is rejected <flaw>
      Given a user with a balance of 20.00
      And the shop has created a purchase of 50.00
      When the user tries to open the first session <flaw>
      Then it is rejected
      And every balance is as it was
      And the same call without the flaw succeeds

      Examples:
        | flaw                                                  |
        | for an unknown wallet                                 |
        | without a walletId                                    |
        | for a wallet with an id that is two characters longer |
        | for a wallet with a blank behind its id               |
        | for a wallet with an id that is one character shorter |
        | for a wallet with an id that is null                  |
        | for a wallet with an id that is empty                 |
        | for a wallet with an id that is zero                  |
        | for a wallet with an id that is false                 |
        | for a wallet with an id that is an empty list         |
        | for a wallet with an id that is an empty object       |
        | without any member                                    |
        | for the account in place of the wallet                |
        | for the user's reference in place of the wallet       |
        | on the id of a payment                                |
        | on the id of a session                                |
