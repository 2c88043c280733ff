"""Variants of Alfred's ids, tokens and credentials (contract.md, Tolerances: Values; A target file)."""

from __future__ import annotations

import base64
import itertools
import secrets
import uuid
from collections.abc import Callable, Mapping

from typing_extensions import override

from proof.building_blocks import ANYBODY, ServingAnybody
from proof.declaring import Variants
from sandbox.alfred.records import AccessToken, AlfredWallet
from sandbox.alfred.rules import AlfredRules
from sandbox.alfred.users import TAKES, Presented
from sandbox.ledger import identifiers

variant = Variants()


def naming(make: Callable[[], str]) -> type[AlfredRules]:
    """Return rules that make every id with ``make``."""

    class Naming(AlfredRules):
        @override
        def new_id(self) -> str:
            return make()

        new_wallet_id = new_account_id = new_purchase_id = new_session_id = new_id
        new_instrument_id = new_payment_session_id = new_funding_instrument_id = new_payment_id = new_id

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
    variant.add(_name, "alfred", _sentence, core=_core, alfred=naming(_make))


def counting() -> Callable[[], str]:
    """Return a function that returns 1, 2, 3 ... as texts."""
    count = itertools.count(1)
    return lambda: str(next(count))


@variant("alfred", core="alfred")
class IdsCountedUp(AlfredRules):
    """Ids are counted up from 1, each kind for itself."""

    @override
    def open_accounts(self) -> None:
        super().open_accounts()
        for kind in (
            "wallet",
            "account",
            "purchase",
            "session",
            "instrument",
            "payment_session",
            "funding_instrument",
            "payment",
        ):
            setattr(self, f"new_{kind}_id", counting())


def issuing(make: Callable[[], str]) -> type[AlfredRules]:
    """Return rules that make tokens with ``make``."""

    class Issuing(AlfredRules):
        @override
        def issue_token(self, wallet: AlfredWallet) -> str:
            token = make()
            self.records.keep(AccessToken(identifiers.digest(token), wallet.id, self.now()))
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
    variant.add(_name, "alfred", _sentence, core=_core, alfred=issuing(_make))


def taking(**roles: str) -> type[AlfredRules]:
    """Return rules that require other credentials for these operations."""

    class Taking(ServingAnybody):
        @override
        def admit(self, operation: str, presented: Presented) -> AlfredWallet | None:
            role = roles.get(operation, TAKES[operation])
            if role == "token":
                return self.owner_of_token(operation, self.check_present(operation, presented.token))
            key = self.check_present(operation, presented.key)
            self.check_key_known(operation, key)
            self.check_key_role(operation, key, role)
            return ANYBODY

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
    variant.add(_name, "alfred", _sentence, {"alfred": {"credentials": _roles}}, core=_core, alfred=taking(**_roles))


def in_other_headers(headers: Mapping[str, str]) -> Presented:
    """Read the key from X-Api-Key and the bare token from X-User-Token."""
    return Presented(headers.get("x-api-key"), headers.get("x-user-token"))


def by_another_scheme(headers: Mapping[str, str]) -> Presented:
    """Read the token from ``Authorization: Token``."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return Presented(headers.get("api-key"), token if scheme == "Token" else None)


variant.add(
    "credentials-in-other-headers",
    "alfred",
    "Keys travel in X-Api-Key, bare tokens in X-User-Token.",
    {"alfred": {"key_header": "X-Api-Key", "token_header": "X-User-Token", "token_scheme": ""}},
    core="alfred",
    presented=in_other_headers,
)
variant.add(
    "tokens-by-another-scheme",
    "alfred",
    "Tokens travel as Authorization: Token.",
    {"alfred": {"token_scheme": "Token"}},
    presented=by_another_scheme,
)
