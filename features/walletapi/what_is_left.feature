@walletapi
Feature: What wallets have at the end
  What happens to a wallet later, or because of others, shows only when its balances are read once more.

  @M-1
  Rule: After any sequence of calls, balance = deposits - sales + gifts spent + cashback + undone sales (those that had neither gift nor cashback, as in R-2)

    Scenario: The wallets of a run keep what they had when their balances were read last
      Given a wallet with 20.00 to spend
      Then every wallet of the run has what was read last
