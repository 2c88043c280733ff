@walletapi
Feature: Sales that fail
  A failed sale says that it failed, and takes no money.

  @E-2
  Rule: A sale without apikeypublic or without apiclientpublic fails and changes nothing

    Scenario Outline: A sale <flaw> fails
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And the merchant has made a sale of 10.00
      When the merchant tries a sale of 10.00 <flaw>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 10.00

      Examples:
        | flaw                                                                  |
        | without apikeypublic                                                  |
        | without apiclientpublic                                               |
        | without either                                                        |
        | with an empty apikeypublic                                            |
        | with an empty apiclientpublic                                         |
        | with its apikeypublic as a member of the body, and not as a header    |
        | with its apiclientpublic as a member of the body, and not as a header |

    Scenario Outline: A sale of <amount> <flaw> fails
      Given a wallet with no gifts yet and 1000.00 to spend
      When the merchant tries a sale of <amount> <flaw>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant tries a sale of exactly the balance
      Then the sale succeeds

      Examples:
        | amount | flaw                    |
        | 0.50   | without apikeypublic    |
        | 0.50   | without apiclientpublic |
        | 900.00 | without apikeypublic    |
        | 900.00 | without apiclientpublic |

    Scenario Outline: An accepted sale that is sent again <flaw> fails
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 10.00
      When the merchant tries the same sale again <flaw>
      Then the sale fails
      And the balance and the gifts are unchanged

      Examples:
        | flaw                    |
        | without apikeypublic    |
        | without apiclientpublic |

    Scenario Outline: A sale that failed <flaw> gives nothing back when it is <undone>
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 10.00 <flaw>
      Then the sale fails
      When the failed sale is <undone>, with any result
      Then the balance and the gifts are unchanged

      Examples:
        | flaw                    | undone    |
        | without apikeypublic    | cancelled |
        | without apiclientpublic | refunded  |

  @E-5
  Rule: A sale with an unknown apikeypublic or apiclientpublic, or with the two swapped, fails and changes nothing

    Scenario Outline: An accepted sale that is sent again with an unknown <header> fails
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 10.00
      When the merchant tries the same sale again with an unknown <header>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant tries a sale of exactly the balance
      Then the sale succeeds

      Examples:
        | header          |
        | apikeypublic    |
        | apiclientpublic |

    Scenario Outline: A sale with credentials <flaw> fails
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And the merchant has made a sale of 10.00
      When the merchant tries a sale of 10.00 <flaw>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 10.00

      Examples:
        | flaw                                               |
        | with an unknown apikeypublic                       |
        | with an unknown apiclientpublic                    |
        | with an apikeypublic that is off by one letter     |
        | with an apiclientpublic that is off by one letter  |
        | with an apikeypublic with another first letter     |
        | with an apiclientpublic with another first letter  |
        | with an apikeypublic with another last letter      |
        | with an apiclientpublic with another last letter   |
        | with both unknown                                  |
        | with an apikeypublic in the other case             |
        | with an apiclientpublic in the other case          |
        | with an apikeypublic that is two letters longer    |
        | with an apiclientpublic that is two letters longer |
        | with an apikeypublic that is one letter shorter    |
        | with an apiclientpublic that is one letter shorter |
        | with the two swapped                               |
        | with the apikeypublic in both headers              |
        | with the apiclientpublic in both headers           |
        | with the alias as its apikeypublic                 |
        | with the alias as its apiclientpublic              |
        | with a list that contains the apikeypublic         |
        | with a list that contains the apiclientpublic      |

  @E-3 @E-1
  Rule: A sale of more than the balance and the usable gifts together fails and changes nothing. A sale of exactly that much succeeds

    Scenario Outline: A sale of <excess> more than the balance fails
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of <excess> more than the balance
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant makes a sale of 10.00
      Then the balance falls by 10.00

      Examples:
        | excess |
        | 0.01   |
        | 500.00 |

    Scenario Outline: A sale of <amount> from an empty wallet fails
      Given a wallet without gifts
      When the merchant tries a sale of <amount> more than the balance
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant deposits 10.00
      And the merchant makes a sale of 10.00
      Then the balance falls by 10.00

      Examples:
        | amount |
        | 0.01   |
        | 1.00   |

    Scenario Outline: A failed sale that is <undone> gives nothing back
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 0.01 more than the balance
      Then the sale fails
      When the failed sale is <undone>, with any result
      Then the balance and the gifts are unchanged

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario: A sale succeeds after several that failed
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 0.01 more than the balance
      And the merchant tries a sale of 0.01 more than the balance
      And the merchant tries a sale of 0.01 more than the balance
      And the merchant tries a sale of 0.01 more than the balance
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant tries a sale of exactly the balance
      Then the sale succeeds
      And the balance is 0.00

    @slow @M-1
    Scenario: Sales that failed some seconds ago have taken nothing
      Given a wallet with 300.00 to spend and a gift of 20.00 that has expired, after several sales failed and the balances were read
      Then the balance is the one that was read before the gift expired

    Scenario: A sale of exactly the balance succeeds
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of exactly the balance
      Then the sale succeeds
      And the balance is 0.00

    Scenario: A sale of a minor unit more than what several deposits come to fails
      Given a wallet with 50.00 to spend
      When the merchant deposits 30.00
      And the merchant deposits 20.00
      And the merchant tries a sale of 0.01 more than the balance
      Then the sale fails
      And the balance and the gifts are unchanged

    Scenario: A sale of exactly a balance that floats get wrong succeeds
      Given a wallet
      When the merchant deposits 0.70
      And the merchant deposits 0.10
      And the merchant tries a sale of exactly the balance
      Then the sale succeeds
      And the balance is 0.00

    Scenario: A sale of a minor unit more than the balance and the gifts fails
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant tries a sale of 0.01 more than the balance and the gifts
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 10.00

    Scenario Outline: A sale of a minor unit more than <limit> fails
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant tries a sale of 0.01 more than <limit>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 10.00

      Examples:
        | limit                                                    |
        | the balance, with a cashback of 50 percent               |
        | the balance and the gifts, with a cashback of 50.00      |
        | the balance and the gifts, with a cashback of 50 percent |

    Scenario: A sale of exactly the balance and the gifts succeeds
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant tries a sale of exactly the balance and the gifts
      Then the sale succeeds
      And the balance is 0.00
      And 0.00 of the gifts are left

    Scenario: A sale of exactly the balance and two gifts succeeds
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And another gift of 10.00 on the wallet
      When the merchant tries a sale of 0.01 more than the balance and the gifts
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant tries a sale of exactly the balance and the gifts
      Then the sale succeeds
      And the balance is 0.00
      And 0.00 of the gifts are left

    Scenario: A gift that the sale may not use does not pay what is missing
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant tries a sale of 5.00 more than the balance
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant makes a sale of 90.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 70.00

    Scenario: A cashback does not pay for its own sale
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 5.00 more than the balance, with a cashback of 50.00
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant makes a sale of 60.00 with a cashback of 50.00
      Then the balance falls by 10.00

  @E-4 @E-1
  Rule: A sale fails and changes nothing if the alias is unknown, if Amount is zero, negative or not a number, or if Alias or Amount is missing. With CashbackApply, the same holds for an unknown CashbackType or a negative CashbackValue

    Scenario: A sale by an alias of no wallet is not charged to a wallet that is opened later
      When the merchant tries a sale of 10.00 by an alias of no wallet, which is opened then
      And the merchant deposits 50.00
      Then the new wallet has 50.00

    Scenario Outline: A sale made <flaw> fails
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And the merchant has made a sale of 10.00
      When the merchant tries a sale <flaw>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant tries a sale of exactly the balance and the gifts
      Then the sale succeeds
      And the balance is 0.00
      And 0.00 of the gifts are left

      Examples:
        | flaw                                                        |
        | by an unknown alias                                         |
        | by its alias with a zero in front                           |
        | by its alias with a country code in front                   |
        | by its alias with the digits of a country code in front     |
        | by its alias with another first digit                       |
        | by its alias with another digit inside                      |
        | by its alias with another last digit                        |
        | by its alias with two more digits                           |
        | by its alias without its last digit                         |
        | by its alias with a blank behind it                         |
        | by its alias with a hyphen inside                           |
        | by its alias with a percent sign in place of its last digit |
        | by its alias with an underscore in place of its last digit  |
        | by its alias with an asterisk in place of its last digit    |
        | by its alias in full-width digits                           |
        | by an alias that is null                                    |
        | by an alias that is empty                                   |

    Scenario Outline: A sale of an amount that is <flaw> fails
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And the merchant has made a sale of 10.00
      When the merchant tries a sale of an amount that is <flaw>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant tries a sale of exactly the balance and the gifts
      Then the sale succeeds
      And the balance is 0.00
      And 0.00 of the gifts are left

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

    Scenario Outline: A sale without its <member> fails
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 10.00
      When the merchant tries a sale without its <member>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant tries a sale of exactly the balance
      Then the sale succeeds
      And the balance is 0.00

      Examples:
        | member |
        | Alias  |
        | Amount |

    Scenario: A sale without any member fails
      Given a wallet with 100.00 to spend
      When the merchant tries a sale without any member
      Then the sale fails
      And the balance and the gifts are unchanged

    @hostile
    Scenario: A sale by its alias with a null character and more behind it fails
      Given a wallet with 100.00 to spend
      When the merchant tries a sale by its alias with a null character and more behind it
      Then the sale fails
      And the balance and the gifts are unchanged

    Scenario Outline: A sale with a cashback of <wrong> fails
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant tries a sale with a cashback of <wrong>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant tries a sale of exactly the balance and the gifts
      Then the sale succeeds
      And the balance is 0.00

      Examples:
        | wrong                             |
        | an unknown type                   |
        | an unknown type and of 0.00       |
        | the type 0                        |
        | the type 1                        |
        | a type that is one letter longer  |
        | a type that is one letter shorter |

    Scenario Outline: A sale with a cashback of <value> fails
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant tries a sale with a cashback of <value>
      Then the sale fails
      And the balance and the gifts are unchanged
      When the merchant makes a sale of 10.00 with a cashback of 5.00
      Then the balance falls by 5.00

      Examples:
        | value          |
        | -5.00          |
        | -0.01          |
        | -10.00 percent |
        | -0.01 percent  |
