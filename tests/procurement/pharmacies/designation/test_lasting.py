"""From the agreement to its end: suspending, resuming, ending, running out, assessing."""

from datetime import timedelta

import pytest

from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError
from procurement.pharmacies.designation.assessing import (
    NewAssessment,
    all_assessments_of,
    assess,
    assessments_of,
)
from procurement.pharmacies.designation.calls import rules_of
from procurement.pharmacies.designation.lasting import (
    Agreed,
    Happened,
    decide,
    events_of,
    expire_due,
    take_over,
)
from procurement.pharmacies.designation.noticing import notice_of
from procurement.pharmacies.designation.service import designated_on
from procurement.pharmacies.designation.states import (
    AssessmentOutcome,
    DesignationEventKind,
    DesignationScheme,
    DesignationStatus,
    StepNotPossibleError,
)
from procurement.pharmacies.designation.tables import Designation, DesignationCall
from procurement.pharmacies.places.kinds import PlaceKind
from tests.procurement.pharmacies.designation.world import TODAY

SUSPENDED, RESUMED = DesignationEventKind.SUSPENDED, DesignationEventKind.RESUMED
TERMINATED, EXITED = DesignationEventKind.TERMINATED, DesignationEventKind.EXITED


def happen(world, designation_id, kind, *, on=None, reason="检查发现问题", document="决定 1 号"):
    with world.write() as session:
        decide(
            session,
            designation_id=designation_id,
            happened=Happened(kind, on or day_in_china(world.moment), reason, document),
            version=session.get_one(Designation, designation_id).version,
            actor=world.actor("agency"),
            moment=world.moment,
        )


def holds(world, day):
    with world.read() as session:
        return (
            designated_on(
                session,
                place_id=world.places["pharmacy"],
                scheme=DesignationScheme.DUAL_CHANNEL,
                day=day,
            )
            is not None
        )


def test_a_suspension_holds_from_its_day_until_it_is_lifted(world):
    designation_id = world.designated()
    first = day_in_china(world.moment)
    world.later(days=10)
    happen(world, designation_id, SUSPENDED, on=first + timedelta(days=5))
    assert holds(world, first + timedelta(days=4))
    assert not holds(world, first + timedelta(days=5))
    world.later(days=10)
    happen(world, designation_id, RESUMED)
    days = [holds(world, first + timedelta(days=one)) for one in (4, 5, 19, 20, 400)]
    assert days == [True, False, False, True, True]


@pytest.mark.parametrize("kind", [TERMINATED, EXITED])
def test_what_was_ended_does_not_come_back_and_the_place_may_apply_anew(world, kind):
    designation_id = world.designated()
    world.later(days=5)
    last = day_in_china(world.moment)
    happen(world, designation_id, kind)
    assert holds(world, last - timedelta(days=1)) and not holds(world, last)
    with pytest.raises(StepNotPossibleError):
        happen(world, designation_id, RESUMED)
    call_id = world.open(opens_on=TODAY, closes_on=TODAY + timedelta(days=90))
    assert world.draft(call_id)


def test_no_later_agreement_covers_days_before_the_end_of_an_earlier_one(world):
    designation_id = world.designated()
    world.later(days=5)
    ended_from = day_in_china(world.moment)
    happen(world, designation_id, TERMINATED)
    last = ended_from - timedelta(days=1)
    row = {
        "place_id": world.places["pharmacy"],
        "scheme": DesignationScheme.DUAL_CHANNEL,
        "decider_id": world.people["agency"].organisation_id,
    }

    def again(starts_on, **changed):
        with world.write() as session:
            take_over(
                session,
                row=Designation(**{**row, **changed}),
                agreed=Agreed("名单 2 号", starts_on),
                actor=world.actor("agency"),
                moment=world.moment,
            )

    for day in (TODAY - timedelta(days=400), last):
        with pytest.raises(InvalidInputError) as refusal:
            again(day)
        assert [fault.field for fault in refusal.value.faults] == ["starts_on"]
    again(last, scheme=DesignationScheme.CONVENIENCE)
    again(last, place_id=world.places["stranger"])
    assert not holds(world, ended_from)
    again(ended_from)
    assert holds(world, ended_from)


