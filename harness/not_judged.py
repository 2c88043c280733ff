"""The reasons why a scenario is not judged on a target."""

from enum import StrEnum
from typing import Any, NoReturn

import pytest


class NotJudged(StrEnum):
    NO_ALFRED = "the target has no [alfred]"
    NO_WALLETAPI = "the target has no [walletapi]"
    NO_WALLETS = "set owner_id or aliases"
    NO_OWNER = "set owner_id"
    NO_LOCATORS = "set [alfred.locate]"
    NO_ADMIN = "set [admin]"
    NEEDS_BROWSER = "needs a browser (the HTML has no balance at {selector!r})"
    SAME_KEYS = "the target's shop_key and platform_key are the same"
    SAME_PAIR = "the target's key and client are the same"
    SAME_IN_EITHER_CASE = "the credential is the same in either case"
    SAME_HEADER = "a key and a token are sent in the same header on this target"
    SAME_ID = "two ids of different kinds are the same on this target"
    NO_TOKEN = "{operation} takes the {role} key on this target, not a user's token"
    TOKEN_MAY_END = "{operation} takes a user's token on this target, which another authentication may end"
    TOO_FEW_WALLETS = "the scenario needs {needed} wallets, and aliases has {usable} that it can use"
    WALLETS_IN_USE = "every one of aliases is in use"
    WALLETS_WITH_GIFTS = "every one of aliases has a gift already"
    NOT_REACHED = "the platform could not be reached"

    NOT_ALLOWED = 'the target does not allow {kind} ([limits] allow = ["{kind}"])'
    SPEND_LIMIT = "spend limit: [limits] spend = {limit} {currency} could be exceeded; --plan prints what a run needs"

    @property
    def counts_as_left_out(self) -> bool:
        """Whether the target file is the reason, so that the scenario counts as left out without ``left_out``.

        A credential of digits has no other case, a wallet may have the id of its account, a header holds one
        credential, and a token may end early. Nobody has to confirm that this cannot be tried.
        """
        return self in {
            NotJudged.NOT_ALLOWED,
            NotJudged.SAME_IN_EITHER_CASE,
            NotJudged.SAME_ID,
            NotJudged.SAME_HEADER,
            NotJudged.TOKEN_MAY_END,
        }

    def skip(self, **values: Any) -> NoReturn:
        """Skip the scenario that is running; ``values`` fill the braces of the reason."""
        pytest.skip(f"not judged: {self.format(**values)}")
