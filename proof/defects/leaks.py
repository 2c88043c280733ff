"""Answers that tell what they must not: credentials that were sent, and the platform's internals (contract.md X-2)."""

from __future__ import annotations

from dataclasses import replace

from proof.declaring import Defects
from sandbox.alfred.routes import presented
from sandbox.http.responses import Answers, Reply

alfred = Defects("alfred")
walletapi = Defects("walletapi")

LEAK = "leak"

TRACE = 'Traceback (most recent call last):\n  File "/srv/wallet/app.py", line 41, in confirm\nKeyError: purchase'
JAVA = "java.lang.IllegalStateException: no such sale\n\tat one.wallet.Sales.undo(Sales.java:88)"


def telling(api, words, refused=""):
    """Answers whose refusals (of one reason, or all) carry ``words``."""

    class Telling(Answers):
        def alfred_refusal(self, call, refusal):
            return self._with_words(super().alfred_refusal(call, refusal), refusal, "alfred")

        def walletapi_refusal(self, call, refusal):
            return self._with_words(super().walletapi_refusal(call, refusal), refusal, "walletapi")

        def _with_words(self, proper, refusal, of):
            if of != api or (refused and refusal.name != refused):
                return proper
            return Reply(proper.status, {**proper.payload, "Detail": words})

    return Telling


for _name, _sentence, _words, _refused in (
    ("trace-in-a-refusal", "A refused confirmation shows a stack trace.", TRACE, "instrument_not_offered"),
    (
        "sql-in-a-refusal",
        "A call for an unknown purchase shows the query that found none.",
        "no row: SELECT id, amount FROM purchases WHERE id = $1",
        "unknown_purchase",
    ),
    (
        "file-path-in-a-refusal",
        "A payment of no amount shows the file that refused it.",
        "refused by /opt/wallet/rules/payments.py",
        "not_a_number",
    ),
    (
        "database-error-in-a-refusal",
        "A session for an unknown wallet shows the database's error.",
        'ERROR: relation "wallets" does not exist (SQLSTATE 42P01)',
        "unknown_wallet",
    ),
):
    alfred.add(_name, LEAK, "X-2", _sentence, telling("alfred", _words, _refused))

for _name, _sentence, _words, _refused in (
    ("trace-in-a-failed-undoing", "Undoing a sale twice shows a stack trace.", JAVA, "already_undone"),
    (
        "sql-in-a-failed-sale",
        "A sale by an unknown alias shows the query that found none.",
        "SELECT * FROM Wallets WHERE Alias = @p0",
        "unknown_alias",
    ),
    (
        "exception-in-a-failed-sale",
        "A sale of more than there is shows the name of an exception.",
        "System.InvalidOperationException: Sequence contains no elements",
        "insufficient_balance",
    ),
    (
        "constraint-in-a-failed-sale",
        "A sale of no amount shows the database's constraint.",
        "CHECK constraint failed: amount > 0",
        "not_positive",
    ),
):
    walletapi.add(_name, LEAK, "X-2", _sentence, telling("walletapi", _words, _refused))


@alfred(LEAK, "X-2")
class TokenInTheWalletsAnswer(Answers):
    """Reading a wallet answers the token that it was read with."""

    def alfred_success(self, call, payload):
        token = presented(call.headers).token if call.operation == "getWallet" else None
        return super().alfred_success(call, {**payload, "session": {"via": token}} if token else payload)


@alfred(LEAK, "X-2")
class KeyInARefusal(Answers):
    """A refusal repeats the key that was sent."""

    def alfred_refusal(self, call, refusal):
        proper = super().alfred_refusal(call, refusal)
        key = call.headers.get("api-key")
        return replace(proper, payload={**proper.payload, "hint": f"{key} may not do this"}) if key else proper


@alfred(LEAK, "X-2")
class ShopKeyInAHeader(Answers):
    """A purchase's answer repeats the shop's key in a header."""

    def alfred_success(self, call, payload):
        proper = super().alfred_success(call, payload)
        key = call.headers.get("api-key", "")
        return replace(proper, headers=(("x-request-by", key),)) if call.operation == "createPurchase" else proper


@alfred(LEAK, "X-2")
class PlatformKeyInALogin(Answers):
    """A login answers the platform's key beside the token."""

    def alfred_success(self, call, payload):
        login = call.operation == "authenticateWallet"
        return super().alfred_success(call, {**payload, "issuedFor": call.headers.get("api-key")} if login else payload)


@alfred(LEAK, "X-2")
class TokenInAPaymentsAnswer(Answers):
    """Creating a payment answers a link with the user's token in it."""

    def alfred_success(self, call, payload):
        token = presented(call.headers).token if call.operation == "createPayment" else None
        link = f"https://pay.example/{payload.get('id')}?access_token={token}"
        return super().alfred_success(call, {**payload, "link": link} if token else payload)


@walletapi(LEAK, "X-2")
class ClientInAHeader(Answers):
    """A sale's answer repeats apiclientpublic in a header."""

    def walletapi_success(self, call, value):
        proper = super().walletapi_success(call, value)
        client = call.headers.get("apiclientpublic", "")
        return replace(proper, headers=(("x-client", client),)) if call.operation == "purchaseByAlias" else proper


@walletapi(LEAK, "X-2")
class KeyAmongTheErrors(Answers):
    """A failed sale repeats apikeypublic among its errors."""

    def walletapi_refusal(self, call, refusal):
        proper = super().walletapi_refusal(call, refusal)
        key = call.headers.get("apikeypublic")
        return replace(proper, payload={**proper.payload, "Errors": [f"{key}: {refusal.message}"]}) if key else proper


@walletapi(LEAK, "X-2")
class KeyInAWallet(Answers):
    """A new wallet answers the key that it was opened with."""

    def walletapi_success(self, call, value):
        opened = call.operation == "createWallet"
        key = call.headers.get("apikeypublic")
        return super().walletapi_success(call, {**value, "CreatedBy": key} if opened else value)
