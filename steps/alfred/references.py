"""Users whose references resemble each other."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pytest_bdd import then, when

from harness.apis.alfred.client import Alfred
from harness.apis.alfred.flaws.credentials import with_token_beside
from harness.apis.alfred.users import User, user_of
from harness.client.calls import Outcome
from harness.client.unique import fresh_alias, fresh_reference
from harness.failures import WrongOutcome
from harness.gherkin.sentences import sentence
from harness.verdict.plugin import judges

_ORDINARY: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

# What begins and what ends each of the two references.
Resembling = tuple[tuple[str, str], tuple[str, str]]
DIFFERENCES: Final[Mapping[str, Resembling]] = {
    "the first letter": (("a", ""), ("b", "")),
    "the last of many letters": (("", "0" * 99 + "1"), ("", "0" * 99 + "2")),
    "the last of 300 letters": (("", "0" * 270 + "1"), ("", "0" * 270 + "2")),
    "a leading zero": (("1", ""), ("01", "")),
    "the order of two letters": (("ab", ""), ("ba", "")),
    "what follows a null character": (("", "\0a"), ("", "\0b")),
    "a full stop in place of a hyphen": (("", "-a"), ("", ".a")),
    "a hyphen": (("", "-a"), ("", "a")),
    "an underscore in place of a hyphen": (("", "-a"), ("", "_a")),
    "what follows a plus sign": (("", "+a"), ("", "+b")),
    **{
        f"what follows {name}": (("", f"{sign}a"), ("", f"{sign}b"))
        for name, sign in {
            "an at sign": "@",
            "a slash": "/",
            "a colon": ":",
            "a semicolon": ";",
            "a comma": ",",
            "a number sign": "#",
            "a question mark": "?",
            "an equals sign": "=",
        }.items()
    },
    "an emoji": (("", "\U0001f45b"), ("", "\U0001f45c")),
    "a blank at the end": (("", "a"), ("", "a ")),
    "a blank at the beginning": (("a", ""), (" a", "")),
    "a blank in the middle": (("", " a"), ("", "  a")),
    "an accent": (("", "e"), ("", "\u00e9")),
    "the Unicode form of an accent": (("", "\u00e9"), ("", "e\u0301")),
    "the width of a digit": (("", "1"), ("", "\uff11")),
    "the case of a letter that is not ASCII": (("", "\u00e9"), ("", "\u00c9")),
    "a plus sign in place of a blank": (("", "a+a"), ("", "a a")),
    "a letter as in a URL": (("", "%41"), ("", "A")),
    "a sign as in HTML": (("", "&amp;a"), ("", "&a")),
    "a letter as in JSON": (("", "\\u0041"), ("", "A")),
}


CONTENTS: Final[Mapping[str, str]] = {
    "an apostrophe": "O'Neil ",
    "a double quote": 'a "b" ',
    "a percent sign": "100%25",
    "a backslash": "a\\b",
    "a comma": "a,b",
    "a slash": "a/b",
    "an at sign": "a@b.example ",
    "a letter that is not ASCII": "\u00df\u0131",
    "digits only": "",
}


@when(
    sentence("the platform authenticates a user whose reference contains {text:Content}", Content=CONTENTS),
    target_fixture="alike",
)
def a_user_is_authenticated(alfred: Alfred, text: str) -> list[User]:
    user = authenticated(alfred, f"{text}{fresh_reference('user')}" if text else fresh_alias())
    return [user] if user else []


@then("each access token gives access to the wallet")
@judges("A-1")
def each_token_gives_access(alfred: Alfred, alike: list[User]) -> None:
    for user in alike:
        alfred.users.account(user)


@when(
    "the platform authenticates two users whose references are one number with and without leading zeros",
    target_fixture="alike",
)
def two_numbers_are_authenticated(alfred: Alfred) -> list[User]:
    number = fresh_alias()
    return [user for reference in (number, f"00{number}") if (user := authenticated(alfred, reference))]


@when(
    sentence(
        "the platform authenticates two users whose references differ only in {difference:Difference}",
        Difference=DIFFERENCES,
    ),
    target_fixture="alike",
)
def two_users_are_authenticated(alfred: Alfred, difference: Resembling) -> list[User]:
    middle = fresh_reference("user")
    return [user for first, last in difference if (user := authenticated(alfred, f"{first}{middle}{last}"))]


def authenticated(alfred: Alfred, reference: str) -> User | None:
    """Authenticate a user. contract.md leaves open whether a long or an odd reference is accepted."""
    hostile = "" if _ORDINARY.fullmatch(reference) else "a null character" if "\0" in reference else "an odd reference"
    outcome = alfred.attempt(replace(alfred.users.authentication_call(reference), hostile=hostile))
    if outcome.rejected:
        alfred.recorder.note(f"{reference!r} is rejected, which contract.md allows")
        return None
    return user_of(reference, outcome.payload)


@then("each reference has a wallet of its own, and still reaches it")
def each_has_a_wallet(alfred: Alfred, alike: list[User]) -> None:
    wallets = {user.wallet_id for user in alike}
    assert len(wallets) == len(alike), f"{len(alike)} references have only {len(wallets)} wallets"
    for user in alike:
        found = alfred.users.authenticate(user.external_reference).wallet_id
        if found != user.wallet_id:
            raise WrongOutcome(
                f"the user reaches {found} now, and reached {user.wallet_id} before", "", None, clause="A-2"
            )


@when(
    "the platform authenticates the same user and a new one, with the other user's token beside the key",
    target_fixture="reached",
)
def the_platform_authenticates_beside_a_token(alfred: Alfred, user: User, other: User) -> Mapping[str, Outcome]:
    calls = {
        reference: alfred.users.authentication_call(reference)
        for reference in (user.external_reference, fresh_reference("user"))
    }
    beside = {reference: with_token_beside(alfred.credentials, call, other) for reference, call in calls.items()}
    return {reference: alfred.attempt(call) for reference, call in beside.items()}


@then("each reference that was accepted has reached a wallet of its own")
def each_accepted_reference_has_its_wallet(
    alfred: Alfred, user: User, other: User, reached: Mapping[str, Outcome]
) -> None:
    wallets = {user.external_reference: user.wallet_id, other.external_reference: other.wallet_id}
    for reference, outcome in reached.items():
        if outcome.accepted:
            found = user_of(reference, outcome.payload).wallet_id
            clause = "A-2" if reference in wallets else "A-3"
            own = wallets.setdefault(reference, alfred.users.authenticate(reference).wallet_id)
            if found != own or list(wallets.values()).count(found) > 1:
                raise WrongOutcome("the call reached another user's wallet", "", outcome.exchange, clause=clause)
