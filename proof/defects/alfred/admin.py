"""The Admin UI: what an operator sees of a user's balance (contract.md S-4, S-5)."""

from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import NOTHING, whole_units
from proof.declaring import Defects
from sandbox.admin.pages import Admin
from sandbox.alfred.records import AlfredWallet

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "S-4 S-5", core=True)
class AdminShowsFundingsOnly(Admin):
    """The Admin UI shows what was funded, and not what was spent."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        entries = self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id))
        return sum((each.amount for each in entries if each.amount > 0), NOTHING)


@defect(BUSINESS, "S-4 S-5", core=True)
class AdminIsOneMovementBehind(Admin):
    """The Admin UI shows the balance before the last movement."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        entries = self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id))
        return sum((each.amount for each in entries[:-1]), NOTHING)


@defect(BUSINESS, "S-5 S-4")
class AdminShowsWholeUnits(Admin):
    """The Admin UI leaves out the minor units of a balance."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        return whole_units(super().alfred_balance(wallet))


@defect("isolation", "S-4 S-5")
class AdminShowsTheFirstUser(Admin):
    """The Admin UI shows the first user's balance on everybody's page."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        first = self.books.records.first(AlfredWallet)
        return super().alfred_balance(first or wallet)


@defect(BUSINESS, "S-5 S-4")
class AdminShowsAtMostFiveThousand(Admin):
    """The Admin UI shows a balance of more than 5,000 as 5,000."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        return min(super().alfred_balance(wallet), Decimal(5000))
