@walletapi
Feature: Sales that fail
  A sale that fails says so, and takes nothing.

  @E-2
  Rule: A sale without apikeypublic or without apiclientpublic fails and changes nothing

    Scenario Outline: A sale <flaw> fails
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 10.00 is tried <flaw> in its headers
      Then it fails
      And the wallet and its gifts are as they were
      And a proper sale of 10.00 is still possible

      Examples:
        | flaw                    |
        | without apikeypublic    |
        | without apiclientpublic |
        | without either          |

  @E-5
  Rule: A sale with an unknown apikeypublic or apiclientpublic, or the two swapped, fails and changes nothing

    Scenario Outline: A sale <flaw> fails as one without does
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 10.00 is tried <flaw> in its headers
      Then it fails
      And the wallet and its gifts are as they were
      And a proper sale of 10.00 is still possible

      Examples:
        | flaw                                              |
        | with an unknown apikeypublic                      |
        | with an unknown apiclientpublic                   |
        | with an apikeypublic that is off by one letter    |
        | with an apiclientpublic that is off by one letter |
        | with an apikeypublic in the other case            |
        | with an apiclientpublic in the other case         |
        | with the two swapped                              |

  @E-3 @E-1
  Rule: A sale of more than balance and usable gift fails and changes nothing; one of exactly as much succeeds

    Scenario Outline: A sale of <excess> more than the wallet holds fails
      Given a wallet holding 100.00
      When a sale of <excess> more than the wallet holds is tried
      Then it fails
      And the wallet and its gifts are as they were
      And a proper sale of 10.00 is still possible

      Examples:
        | excess |
        | 0.01   |
        | 500.00 |

    Scenario: A sale of exactly what the wallet holds succeeds
      Given a wallet holding 100.00
      When a sale of exactly what the wallet holds is made
      Then it succeeds
      And the wallet is empty

    Scenario: A sale of a minor unit more than the wallet and its gifts hold fails
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 0.01 more than the wallet and its gifts hold is tried
      Then it fails
      And the wallet and its gifts are as they were
      And a proper sale of 10.00 is still possible

    Scenario: A sale of exactly what the wallet and its gifts hold succeeds
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of exactly what the wallet and its gifts hold is made
      Then it succeeds
      And the wallet and its gifts are empty

    Scenario: A gift that the sale does not ask for does not pay what the wallet lacks
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 5.00 more than the wallet holds is tried
      Then it fails
      And the wallet and its gifts are as they were

    Scenario: A cashback does not pay for its own sale
      Given a wallet holding 100.00
      When a sale of 5.00 more than the wallet holds is tried with a cashback of 50.00
      Then it fails
      And the wallet and its gifts are as they were

  @E-4 @E-1
  Rule: A sale fails and changes nothing for an unknown alias, a wrong or missing amount, and a wrong cashback

    Scenario: A sale by an unknown alias fails
      Given a wallet holding 100.00
      When a sale is tried by an unknown alias
      Then it fails
      And the wallet and its gifts are as they were

    Scenario Outline: A sale of an amount that is <flaw> fails
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of an amount that is <flaw> is tried
      Then it fails
      And the wallet and its gifts are as they were
      And a proper sale of 10.00 is still possible

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

    Scenario Outline: A sale without its <member> fails
      Given a wallet holding 100.00
      When a sale is tried without its <member>
      Then it fails
      And the wallet and its gifts are as they were

      Examples:
        | member |
        | Alias  |
        | Amount |

    Scenario: A sale with a cashback of an unknown type fails
      Given a wallet holding 100.00
      When a sale is tried with a cashback of an unknown type
      Then it fails
      And the wallet and its gifts are as they were
      And a proper sale of 10.00 is still possible

    Scenario Outline: A sale with a cashback by <kind> of <value> fails
      Given a wallet holding 100.00
      When a sale is tried with a cashback by <kind> of <value>
      Then it fails
      And the wallet and its gifts are as they were
      And a proper sale of 10.00 is still possible

      Examples:
        | kind       | value  |
        | Amount     | -5.00  |
        | Amount     | -0.01  |
        | Percentage | -10.00 |
