@alfred @race
Feature: Calls of Alfred at the same time
  For developers. Every clause also holds for calls that arrive together. Each user of a scenario is one round of the race; new users and purchases are created in four rounds.

  @P-9
  Rule: Confirming the same purchase again does not change the balance, even at the same time

    Scenario: Eight confirmations of one purchase at the same time charge it once
      Given 3 users with a balance of 80.00 each
      And each user has opened a session on a purchase of 10.00
      When each user confirms everything 8 times at the same time
      Then at least one call of each user was accepted
      And each user's balance is 70.00

    Scenario: Two sessions on a purchase, confirmed at the same time, charge it once
      Given 3 users with a balance of 80.00 each
      And each user has opened 2 sessions on the same purchase of 10.00
      When each user confirms everything 4 times at the same time
      Then at least one call of each user was accepted
      And each user's balance is 70.00

  @P-10 @P-8
  Rule: After a rejected confirmation, a valid one with the purchase's open session and its instrument still succeeds, and the balance pays the part that the session showed, even at the same time

    Scenario: A valid confirmation succeeds while wrong ones of the same purchase are rejected
      Given 3 users with a balance of 80.00 each
      And each user has opened a session on a purchase of 10.00
      When each user confirms the purchase while 7 wrong confirmations of it are made
      Then every call was accepted
      And each user's balance is 70.00

  @F-6
  Rule: Confirming the same payment again does not change the balance, even at the same time

    Scenario: Eight confirmations of one payment at the same time credit it once
      Given 3 users with a balance of 0.00 each
      And each user has created a payment of 20.00
      When each user confirms everything 8 times at the same time
      Then at least one call of each user was accepted
      And each user's balance is 20.00

  @S-7
  Rule: Purchases confirmed at the same time never spend the same balance twice, and no balance falls below zero

    Scenario Outline: Of eight purchases of <price> on a balance of 20.00, one takes its part and the others what is left
      Given 3 users with a balance of 20.00 each
      And each user has opened 8 sessions, each on another purchase of <price>
      When each user confirms everything at the same time
      Then at least one call of each user was accepted
      And each user's balance matches the accepted confirmations
      When each user funds the wallet with 200.00
      Then each user's balance has increased by 200.00

      Examples:
        | price |
        | 15.00 |
        | 50.00 |

    Scenario: Eight purchases that the balance covers together are all paid by it
      Given 3 users with a balance of 80.00 each
      And each user has opened 8 sessions, each on another purchase of 10.00
      When each user confirms everything at the same time
      Then every call was accepted
      And each user's balance is 0.00

  @S-8
  Rule: After any sequence of calls, balance = confirmed fundings - balance parts of confirmed purchases, even at the same time

    Scenario: Payments and purchases confirmed at the same time all count
      Given 3 users with a balance of 40.00 each
      And each user has created 4 payments of different amounts
      And each user has opened 4 sessions, each on another purchase of 10.00
      When each user confirms everything at the same time
      Then every call was accepted
      And each user's balance has changed by all payments and purchases

    @P-5 @W-3
    Scenario: Confirmations with wrong credentials are rejected while valid ones are made
      Given 3 users with a balance of 80.00 each
      And each user has created 2 payments of different amounts
      And each user has opened 2 sessions, each on another purchase of 10.00
      When each user confirms everything while others try the same with wrong credentials
      Then every call was accepted
      And each user's balance has changed by all payments and purchases

    Scenario: Purchases that are confirmed while the user authenticates again all count
      Given 3 users with a balance of 40.00 each
      And each user has opened 4 sessions, each on another purchase of 10.00
      When each user confirms everything and authenticates again at the same time
      Then every call was accepted
      And each user's balance is 0.00

    Scenario Outline: Calls of every kind at the same time as <kind> give the results of some sequential order
      When calls of every kind are made at the same time as <kind>
      Then every response and every balance is one that the model allows

      Examples:
        | kind                           |
        | fundings                       |
        | new payments                   |
        | purchases                      |
        | split purchases                |
        | new sessions                   |
        | new users                      |
        | wrong confirmations            |
        | another user's fundings        |
        | another user's split purchases |

  @F-3
  Rule: Confirming a payment increases the user's balance by the amount of the payment, whatever else is confirmed at the same time

    Scenario: Eight payments of one user confirmed at the same time are all credited
      Given 3 users with a balance of 0.00 each
      And each user has created 8 payments of different amounts
      When each user confirms everything at the same time
      Then every call was accepted
      And each user's balance has changed by all payments

  @F-8
  Rule: Funding one user does not change any other user's balance, even at the same time

    @F-2
    Scenario: Payments in Funding sessions that were opened at the same time credit each user
      Given 4 users with different balances
      When each user opens a Funding session, all at the same time, and pays in it
      Then each user's balance has changed by all payments

    Scenario: Payments of two users confirmed at the same time credit each user with that user's own
      Given 4 users with a balance of 0.00 each
      And each user has created 4 payments of different amounts
      When two users at a time confirm everything at the same time
      Then every call was accepted
      And each user's balance has changed by all payments

  @P-4
  Rule: Confirming a purchase with the cash method, the session and the session's instrument succeeds, even if its session was opened together with others

    Scenario: Sessions that were opened at the same time can each be confirmed
      Given 3 users with a balance of 80.00 each
      When each user opens 4 sessions at the same time, each on another purchase of 10.00
      And each user confirms one after another
      Then every call was accepted
      And each user's balance is 40.00

    Scenario: One of the sessions that were opened on a purchase at the same time can be confirmed
      Given 3 users with a balance of 80.00 each
      When each user opens 2 sessions at the same time on one purchase of 10.00
      And each user confirms one after another
      Then at least one call of each user was accepted
      And each user's balance is 70.00

  @S-5
  Rule: The next session shows the balance that is left, even if several users open sessions together

    Scenario: Sessions that four users open at the same time show each user's own balance
      Given 4 users with different balances
      When each user opens 2 sessions on purchases of 100.00, all at the same time
      Then each session shows the balance of its own user

    Scenario: The Admin UI shows what payments and purchases at the same time have left
      Given 2 users with a balance of 40.00 each
      And each user has created 4 payments of different amounts
      And each user has opened 4 sessions, each on another purchase of 10.00
      When each user confirms everything at the same time
      Then each user's balance has changed by all payments and purchases
      And the Admin UI, if there is one, shows the same balance of each user

  @A-2
  Rule: The same externalReferenceId always reaches the same wallet, even if its first authentications arrive together

    Scenario: Eight first authentications with one reference at the same time reach one wallet
      Given a user
      When the platform authenticates a new user 8 times at the same time
      Then each reference has reached one wallet, and still reaches it

    Scenario: Eight users who authenticate again at the same time reach the wallets that they had
      Given a user
      When the platform authenticates 8 new users at the same time
      And they all authenticate again at the same time
      Then each of them has reached the same wallet as before

  @A-3 @W-2
  Rule: A different externalReferenceId always reaches a different wallet, even if they arrive together

    Scenario: Authentications with eight new references at the same time reach eight wallets
      Given a user
      When the platform authenticates 8 new users at the same time
      Then each reference has reached a different wallet with a different account

  @W-2
  Rule: Reading a wallet returns the same walletAccountId every time, and no two wallets share one, even if they are read together

    Scenario: Eight wallets that are read at the same time return an account each, and the same as before
      Given a user
      When the platform authenticates 8 new users at the same time
      And each wallet is read, all at the same time
      Then each wallet has returned its own account

  @P-2
  Rule: Creating a purchase returns a new id every time, even if several calls arrive together

    Scenario: Eight purchases created at the same time have different ids
      Given a user
      When the shop creates 8 purchases of 10.00 at the same time
      Then every purchase has a different id

  @S-1
  Rule: The two parts that a session shows add up to the purchase amount, even if purchases are created together

    Scenario: Eight purchases of different amounts created at the same time keep their own
      Given a user with a balance of 20.00
      When the shop creates 8 purchases of different amounts at the same time
      Then a session on each of them shows its own amount
