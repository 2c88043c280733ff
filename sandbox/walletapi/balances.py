"""What a wallet holds: its balance and its gifts (contract.md T-8)."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import GiftStanding, Standing, Wallet
from sandbox.walletapi.wallets import Wallets


@dataclass
class Balances:
    wallets: Wallets
    gifts: Gifts

    async def balances(self, alias: str) -> Standing:
        return self.standing(self.wallets.wallet_behind(alias))

    def standing(self, wallet: Wallet) -> Standing:
        gifts = self.gifts_shown(wallet)
        total = sum((standing.remaining for standing in gifts), Decimal("0.00"))
        return Standing(wallet, self.wallets.balance_of(wallet), total, gifts)

    def gifts_shown(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        return self.gifts.usable_gifts(wallet)
