"""Data made before the first scenario is used by the first run of a scenario only; a repeated run makes new data."""

from harness.client.record import Recorder, Run
from harness.contract.contract import load_contract
from steps.early import make_early, when_ready


def test_repeated_scenario_makes_new_data_instead_of_using_early_data() -> None:
    recorder = Recorder(Run.of(load_contract(), ()))
    early = make_early(recorder, {"it": lambda: ("early", 0.0)})["it"]
    recorder.begin(("S-6",))
    assert when_ready(recorder, early, lambda: ("anew", 0.0)) == "early"
    recorder.begin(("S-6",), repeated=True)
    assert when_ready(recorder, early, lambda: ("anew", 0.0)) == "anew"
