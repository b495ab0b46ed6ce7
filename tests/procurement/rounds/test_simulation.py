"""The lab on a draft: repeatable, honest about what it leaves out, and resumable as a job."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bidding.bid_sheet import DosageForm, Lot, Round, Strength
from procurement.accounts.tables import OrganisationKind, Person
from procurement.catalogue.kinds import Evaluation
from procurement.catalogue.tables import Product, ProductStrength
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.jobs import JobRun, Worker, run_due_jobs
from procurement.permissions import NotFoundForActorError
from procurement.rounds.folder import read_folder
from procurement.rounds.jobs import HANDLERS
from procurement.rounds.range_chart import RangeRow, draw_ranges
from procurement.rounds.service import RoundDocument, store_round
from procurement.rounds.simulating import (
    EXAMPLE,
    answer_of,
    ask_simulation,
    assumptions_of,
    expected_bidders,
    past_rounds,
    run_simulation,
    simulations_of,
)
from procurement.rounds.simulation import Assumptions, answer_document, simulate_draft
from procurement.rounds.tables import SimulationStatus
from procurement.settings import Settings, resource_folder
from tests.procurement.rounds import world

LOTS = tuple(
    Lot(
        f"L{number}",
        "药",
        {"a": Strength("a", Decimal(1), Decimal(10)), "b": Strength("b", Decimal(2), Decimal(17))},
        DosageForm.ORAL_SOLID,
    )
    for number in range(1, 6)
)
SHEET = Round("t", "national-3", None, LOTS, ())
CODES = [lot.lot for lot in LOTS]
ASSUMED = Assumptions(
    rulebooks=("national-3", "national-10"),
    behaviour=EXAMPLE,
    bidders=dict.fromkeys(CODES, 8),
    originators=dict.fromkeys(CODES, 1),
    volumes=dict.fromkeys(CODES, 1_000_000),
    regions=3,
    draws=300,
    seed=7,
)


@pytest.fixture(scope="module")
def behaviour():
    return read_folder(resource_folder("examples") / EXAMPLE).round


def figures(answer, number=0):
    return answer.rulebooks[number].figures


def test_the_same_seed_gives_the_same_answer_and_another_one_does_not(behaviour):
    first = answer_document(simulate_draft(SHEET, behaviour, ASSUMED))
    assert first == answer_document(simulate_draft(SHEET, behaviour, ASSUMED))
    other = simulate_draft(SHEET, behaviour, replace(ASSUMED, seed=8))
    assert first != answer_document(other)
    json.dumps(first, allow_nan=False)


def test_fewer_places_select_fewer_and_cost_follows_the_ceilings(behaviour):
    answer = simulate_draft(SHEET, behaviour, ASSUMED)
    assert figures(answer, 1)["winners"].mean < figures(answer, 0)["winners"].mean
    doubled = tuple(
        replace(
            lot,
            strengths={
                label: replace(one, price_ceiling=Decimal(2) * (one.price_ceiling or 0))
                for label, one in lot.strengths.items()
            },
        )
        for lot in LOTS
    )
    dearer = simulate_draft(replace(SHEET, lots=doubled), behaviour, ASSUMED)
    spend = figures(answer)["spend"].mean
    assert figures(dearer)["spend"].mean == pytest.approx(2 * spend, rel=1e-3)
    assert figures(dearer)["median_cut"].mean == pytest.approx(
        figures(answer)["median_cut"].mean, abs=1e-3
    )


def test_without_volumes_no_amount_is_told(behaviour):
    some = {code: 1000 for code in CODES[1:]}
    answer = simulate_draft(SHEET, behaviour, replace(ASSUMED, volumes=some))
    assert not answer.has_volumes
    assert not {"spend", "savings", "agreed_volume"} & set(figures(answer))
    assert "winners" in figures(answer)


def test_lots_without_a_ceiling_or_a_bidder_are_left_out_and_named(behaviour):
    bare = replace(LOTS[0], strengths={"a": Strength("a", Decimal(1))})
    assumed = replace(
        ASSUMED,
        bidders={**ASSUMED.bidders, "L2": 0},
        originators={**ASSUMED.originators, "L2": 0},
    )
    answer = simulate_draft(replace(SHEET, lots=(bare, *LOTS[1:])), behaviour, assumed)
    assert answer.left_out == ("L1", "L2")
    assert figures(answer)["winners"].mean > 0
    empty = simulate_draft(replace(SHEET, lots=(bare,)), behaviour, assumed)
    assert all(one.refusal for one in empty.rulebooks)


def test_a_rulebook_that_cannot_be_simulated_says_so_beside_the_others(behaviour):
    names = ("tcm-alliance-2023", "national-3", "stents-2020")
    answer = simulate_draft(SHEET, behaviour, replace(ASSUMED, rulebooks=names))
    refusals = [one.refusal is not None for one in answer.rulebooks]
    assert refusals == [True, False, True]


def test_progress_ends_at_the_number_of_draws(behaviour):
    told: list[tuple[int, int]] = []
    simulate_draft(SHEET, behaviour, ASSUMED, on_progress=lambda *one: told.append(one))
    assert told[-1] == (300, 300)
    assert told == sorted(told)


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


def ask(session, round_, **changes):
    assumed = replace(
        ASSUMED,
        bidders={"L01": 5, "L02": 6},
        originators={},
        volumes={},
        draws=20,
        **changes,
    )
    actor = world.actor_of(session, session.get_one(Person, round_.drafted_by))
    return ask_simulation(
        session, round_=round_, assumptions=assumed, actor=actor, moment=world.MOMENT
    )


def test_a_simulation_runs_as_a_job_on_the_draft_as_it_was(engine, tmp_path):
    with transaction(engine) as session:
        round_ = world.new_round(session)
        ident = ask(session, round_).id
        world.lots_of(session, round_)[0].failed_reason = "撤出"
    settings = Settings(tmp_path, str(engine.url), secret_key=bytes(32))
    worker = Worker(engine, settings, HANDLERS, lambda: world.MOMENT)
    assert run_due_jobs(worker) == 1
    with transaction(engine) as session:
        (found,) = simulations_of(session, round_id=1)
        assert (found.id, found.status) == (ident, SimulationStatus.DONE)
        answer = found.answer
        assert answer_of(found)["left_out"] == []
        assert assumptions_of(found).rulebooks == ASSUMED.rulebooks
    # Started again after a crash it finds its answer.
    run_simulation(_run(engine, settings, ident))
    with transaction(engine) as session:
        assert simulations_of(session, round_id=1)[0].answer == answer


def _run(engine, settings, ident):
    return JobRun(1, {"simulation": ident}, engine, settings, lambda: world.MOMENT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rulebooks": ()}, "rulebooks"),
        ({"rulebooks": ("no-such",)}, "rulebooks"),
        ({"rulebooks": ("credit-2020",)}, "rulebooks"),
        ({"rulebooks": tuple(f"national-{n}" for n in (2, 3, 4, 5, 7, 8, 9))}, "rulebooks"),
        ({"seed": -1}, "seed"),
    ],
)
def test_wrong_assumptions_are_refused_at_their_field(session, changes, field):
    with pytest.raises(InvalidInputError) as refusal:
        ask(session, world.new_round(session), **changes)
    assert [fault.field for fault in refusal.value.faults] == [field]


def test_bids_are_modelled_on_a_round_that_is_there(session):
    round_ = world.new_round(session)
    with pytest.raises(NotFoundForActorError):
        ask(session, round_, behaviour="no-such-round")
    folder = read_folder(resource_folder("examples") / EXAMPLE)
    document = RoundDocument(
        name="imported-1",
        title="导入的批次",
        rulebook="national-3",
        rulebook_digest="0" * 64,
        opened_on=world.MOMENT.date(),
        facts=folder.facts,
    )
    store_round(session, document=document, moment=world.MOMENT)
    assert [one.name for one in past_rounds(session)] == [EXAMPLE, "imported-1"]
    assert ask(session, round_, behaviour="imported-1").status == SimulationStatus.WAITING


def test_expected_bidders_are_holders_of_products_that_passed(session):
    round_ = world.new_round(session)
    lot = world.lots_of(session, round_)[0]
    strength = ProductStrength(generic_product_id=lot.generic_product_id, label="1mg")
    session.add(strength)
    session.flush()
    kinds = [
        (Evaluation.PASSED, False),
        (Evaluation.DEEMED, False),
        (Evaluation.NOT_PASSED, False),
        (Evaluation.NOT_APPLICABLE, True),
    ]
    for number, (evaluation, is_originator) in enumerate(kinds):
        maker = world.new_organisation(session, OrganisationKind.MANUFACTURER, f"药业{number}")
        for pack in (7, 14):
            session.add(
                Product(
                    generic_product_id=lot.generic_product_id,
                    strength_id=strength.id,
                    holder_id=maker.id,
                    pack_units=pack,
                    approval_number=f"国药准字H{number:08}",
                    evaluation=evaluation,
                    is_originator=is_originator,
                    recorded_at=world.MOMENT,
                    changed_at=world.MOMENT,
                )
            )
    session.flush()
    assert expected_bidders(session, round_id=round_.id) == {"L01": (2, 1), "L02": (0, 0)}


def test_ranges_share_one_axis_from_zero():
    drawn: Any = draw_ranges([RangeRow("a", 2.0, 1.0, 4.0), RangeRow("b", 0.0, 0.0, 0.0)], str)
    low, high = drawn["rows"]
    assert low["x_low"] < low["x_mean"] < low["x_high"] == drawn["right"]
    assert high["x_low"] == high["x_high"] == drawn["left"]
