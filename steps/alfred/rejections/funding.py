"""Wrong calls about wallets and fundings: another user's token, an unknown account, a wrong amount."""

from collections.abc import Callable
from decimal import Decimal

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import calls as flaws
from harness.apis.alfred.flaws import swapped_ids
from harness.apis.alfred.flaws.credentials import TOKEN, CredentialFlaw, require_token
from harness.apis.alfred.funding import FundingSession, Payment
from harness.apis.alfred.users import User
from harness.client.flaws import Flaw, changed
from steps.alfred.attempts import Attempt, Send, keyed, tries

TWENTY = Decimal("20.00")

FlawOf = Callable[[FundingSession], Flaw]
OTHERS_SESSION: dict[str, FlawOf] = {
    "in a session of the other user's account": flaws.with_session_of,
    "in a session of the other user's account, with its instrument": flaws.with_session_and_instrument_of,
}


@tries("the user tries to read the wallet with {token:Token}", Token=TOKEN)
def the_user_reads_the_wallet_with(
    alfred: Alfred, send: Send, user: User, other: User, token: CredentialFlaw
) -> Attempt:
    return send(alfred.users.wallet_call(user), keyed(alfred, token, other))


@tries("the user tries to read {flaw:Flaw}", Flaw=flaws.WALLET)
def the_user_reads_an_unknown_wallet(alfred: Alfred, send: Send, user: User, flaw: Flaw) -> Attempt:
    return send(alfred.users.wallet_call(user), flaw)


@tries("the user tries to read {swapped:Swapped}", Swapped=swapped_ids.WALLET)
def the_user_reads_another_id(alfred: Alfred, send: Send, user: User, swapped: swapped_ids.OfWallet) -> Attempt:
    return send(alfred.users.wallet_call(user), swapped(user, alfred.users.account(user)))


@tries("the user tries to open a Funding session for {swapped:Swapped}", Swapped=swapped_ids.ACCOUNT)
def the_user_opens_a_session_for_another_id(
    alfred: Alfred, send: Send, user: User, swapped: swapped_ids.OfWallet
) -> Attempt:
    account = alfred.users.account(user)
    return send(alfred.funding.session_call(user, account), swapped(user, account))


@tries("the user tries to create a payment {swapped:Swapped}", Swapped=swapped_ids.PAYMENT)
def the_user_pays_with_another_id(
    alfred: Alfred, send: Send, funding_session: FundingSession, swapped: FlawOf
) -> Attempt:
    return send(alfred.funding.payment_call(funding_session, TWENTY), swapped(funding_session))


@tries("the user tries to open a Funding session with {token:Token}", Token=TOKEN)
def the_user_opens_a_session_with(
    alfred: Alfred, send: Send, user: User, other: User, token: CredentialFlaw
) -> Attempt:
    call = alfred.funding.session_call(user, alfred.users.account(user))
    return send(call, keyed(alfred, token, other))


@tries("the user tries to open a Funding session for {flaw:Flaw}", Flaw=flaws.ACCOUNT)
def the_user_opens_a_session_for_an_unknown_account(alfred: Alfred, send: Send, user: User, flaw: Flaw) -> Attempt:
    return send(alfred.funding.session_call(user, alfred.users.account(user)), flaw)


@tries("the user tries to open a Funding session for the other user's account")
def the_user_opens_a_session_for_the_others_account(alfred: Alfred, send: Send, user: User, other: User) -> Attempt:
    require_token(alfred.credentials, "openPaymentSession")
    valid = alfred.funding.session_call(user, alfred.users.account(user))
    return send(valid, changed({"walletAccountId": alfred.users.account(other)}))


@tries("the user tries to create a payment with {token:Token}", Token=TOKEN)
def the_user_creates_a_payment_with(
    alfred: Alfred, send: Send, other: User, funding_session: FundingSession, token: CredentialFlaw
) -> Attempt:
    return send(alfred.funding.payment_call(funding_session, TWENTY), keyed(alfred, token, other))


@tries("the user tries to create a payment {flaw:Flaw}", Flaw=flaws.PAYMENT)
def the_user_creates_a_wrong_payment(
    alfred: Alfred, send: Send, funding_session: FundingSession, flaw: Flaw
) -> Attempt:
    return send(alfred.funding.payment_call(funding_session, TWENTY), flaw)


@tries("the user tries to create a payment into the other user's account")
def the_user_pays_into_the_others_account(
    alfred: Alfred, send: Send, other: User, funding_session: FundingSession
) -> Attempt:
    require_token(alfred.credentials, "createPayment")
    call = alfred.funding.payment_call(funding_session, TWENTY)
    return send(call, changed({"walletAccountId": alfred.users.account(other)}))


@tries("the user tries to create a payment {flaw:Flaw}", Flaw=OTHERS_SESSION)
def the_user_pays_in_the_others_session(
    alfred: Alfred, send: Send, other: User, funding_session: FundingSession, flaw: FlawOf
) -> Attempt:
    others_session = alfred.funding.open_session(other)
    return send(alfred.funding.payment_call(funding_session, TWENTY), flaw(others_session))


@tries("the user tries to create a payment in a session of the other user's account that has served")
def the_user_pays_in_the_others_served_session(
    alfred: Alfred, send: Send, user: User, other: User, funding_session: FundingSession
) -> Attempt:
    others_session = alfred.funding.open_session(other)
    alfred.funding.confirm(alfred.funding.create_payment(others_session, TWENTY))
    flaw = flaws.with_session_and_instrument_of(others_session)
    return send(alfred.funding.payment_call(funding_session, TWENTY), flaw)


@tries("the user tries to create a payment in a session on a purchase")
def the_user_pays_in_a_session_on_a_purchase(
    alfred: Alfred, send: Send, user: User, funding_session: FundingSession
) -> Attempt:
    session = alfred.purchases.open_on_new(TWENTY, user)
    return send(alfred.funding.payment_call(funding_session, TWENTY), flaws.in_purchase_session(session))


@tries("the user tries to confirm a payment with the id of a purchase")
def the_user_confirms_a_purchase_as_a_payment(alfred: Alfred, send: Send, user: User, payment: Payment) -> Attempt:
    purchase = alfred.purchases.create(TWENTY, user)
    return send(alfred.funding.confirmation_call(payment), swapped_ids.swapped("paymentId", purchase.purchase_id))


@tries("the user tries to confirm a payment with the id of a Funding session")
def the_user_confirms_a_session_as_a_payment(alfred: Alfred, send: Send, user: User, payment: Payment) -> Attempt:
    session = alfred.funding.open_session(user)
    return send(alfred.funding.confirmation_call(payment), swapped_ids.swapped("paymentId", session.session_id))


@tries("the other user tries to create a payment in the user's session")
def the_other_user_pays_in_the_users_session(
    alfred: Alfred, send: Send, other: User, funding_session: FundingSession
) -> Attempt:
    flaw = flaws.with_session_and_instrument_of(funding_session)
    return send(alfred.funding.payment_call(alfred.funding.open_session(other), TWENTY), flaw)


@tries("the user tries to confirm the payment with {token:Token}", Token=TOKEN)
def the_user_confirms_with(alfred: Alfred, send: Send, other: User, payment: Payment, token: CredentialFlaw) -> Attempt:
    return send(alfred.funding.confirmation_call(payment), keyed(alfred, token, other))


@tries("the user tries to confirm {flaw:Flaw}", Flaw=flaws.PAYMENT_ID)
def the_user_confirms_an_unknown_payment(alfred: Alfred, send: Send, payment: Payment, flaw: Flaw) -> Attempt:
    return send(alfred.funding.confirmation_call(payment), flaw)
