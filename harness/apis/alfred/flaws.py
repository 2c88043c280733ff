"""Ways to make a call of Alfred wrong, by name. Each must be rejected (contract.md A-4 to F-7).

The names are also the values of the fields in the sentences of steps/alfred.
"""

from collections.abc import Callable, Mapping
from typing import Final

from harness.apis.alfred.credentials import Credentials
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.calls import Call, made_up, near_miss, other_case
from harness.client.flaws import (
    Flaw,
    changed,
    missing,
    unknown,
    unknown_in_path,
    without_credential,
    wrong_amounts,
    wrong_credential,
)
from harness.not_judged import NotJudged

CredentialFlaw = Callable[[Credentials, Call], Call]
TokenFlaw = Callable[[Credentials, Call, User], Call]
"""Also receives another user."""

_INSTRUMENT: Final = "paymentSessionDetails.selectedPaymentInstrumentId"
_FUNDING_INSTRUMENT: Final = "paymentSessionDetailsJson.selectedPaymentInstrumentId"
_METHOD: Final = "paymentSessionDetails.selectedPaymentMethod"

AUTHENTICATION: Final[Mapping[str, Flaw]] = {
    "for a platform whose id sorts before its own": unknown_in_path("platformId", min),
    "for a platform whose id sorts after its own": unknown_in_path("platformId", max),
    "with a reference that is missing": missing("externalReferenceId"),
    "with a reference that is empty": changed({"externalReferenceId": ""}),
    "with a reference that is a number": changed({"externalReferenceId": 7}),
    "with a reference that is true": changed({"externalReferenceId": True}),
    "with a reference that is null": changed({"externalReferenceId": None}),
    "with a reference that is a list": changed({"externalReferenceId": ["someuser"]}),
    "with a reference that is an object": changed({"externalReferenceId": {"id": "someuser"}}),
}

PURCHASE: Final[Mapping[str, Flaw]] = {
    **{f"with an amount that is {name}": flaw for name, flaw in wrong_amounts("amount").items()},
    # ISO 4217 reserves XTS for tests, and AAA is not a currency.
    "in the currency XTS": changed({"currency": "XTS"}),
    "in the currency AAA": changed({"currency": "AAA"}),
    "for a shop configuration whose id sorts before its own": unknown("shopConfigurationId", min),
    "for a shop configuration whose id sorts after its own": unknown("shopConfigurationId", max),
    "without its amount": missing("amount"),
    "without its currency": missing("currency"),
    "without its shopConfigurationId": missing("shopConfigurationId"),
}

SESSION: Final[Mapping[str, Flaw]] = {
    "on an unknown purchase": unknown_in_path("purchaseId"),
    "for an unknown wallet": unknown("walletId"),
    "without a walletId": missing("walletId"),
}

CONFIRMATION: Final[Mapping[str, Flaw]] = {
    "an unknown purchase": unknown_in_path("purchaseId"),
    "an unknown session": unknown("paymentSessionId"),
    "an instrument that was not offered": unknown(_INSTRUMENT),
    "an instrument whose id sorts before the one offered": unknown(_INSTRUMENT, min),
    "an instrument whose id sorts after the one offered": unknown(_INSTRUMENT, max),
    "a method that was not offered": changed({_METHOD: "carrier-pigeon"}),
}

PAYMENT: Final[Mapping[str, Flaw]] = {
    "with an amount that is missing": missing("paymentAmount"),
    **{f"with an amount that is {name}": flaw for name, flaw in wrong_amounts("paymentAmount").items()},
    "into an unknown account": unknown("walletAccountId"),
    "in the currency XTS": changed({"paymentCurrency": "XTS"}),
    "in the currency AAA": changed({"paymentCurrency": "AAA"}),
    "in an unknown session": unknown("paymentSessionId"),
}


def with_session_of(session: PurchaseSession | FundingSession) -> Flaw:
    """Use the session of another purchase, or of another account."""
    return changed({"paymentSessionId": session.session_id})


def with_session_and_instrument_of(session: PurchaseSession | FundingSession) -> Flaw:
    instrument = _FUNDING_INSTRUMENT if isinstance(session, FundingSession) else _INSTRUMENT
    return changed({"paymentSessionId": session.session_id, instrument: session.instrument_id})


def with_wallet_of(user: User) -> Flaw:
    return changed({"walletId": user.wallet_id})


def _key_of_another_role(credentials: Credentials, call: Call) -> Call:
    shop, platform = credentials.target.shop_key.value, credentials.target.platform_key.value
    if shop == platform:
        NotJudged.SAME_KEYS.skip()
    return call.carrying(credentials.key(shop if credentials.role(call.operation) == "platform" else platform))


def _other_token(credentials: Credentials, call: Call, other: User) -> Call:
    require_token(credentials, call.operation)
    return call.carrying(credentials.bearer(other.token))


def require_token(credentials: Credentials, operation: str) -> None:
    """Skip the scenario if the operation takes a key instead of the user's token on this target."""
    role = credentials.role(operation)
    if role != "token":
        NotJudged.NO_TOKEN.skip(operation=operation, role=role)


KEY: Final[Mapping[str, CredentialFlaw]] = {
    "no key": lambda _credentials, call: without_credential()(call),
    "an unknown key": lambda _credentials, call: wrong_credential(made_up)(call),
    "a key that is off by one letter": lambda _credentials, call: wrong_credential(near_miss)(call),
    "the key in the other case": lambda _credentials, call: wrong_credential(other_case)(call),
    "another role's key": _key_of_another_role,
}

TOKEN: Final[Mapping[str, TokenFlaw]] = {
    "no token": lambda _credentials, call, _other: without_credential()(call),
    "a made-up token": lambda _credentials, call, _other: wrong_credential(made_up)(call),
    "a token that is off by one letter": lambda _credentials, call, _other: wrong_credential(near_miss)(call),
    "another user's token": _other_token,
}
