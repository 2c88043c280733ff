"""Wrong authentications, purchases, sessions and confirmations."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import calls as flaws
from harness.apis.alfred.flaws import swapped_ids
from harness.apis.alfred.flaws.credentials import KEY, CredentialFlaw
from harness.apis.alfred.purchases import Purchase, PurchaseSession
from harness.apis.alfred.users import User
from harness.client.flaws import Flaw, changed
from harness.client.unique import fresh_reference
from steps.alfred.attempts import Attempt, Send, keyed, tries

FIFTY = Decimal("50.00")

FlawOf = Callable[[PurchaseSession], Flaw]
PARTS: dict[str, FlawOf] = {
    "the session": flaws.with_session_of,
    "the session and the instrument": flaws.with_session_and_instrument_of,
}

OTHER_IDS: dict[str, Callable[[Alfred, User], str]] = {
    "a payment": lambda alfred, user: alfred.funding.prepare_payment(user, FIFTY).payment_id,
    "a session": lambda alfred, user: alfred.purchases.open_on_new(FIFTY, user).session_id,
}


@tries("the platform tries to authenticate the user with {key:Key}", Key=KEY)
def the_platform_authenticates_with(alfred: Alfred, send: Send, user: User, key: CredentialFlaw) -> Attempt:
    attempt = send(alfred.users.authentication_call(user.external_reference), keyed(alfred, key, user))
    unknown = keyed(alfred, key, user)(alfred.users.authentication_call(fresh_reference("user")))
    return replace(attempt, outcomes=[*attempt.outcomes, alfred.attempt(unknown, "A-4")])


@tries("the platform tries to authenticate the user {flaw:Flaw}", Flaw=flaws.AUTHENTICATION)
def the_platform_authenticates_wrongly(alfred: Alfred, send: Send, user: User, flaw: Flaw) -> Attempt:
    return send(alfred.users.authentication_call(user.external_reference), flaw)


@tries("the platform tries to authenticate the user by a number of the same digits")
def the_platform_authenticates_a_number(send: Send, alfred: Alfred, user: User) -> Attempt:
    number = {"externalReferenceId": int(user.external_reference)}
    return send(alfred.users.authentication_call(user.external_reference), changed(number))


@tries("the shop tries to create a purchase with {key:Key}", Key=KEY)
def the_shop_creates_a_purchase_with(alfred: Alfred, send: Send, user: User, key: CredentialFlaw) -> Attempt:
    return send(alfred.purchases.creation_call(FIFTY, user), keyed(alfred, key, user))


@tries("the shop tries to create a purchase {flaw:Flaw}", Flaw=flaws.PURCHASE)
def the_shop_creates_a_wrong_purchase(alfred: Alfred, send: Send, user: User, flaw: Flaw) -> Attempt:
    return send(alfred.purchases.creation_call(FIFTY, user), flaw)


@tries("the user tries to open a session with {key:Key}", Key=KEY)
def the_user_opens_a_session_with(alfred: Alfred, send: Send, session: PurchaseSession, key: CredentialFlaw) -> Attempt:
    return send(alfred.purchases.session_call(session.purchase, session.user), keyed(alfred, key, session.user))


@tries("the user tries to open a session {flaw:Flaw}", Flaw=flaws.SESSION)
def the_user_opens_a_wrong_session(alfred: Alfred, send: Send, session: PurchaseSession, flaw: Flaw) -> Attempt:
    return send(alfred.purchases.session_call(session.purchase, session.user), flaw)


@tries("the user tries to open the first session {flaw:Flaw}", Flaw=flaws.SESSION)
def the_user_opens_a_wrong_first_session(
    alfred: Alfred, send: Send, user: User, purchase: Purchase, flaw: Flaw
) -> Attempt:
    return send(alfred.purchases.session_call(purchase, user), flaw)


@tries("the user tries to open the first session {swapped:Swapped}", Swapped=swapped_ids.SESSION)
def the_user_opens_a_first_session_for_another_id(
    alfred: Alfred, send: Send, user: User, purchase: Purchase, swapped: swapped_ids.OfWallet
) -> Attempt:
    return send(alfred.purchases.session_call(purchase, user), swapped(user, alfred.users.account(user)))


@tries("the user tries to open the first session on the id of {id_of:OtherId}", OtherId=OTHER_IDS)
def the_user_opens_a_first_session_on_another_id(
    alfred: Alfred, send: Send, user: User, purchase: Purchase, id_of: Callable[[Alfred, User], str]
) -> Attempt:
    return send(alfred.purchases.session_call(purchase, user), swapped_ids.swapped("purchaseId", id_of(alfred, user)))


@tries("the user tries to confirm the purchase with {swapped:Swapped}", Swapped=swapped_ids.CONFIRMATION)
def the_user_confirms_with_another_id(alfred: Alfred, send: Send, session: PurchaseSession, swapped: FlawOf) -> Attempt:
    return send(alfred.purchases.confirmation_call(session), swapped(session))


@tries("the user tries to confirm the purchase with {key:Key}", Key=KEY)
def the_user_confirms_with(alfred: Alfred, send: Send, session: PurchaseSession, key: CredentialFlaw) -> Attempt:
    return send(alfred.purchases.confirmation_call(session), keyed(alfred, key, session.user))


@tries("the user tries to confirm the purchase with {flaw:Flaw}", Flaw=flaws.CONFIRMATION)
def the_user_confirms_wrongly(alfred: Alfred, send: Send, session: PurchaseSession, flaw: Flaw) -> Attempt:
    return send(alfred.purchases.confirmation_call(session), flaw)


@tries("the user tries to confirm the purchase with a Funding session and its instrument")
def the_user_confirms_with_a_funding_session(alfred: Alfred, send: Send, session: PurchaseSession) -> Attempt:
    funding_session = alfred.funding.open_session(session.user)
    return send(alfred.purchases.confirmation_call(session), flaws.with_funding_session(funding_session))


@tries("the user tries to confirm the purchase with {part:Part} of the other purchase", Part=PARTS)
def the_user_confirms_with_part_of_the_other(
    alfred: Alfred, send: Send, session: PurchaseSession, second_session: PurchaseSession, part: FlawOf
) -> Attempt:
    return send(alfred.purchases.confirmation_call(session), part(second_session))


@tries("the user tries to confirm the other purchase with {part:Part} of the first purchase", Part=PARTS)
def the_user_confirms_the_other_with_part_of_the_first(
    alfred: Alfred, send: Send, session: PurchaseSession, second_session: PurchaseSession, part: FlawOf
) -> Attempt:
    return send(alfred.purchases.confirmation_call(second_session), part(session))


@tries("the user tries to confirm the purchase with {part:Part} of the other user's purchase", Part=PARTS)
def the_user_confirms_with_part_of_the_other_users(
    alfred: Alfred, send: Send, session: PurchaseSession, others_session: PurchaseSession, part: FlawOf
) -> Attempt:
    return send(alfred.purchases.confirmation_call(session), part(others_session))


@tries("the other user tries to confirm that purchase with the user's wallet")
def the_other_user_confirms_with_the_users_wallet(
    alfred: Alfred, send: Send, user: User, others_session: PurchaseSession
) -> Attempt:
    return send(alfred.purchases.confirmation_call(others_session), flaws.with_wallet_of(user))


@tries("the user tries to confirm the purchase with the other user's wallet")
def the_user_confirms_with_the_others_wallet(
    alfred: Alfred, send: Send, session: PurchaseSession, other: User
) -> Attempt:
    return send(alfred.purchases.confirmation_call(session), flaws.with_wallet_of(other))
