"""Digital traces shared by bidders under different control."""

import numpy as np

from bidding.screens.answer import Answer
from bidding.screens.digital_traces import Limits, assess_digital_traces
from bidding.screens.measurement import Simulation
from bidding.screens.screened_lot import (
    DigitalTrace,
    Evidence,
    Records,
    ScreenedLot,
    ScreenedRound,
    TraceKind,
)
from tests.bidding.screens.rounds import bid

BIDS = (bid("A", "1"), bid("B", "2", group="G"), bid("C", "3", group="G"), bid("D", "4"))


def assess(*traces, lot="L", **limits):
    evidence = Evidence(
        ScreenedRound("round", (ScreenedLot(lot, BIDS, 1),)), Records(traces=traces)
    )
    simulation = Simulation(np.random.default_rng(1), 1)
    (result,) = assess_digital_traces(evidence, simulation, limits=Limits(**limits))
    return result


def device(who, value, lot="L"):
    return DigitalTrace(lot, who, TraceKind.DEVICE, value)


def test_strangers_with_one_device_are_flagged():
    result = assess(device("A", "x"), device("B", "x"), device("D", "y"))
    assert result.answer is Answer.FLAGGED
    assert [one.bid for one in result.bids] == ["A", "B"]
    assert (result.figure, result.n, result.threshold) == (1.0, 3, 1.0)
    assert "a shared office is no guilt" in result.reason.en
    assert "设备" in result.reason.zh


def test_the_value_of_a_trace_is_never_shown():
    result = assess(device("A", "secret-device"), device("B", "secret-device"))
    assert "secret-device" not in repr(result)


def test_relatives_with_one_device_are_not_flagged():
    result = assess(device("B", "x"), device("C", "x"), device("A", "y"))
    assert (result.answer, result.n) == (Answer.NOT_FLAGGED, 2)


def test_the_same_value_of_another_kind_is_another_trace():
    address = DigitalTrace("L", "B", TraceKind.NETWORK_ADDRESS, "x")
    assert assess(device("A", "x"), address).answer is Answer.NOT_FLAGGED


def test_a_known_gateway_does_not_count():
    shared = (device("A", "gateway"), device("B", "gateway"))
    result = assess(*shared, known_shared=frozenset({"gateway"}))
    assert result.answer is Answer.NOT_FLAGGED


def test_traces_of_other_lots_do_not_count():
    other = device("B", "x", lot="other")
    assert assess(device("A", "x"), other).answer is Answer.NOT_ASSESSABLE


def test_without_traces_nothing_is_assessable():
    assert assess().answer is Answer.NOT_ASSESSABLE
