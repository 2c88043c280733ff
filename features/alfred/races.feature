@alfred @race
Feature: Calls of Alfred at the same moment
  What holds for one call after another holds for calls that arrive together: each user below is a round of its own.

  @P-9
  Rule: Confirming a second time charges nothing more, at the same moment either

    Scenario: Eight confirmations of one purchase at the same moment charge it once
      Given 3 users with a balance of 80.00 each
      And each has opened a session on a purchase of 10.00
      When each purchase is confirmed 8 times at the same moment
      Then each was accepted once or more
      And each user's balance is 70.00

    Scenario: Two sessions on a purchase, confirmed at the same moment, charge it once
      Given 3 users with a balance of 80.00 each
      And each has opened two sessions on a purchase of 10.00
      When each purchase is confirmed 8 times at the same moment
      Then each was accepted once or more
      And each user's balance is 70.00

  @F-6
  Rule: Confirming a payment a second time credits nothing more, at the same moment either

    Scenario: Eight confirmations of one payment at the same moment credit it once
      Given 3 users with a balance of 0.00 each
      And each has a payment of 20.00 to confirm
      When each payment is confirmed 8 times at the same moment
      Then each was accepted once or more
      And each user's balance is 20.00

  @S-7
  Rule: Purchases confirmed at the same moment never spend the same balance twice, and no balance goes below zero

    Scenario: Of eight purchases that each would take most of a balance, one takes its part and the others what is left
      Given 3 users with a balance of 20.00 each
      And each has opened 8 sessions, on as many purchases of 15.00
      When each user's purchases are confirmed at the same moment
      Then each was accepted once or more
      And what each was charged agrees with the answers, and no balance is below zero

    Scenario: Eight purchases that the balance covers together are all paid by it
      Given 3 users with a balance of 80.00 each
      And each has opened 8 sessions, on as many purchases of 10.00
      When each user's purchases are confirmed at the same moment
      Then every call was accepted
      And each user's balance is 0.00

  @S-8
  Rule: Balance = confirmed fundings - balance parts of confirmed purchases, at the same moment too

    Scenario: Payments and purchases confirmed at the same moment all count
      Given 3 users with a balance of 40.00 each
      And each has 4 payments to confirm, the first of 0.01 and each twice the one before
      And each has opened 4 sessions, on as many purchases of 10.00
      When each user's payments and purchases are confirmed at the same moment
      Then every call was accepted
      And each user's balance is what it was, and what was paid in, less what was bought

  @F-3
  Rule: Once a payment is confirmed, the user has that much more balance, whatever else is confirmed at that moment

    Scenario: Eight payments of one user confirmed at the same moment are all credited
      Given 3 users with a balance of 0.00 each
      And each has 8 payments to confirm, the first of 0.01 and each twice the one before
      When each user's payments are confirmed at the same moment
      Then every call was accepted
      And each user's balance is what it was and all that was paid in

  @F-8
  Rule: Funding one user leaves every other user's balance as it was, at the same moment too

    Scenario: Payments of two users confirmed at the same moment credit each with that user's own
      Given 4 users with a balance of 0.00 each
      And each has 4 payments to confirm, the first of 0.01 and each twice the one before
      When the payments of each two of them are confirmed at the same moment
      Then every call was accepted
      And each user's balance is what it was and all that was paid in

  @A-2
  Rule: The same externalReferenceId reaches the same wallet, also when its first logins arrive together

    Scenario: Eight first logins of one reference at the same moment reach one wallet
      Given a user
      When 8 first logins of one reference arrive at the same moment, for 4 references
      Then each reference has reached one wallet, and reaches it still

  @A-3 @W-2
  Rule: Another externalReferenceId reaches another wallet, also when they arrive together

    Scenario: First logins of eight references at the same moment reach eight wallets
      Given a user
      When first logins of 8 references arrive at the same moment, 2 times
      Then each reference has reached a wallet with an account of its own

  @P-2
  Rule: Every creation answers a new id, also when several arrive together

    Scenario: Eight purchases created at the same moment have ids of their own
      Given a user
      When the shop creates 8 purchases of 10.00 at the same moment, 4 times
      Then every purchase has an id of its own
