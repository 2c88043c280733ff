"""The Admin UI: what an operator sees of a user's balance (contract.md S-4, S-5)."""

from __future__ import annotations

from proof.building_blocks import NOTHING, whole_units
from proof.declaring import Defects
from sandbox.admin.pages import Admin
from sandbox.alfred.records import AlfredWallet

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "S-4 S-5", core=True)
class AdminShowsFundingsOnly(Admin):
    """The Admin UI shows what was funded, and not what was spent."""

    def alfred_balance(self, wallet):
        entries = self.ledger.entries(self.alfred.account_name(wallet.account_id))
        return sum((each.amount for each in entries if each.amount > 0), NOTHING)


@defect(BUSINESS, "S-4 S-5", core=True)
class AdminIsOneMovementBehind(Admin):
    """The Admin UI shows the balance before the last movement."""

    def alfred_balance(self, wallet):
        entries = self.ledger.entries(self.alfred.account_name(wallet.account_id))
        return sum((each.amount for each in entries[:-1]), NOTHING)


@defect(BUSINESS, "S-5 S-4")
class AdminShowsWholeUnits(Admin):
    """The Admin UI leaves out the minor units of a balance."""

    def alfred_balance(self, wallet):
        return whole_units(super().alfred_balance(wallet))


@defect("isolation", "S-4 S-5")
class AdminShowsTheFirstUser(Admin):
    """The Admin UI shows the first user's balance on everybody's page."""

    def alfred_balance(self, wallet):
        first = self.records.first(AlfredWallet)
        return super().alfred_balance(first or wallet)
