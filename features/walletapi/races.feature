@walletapi @race
Feature: Calls of the WalletAPI at the same time
  For developers. Every clause also holds for calls that arrive together. Each race has three rounds or more, on the same wallet.

  @M-2
  Rule: Sales made at the same time never spend the same money twice, and no balance falls below zero

    Scenario Outline: Of eight sales of a third of the balance, three succeed<with>
      Given a wallet without gifts
      When the merchant makes 8 sales of a third of the balance at the same time<with>
      Then 3 calls of each round are accepted
      And the balance and the gifts match the accepted sales

      Examples:
        | with                                 |
        |                                      |
        | , with a cashback of 0.01 each       |
        | , every other of which may use gifts |

    @T-7
    Scenario: The balances after sales at the same time are those of one sale after another
      Given a wallet
      When the merchant makes 8 sales of a third of the balance at the same time
      Then the responses match one sale after another

    @G-1 @T-7
    Scenario: A gift and the balance together pay three of eight sales of a third, and neither pays twice
      Given a wallet without gifts
      When the merchant makes 8 sales of a third of the balance and a gift of 15.00 at the same time
      Then 3 calls of each round are accepted
      And the responses match one sale after another
      And the balance and the gifts match the accepted sales

  @T-3
  Rule: Every transaction has an Id and a UniqueCode that no other transaction has, even if several are made together

    Scenario: Eight sales at the same time have different ids and codes
      Given a wallet
      When the merchant makes 8 sales of 5.00 at the same time
      Then every call is accepted
      And all sales have different ids and codes

  @T-4
  Rule: A sale returns the WalletId of the wallet behind the alias, even if sales of several wallets are made together

    Scenario: Sales that may use gifts, from two wallets at the same time, each name their own wallet
      Given a wallet with 100.00 to spend
      And another wallet with 100.00 to spend
      When the merchant makes 4 sales of 5.00 that may use gifts from each wallet, all at the same time
      Then each sale names its own wallet

  @R-2
  Rule: Cancelling or refunding a sale that had neither gift nor cashback gives the wallet its Amount back once, even if cancel and refund arrive together

    Scenario: Of eight cancels and refunds of one sale at the same time, one gives the money back
      Given a wallet
      When the merchant undoes a sale of 10.00 8 times at the same time
      Then 1 call of each round is accepted
      And each round increases the balance by 10.00

    Scenario: Eight sales cancelled or refunded at the same time: every amount is returned once
      Given a wallet
      When the merchant undoes 8 sales of 10.00 at the same time
      Then every call is accepted
      And each round increases the balance by 80.00

  @M-1 @M-2
  Rule: Calls at the same time give the responses and the balances of some sequential order

    Scenario Outline: Calls of every kind at the same time as <kind> on a wallet give the results of some sequential order
      When calls of every kind are made at the same time as <kind> on a wallet
      Then every response and every balance is one that the model allows

      Examples:
        | kind                      |
        | deposits                  |
        | gifts                     |
        | sales                     |
        | sales that may use gifts  |
        | sales with cashback       |
        | sales of half the balance |
        | sales of too much         |
        | cancels and refunds       |
        | another wallet's deposits |
        | another wallet's sales    |

  @M-1
  Rule: After any sequence of calls, balance = deposits - sales + gifts spent + cashback + undone sales, even if the calls arrive together

    Scenario: Deposits, sales and cashbacks at the same time all count
      Given a wallet
      When the merchant makes 4 deposits of 10.00 and 4 sales of 5.00, two with a cashback of 1.00, at the same time
      Then every call is accepted
      And each round increases the balance by 22.00

    @E-5 @E-2
    Scenario: Sales with wrong credentials fail while valid ones are made
      Given a wallet
      When the merchant makes 4 sales of 5.00, and tries 4 with wrong credentials, at the same time
      Then the sales with wrong credentials fail, and the others are accepted
      And each round changes the balance by -20.00

    Scenario: Sales and undone sales at the same time all count
      Given a wallet
      When the merchant makes 4 sales of 5.00 and undoes 4 sales of 10.00 at the same time
      Then every call is accepted
      And each round increases the balance by 20.00

    Scenario: Wallets that are opened at the same time have a balance each
      When the owner opens 4 wallets at the same time, and deposits on each
      Then each wallet has its own deposit

    Scenario: Gifts given at the same time all count
      Given a wallet without gifts
      When the merchant gives 8 gifts of 1.00 at the same time
      Then every call is accepted
      And each round increases the gifts by 8.00

    Scenario: Balances that are read at the same time are those of their own wallets
      Given a wallet with 100.00 to spend
      And another wallet with 50.00 to spend
      When the balances of each wallet are read 4 times, all at the same time
      Then each response shows the balances of its own wallet

    Scenario Outline: Balances that are read while <call> is made are right afterwards
      Given a wallet
      When the merchant makes <call> while the balances are read 6 times
      Then every call is accepted
      And each round changes the balance by <change>

      Examples:
        | call                        | change |
        | a deposit of 10.00          | 10.00  |
        | a sale of 10.00             | -10.00 |
        | a cancel of a sale of 10.00 | 10.00  |

  @E-3
  Rule: A sale of more than the balance and the usable gifts together fails and changes nothing, also for a moment

    Scenario: Balances that are read while sales fail show what was there before
      Given a wallet with 100.00 to spend
      When the merchant tries 4 sales of more than there is while the balances are read 5 times
      Then no sale is accepted, and each reading shows what was there before
