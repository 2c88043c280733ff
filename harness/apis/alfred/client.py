"""Alfred on a target (contract.md, Alfred)."""

from decimal import Decimal

from harness.apis.alfred.credentials import Credentials
from harness.apis.alfred.funding import Funding
from harness.apis.alfred.purchases import Purchases
from harness.apis.alfred.reading import Reader
from harness.apis.alfred.users import User, Users
from harness.client.calls import Call
from harness.client.client import Client
from harness.client.record import LastBalances, Recorder
from harness.target.target import AlfredTarget
from harness.wire.channel import Channel
from harness.wire.exchange import Exchange


class Alfred:
    """The calls of Alfred by subject. A method ``..._call`` returns a call that can be changed before it is sent."""

    def __init__(self, target: AlfredTarget, channel: Channel, recorder: Recorder) -> None:
        self.target = target
        self.shows_balance = target.shows_balance
        self.recorder = recorder
        reader = Reader(target, recorder)
        recorder.learn_secrets = reader.learn_token
        self.client = Client(target.base_url, channel, recorder, reader.read, self._rejection_clause)
        self.credentials = Credentials(target, recorder.run.contract.operations)
        self.users = Users(self.client, self.credentials)
        self.funding = Funding(self.client, self.credentials, self.users)
        self.purchases = Purchases(self.client, self.credentials)
        self.attempt = self.client.attempt
        self.last_balances = LastBalances[User](("confirmPurchase", "confirmPayment"))

    def _rejection_clause(self, call: Call, _exchange: Exchange) -> str:
        return call.refusal or self.recorder.scenario.clause

    def balance(self, user: User) -> Decimal:
        """Return the user's balance in major units: what a session on a purchase larger than any balance shows.

        contract.md: "The balance is read through the API as the documents allow". Needs ``shows_balance``.
        """
        session = self.purchases.open_on_new(self.target.probe_amount, user)
        if session.balance_amount is None:
            raise RuntimeError("the target does not locate the balance")
        self.last_balances.note(self.recorder.scenario, user, session.balance_amount)
        return session.balance_amount
