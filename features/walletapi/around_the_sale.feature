@walletapi
Feature: The calls around the sale
  Opening a wallet, putting money and gifts on it and reading it back, as docs/walletapi-related.md has them.

  @T-8
  Rule: The calls around the sale response the success envelope with their documented members

    Scenario: Opening a wallet
      When a wallet is opened for the target's owner
      Then the response shows the wallet as it was asked for
      And its alias reaches it

    Scenario: Depositing money
      Given a wallet
      When 20.50 is deposited
      Then the response shows the wallet with the balance that it now has

    Scenario: Depositing money onto a wallet with a gift
      Given a wallet
      And a gift of 5.00 on it
      When 20.50 is deposited
      Then the response shows the wallet with the balance that it now has

    Scenario: Giving a gift
      Given a wallet
      And what the wallet holds is known
      When a gift of 20.00 is given
      Then the response shows the gift, whole and on this wallet
      And the wallet's gifts are 20.00 more than before

    Scenario: Giving a gift that expires
      Given a wallet
      When a gift of 20.00 is given until tomorrow
      Then the response shows the gift, whole and on this wallet
      And it shows that the gift expires

    Scenario: Reading the balances of a wallet without gifts
      Given a wallet holding 20.00
      When the balances are read
      Then the response shows the wallet's balances, and the total is the wallet's own and the gifts'

    Scenario: Reading the balances of a wallet with a gift
      Given a wallet holding 20.00
      And a gift of 5.00 on it
      When the balances are read
      Then the response shows the wallet's balances, and the total is the wallet's own and the gifts'
