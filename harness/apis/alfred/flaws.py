"""Ways to make a call of Alfred wrong, by name. Each must be rejected (contract.md A-4 to F-7).

The names are also the values of the fields in the sentences of steps/alfred.
"""

from collections.abc import Callable, Mapping
from typing import Final

from harness.apis.alfred.credentials import Credentials
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.calls import (
    Call,
    appended,
    cut_short,
    made_up,
    near_miss,
    of_another_kind,
    other_beginning,
    other_case,
)
from harness.client.flaws import (
    Flaw,
    changed,
    emptied,
    missing,
    nothing,
    similar,
    similar_in_path,
    unknown,
    unknown_in_path,
    without_credential,
    wrong_amounts,
    wrong_credential,
)
from harness.not_judged import NotJudged

CredentialFlaw = Callable[[Credentials, Call, User], Call]
"""Also receives a user, whose token may be sent: for a call that takes a token, another user."""

_INSTRUMENT: Final = "paymentSessionDetails.selectedPaymentInstrumentId"
_FUNDING_INSTRUMENT: Final = "paymentSessionDetailsJson.selectedPaymentInstrumentId"
_METHOD: Final = "paymentSessionDetails.selectedPaymentMethod"


def _platform_in_the_other_case(call: Call) -> Call:
    platform = call.path["platformId"]
    if other_case(platform) == platform:
        NotJudged.SAME_IN_EITHER_CASE.skip()
    return call.to(platformId=other_case(platform))


def _other_currency(call: Call) -> Call:
    return call.having({"paymentCurrency": "EUR" if call.body["paymentCurrency"] == "USD" else "USD"})


AUTHENTICATION: Final[Mapping[str, Flaw]] = {
    "for a platform whose id sorts before its own": unknown_in_path("platformId", min),
    "for a platform whose id sorts after its own": unknown_in_path("platformId", max),
    **similar_in_path("platformId", "for a platform with an id"),
    "for a platform with an id that is in the other case": _platform_in_the_other_case,
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
    **similar("shopConfigurationId", "for a shop configuration with an id"),
    **{f"with a currency that is {name}": flaw for name, flaw in emptied("currency").items()},
    **{f"with a shopConfigurationId that is {name}": flaw for name, flaw in emptied("shopConfigurationId").items()},
    "without its amount": missing("amount"),
    "without its currency": missing("currency"),
    "without its shopConfigurationId": missing("shopConfigurationId"),
}

SESSION: Final[Mapping[str, Flaw]] = {
    "on an unknown purchase": unknown_in_path("purchaseId"),
    "for an unknown wallet": unknown("walletId"),
    "without a walletId": missing("walletId"),
    **similar_in_path("purchaseId", "on a purchase with an id"),
    **similar("walletId", "for a wallet with an id"),
    **{f"for a wallet with an id that is {name}": flaw for name, flaw in emptied("walletId").items()},
}

CONFIRMATION: Final[Mapping[str, Flaw]] = {
    "an unknown purchase": unknown_in_path("purchaseId"),
    "an unknown session": unknown("paymentSessionId"),
    "an instrument that was not offered": unknown(_INSTRUMENT),
    "an instrument whose id sorts before the one offered": unknown(_INSTRUMENT, min),
    "an instrument whose id sorts after the one offered": unknown(_INSTRUMENT, max),
    "a method that was not offered": changed({_METHOD: "carrier-pigeon"}),
    "a method that begins like the one offered": changed({_METHOD: "cash-on-delivery"}),
    **similar_in_path("purchaseId", "a purchase with an id"),
    **similar("paymentSessionId", "a session with an id"),
    **similar(_INSTRUMENT, "an instrument with an id"),
}

PAYMENT: Final[Mapping[str, Flaw]] = {
    "with an amount that is missing": missing("paymentAmount"),
    **{f"with an amount that is {name}": flaw for name, flaw in wrong_amounts("paymentAmount").items()},
    "into an unknown account": unknown("walletAccountId"),
    "in the currency XTS": changed({"paymentCurrency": "XTS"}),
    "in the currency AAA": changed({"paymentCurrency": "AAA"}),
    "in a currency of another country": _other_currency,
    "in an unknown session": unknown("paymentSessionId"),
    **similar("walletAccountId", "into an account with an id"),
    **similar("paymentSessionId", "in a session with an id"),
}


WALLET: Final[Mapping[str, Flaw]] = {
    "an unknown wallet": unknown_in_path("walletId"),
    **similar_in_path("walletId", "a wallet with an id"),
}

ACCOUNT: Final[Mapping[str, Flaw]] = {
    "an unknown account": unknown("walletAccountId"),
    **similar("walletAccountId", "an account with an id"),
}

