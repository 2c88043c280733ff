"""WalletAPI: envelopes and statuses that say the wrong thing (contract.md E-1, T-1, T-8)."""

from dataclasses import replace
from typing import Any

from typing_extensions import override

from proof.building_blocks import ApiResponses, name_of
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply

defect = Defects("walletapi")

STATUS = "status"
FAILURES = "E-1 E-2 E-3 E-4 E-5"


def enveloping(**changes: Any) -> type[ApiResponses]:
    class Enveloping(ApiResponses):
        @override
        def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
            proper = super().walletapi_rejection(call, rejection)
            return replace(proper, payload={**proper.payload, **changes})

    return Enveloping


for _name, _clauses, _sentence, _changes, _core in (
    (
        "failures-say-they-succeeded",
        FAILURES,
        "A failed sale says IsSuccess.",
        {"IsSuccess": True, "IsFailure": False},
        False,
    ),
    ("failures-say-both", "E-1", "A failed sale says both IsSuccess and IsFailure.", {"IsSuccess": True}, True),
    ("failures-say-neither", "E-1", "A failed sale says neither IsSuccess nor IsFailure.", {"IsFailure": False}, False),
    ("failures-without-errors", "E-1", "A failed sale names no error.", {"Errors": []}, True),
    ("failures-with-null-errors", "E-1", "A failed sale has null for its errors.", {"Errors": None}, False),
    (
        "failures-with-a-text-for-errors",
        "E-1",
        "A failed sale has a text instead of a list of errors.",
        {"Errors": "No"},
        False,
    ),
):
    defect.add(_name, STATUS, _clauses, _sentence, enveloping(**_changes), core=_core)


@defect(STATUS, "E-1")
class FailuresWithoutAnEnvelope(ApiResponses):
    """A failed sale returns a message of another form than the envelope."""

    @override
    def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
        return replace(super().walletapi_rejection(call, rejection), payload={"message": rejection.message})


@defect(STATUS, "E-3 E-1")
class UncoveredSaleResponsesAFault(ApiResponses):
    """A sale of more than there is returns a server error."""

    @override
    def walletapi_status(self, rejection: Rejection) -> int:
        return 500 if rejection.name == "insufficient_balance" else super().walletapi_status(rejection)


@defect(STATUS, "E-4 E-1")
class UnknownAliasAnswersAFault(ApiResponses):
    """A sale by an unknown alias returns a server error."""

    @override
    def walletapi_status(self, rejection: Rejection) -> int:
        return 500 if rejection.name == "unknown_alias" else super().walletapi_status(rejection)


@defect(STATUS, "E-2 E-5")
class StrangersAreRedirected(ApiResponses):
    """A sale without its keys is sent to a login page."""

    @override
    def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
        proper = super().walletapi_rejection(call, rejection)
        credential = rejection.name in ("missing_credential", "unknown_credential")
        return replace(proper, status=302, headers=(("location", "/login"),)) if credential else proper


@defect(STATUS, "R-2")
class SecondUndoingAnswersAFault(ApiResponses):
    """Undoing a sale a second time returns a server error."""

    @override
    def walletapi_status(self, rejection: Rejection) -> int:
        return 500 if rejection.name == "already_undone" else super().walletapi_status(rejection)


@defect(STATUS, "T-1 T-8 R-1")
class SuccessWithAWarning(ApiResponses):
    """Calls that succeeded carry an error."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        proper = super().walletapi_success(call, value)
        return replace(proper, payload={**proper.payload, "Errors": ["Low balance"]})


def answering(operation: str, status: int) -> type[ApiResponses]:
    class Answering(ApiResponses):
        @override
        def walletapi_success(self, call: Call, value: Body) -> Reply:
            proper = super().walletapi_success(call, value)
            return replace(proper, status=status) if call.operation == operation else proper

    return Answering


for _operation, _status, _clauses in (
    ("purchaseByAlias", 500, "T-1"),
    ("depositByAlias", 500, "T-8"),
    ("createWallet", 303, "T-8"),
    ("balancesByAlias", 404, "T-8"),
    ("refundPurchase", 409, "R-1"),
):
    defect.add(
        f"{name_of(_operation)}-answers-{_status}",
        STATUS,
        _clauses,
        f"{_operation} succeeds but returns HTTP {_status}.",
        answering(_operation, _status),
    )


@defect(STATUS, "T-1 T-2", core=True)
class SaleReturnsItsIdAlone(ApiResponses):
    """A sale returns only its id."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        if call.operation == "purchaseByAlias":
            return Reply(200, {"Id": value["Id"]})
        return super().walletapi_success(call, value)
