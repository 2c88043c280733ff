@walletapi
Feature: Undoing a sale
  The merchant cancels or refunds a sale by its reference, and the wallet gets its money back, once.

  @R-1
  Rule: Cancelling or refunding a sale returns a separate transaction with its own TransactionType (Cancel or Refund), a new Id and a new UniqueCode. Its MainTransactionId is the sale's Id, its ExternalReference is the sale's, and its CashbackAmount is 0

    Scenario Outline: A sale that is <undone> is named in the new transaction
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      When the sale is <undone>
      Then the response is a separate transaction, by which the sale is <undone>

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: The call for <action> with <form> succeeds
      Given a wallet
      And the merchant's call for <action>
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | action         | form                                       |
        | a cancellation | its members in the reverse order           |
        | a cancellation | its texts in escapes of JSON               |
        | a cancellation | line breaks and blanks between its members |
        | a refund       | its members in the reverse order           |
        | a refund       | its texts in escapes of JSON               |
        | a refund       | line breaks and blanks between its members |

    Scenario Outline: A sale with cashback that is <undone> is named, without cashback
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00 with a cashback of 10.00
      When the sale is <undone>
      Then the response is a separate transaction, by which the sale is <undone>

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    @R-2
    Scenario Outline: The response names the sale that was <undone>, not the other one
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      And the merchant has made another sale of 45.00
      When the sale is <undone>
      Then the response is a separate transaction, by which the sale is <undone>
      And 30.00 is returned to the wallet
      And the response's balance is the one that is read back

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    @R-2
    Scenario Outline: Of two sales whose references differ only in <difference>, the one that is undone is named
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      And the merchant has made another sale of 20.00, whose reference differs in <difference>
      When the sale is cancelled
      Then the response is a separate transaction, by which the sale is cancelled
      And 30.00 is returned to the wallet
      When the other sale is refunded
      Then 20.00 is returned to the wallet

      Examples:
        | difference              |
        | its last letter         |
        | its first letter        |
        | its length              |
        | the case of its letters |
        | its punctuation         |
        | an accent               |
        | a blank at its end      |

    @R-2
    Scenario: Of two sales whose long references differ only in the last letter, the one that is undone is named
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00 with a reference of 70 letters, if the platform takes it
      And the merchant has made another sale of 20.00, whose reference differs in its last letter
      When the other sale is refunded
      Then 20.00 is returned to the wallet
      When the sale is cancelled
      Then the response is a separate transaction, by which the sale is cancelled
      And 30.00 is returned to the wallet

    Scenario Outline: Each sale that is <undone> is named in its own transaction, with a code of its own
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And the merchant has made another sale of 20.00
      And the other sale is <undone>
      When the merchant makes a sale of 30.00 that may use gifts
      And the sale is <undone>
      Then the response is a separate transaction, by which the sale is <undone>
      And its id and code are not those of the other undone sale

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: A sale that is <undone> is named, although its gift has paid another since
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 50.00 on the wallet
      When the merchant makes a sale of 10.00 that may use gifts
      And the merchant makes another sale of 15.00 that may use gifts
      And the sale is <undone>
      Then the response is a separate transaction, by which the sale is <undone>

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

  @R-2
  Rule: Cancelling or refunding a sale that had neither gift nor cashback gives the wallet its Amount back once. A second attempt, by cancel or refund, fails and changes nothing

    Scenario Outline: A sale of <amount> that is <undone> gives its amount back
      Given a wallet with 1000.00 to spend
      And the merchant has made a sale of <amount>
      When the sale is <undone>
      Then <amount> is returned to the wallet
      And the response's balance is the one that is read back

      Examples:
        | undone    | amount |
        | cancelled | 30.10  |
        | cancelled | 19.99  |
        | cancelled | 412.50 |
        | refunded  | 30.10  |
        | refunded  | 1.15   |
        | refunded  | 412.50 |

    Scenario Outline: A sale that is <undone> after 25 more gives its amount back
      Given a wallet with 100.00 to spend
      And the merchant has made another sale of 30.00
      When the merchant makes 25 more sales of 1.00
      And the other sale is <undone>
      Then 30.00 is returned to the wallet

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: A sale that is <undone> leaves alone the cashback of a later sale
      Given a wallet with 100.00 to spend
      And the merchant has made another sale of 30.00
      And the merchant has made a sale of 20.00 with a cashback of 5.00
      When the other sale is <undone>
      Then 30.00 is returned to the wallet

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: A sale of the whole balance gives it back when it is <undone>
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 100.00
      When the sale is <undone>
      Then 100.00 is returned to the wallet
      And the response's balance is the one that is read back

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario Outline: A sale that was <first> cannot be <second> a second time after a dozen others were cancelled
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      And the sale is <first>
      When the merchant makes 12 more sales of 1.00, and cancels each
      And the same sale is <second> again
      Then the second attempt fails and changes nothing

      Examples:
        | first     | second    |
        | cancelled | refunded  |
        | refunded  | cancelled |

    Scenario Outline: A sale that was <first> cannot be <second> a second time, also after another sale was undone
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      And the merchant has made another sale of 20.00
      And the sale is <first>
      And the other sale is refunded
      When the same sale is <second> again
      Then the second attempt fails and changes nothing

      Examples:
        | first     | second    |
        | cancelled | cancelled |
        | refunded  | refunded  |

    Scenario Outline: A sale that is <undone> after a sale from another wallet gives its own wallet the amount back
      Given a wallet with 100.00 to spend
      And another wallet with 50.00 to spend
      And the merchant has made a sale of 30.00
      And the merchant has made a sale of 40.00 from the other wallet
      When the sale is <undone>
      Then 30.00 is returned to the wallet
      And the other wallet has paid only its own sale

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario: Each of two sales is given back once
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      And the merchant has made another sale of 20.00
      When the sale is cancelled
      Then 30.00 is returned to the wallet
      When the other sale is refunded
      Then 20.00 is returned to the wallet

    Scenario Outline: A sale that was <first> is not <second> again
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      And the sale is <first>
      When the same sale is <second> again
      Then the second attempt fails and changes nothing

      Examples:
        | first     | second    |
        | cancelled | cancelled |
        | cancelled | refunded  |
        | refunded  | refunded  |
        | refunded  | cancelled |

    Scenario Outline: A sale that was to be cancelled <flaw> is given back once
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 30.00
      When the sale is cancelled <flaw>, and as documented if that is rejected
      Then 30.00 is returned to the wallet
      When the same sale is refunded again
      Then the second attempt fails and changes nothing

      Examples:
        | flaw                                     |
        | with a RollbackFee that is a text        |
        | with a RollbackCashback that is a number |
        | by an unknown reference                  |
        | without its reference                    |
        | with an unknown apikeypublic             |
        | without apiclientpublic                  |

    Scenario: A sale with the reference of one that failed gives back its own amount
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 0.01 more than the balance
      And the merchant tries it for 10.00 instead, with the same reference, and cancels what was accepted
      Then the balance and the gifts are unchanged

    @slow
    Scenario Outline: A sale that was <first> is not <second> again after a pause
      Given a sale of 30.00 that was <first> some seconds ago, and another one of 20.00
      When that sale is <second> again
      Then the second attempt fails and changes nothing
      When the other one is <second>
      Then 20.00 is returned to the wallet

      Examples:
        | first     | second   |
        | cancelled | refunded |
