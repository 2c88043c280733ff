@walletapi
Feature: Hostile input to the WalletAPI
  What is no proper JSON object is refused, and what is odd does no harm.

  @X-1
  Rule: Hostile input is refused and changes nothing, no answer is a 5xx, and the platform goes on serving

    Scenario Outline: In the call for <action>, <flaw> is refused and costs nobody anything
      Given a wallet
      And the wallet's call for <action>
      When it is sent with <flaw>
      Then the platform refuses it
      And nobody holds more or less than before
      And the call goes through when it is sent as documented

      Examples:
        | action         | flaw                                    |
        | a new wallet   | what is not JSON                        |
        | a new wallet   | bytes that are not UTF-8                |
        | a new wallet   | what is no object                       |
        | a new wallet   | text after the object                   |
        | a new wallet   | NaN or Infinity                         |
        | a new wallet   | 10,000 levels                           |
        | a new wallet   | 5 MB                                    |
        | a deposit      | what is not JSON                        |
        | a deposit      | bytes that are not UTF-8                |
        | a deposit      | what is no object                       |
        | a deposit      | text after the object                   |
        | a deposit      | NaN or Infinity                         |
        | a deposit      | 10,000 levels                           |
        | a deposit      | 5 MB                                    |
        | a deposit      | 1e400 or a thousand digits as an amount |
        | a deposit      | an amount as text                       |
        | a gift         | what is not JSON                        |
        | a gift         | bytes that are not UTF-8                |
        | a gift         | what is no object                       |
        | a gift         | text after the object                   |
        | a gift         | NaN or Infinity                         |
        | a gift         | 10,000 levels                           |
        | a gift         | 5 MB                                    |
        | a gift         | 1e400 or a thousand digits as an amount |
        | a gift         | an amount as text                       |
        | a sale         | what is not JSON                        |
        | a sale         | bytes that are not UTF-8                |
        | a sale         | what is no object                       |
        | a sale         | text after the object                   |
        | a sale         | NaN or Infinity                         |
        | a sale         | 10,000 levels                           |
        | a sale         | 5 MB                                    |
        | a sale         | 1e400 or a thousand digits as an amount |
        | a sale         | an amount as text                       |
        | a cancellation | what is not JSON                        |
        | a cancellation | bytes that are not UTF-8                |
        | a cancellation | what is no object                       |
        | a cancellation | text after the object                   |
        | a cancellation | NaN or Infinity                         |
        | a cancellation | 10,000 levels                           |
        | a cancellation | 5 MB                                    |
        | a refund       | what is not JSON                        |
        | a refund       | bytes that are not UTF-8                |
        | a refund       | what is no object                       |
        | a refund       | text after the object                   |
        | a refund       | NaN or Infinity                         |
        | a refund       | 10,000 levels                           |
        | a refund       | 5 MB                                    |

    Scenario Outline: In the call for <action>, <oddity> does no harm
      Given a wallet
      And the wallet's call for <action>
      When it is sent, if oddly, with <oddity>
      Then money has moved only for what it took
      And what it shows of it is as it was sent

      Examples:
        | action         | oddity                |
        | a new wallet   | a member twice        |
        | a new wallet   | another Content-Type  |
        | a new wallet   | half a surrogate pair |
        | a new wallet   | a null byte           |
        | a new wallet   | odd texts             |
        | a deposit      | a member twice        |
        | a deposit      | another Content-Type  |
        | a deposit      | half a surrogate pair |
        | a deposit      | a null byte           |
        | a deposit      | odd texts             |
        | a gift         | a member twice        |
        | a gift         | another Content-Type  |
        | a gift         | half a surrogate pair |
        | a gift         | a null byte           |
        | a gift         | odd texts             |
        | a sale         | a member twice        |
        | a sale         | another Content-Type  |
        | a sale         | half a surrogate pair |
        | a sale         | a null byte           |
        | a sale         | odd texts             |
        | a cancellation | a member twice        |
        | a cancellation | another Content-Type  |
        | a cancellation | half a surrogate pair |
        | a cancellation | a null byte           |
        | a cancellation | odd texts             |
        | a refund       | a member twice        |
        | a refund       | another Content-Type  |
        | a refund       | half a surrogate pair |
        | a refund       | a null byte           |
        | a refund       | odd texts             |

    Scenario Outline: In the call for <action>, members of every other type do no harm
      Given a wallet
      And the wallet's call for <action>
      When its members are sent with every other type
      Then the platform refuses what is no amount
      And money has moved only for what it took

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |
