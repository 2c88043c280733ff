"""Runs state machines with Hypothesis, which imports slowly: only walks import it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def run_machines(machine: Callable[[], Any], count: int, seed: int, steps: int) -> None:
    import hypothesis
    from hypothesis.configuration import set_hypothesis_home_dir
    from hypothesis.stateful import run_state_machine_as_test

    # Nothing is written into the repository.
    set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "wallet-contract-suite-hypothesis")
    settings = hypothesis.settings(
        max_examples=count,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
    )
    run_state_machine_as_test(hypothesis.seed(seed)(machine), settings=settings)  # type: ignore[arg-type]
