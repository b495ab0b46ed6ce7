"""Ties between bids that count as independent."""

import numpy as np

from bidding.screens.answer import Answer
from bidding.screens.links import Limits, assess_links
from bidding.screens.measurement import Simulation
from bidding.screens.screened_lot import (
    Evidence,
    FirmTie,
    Records,
    ScreenedLot,
    ScreenedRound,
    TieKind,
)
from tests.bidding.screens.rounds import bid

BIDS = (bid("A", "1"), bid("B", "2", group="G"), bid("C", "3", group="G"), bid("D", "4"))


def assess(*ties, **limits):
    evidence = Evidence(ScreenedRound("round", (ScreenedLot("L", BIDS, 1),)), Records(ties=ties))
    (result,) = assess_links(
        evidence, Simulation(np.random.default_rng(1), 1), limits=Limits(**limits)
    )
    return result


def tie(firm, party, kind=TieKind.OWNER):
    return FirmTie(firm, kind, party)


def test_strangers_with_one_owner_are_flagged():
    result = assess(tie("A", "X"), tie("D", "X"))
    assert result.answer is Answer.FLAGGED
    assert [one.bid for one in result.bids] == ["A", "D"]
    assert (result.figure, result.n) == (1.0, 2)
    assert "owner" in result.reason.en
    assert "股东" in result.reason.zh


def test_ties_of_different_kinds_meet_too():
    result = assess(tie("A", "X", TieKind.AGENT), tie("D", "X"))
    assert {one.name: one.value for one in result.details if one.value} == {
        "owner": 1.0,
        "agent": 1.0,
    }


def test_a_bidder_that_makes_its_rivals_ingredient_is_a_link():
    result = assess(tie("A", "D", TieKind.INGREDIENT_MAKER))
    assert (result.answer, [one.bid for one in result.bids]) == (Answer.FLAGGED, ["A", "D"])


def test_declared_relatives_are_no_link():
    result = assess(tie("B", "X"), tie("C", "X"), tie("A", "Y"))
    assert result.answer is Answer.NOT_FLAGGED
    assert result.n == 2


def test_a_tie_to_oneself_is_no_link():
    assert assess(tie("A", "A"), tie("D", "Y")).answer is Answer.NOT_FLAGGED


def test_kinds_can_be_left_out():
    makers = [tie(who, "X", TieKind.INGREDIENT_MAKER) for who in ("A", "D")]
    kinds = frozenset(TieKind) - {TieKind.INGREDIENT_MAKER}
    assert assess(*makers).answer is Answer.FLAGGED
    assert assess(*makers, kinds=kinds).answer is Answer.NOT_FLAGGED


def test_an_empty_register_is_not_assessable():
    assert assess().answer is Answer.NOT_ASSESSABLE
    assert assess(tie("A", "X")).answer is Answer.NOT_ASSESSABLE
