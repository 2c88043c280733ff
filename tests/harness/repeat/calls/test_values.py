"""Texts of requests that differ in each run of a script: generated, issued, or derived from an id or a key."""

import subprocess
from datetime import UTC, datetime
from shutil import which
from typing import Any

import pytest

from harness.client.similar_texts import appended, cut_short, made_up, near_miss, neighbour, other_case
from harness.client.unique import fresh_alias, unique_hex
from harness.repeat.calls.altered import altered_id, altered_key
from harness.repeat.calls.paths import place_of
from harness.repeat.calls.story import story_of
from harness.repeat.calls.texts import Dynamic, printing, word
from harness.repeat.calls.values import Values
from harness.repeat.plugin import name_of
from harness.repeat.script import _prelude as prelude
from harness.wire.exchange import Exchange, Fault, Request, Response

needs_jq = pytest.mark.skipif(not which("jq"), reason="jq is not installed")
KEY = "platform-key-Abc-0815-xyz"
ID = "AAEAAAo5Xj-9QyNUpf39mFod"


def exchange(json: Any, status: int = 200) -> Exchange:
    request = Request("createPurchase", "POST", "http://127.0.0.1/")
    return Exchange(request, Response(status, "OK", (), b"", json), datetime.now(UTC), 0.002)


def sh(script: str) -> bytes:
    return subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout


def altered(like: str, change: str) -> str:
    function = prelude()[prelude().index("alter()") : prelude().index("json()")]
    return sh(f"{function}\nalter {word((like,))} {word((change,))}").decode().rstrip("\n")


@needs_jq
@pytest.mark.parametrize("alter", [appended, cut_short, near_miss, other_case, lambda text: neighbour(text, min)])
def test_altered_id_is_derived_from_the_current_id(alter: Any) -> None:
    for _ in range(5):
        found = altered_id(value := alter(ID), [ID, "another-id-0815"])
        assert found
        like, change = found
        assert like == ID
        again = altered(ID, change)
        assert again == value or alter is near_miss  # by chance, it has the same wrong letter
        assert again != ID
        assert len(again) == len(value)


@needs_jq
@pytest.mark.parametrize("alter", [made_up, lambda key: made_up(key) + '"<&/\\>', near_miss, cut_short])
def test_altered_key_is_derived_from_the_current_key(alter: Any) -> None:
    value = alter(KEY)
    like, change = altered_key(value, [KEY])
    again = altered(KEY, change)
    assert like == KEY
    assert again != KEY
    assert len(again) == len(value)
    assert KEY not in change


def test_altered_key_differs_from_a_key_with_a_hyphen_at_the_changed_place() -> None:
    key = "abcdefgh7jkl"
    _, change = altered_key(key.replace("7", "8"), [key])
    assert altered(key.replace("7", "-"), change) == f"{key.replace('7', '-')}00"


def test_unrelated_text_is_not_derived_from_an_id_or_key() -> None:
    assert altered_id("a purchase of the contract suite", [ID]) is None
    assert altered_key("?", [KEY]) == ("", "")


def test_generated_value_is_replaced_and_the_text_around_it_is_kept() -> None:
    made = unique_hex(16)
    values = Values({})
    one, other = values.text(f"contract-suite-user-{made}0"), values.text(f"CONTRACT.SUITE-{made.upper()[:-1]}")
    assert one[0] == f"contract-suite-user-{made[0]}"
    assert one[2] == f"{made[11:]}0"
    assert other[1] == one[1]
    assert len(values.unique) == 1


def test_generated_alias_keeps_the_digits_that_a_similar_alias_changes() -> None:
    alias = fresh_alias()
    text = Values({}).text(f"0{alias[:5]}-{alias[5:]} ")
    assert [part for part in text if isinstance(part, str)] == [f"0{alias[0]}", f"{alias[4]}-", f"{alias[9]} "]


def test_an_id_comes_from_the_latest_response_that_issued_it_under_the_same_name() -> None:
    values = Values({KEY: "PLATFORM_KEY"})
    values.learn(0, exchange({"walletId": ID}))
    values.send(ID)
    values.learn(1, exchange({"data": [{"kind": "other", "id": "x-1"}, {"kind": "wallet", "id": ID}]}))
    assert values.text(ID, "walletId") == (Dynamic("${wallet_id_1}"),)
    assert values.text(ID) == (Dynamic("${id_1}"),)
    assert values.taken == {
        0: [("wallet_id_1", ".json.walletId")],
        1: [("id_1", '(.json.data[] | select(.["kind"] == "wallet")).id')],
    }


def test_text_that_was_sent_is_not_treated_as_issued() -> None:
    values = Values({})
    values.send("order-4711")
    values.learn(0, exchange({"Reference": "order-4711"}))
    assert values.text("order-4711") == ("order-4711",)


def test_a_key_is_never_written() -> None:
    values = Values({KEY: "PLATFORM_KEY"})
    for text in (KEY, f"{KEY}ab", KEY[:-1], KEY.swapcase(), made_up(KEY), "what is it?"):
        shown = word(values.text(text, secret=True))
        assert KEY[:10] not in shown
        assert text not in shown


def test_array_item_without_a_text_member_is_addressed_by_its_index() -> None:
    found = place_of(2, exchange([{"id": "x"}, {"id": "y"}]), (1, "id"))
    assert found.everywhere() == "$c[2].json[1].id"


@needs_jq
@pytest.mark.parametrize(
    "text", ["plain $x `y` \"z\" 'w'", "caf\u00e9 \u202e\0 100% \\n", "[" * 10_000, "a" * 5, "\udcff", ""]
)
def test_every_text_is_printed_unchanged(text: str) -> None:
    function = next(line for line in prelude().splitlines() if line.startswith("repeat()"))
    assert sh(f"{function}\n{printing((text,))}") == text.encode("utf-8", "surrogateescape")


def test_story_leaves_out_failed_attempts_and_calls_of_others() -> None:
    asked, other, throttled, last = (exchange({"id": number}) for number in range(4))
    throttled = exchange({}, 429)
    lost = Exchange(asked.request, None, asked.started, 0.0, Fault("unreached", "can't be reached"))
    story = story_of([other, asked, throttled, lost, last], {id(other)}, last, [asked])
    assert story.exchanges == (asked, last)
    assert (story.judged, story.watched, story.chosen) == (1, (0, 1), False)


def test_story_of_a_walk_has_the_calls_that_were_recorded_twice() -> None:
    one, two, three = (exchange({"id": number}) for number in range(3))
    story = story_of([one, two, three, two, three], {id(one)}, three, [])
    assert story.exchanges == (two, three)
    assert story.chosen


def test_scripts_of_different_scenarios_have_different_names() -> None:
    one = "features/alfred/funding.feature::A funding of <amount> counts"
    titles = ("A funding of 5 counts", "A funding of 5, counts", "A funding of <5> counts", "A" * 200, "A" * 201)
    names = [name_of(f"{one}[{title}]", title) for title in titles]
    assert names[0] == "alfred-funding-a-funding-of-5-counts.sh"
    assert len(set(names)) == len(names)
    assert max(map(len, names)) < 110


@pytest.mark.parametrize("text", ["2030-02-30T00:00:00Z", "2030-01-01T00:00:00+99:99", "0001-01-01T00:00:00+10:00"])
def test_a_date_of_no_calendar_is_a_text(text: str) -> None:
    assert Values({}).time(0, text, datetime.now(UTC)) is None
