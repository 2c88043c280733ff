"""Responses that reveal credentials or the platform's internals (contract.md X-2)."""

from dataclasses import replace

from typing_extensions import override

from proof.building_blocks import ApiResponses
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import ApiName, Call, Reply

alfred = Defects("alfred")
walletapi = Defects("walletapi")

LEAK = "leak"

TRACE = 'Traceback (most recent call last):\n  File "/srv/wallet/app.py", line 41, in confirm\nKeyError: purchase'
JAVA = "java.lang.IllegalStateException: no such sale\n\tat one.wallet.Sales.undo(Sales.java:88)"


def token_of(call: Call) -> str:
    return call.headers.get("authorization", "").partition(" ")[2]


def with_detail(api: ApiName, text: str, reason: str) -> type[ApiResponses]:
    """Return responses of an API with a text in each rejection for one reason."""

    class WithDetail(ApiResponses):
        @override
        def rejection(self, call: Call, rejection: Rejection) -> Reply:
            proper = super().rejection(call, rejection)
            if call.api != api or rejection.name != reason:
                return proper
            return Reply(proper.status, {**proper.payload, "Detail": text})

    return WithDetail


for _name, _sentence, _text, _reason, _core in (
    ("trace-in-a-rejection", "A rejected confirmation shows a stack trace.", TRACE, "instrument_not_offered", True),
    (
        "sql-in-a-rejection",
        "A call for an unknown purchase shows the query that found none.",
        "no row: SELECT id, amount FROM purchases WHERE id = $1",
        "unknown_purchase",
        False,
    ),
    (
        "file-path-in-a-rejection",
        "A payment of no amount shows the file that rejected it.",
        "rejected by /opt/wallet/rules/payments.py",
        "not_a_number",
        False,
    ),
    (
        "database-error-in-a-rejection",
        "A session for an unknown wallet shows the database's error.",
        'ERROR: relation "wallets" does not exist (SQLSTATE 42P01)',
        "unknown_wallet",
        False,
    ),
):
    alfred.add(_name, LEAK, "X-2", _sentence, with_detail("alfred", _text, _reason), core=_core)

for _name, _sentence, _text, _reason, _core in (
    ("trace-in-a-failed-undoing", "Undoing a sale twice shows a stack trace.", JAVA, "already_undone", False),
    (
        "sql-in-a-failed-sale",
        "A sale by an unknown alias shows the query that found none.",
        "SELECT * FROM Wallets WHERE Alias = @p0",
        "unknown_alias",
        False,
    ),
    (
        "exception-in-a-failed-sale",
        "A sale of more than there is shows the name of an exception.",
        "System.InvalidOperationException: Sequence contains no elements",
        "insufficient_balance",
        False,
    ),
    (
        "constraint-in-a-failed-sale",
        "A sale of no amount shows the database's constraint.",
        "CHECK constraint failed: amount > 0",
        "not_positive",
        True,
    ),
):
    walletapi.add(_name, LEAK, "X-2", _sentence, with_detail("walletapi", _text, _reason), core=_core)


@alfred(LEAK, "X-2")
class TokenInTheWalletsAnswer(ApiResponses):
    """Reading a wallet returns the token that it was read with."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        token = token_of(call) if call.operation == "getWallet" else None
        return super().alfred_success(call, {**payload, "session": {"via": token}} if token else payload)


@alfred(LEAK, "X-2")
class KeyInARejection(ApiResponses):
    """A rejection repeats the key that was sent."""

    @override
    def alfred_rejection(self, call: Call, rejection: Rejection) -> Reply:
        proper = super().alfred_rejection(call, rejection)
        key = call.headers.get("api-key")
        return replace(proper, payload={**proper.payload, "hint": f"{key} may not do this"}) if key else proper


@alfred(LEAK, "X-2")
class ShopKeyInAHeader(ApiResponses):
    """A purchase's response repeats the shop's key in a header."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        proper = super().alfred_success(call, payload)
        key = call.headers.get("api-key", "")
        return replace(proper, headers=(("x-request-by", key),)) if call.operation == "createPurchase" else proper


@alfred(LEAK, "X-2")
class PlatformKeyInALogin(ApiResponses):
    """A login returns the platform's key beside the token."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        login = call.operation == "authenticateWallet"
        return super().alfred_success(call, {**payload, "issuedFor": call.headers.get("api-key")} if login else payload)


@alfred(LEAK, "X-2")
class TokenInAPaymentsAnswer(ApiResponses):
    """Creating a payment returns a link with the user's token in it."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        token = token_of(call) if call.operation == "createPayment" else None
        link = f"https://pay.example/{payload.get('id')}?access_token={token}"
        return super().alfred_success(call, {**payload, "link": link} if token else payload)


@walletapi(LEAK, "X-2", core=True)
class ClientInAHeader(ApiResponses):
    """A sale's response repeats apiclientpublic in a header."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        proper = super().walletapi_success(call, value)
        client = call.headers.get("apiclientpublic", "")
        return replace(proper, headers=(("x-client", client),)) if call.operation == "purchaseByAlias" else proper


@walletapi(LEAK, "X-2")
class KeyAmongTheErrors(ApiResponses):
    """A failed sale repeats apikeypublic among its errors."""

    @override
    def walletapi_rejection(self, call: Call, rejection: Rejection) -> Reply:
        proper = super().walletapi_rejection(call, rejection)
        key = call.headers.get("apikeypublic")
        return replace(proper, payload={**proper.payload, "Errors": [f"{key}: {rejection.message}"]}) if key else proper


@walletapi(LEAK, "X-2")
class KeyInAWallet(ApiResponses):
    """A new wallet returns the key that it was opened with."""

    @override
    def walletapi_success(self, call: Call, value: Body) -> Reply:
        opened = call.operation == "createWallet"
        key = call.headers.get("apikeypublic")
        return super().walletapi_success(call, {**value, "CreatedBy": key} if opened else value)
