"""Ways to make the ids, amounts and texts of a call wrong, by name."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.purchases import PurchaseSession
from harness.apis.alfred.users import User
from harness.client.calls import Call
from harness.client.flaws import (
    Flaw,
    changed,
    emptied,
    missing,
    of_other_types,
    padded,
    similar,
    unknown,
    without_content,
    without_members,
    wrong_amounts,
)
from harness.client.similar_texts import of_another_kind, other_case
from harness.not_judged import NotJudged

INSTRUMENT: Final = "paymentSessionDetails.selectedPaymentInstrumentId"
_FUNDING_INSTRUMENT: Final = "paymentSessionDetailsJson.selectedPaymentInstrumentId"
_CURRENCIES: Final = ("USD", "EUR", "INR", "GBP", "TRY", "BDT")
_WHICH: Final = ("currency", "second currency", "third currency", "fourth currency")
_METHOD: Final = "paymentSessionDetails.selectedPaymentMethod"


def _platform_in_the_other_case(call: Call) -> Call:
    platform = call.path["platformId"]
    if other_case(platform) == platform:
        NotJudged.SAME_IN_EITHER_CASE.skip()
    return call.to(platformId=other_case(platform))


def _of_another_country(number: int) -> Flaw:
    """Use one of the currencies that a platform is likely to know, but not the wallet's own."""

    def flaw(call: Call) -> Call:
        others = [one for one in _CURRENCIES if one != call.body["paymentCurrency"]]
        return call.having({"paymentCurrency": others[number]})

    return flaw


def _similar_currencies(member: str) -> dict[str, Flaw]:
    return {
        "in a currency with two more letters": lambda call: call.having({member: f"{call.body[member]}XY"}),
        "in a currency with a letter less": lambda call: call.having({member: call.body[member][:-1]}),
    }


AUTHENTICATION: Final[Mapping[str, Flaw]] = {
    "for a platform whose id sorts before its own": unknown("platformId", min),
    "for a platform whose id sorts after its own": unknown("platformId", max),
    **similar("platformId", "for a platform with an id"),
    "for a platform with an id that is in the other case": _platform_in_the_other_case,
    "with a reference that is missing": missing("externalReferenceId"),
    "with a reference that is empty": changed({"externalReferenceId": ""}),
    "with a reference that is a number": changed({"externalReferenceId": 7}),
    "with a reference that is a number with decimal places": changed({"externalReferenceId": Decimal("7.50")}),
    "with a reference that is true": changed({"externalReferenceId": True}),
    "with a reference that is null": changed({"externalReferenceId": None}),
    "with a reference that is a list": changed({"externalReferenceId": ["someuser"]}),
    "with a reference that is an object": changed({"externalReferenceId": {"id": "someuser"}}),
    **{f"with a reference that is {name}": flaw for name, flaw in without_content("externalReferenceId").items()},
}

PURCHASE: Final[Mapping[str, Flaw]] = {
    **{f"with an amount that is {name}": flaw for name, flaw in wrong_amounts("amount").items()},
    # ISO 4217 reserves XTS for tests, and AAA is not a currency.
    "in the currency XTS": changed({"currency": "XTS"}),
    "in the currency AAA": changed({"currency": "AAA"}),
    **_similar_currencies("currency"),
    "for a shop configuration whose id sorts before its own": unknown("shopConfigurationId", min),
    "for a shop configuration whose id sorts after its own": unknown("shopConfigurationId", max),
    **similar("shopConfigurationId", "for a shop configuration with an id"),
    **{
        f"with a {member} that is {name}": flaw
        for member in ("currency", "shopConfigurationId")
        for name, flaw in {**emptied(member), **of_other_types(member)}.items()
    },
    "without its amount": missing("amount"),
    "without its currency": missing("currency"),
    "without its shopConfigurationId": missing("shopConfigurationId"),
    "without any member": without_members,
}

SESSION: Final[Mapping[str, Flaw]] = {
    "on an unknown purchase": unknown("purchaseId"),
    "for an unknown wallet": unknown("walletId"),
    "without a walletId": missing("walletId"),
    **similar("purchaseId", "on a purchase with an id"),
    **similar("walletId", "for a wallet with an id"),
    **padded("walletId", "for a wallet"),
    **{
        f"for a wallet with an id that is {name}": flaw
        for name, flaw in {**emptied("walletId"), **without_content("walletId")}.items()
    },
    "without any member": without_members,
}

CONFIRMATION: Final[Mapping[str, Flaw]] = {
    "an unknown purchase": unknown("purchaseId"),
    "an unknown session": unknown("paymentSessionId"),
    "an instrument that was not offered": unknown(INSTRUMENT),
    "an instrument whose id sorts before the one offered": unknown(INSTRUMENT, min),
    "an instrument whose id sorts after the one offered": unknown(INSTRUMENT, max),
    "a method that was not offered": changed({_METHOD: "carrier-pigeon"}),
    "a method that begins like the one offered": changed({_METHOD: "cash-on-delivery"}),
    **similar("purchaseId", "a purchase with an id"),
    **similar("paymentSessionId", "a session with an id"),
    **similar(INSTRUMENT, "an instrument with an id"),
    **padded("paymentSessionId", "a session"),
    **padded(INSTRUMENT, "an instrument"),
}

PAYMENT: Final[Mapping[str, Flaw]] = {
    "with an amount that is missing": missing("paymentAmount"),
    **{f"with an amount that is {name}": flaw for name, flaw in wrong_amounts("paymentAmount").items()},
    "into an unknown account": unknown("walletAccountId"),
    "in the currency XTS": changed({"paymentCurrency": "XTS"}),
    "in the currency AAA": changed({"paymentCurrency": "AAA"}),
    **{f"in a {which} of another country": _of_another_country(number) for number, which in enumerate(_WHICH)},
    **_similar_currencies("paymentCurrency"),
    "in an unknown session": unknown("paymentSessionId"),
    **similar("walletAccountId", "into an account with an id"),
    **similar("paymentSessionId", "in a session with an id"),
    **padded("walletAccountId", "into an account"),
    **padded("paymentSessionId", "in a session"),
    "without any member": without_members,
}


WALLET: Final[Mapping[str, Flaw]] = {
    "an unknown wallet": unknown("walletId"),
    **similar("walletId", "a wallet with an id"),
}

ACCOUNT: Final[Mapping[str, Flaw]] = {
    "an unknown account": unknown("walletAccountId"),
    **similar("walletAccountId", "an account with an id"),
    **padded("walletAccountId", "an account"),
}

PAYMENT_ID: Final[Mapping[str, Flaw]] = {
    "an unknown payment": unknown("paymentId"),
    **similar("paymentId", "a payment with an id"),
}


def with_session_of(session: PurchaseSession | FundingSession) -> Flaw:
    """Use the session of another purchase, or of another account."""
    return changed({"paymentSessionId": session.session_id})


def with_session_and_instrument_of(session: PurchaseSession | FundingSession) -> Flaw:
    instrument = _FUNDING_INSTRUMENT if isinstance(session, FundingSession) else INSTRUMENT
    return changed({"paymentSessionId": session.session_id, instrument: session.instrument_id})


def with_funding_session(session: FundingSession) -> Flaw:
    return changed({"paymentSessionId": of_another_kind(session.session_id), INSTRUMENT: session.instrument_id})


def in_purchase_session(session: PurchaseSession) -> Flaw:
    instrument = {_FUNDING_INSTRUMENT: session.instrument_id}
    return changed({"paymentSessionId": of_another_kind(session.session_id), **instrument})


def with_wallet_of(user: User) -> Flaw:
    return changed({"walletId": user.wallet_id})
