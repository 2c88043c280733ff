"""What was made before the first scenario serves the first run of a scenario; another run makes it anew."""

from harness.client.record import Recorder, Run
from harness.contract.contract import load_contract
from steps.early import make_early, when_ready


def test_a_scenario_that_runs_again_does_not_use_what_its_earlier_run_may_have_changed() -> None:
    recorder = Recorder(Run.of(load_contract(), ()))
    early = make_early(recorder, {"it": lambda: ("early", 0.0)})["it"]
    recorder.begin(("S-6",))
    assert when_ready(recorder, early, lambda: ("anew", 0.0)) == "early"
    recorder.begin(("S-6",), repeated=True)
    assert when_ready(recorder, early, lambda: ("anew", 0.0)) == "anew"
