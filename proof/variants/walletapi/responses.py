"""Variants of the WalletAPI's responses: envelopes, GUIDs, timestamps, generations (contract.md, Tolerances)."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import MAXYEAR, datetime, timedelta, timezone
from typing import Any

from typing_extensions import override

from proof.building_blocks import ApiResponses
from proof.declaring import Variants
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply
from sandbox.ledger.timestamps import parse
from sandbox.walletapi.sales import NOTHING_BACK

variant = Variants()

Change = Callable[[str, str], str]
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENTS = ("CreatedAt", "UpdatedAt", "ExpirationDate", "FrozenUntil")
BARE = ("missing_credential", "unknown_credential")
MALFORMED = ("body_not_json", "body_not_object", "body_not_utf8", "not_text", "not_a_number", "not_a_flag")


class Bodiless(ApiResponses):
    """Sends no body for a payload of None."""

    @override
    def encode(self, payload: Any) -> bytes:
        return b"" if payload is None else super().encode(payload)


def enveloping(
    success: Body | None = None, failure: Body | None = None, without: Collection[tuple[str, bool]] = ()
) -> type[ApiResponses]:
    """Return responses whose envelopes have other members in a success or a failure, and lack some."""

    class Enveloping(ApiResponses):
        @override
        def envelope(self, value: Body | None, errors: list[Any]) -> Body:
            envelope = {**super().envelope(value, errors), **((failure if errors else success) or {})}
            return {name: item for name, item in envelope.items() if (name, bool(errors)) not in without}

    return Enveloping


for _name, _sentence, _responses, _core in (
    ("success-without-errors", "A success has no member Errors.", enveloping(without=[("Errors", False)]), "walletapi"),
    ("success-with-null-errors", "A success has null for its Errors.", enveloping(success={"Errors": None}), ""),
    ("errors-as-texts", "Errors are texts.", enveloping(failure={"Errors": ["Not possible."]}), ""),
    ("errors-as-numbers", "Errors are numbers.", enveloping(failure={"Errors": [1042, 7]}), ""),
    (
        "errors-nested",
        "Errors are lists, and null.",
        enveloping(failure={"Errors": [["E1", {"Field": None}], None]}),
        "walletapi",
    ),
    ("failure-without-a-value", "A failure has no member Value.", enveloping(without=[("Value", True)]), ""),
    (
        "failure-with-an-empty-value",
        "A failure has an empty object for its Value.",
        enveloping(failure={"Value": {}}),
        "",
    ),
):
    variant.add(_name, "walletapi", _sentence, core=_core, responses=_responses)


@variant("walletapi", core="walletapi")
class FailuresWithHttp200(ApiResponses):
    """Every failure has HTTP 200, in the envelope, as application/problem+json."""

    @override
    def walletapi_status(self, rejection: Rejection) -> int:
        return 200 if rejection.status < 500 else rejection.status

    @override
    def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
        reply = super().walletapi_rejection(call, rejection)
        return reply if reply.status >= 500 else replace(reply, media_type="application/problem+json")


@variant("walletapi", core="walletapi")
class BareRejectionOfStrangers(Bodiless):
    """A call without its keys, or with unknown ones, is rejected without the envelope, with no body."""

    @override
    def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
        proper = super().walletapi_rejection(call, rejection)
        return replace(proper, payload=None) if rejection.name in BARE else proper


@variant("walletapi")
class ProblemsForIllTypedBodies(ApiResponses):
    """A body that is no JSON object, or has a member of a wrong type, is rejected without the envelope."""

    @override
    def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
        proper = super().walletapi_rejection(call, rejection)
        problem = {"title": "One or more validation errors occurred.", "status": 400}
        malformed = rejection.name in MALFORMED
        return (
            replace(proper, status=400, payload=problem, media_type="application/problem+json") if malformed else proper
        )


def changed(value: Body, change: Change) -> Any:
    """Return a value with every text replaced by ``change(name of the member, text)``."""

    def inside(name: str, item: Any) -> Any:
        if isinstance(item, dict):
            return {key: inside(key, each) for key, each in item.items()}
        if isinstance(item, list):
            return [inside(name, each) for each in item]
        return change(name, item) if isinstance(item, str) else item

    return inside("", value)


def telling(change: Change) -> type[ApiResponses]:
    """Return responses with every text of the Value changed."""

    class Telling(ApiResponses):
        @override
        def walletapi_success(self, call: Call, value: Body) -> Reply:
            return super().walletapi_success(call, changed(value, change))

    return Telling


def dated(write: Callable[[datetime], str]) -> Change:
    """Return a change that writes timestamps with ``write``."""

    def change(name: str, text: str) -> str:
        moment = parse(text) if name in _MOMENTS else None
        return write(moment) if moment else text

    return change


def in_istanbul(moment: datetime) -> str:
    """Write a timestamp with an offset of three hours, unless that is after the last year."""
    last = moment.year == MAXYEAR
    return moment.astimezone(timezone(timedelta(hours=0 if last else 3))).isoformat(timespec="milliseconds")


for _name, _sentence, _change, _core in (
    (
        "guids-in-capitals",
        "GUIDs are written in capitals.",
        lambda name, text: text.upper() if _GUID.fullmatch(text) and name != "ExternalReference" else text,
        "walletapi",
    ),
    ("whole-seconds", "Moments have no fraction.", dated(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")), ""),
    (
        "moments-with-three-places",
        "Moments have three places.",
        dated(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"),
        "",
    ),
    (
        "moments-with-one-place",
        "Moments have one place.",
        dated(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-5] + "Z"),
        "",
    ),
    ("moments-with-an-offset", "Moments are written with an offset.", dated(in_istanbul), "walletapi"),
):
    variant.add(_name, "walletapi", _sentence, core=_core, responses=telling(_change))


@variant("walletapi", core="walletapi")
class NeverFrozenInTheYearOne(ApiResponses):
    """A wallet that is not frozen is frozen until 0001-01-01T00:00:00."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        frozen = {"FrozenUntil": "0001-01-01T00:00:00"} if "FrozenUntil" in value else {}
        return super().walletapi_success(call, {**value, **frozen})