def test_an_agreement_begins_after_the_last_day_of_the_notice(world):
    application_id = world.noticed(world.open())
    with world.read() as session:
        notice = notice_of(session, application_id=application_id)
    assert notice is not None
    until = notice.objections_until
    world.later(days=20)
    for day in (TODAY, until):
        with pytest.raises(InvalidInputError) as refusal:
            world.sign(application_id, starts_on=day, number="")
        assert {fault.field for fault in refusal.value.faults} == {"starts_on", "agreement"}
    assert world.sign(application_id, starts_on=until + timedelta(days=1))


def test_a_decision_has_reason_document_and_a_day_that_has_come(world):
    designation_id = world.designated()
    for wrong, field in (
        ({"reason": " "}, "reason"),
        ({"document": ""}, "document"),
        ({"on": day_in_china(world.moment) + timedelta(days=1)}, "happens_on"),
        ({"on": TODAY}, "happens_on"),
    ):
        with pytest.raises(InvalidInputError) as refusal:
            happen(world, designation_id, SUSPENDED, **wrong)
        assert [fault.field for fault in refusal.value.faults] == [field]
    with pytest.raises(InvalidInputError):
        happen(world, designation_id, DesignationEventKind.EXPIRED)
    with pytest.raises(StepNotPossibleError):
        happen(world, designation_id, RESUMED)


def test_an_agreement_that_ran_out_is_ended_once(world):
    application_id = world.noticed(world.open())
    world.later(days=8)
    day = day_in_china(world.moment)
    designation_id = world.sign(application_id, ends_on=day + timedelta(days=3))
    assert [holds(world, day + timedelta(days=one)) for one in (3, 4)] == [True, False]
    world.later(days=3)
    with world.write() as session:
        assert expire_due(session, moment=world.moment) == 0
    world.later(days=1)
    with world.write() as session:
        assert expire_due(session, moment=world.moment) == 1
        assert expire_due(session, moment=world.moment) == 0
    with world.read() as session:
        assert session.get_one(Designation, designation_id).status == DesignationStatus.ENDED
        kinds = [one.kind for one in events_of(session, designation_id=designation_id)]
    assert kinds == [DesignationEventKind.AGREED, DesignationEventKind.EXPIRED]


def assessed(world, designation_id, *, met="yes", **changed):
    with world.write() as session:
        rules = rules_of(session.get_one(DesignationCall, 1))
        criteria = rules.criteria(PlaceKind.PHARMACY)
        facts = {
            "year": 2027,
            "met": {one.name: met for one in criteria.wanted},
            "notes": {},
            "outcome": AssessmentOutcome.PASSED,
            **changed,
        }
        return assess(
            session,
            designation_id=designation_id,
            criteria=criteria,
            new=NewAssessment(**facts),
            actor=world.actor("agency"),
            moment=world.moment,
        ).id


def test_a_year_is_assessed_by_every_criterion_and_may_be_corrected(world):
    designation_id = world.designated()
    for wrong, field in (
        ({"year": 2026}, "year"),
        ({"year": 2028}, "year"),
        ({"met": "no"}, "outcome"),
        ({"outcome": AssessmentOutcome.FAILED}, "reason"),
        ({"outcome": None}, "outcome"),
    ):
        with pytest.raises(InvalidInputError) as refusal:
            assessed(world, designation_id, **wrong)
        assert {fault.field for fault in refusal.value.faults} == {field}
    first = assessed(world, designation_id)
    outcome = AssessmentOutcome.CORRECT
    second = assessed(world, designation_id, met="no", outcome=outcome, reason="冷链记录不全")
    with world.read() as session:
        (counts,) = assessments_of(session, designation_id=designation_id).values()
        assert (counts.id, counts.corrects_id, counts.outcome) == (second, first, outcome)
        assert len(all_assessments_of(session, designation_id=designation_id)) == 2
