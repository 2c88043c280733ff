"""Alfred: responses that are neither success nor rejection, or the wrong one of the two."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from typing_extensions import override

from proof.building_blocks import ApiResponses, name_of
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call, Reply

defect = Defects("alfred")

STATUS = "status"
REFUSALS = "P-8 A-4 A-5 P-5 P-6 P-7 P-10 W-3 F-7 X-1"


def answering(operation: str, change: Callable[[Reply], Reply]) -> type[ApiResponses]:
    class Answering(ApiResponses):
        @override
        def alfred_success(self, call: Call, payload: Body) -> Reply:
            proper = super().alfred_success(call, payload)
            return change(proper) if call.operation == operation else proper

    return Answering


def failing(proper: Reply) -> Reply:
    return replace(proper, status=500, payload={"error": {"code": "unexpected", "message": "Try again later."}})


def moving(proper: Reply) -> Reply:
    return replace(proper, status=303, headers=(("location", "/v2/result"),))


def rejecting(proper: Reply) -> Reply:
    return replace(proper, status=409, payload={"error": {"code": "conflict", "message": "Not now."}})


for _operation, _clauses in {"confirmPurchase": "P-4", "confirmPayment": "F-3", "createPurchase": "P-1"}.items():
    defect.add(
        f"{name_of(_operation)}-answers-a-fault",
        STATUS,
        _clauses,
        f"{_operation} succeeds but returns a server error.",
        answering(_operation, failing),
    )

for _operation, _clauses in {"openPaymentSession": "F-1", "authenticateWallet": "A-1"}.items():
    defect.add(
        f"{name_of(_operation)}-redirects",
        STATUS,
        _clauses,
        f"{_operation} redirects instead of answering.",
        answering(_operation, moving),
    )

for _operation, _clauses in {"createPayment": "F-2", "getWallet": "W-1", "openPurchaseSession": "P-3"}.items():
    defect.add(
        f"{name_of(_operation)}-is-rejected",
        STATUS,
        _clauses,
        f"{_operation} succeeds but returns a rejection.",
        answering(_operation, rejecting),
    )


class InHtml(ApiResponses):
    """Sends an HTML page instead of JSON."""

    @override
    def encode(self, payload: Any) -> bytes:
        page = isinstance(payload, str) and payload.startswith("<html>")
        return payload.encode() if page else super().encode(payload)


@defect(STATUS, "P-4")
class ConfirmationAnswersAPage(InHtml):
    """Confirming a purchase returns an HTML page."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        if call.operation == "confirmPurchase":
            return Reply(200, "<html>Thank you</html>", media_type="text/html")
        return super().alfred_success(call, payload)


@defect(STATUS, REFUSALS)
class RejectionsAnswerAPage(InHtml):
    """A rejection comes as an HTML page."""

    @override
    def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:
        return Reply(super().alfred_rejection(call, rejection).status, "<html>No</html>", media_type="text/html")


@defect(STATUS, REFUSALS, core=True)
class RejectionsAnswerSuccess(ApiResponses):
    """A rejected call responds with HTTP 200 and an error in its body."""

    @override
    def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:
        return replace(super().alfred_rejection(call, rejection), status=200)


@defect(STATUS, REFUSALS)
class RejectionsAnswerAFault(ApiResponses):
    """A call that is rejected returns a server error."""

    @override
    def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:
        return replace(super().alfred_rejection(call, rejection), status=500)


@defect(STATUS, "P-7 P-8 W-3 F-7")
class UnknownThingsAnswerAFault(ApiResponses):
    """A call that names something unknown returns a server error."""

    @override
    def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:
        proper = super().alfred_rejection(call, rejection)
        return replace(proper, status=500) if proper.status == 404 else proper


@defect(STATUS, "A-4 P-5 W-3")
class MissingCredentialsRedirect(ApiResponses):
    """A call without a credential is redirected to a login page."""

    @override
    def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:
        proper = super().alfred_rejection(call, rejection)
        if rejection.name != "missing_credential":
            return proper
        return replace(proper, status=302, headers=(("location", "/login"),))
