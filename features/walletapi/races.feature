@walletapi @race
Feature: Calls of the WalletAPI at the same moment
  What holds for one call after another holds for calls that arrive together.

  @M-2
  Rule: Sales made at the same moment never spend the same money twice, and no balance goes below zero

    Scenario: Of eight sales of a third of what the wallet holds, three succeed
      Given a wallet
      When a third of what it holds is sold 8 times at the same moment, in 3 rounds
      Then 3 of each round are accepted
      And the wallet is left with what the accepted ones did not take, and is not below zero

    @T-7
    Scenario: The balances after sales at the same moment are those of one after another
      Given a wallet
      When a third of what it holds is sold 8 times at the same moment, in 3 rounds
      Then the gifts paid and the balances after them fit an order of the accepted ones

    @G-1
    Scenario: A gift and the balance together pay three of eight thirds, and neither pays twice
      Given a wallet
      When a third of what it holds with a gift of 15.00 is sold 8 times at the same moment, in 3 rounds
      Then 3 of each round are accepted
      And the gifts paid and the balances after them fit an order of the accepted ones
      And the wallet is left with what the accepted ones did not take, and is not below zero

  @T-3
  Rule: Id and UniqueCode are unique to the transaction, also when several are made together

    Scenario: Eight sales at the same moment have ids and codes of their own
      Given a wallet
      When 8 sales of 5.00 are made at the same moment, in 3 rounds
      Then every one is accepted
      And each has an id and a code that no other has

  @R-2
  Rule: Undoing a sale gives the wallet its Amount back once, also when cancel and refund arrive together

    Scenario: Of eight cancels and refunds of one sale at the same moment, one gives the money back
      Given a wallet
      When a sale of 10.00 is undone 8 times at the same moment, in 3 rounds
      Then 1 of each round are accepted
      And each round leaves the wallet with 10.00 more than before

    Scenario: Eight sales undone at the same moment are all given back
      Given a wallet
      When 8 sales of 10.00 are undone at the same moment, in 2 rounds
      Then every one is accepted
      And each round leaves the wallet with 80.00 more than before

  @M-1
  Rule: Balance = deposits - sales + gifts spent + cashback + undone sales, whatever arrives together

    Scenario: Deposits, sales and cashbacks at the same moment all count
      Given a wallet
      When deposits, sales and cashbacks arrive at the same moment, in 3 rounds
      Then every one is accepted
      And each round leaves the wallet with what they make together

    Scenario: Gifts given at the same moment all count
      Given a wallet
      When 8 gifts of 1.00 are given at the same moment, in 3 rounds
      Then every one is accepted
      And each round leaves its gifts at 8.00 more than before
