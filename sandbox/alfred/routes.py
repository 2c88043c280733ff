"""Alfred over HTTP: its routes and payloads, as docs/contract.md lists them."""

from dataclasses import dataclass

from sandbox.alfred.credentials import Credentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.operations import Operation
from sandbox.http.responses import Call

PREFIXES = ("/v2/",)


@dataclass(frozen=True)
class Alfred:
    credentials: Credentials
    users: Users
    purchases: Purchases
    fundings: Fundings


async def authenticate_wallet(api: Alfred, call: Call) -> Body:
    login = await api.users.authenticate(call.path["platformId"], call.body)
    return {"walletId": login.wallet.id, "accessToken": login.token}


async def create_purchase(api: Alfred, call: Call) -> Body:
    purchase = await api.purchases.create_purchase(call.body)
    return {"id": purchase.id}


async def open_purchase_session(api: Alfred, call: Call) -> Body:
    session = await api.purchases.open_purchase_session(call.path["purchaseId"], call.body)
    return {
        "paymentSessionId": session.id,
        "paymentInstrumentId": session.instrument_id,
        "balanceAmount": session.balance_part,
        "remainingAmount": session.remaining_part,
    }


async def confirm_purchase(api: Alfred, call: Call) -> Body:
    purchase = await api.purchases.confirm_purchase(call.path["purchaseId"], call.body)
    return {"id": purchase.id, "state": "Confirmed"}


async def get_wallet(api: Alfred, call: Call) -> Body:
    wallet = await api.users.get_wallet(call.caller, call.path["walletId"])
    return {"id": wallet.id, "walletAccountId": wallet.account_id}


async def open_payment_session(api: Alfred, call: Call) -> Body:
    session = await api.fundings.open_payment_session(call.caller, call.body)
    return {"paymentSessionId": session.id, "paymentInstrumentId": session.instrument_id}


async def create_payment(api: Alfred, call: Call) -> Body:
    payment = await api.fundings.create_payment(call.caller, call.body)
    return {"id": payment.id}


async def confirm_payment(api: Alfred, call: Call) -> Body:
    payment = await api.fundings.confirm_payment(call.caller, call.path["paymentId"])
    return {"id": payment.id, "state": "Confirmed"}


# Sessions stand before payments: a literal segment must be tried before a parameter.
OPERATIONS = (
    Operation(
        "authenticateWallet",
        "POST",
        "/v2/alfred/platform/{platformId}/walletauthentication",
        authenticate_wallet,
        "platform",
    ),
    Operation("createPurchase", "POST", "/v2/alfred/purchase", create_purchase, "shop"),
    Operation("openPurchaseSession", "POST", "/v2/alfred/purchase/{purchaseId}/session", open_purchase_session, "shop"),
    Operation("confirmPurchase", "POST", "/v2/alfred/purchase/{purchaseId}:confirm", confirm_purchase, "shop"),
    Operation("getWallet", "GET", "/v2/wallet/wallets/{walletId}", get_wallet, "token", takes_body=False),
    Operation("openPaymentSession", "POST", "/v2/wallet/tx/payments/session", open_payment_session, "token"),
    Operation("createPayment", "POST", "/v2/wallet/tx/payments", create_payment, "token"),
    Operation(
        "confirmPayment",
        "POST",
        "/v2/wallet/tx/payments/{paymentId}:confirm",
        confirm_payment,
        "token",
        takes_body=False,
    ),
)
