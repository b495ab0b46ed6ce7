"""On the real bids the lab decides what the engine decides, lot by lot."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from bidding.bid_sheet import Bid, Category, DosageForm, Lot, Quote, Round, Strength, Volume
from bidding.errors import MissingFactError, UnknownRuleError
from bidding.lab.bench import Bench, bench_of
from bidding.lab.errors import UnsimulableRuleError
from bidding.report import Status
from pricing.money import UnitPrice
from procurement.rounds.folder import read_folder
from rulebooks import load_rulebook, rulebook_ids
from rulebooks.vocabulary import ByNumber
from tests.bidding.lab.engine import decided_by_engine, document

SIMULABLE = (
    "follow-on-inquiry-2026",
    *(f"national-{number}" for number in (10, 11, 12, 2, 3, 4, 5, 7, 8, 9)),
    "national-pilot-expansion-2019",
)
REFUSED = {
    "national-pilot-2018": "talks.after_direct",
    "stents-2020": "volume.method",
    "stents-2022": "volume.method",
}


@pytest.fixture(scope="module", params=["national-3-2020", "alliance-2019"])
def real_round(request: pytest.FixtureRequest, shared: Path) -> Round:
    return read_folder(shared / "rounds" / request.param).round


def assert_parity(bench: Bench, round_: Round) -> None:
    engine = decided_by_engine(round_, bench.rules)
    decision, observed = bench.decision, bench.observed
    assert observed.winners(decision.selected) == engine[Status.SELECTED]
    assert observed.winners(decision.without_volume) == engine[Status.SELECTED_WITHOUT_VOLUME]
    assert observed.names(decision.tied) == engine[Status.TIED]
    offered = [observed.names(mask) for mask in decision.offered.values()]
    assert frozenset().union(*offered) == engine[Status.REVIVAL_OFFERED]


@pytest.mark.parametrize("rulebook", SIMULABLE)
def test_real_bids_are_decided_as_the_engine_decides_them(rulebook, real_round):
    assert_parity(bench_of(real_round, load_rulebook(rulebook), {}), real_round)


@pytest.mark.parametrize(("rulebook", "key"), REFUSED.items())
def test_a_document_that_cannot_be_simulated_is_refused_with_its_rule(rulebook, key, real_round):
    with pytest.raises(UnsimulableRuleError, match=key.replace(".", r"\.")):
        bench_of(real_round, load_rulebook(rulebook), {})


@pytest.mark.parametrize("rulebook", sorted({*rulebook_ids()} - {*SIMULABLE, *REFUSED}))
def test_every_other_rulebook_is_refused_by_name(rulebook, real_round):
    refusals = (UnsimulableRuleError, UnknownRuleError, MissingFactError)
    with pytest.raises(refusals, match=rf"rulebook {rulebook}: |groups\.separate needs it"):
        bench_of(real_round, load_rulebook(rulebook), {})


T = TypeVar("T")


def maybe(values: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | values


def decimal(*texts: str) -> st.SearchStrategy[Decimal | None]:
    return maybe(st.sampled_from([Decimal(text) for text in texts]))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, object]:
    """Rules of invented documents, most of them left out most of the time."""
    places = st.lists(st.integers(1, 5), min_size=1, max_size=7).map(
        lambda counts: ByNumber(tuple(sorted(counts)))
    )
    rules: dict[str, object] = {
        "bidders.unit": draw(maybe(st.sampled_from(["firm", "product"]))),
        "bidders.above_ceiling_count": draw(maybe(st.booleans())),
        "conversion.strength_base": draw(decimal("1.7")),
        "comparable.decimals": draw(maybe(st.sampled_from([2, 4]))),
        "ranking.tie_breaks": draw(maybe(st.just(("prior-supply",)))),
        "places.per_maker": draw(maybe(st.integers(1, 2))),
        "selection.ratio_to_lowest": draw(decimal("1.5", "1.8", "2")),
        "selection.ratio_to_anchor": draw(decimal("1.5", "1.8")),
        "selection.cut_from_ceiling": draw(decimal("0.5", "0.25")),
        "selection.absolute_low": draw(maybe(st.just({"any": Decimal("0.3")}))),
        "selection.reference_price": draw(decimal("0.5")),
        "selection.highest_out_after": draw(maybe(st.integers(1, 4))),
        "anchor.share_of_mean": draw(decimal("0.5", "0.65", "0.9")),
        "anchor.sds_below_mean": draw(decimal("0.5", "1")),
        "anchor.extreme_below": draw(decimal("0.5", "0.8")),
        "band.zero_volume_below_sds": draw(decimal("1", "2")),
        "band.out_above_sds": draw(decimal("1", "2")),
        "band.prices": draw(maybe(st.sampled_from(["shortlisted", "valid"]))),
        "revival.shortlisted": draw(maybe(st.just({"price": "highest-winner"}))),
        "revival.others": draw(
            maybe(
                st.fixed_dictionaries(
                    {"volume_at_least_mean": st.booleans(), "not_highest": st.booleans()}
                )
            )
        ),
        "revival.reference": draw(maybe(st.just({"price": "highest-winner"}))),
    }
    if draw(st.booleans()):
        rules["places.unlimited"] = True
    else:
        rules["places.by_bidders"] = draw(places)
    return {key: value for key, value in rules.items() if value is not None}


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    """Rounds of one or two lots on a coarse grid of prices, so that ties and limits are met."""
    grid = st.integers(1, 30).map(lambda step: Decimal(step) / 10)
    lots: list[Lot] = []
    bids: list[Bid] = []
    volumes: list[Volume] = []
    for name in draw(st.sampled_from([("L01",), ("L01", "L02")])):
        ceiling = draw(maybe(grid))
        strengths = {
            "1mg": Strength("1mg", Decimal(1), ceiling),
            "2mg": Strength("2mg", Decimal(2), None if ceiling is None else ceiling * 2),
        }
        form = draw(st.sampled_from([None, DosageForm.ORAL_SOLID]))
        lots.append(Lot(name, "某某片", strengths, form, Category.GENERAL))
        for number in range(draw(st.integers(0, 8))):
            price = draw(maybe(grid) if number == 0 else grid)
            bids.append(
                Bid(
                    name,
                    f"{number}",
                    draw(st.sampled_from(["甲", "乙", f"{number}"])),
                    (Quote(draw(st.sampled_from(["1mg", "1mg", "2mg"])), _unit_price(price)),),
                    is_originator=draw(st.booleans()),
                    control_group=draw(st.sampled_from([None, None, None, "集团"])),
                    joint_bid=draw(st.sampled_from([None, None, None, None, "联合体"])),
                    prior_supply=draw(maybe(st.integers(0, 1))),
                )
            )
            brand = bids[-1].manufacturer
            if draw(st.integers(0, 3)) == 0 and not any(v.brand == brand for v in volumes):
                volumes.append(Volume("北京", name, "1mg", Decimal(1), number * 10, brand))
    return Round("random", "invented", None, tuple(lots), tuple(bids), tuple(volumes))


def _unit_price(price: Decimal | None) -> UnitPrice | None:
    return None if price is None else UnitPrice(price)


def bench_or_reject(round_: Round, rules: dict[str, object]) -> Bench:
    try:
        return bench_of(round_, document(rules), {})
    except UnsimulableRuleError as refusal:
        assert refusal.key == "places.per_maker"
        reject()


@settings(max_examples=150, deadline=None)
@given(documents(), rounds())
def test_random_rounds_are_decided_as_the_engine_decides_them(rules, round_):
    without_need = replace(round_, volumes=())
    assert_parity(bench_or_reject(without_need, rules), without_need)


@settings(max_examples=60, deadline=None)
@given(documents(), rounds())
def test_reported_brands_decide_about_revival_as_in_the_engine(rules, round_):
    shares = {"general": ByNumber((Decimal("0.5"),))}
    volume = {"volume.method": "regions", "regions.choice": "first-pick-then-turns"}
    bench = bench_or_reject(round_, {**rules, **volume, "share.by_winners": shares})
    assert_parity(bench, round_)


def test_options_of_the_round_hold_for_its_own_rulebook_only(real_round):
    options = {"places.by_bidders": {"1+": 1}}
    book = load_rulebook("national-12")
    own = bench_of(replace(real_round, rulebook="national-12", options=options), book, {})
    other = bench_of(replace(real_round, rulebook="national-3", options=options), book, {})
    assert np.count_nonzero(own.decision.selected) <= len(real_round.lots)
    assert np.count_nonzero(other.decision.selected) > len(real_round.lots)
