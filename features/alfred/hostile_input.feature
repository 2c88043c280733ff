@alfred
Feature: Hostile input to Alfred
  What is no proper JSON object is rejected, and what is odd does no harm.

  @X-1
  Rule: Hostile input is rejected and changes nothing, no response is a 5xx, and the platform goes on serving

    Scenario Outline: In the call for <action>, <flaws> are rejected and cost nobody anything
      Given a user
      And the user's call for <action>
      When it is sent with <flaws>
      Then the platform rejects it
      And nobody holds more or less than before
      And the call goes through when it is sent as documented

      Examples:
        | action                         | flaws                                                                                |
        | an authentication              | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | an authentication              | NaN or Infinity                                                                      |
        | an authentication              | 10,000 levels, 5 MB                                                                  |
        | a purchase                     | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a purchase                     | NaN or Infinity, 1e400 or a thousand digits as an amount, an amount as text          |
        | a purchase                     | 10,000 levels, 5 MB                                                                  |
        | a session on a purchase        | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a session on a purchase        | NaN or Infinity                                                                      |
        | a session on a purchase        | 10,000 levels, 5 MB                                                                  |
        | the confirmation of a purchase | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | the confirmation of a purchase | NaN or Infinity                                                                      |
        | the confirmation of a purchase | 10,000 levels, 5 MB                                                                  |
        | a Funding session              | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a Funding session              | NaN or Infinity                                                                      |
        | a Funding session              | 10,000 levels, 5 MB                                                                  |
        | a payment                      | what is not JSON, bytes that are not UTF-8, what is no object, text after the object |
        | a payment                      | NaN or Infinity, 1e400 or a thousand digits as an amount, an amount as text          |
        | a payment                      | 10,000 levels, 5 MB                                                                  |

    Scenario Outline: In the call for <action>, <oddities> do no harm
      Given a user
      And the user's call for <action>
      When it is sent, if oddly, with <oddities>
      Then money has moved only for what it took

      Examples:
        | action                         | oddities                                      |
        | an authentication              | a member twice, another Content-Type          |
        | an authentication              | half a surrogate pair, a null byte, odd texts |
        | a purchase                     | a member twice, another Content-Type          |
        | a purchase                     | half a surrogate pair, a null byte, odd texts |
        | a session on a purchase        | a member twice, another Content-Type          |
        | a session on a purchase        | half a surrogate pair, a null byte, odd texts |
        | the confirmation of a purchase | a member twice, another Content-Type          |
        | the confirmation of a purchase | half a surrogate pair, a null byte, odd texts |
        | a Funding session              | a member twice, another Content-Type          |
        | a Funding session              | half a surrogate pair, a null byte, odd texts |
        | a payment                      | a member twice, another Content-Type          |
        | a payment                      | half a surrogate pair, a null byte, odd texts |

    Scenario Outline: In the call for <action>, members of every other type do no harm
      Given a user
      And the user's call for <action>
      When its members are sent with every other type
      Then the platform rejects what is no amount
      And money has moved only for what it took

      Examples:
        | action                         |
        | an authentication              |
        | a purchase                     |
        | a session on a purchase        |
        | the confirmation of a purchase |
        | a Funding session              |
        | a payment                      |
