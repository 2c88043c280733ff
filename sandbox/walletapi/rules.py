"""The WalletAPI's rules whole, without HTTP: what docs/contract.md promises under T, C, G, E, R and M."""

from __future__ import annotations

from sandbox.walletapi.undoing import WalletApiUndoing


class WalletApiRules(WalletApiUndoing):
    """Wallets, deposits, gifts, sales and what undoes them; any single rule is one method to override."""
