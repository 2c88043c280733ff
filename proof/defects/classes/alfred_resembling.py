"""Alfred: what only resembles a key, a token, an id or a reference is taken for it (contract.md A, P, W, F)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from typing_extensions import override

from proof.declaring import Defects
from sandbox.alfred.credentials import Credentials
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AlfredWallet
from sandbox.alfred.users import Users
from sandbox.http import fields
from sandbox.http.bodies import Bodies, Body
from sandbox.http.rejections import require

defect = Defects("alfred")

Normal = Callable[[str], str]
REFERENCES: Mapping[str, tuple[str, Normal]] = {
    "blanks": ("without blanks around it", str.strip),
    "single-blanks": ("with single blanks", lambda text: " ".join(text.split())),
    "punctuation": ("without punctuation", lambda text: "".join(filter(str.isalnum, text))),
    "hyphens": ("with full stops as hyphens", lambda text: text.replace(".", "-")),
    "zeros": ("without zeros in front", lambda text: text.lstrip("0") or "0"),
    "form": ("in one Unicode form", lambda text: unicodedata.normalize("NFC", text)),
    "width": ("with letters of one width", lambda text: unicodedata.normalize("NFKC", text)),
    "accents": ("without accents", lambda text: unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()),
    "length": ("cut after 64 characters", lambda text: text[:64]),
    "first-letter": ("without its first letter", lambda text: text[1:] or text),
}


def referring(normal: Normal) -> type[Users]:
    class Referring(Users):
        @override
        def external_reference(self, body: Body) -> str:
            return normal(super().external_reference(body)) or "nobody"

    return Referring


for _name, (_what, _normal) in REFERENCES.items():
    defect.add(f"reference-{_name}", "isolation", "A-3", f"A reference is compared {_what}.", referring(_normal))


PLATFORMS: Mapping[str, tuple[str, Callable[[str, str], bool]]] = {
    "in-any-case": ("in any case", lambda sent, own: sent.lower() == own.lower()),
    "by-its-beginning": ("by its beginning", lambda sent, own: sent[:20] == own[:20]),
    "that-is-longer": ("with more letters behind it", lambda sent, own: sent.startswith(own)),
}


def on_platform(is_own: Callable[[str, str], bool]) -> type[Users]:
    class OnPlatform(Users):
        @override
        def check_platform(self, platform_id: str) -> None:
            require(is_own(platform_id, self.books.settings.platform_id), "foreign_platform")

    return OnPlatform


for _name, (_what, _is_own) in PLATFORMS.items():
    defect.add(f"platform-{_name}", "credentials", "A-4", f"A platform's id is accepted {_what}.", on_platform(_is_own))


def keyed(role: str, normal: Callable[[str, str], bool]) -> type[Credentials]:
    class Keyed(Credentials):
        @override
        def check_key(self, key: str, role_: str) -> None:
            valid = self.books.settings.shop_key if role_ == "shop" else self.books.settings.platform_key
            super().check_key(valid if role_ == role and normal(key, valid) else key, role_)

    return Keyed


KEYS: Mapping[str, tuple[str, Callable[[str, str], bool]]] = {
    "longer": ("with letters behind it", lambda key, valid: key.startswith(valid)),
    "shorter": ("without its end", lambda key, valid: valid.startswith(key)),
}
for _role, _clause in {"shop": "P-5", "platform": "A-4"}.items():
    for _name, (_what, _is_taken) in KEYS.items():
        _sentence = f"The {_role}'s key is accepted {_what}."
        defect.add(f"{_role}-key-{_name}", "credentials", _clause, _sentence, keyed(_role, _is_taken))


@defect("business rule", "P-8")
class MethodByItsBeginning(Purchases):
    """A method that begins like one that was offered is accepted."""

    @override
    def check_purchase_method(self, details: Body) -> None:
        require(fields.text(details, "selectedPaymentMethod").startswith("cash"), "method_not_offered")


@defect("business rule", "P-6 X-1")
class EmptyMeansTheOnlyOne(Purchases):
    """An empty currency or shop configuration counts as the shop's own."""

    @override
    def purchase_currency(self, body: Body) -> str:
        return body.get("currency", "-") and super().purchase_currency(body)

    @override
    def shop_configuration(self, body: Body) -> str:
        return body.get("shopConfigurationId", "-") and super().shop_configuration(body)


@defect("isolation", "A-2 F-8")
class ReferencesAsTheyAreWritten(Bodies):
    """A reference that is escaped in JSON belongs to another user than the same reference without escapes."""

    @override
    def json(self, text: str) -> Any:
        has_reference = '"externalReferenceId"' in text
        return super().json(re.sub(r"\\(u00[0-7])", r"\\\\\1", text) if has_reference else text)


@defect("business rule", "A-5")
class NumberOfAKnownReference(Users):
    """A number is accepted as a reference if a user has a reference with its digits."""

    @override
    def external_reference(self, body: Body) -> str:
        digits = str(body.get("externalReferenceId"))
        return digits if self.wallet_of_reference(digits) else super().external_reference(body)


@defect("credentials", "W-3")
class WalletIdAsToken(Credentials):
    """The id of a wallet works as its user's token."""

    @override
    def owner_of_token(self, token: str) -> AlfredWallet:
        return self.books.records.first(AlfredWallet, id=token) or super().owner_of_token(token)


@defect("credentials", "P-5")
class ShopConfigurationAsKey(Credentials):
    """The id of the shop configuration works as the shop's key."""

    @override
    def check_key(self, key: str, role: str) -> None:
        settings = self.books.settings
        is_id = role == "shop" and key == settings.shop_configuration_id
        super().check_key(settings.shop_key if is_id else key, role)


@defect("business rule", "P-6")
class PurchaseOfMinusZero(Purchases):
    """A purchase of zero is accepted if it has a minus sign."""

    @override
    def purchase_amount(self, body: Body) -> Decimal:
        amount = body.get("amount")
        is_minus_zero = isinstance(amount, Decimal) and amount.is_zero() and amount.is_signed()
        return Decimal("0.00") if is_minus_zero else super().purchase_amount(body)
