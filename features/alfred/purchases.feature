@alfred
Feature: Creating a purchase and opening a session on it
  A shop creates a purchase; a user opens a session on it and is shown how it can be paid.

  @P-1
  Rule: Creating a purchase answers its id

    Scenario: A purchase has an id
      When the shop creates a purchase of 50.00
      Then the purchase has an id

    Scenario: The id reaches the purchase
      Given a user
      When the shop creates a purchase of 0.01
      And the user opens a session on it
      Then the session offers an instrument for it

  @P-2
  Rule: Every creation answers a new id

    Scenario: Equal purchases have ids of their own
      When the shop creates 5 purchases of 50.00
      Then every purchase has an id of its own

  @P-3
  Rule: Opening a session on a purchase, for a country and a wallet, answers paymentSessionId and paymentInstrumentId

    Scenario Outline: A session for a user with a balance of <balance> offers an instrument
      Given a user with a balance of <balance>
      When the user opens a session on a purchase of 50.00
      Then the session offers an instrument for it

      Examples:
        | balance |
        | 0.00    |
        | 20.00   |
        | 80.00   |

  @P-6
  Rule: Creating is rejected for a wrong amount, an unknown currency or shop configuration, and a missing member

    Scenario Outline: An amount that is <flaw> is rejected
      Given a user with a balance of 20.00
      When creating a purchase is tried for an amount that is <flaw>
      Then it is rejected
      And every balance is as it was

      Examples:
        | flaw                  |
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

    Scenario Outline: A purchase in <currency>, which the shop does not have, is rejected
      Given a user with a balance of 20.00
      When creating a purchase is tried in <currency>, which the shop does not have
      Then it is rejected
      And every balance is as it was

      # ISO 4217 keeps the one for tests, and does not know the other.
      Examples:
        | currency |
        | XTS      |
        | AAA      |

    Scenario Outline: An unknown shop configuration is rejected
      Given a user with a balance of 20.00
      When creating a purchase is tried for a shop configuration whose id comes <order> the shop's own
      Then it is rejected
      And every balance is as it was

      Examples:
        | order  |
        | before |
        | after  |

    Scenario Outline: A purchase without its <member> is rejected
      Given a user with a balance of 20.00
      When creating a purchase is tried without its <member>
      Then it is rejected
      And every balance is as it was

      Examples:
        | member              |
        | amount              |
        | currency            |
        | shopConfigurationId |

  @P-7
  Rule: A session is rejected for an unknown purchase, an unknown wallet or a missing walletId

    Scenario Outline: A session <flaw> is rejected
      Given a user with a balance of 20.00
      And the user has opened a session on a purchase of 50.00
      When opening a session is tried <flaw>
      Then it is rejected
      And every balance is as it was
      And the purchase can still be confirmed, at the part it showed

      Examples:
        | flaw                   |
        | on an unknown purchase |
        | for an unknown wallet  |
        | without a walletId     |
