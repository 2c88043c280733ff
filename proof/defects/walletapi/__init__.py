"""Defects of the WalletAPI, one module per subject."""

from proof.declaring import Defects
from proof.defects.walletapi import (
    cashback,
    credentials,
    gift_responses,
    gifts,
    hostile,
    races,
    rejections,
    returned_money,
    sale_balances,
    sale_values,
    sales,
    statuses,
    undoing,
    usable_gifts,
    wallets,
)

DECLARED: tuple[Defects, ...] = (
    wallets.defect,
    sales.defect,
    sale_balances.defect,
    sale_values.defect,
    cashback.defect,
    gifts.defect,
    usable_gifts.defect,
    gift_responses.defect,
    rejections.defect,
    credentials.defect,
    undoing.defect,
    returned_money.defect,
    races.defect,
    statuses.defect,
    hostile.defect,
)
