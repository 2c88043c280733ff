"""Data made before the first scenario is used by the first run of a scenario only; a repeated run makes new data."""

from datetime import UTC, datetime

from harness.client.record import Recorder, Run
from harness.contract.contract import load_contract
from harness.wire.exchange import Exchange, Request
from steps.early import make_early, when_ready


def test_repeated_scenario_makes_new_data_instead_of_using_early_data() -> None:
    recorder = Recorder(Run.of(load_contract(), ()))
    early = make_early(recorder, {"it": lambda: ("early", 0.0)})["it"]
    recorder.begin(("S-6",))
    assert when_ready(recorder, early, lambda: ("anew", 0.0)) == "early"
    recorder.begin(("S-6",), repeated=True)
    assert when_ready(recorder, early, lambda: ("anew", 0.0)) == "anew"


def test_call_after_early_data_has_the_same_place_as_after_new_data() -> None:
    """The diagnosis compares the places of a fault in several runs of a scenario."""
    recorder = Recorder(Run.of(load_contract(), ()))

    def make() -> tuple[str, float]:
        recorder.scenario.calls["createPurchase"] += 1  # as the client counts it
        recorder.exchange(
            Exchange(Request("createPurchase", "POST", "http://127.0.0.1/"), None, datetime.now(UTC), 0.0)
        )
        return "made", 0.0

    early = make_early(recorder, {"it": make})["it"]
    counts = []
    for repeated in (False, True):
        recorder.begin(("P-3",), repeated=repeated)
        when_ready(recorder, early, make)
        counts.append(recorder.scenario.calls["createPurchase"])
    assert counts == [1, 1]
