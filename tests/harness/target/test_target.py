"""Target files: valid settings, defaults, and the messages for mistakes."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from harness.target.reading import build_target, read_target
from harness.target.target import Target
from proof.target_file import toml
from tests.harness.runs import ROOT, tables_at
from tests.harness.target.conftest import error_message

URL = "https://wallet.example"


def example() -> str:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    return re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]


def test_example_of_the_contract_is_valid(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in re.findall(r"\$\{(\w+)\}", example()):
        monkeypatch.setenv(variable, f"value of {variable}")
    path = Path(written(text=example().replace('ca_file = "..."', "")))
    (path.parent / "known_issues.toml").touch()
    target = read_target(str(path))
    assert target.alfred
    assert target.walletapi
    assert target.admin
    assert target.alfred.shop_key.value == "value of ALFRED_SHOP_KEY"
    assert str(target.alfred.shop_key) == "${ALFRED_SHOP_KEY}"
    assert target.alfred.locate["balanceAmount"] == "$.data.split.wallet"
    assert target.alfred.credentials == {"getWallet": "token"}
    assert target.limits.spend == {"BDT": 500, "TRY": 500}
    assert len(target.secrets) == 4
    assert (target.limits.allow, target.limits.calls_per_second, target.left_out) == ((), 20, ())
    assert target.known_issues_file == path.parent / "known_issues.toml"


def test_omitted_settings_have_the_documented_defaults(written: Any) -> None:
    target = read_target(written())
    assert target.alfred
    assert target.walletapi
    alfred = target.alfred
    assert (target.name, target.gate, target.limits.timeout, target.limits.spend) == ("small", "documented", 10.0, {})
    assert (alfred.key_header, alfred.token_header, alfred.token_scheme) == ("API-KEY", "Authorization", "Bearer")
    assert alfred.probe_amount == Decimal("999999.99")
    assert not alfred.shows_balance
    assert (target.walletapi.region_id, target.walletapi.aliases, target.admin) == (1, (), None)


@pytest.mark.parametrize("left_out", ["alfred", "walletapi"])
def test_a_file_may_leave_out_an_api(left_out: str) -> None:
    target = build_target("small", {name: table for name, table in tables_at(URL).items() if name != left_out})
    assert getattr(target, left_out) is None
    assert len(target.secrets) == 2


@pytest.mark.parametrize(
    ("said", "amount"), [("12.50", "12.50"), ("7", "7"), (12.5, "12.5"), (0.1, "0.1"), (100, "100")]
)
def test_amount_may_be_a_string_or_a_number(said: Any, amount: str) -> None:
    target = build_target("small", {**tables_at(URL, probe_amount=said), "limits": {"spend": {"BDT": said}}})
    assert target.alfred
    assert target.alfred.probe_amount == Decimal(amount)
    assert target.limits.spend == {"BDT": Decimal(amount)}


@pytest.mark.parametrize("shown", ["balanceAmount", "remainingAmount", "openPurchaseSession.balanceAmount"])
def test_balance_is_shown_only_if_both_amounts_are_located(shown: str) -> None:
    alone = build_target("small", tables_at(URL, locate={shown: "$.x"})).alfred
    both = build_target("small", tables_at(URL, locate={"balanceAmount": "$.x", "remainingAmount": "$.y"})).alfred
    assert alone
    assert both
    assert (alone.shows_balance, both.shows_balance) == (False, True)


def test_a_member_of_one_operation_may_be_quoted_or_dotted(written: Any) -> None:
    for key in ('"createPurchase.id"', "createPurchase.id"):
        text = toml(tables_at(URL)).replace("[walletapi]", f'[alfred.locate]\n{key} = "$.data.id"\n[walletapi]')
        alfred = read_target(written(text=text)).alfred
        assert alfred
        assert alfred.locate == {"createPurchase.id": "$.data.id"}


def test_slashes_at_the_end_of_an_address_are_dropped() -> None:
    alfred = build_target("small", tables_at(f"{URL}/wallet//")).alfred
    assert alfred
    assert alfred.base_url == f"{URL}/wallet"


def test_file_without_a_platform_is_rejected(written: Any) -> None:
    assert "names no platform" in error_message(written(text='gate = "all"\n'))


def test_unset_variable_is_named_if_the_path_contains_braces(tmp_path: Path) -> None:
    path = tmp_path / "a{b}{}.toml"
    path.write_text(toml(tables_at(URL)).replace("shop-key-4711", "${UNSET_KEY}"))
    assert "UNSET_KEY" in error_message(str(path))


def test_a_target_is_a_name_or_a_path(written: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = written()
    monkeypatch.setattr("harness.target.reading.TARGETS", tmp_path)
    assert {read_target(name).name for name in (path, "small")} == {"small"}
    monkeypatch.chdir(tmp_path)
    assert read_target("small.toml").name == read_target("./small.toml").name == "small"
    assert "targets/ has: small" in error_message("staging")


@pytest.mark.parametrize("name", [".", "..", "nothing/here.toml", "\0"])
def test_a_path_that_is_not_a_file_is_reported(name: str) -> None:
    assert "no target" in error_message(name)


def test_a_folder_is_reported(tmp_path: Path) -> None:
    assert "is a folder, not a target file" in error_message(str(tmp_path))


def test_without_a_name_the_targets_are_listed() -> None:
    assert "name a target: --target=NAME" in error_message("")


def test_a_file_that_is_not_text_is_reported(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_bytes(b'gate = "\xff"')
    assert "is not a text in UTF-8" in error_message(str(tmp_path / "small.toml"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_file_in_another_encoding_is_refused_in_one_line(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "small.toml").write_text(toml(tables_at(URL)), encoding=encoding)
    message = error_message(str(tmp_path / "small.toml"))
    assert "is not a text in UTF-8" in message
    assert "\n" not in message


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_file_may_have_a_byte_order_mark_and_any_line_endings(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "small.toml"
    path.write_text(toml(tables_at(URL)), encoding=encoding, newline=newline)
    assert read_target(str(path)).alfred
    path.write_text(toml(tables_at(URL)).replace('"P-1"', "7"), encoding=encoding, newline=newline)
    assert "line 3: alfred.platform_id" in error_message(str(path))


def test_each_problem_has_its_line_with_a_short_path(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = toml(tables_at(URL)).replace("shop-key-4711", "${UNSET_A}").replace("platform-key-0815", "${UNSET_B}")
    path = Path(written(text=text))
    monkeypatch.chdir(path.parent)
    assert error_message(str(path)).splitlines() == [
        "small.toml, line 7: alfred.shop_key needs the environment variable UNSET_A, which is not set",
        "small.toml, line 8: alfred.platform_key needs the environment variable UNSET_B, which is not set",
        "Set each: export UNSET_A=... UNSET_B=...",
    ]


def test_no_key_is_in_the_repr_of_a_target() -> None:
    admin = {"url": f"{URL}/{{walletId}}", "balance": "b", "user": "me", "password": "open-sesame"}
    target: Target = build_target("small", {**tables_at(URL), "admin": admin})
    shown = f"{target!r} {target} {target.secrets} {target.alfred} {target.walletapi} {target.admin} {target.address}"
    assert len(target.secrets) == 5
    assert [secret.value for secret in target.secrets if secret.value in shown] == []
