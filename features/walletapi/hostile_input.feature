@walletapi
Feature: Hostile input to the WalletAPI
  What is no proper JSON object is rejected, and what is odd does no harm.

  @X-1
  Rule: Hostile input is rejected and changes nothing, no response is a 5xx, and the platform goes on serving

    Scenario Outline: In the call for <action>, <flaws> are rejected and cost nobody anything
      Given a wallet
      And the wallet's call for <action>
      When it is sent with <flaws>
      Then the platform rejects it
      And nobody holds more or less than before
      And the call goes through when it is sent as documented

      Examples:
        | action         | flaws                                                                                |
        | a new wallet   | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a new wallet   | NaN or Infinity                                                                      |
        | a new wallet   | 10,000 levels, 5 MB                                                                  |
        | a deposit      | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a deposit      | NaN or Infinity, 1e400 or a thousand digits as an amount, an amount as text          |
        | a deposit      | 10,000 levels, 5 MB                                                                  |
        | a gift         | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a gift         | NaN or Infinity, 1e400 or a thousand digits as an amount, an amount as text          |
        | a gift         | 10,000 levels, 5 MB                                                                  |
        | a sale         | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a sale         | NaN or Infinity, 1e400 or a thousand digits as an amount, an amount as text          |
        | a sale         | 10,000 levels, 5 MB                                                                  |
        | a cancellation | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a cancellation | NaN or Infinity                                                                      |
        | a cancellation | 10,000 levels, 5 MB                                                                  |
        | a refund       | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a refund       | NaN or Infinity                                                                      |
        | a refund       | 10,000 levels, 5 MB                                                                  |

    Scenario Outline: In the call for <action>, <oddities> do no harm
      Given a wallet
      And the wallet's call for <action>
      When it is sent, if oddly, with <oddities>
      Then money has moved only for what it took
      And what it shows of it is as it was sent

      Examples:
        | action         | oddities                                      |
        | a new wallet   | a member twice, another Content-Type          |
        | a new wallet   | half a surrogate pair, a null byte, odd texts |
        | a deposit      | a member twice, another Content-Type          |
        | a deposit      | half a surrogate pair, a null byte, odd texts |
        | a gift         | a member twice, another Content-Type          |
        | a gift         | half a surrogate pair, a null byte, odd texts |
        | a sale         | a member twice, another Content-Type          |
        | a sale         | half a surrogate pair, a null byte, odd texts |
        | a cancellation | a member twice, another Content-Type          |
        | a cancellation | half a surrogate pair, a null byte, odd texts |
        | a refund       | a member twice, another Content-Type          |
        | a refund       | half a surrogate pair, a null byte, odd texts |

    Scenario Outline: In the call for <action>, members of every other type do no harm
      Given a wallet
      And the wallet's call for <action>
      When its members are sent with every other type
      Then the platform rejects what is no amount
      And money has moved only for what it took

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |
