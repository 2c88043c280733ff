@walletapi
Feature: Every kind of sale
  Gifts, cashback, amounts, texts and what happened before, in all pairs. A model of the contract predicts each response.

  @T-7
  Rule: A sale returns BalanceAfterTransaction = balance before - Amount + GiftAmount + CashbackAmount, and reading the balance back returns the same value

    Scenario Outline: Every kind of sale from a wallet with <gifts> returns what the model predicts
      When the merchant makes sales of every kind from wallets with <gifts>
      Then every response and every balance is one that the model allows

      Examples:
        | gifts                                            |
        | no gift                                          |
        | a gift of a part of the amount                   |
        | a gift of exactly the amount                     |
        | a gift of more than the amount                   |
        | three gifts of a part of the amount together     |
        | two gifts, of which both are needed              |
        | a gift that expires in minutes                   |
        | a gift that expires within the hour, west of UTC |
        | a gift that expires within the hour, east of UTC |
        | a gift that expires in ten years                 |
        | a gift of which a part was spent before          |
