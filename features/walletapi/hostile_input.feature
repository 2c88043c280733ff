@walletapi @hostile
Feature: Hostile input to the WalletAPI
  For readers who know JSON and HTTP. A body that is not a proper JSON object is rejected, and an odd one does no harm.

  @X-1
  Rule: Hostile input to a call that takes a body is rejected and changes nothing. No response is a 5xx, and the platform keeps serving requests

    Scenario Outline: The call for <action> rejects a body that is not one JSON object
      Given a wallet
      And the merchant's call for <action>
      When the call is sent with each of these bodies
        | not JSON              |
        | not UTF-8             |
        | not an object         |
        | text after the object |
      Then the platform rejects all of them
      And nobody has more or less money than before
      When the call is sent once more, as documented
      Then the platform accepts it

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |

    Scenario Outline: The call for <action> rejects NaN and Infinity
      Given a wallet
      And the merchant's call for <action>
      When the call is sent with each of these bodies
        | NaN or Infinity |
      Then the platform rejects all of them
      And nobody has more or less money than before
      When the call is sent once more, as documented
      Then the platform accepts it

      Examples:
        | action         |
        | a new wallet   |
        | a cancellation |
        | a refund       |

    Scenario Outline: The call for <action> rejects numbers and texts that are not an amount
      Given a wallet
      And the merchant's call for <action>
      When the call is sent with each of these bodies
        | NaN or Infinity                         |
        | 1e400 or a thousand digits as an amount |
        | an amount as text                       |
      Then the platform rejects all of them
      And nobody has more or less money than before
      When the call is sent once more, as documented
      Then the platform accepts it

      Examples:
        | action    |
        | a deposit |
        | a gift    |
        | a sale    |

    Scenario Outline: The call for <action> rejects a body that is too deep or too large
      Given a wallet
      And the merchant's call for <action>
      When the call is sent with each of these bodies
        | 10,000 levels |
        | 5 MB          |
      Then the platform rejects all of them
      And nobody has more or less money than before
      When the call is sent once more, as documented
      Then the platform accepts it

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |

    Scenario Outline: The call for <action> may accept an unusual body, and moves money only if it does
      Given a wallet
      And the merchant's call for <action>
      When the call is sent with each of these bodies, and each is accepted or rejected
        | a member twice       |
        | another Content-Type |
      Then money has moved only for the accepted calls
      And the response shows the texts as they were sent

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |

    Scenario Outline: The call for <action> may accept odd texts, and moves money only if it does
      Given a wallet
      And the merchant's call for <action>
      When the call is sent with each of these bodies, and each is accepted or rejected
        | half a surrogate pair |
        | a null byte           |
        | odd texts             |
      Then money has moved only for the accepted calls
      And the response shows the texts as they were sent

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |

    Scenario Outline: The call for <action> may accept members of another type, but never as an amount
      Given a wallet
      And the merchant's call for <action>
      When each member of the call is sent with every other type
      Then the platform rejects every wrong amount
      And money has moved only for the accepted calls

      Examples:
        | action         |
        | a new wallet   |
        | a deposit      |
        | a gift         |
        | a sale         |
        | a cancellation |
        | a refund       |
