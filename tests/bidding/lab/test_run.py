"""The lab as a whole: what it compares, repeats and refuses."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bidding.bid_sheet import Round, Volume
from bidding.errors import BadOptionError, UnknownRuleError
from bidding.evaluate import evaluate
from bidding.lab import UnsimulableRuleError, prepare_bids, report_document, run_lab
from bidding.lab import run as lab_run
from bidding.lab.bid_model import simulate
from bidding.lab.measures import MEASURES
from bidding.lab.report import LabReport
from bidding.savings import savings_of
from procurement.rounds.folder import read_folder
from rulebooks import Rulebook, load_rulebook
from tests.bidding.lab.engine import one_lot
from tests.house_rules import ROOT


@pytest.fixture(scope="module")
def eight_lots() -> Round:
    return read_folder(ROOT / "examples" / "national-3-eight-lots").round


def books(*names: str) -> list[Rulebook]:
    return [load_rulebook(name) for name in names]


def lab(round_: Round, *names: str, draws: int = 0, seed: int = 1, **more) -> LabReport:
    generator = np.random.default_rng(seed)
    return run_lab(round_, books(*names), draws=draws, generator=generator, **more)


def test_the_same_seed_gives_the_same_report(eight_lots):
    first, second = (lab(eight_lots, "national-3", "national-12", draws=50) for _ in range(2))
    assert report_document(first, 1) == report_document(second, 1)
    assert first.documents == second.documents


def test_all_documents_see_the_same_simulated_fields(eight_lots):
    alone = lab(eight_lots, "national-3", draws=40)
    together = lab(eight_lots, "national-3", "national-10", "national-3", draws=40)
    assert together.documents[0].simulated == alone.documents[0].simulated
    assert together.documents[2].simulated == together.documents[0].simulated


def test_draws_come_in_pieces_of_bounded_size(eight_lots, monkeypatch):
    sizes: list[int] = []

    def counted(model, draws, generator):
        sizes.append(draws)
        return simulate(model, draws, generator)

    monkeypatch.setattr(lab_run, "simulate", counted)
    monkeypatch.setattr(lab_run, "CELLS", 2000)
    report = lab(eight_lots, "national-3", draws=23)
    assert sum(sizes) == 23
    assert len(sizes) > 1
    assert report.draws == 23


def test_without_draws_there_is_no_model_and_no_range(eight_lots):
    report = lab(eight_lots, "national-3", "national-10")
    assert report.fit is None
    assert all(document.simulated == {} for document in report.documents)


def test_every_measure_has_its_range(eight_lots):
    (figures,) = lab(eight_lots, "national-11", draws=30).documents
    assert set(figures.simulated) == set(MEASURES) == set(figures.observed)
    for values in figures.simulated.values():
        assert values.p5 <= values.mean <= values.p95 or values.p5 == values.p95


def test_assumptions_are_listed(eight_lots):
    (figures,) = lab(eight_lots, "national-12").documents
    assert "places.by_bidders" in figures.assumed


def test_an_option_takes_the_place_of_an_assumption(eight_lots):
    options = {"national-12": {"places.by_bidders": {"1+": 1}}}
    (figures,) = lab(eight_lots, "national-12", options=options).documents
    assert "places.by_bidders" not in figures.assumed
    assert figures.observed["shortlisted"] == len(eight_lots.lots)


@pytest.mark.parametrize("rulebook", ["national-3", "national-7", "national-12"])
@pytest.mark.parametrize(
    "round_",
    [
        one_lot({}),
        one_lot({}, ceiling="5"),
        one_lot({"甲": None}, ceiling="5"),
        one_lot({"甲": "7"}, ceiling="5"),
        one_lot({"甲": "1", "乙": "1", "丙": "1"}, ceiling="1"),
        replace(one_lot({}), lots=()),
    ],
)
def test_rounds_with_next_to_nothing_in_them_have_an_answer(round_, rulebook):
    (figures,) = lab(round_, rulebook, draws=5).documents
    assert figures.observed["winners"] <= len(round_.bids)
    assert figures.simulated["lots_without_winner"].p95 <= len(round_.lots)


def test_an_option_for_a_document_not_asked_for_is_refused(eight_lots):
    options = {"national-11": {"places.by_bidders": {"1+": 1}}}
    with pytest.raises(BadOptionError, match="expected one of national-12"):
        lab(eight_lots, "national-12", options=options)


def test_a_rule_that_nobody_knows_or_assumes_is_refused(eight_lots):
    with pytest.raises(UnknownRuleError, match=r"places\.by_bidders"):
        lab(eight_lots, "iol-alliance-2020")


def test_rules_about_known_bidders_are_refused_for_simulated_ones(eight_lots):
    brands = {bid.lot: bid.manufacturer for bid in eight_lots.bids}
    volumes = tuple(replace(volume, brand=brands[volume.lot]) for volume in eight_lots.volumes)
    named = replace(eight_lots, volumes=volumes)
    assert lab(named, "stents-2022").documents[0].observed["winners"] > 0
    with pytest.raises(UnsimulableRuleError, match=r"volume\.method"):
        lab(named, "stents-2022", draws=1)


def test_the_report_is_numbers_and_null(eight_lots):
    bare = replace(eight_lots, volumes=())
    document: Any = report_document(lab(bare, "national-3", draws=3), 7)
    figures = document["rulebooks"]["national-3"]
    assert (document["draws"], document["seed"]) == (3, 7)
    assert figures["concentration"] is None
    assert isinstance(figures["winners"], int)
    assert figures["simulated"]["concentration"] == {"mean": None, "p5": None, "p95": None}
    assert set(document["model"]) == {"parameters", "goodness"}


def test_prepared_bids_are_those_of_a_run(eight_lots):
    bids, terms = prepare_bids(
        eight_lots, load_rulebook("national-10"), 20, np.random.default_rng(1)
    )
    (figures,) = lab(eight_lots, "national-10", draws=20).documents
    winners = lab_run.evaluate_bids(bids, terms)["winners"]
    assert winners.mean() == pytest.approx(figures.simulated["winners"].mean)


def test_the_order_of_the_rows_does_not_matter(eight_lots):
    turned = replace(
        eight_lots,
        lots=eight_lots.lots[::-1],
        bids=eight_lots.bids[::-1],
        volumes=eight_lots.volumes[::-1],
    )
    first, second = (lab(one, "national-3", draws=10) for one in (eight_lots, turned))
    assert first == replace(second, fit=first.fit)


def test_savings_lie_within_the_bounds_that_the_engine_knows_before_regions_are_chosen(
    shared: Path,
):
    round_ = read_folder(shared / "rounds" / "national-3-2020").round
    by_lot = {report.lot: report for report in evaluate(round_, books("national-3")[0]).lots}
    bounds = {lot.lot: savings_of(lot, by_lot[lot.lot], Decimal("1.7")) for lot in round_.lots}
    lots = tuple(lot for lot in round_.lots if bounds[lot.lot] is not None)
    assert len(lots) > 40
    (figures,) = lab(replace(round_, lots=lots), "national-3").documents
    known = [one for one in bounds.values() if one is not None]
    savings = figures.observed["savings"]
    assert sum(one.least for one in known) <= savings <= sum(one.most for one in known)
    agreed = sum(by_lot[lot.lot].agreed_volume or 0 for lot in lots)
    assert figures.observed["agreed_volume"] == pytest.approx(agreed, rel=1e-6)


def test_need_in_a_strength_that_nobody_bid_counts(eight_lots):
    lot = eight_lots.lots[0]
    label = next(iter(lot.strengths))
    more = Volume("北京", lot.lot, f"{label} x 64", lot.strengths[label].ratio * 64, 1000)
    (before,) = lab(eight_lots, "national-3").documents
    (after,) = lab(replace(eight_lots, volumes=(*eight_lots.volumes, more)), "national-3").documents
    assert after.observed["agreed_volume"] > before.observed["agreed_volume"]
    assert after.observed["spend"] > before.observed["spend"]
