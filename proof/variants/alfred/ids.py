"""Variants of Alfred's ids, tokens and credentials (contract.md, Tolerances: Values; A target file)."""

import base64
import itertools
import secrets
import uuid
from collections.abc import Callable, Mapping

from typing_extensions import override

from proof.building_blocks import ANYBODY
from proof.declaring import Variants
from sandbox.alfred.credentials import Credentials, Presented
from sandbox.alfred.ids import Ids
from sandbox.alfred.records import AccessToken, AlfredWallet
from sandbox.alfred.users import Users
from sandbox.http.responses import Call
from sandbox.ledger import identifiers

variant = Variants()


def naming(make: Callable[[], str]) -> type[Ids]:
    """Return ids that are all made by ``make``."""

    class Naming(Ids):
        @override
        def new(self) -> str:
            return make()

        wallet = account = purchase = session = instrument = payment_session = payment = new

    return Naming


for _name, _sentence, _make, _core in (
    ("ids-of-digits", "Ids are numbers of 18 digits.", lambda: str(secrets.randbelow(9 * 10**17) + 10**17), ""),
    ("ids-as-guids", "Ids are GUIDs, in lower case.", lambda: str(uuid.uuid4()), ""),
    (
        "ids-to-escape",
        "Ids have characters that a URL must escape.",
        lambda: f"{secrets.token_hex(6)} +?#%&=;,:@ü",
        "alfred",
    ),
    ("ids-as-long-as-a-line", "Ids have 180 characters.", lambda: secrets.token_hex(90), ""),
):
    variant.add(_name, "alfred", _sentence, core=_core, ids=naming(_make))


def counting() -> Callable[[], str]:
    """Return a function that returns 1, 2, 3 ... as texts."""
    count = itertools.count(1)
    return lambda: str(next(count))


@variant("alfred", core="alfred")
class IdsCountedUp(Ids):
    """Ids are counted up from 1, separately for each kind."""

    def __init__(self) -> None:
        for kind in ("wallet", "account", "purchase", "session", "instrument", "payment_session", "payment"):
            setattr(self, kind, counting())


def issuing(make: Callable[[], str]) -> type[Users]:
    """Return users that make tokens with ``make``."""

    class Issuing(Users):
        @override
        def issue_token(self, wallet: AlfredWallet) -> str:
            token = make()
            self.books.records.keep(AccessToken(identifiers.digest(token), wallet.id, self.books.now()))
            return token

    return Issuing


def like_a_jwt() -> str:
    """Return three parts in base64, joined by dots."""
    parts = (b'{"alg":"HS256","typ":"JWT"}', secrets.token_bytes(60), secrets.token_bytes(32))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


for _name, _sentence, _make, _core in (
    ("tokens-like-jwts", "Tokens have three parts, with dots.", like_a_jwt, ""),
    (
        "tokens-of-digits",
        "Tokens are numbers of twelve digits.",
        lambda: str(secrets.randbelow(9 * 10**11) + 10**11),
        "",
    ),
    (
        "tokens-with-odd-characters",
        "Tokens have quotes, commas and blanks.",
        lambda: f'u="{secrets.token_hex(8)}", v=+/==',
        "alfred",
    ),
):
    variant.add(_name, "alfred", _sentence, core=_core, users=issuing(_make))


def taking(**roles: str) -> type[Credentials]:
    """Return credentials of other roles for these operations."""

    class Taking(Credentials):
        @override
        def admit(self, call: Call) -> AlfredWallet:
            return super().admit(call) or ANYBODY

        @override
        def role(self, call: Call) -> str:
            return roles.get(call.operation) or super().role(call)

    return Taking


WALLET_CALLS = ("getWallet", "openPaymentSession", "createPayment", "confirmPayment")
PURCHASE_CALLS = ("createPurchase", "openPurchaseSession", "confirmPurchase")

for _name, _sentence, _roles, _core in (
    (
        "wallet-calls-by-the-platform",
        "Wallet and payment calls take the platform's key.",
        dict.fromkeys(WALLET_CALLS, "platform"),
        "",
    ),
    (
        "purchase-calls-by-token",
        "Purchase calls take the user's token.",
        dict.fromkeys(PURCHASE_CALLS[1:], "token"),
        "alfred",
    ),
    (
        "purchase-calls-by-the-platform",
        "Purchase calls take the platform's key.",
        dict.fromkeys(PURCHASE_CALLS, "platform"),
        "",
    ),
    ("logins-by-the-shop", "Authenticating takes the shop's key.", {"authenticateWallet": "shop"}, ""),
):
    variant.add(
        _name, "alfred", _sentence, {"alfred": {"credentials": _roles}}, core=_core, alfred_credentials=taking(**_roles)
    )


@variant(
    "alfred", {"alfred": {"key_header": "X-Api-Key", "token_header": "X-User-Token", "token_scheme": ""}}, core="alfred"
)
class CredentialsInOtherHeaders(Credentials):
    """Keys travel in X-Api-Key, bare tokens in X-User-Token."""

    @override
    def presented(self, headers: Mapping[str, str]) -> Presented:
        return Presented(headers.get("x-api-key"), headers.get("x-user-token"))


@variant("alfred", {"alfred": {"token_scheme": "Token"}})
class TokensByAnotherScheme(Credentials):
    """Tokens travel as Authorization: Token."""

    @override
    def presented(self, headers: Mapping[str, str]) -> Presented:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return Presented(headers.get("api-key"), token if scheme == "Token" else None)
