@alfred
Feature: What Alfred keeps to itself
  For readers who know HTTP. A response, and above all a rejection, shows no credential and nothing of the platform's code.

  @X-2
  Rule: No response contains, in its body or headers, a credential that was sent, except the accessToken in the response that issues it. No response reveals internals

    Scenario Outline: The response to a call for <action>, sent <way>, reveals neither credentials nor internals
      Given a user
      And the user's call for <action>
      When the call is sent <way>
      Then no response has revealed a credential or internals

      Examples:
        | action                         | way                        |
        | an authentication              | as documented              |
        | an authentication              | with an unknown credential |
        | an authentication              | for an unknown id          |
        | an authentication              | without an id              |
        | a purchase                     | as documented              |
        | a purchase                     | with an unknown credential |
        | a purchase                     | for an unknown id          |
        | a purchase                     | without an id              |
        | a session on a purchase        | as documented              |
        | a session on a purchase        | with an unknown credential |
        | a session on a purchase        | for an unknown id          |
        | the confirmation of a purchase | as documented              |
        | the confirmation of a purchase | with an unknown credential |
        | the confirmation of a purchase | for an unknown id          |
        | the wallet                     | as documented              |
        | the wallet                     | with an unknown credential |
        | the wallet                     | for an unknown id          |
        | a Funding session              | as documented              |
        | a Funding session              | with an unknown credential |
        | a Funding session              | for an unknown id          |
        | a Funding session              | without an id              |
        | a payment                      | as documented              |
        | a payment                      | with an unknown credential |
        | a payment                      | for an unknown id          |
        | a payment                      | without an id              |
        | the confirmation of a payment  | as documented              |
        | the confirmation of a payment  | with an unknown credential |
        | the confirmation of a payment  | for an unknown id          |

    @hostile
    Scenario Outline: The response to a call for <action> with a broken body reveals neither credentials nor internals
      Given a user
      And the user's call for <action>
      When the call is sent with bodies that break a parser or a database
      Then no response has revealed a credential or internals

      Examples:
        | action                         |
        | an authentication              |
        | a purchase                     |
        | a session on a purchase        |
        | the confirmation of a purchase |
        | a Funding session              |
        | a payment                      |

    @hostile
    Scenario Outline: The response to a call for <action>, sent for an unknown id with a quote, reveals neither credentials nor internals
      Given a user
      And the user's call for <action>
      When the call is sent for an unknown id with a quote
      Then no response has revealed a credential or internals

      Examples:
        | action                         |
        | a purchase                     |
        | a session on a purchase        |
        | the confirmation of a purchase |
        | the wallet                     |
        | a Funding session              |
        | a payment                      |
        | the confirmation of a payment  |

    @hostile
    Scenario Outline: The response to a call for <action>, sent for an unknown id with a null character, reveals neither credentials nor internals
      Given a user
      And the user's call for <action>
      When the call is sent for an unknown id with a null character
      Then no response has revealed a credential or internals

      Examples:
        | action                        |
        | a session on a purchase       |
        | the wallet                    |
        | the confirmation of a payment |
