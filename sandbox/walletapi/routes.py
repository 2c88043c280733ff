"""The WalletAPI over HTTP: routes and headers, as docs/contract.md lists them."""

from typing import Any

from starlette.routing import Route

from sandbox.http import fields
from sandbox.http.bodies import Bodies, Body
from sandbox.http.operations import Api, Operation
from sandbox.http.responses import Call, Responses
from sandbox.walletapi import values
from sandbox.walletapi.rules import WalletApiRules
from sandbox.walletapi.wallets import KeyPair

PREFIXES = ("/api/v1/",)


async def create_wallet(rules: WalletApiRules, _call: Call, _caller: Any, body: Body) -> Body:
    return values.wallet(await rules.create_wallet(body), just_made=True)


async def deposit(rules: WalletApiRules, _call: Call, _caller: Any, body: Body) -> Body:
    return values.wallet(await rules.deposit(body), just_made=False)


async def create_gift(rules: WalletApiRules, _call: Call, _caller: Any, body: Body) -> Body:
    return values.gift(await rules.create_gift(body))


async def balances(rules: WalletApiRules, call: Call, _caller: Any, _body: Body) -> Body:
    return values.balances(await rules.balances(fields.text(dict(call.query), "alias")))


async def purchase_by_alias(rules: WalletApiRules, _call: Call, _caller: Any, body: Body) -> Body:
    return values.transaction(await rules.purchase_by_alias(body))


async def cancel_purchase(rules: WalletApiRules, _call: Call, _caller: Any, body: Body) -> Body:
    return values.transaction(await rules.cancel_purchase(body))


async def refund_purchase(rules: WalletApiRules, _call: Call, _caller: Any, body: Body) -> Body:
    return values.transaction(await rules.refund_purchase(body))


OPERATIONS = (
    Operation("createWallet", "POST", "/api/v1/wallet", create_wallet),
    Operation("depositByAlias", "POST", "/api/v1/wallet/deposit/by/alias", deposit),
    Operation("createGiftByAlias", "POST", "/api/v1/balance/gift/by/wallet/alias", create_gift),
    Operation("balancesByAlias", "GET", "/api/v1/wallet/balances/by/alias", balances, takes_body=False),
    Operation("purchaseByAlias", "POST", "/api/v1/wallet/purchase/by/alias", purchase_by_alias),
    Operation("cancelPurchase", "POST", "/api/v1/wallet/purchase/cancel", cancel_purchase),
    Operation("refundPurchase", "POST", "/api/v1/wallet/purchase/refund", refund_purchase),
)


def routes(rules: WalletApiRules, responses: Responses, bodies: Bodies) -> list[Route]:
    def admit(call: Call) -> None:
        rules.admit(call.operation, KeyPair(call.headers.get("apikeypublic"), call.headers.get("apiclientpublic")))

    api = Api("walletapi", rules, admit, responses, bodies)
    return [api.route(operation) for operation in OPERATIONS]
