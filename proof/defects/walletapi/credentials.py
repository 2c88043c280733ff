"""WalletAPI: the two headers of a sale (contract.md E-2, E-5)."""

from __future__ import annotations

from typing_extensions import override

from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.walletapi.records import Outcome
from sandbox.walletapi.rules import WalletApiRules
from sandbox.walletapi.wallets import KeyPair

defect = Defects("walletapi")

CREDENTIALS = "credentials"
SALE = "purchaseByAlias"


@defect(CREDENTIALS, "E-2")
class SaleWithoutItsKey(WalletApiRules):
    """A sale needs no apikeypublic."""

    @override
    def admit(self, operation: str, pair: KeyPair) -> None:
        if operation == SALE and not pair.key:
            pair = KeyPair(self.settings.walletapi_key, pair.client)
        super().admit(operation, pair)


@defect(CREDENTIALS, "E-2", core=True)
class SaleWithoutItsClient(WalletApiRules):
    """A sale needs no apiclientpublic."""

    @override
    def admit(self, operation: str, pair: KeyPair) -> None:
        if operation == SALE and not pair.client:
            pair = KeyPair(pair.key, self.settings.walletapi_client)
        super().admit(operation, pair)


@defect(CREDENTIALS, "E-2")
class SaleWithoutEither(WalletApiRules):
    """A sale without both headers is let in, one with a single header is not."""

    @override
    def admit(self, operation: str, pair: KeyPair) -> None:
        if operation != SALE or pair.key or pair.client:
            super().admit(operation, pair)


@defect(CREDENTIALS, "E-5", core=True)
class SaleWithAnyKey(WalletApiRules):
    """A sale accepts any apikeypublic."""

    @override
    def check_key(self, operation: str, key: str) -> None:
        if operation != SALE:
            super().check_key(operation, key)


@defect(CREDENTIALS, "E-5")
class SaleWithAnyClient(WalletApiRules):
    """A sale accepts any apiclientpublic."""

    @override
    def check_client(self, operation: str, client: str) -> None:
        if operation != SALE:
            super().check_client(operation, client)


@defect(CREDENTIALS, "E-5")
class SaleWithTheTwoSwapped(WalletApiRules):
    """A sale accepts its two headers swapped."""

    @override
    def admit(self, operation: str, pair: KeyPair) -> None:
        swapped = KeyPair(self.settings.walletapi_client, self.settings.walletapi_key)
        if operation != SALE or pair != swapped:
            super().admit(operation, pair)


@defect(CREDENTIALS, "E-5", core=True)
class OneKnownHeaderIsEnough(WalletApiRules):
    """Of the two headers, one that is known is enough."""

    @override
    def admit(self, operation: str, pair: KeyPair) -> None:
        try:
            super().admit(operation, pair)
        except Rejection as rejection:
            known = pair.key == self.settings.walletapi_key or pair.client == self.settings.walletapi_client
            if rejection.name == "missing_credential" or not known:
                raise


class SellingToStrangers(WalletApiRules):
    """Books a sale with wrong headers, and then rejects it."""

    slips: tuple[str, ...] = ()

    @override
    def admit(self, operation: str, pair: KeyPair) -> None:
        self._rejected = None
        try:
            self.judge(pair)
        except Rejection as rejection:
            if operation != SALE or rejection.name not in self.slips:
                raise
            self._rejected = rejection

    def judge(self, pair: KeyPair) -> None:
        """Reject missing and unknown headers, as the sandbox does."""
        for given, known in ((pair.key, self.settings.walletapi_key), (pair.client, self.settings.walletapi_client)):
            if not given:
                raise Rejection("missing_credential")
            if not self.same_secret(given, known):
                raise Rejection("unknown_credential")

    @override
    async def purchase_by_alias(self, body: Body) -> Outcome:
        rejected = self._rejected
        sale = await super().purchase_by_alias(body)
        if rejected:
            raise rejected
        return sale


@defect(CREDENTIALS, "E-2", core=True)
class SaleWithoutHeadersIsBooked(SellingToStrangers):
    """A sale without its headers is rejected and booked."""

    slips = ("missing_credential",)


@defect(CREDENTIALS, "E-5")
class SaleWithUnknownHeadersIsBooked(SellingToStrangers):
    """A sale with unknown headers is rejected and booked."""

    slips = ("unknown_credential",)
