@alfred
Feature: Hostile input to Alfred
  What is no proper JSON object is refused, and what is odd does no harm.

  @X-1
  Rule: Hostile input is refused and changes nothing, no answer is a 5xx, and the platform goes on serving

    Scenario Outline: In the call for <action>, <flaw> is refused and costs nobody anything
      Given a user
      And the user's call for <action>
      When it is sent with <flaw>
      Then the platform refuses it
      And nobody holds more or less than before
      And the call goes through when it is sent as documented

      Examples:
        | action                         | flaw                                    |
        | an authentication              | what is not JSON                        |
        | an authentication              | bytes that are not UTF-8                |
        | an authentication              | what is no object                       |
        | an authentication              | text after the object                   |
        | an authentication              | NaN or Infinity                         |
        | an authentication              | 10,000 levels                           |
        | an authentication              | 5 MB                                    |
        | a purchase                     | what is not JSON                        |
        | a purchase                     | bytes that are not UTF-8                |
        | a purchase                     | what is no object                       |
        | a purchase                     | text after the object                   |
        | a purchase                     | NaN or Infinity                         |
        | a purchase                     | 10,000 levels                           |
        | a purchase                     | 5 MB                                    |
        | a purchase                     | 1e400 or a thousand digits as an amount |
        | a purchase                     | an amount as text                       |
        | a session on a purchase        | what is not JSON                        |
        | a session on a purchase        | bytes that are not UTF-8                |
        | a session on a purchase        | what is no object                       |
        | a session on a purchase        | text after the object                   |
        | a session on a purchase        | NaN or Infinity                         |
        | a session on a purchase        | 10,000 levels                           |
        | a session on a purchase        | 5 MB                                    |
        | the confirmation of a purchase | what is not JSON                        |
        | the confirmation of a purchase | bytes that are not UTF-8                |
        | the confirmation of a purchase | what is no object                       |
        | the confirmation of a purchase | text after the object                   |
        | the confirmation of a purchase | NaN or Infinity                         |
        | the confirmation of a purchase | 10,000 levels                           |
        | the confirmation of a purchase | 5 MB                                    |
        | a Funding session              | what is not JSON                        |
        | a Funding session              | bytes that are not UTF-8                |
        | a Funding session              | what is no object                       |
        | a Funding session              | text after the object                   |
        | a Funding session              | NaN or Infinity                         |
        | a Funding session              | 10,000 levels                           |
        | a Funding session              | 5 MB                                    |
        | a payment                      | what is not JSON                        |
        | a payment                      | bytes that are not UTF-8                |
        | a payment                      | what is no object                       |
        | a payment                      | text after the object                   |
        | a payment                      | NaN or Infinity                         |
        | a payment                      | 10,000 levels                           |
        | a payment                      | 5 MB                                    |
        | a payment                      | 1e400 or a thousand digits as an amount |
        | a payment                      | an amount as text                       |

    Scenario Outline: In the call for <action>, <oddity> does no harm
      Given a user
      And the user's call for <action>
      When it is sent, if oddly, with <oddity>
      Then money has moved only for what it took

      Examples:
        | action                         | oddity                |
        | an authentication              | a member twice        |
        | an authentication              | another Content-Type  |
        | an authentication              | half a surrogate pair |
        | an authentication              | a null byte           |
        | an authentication              | odd texts             |
        | a purchase                     | a member twice        |
        | a purchase                     | another Content-Type  |
        | a purchase                     | half a surrogate pair |
        | a purchase                     | a null byte           |
        | a purchase                     | odd texts             |
        | a session on a purchase        | a member twice        |
        | a session on a purchase        | another Content-Type  |
        | a session on a purchase        | half a surrogate pair |
        | a session on a purchase        | a null byte           |
        | a session on a purchase        | odd texts             |
        | the confirmation of a purchase | a member twice        |
        | the confirmation of a purchase | another Content-Type  |
        | the confirmation of a purchase | half a surrogate pair |
        | the confirmation of a purchase | a null byte           |
        | the confirmation of a purchase | odd texts             |
        | a Funding session              | a member twice        |
        | a Funding session              | another Content-Type  |
        | a Funding session              | half a surrogate pair |
        | a Funding session              | a null byte           |
        | a Funding session              | odd texts             |
        | a payment                      | a member twice        |
        | a payment                      | another Content-Type  |
        | a payment                      | half a surrogate pair |
        | a payment                      | a null byte           |
        | a payment                      | odd texts             |

    Scenario Outline: In the call for <action>, members of every other type do no harm
      Given a user
      And the user's call for <action>
      When its members are sent with every other type
      Then the platform refuses what is no amount
      And money has moved only for what it took

      Examples:
        | action                         |
        | an authentication              |
        | a purchase                     |
        | a session on a purchase        |
        | the confirmation of a purchase |
        | a Funding session              |
        | a payment                      |