PAYMENT_ID: Final[Mapping[str, Flaw]] = {
    "an unknown payment": unknown_in_path("paymentId"),
    **similar_in_path("paymentId", "a payment with an id"),
}


def with_session_of(session: PurchaseSession | FundingSession) -> Flaw:
    """Use the session of another purchase, or of another account."""
    return changed({"paymentSessionId": session.session_id})


def with_session_and_instrument_of(session: PurchaseSession | FundingSession) -> Flaw:
    instrument = _FUNDING_INSTRUMENT if isinstance(session, FundingSession) else _INSTRUMENT
    return changed({"paymentSessionId": session.session_id, instrument: session.instrument_id})


def with_funding_session(session: FundingSession) -> Flaw:
    """Use a Funding session for a purchase."""
    return changed({"paymentSessionId": of_another_kind(session.session_id), _INSTRUMENT: session.instrument_id})


def in_purchase_session(session: PurchaseSession) -> Flaw:
    """Use a session on a purchase for a payment."""
    instrument = {_FUNDING_INSTRUMENT: session.instrument_id}
    return changed({"paymentSessionId": of_another_kind(session.session_id), **instrument})


def with_wallet_of(user: User) -> Flaw:
    return changed({"walletId": user.wallet_id})


def _another_role(credentials: Credentials, call: Call, _user: User) -> Call:
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


def _altered(alter: Callable[[str], str]) -> CredentialFlaw:
    return lambda _credentials, call, _user: wrong_credential(alter)(call)


def _none(_credentials: Credentials, call: Call, _user: User) -> Call:
    return without_credential()(call)


def _unless_valid(flaw: CredentialFlaw) -> CredentialFlaw:
    """Send an unknown credential if the headers of this target make the flaw the valid call."""

    def safe(credentials: Credentials, call: Call, user: User) -> Call:
        flawed = flaw(credentials, call, user)
        names = [name.lower() for name, _ in flawed.credentials]
        is_valid = set(call.credentials) & set(flawed.credentials) or len(set(names)) < len(names)
        return wrong_credential(made_up)(call) if is_valid else flawed

    return safe


def _in_the_tokens_place(credentials: Credentials, call: Call, _user: User) -> Call:
    key = next(iter(dict(call.credentials).values()))
    return call.carrying(credentials.bearer(key.rpartition(" ")[2]))


def _users_token(credentials: Credentials, call: Call, user: User) -> Call:
    return call.carrying(credentials.bearer(user.token))


def _another_role_and_token(credentials: Credentials, call: Call, user: User) -> Call:
    other = _another_role(credentials, call, user)
    return other.carrying((*other.credentials, *credentials.bearer(user.token)))


def _with_key(credentials: Credentials, call: Call, role: str, *, as_token: bool) -> Call:
    require_token(credentials, call.operation)
    target = credentials.target
    key = (target.shop_key if role == "shop" else target.platform_key).value
    return call.carrying(credentials.bearer(key) if as_token else credentials.key(key))


def _role_key(role: str, *, as_token: bool) -> CredentialFlaw:
    return lambda credentials, call, _user: _with_key(credentials, call, role, as_token=as_token)


def _other_token_and_key(credentials: Credentials, call: Call, other: User) -> Call:
    other_call = _other_token(credentials, call, other)
    return call.carrying((*other_call.credentials, *credentials.key(credentials.target.platform_key.value)))


KEY: Final[Mapping[str, CredentialFlaw]] = {
    "no key": _none,
    "an empty key": _altered(nothing),
    "an unknown key": _altered(made_up),
    "a key that is off by one letter": _altered(near_miss),
    "a key with another first letter": _altered(other_beginning),
    "a key that is two letters longer": _altered(appended),
    "a key that is one letter shorter": _altered(cut_short),
    "the key in the other case": _altered(other_case),
    "another role's key": _another_role,
    "the key in the place of a token": _unless_valid(_in_the_tokens_place),
    "a user's token": _unless_valid(_users_token),
    "another role's key and a user's token": _unless_valid(_another_role_and_token),
}

TOKEN: Final[Mapping[str, CredentialFlaw]] = {
    "no token": _none,
    "an empty token": _altered(nothing),
    "a made-up token": _altered(made_up),
    "a token that is off by one letter": _altered(near_miss),
    "a token with another first letter": _altered(other_beginning),
    "a token in the other case": _altered(other_case),
    "a token that is two letters longer": _altered(appended),
    "a token that is one letter shorter": _altered(cut_short),
    "another user's token": _other_token,
    "the shop's key": _role_key("shop", as_token=False),
    "the platform's key": _role_key("platform", as_token=False),
    "the shop's key in the place of a token": _role_key("shop", as_token=True),
    "the platform's key in the place of a token": _role_key("platform", as_token=True),
    "another user's token and the platform's key": _unless_valid(_other_token_and_key),
}