@variant("walletapi", core="walletapi")
class OlderGeneration(ApiResponses):
    """Wallets have MerchantId and TransactionId."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        older = {"MerchantId": 17, "TransactionId": None} if "WalletOwnerId" in value else {}
        return super().walletapi_success(call, {**value, **older})


@variant("walletapi", core="walletapi")
class NewerGeneration(ApiResponses):
    """No Errors on success; wallets have AllowOverdraft and OverdraftLimit, transactions Alias and more."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        newer = {"AllowOverdraft": False, "OverdraftLimit": NOTHING_BACK} if "WalletOwnerId" in value else {}
        if "TransactionType" in value:
            newer = {"Alias": "5550001111", "BlockedBalanceAfterTransaction": NOTHING_BACK}
        proper = super().walletapi_success(call, {**value, **newer})
        return replace(proper, payload={name: item for name, item in proper.payload.items() if name != "Errors"})


@variant("walletapi", core="walletapi")
class EmptyListOfUnusedGifts(ApiResponses):
    """A sale that no gift paid returns an empty list of gifts, if the wallet has or had one."""

    def __init__(self, *args: Any, **members: Any) -> None:
        super().__init__(*args, **members)
        self._with_gifts: set[str] = set()

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        if call.operation == "createGiftByAlias":
            self._with_gifts.add(value["WalletId"])
        if call.operation == "purchaseByAlias" and value["WalletId"] in self._with_gifts:
            value = {**value, "UsedGiftBalances": value["UsedGiftBalances"] or []}
        return super().walletapi_success(call, value)


@variant("walletapi")
class UsedGiftsAsIds(ApiResponses):
    """UsedGiftBalances lists ids, and the last gift that paid is named."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        used = value.get("UsedGiftBalances")
        if used:
            ids = [each["GiftBalanceId"] for each in used]
            value = {**value, "UsedGiftBalances": ids, "GiftBalanceId": ids[-1]}
        return super().walletapi_success(call, value)


@variant("walletapi")
class UsedGiftsAsNumbers(ApiResponses):
    """UsedGiftBalances lists amounts."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        used = value.get("UsedGiftBalances")
        told = {"UsedGiftBalances": [each["Amount"] for each in used]} if used else {}
        return super().walletapi_success(call, {**value, **told})
