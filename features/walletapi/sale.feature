@walletapi
Feature: A sale by alias
  A merchant charges an amount to the wallet behind an alias. The response is the transaction.

  @T-1
  Rule: A sale returns the success envelope with every documented member of the transaction, each of its documented type

    Scenario: A sale without gift or cashback returns a complete transaction
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00
      Then the response is a complete transaction

    Scenario Outline: A sale with <form> succeeds
      Given a wallet
      And the merchant's call for a sale
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | form                                       |
        | its members in the reverse order           |
        | its texts in escapes of JSON               |
        | line breaks and blanks between its members |

    Scenario: A sale with gift and cashback returns a complete transaction
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts with a cashback of 10.00
      Then the response is a complete transaction

  @T-2
  Rule: A sale returns Amount, Description and ExternalReference as they were sent. Its TransactionType is Purchase

    Scenario Outline: A sale of <amount> is returned as it was sent
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of <amount>
      Then the sale's amount, description and reference are as they were sent
      And the sale's type is Purchase

      Examples:
        | amount |
        | 1      |
        | 0.01   |
        | 30.10  |
        | 99.99  |

    Scenario Outline: A description such as "<text>" is returned as it was sent
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 10.00 described as "<text>"
      Then the sale's amount, description and reference are as they were sent

      Examples:
        | text                  |
        | Casey Padberg         |
        | Çay & simit, 2 x ₺5   |
        | <b>50% off</b> \\ 'n' |
        | Tea + cake, 100%2B    |

    Scenario: A description that differs from an earlier one only in case is returned as it was sent
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 10.00 described as "Tea and Cake"
      And the merchant makes a sale of 10.00 described as "TEA and cake"
      Then the sale's amount, description and reference are as they were sent

    Scenario: An empty description is returned as it was sent
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 10.00 with an empty description
      Then the sale's description is empty, or the sale was rejected

    Scenario: With gift and cashback the amount is still the one that was sent
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts with a cashback of 10.00
      Then the sale's amount, description and reference are as they were sent
      And the sale's type is Purchase

    Scenario Outline: A sale of 10.00, with its Amount written as <form>, is a sale of 10.00
      Given a wallet with 100.00 to spend
      When the merchant tries a sale of 10.00, with its Amount written as <form>
      Then the sale has taken its amount, or it was rejected and has taken nothing

      Examples:
        | form |
        | 1e1  |
        | 10.0 |
        | 10   |

  @T-3
  Rule: Every transaction has an Id and a UniqueCode that no other transaction has

    Scenario: Two equal sales have different ids and codes
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 10.00
      And the merchant makes another sale of 10.00
      Then the two sales have different ids and codes

    Scenario Outline: Two sales whose references differ only in <difference> have different ids and codes
      Given a wallet with 100.00 to spend
      And the merchant has made a sale of 10.00
      And the merchant has made another sale of 10.00, whose reference differs in <difference>
      Then the two sales have different ids and codes

      Examples:
        | difference              |
        | its last letter         |
        | the case of its letters |
        | an accent               |
        | a blank at its end      |

    Scenario: A sale with the reference of another is rejected, or is a transaction of its own
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 10.00
      And the merchant tries another sale of 10.00 with the same reference
      Then the second sale has taken no money, or has an id and a code of its own

  @T-7
  Rule: A sale returns BalanceAfterTransaction = balance before - Amount + GiftAmount + CashbackAmount, and reading the balance back returns the same value

    Scenario Outline: A sale of <amount> takes that much off the balance
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of <amount>
      Then the balance falls by <amount>

      Examples:
        | amount |
        | 1      |
        | 0.5    |
        | 10.5   |
        | 10.05  |

  @T-4
  Rule: A sale returns the WalletId of the wallet behind the alias

    Scenario: A sale names the wallet that it took the money from
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00
      Then the sale names the wallet behind the alias

    Scenario: A sale by an alias that is escaped in JSON names the same wallet
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00, with its alias escaped in JSON
      Then the sale names the wallet behind the alias

    Scenario: With two wallets, each sale names its own and the other is unchanged
      Given a wallet with 100.00 to spend
      And another wallet with 50.00 to spend
      When the merchant makes a sale of 30.00
      Then the sale names the wallet behind the alias
      And the balance falls by 30.00
      And the other wallet is unchanged

    Scenario Outline: A wallet whose alias differs only in its <place> digit is another wallet
      Given another wallet with 50.00 to spend
      And a wallet with 100.00 to spend, whose alias differs only in its <place> digit
      And the merchant has made a sale of 10.00 from the other wallet
      When the merchant makes a sale of 30.00
      Then the sale names the wallet behind the alias
      And the balance falls by 30.00
      And the other wallet has paid only its own sale

      Examples:
        | place |
        | first |
        | fifth |
        | last  |

  @T-5
  Rule: CreatedAt is the time of the sale: between the Date headers of the responses before and after it, to within 2 s (without a Date header: our clock, to within 60 s). UpdatedAt is null

    Scenario: A sale was created just now and never updated
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00
      Then the sale was created between the platform's responses before and after it
      And the sale was never updated

    @slow
    Scenario: A sale that a gift pays has a time of its own, some seconds after the gift was given
      Given a wallet with 300.00 to spend and a gift of 20.00 that was given some seconds ago
      When the merchant makes a sale of 10.00 that may use gifts
      Then the sale was created between the platform's responses before and after it

    @slow
    Scenario: A sale some seconds after another, and after one that failed, has a time of its own
      Given a wallet with 300.00 to spend and a gift of 20.00 that has expired, after a part of it was spent and a sale failed
      When the merchant makes a sale of 30.00
      Then the sale was created between the platform's responses before and after it

  @T-6
  Rule: A sale returns null for SourceWalletId, DestinationWalletId and MainTransactionId

    Scenario: A sale names no other wallet and no other transaction
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00
      Then the sale names no other wallet and no other transaction

    Scenario: A second sale does not name the first
      Given a wallet with 100.00 to spend
      And the merchant has made another sale of 10.00
      When the merchant makes a sale of 30.00
      Then the sale names no other wallet and no other transaction

  @T-7
  Rule: A sale returns BalanceAfterTransaction = balance before - Amount + GiftAmount + CashbackAmount, and reading the balance back returns the same value

    Scenario: The balance after a sale without gift or cashback
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.10
      Then the sale shows the balance before it, minus what the balance paid, plus the cashback
      And the balance read back agrees
      And the balance falls by 30.10

    Scenario Outline: The balance after a sale of <amount>, which a float may get wrong
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of <amount>
      Then the sale shows the balance before it, minus what the balance paid, plus the cashback
      And the balance read back agrees
      And the balance falls by <amount>

      Examples:
        | amount |
        | 0.29   |
        | 1.15   |
        | 19.99  |

    Scenario: The balance after a sale that leaves a gift alone
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00
      Then the sale shows the balance before it, minus what the balance paid, plus the cashback
      And the balance read back agrees
      And the balance falls by 30.00

    Scenario: The balance after a sale that leaves a part of the gift
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 50.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the sale shows the balance before it, minus what the balance paid, plus the cashback
      And the balance read back agrees
      And the balance is unchanged

    Scenario: The balance after a sale that a gift pays in part
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the sale shows the balance before it, minus what the balance paid, plus the cashback
      And the balance read back agrees
      And the balance falls by 10.00

    Scenario: The balance after a sale with cashback
      Given a wallet with 100.00 to spend
      When the merchant makes a sale of 30.00 with a cashback of 10.00
      Then the sale shows the balance before it, minus what the balance paid, plus the cashback
      And the balance read back agrees
      And the balance falls by 20.00

    Scenario: The balance after a sale with gift and cashback
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts with a cashback of 5.50
      Then the sale shows the balance before it, minus what the balance paid, plus the cashback
      And the balance read back agrees
      And the balance falls by 4.50

    Scenario: The balance after a sale of the last minor unit, on amounts that floating-point numbers cannot represent
      Given a wallet with 0.30 to spend
      And the merchant has made another sale of 0.10
      When the merchant makes a sale of 0.10
      Then the sale shows the balance before it, minus what the balance paid, plus the cashback
      And the balance read back agrees
      And the balance falls by 0.10
