@walletapi @walk
Feature: Any sequence of the WalletAPI's calls
  Money comes and goes in any order; a small model of the contract says what each response may be.

  @M-1
  Rule: Over any sequence of calls, balance = deposits - sales + gifts spent + cashback + undone sales

    Scenario: Whatever is called, the wallets hold what came in less what went out
      When money is deposited, given, spent and given back at random, and what must fail is tried
      Then each response, and every balance after it, was one that the calls before it allow
