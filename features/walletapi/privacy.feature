@walletapi
Feature: What the WalletAPI's answers keep to themselves
  A rejection says what is wrong with the call, and nothing that helps whoever should not have sent it.

  @X-2
  Rule: No response carries a credential that was sent, and none names internals

    Scenario Outline: The call for <action>, sent <way>, is answered without either
      Given a wallet
      And a wallet's call for <action>
      When it is sent out <way>
      Then no response has carried a credential or told of the platform's insides

      Examples:
        | action         | way                               |
        | a new wallet   | as documented                     |
        | a new wallet   | with a credential that nobody has |
        | a new wallet   | for something that nobody knows   |
        | a deposit      | as documented                     |
        | a deposit      | with a credential that nobody has |
        | a deposit      | for something that nobody knows   |
        | a gift         | as documented                     |
        | a gift         | with a credential that nobody has |
        | a gift         | for something that nobody knows   |
        | a sale         | as documented                     |
        | a sale         | with a credential that nobody has |
        | a sale         | for something that nobody knows   |
        | a cancellation | as documented                     |
        | a cancellation | with a credential that nobody has |
        | a cancellation | for something that nobody knows   |
        | a refund       | as documented                     |
        | a refund       | with a credential that nobody has |
        | a refund       | for something that nobody knows   |
        | the balances   | as documented                     |
        | the balances   | with a credential that nobody has |
        | the balances   | for something that nobody knows   |

    Scenario Outline: The call for <action>, sent with a body to choke on, is answered without either
      Given a wallet
      And a wallet's call for <action>
      When its body is one that a parser or a database may choke on
      Then no response has carried a credential or told of the platform's insides

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |
