@walletapi @walk
Feature: Any sequence of the WalletAPI's calls
  For developers. Random calls in any order, and a model of the contract that says which responses are allowed.

  @M-1
  Rule: After any sequence of calls, balance = deposits - sales + gifts spent + cashback + undone sales (those that had neither gift nor cashback, as in R-2)

    Scenario: Whatever is called, the balances are what came in minus what went out
      When deposits, gifts, sales, cancels and refunds are made in random order, and sales that must fail are tried
      Then every response and every balance is one that the model allows
