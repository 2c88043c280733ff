"""The verdict as JUnit XML, for a CI server; it validates against junit-10.xsd of Jenkins' xUnit plugin.

A test case has no properties in that schema. So the scenarios of the same feature and clauses are a suite, which has.
``<failure>`` is a violation that makes the run red, ``<error>`` is the environment, usage or a bug of the suite, and
``<skipped>`` is what was not judged, or a violation that is known or does not gate.
"""

import platform
import re
from typing import Final
from xml.etree import ElementTree as ET

from harness.processes.exit_status import Status
from harness.verdict.decision.verdict import ScenarioOutcome, Verdict
from harness.wire.redaction import REDACTION

_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTED: Final = {"failures": "failure", "errors": "error", "skipped": "skipped"}
_ERRORS: Final = {"environment": "environment", "usage": "usage", "error": "bug of the suite"}


def junit_of(verdict: Verdict) -> str:
    """Return the text of junit.xml. Its first suite is the run itself, which shows what no scenario shows."""
    root = ET.Element("testsuites")
    groups: dict[tuple[str, tuple[str, ...]], list[ScenarioOutcome]] = {}
    for one in verdict.scenarios:
        if one.asked_for:
            groups.setdefault((one.feature, one.clauses), []).append(one)
    suites = [_suite(verdict, feature, clauses, ones) for (feature, clauses), ones in groups.items()]
    for number, suite in enumerate([_run(verdict, suites), *suites]):
        suite.set("id", str(number))
        root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(verdict: Verdict, feature: str, clauses: tuple[str, ...], ones: list[ScenarioOutcome]) -> ET.Element:
    levels = {one.id: one.level for one in verdict.clauses}
    named = dict.fromkeys(levels.get(clause, "") for clause in clauses)
    properties = {"clauses": ", ".join(clauses), "level": ", ".join(filter(None, named))}
    cases = [_case(verdict, one) for one in ones]
    name = f"{feature}: {', '.join(clauses)}" if clauses else feature
    return _filled(verdict, name, properties, cases, sum(one.seconds for one in ones))


def _run(verdict: Verdict, suites: list[ET.Element]) -> ET.Element:
    about = verdict.about
    properties = {
        "verdict": verdict.headline,
        "status": "none" if verdict.status is None else str(verdict.status),
        "target": about.target,
        "commit": about.commit,
    }
    case = ET.Element("testcase", classname="run", name="verdict", time="0.000")
    is_shown = any(suite.find("testcase/failure") is not None for suite in suites)
    if verdict.status is None:
        _add(case, "error", "did not finish", verdict.headline)
    elif verdict.status == Status.NOT_JUDGED:
        _add(case, "skipped", "not judged", verdict.headline)
    elif verdict.status == Status.BROKEN and not is_shown:
        _add(case, "failure", "violation", verdict.headline)
    elif verdict.status not in (Status.HOLDS, Status.BROKEN):
        _add(case, "error", verdict.name.lower(), verdict.headline)
    return _filled(verdict, "run", properties, [case], 0.0)


def _filled(
    verdict: Verdict, name: str, properties: dict[str, str], cases: list[ET.Element], seconds: float
) -> ET.Element:
    counts = {word: str(sum(case.find(tag) is not None for case in cases)) for word, tag in _COUNTED.items()}
    suite = ET.Element(
        "testsuite",
        name=_text(name),
        package="",
        tests=str(len(cases)),
        time=f"{seconds:.3f}",
        timestamp=verdict.about.began.removesuffix(" UTC").replace(" ", "T") or "1970-01-01T00:00:00",
        hostname=platform.node() or "localhost",
    )
    suite.attrib.update(counts)
    holder = ET.SubElement(suite, "properties")
    for key, value in properties.items():
        ET.SubElement(holder, "property", name=key, value=_text(value))
    suite.extend(cases)
    # Another widespread schema, Windy Road's, demands both.
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
    return suite


def _case(verdict: Verdict, one: ScenarioOutcome) -> ET.Element:
    name = _text(one.words)
    case = ET.Element("testcase", classname=_text(one.feature), name=name, time=f"{one.seconds:.3f}")
    text = "\n\n".join(one.broken.values()) or one.reason
    if one.outcome in _ERRORS:
        _add(case, "error", _ERRORS[one.outcome], text)
    elif one.broken and (why := _why_not_red(verdict, one)):
        _add(case, "skipped", "not red", f"{why}: {text}")
    elif one.broken or one.outcome == "failed":
        _add(case, "failure", "violation", text)
    elif one.outcome != "passed":
        _add(case, "skipped", "not judged", text)
    return case


def _why_not_red(verdict: Verdict, one: ScenarioOutcome) -> str:
    """Return why no violation in a scenario makes the run red; empty if one does."""
    states = {clause.id: clause.state for clause in verdict.clauses}
    whys = list(dict.fromkeys(_known(verdict, one, clause) for clause in one.broken))
    if all(whys):
        return "; ".join(whys)
    open_ = [states.get(clause, "") for clause in one.broken if not _known(verdict, one, clause)]
    return "observed, does not gate" if all(state == "observed" for state in open_) else ""


def _known(verdict: Verdict, one: ScenarioOutcome, clause: str) -> str:
    return next(
        (
            f"known issue {issue.ticket} ({issue.owner}, {issue.days_left} days left)"
            for issue in verdict.known_issues
            if issue.clause == clause and issue.state == "occurred" and {one.name, one.title} & {*issue.scenarios}
        ),
        "",
    )


def _add(case: ET.Element, tag: str, kind: str, text: str) -> None:
    shown = _text(text)
    message = next(iter(shown.strip().splitlines()), "")
    ET.SubElement(case, tag, type=kind, message=message).text = shown


def _text(text: str) -> str:
    """Return a text without secrets and without characters that XML can't contain."""
    return _NOT_IN_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", REDACTION.mask(text))
