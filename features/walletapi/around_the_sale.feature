@walletapi
Feature: The calls around the sale
  Opening a wallet, depositing money, giving a gift and reading the balances, as docs/walletapi-related.md shows them.

  @T-8
  Rule: The calls around the sale (createWallet, depositByAlias, createGiftByAlias, balancesByAlias) return the success envelope with their documented members

    Scenario: Opening a wallet
      When the owner opens a wallet
      Then the response shows the wallet as it was requested
      And the wallet is found by its alias

    Scenario: Depositing money
      Given a wallet
      When the merchant deposits 20.50
      Then the response shows the wallet with its new balance

    Scenario: Depositing money onto a wallet with a gift
      Given a wallet without gifts
      And a gift of 5.00 on the wallet
      When the merchant deposits 20.50
      Then the response shows the wallet with its new balance

    Scenario: Giving a gift
      Given a wallet without gifts
      When the merchant gives a gift of 20.00
      Then the response shows the complete gift on this wallet
      And the wallet has 20.00 more in gifts than before

    Scenario: Giving a gift that expires
      Given a wallet without gifts
      When the merchant gives a gift of 20.00 that expires tomorrow
      Then the response shows the complete gift on this wallet
      And the response shows that the gift expires

    Scenario: Reading the balances of a wallet without gifts
      Given a wallet with no gifts yet and 20.00 to spend
      When the merchant reads the balances
      Then the response shows the wallet's balances, which add up to the total

    Scenario: Reading the balances of a wallet with a gift
      Given a wallet with no gifts yet and 20.00 to spend
      And a gift of 5.00 on the wallet
      When the merchant reads the balances
      Then the response shows the wallet's balances, which add up to the total

    Scenario Outline: The call for <action> with <form> succeeds
      Given a wallet without gifts
      And the merchant's call for <action>
      When the call is sent with <form>
      Then it succeeds

      Examples:
        | action       | form                                       |
        | a new wallet | its members in the reverse order           |
        | a new wallet | its texts in escapes of JSON               |
        | a new wallet | line breaks and blanks between its members |
        | a deposit    | its members in the reverse order           |
        | a deposit    | its texts in escapes of JSON               |
        | a deposit    | line breaks and blanks between its members |
        | a gift       | its members in the reverse order           |
        | a gift       | its texts in escapes of JSON               |
        | a gift       | line breaks and blanks between its members |

    Scenario Outline: A call for <action> without its <text> is rejected, or returns every member
      Given a wallet without gifts
      And the merchant's call for <action>
      When the call is sent without its <text>
      Then it is rejected, or the response has every member

      Examples:
        | action       | text              |
        | a new wallet | Description       |
        | a deposit    | Description       |
        | a deposit    | ExternalReference |
        | a gift       | Description       |
        | a gift       | ExternalReference |
        | a gift       | ExpirationDate    |
