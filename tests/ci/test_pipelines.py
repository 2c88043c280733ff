"""The pipelines of ci/: their files are valid, and their shell steps do what docs/pipelines.md says for each status."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CI = ROOT / "ci"
BIN = Path(sys.executable).parent
HEADLINE = "BROKEN: the platform breaks A-1"
# The suite's Python: ends with the next status of the file, after it wrote a summary (a usage error writes none).
PYTHON = f"""#!/bin/sh
echo "$*" >>calls
read -r status <statuses
sed -i 1d statuses
if [ "$status" = wait ]; then trap 'kill "$!"; exit 2' TERM; /bin/sleep 30 & wait "$!"; fi
if [ "$status" != 4 ]; then
  mkdir -p reports/new
  echo '# {HEADLINE}' >reports/new/summary.md
  ln -sfn new reports/latest
fi
[ "$status" = 137 ] && kill -9 $$
exit "$status"
"""
CURL = """#!/bin/sh
cat >>curl.stdin
for word; do printf '%s\\n' "$word" >>curl.words; done
exit "${CURL_STATUS:-0}"
"""


@dataclass(frozen=True)
class Job:
    """What a job's step did."""

    status: int
    output: str
    folder: Path

    def file(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.is_file() else ""

    @property
    def runs(self) -> int:
        return len(self.file("calls").splitlines())


def github() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((CI / "github-actions.yml").read_text())
    return document


def gitlab() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((CI / "gitlab-ci.yml").read_text())
    return document


def jenkins_steps() -> list[str]:
    """Return the shell steps of the Jenkinsfile."""
    return re.findall(r"\bsh[ (](?:script: )?'([^']*)'", (CI / "Jenkinsfile").read_text())


def step_of(pipeline: str) -> list[str]:
    """Return the command that runs the gate as the pipeline's server would."""
    if pipeline == "github":
        (step,) = [step for step in github()["jobs"]["gate"]["steps"] if step.get("id") == "gate"]
        return ["bash", "-e", "-c", step["run"]]
    if pipeline == "gitlab":
        return ["sh", "-e", "-c", "\n".join(gitlab()["gate"]["script"])]
    (step,) = [text for text in jenkins_steps() if "gate.sh" in text]
    return ["sh", "-xe", "-c", step]


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which the suite, make, sleep and curl are replaced, with the reports of an earlier run."""
    (tmp_path / "ci").mkdir()
    shutil.copy(CI / "gate.sh", tmp_path / "ci")
    executable(tmp_path / ".venv" / "bin" / "python", PYTHON)
    executable(tmp_path / "path" / "curl", CURL)
    executable(tmp_path / "path" / "make", "#!/bin/sh\nexit ${MAKE_STATUS:-0}\n")
    executable(tmp_path / "path" / "sleep", '#!/bin/sh\necho "$1" >>slept\n')
    (tmp_path / "reports" / "old").mkdir(parents=True)
    (tmp_path / "reports" / "old" / "summary.md").write_text("# HOLDS: an earlier run\n")
    (tmp_path / "reports" / "latest").symlink_to("old")
    return tmp_path


def environment(checkout: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": f"{checkout / 'path'}{os.pathsep}{os.environ['PATH']}",
        "TARGET": "staging",
        "SUITE_OWNERS_WEBHOOK": "https://hooks.example.test/secret",
        "GITHUB_OUTPUT": str(checkout / "github-output"),
        **more,
    }


def run(checkout: Path, pipeline: str, *statuses: object, **more: str) -> Job:
    (checkout / "statuses").write_text("".join(f"{status}\n" for status in statuses))
    done = subprocess.run(
        step_of(pipeline),
        cwd=checkout,
        env=environment(checkout, **more),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return Job(done.returncode, done.stdout + done.stderr, checkout)


# What the suite's command ended with, how the job ends, how often the suite was run, who is notified.
CASES = [
    ((0,), 0, 1, ""),
    ((1,), 1, 1, ""),
    ((2,), 2, 1, ""),
    ((3,), 3, 1, "owners"),
    ((4,), 4, 1, "owners"),
    ((5,), 5, 1, ""),
    ((75, 75), 75, 2, ""),
    ((75, 0), 0, 2, ""),
    ((75, 1), 1, 2, ""),
    ((137,), 3, 1, "owners"),
]


@pytest.mark.parametrize("pipeline", ["github", "gitlab", "jenkins"])
@pytest.mark.parametrize(("statuses", "expected", "runs", "notified"), CASES)
def test_each_status_ends_the_job_as_documented(
    checkout: Path, pipeline: str, statuses: tuple[int, ...], expected: int, runs: int, notified: str
) -> None:
    job = run(checkout, pipeline, *statuses)
    assert job.status == expected, job.output
    assert set(job.file("calls").splitlines()) == {"-m harness.run --target=staging --gate"}
    assert job.runs == runs
    assert job.file("slept") == ("60\n" if runs > 1 else "")
    assert bool(job.file("curl.words")) == bool(notified)
    assert job.file("github-output") == f"status={expected}\n"
    assert job.file("reports/gate.env") == f"GATE_STATUS={expected}\n"
    assert "earlier run" not in job.file("reports/gate.txt"), "it has no summary of its own"
    print(f"{pipeline:8} suite ended with {statuses}: the job ends with {expected}, {notified or 'nobody'} notified")


def test_notification_has_status_and_job_and_its_url_is_not_in_the_arguments(checkout: Path) -> None:
    job = run(checkout, "github", 3, GATE_JOB_URL='https://ci.example.test/"7\\')
    words = job.file("curl.words").splitlines()
    text = json.loads(words[words.index("--data") + 1])["text"]
    assert "staging ended with status 3" in text
    assert text.endswith('https://ci.example.test/"7\\')
    assert "hooks.example.test" not in "".join(words)
    assert job.file("curl.stdin") == 'url = "https://hooks.example.test/secret"\n'


@pytest.mark.parametrize("unset", [{"SUITE_OWNERS_WEBHOOK": ""}, {"CURL_STATUS": "6"}])
def test_failed_notification_does_not_change_the_status(checkout: Path, unset: dict[str, str]) -> None:
    job = run(checkout, "gitlab", 4, **unset)
    assert job.status == 4
    assert "not" in job.output.splitlines()[-1]


def test_failed_installation_ends_with_status_3_and_notifies_the_owners(checkout: Path) -> None:
    job = run(checkout, "jenkins", 0, MAKE_STATUS="2")
    assert (job.status, job.runs) == (3, 0)
    assert job.file("curl.words")


def test_summary_of_this_run_is_posted_to_the_merge_request(checkout: Path) -> None:
    merge_request = {
        "GITLAB_TOKEN": "glpat-1",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_PROJECT_ID": "42",
        "CI_API_V4_URL": "https://gitlab.example.test/api/v4",
    }
    job = run(checkout, "gitlab", 1, **merge_request)
    words = job.file("curl.words").splitlines()
    assert words[-1] == "https://gitlab.example.test/api/v4/projects/42/merge_requests/7/notes"
    assert "body@reports/new/summary.md" in words
    assert "glpat-1" not in "".join(words)
    assert job.file("reports/gate.txt") == f"{HEADLINE}\n"


@pytest.mark.parametrize("pipeline", ["github", "gitlab", "jenkins"])
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_cancelled_job_stops_the_suite_and_ends_with_status_2(
    checkout: Path, pipeline: str, sent: signal.Signals
) -> None:
    (checkout / "statuses").write_text("wait\n")
    command = step_of(pipeline)
    process = subprocess.Popen(command, cwd=checkout, env=environment(checkout), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not (checkout / "calls").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(sent)
    assert process.wait(timeout=10) == 2


def test_cancelled_retry_ends_with_status_2(checkout: Path) -> None:
    executable(checkout / "path" / "sleep", "#!/bin/sh\nkill -TERM $PPID\nexec /bin/sleep 30\n")
    assert run(checkout, "github", 75, 0).status == 2


# Which job runs next, by status.


def holds(expression: str, status: int, decided: str) -> bool:
    """Evaluate an ``if`` of GitHub: only the terms that the workflow uses."""
    words = {"always()": "True", "needs.gate.outputs.status": repr(str(status)), "needs.decide.result": repr(decided)}
    for theirs, ours in {**words, "&&": "and", "||": "or"}.items():
        expression = expression.replace(theirs, ours)
    return bool(eval(expression, {"__builtins__": {}}))  # noqa: S307 - our own file


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 5, 75])
@pytest.mark.parametrize("approved", [False, True])
def test_github_releases_on_status_0_or_on_approved_status_5(status: int, approved: bool) -> None:
    jobs = github()["jobs"]
    asked = holds(jobs["decide"]["if"], status, "")
    assert asked == (status == 5)
    decided = ("success" if approved else "failure") if asked else "skipped"
    assert holds(jobs["release"]["if"], status, decided) == (status == 0 or (status == 5 and approved))


@pytest.mark.parametrize("status", [0, 5])
def test_gitlab_releases_on_status_0_or_on_approved_status_5(tmp_path: Path, status: int) -> None:
    document = gitlab()
    assert document["gate"]["allow_failure"] == {"exit_codes": [5]}, "after any other status nothing else runs"
    assert document["release-without-judgement"]["when"] == "manual"
    for job, may in (("release", status == 0), ("release-without-judgement", status == 5)):
        command = ["sh", "-e", "-c", "\n".join(document[job]["script"])]
        done = subprocess.run(command, env={"GATE_STATUS": str(status)}, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == may, done.stdout


def test_jenkins_steps_except_the_gate_succeed(tmp_path: Path) -> None:
    steps = jenkins_steps()
    assert len(steps) == len(re.findall(r"^ *(?:def .*)?\bsh\b", (CI / "Jenkinsfile").read_text(), re.MULTILINE))
    for step in steps:
        if "gate.sh" not in step:
            subprocess.run(["sh", "-xe", "-c", step], check=True, capture_output=True)


def test_jenkins_asks_for_approval_on_status_5_and_stops_on_other_failures() -> None:
    text = (CI / "Jenkinsfile").read_text()
    assert (
        "if (status == 5) {\n                        unstable(said)\n                    } else if (status != 0) {"
        in text
    )
    assert "when { environment name: 'GATE_STATUS', value: '5' }" in text


# The files themselves.


@pytest.mark.parametrize(
    ("schema", "name"), [("vendor.github-workflows", "github-actions.yml"), ("vendor.gitlab-ci", "gitlab-ci.yml")]
)
def test_pipeline_files_conform_to_their_schemas(schema: str, name: str) -> None:
    command = (BIN / "check-jsonschema", "--builtin-schema", schema, CI / name)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_actionlint_finds_nothing() -> None:
    if (actionlint := shutil.which("actionlint")) is None:
        pytest.skip("needs actionlint; no package that CI can install has it")
    done = subprocess.run((actionlint, CI / "github-actions.yml"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_shellcheck_finds_nothing() -> None:
    shellcheck = shutil.which("shellcheck", path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    assert shellcheck, "make test installs it"
    texts = [*map(step_of, ("github", "gitlab", "jenkins"))]
    for shell, *_, text in texts:
        done = subprocess.run(
            (shellcheck, f"--shell={shell}", "-"), input=text, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
    done = subprocess.run((shellcheck, CI / "gate.sh"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
