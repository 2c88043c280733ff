"""The members of a request that hostile input goes into, by operation (contract.md X-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AMOUNTS: Final[Mapping[str, tuple[str, ...]]] = {
    "createPurchase": ("amount",),
    "createPayment": ("paymentAmount",),
    "purchaseByAlias": ("Amount", "CashbackValue"),
    "depositByAlias": ("Amount",),
    "createGiftByAlias": ("Amount",),
}
"""The members that are amounts of money, by operation; every other operation with a body has none."""

TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "authenticateWallet": ("externalReferenceId",),
    "createPurchase": ("description", "billingAddress"),
    "openPurchaseSession": ("countryCode",),
    "confirmPurchase": ("paymentSessionId", "paymentSessionDetails.selectedPaymentMethod"),
    "openPaymentSession": ("walletAccountId",),
    "createPayment": ("description",),
    "purchaseByAlias": ("Description", "ExternalReference"),
    "createWallet": ("Name", "Description"),
    "depositByAlias": ("Description", "ExternalReference"),
    "createGiftByAlias": ("Description", "ExternalReference"),
    "cancelPurchase": ("ExternalReference",),
    "refundPurchase": ("ExternalReference",),
}
"""Where odd text goes: free text, or where an operation has none, an id that then names nothing."""

NAMING: Final[Mapping[str, tuple[str, ...]]] = {
    "confirmPurchase": (
        "paymentSessionDetails",
        "paymentSessionId",
        "paymentSessionDetails.selectedPaymentMethod",
        "paymentSessionDetails.selectedPaymentInstrumentId",
        "walletId",
    ),
    "purchaseByAlias": ("Alias",),
    "depositByAlias": ("Alias",),
    "createGiftByAlias": ("Alias",),
    "cancelPurchase": ("ExternalReference",),
    "refundPurchase": ("ExternalReference",),
}
"""The members that name whose money moves: with a text that names nobody, none of ours may."""

ECHOED: Final[Mapping[str, tuple[str, ...]]] = {
    "purchaseByAlias": ("Description", "ExternalReference"),
    "createGiftByAlias": ("Description",),
    "createWallet": ("Name",),
}
"""The members of a response that show a text of the request (contract.md T-2 and T-8)."""
