"""What holds whatever the bids are: order of rows, names, sums, reasons, questions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from bidding.bid_sheet import Answer, Bid, Lot, QuestionKind, Quote, Round, Strength
from bidding.errors import BadAnswerError
from bidding.evaluate import evaluate
from bidding.report import EvaluationReport, LotReport, Outcome, Question
from pricing.money import UnitPrice
from rulebooks import load_rulebook
from tests.bidding.put_back import find, put_back, standing_price
from tests.bidding.random_lots import Pick, random_answers, random_round, seeded, shuffled
from tests.bidding.settings import SETTINGS
from tests.bidding.sheets import wishes

BY_BOUNDS = (
    "pilot-expansion",
    "national-2",
    "national-4",
    "national-5",
    "national-9",
    "national-11",
)
"""Rulebooks under which a lower price can only help."""

WITHOUT_ABSOLUTE_PRICES = ("joints", "devices-6", "devices-7", "insulin")
"""Rulebooks that name no price and leave comparable prices unrounded."""


def report_of(round_: Round, answers: Iterable[Answer] = ()) -> EvaluationReport:
    return evaluate(round_, load_rulebook(round_.rulebook), answers)


def drawn(name: str, seed: int) -> Round:
    return random_round(seeded(seed), SETTINGS[name])


def reports(name: str, seeds: Iterable[int]) -> list[tuple[Round, LotReport]]:
    """Every lot of some random rounds, evaluated with random answers."""
    found = []
    for seed in seeds:
        pick = seeded(seed)
        round_ = random_round(pick, SETTINGS[name])
        try:
            lots = report_of(round_, random_answers(pick, round_)).lots
        except BadAnswerError:
            continue
        found += [(round_, lot) for lot in lots]
    return found


def rows_shuffled(pick: Pick, round_: Round) -> Round:
    return replace(
        round_,
        lots=tuple(shuffled(pick, round_.lots)),
        bids=tuple(shuffled(pick, round_.bids)),
        volumes=tuple(shuffled(pick, round_.volumes)),
        choices=tuple(shuffled(pick, round_.choices)),
    )


@pytest.mark.parametrize("name", SETTINGS)
def test_the_order_of_rows_changes_nothing(name):
    for seed in range(12):
        pick = seeded(seed)
        round_ = random_round(pick, SETTINGS[name])
        answers = random_answers(pick, round_)
        try:
            report = report_of(round_, answers)
        except BadAnswerError:
            continue
        assert report_of(rows_shuffled(pick, round_), shuffled(pick, answers)) == report


def renamed(round_: Round) -> Round:
    """The same round with bids of unrelated firms whose names sort the other way round."""

    def name_of(bid: str) -> str:
        return chr(ord("A") + ord("Z") - ord(bid))

    bids = tuple(
        replace(bid, bid=name_of(bid.bid), manufacturer=name_of(bid.bid)) for bid in round_.bids
    )
    choices = tuple(replace(choice, bid=name_of(choice.bid)) for choice in round_.choices)
    return replace(round_, bids=bids, choices=choices)


def unrelated(round_: Round) -> Round:
    """The round without control groups, joint bids and makers of several products."""
    bids = (
        replace(bid, manufacturer=bid.bid, control_group=None, joint_bid=None)
        for bid in round_.bids
    )
    return replace(round_, bids=tuple(bids), volumes=())


# The price coefficients of devices-6 name bids; volumes by brand, which make groups, name makers.
@pytest.mark.parametrize("name", sorted(set(SETTINGS) - {"joints-by-volume", "devices-6"}))
def test_the_names_of_bids_decide_nothing(name):
    for seed in range(25):
        round_ = unrelated(drawn(name, seed))
        lots, others = report_of(round_).lots, report_of(renamed(round_)).lots
        for lot, other in zip(lots, others, strict=True):
            mirrored = {
                chr(ord("A") + ord("Z") - ord(one.bid)): decided(one) for one in other.outcomes
            }
            assert {one.bid: decided(one) for one in lot.outcomes} == mirrored, f"seed {seed}"


def decided(outcome: Outcome) -> Sequence[object]:
    return (
        outcome.status,
        outcome.comparable_price,
        outcome.offer_price,
        outcome.needed_price,
        outcome.reason.clause,
    )


@pytest.mark.parametrize("name", BY_BOUNDS)
def test_a_selected_bid_that_lowers_its_price_stays_selected(name):
    for seed in range(20):
        round_ = replace(drawn(name, seed), volumes=(), choices=())
        for lot in report_of(round_).lots:
            for outcome in lot.outcomes:
                if outcome.status.is_selected:
                    assert is_selected_lower(round_, lot.lot, outcome), f"seed {seed}"


def is_selected_lower(round_: Round, lot: str, outcome: Outcome) -> bool:
    bid = find(round_, lot, outcome.bid)
    pack = standing_price(bid, outcome)
    lower = pack.with_pack_price(
        (pack.pack_price * Decimal("0.7")).quantize(pack.step) or pack.step
    )
    after = report_of(put_back(round_, bid, outcome.strength, lower)).lots[0]
    return next(one for one in after.outcomes if one.bid == outcome.bid).status.is_selected


@pytest.mark.parametrize("name", ["national-2", "national-3", "national-4", "national-5"])
def test_a_bid_above_the_ceiling_adds_a_bidder_and_never_wins(name):
    for seed in range(25):
        round_ = drawn(name, seed)
        lot = capped(round_.lots[0])
        round_ = replace(round_, lots=(lot,), volumes=(), choices=())
        before = report_of(round_).lots[0]
        above = UnitPrice(Decimal(10**6))
        added = Bid(lot.lot, "Z", "Z", (Quote("m", above),))
        after = report_of(replace(round_, bids=(*round_.bids, added))).lots[0]
        assert after.bidders == before.bidders + 1
        assert (after.places or 0) >= (before.places or 0)
        assert by_name(after)["Z"].status == "invalid"
        won = {one.bid for one in before.outcomes if one.status.is_selected}
        assert won <= {one.bid for one in after.outcomes if one.status.is_selected}


def capped(lot: Lot) -> Lot:
    """The lot with a ceiling for each strength."""
    strengths = {
        label: Strength(label, one.ratio, one.price_ceiling or Decimal(50))
        for label, one in lot.strengths.items()
    }
    return replace(lot, strengths=strengths)


def by_name(report: LotReport) -> dict[str, Outcome]:
    return {outcome.bid: outcome for outcome in report.outcomes}


def times_a_thousand(round_: Round) -> Round:
    """All prices and ceilings multiplied by 1000."""
    factor = Decimal(1000)
    lots = [
        replace(
            lot,
            strengths={
                label: replace(one, price_ceiling=one.price_ceiling and one.price_ceiling * factor)
                for label, one in lot.strengths.items()
            },
        )
        for lot in round_.lots
    ]
    bids = [
        replace(
            bid,
            quotes=tuple(
                replace(
                    quote,
                    declared_price=quote.declared_price
                    and quote.declared_price.with_pack_price(
                        quote.declared_price.pack_price * factor
                    ),
                )
                for quote in bid.quotes
            ),
        )
        for bid in round_.bids
    ]
    options = dict(round_.options)
    if "classes.lines" in options:
        options["classes.lines"] = {"L1": {"a": "700000", "b": "1000000"}}
    return replace(round_, lots=tuple(lots), bids=tuple(bids), options=options)


@pytest.mark.parametrize("name", WITHOUT_ABSOLUTE_PRICES)
def test_the_unit_of_money_decides_nothing(name):
    for seed in range(30):
        round_ = drawn(name, seed)
        for lot, scaled in zip(
            report_of(round_).lots, report_of(times_a_thousand(round_)).lots, strict=True
        ):
            assert [decided_without_price(one) for one in lot.outcomes] == [
                decided_without_price(one) for one in scaled.outcomes
            ], f"seed {seed}"
            assert lot.allocations == scaled.allocations


def decided_without_price(outcome: Outcome) -> Sequence[object]:
    return outcome.bid, outcome.status, outcome.rank, outcome.regions, outcome.agreed_volume


@pytest.mark.parametrize("name", SETTINGS)
def test_every_bid_appears_once_among_the_outcomes(name):
    for round_, lot in reports(name, range(15)):
        entered = sorted(bid.bid for bid in round_.bids if bid.lot == lot.lot)
        assert sorted(outcome.bid for outcome in lot.outcomes) == entered


@pytest.mark.parametrize("name", SETTINGS)
def test_every_reason_names_a_rule_of_the_rulebook_or_an_answer(name):
    for round_, lot in reports(name, range(40)):
        rulebook = load_rulebook(round_.rulebook)
        known = {*rulebook.rules, *rulebook.unknown, *round_.options, "answers.withdraw"}
        reasons = [outcome.reason for outcome in lot.outcomes]
        assert {reason.clause.split()[-1] for reason in reasons} <= known
        assert all(reason in lot.steps for reason in reasons)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_step_names_a_rule_of_the_rulebook_or_an_answer(name):
    for round_, lot in reports(name, range(40)):
        rulebook = load_rulebook(round_.rulebook)
        known = {*rulebook.rules, *rulebook.unknown, *round_.options, "answers.withdraw"}
        assert {step.clause.split()[-1] for step in lot.steps} <= known


@pytest.mark.parametrize("name", SETTINGS)
def test_the_regions_of_the_winners_sum_to_the_regions_of_the_lot(name):
    for round_, lot in reports(name, range(30)):
        regions = {volume.region for volume in round_.volumes if volume.lot == lot.lot}
        chosen = [outcome for outcome in lot.outcomes if outcome.regions is not None]
        if chosen:
            assert sum(outcome.regions or 0 for outcome in chosen) == len(regions)
        named = [name for one in chosen for name in one.region_names or ()]
        assert len(named) == len(set(named))
        if all(one.region_names is not None for one in chosen) and chosen:
            assert set(named) == regions


@pytest.mark.parametrize("name", SETTINGS)
def test_allocations_add_up_to_the_agreed_volume_to_the_unit(name):
    for _, lot in reports(name, range(30)):
        given = sum(allocation.agreed_volume for allocation in lot.allocations)
        assert given == (lot.agreed_volume or 0) <= lot.base_volume + len(lot.allocations)
        for outcome in lot.outcomes:
            if outcome.agreed_volume is not None:
                own = [one for one in lot.allocations if one.bid == outcome.bid]
                assert sum(one.agreed_volume for one in own) == outcome.agreed_volume
        rows = [(one.region, one.strength, one.bid) for one in lot.allocations]
        assert len(rows) == len(set(rows))


def answers_to(questions: Sequence[Question], given: Sequence[Answer]) -> list[Answer]:
    """Answer the first question: yes, unless that contradicts what was answered before."""
    first = questions[0]
    kind = QuestionKind(first.question)
    return [*given, Answer(first.lot, first.bid, kind, not is_second_yes(first, given))]


def is_second_yes(question: Question, given: Sequence[Answer]) -> bool:
    """Whether another bid of the lot was preferred already."""
    return question.question == "tie" and any(
        one.lot == question.lot and one.question == "tie" and one.answer for one in given
    )


def every_wish(round_: Round) -> Round:
    """The round with everybody's wishes for every region."""
    choices = [
        replace(wish, lot=bid.lot)
        for bid in round_.bids
        for wish in wishes(
            bid.bid, sorted({one.region for one in round_.volumes if one.lot == bid.lot})
        )
    ]
    return replace(round_, choices=tuple(choices))


@pytest.mark.parametrize("name", SETTINGS)
def test_nothing_is_pending_after_everything_is_answered(name):
    for seed in range(30):
        round_ = every_wish(drawn(name, seed))
        given: list[Answer] = []
        report = report_of(round_)
        for _ in range(60):
            if not report.pending:
                break
            given = answers_to(report.pending, given)
            report = report_of(round_, given)
        assert report.pending == (), f"seed {seed}"
        undecided = ("tied", "revival-offered")
        outcomes = [outcome for lot in report.lots for outcome in lot.outcomes]
        assert not [outcome for outcome in outcomes if outcome.status in undecided]
