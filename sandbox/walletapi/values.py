"""The WalletAPI's Value members, as docs/walletapi.md and docs/walletapi-related.md list them."""

from datetime import datetime
from decimal import Decimal

from sandbox.http.bodies import Body
from sandbox.ledger.timestamps import as_read_back, as_written
from sandbox.walletapi.records import GiftStanding, Outcome, Standing

_NOTHING = Decimal("0.00")


def wallet(standing: Standing, *, just_made: bool) -> Body:
    """Return a wallet. The time has seven digits after the point in the response that creates it, later six."""
    kept = standing.wallet
    with_gifts = standing.balance + standing.gift_total
    return {
        "Id": kept.id,
        "WalletOwnerId": kept.owner_id,
        "Name": kept.name,
        "Alias": kept.alias,
        "RegionId": kept.region_id,
        "CurrencyCode": kept.currency,
        "Balance": standing.balance,
        "AvailableBalance": with_gifts,
        "TotalGiftBalance": standing.gift_total,
        "BlockedBalance": _NOTHING,
        "FrozenUntil": None,
        "IsFrozen": False,
        "IsDeleted": False,
        "CreatedAt": as_written(kept.created) if just_made else as_read_back(kept.created),
        "UpdatedAt": _optional(kept.updated),
    }


def balances(standing: Standing) -> Body:
    with_gifts = standing.balance + standing.gift_total
    return {
        "Id": standing.wallet.id,
        "Name": standing.wallet.name,
        "Alias": standing.wallet.alias,
        "WalletBalance": standing.balance,
        "GiftBalances": [_gift_line(each) for each in standing.gifts],
        "TotalGiftBalance": standing.gift_total,
        "BlockedBalance": _NOTHING,
        "TotalBalance": with_gifts,
        "AvailableBalance": with_gifts,
    }


def _gift_line(standing: GiftStanding) -> Body:
    expires = standing.gift.expires
    return {
        "Id": standing.gift.id,
        "Amount": standing.gift.amount,
        "RemainingAmount": standing.remaining,
        "ExpirationDate": as_read_back(expires) if expires else None,
        "Description": standing.gift.description,
    }


def gift(standing: GiftStanding) -> Body:
    given, spent = standing.gift, standing.gift.amount - standing.remaining
    return {
        "Id": given.id,
        "WalletId": given.wallet_id,
        "Amount": given.amount,
        "RemainingAmount": standing.remaining,
        "ExpirationDate": _optional(given.expires),
        "IsUnlimited": given.expires is None,
        "Description": given.description,
        "IsUsed": bool(spent),
        "IsFullyUsed": not standing.remaining,
        "IsPartiallyUsed": bool(spent and standing.remaining),
        "LastTransactionId": None,
        "CreatedAt": as_written(given.created),
        "UpdatedAt": None,
    }


def transaction(outcome: Outcome) -> Body:
    made = outcome.transaction
    return {
        "Id": made.id,
        "WalletId": made.wallet_id,
        "TransactionType": made.type,
        "Amount": made.amount,
        "GiftAmount": made.gift_amount,
        "Description": made.description,
        "ExternalReference": made.external_reference,
        "CreatedAt": as_written(made.created),
        "UpdatedAt": None,
        "BalanceAfterTransaction": made.balance_after,
        "SourceWalletId": None,
        "DestinationWalletId": None,
        "GiftBalanceId": made.gift_balance_id,
        "MainTransactionId": made.main_transaction_id,
        "UniqueCode": made.unique_code,
        "UsedGiftBalances": [{"GiftBalanceId": use.gift_id, "Amount": use.amount} for use in outcome.gift_uses] or None,
        "CashbackAmount": made.cashback_amount,
    }


def _optional(moment: datetime | None) -> str | None:
    return as_written(moment) if moment else None
