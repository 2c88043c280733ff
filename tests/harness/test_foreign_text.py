"""Text of a platform is safe wherever the suite writes it."""

from __future__ import annotations

import json
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from harness import foreign_text
from harness.evidence.http_attachment import attachment, title
from harness.failures import ContractViolation, Finding
from harness.verdict.decision.verdict import About, ClauseState, ScenarioOutcome, Verdict
from harness.verdict.output.summary import markdown_of
from harness.wire.curl import curl_line
from harness.wire.exchange import Exchange, Request, Response
from harness.wire.redaction import REDACTION
from tests.harness.loopback import reply
from tests.harness.runs import scratch

FOREIGN = (
    "\ud800 a\nb",
    "\x1b[2J\x1b]0;title\x07 \x9b31m",
    "\u202egnp.exe\u202c \u2066x\u2069 \ufeff",
    "a\0b\r\nOK: all hold\rX",
    "| `*x*` ``` <script>alert(1)</script> [a](http://x) &lt; \\",
    "```\n# HOLDS\n```",
    "z" * 1_000_000,
)
each_text = pytest.mark.parametrize("text", FOREIGN, ids=range(len(FOREIGN)))


def is_safe(text: str, *, lines: bool = True) -> bool:
    """Whether nothing in a text is invisible, moves the cursor or can't be written."""
    text.encode("utf-8")
    return text.replace("\n", "" if lines else "\n").replace("\t", "").isprintable()


@each_text
def test_foreign_text_is_printable_and_a_line_stays_one_line(text: str) -> None:
    assert is_safe(foreign_text.printable(text))
    assert is_safe(foreign_text.one_line(text), lines=False)
    assert is_safe(foreign_text.markdown(text), lines=False)
    assert len(foreign_text.shortened(text)) < foreign_text.LONGEST + 50


def test_ordinary_text_is_unchanged() -> None:
    for text in ("1,234.50 BDT", "محفظة", "é \U0001f45b", "two\nlines\tand a tab", "C:\\x"):
        assert foreign_text.printable(text) == text


@each_text
def test_shell_word_is_one_word_in_bash(text: str) -> None:
    word = foreign_text.shell_word(text)
    assert is_safe(word)
    if len(word) < 100_000 and "\0" not in text:
        ran = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, check=True)
        assert ran.stdout == text.encode("utf-8", "surrogatepass")


@each_text
def test_foreign_text_cannot_forge_a_line_of_a_violation(text: str) -> None:
    finding = Finding(text, text, text)
    violation = ContractViolation("T-1", "a clause", (finding,), calls=(text,), curl=text)
    shown = REDACTION.shown(str(violation))
    assert is_safe(shown)
    assert len(shown) < foreign_text.LONGEST + 50
    headings = ("  calls:", "  at:", "  documented:", "  received:", "  repeat:", " " * 14)
    assert all(line.startswith(headings) for line in shown.splitlines()[1:])


@each_text
def test_the_summary_is_markdown(text: str) -> None:
    clause = ClauseState(
        "T-1",
        "documented",
        "a clause",
        gates=True,
        asked_for=True,
        state="broken",
        scenarios=1,
        judged=1,
        violated_in=(text,),
    )
    outcome = ScenarioOutcome(f"x::{text}", ("T-1",), "broken", broken={"T-1": REDACTION.shown(text)})
    about = About(target=text)
    shown = markdown_of(
        Verdict(
            finished=True, status=1, name="BROKEN", headline=text, about=about, clauses=(clause,), scenarios=(outcome,)
        )
    )
    assert is_safe(shown)
    lines = shown.splitlines()
    assert sum(line.startswith("| T-1 |") for line in lines) == 1
    (opened,) = [number for number, line in enumerate(lines) if line.startswith("`") and line.endswith("text")]
    closed = lines.index(lines[opened].removesuffix("text"), opened + 1)
    assert closed == len(lines) - 1


def exchange_of(text: str) -> Exchange:
    raw = text.encode("utf-8", "surrogatepass")
    latin = raw.decode("latin-1")
    request = Request("authenticateWallet", "POST", "http://127.0.0.1/x", (("X-Odd", latin),), raw)
    return Exchange(request, Response(200, latin, (("X-Odd", latin),), raw), datetime.now(UTC), 0.1)


@each_text
def test_the_evidence_is_json_without_control_characters(text: str) -> None:
    document = json.loads(attachment(exchange_of(text)))
    for side in ("request", "response"):
        assert is_safe(document[side]["body"]["value"])
        assert all(is_safe(header["value"], lines=False) for header in document[side]["headers"])
    assert is_safe(document["response"]["statusText"], lines=False)
    assert is_safe(title(exchange_of(text)), lines=False)


@each_text
def test_the_curl_line_can_be_pasted(text: str) -> None:
    line = curl_line(exchange_of(text).request, {})
    assert is_safe(line)
    if "$'" not in line:
        assert shlex.split(line)[0] == "curl"


FEATURE = """
@alfred
Feature: Odd texts

  @W-1
  Rule: A wallet has an account

    Scenario: The account has an odd name
      Given the platform is asked
"""


@each_text
def test_a_run_writes_every_report(text: str, tmp_path: Path, platform: Any) -> None:
    served = platform(reply({"walletAccountId": [], text[:3000]: 1, "data": {"walletAccountId": {text[:3000]: text}}}))
    run = scratch(tmp_path, FEATURE, served.url)
    ran = run("--summary=summary.md", "--junitxml=junit.xml", "--alluredir=allure", "-p", "no:cacheprovider")
    assert ran.status == 1, ran.output[-3000:]
    assert "W-1 is broken" in ran.output
    assert "Traceback" not in ran.output
    assert is_safe(ran.output)
    assert "W-1" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert is_safe((tmp_path / "summary.md").read_text(encoding="utf-8"))
    assert ET.parse(tmp_path / "junit.xml").getroot() is not None  # noqa: S314 - written by pytest
    assert list((tmp_path / "allure").glob("*-result.json"))
