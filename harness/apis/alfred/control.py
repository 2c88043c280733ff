"""Alfred's control: a user of the run's own, that user's wallet, and a purchase that is never confirmed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.funding import FundingSession
from harness.apis.alfred.purchases import Purchase
from harness.apis.alfred.users import User, user_of
from harness.client.calls import Call
from harness.client.control import GONE, Control, Look
from harness.client.locators import AMOUNTS
from harness.client.unique import fresh_reference

_AMOUNT: Final = Decimal("10.00")


class AlfredControl(Control):
    """The control of Alfred. Only the control uses this ``alfred``."""

    api = "alfred"

    def __init__(self, alfred: Alfred, timeout: float) -> None:
        super().__init__(alfred.client, timeout)
        self.alfred = alfred

    @property
    def user(self) -> User | None:
        return User(self.kept["reference"], self.kept["wallet_id"], self.kept["token"]) if self.kept else None

    def first(self) -> list[Look]:
        reference = fresh_reference("user")
        looks = [self.look(self.alfred.users.authentication_call(reference), "alfred.platform_id")]
        if looks[0].outcome and looks[0].accepted:
            self._keep(user_of(reference, looks[0].outcome.payload))
        amount = self.alfred.target.probe_amount if self.alfred.shows_balance else _AMOUNT
        if self.user:
            looks.append(self.look(self.alfred.users.wallet_call(self.user)))
        if self.user or self.alfred.credentials.role("createPurchase") != "token":
            probe = ("alfred.probe_amount",) if self.alfred.shows_balance else ()
            uses = ("alfred.currency", "alfred.shop_configuration_id", *probe)
            looks.append(self.look(self.alfred.purchases.creation_call(amount, self.user), *uses))
            if self.user and looks[-1].outcome and looks[-1].accepted:
                purchase = Purchase(looks[-1].outcome.payload["id"], amount)
                looks.append(self.look(self.alfred.purchases.session_call(purchase, self.user), "alfred.country_code"))
        return [*looks, *self._located_funding(looks)]

    def _located_funding(self, looks: Sequence[Look]) -> list[Look]:
        """Open a Funding session and create a payment that is never confirmed, if the target locates their members."""
        wallet = next((look.outcome for look in looks if look.call.operation == "getWallet"), None)
        if not self.user or not wallet or not wallet.accepted or self.alfred.target.locate.keys() <= set(AMOUNTS):
            return []
        account = str(wallet.payload["walletAccountId"])
        opened = self.look(self.alfred.funding.session_call(self.user, account))
        if not opened.outcome or not opened.accepted:
            return [opened]
        ids = opened.outcome.payload["paymentSessionId"], opened.outcome.payload["paymentInstrumentId"]
        call = self.alfred.funding.payment_call(FundingSession(self.user, account, *ids), _AMOUNT)
        return [opened, self.look(call, "alfred.currency")]

    def again(self) -> Sequence[Call]:
        calls = [self.alfred.users.authentication_call(fresh_reference("user"))]
        if self.user:
            calls.append(self.alfred.users.wallet_call(self.user))
        if self.user or self.alfred.credentials.role("createPurchase") != "token":
            calls.append(self.alfred.purchases.creation_call(_AMOUNT, self.user))
        return calls

    def credential(self, operation: str) -> str:
        role, target = self.alfred.credentials.role(operation), self.alfred.target
        if role == "token":
            return "the user's token (alfred.token_header and alfred.token_scheme)"
        secret = target.shop_key if role == "shop" else target.platform_key
        variable = f" (environment variable {secret.variable})" if secret.variable else ""
        return f"alfred.{role}_key{variable}"

    def takes_key(self, operation: str) -> bool:
        return self.alfred.credentials.role(operation) != "token"

    def what_is_gone(self) -> str:
        user = self.user
        if user is None or "getWallet" not in self.worked:
            return ""
        look = self.look(self.alfred.users.wallet_call(user))
        if not look.refused:
            return ""
        # The token may have expired: the same reference reaches the same wallet with a new one.
        again = self.look(self.alfred.users.authentication_call(user.external_reference))
        if again.outcome and again.accepted:
            found = user_of(user.external_reference, again.outcome.payload)
            if found.wallet_id == user.wallet_id:
                look = self.look(self.alfred.users.wallet_call(found))
                if look.accepted:
                    self._keep(found)
            is_gone = found.wallet_id != user.wallet_id or look.status in GONE
        else:
            is_gone = again.status in GONE
        words = f"the user and wallet that were made before the first scenario are gone (getWallet: {look.status})"
        return words if is_gone else ""

    def _keep(self, user: User) -> None:
        self.kept = {"reference": user.external_reference, "wallet_id": user.wallet_id, "token": user.token}
