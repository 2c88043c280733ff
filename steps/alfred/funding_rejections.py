"""What Alfred must reject about wallets and fundings: another's token, an unknown account, a wrong amount."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from pytest_bdd import when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws import require_token
from harness.apis.alfred.funding import FundingSession
from harness.client.calls import Call, made_up
from harness.gherkin.sentences import sentence
from steps.alfred.rejections import AMOUNTS, CREDENTIALS, tried

TWENTY = Decimal("20.00")


def with_credential(alfred: Alfred, call: Call, credential: str, other=None) -> Call:
    """The call with the credential that a row names; skips where the operation takes no token on this target."""
    if credential == "another user's token":
        needs_token(alfred, call.operation)
        return call.carrying(alfred.credentials.bearer(other.token))
    return call.carrying(CREDENTIALS[credential](alfred, call))


def needs_token(alfred: Alfred, operation: str) -> None:
    require_token(alfred.credentials, operation)


@when(sentence("reading the wallet is tried with {credential}"), target_fixture="attempt")
def reading_the_wallet_with(alfred, people, user, other, credential):
    return tried(alfred, people, with_credential(alfred, alfred.users.wallet_call(user), credential, other))


@when(sentence("opening a Funding session is tried with {credential}"), target_fixture="attempt")
def opening_a_funding_session_with(alfred, people, user, other, account, credential):
    return tried(alfred, people, with_credential(alfred, alfred.funding.session_call(user, account), credential, other))


@when(sentence("creating a payment is tried with {credential}"), target_fixture="attempt")
def creating_a_payment_with(alfred, people, other, funding_session, credential):
    return tried(
        alfred, people, with_credential(alfred, alfred.funding.payment_call(funding_session, TWENTY), credential, other)
    )


@when(sentence("confirming the payment is tried with {credential}"), target_fixture="attempt")
def confirming_the_payment_with(alfred, people, other, payment, credential):
    return tried(alfred, people, with_credential(alfred, alfred.funding.confirmation_call(payment), credential, other))


@when("reading an unknown wallet is tried", target_fixture="attempt")
def reading_an_unknown_wallet(alfred, people, user):
    return tried(alfred, people, alfred.users.wallet_call(user).to(walletId=made_up(user.wallet_id)))


@when("opening a Funding session is tried for an unknown account", target_fixture="attempt")
def opening_a_funding_session_for_no_account(alfred, people, user, account):
    return tried(
        alfred, people, alfred.funding.session_call(user, account).having({"walletAccountId": made_up(account)})
    )


@when("opening a Funding session is tried for the other user's account", target_fixture="attempt")
def opening_a_funding_session_for_anothers_account(alfred, people, user, other):
    needs_token(alfred, "openPaymentSession")
    return tried(alfred, people, alfred.funding.session_call(user, alfred.users.account(other)))


@when(sentence("creating a payment is tried for an amount that is {flaw}"), target_fixture="attempt")
def creating_a_payment_for(alfred, people, funding_session, flaw):
    call = alfred.funding.payment_call(funding_session, TWENTY)
    flawed = call.lacking("paymentAmount") if flaw == "missing" else call.having({"paymentAmount": AMOUNTS[flaw]})
    return tried(alfred, people, flawed)


@when(sentence("creating a payment {flaw} is tried"), target_fixture="attempt")
def creating_a_payment_is_tried(alfred, people, funding_session, other, flaw):
    call = alfred.funding.payment_call(funding_session, TWENTY)
    flawed: dict[str, Callable[[], Call]] = {
        "into an unknown account": lambda: call.having({"walletAccountId": made_up(funding_session.account_id)}),
        "into the other user's account": lambda: into_anothers_account(alfred, call, other),
        # ISO 4217 keeps the one for tests, and does not know the other: neither is the wallet's.
        "in XTS": lambda: call.having({"paymentCurrency": "XTS"}),
        "in AAA": lambda: call.having({"paymentCurrency": "AAA"}),
        "in an unknown session": lambda: call.having({"paymentSessionId": made_up(funding_session.session_id)}),
        "in the session of the other user's account": lambda: call.having(
            {"paymentSessionId": alfred.funding.open_session(other).session_id}
        ),
        "in the session of the other user's account, with its instrument": lambda: call.having(
            of_session(alfred.funding.open_session(other))
        ),
        "into the other user's account by that user, in this session": lambda: alfred.funding.payment_call(
            alfred.funding.open_session(other), TWENTY
        ).having(of_session(funding_session)),
    }
    return tried(alfred, people, flawed[flaw]())


def into_anothers_account(alfred: Alfred, call: Call, other) -> Call:
    needs_token(alfred, "createPayment")
    return call.having({"walletAccountId": alfred.users.account(other)})


def of_session(session: FundingSession) -> dict[str, str]:
    """What a payment in this session says of it."""
    return {
        "paymentSessionId": session.session_id,
        "paymentSessionDetailsJson.selectedPaymentInstrumentId": session.instrument_id,
    }


@when("confirming an unknown payment is tried", target_fixture="attempt")
def confirming_an_unknown_payment(alfred, people, payment):
    call = alfred.funding.confirmation_call(payment)
    return tried(alfred, people, call.to(paymentId=made_up(payment.payment_id)))
