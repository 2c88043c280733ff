"""Wrong keys and tokens, by name."""

from collections.abc import Callable, Mapping
from typing import Final

from harness.apis.alfred.credentials import Credentials
from harness.apis.alfred.users import User
from harness.client.calls import Call
from harness.client.flaws import nothing, value_of, without_credential, wrong_credential
from harness.client.similar_texts import RESEMBLING_CREDENTIALS, in_a_list, made_up, other_case, with_a_suffix
from harness.not_judged import NotJudged

CredentialFlaw = Callable[[Credentials, Call, User], Call]
"""Also receives a user, whose token may be sent: for a call that takes a token, another user."""


def _another_role(credentials: Credentials, call: Call, _user: User) -> Call:
    shop, platform = credentials.target.shop_key.value, credentials.target.platform_key.value
    if shop == platform:
        NotJudged.SAME_KEYS.skip()
    return call.carrying(credentials.key(shop if credentials.role(call.operation) == "platform" else platform))


def _other_token(credentials: Credentials, call: Call, other: User) -> Call:
    require_token(credentials, call.operation)
    return call.carrying(credentials.bearer(other.token))


def require_token(credentials: Credentials, operation: str) -> None:
    """Skip the scenario if the operation takes a key instead of the user's token on this target."""
    role = credentials.role(operation)
    if role != "token":
        NotJudged.NO_TOKEN.skip(operation=operation, role=role)


def _altered(alter: Callable[[str], str]) -> CredentialFlaw:
    return lambda credentials, call, _user: wrong_credential(alter, scheme=credentials.target.token_scheme)(call)


def _resembling(kind: str) -> dict[str, CredentialFlaw]:
    return {f"a {kind} {words}": _altered(alter) for words, alter in RESEMBLING_CREDENTIALS.items()}


def _named_id(credentials: Credentials, call: Call, user: User) -> Call:
    """Send the id that the call names something by. It is no secret."""
    name = credentials.operations[call.operation].names
    return _altered(lambda _: call.path.get(name) or value_of(call, name))(credentials, call, user)


def _none(_credentials: Credentials, call: Call, _user: User) -> Call:
    return without_credential()(call)


def _unless_valid(flaw: CredentialFlaw) -> CredentialFlaw:
    """Send an unknown credential if the headers of this target make the flaw the valid call."""

    def safe(credentials: Credentials, call: Call, user: User) -> Call:
        flawed = flaw(credentials, call, user)
        names = [name.lower() for name, _ in flawed.credentials]
        is_valid = set(call.credentials) & set(flawed.credentials) or len(set(names)) < len(names)
        return _altered(made_up)(credentials, call, user) if is_valid else flawed

    return safe


def _unless_it_takes_a_token(flaw: CredentialFlaw) -> CredentialFlaw:
    """Send an unknown credential if the call takes a token on this target: any user's token may be accepted there."""

    def safe(credentials: Credentials, call: Call, user: User) -> Call:
        takes_token = credentials.role(call.operation) == "token"
        return (_altered(made_up) if takes_token else _unless_valid(flaw))(credentials, call, user)

    return safe


def _in_the_tokens_place(credentials: Credentials, call: Call, _user: User) -> Call:
    key = next(iter(dict(call.credentials).values()))
    return call.carrying(credentials.bearer(key.rpartition(" ")[2]))


def _users_token(credentials: Credentials, call: Call, user: User) -> Call:
    return call.carrying(credentials.bearer(user.token))


def _token_as_key(credentials: Credentials, call: Call, user: User) -> Call:
    return call.carrying(credentials.key(user.token))


def _another_role_and_token(credentials: Credentials, call: Call, user: User) -> Call:
    other = _another_role(credentials, call, user)
    return other.carrying((*other.credentials, *credentials.bearer(user.token)))


def _with_key(credentials: Credentials, call: Call, role: str, *, as_token: bool) -> Call:
    require_token(credentials, call.operation)
    target = credentials.target
    key = (target.shop_key if role == "shop" else target.platform_key).value
    return call.carrying(credentials.bearer(key) if as_token else credentials.key(key))


def _role_key(role: str, *, as_token: bool) -> CredentialFlaw:
    return lambda credentials, call, _user: _with_key(credentials, call, role, as_token=as_token)


def _other_token_and_key(credentials: Credentials, call: Call, other: User) -> Call:
    other_call = _other_token(credentials, call, other)
    return call.carrying((*other_call.credentials, *credentials.key(credentials.target.platform_key.value)))


def with_token_beside(credentials: Credentials, call: Call, user: User) -> Call:
    """Return a valid call that also carries a user's token. Skip if both would be in one header."""
    token = credentials.bearer(user.token)
    if {name.lower() for name, _ in token} & {name.lower() for name, _ in call.credentials}:
        NotJudged.SAME_HEADER.skip()
    return call.carrying((*call.credentials, *token))


KEY: Final[Mapping[str, CredentialFlaw]] = {
    "no key": _none,
    "an empty key": _altered(nothing),
    "an unknown key": _altered(made_up),
    "the id in the call as the key": _named_id,
    **_resembling("key"),
    "a list with the key in it": _altered(in_a_list),
    "the key, a full stop and more": _altered(with_a_suffix),
    "the key in the other case": _altered(other_case),
    "another role's key": _another_role,
    "the key in the place of a token": _unless_valid(_in_the_tokens_place),
    "a user's token": _unless_it_takes_a_token(_users_token),
    "a user's token in the place of the key": _unless_valid(_token_as_key),
    "another role's key and a user's token": _unless_it_takes_a_token(_another_role_and_token),
}

TOKEN: Final[Mapping[str, CredentialFlaw]] = {
    "no token": _none,
    "an empty token": _altered(nothing),
    "a made-up token": _altered(made_up),
    "the id in the call as the token": _named_id,
    **_resembling("token"),
    "a token in the other case": _altered(other_case),
    "a list with the token in it": _altered(in_a_list),
    "the token, a full stop and more": _altered(with_a_suffix),
    "another user's token": _other_token,
    "the shop's key": _role_key("shop", as_token=False),
    "the platform's key": _role_key("platform", as_token=False),
    "the shop's key in the place of a token": _role_key("shop", as_token=True),
    "the platform's key in the place of a token": _role_key("platform", as_token=True),
    "another user's token and the platform's key": _unless_valid(_other_token_and_key),
}
