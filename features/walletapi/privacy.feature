@walletapi
Feature: What the WalletAPI keeps to itself
  For readers who know HTTP. A response, and above all a rejection, shows no credential and nothing of the platform's code.

  @X-2
  Rule: No response contains, in its body or headers, a credential that was sent, except the accessToken in the response that issues it. No response reveals internals

    Scenario Outline: The response to a call for <action>, sent <way>, reveals neither credentials nor internals
      Given a wallet
      And the merchant's call for <action>
      When the call is sent <way>
      Then no response has revealed a credential or internals

      Examples:
        | action         | way                        |
        | a new wallet   | as documented              |
        | a new wallet   | with an unknown credential |
        | a new wallet   | for an unknown id          |
        | a deposit      | as documented              |
        | a deposit      | with an unknown credential |
        | a deposit      | for an unknown id          |
        | a deposit      | without an id              |
        | a gift         | as documented              |
        | a gift         | with an unknown credential |
        | a gift         | for an unknown id          |
        | a gift         | without an id              |
        | a sale         | as documented              |
        | a sale         | with an unknown credential |
        | a sale         | for an unknown id          |
        | a sale         | without an id              |
        | a cancellation | as documented              |
        | a cancellation | with an unknown credential |
        | a cancellation | for an unknown id          |
        | a cancellation | without an id              |
        | a refund       | as documented              |
        | a refund       | with an unknown credential |
        | a refund       | for an unknown id          |
        | a refund       | without an id              |
        | the balances   | as documented              |
        | the balances   | with an unknown credential |
        | the balances   | for an unknown id          |
        | the balances   | without an id              |

    @hostile
    Scenario Outline: The response to a call for <action> with a broken body reveals neither credentials nor internals
      Given a wallet
      And the merchant's call for <action>
      When the call is sent with bodies that break a parser or a database
      Then no response has revealed a credential or internals

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |

    @hostile
    Scenario Outline: The response to a call for <action>, sent for an unknown id with a quote, reveals neither credentials nor internals
      Given a wallet
      And the merchant's call for <action>
      When the call is sent for an unknown id with a quote
      Then no response has revealed a credential or internals

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |
        | the balances   |

    @hostile
    Scenario Outline: The response to a call for <action>, sent for an unknown id with a null character, reveals neither credentials nor internals
      Given a wallet
      And the merchant's call for <action>
      When the call is sent for an unknown id with a null character
      Then no response has revealed a credential or internals

      Examples:
        | action       |
        | the balances |
        | a refund     |
