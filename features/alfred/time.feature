@alfred @slow
Feature: Some seconds later
  What was confirmed once stays confirmed, and what was only opened costs nothing, also after a pause.

  @A-2
  Rule: The same externalReferenceId always reaches the same wallet, also later

    Scenario: A user who comes back some seconds later finds the same wallet and its balance
      Given a user who paid in 80.00 and left after buying for 30.00 some seconds ago
      When the platform authenticates that user again
      Then it is the same wallet, with a balance of 50.00

  @F-6
  Rule: Confirming the same payment again does not change the balance, also later

    Scenario: A payment that was confirmed some seconds ago is not credited again
      Given a user who paid in 80.00 and bought for 30.00 some seconds ago
      When that payment is confirmed again, with any result
      Then that user's balance is 50.00

  @P-9
  Rule: Confirming the same purchase again does not change the balance, also later

    Scenario: A purchase that was confirmed some seconds ago is not charged again
      Given a user who paid in 80.00 and bought for 30.00 some seconds ago
      When that purchase is confirmed again, with any result
      Then that user's balance is 50.00

  @S-6 @P-4
  Rule: A session that is opened but never confirmed does not spend any balance, also later

    Scenario: A session that was opened some seconds ago has spent nothing, and can still be confirmed
      Given a user who paid in 80.00 and opened a session on a purchase of 50.00 some seconds ago
      Then that user's balance is 80.00
      When that purchase is confirmed
      Then that user's balance is 30.00

  @P-5
  Rule: A confirmation without a known key is rejected and takes nothing, also later

    Scenario: A confirmation that was rejected for its key some seconds ago has taken nothing
      Given a user who paid in 80.00 and tried to confirm a purchase of 50.00 with an unknown key some seconds ago
      Then that user's balance is 80.00

  @P-8 @P-10
  Rule: A wrong confirmation is rejected and takes nothing, also later, and a valid one still succeeds

    Scenario: A confirmation with a wrong method some seconds ago has taken nothing, and a valid one succeeds
      Given a user who paid in 80.00 and tried to confirm a purchase of 50.00 with a wrong method and a wrong instrument some seconds ago
      Then that user's balance is 80.00
      When that purchase is confirmed
      Then that user's balance is 30.00

  @W-3
  Rule: A call without the user's token is rejected and credits nothing, also later

    Scenario: A confirmation of a payment that was rejected for its token some seconds ago has credited nothing
      Given a user who paid in 80.00 and tried to confirm a payment of 20.00 with a made-up token some seconds ago
      Then that user's balance is 80.00

  @F-2 @F-3
  Rule: Creating a payment returns its id, and confirming it increases the balance, also later

    Scenario: A Funding session that was opened some seconds ago takes a payment
      Given a user who paid in 80.00 and opened a Funding session some seconds ago
      When a payment of 20.00 is created in that session and confirmed
      Then that user's balance is 100.00

  @F-4 @F-3
  Rule: Funding a wallet does not change the balance until the payment is confirmed, also later

    Scenario: A payment that was created some seconds ago has credited nothing, and can still be confirmed
      Given a user who paid in 80.00 and created a payment of 20.00 some seconds ago
      Then that user's balance is 80.00
      When that payment is confirmed
      Then that user's balance is 100.00

  @P-3 @P-4
  Rule: Opening a session on a purchase returns a session that confirms it, also later

    Scenario: A purchase that was created some seconds ago takes a session, and is paid
      Given a user who paid in 80.00 and created a purchase of 50.00 some seconds ago
      When a session is opened on that purchase, and confirms it
      Then that user's balance is 30.00
