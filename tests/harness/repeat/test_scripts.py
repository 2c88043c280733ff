"""Scripts of real failures: status 1 on the broken sandbox, 0 on the correct one, 2 without one; no key inside."""

import pytest

from proof import catalogue
from proof.repeat import missing_programs, tries

pytestmark = pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}")

# A defect, and the words of a scenario that catches it.
SAMPLE = {
    "new-wallet-at-every-login": "finds the same wallet",
    "authenticate-wallet-with-an-unknown-key": "off by one letter",
    "balance-as-if-no-gift-had-paid": "that a gift pays in part",
    "sql-in-a-failed-sale": "privacy",
    "get-wallet-wallet-account-id-null": "wallet account",
    "undoing-has-a-new-reference": "named cancelled",
}


@pytest.mark.parametrize(("defect", "words"), SAMPLE.items())
def test_script_fails_on_the_broken_platform_and_passes_on_the_correct_one(defect: str, words: str) -> None:
    tried = tries(catalogue.defect(defect), 1, ("-k", " and ".join(words.split())))
    assert tried
    assert all(one.is_right and not one.unscripted for one in tried), tried
