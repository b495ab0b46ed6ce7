"""Coverage on the platform: who has which drug, and plans that durable work computes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.jobs import Worker, run_due_jobs
from procurement.pharmacies.coverage.holding import coverage_of
from procurement.pharmacies.coverage.inputs import Wanted, gather, inputs_of
from procurement.pharmacies.coverage.jobs import HANDLERS
from procurement.pharmacies.coverage.planning import find_plan, outcome_of, request_plan
from procurement.pharmacies.coverage.states import (
    PlanScope,
    PlanStatus,
    PlanStepError,
    require_plan_step,
)
from procurement.pharmacies.finder.age_limits import decide_age_limit
from procurement.pharmacies.places.tables import Place
from procurement.settings import read_settings
from tests.procurement.pharmacies.coverage.world import designate_more, list_drug
from tests.procurement.pharmacies.finder.world import (
    CODE,
    FIRST,
    HOSPITAL,
    MOMENT,
    OTHER,
    SECOND,
    TODAY,
)

WANTED = Wanted("340000", PlanScope.DESIGNATION, None, 15.0, 1)
STOCK = {"place": FIRST, "drug_code": CODE, "packs": "3", "price": "4500"}


def ask(world, wanted, by="officer"):
    with transaction(world.engine) as session:
        return request_plan(session, wanted=wanted, actor=world.actors[by], moment=MOMENT).id


def work(world, tmp_path):
    settings = read_settings({"JICAI_DATA": str(tmp_path)})
    worker = Worker(world.engine, settings, HANDLERS, lambda: MOMENT)
    assert run_due_jobs(worker) == 1


def chosen_by(plan):
    outcome = outcome_of(plan, language="en")
    assert outcome is not None
    return outcome


def test_a_county_is_covered_when_a_hospital_and_a_pharmacy_have_the_drug(world):
    list_drug(world)
    designate_more(world, HOSPITAL, SECOND)
    world.report(STOCK, {**STOCK, "place": SECOND, "packs": "0"})
    with snapshot(world.engine) as session:
        (found,) = coverage_of(session, region="340000", day=TODAY)
    by_county = {one.county: one for one in found.counties}
    assert [one.place.institution_code for one in by_county["341502"].pharmacies] == [FIRST]
    # The second pharmacy reports that it has none; the hospital reports nothing.
    assert by_county["341503"].pharmacies == () and not by_county["341502"].is_covered
    assert (found.covered, found.without_hospital, found.without_pharmacy) == (0, 3, 2)
    world.report({**STOCK, "place": HOSPITAL}, by="hospital")
    with snapshot(world.engine) as session:
        (found,) = coverage_of(session, region="341502", day=TODAY)
    assert found.covered == 1 and [one.county for one in found.counties] == ["341502"]


def test_stock_that_the_bureau_calls_old_does_not_cover(world):
    drug = list_drug(world)
    world.report({**STOCK, "as_of": (TODAY - timedelta(days=7)).isoformat()})

    def pharmacies():
        with snapshot(world.engine) as session:
            (found,) = coverage_of(session, region="341502", day=TODAY)
            wanted = Wanted("341502", PlanScope.DRUG, drug, None, 1)
            kept = [
                one.is_kept for one in gather(session, wanted=wanted, day=TODAY).task.pharmacies
            ]
        return len(found.counties[0].pharmacies), any(kept)

    # Without a decision nothing is old.
    assert pharmacies() == (1, True)
    with transaction(world.engine) as session:
        decide_age_limit(
            session, days=7, basis="通知", actor=world.actors["officer"], moment=MOMENT
        )
    assert pharmacies() == (0, False)


def test_a_drug_that_pharmacies_do_not_sell_needs_no_coverage(world):
    with snapshot(world.engine) as session:
        assert coverage_of(session, region="340000", day=TODAY) == []


def test_a_plan_keeps_designated_pharmacies_and_adds_the_fewest(world, tmp_path):
    list_drug(world)
    plan_id = ask(world, WANTED)
    work(world, tmp_path)
    with snapshot(world.engine) as session:
        plan = find_plan(session, plan_id=plan_id)
        assert plan.status == PlanStatus.DONE and plan.optimal and plan.gap == 0
        outcome = chosen_by(plan)
    # The first pharmacy is kept and reaches two counties; one further reaches the third.
    assert outcome["kept"] == [FIRST] and len(outcome["further"]) == 1
    assert outcome["uncovered"] == [] and plan.further == 1


def test_a_plan_is_made_from_what_was_there_when_it_was_asked_for(world, tmp_path):
    list_drug(world)
    plan_id = ask(world, replace(WANTED, within_km=5.0))
    with transaction(world.engine) as session:
        session.get_one(Place, world.places[OTHER]).latitude = 30.0
    work(world, tmp_path)
    with snapshot(world.engine) as session:
        plan = find_plan(session, plan_id=plan_id)
        inputs = inputs_of(plan.inputs)
        assert chosen_by(plan)["uncovered"] == []
    (other,) = [one for one in inputs.task.pharmacies if one.name == OTHER]
    assert other.latitude == pytest.approx(31.70)


def test_a_plan_for_a_drug_chooses_among_designated_pharmacies(world, tmp_path):
    drug = list_drug(world)
    designate_more(world, SECOND)
    world.report(STOCK)
    plan_id = ask(world, Wanted("340000", PlanScope.DRUG, drug, None, 1))
    work(world, tmp_path)
    with snapshot(world.engine) as session:
        outcome = chosen_by(find_plan(session, plan_id=plan_id))
    assert (outcome["kept"], outcome["further"]) == ([FIRST], [SECOND])
    assert [(one["county"], one["reason"]) for one in outcome["uncovered"]] == [
        ("341523", "no-pharmacy")
    ]


def test_pharmacies_without_a_point_are_named_and_left_out_of_distances(world):
    list_drug(world)
    with transaction(world.engine) as session:
        place = session.get_one(Place, world.places[OTHER])
        place.latitude = place.longitude = None
    near, own = ask(world, WANTED), ask(world, replace(WANTED, within_km=None))
    with snapshot(world.engine) as session:
        assert inputs_of(find_plan(session, plan_id=near).inputs).left_out == (OTHER,)
        assert inputs_of(find_plan(session, plan_id=own).inputs).left_out == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"region": "99"}, "region"),
        ({"region": "650000"}, "region"),
        ({"within_km": 0.0}, "within_km"),
        ({"within_km": float("nan")}, "within_km"),
        ({"per_county": 0}, "per_county"),
        ({"scope": PlanScope.DRUG, "listed_drug_id": 77}, "listed_drug_id"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_by_field(world, changed, field):
    with pytest.raises(InvalidInputError) as refused:
        ask(world, replace(WANTED, **changed))
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_plan_ends_once():
    require_plan_step(PlanStatus.WAITING, PlanStatus.DONE)
    with pytest.raises(PlanStepError):
        require_plan_step(PlanStatus.DONE, PlanStatus.DONE)
