@walletapi
Feature: A sale by alias
  A merchant takes an amount from the wallet behind an alias and gets the transaction in response.

  @T-1
  Rule: A sale answers the success envelope with every documented member of the transaction

    Scenario: A plain sale answers a whole transaction
      Given a wallet holding 100.00
      When a sale of 30.00 is made
      Then the response is a whole transaction

    Scenario: A sale with gift and cashback answers a whole transaction
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 30.00 that may use gifts is made with a cashback of 10.00
      Then the response is a whole transaction

  @T-2
  Rule: Amount, Description and ExternalReference come back as they were sent; TransactionType is Purchase

    Scenario Outline: A sale of <amount> comes back as it was sent
      Given a wallet holding 100.00
      When a sale of <amount> is made
      Then the amount, the description and the reference come back as they were sent
      And it is a Purchase

      Examples:
        | amount |
        | 1      |
        | 0.01   |
        | 30.10  |
        | 99.99  |

    Scenario Outline: A description such as "<text>" comes back as it was sent
      Given a wallet holding 100.00
      When a sale of 10.00 described as "<text>" is made
      Then the amount, the description and the reference come back as they were sent

      Examples:
        | text                  |
        | Casey Padberg         |
        | Çay & simit, 2 x ₺5   |
        | <b>50% off</b> \\ 'n' |

    Scenario: With gift and cashback the amount is still the one that was sent
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 30.00 that may use gifts is made with a cashback of 10.00
      Then the amount, the description and the reference come back as they were sent
      And it is a Purchase

  @T-3
  Rule: Id and UniqueCode are unique to the transaction

    Scenario: Two equal sales have an id and a code each
      Given a wallet holding 100.00
      When a sale of 10.00 is made
      And another sale of 10.00 is made
      Then each has an id and a code of its own

  @T-4
  Rule: WalletId is the wallet behind the alias

    Scenario: A sale names the wallet that it took the money from
      Given a wallet holding 100.00
      When a sale of 30.00 is made
      Then the sale names the wallet behind the alias

    Scenario: With two wallets, each sale names its own and the other is untouched
      Given a wallet holding 100.00
      And another wallet holding 50.00
      And what the wallets hold is known
      When a sale of 30.00 is made
      Then the sale names the wallet behind the alias
      And the balance falls by 30.00
      And the other wallet holds what it held before

  @T-5
  Rule: CreatedAt is the moment at which the sale was made; UpdatedAt is null

    Scenario: A sale was created just now and never updated
      Given a wallet holding 100.00
      When a sale of 30.00 is made
      Then the sale was created between the platform's answers before and after it
      And it was never updated

  @T-6
  Rule: SourceWalletId, DestinationWalletId and MainTransactionId are null on a sale

    Scenario: A sale names no other wallet and no other transaction
      Given a wallet holding 100.00
      When a sale of 30.00 is made
      Then it names no other wallet and no other transaction

    Scenario: A second sale does not name the first
      Given a wallet holding 100.00
      And another sale of 10.00
      When a sale of 30.00 is made
      Then it names no other wallet and no other transaction

  @T-7
  Rule: BalanceAfterTransaction = balance before - Amount + GiftAmount + CashbackAmount, and reads back the same

    Scenario: After a plain sale
      Given a wallet holding 100.00
      When a sale of 30.10 is made
      Then the balance after it is what was there, less the amount, with gift and cashback, and reads back the same
      And the balance falls by 30.10

    Scenario Outline: After a sale of <amount>, which a float may get wrong
      Given a wallet holding 100.00
      When a sale of <amount> is made
      Then the balance after it is what was there, less the amount, with gift and cashback, and reads back the same
      And the balance falls by <amount>

      Examples:
        | amount |
        | 0.29   |
        | 1.15   |
        | 19.99  |

    Scenario: After a sale that leaves a gift alone
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 30.00 is made
      Then the balance after it is what was there, less the amount, with gift and cashback, and reads back the same
      And the balance falls by 30.00

    Scenario: After a sale that leaves a part of the gift
      Given a wallet holding 100.00
      And a gift of 50.00 on it
      When a sale of 30.00 that may use gifts is made
      Then the balance after it is what was there, less the amount, with gift and cashback, and reads back the same
      And the balance is untouched

    Scenario: After a sale that a gift pays in part
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 30.00 that may use gifts is made
      Then the balance after it is what was there, less the amount, with gift and cashback, and reads back the same
      And the balance falls by 10.00

    Scenario: After a sale with cashback
      Given a wallet holding 100.00
      When a sale of 30.00 with a cashback of 10.00 is made
      Then the balance after it is what was there, less the amount, with gift and cashback, and reads back the same
      And the balance falls by 20.00

    Scenario: After a sale with gift and cashback
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 30.00 that may use gifts is made with a cashback of 5.50
      Then the balance after it is what was there, less the amount, with gift and cashback, and reads back the same
      And the balance falls by 4.50

    Scenario: After a sale of the last minor unit, on sums that a float gets wrong
      Given a wallet holding 0.30
      And another sale of 0.10
      When a sale of 0.10 is made
      Then the balance after it is what was there, less the amount, with gift and cashback, and reads back the same
      And the balance falls by 0.10
