@alfred
Feature: What Alfred's answers keep to themselves
  A rejection says what is wrong with the call, and nothing that helps whoever should not have sent it.

  @X-2
  Rule: No response carries a credential that was sent, and none names internals

    Scenario Outline: The call for <action>, sent <way>, is answered without either
      Given a user
      And a user's call for <action>
      When it is sent out <way>
      Then no response has carried a credential or told of the platform's insides

      Examples:
        | action                         | way                               |
        | an authentication              | as documented                     |
        | an authentication              | with a credential that nobody has |
        | an authentication              | for something that nobody knows   |
        | a purchase                     | as documented                     |
        | a purchase                     | with a credential that nobody has |
        | a purchase                     | for something that nobody knows   |
        | a session on a purchase        | as documented                     |
        | a session on a purchase        | with a credential that nobody has |
        | a session on a purchase        | for something that nobody knows   |
        | the confirmation of a purchase | as documented                     |
        | the confirmation of a purchase | with a credential that nobody has |
        | the confirmation of a purchase | for something that nobody knows   |
        | the wallet                     | as documented                     |
        | the wallet                     | with a credential that nobody has |
        | the wallet                     | for something that nobody knows   |
        | a Funding session              | as documented                     |
        | a Funding session              | with a credential that nobody has |
        | a Funding session              | for something that nobody knows   |
        | a payment                      | as documented                     |
        | a payment                      | with a credential that nobody has |
        | a payment                      | for something that nobody knows   |
        | the confirmation of a payment  | as documented                     |
        | the confirmation of a payment  | with a credential that nobody has |
        | the confirmation of a payment  | for something that nobody knows   |

    Scenario Outline: The call for <action>, sent with a body to choke on, is answered without either
      Given a user
      And a user's call for <action>
      When its body is one that a parser or a database may choke on
      Then no response has carried a credential or told of the platform's insides

      Examples:
        | action                         |
        | an authentication              |
        | a purchase                     |
        | a session on a purchase        |
        | the confirmation of a purchase |
        | a Funding session              |
        | a payment                      |
