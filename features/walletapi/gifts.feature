@walletapi
Feature: Gifts
  A gift on a wallet is spent before the balance, where the sale asks for it.

  @G-1
  Rule: With UseGiftBalances a gift is spent first, and the balance pays only the rest

    Scenario: A gift smaller than the amount leaves the rest to the balance
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay 20.00
      And the balance falls by 10.00

    Scenario: A gift a minor unit smaller than the amount leaves a minor unit to the balance
      Given a wallet holding 100.00
      And a gift of 29.99 on it
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay 29.99
      And the balance falls by 0.01

    Scenario Outline: A gift of <gift>, which a float may get wrong, pays <gift>
      Given a wallet holding 100.00
      And a gift of <gift> on it
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay <gift>
      And the balance falls by <rest>

      Examples:
        | gift  | rest  |
        | 0.29  | 29.71 |
        | 19.99 | 10.01 |

    Scenario: Two gifts are spent before the balance
      Given a wallet holding 100.00
      And a gift of 10.00 on it
      And another gift of 15.00 on it
      When a sale of 40.00 that may use gifts is made
      Then the gifts pay 25.00
      And the balance falls by 15.00

    Scenario: A gift that expires tomorrow pays today
      Given a wallet holding 100.00
      And a gift of 20.00 on it that expires tomorrow
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay 20.00
      And the balance falls by 10.00

    Scenario: A gift on a wallet without a balance of its own pays a sale that it covers
      Given a wallet
      And a gift of 30.00 on it
      When a sale of 10.00 that may use gifts is made
      Then the gifts pay 10.00
      And the balance is untouched

  @G-2
  Rule: A gift that covers the whole amount leaves the balance untouched, and its rest stays for the next sale

    Scenario: A gift equal to the amount pays all of it
      Given a wallet holding 100.00
      And a gift of 30.00 on it
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay 30.00
      And the balance is untouched
      And 0.00 of the gifts is left

    Scenario: What is left of a larger gift pays in the next sale
      Given a wallet holding 100.00
      And a gift of 50.00 on it
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay 30.00
      And the balance is untouched
      And 20.00 of the gifts is left
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay 20.00
      And the balance falls by 10.00

    Scenario: Two gifts that cover the amount together leave the balance untouched
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      And another gift of 20.00 on it
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay 30.00
      And the balance is untouched
      And 10.00 of the gifts is left

    Scenario: A gift that is used up pays nothing more
      Given a wallet holding 100.00
      And a gift of 30.00 on it
      When a sale of 30.00 that may use gifts is made
      And a sale of 10.00 that may use gifts is made
      Then the sale names no gift
      And the balance falls by 10.00

  @G-3
  Rule: Without UseGiftBalances the gift is untouched and GiftAmount is null

    Scenario: A sale that does not ask for gifts is paid by the balance
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 30.00 is made
      Then no gift pays
      And the gifts are untouched
      And the balance falls by 30.00

  @G-4
  Rule: With no gift on the wallet, GiftAmount, GiftBalanceId and UsedGiftBalances are null

    Scenario: A sale that may use gifts finds none
      Given a wallet holding 100.00
      When a sale of 30.00 that may use gifts is made
      Then the sale names no gift
      And the balance falls by 30.00

    Scenario: A sale that does not ask for gifts finds none either
      Given a wallet holding 100.00
      When a sale of 30.00 is made
      Then the sale names no gift

  @G-5 @slow
  Rule: A gift past its ExpirationDate pays nothing

    Scenario: An expired gift pays nothing, and makes no sale possible that the balance does not cover
      Given a wallet holding 100.00 and a gift of 20.00 that has expired
      When a sale of 20.00 more than the wallet holds is tried, though it may use gifts
      Then it fails
      When a sale of 30.00 that may use gifts is made
      Then no gift pays
      And the balance falls by 30.00

  @G-6
  Rule: GiftBalanceId names a gift that paid, and UsedGiftBalances has as many elements as gifts paid

    Scenario: One gift that pays is named and counted
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      When a sale of 30.00 that may use gifts is made
      Then the sale names a gift that paid, and counts 1

    Scenario: Two gifts that pay are counted, and one of them is named
      Given a wallet holding 100.00
      And a gift of 10.00 on it
      And another gift of 15.00 on it
      When a sale of 40.00 that may use gifts is made
      Then the sale names a gift that paid, and counts 2

    Scenario: A gift that pays after another was used up is named, and counted alone
      Given a wallet holding 100.00
      And a gift of 10.00 on it, of which a sale left nothing
      And a gift of 20.00 on it
      When a sale of 30.00 that may use gifts is made
      Then the gifts pay 20.00
      And the sale names a gift that paid, and counts 1

    Scenario: Of two gifts, as many are counted as were needed
      Given a wallet holding 100.00
      And a gift of 20.00 on it
      And another gift of 20.00 on it
      When a sale of 15.00 that may use gifts is made
      Then the sale names a gift that paid, and counts 1
