"""Alfred over HTTP: routes, headers and payloads, as docs/contract.md lists them."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.routing import Route

from sandbox.alfred.records import AlfredWallet
from sandbox.alfred.rules import AlfredRules
from sandbox.alfred.users import Presented
from sandbox.http.bodies import Bodies, Body
from sandbox.http.operations import Api, Operation
from sandbox.http.responses import Call, Responses

PREFIXES = ("/v2/",)


def presented(headers: Mapping[str, str]) -> Presented:
    """The key in API-KEY, the token in ``Authorization: Bearer``."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return Presented(headers.get("api-key"), token.strip() if scheme.lower() == "bearer" else None)


async def authenticate_wallet(rules: AlfredRules, call: Call, _caller: Any, body: Body) -> Body:
    login = await rules.authenticate(call.path["platformId"], body)
    return {"walletId": login.wallet.id, "accessToken": login.token}


async def create_purchase(rules: AlfredRules, _call: Call, _caller: Any, body: Body) -> Body:
    purchase = await rules.create_purchase(body)
    return {"id": purchase.id}


async def open_purchase_session(rules: AlfredRules, call: Call, _caller: Any, body: Body) -> Body:
    session = await rules.open_purchase_session(call.path["purchaseId"], body)
    return {
        "paymentSessionId": session.id,
        "paymentInstrumentId": session.instrument_id,
        "balanceAmount": session.balance_part,
        "remainingAmount": session.remaining_part,
    }


async def confirm_purchase(rules: AlfredRules, call: Call, _caller: Any, body: Body) -> Body:
    purchase = await rules.confirm_purchase(call.path["purchaseId"], body)
    return {"id": purchase.id, "state": "Confirmed"}


async def get_wallet(rules: AlfredRules, call: Call, caller: AlfredWallet, _body: Body) -> Body:
    wallet = await rules.get_wallet(caller, call.path["walletId"])
    return {"id": wallet.id, "walletAccountId": wallet.account_id}


async def open_payment_session(rules: AlfredRules, _call: Call, caller: AlfredWallet, body: Body) -> Body:
    session = await rules.open_payment_session(caller, body)
    return {"paymentSessionId": session.id, "paymentInstrumentId": session.instrument_id}


async def create_payment(rules: AlfredRules, _call: Call, caller: AlfredWallet, body: Body) -> Body:
    payment = await rules.create_payment(caller, body)
    return {"id": payment.id}


async def confirm_payment(rules: AlfredRules, call: Call, caller: AlfredWallet, _body: Body) -> Body:
    payment = await rules.confirm_payment(caller, call.path["paymentId"])
    return {"id": payment.id, "state": "Confirmed"}


# Sessions stand before payments: a literal segment must be tried before a parameter.
OPERATIONS = (
    Operation(
        "authenticateWallet", "POST", "/v2/alfred/platform/{platformId}/walletauthentication", authenticate_wallet
    ),
    Operation("createPurchase", "POST", "/v2/alfred/purchase", create_purchase),
    Operation("openPurchaseSession", "POST", "/v2/alfred/purchase/{purchaseId}/session", open_purchase_session),
    Operation("confirmPurchase", "POST", "/v2/alfred/purchase/{purchaseId}:confirm", confirm_purchase),
    Operation("getWallet", "GET", "/v2/wallet/wallets/{walletId}", get_wallet, takes_body=False),
    Operation("openPaymentSession", "POST", "/v2/wallet/tx/payments/session", open_payment_session),
    Operation("createPayment", "POST", "/v2/wallet/tx/payments", create_payment),
    Operation(
        "confirmPayment", "POST", "/v2/wallet/tx/payments/{paymentId}:confirm", confirm_payment, takes_body=False
    ),
)


def routes(
    rules: AlfredRules,
    responses: Responses,
    bodies: Bodies,
    read_credentials: Callable[[Mapping[str, str]], Presented] = presented,
) -> list[Route]:
    def admit(call: Call) -> AlfredWallet | None:
        return rules.admit(call.operation, read_credentials(call.headers))

    api = Api("alfred", rules, admit, responses, bodies)
    return [api.route(operation) for operation in OPERATIONS]
