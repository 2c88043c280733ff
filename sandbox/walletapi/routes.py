"""The WalletAPI over HTTP: its routes, as docs/contract.md lists them."""

from dataclasses import dataclass

from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.operations import Operation
from sandbox.http.responses import Call
from sandbox.walletapi import values
from sandbox.walletapi.balances import Balances
from sandbox.walletapi.credentials import Credentials
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

PREFIXES = ("/api/v1/",)


@dataclass(frozen=True)
class WalletApi:
    credentials: Credentials
    wallets: Wallets
    gifts: Gifts
    balances: Balances
    sales: Sales
    reversals: Reversals


async def create_wallet(api: WalletApi, call: Call) -> Body:
    wallet = await api.wallets.create_wallet(call.body)
    return values.wallet(api.balances.standing(wallet), just_made=True)


async def deposit(api: WalletApi, call: Call) -> Body:
    wallet = await api.wallets.deposit(call.body)
    return values.wallet(api.balances.standing(wallet), just_made=False)


async def create_gift(api: WalletApi, call: Call) -> Body:
    return values.gift(await api.gifts.create_gift(call.body))


async def balances(api: WalletApi, call: Call) -> Body:
    return values.balances(await api.balances.balances(fields.text(dict(call.query), "alias")))


async def purchase_by_alias(api: WalletApi, call: Call) -> Body:
    return values.transaction(await api.sales.purchase_by_alias(call.body))


async def cancel_purchase(api: WalletApi, call: Call) -> Body:
    return values.transaction(await api.reversals.undo("Cancel", call.body))


async def refund_purchase(api: WalletApi, call: Call) -> Body:
    return values.transaction(await api.reversals.undo("Refund", call.body))


OPERATIONS = (
    Operation("createWallet", "POST", "/api/v1/wallet", create_wallet),
    Operation("depositByAlias", "POST", "/api/v1/wallet/deposit/by/alias", deposit),
    Operation("createGiftByAlias", "POST", "/api/v1/balance/gift/by/wallet/alias", create_gift),
    Operation("balancesByAlias", "GET", "/api/v1/wallet/balances/by/alias", balances, takes_body=False),
    Operation("purchaseByAlias", "POST", "/api/v1/wallet/purchase/by/alias", purchase_by_alias),
    Operation("cancelPurchase", "POST", "/api/v1/wallet/purchase/cancel", cancel_purchase),
    Operation("refundPurchase", "POST", "/api/v1/wallet/purchase/refund", refund_purchase),
)
