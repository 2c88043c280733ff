"""The WalletAPI's control: a wallet of the run's own and its balances, or those of the target's aliases."""

from collections.abc import Sequence
from dataclasses import replace

from harness.apis.walletapi.client import WalletApi
from harness.client.calls import Call
from harness.client.came_back import failure_of
from harness.client.control import GONE, Control, Look
from harness.client.similar_texts import made_up
from harness.client.unique import fresh_alias


class WalletApiControl(Control):
    """The control of the WalletAPI. Only the control uses this ``walletapi``."""

    api = "walletapi"

    def __init__(self, walletapi: WalletApi, timeout: float) -> None:
        super().__init__(walletapi.client, timeout)
        self.walletapi = walletapi
        self._unknown = ""

    def first(self) -> list[Look]:
        target = self.walletapi.target
        self.client.key_failure = self._failure_of_made_up_keys()
        if not target.owner_id:
            return self._looks_at_aliases()
        alias = fresh_alias()
        uses = ("walletapi.owner_id", "walletapi.region_id", "walletapi.currency")
        looks = [self.look(self.walletapi.wallet_call(alias), *uses)]
        if looks[0].accepted:
            looks.append(self.look(self.walletapi.balances_call(alias)))
            if looks[1].accepted:
                self.kept = {"alias": alias, "unknown": self._unknown}
        return looks

    def _looks_at_aliases(self) -> list[Look]:
        aliases = self.walletapi.target.aliases or (fresh_alias(),)
        looks = [self.look(self.walletapi.balances_call(alias), "walletapi.aliases") for alias in aliases]
        if looks[0].accepted:
            self.kept = {"alias": aliases[0], "unknown": self._unknown}
        return looks

    def _failure_of_made_up_keys(self) -> str:
        """Return the failure for made-up keys; empty if it is the same as the failure for an unknown alias."""
        known = self.walletapi.balances_call(fresh_alias())
        made_up_keys = known.carrying(tuple((name, made_up(value)) for name, value in known.credentials))
        with_made_up_keys, self._unknown = (self._failure(call) for call in (made_up_keys, known))
        return with_made_up_keys if with_made_up_keys != self._unknown else ""

    def _failure(self, call: Call) -> str:
        outcome = self.look(replace(call, proper=False)).outcome
        response = outcome.exchange.response if outcome else None
        return failure_of(response) if response else ""

    def again(self) -> Sequence[Call]:
        calls = [self.walletapi.wallet_call(fresh_alias())] if self.walletapi.target.owner_id else []
        alias = self.kept.get("alias") or next(iter(self.walletapi.target.aliases), "")
        return [*calls, self.walletapi.balances_call(alias)] if alias or not calls else calls

    def credential(self, operation: str) -> str:  # noqa: ARG002 - each takes both
        target = self.walletapi.target
        variables = " and ".join(secret.variable for secret in (target.key, target.client) if secret.variable)
        return f"walletapi.key or walletapi.client{f' (environment variables {variables})' if variables else ''}"

    def takes_key(self, operation: str) -> bool:  # noqa: ARG002 - each does
        return True

    def what_is_gone(self) -> str:
        if "alias" not in self.kept:
            return ""
        look = self.look(self.walletapi.balances_call(self.kept["alias"]))
        response = look.outcome.exchange.response if look.outcome else None
        is_unknown = response is not None and failure_of(response) == self.kept["unknown"] != ""
        if not look.refused or not (is_unknown or look.status in GONE):
            return ""
        return f"the wallet that the run used before the first scenario is gone (balancesByAlias: {look.status})"
