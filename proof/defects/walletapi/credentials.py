"""WalletAPI: the two headers of a sale (contract.md E-2, E-5)."""

from contextvars import ContextVar
from dataclasses import replace

from typing_extensions import override

from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call
from sandbox.walletapi.credentials import Credentials
from sandbox.walletapi.records import Outcome
from sandbox.walletapi.sales import Sales

defect = Defects("walletapi")

CREDENTIALS = "credentials"
SALE = "purchaseByAlias"
REJECTED: ContextVar[Rejection | None] = ContextVar("rejected", default=None)


def with_headers(call: Call, **headers: str) -> Call:
    """Return the call with other headers."""
    return replace(call, headers={**call.headers, **headers})


@defect(CREDENTIALS, "E-2")
class SaleWithoutItsKey(Credentials):
    """A sale needs no apikeypublic."""

    @override
    def admit(self, call: Call) -> None:
        if call.operation == SALE and not call.headers.get("apikeypublic"):
            call = with_headers(call, apikeypublic=self.books.settings.walletapi_key)
        super().admit(call)


@defect(CREDENTIALS, "E-2", core=True)
class SaleWithoutItsClient(Credentials):
    """A sale needs no apiclientpublic."""

    @override
    def admit(self, call: Call) -> None:
        if call.operation == SALE and not call.headers.get("apiclientpublic"):
            call = with_headers(call, apiclientpublic=self.books.settings.walletapi_client)
        super().admit(call)


@defect(CREDENTIALS, "E-2")
class SaleWithoutEither(Credentials):
    """A sale without both headers is let in, one with a single header is not."""

    @override
    def admit(self, call: Call) -> None:
        if call.operation != SALE or call.headers.get("apikeypublic") or call.headers.get("apiclientpublic"):
            super().admit(call)


@defect(CREDENTIALS, "E-5", core=True)
class SaleWithAnyKey(Credentials):
    """A sale accepts any apikeypublic."""

    @override
    def admit(self, call: Call) -> None:
        if call.operation == SALE and call.headers.get("apikeypublic"):
            call = with_headers(call, apikeypublic=self.books.settings.walletapi_key)
        super().admit(call)


@defect(CREDENTIALS, "E-5")
class SaleWithAnyClient(Credentials):
    """A sale accepts any apiclientpublic."""

    @override
    def admit(self, call: Call) -> None:
        if call.operation == SALE and call.headers.get("apiclientpublic"):
            call = with_headers(call, apiclientpublic=self.books.settings.walletapi_client)
        super().admit(call)


@defect(CREDENTIALS, "E-5")
class SaleWithTheTwoSwapped(Credentials):
    """A sale accepts its two headers swapped."""

    @override
    def admit(self, call: Call) -> None:
        swapped = (self.books.settings.walletapi_client, self.books.settings.walletapi_key)
        presented = (call.headers.get("apikeypublic"), call.headers.get("apiclientpublic"))
        if call.operation != SALE or presented != swapped:
            super().admit(call)


@defect(CREDENTIALS, "E-5", core=True)
class OneKnownHeaderIsEnough(Credentials):
    """Of the two headers, one that is known is enough."""

    @override
    def admit(self, call: Call) -> None:
        try:
            super().admit(call)
        except Rejection as rejection:
            key = call.headers.get("apikeypublic") == self.books.settings.walletapi_key
            client = call.headers.get("apiclientpublic") == self.books.settings.walletapi_client
            if rejection.name == "missing_credential" or not (key or client):
                raise


class RejectingAfterwards(Sales):
    """Rejects the sale of a stranger once it is booked."""

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        sale = await super().purchase_by_alias(body)
        if rejection := REJECTED.get():
            raise rejection
        return sale


class SellingToStrangers(Credentials):
    """Lets a sale with wrong headers pass. RejectingAfterwards rejects it."""

    slips: tuple[str, ...] = ()

    @override
    def admit(self, call: Call) -> None:
        REJECTED.set(None)
        try:
            super().admit(call)
        except Rejection as rejection:
            if call.operation != SALE or rejection.name not in self.slips:
                raise
            REJECTED.set(rejection)


@defect(CREDENTIALS, "E-2", sales=RejectingAfterwards, core=True)
class SaleWithoutHeadersIsBooked(SellingToStrangers):
    """A sale without its headers is rejected and booked."""

    slips = ("missing_credential",)


@defect(CREDENTIALS, "E-5", sales=RejectingAfterwards)
class SaleWithUnknownHeadersIsBooked(SellingToStrangers):
    """A sale with unknown headers is rejected and booked."""

    slips = ("unknown_credential",)
