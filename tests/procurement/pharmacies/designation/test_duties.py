"""A hospital's duty to bring a drug in: made from the list, answered by month, overdue, lifted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from procurement.catalogue.tables import GenericProduct
from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError, StaleError
from procurement.pharmacies.designation.duties import (
    Answer,
    answer_duty,
    counties_with_duties,
    mark_overdue,
    reports_of,
    spread_duties,
)
from procurement.pharmacies.designation.duty_reading import (
    DutyScope,
    as_row,
    duty_rows,
    months_of,
    sums_by_drug,
    sums_by_hospital,
)
from procurement.pharmacies.designation.duty_terms import (
    NewTerm,
    duty_rulebooks,
    set_term,
    term_for,
)
from procurement.pharmacies.designation.states import DutyStatus, StepNotPossibleError
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationEvent,
    DrugDuty,
    DutyTerm,
)
from procurement.pharmacies.listed.kinds import DecisionKind, DecisionStatus, DrugState
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from tests.procurement.pharmacies.designation.world import CITY, COUNTY, TODAY

DUE, OVERDUE, LIFTED = DutyStatus.DUE, DutyStatus.OVERDUE, DutyStatus.LIFTED
BROUGHT_IN, EXPLAINED = DutyStatus.BROUGHT_IN, DutyStatus.EXPLAINED


@pytest.fixture
def duties(world):
    """Return a world whose hospital is designated, with one drug on the list since today."""
    with world.write() as session:
        world.drug_id, world.decision_id = list_drug(session, world, "示例药甲", TODAY)
        session.add(
            Designation(
                place_id=world.places["hospital"],
                scheme="dual-channel",
                decider_id=world.people["agency"].organisation_id,
                agreement="名单 1 号",
                starts_on=date(2026, 1, 1),
                status="in-force",
                changed_at=world.moment,
            )
        )
    return world


def list_drug(session, world, name, since):
    generic = GenericProduct(name=name, printed_form="口服常释剂型", unit="片")
    session.add(generic)
    session.flush()
    drug = ListedDrug(generic_product_id=generic.id, region="440000")
    officer = world.people["officer"]
    decision = ListDecision(
        number=f"D-{generic.id}",
        region="440000",
        bureau_id=officer.organisation_id,
        kind=DecisionKind.ADJUSTMENT,
        status=DecisionStatus.CONFIRMED,
        document="名单",
        decided_on=since,
        in_force_from=since,
        rulebook="dual-national-2021",
        rulebook_digest="0" * 64,
        reason="x",
        notice_title="x",
        notice_text="x",
        public_from=since,
        proposed_by=officer.id,
        proposed_at=world.moment,
    )
    session.add_all([drug, decision])
    session.flush()
    add_period(session, world, drug.id, decision.id, since)
    return drug.id, decision.id


def add_period(session, world, drug_id, decision_id, since, state=DrugState.DUAL, **more):
    session.add(
        ListPeriod(
            listed_drug_id=drug_id,
            decision_id=decision_id,
            state=state,
            starts_on=since,
            registration_needed=False,
            recorded_at=world.moment,
            **more,
        )
    )
    session.flush()


def set_months(world, **changed):
    facts = {"region": CITY, "months": None, "starts_on": TODAY, "rulebook": "dual-hebei"}
    with world.write() as session:
        new = NewTerm(**{**facts, **changed})
        return set_term(session, new=new, actor=world.actor("officer"), moment=world.moment).id


def spread(world):
    with world.write() as session:
        return spread_duties(session, county=COUNTY, moment=world.moment)


def the_duty(world):
    with world.read() as session:
        return session.scalars(select(DrugDuty)).one()


def answer(world, status, *, month=None, version=None, **changed):
    duty = the_duty(world)
    with world.write() as session:
        answer_duty(
            session,
            duty_id=duty.id,
            answer=Answer(month or day_in_china(world.moment), status, **changed),
            version=version or duty.version,
            actor=world.actor("hospital"),
            moment=world.moment,
        )


def test_without_a_term_that_somebody_set_there_is_no_duty(duties):
    assert [book.id for book in duty_rulebooks()] == ["dual-hebei"]
    assert spread(duties) == 0
    with duties.read() as session:
        assert counties_with_duties(session, day=TODAY) == [COUNTY]


def test_a_term_needs_a_rulebook_that_states_it_or_months_and_a_basis(duties):
    for wrong, fields in (
        ({"rulebook": ""}, {"months", "basis"}),
        ({"rulebook": "dual-hunan-2025"}, {"rulebook", "months", "basis"}),
        ({"region": "4401", "starts_on": None}, {"region", "starts_on"}),
    ):
        with pytest.raises(InvalidInputError) as refusal:
            set_months(duties, **wrong)
        assert {fault.field for fault in refusal.value.faults} == fields
    assert set_months(duties, rulebook="", months=3, basis="粤医保发〔2027〕2号")


def test_a_listed_drug_is_due_two_months_after_the_list_and_made_once(duties):
    set_months(duties)
    assert spread(duties) == 1 and spread(duties) == 0
    duty = the_duty(duties)
    assert (duty.status, duty.listed_on, duty.due_on) == (DUE, TODAY, date(2027, 5, 1))


def test_a_hospital_designated_later_has_its_time_from_then_on(duties):
    set_months(duties)
    with duties.write() as session:
        session.scalars(select(Designation)).one().starts_on = TODAY + timedelta(days=20)
    duties.later(days=20)
    spread(duties)
    assert the_duty(duties).due_on == date(2027, 5, 21)


def test_the_duty_goes_on_when_only_the_terms_of_the_drug_change(duties):
    set_months(duties)
    with duties.write() as session:
        (first,) = session.scalars(select(ListPeriod))
        closed = {"ends_on": date(2027, 3, 31), "replaces_id": first.id}
        add_period(session, duties, duties.drug_id, duties.decision_id, TODAY, **closed)
        state = DrugState.DUAL_SEPARATE
        april = date(2027, 4, 1)
        add_period(session, duties, duties.drug_id, duties.decision_id, april, state=state)
    duties.later(days=40)
    spread(duties)
    assert the_duty(duties).listed_on == TODAY


def test_what_is_not_brought_in_in_time_is_overdue_and_can_still_be_answered(duties):
    set_months(duties)
    spread(duties)
    duties.later(days=61)
    with duties.write() as session:
        assert mark_overdue(session, moment=duties.moment) == 0
    duties.later(days=1)
    with duties.write() as session:
        assert mark_overdue(session, moment=duties.moment) == 1
    assert the_duty(duties).status == OVERDUE
    answer(duties, BROUGHT_IN, brought_in_on=day_in_china(duties.moment))
    assert the_duty(duties).status == BROUGHT_IN


def test_what_is_wrong_with_an_answer_is_said_and_a_stale_page_changes_nothing(duties):
    set_months(duties)
    spread(duties)
    for status, changed, field in (
        (EXPLAINED, {}, "reason"),
        (BROUGHT_IN, {}, "brought_in_on"),
        (BROUGHT_IN, {"brought_in_on": TODAY + timedelta(days=1)}, "brought_in_on"),
        (LIFTED, {}, "status"),
        (EXPLAINED, {"reason": "x", "month": date(2027, 4, 1)}, "month"),
        (EXPLAINED, {"reason": "x", "month": date(2027, 2, 1)}, "month"),
    ):
        with pytest.raises(InvalidInputError) as refusal:
            answer(duties, status, **changed)
        assert [fault.field for fault in refusal.value.faults] == [field]
    with pytest.raises(StaleError):
        answer(duties, EXPLAINED, reason="x", version=9)


def scope(month, today, **changed):
    return DutyScope(month=month, today=today, **changed)


def test_each_month_shows_how_the_duty_stood_at_its_end(duties):
    set_months(duties)
    spread(duties)
    duties.later(days=35)  # 5 April
    answer(duties, EXPLAINED, reason="暂无货源")
    duties.later(days=60)  # 4 June
    answer(duties, BROUGHT_IN, brought_in_on=day_in_china(duties.moment))
    answer(duties, EXPLAINED, reason="四月更正", month=date(2027, 4, 10))
    today = day_in_china(duties.moment)
    expected = {3: DUE, 4: EXPLAINED, 5: EXPLAINED, 6: BROUGHT_IN}
    with duties.read() as session:
        for month, status in expected.items():
            asked = scope(date(2027, month, 1), today)
            (row,) = (as_row(one) for one in session.execute(duty_rows(session, scope=asked)))
            assert row.status == status and row.drug == "示例药甲"
            (summed,) = sums_by_drug(session, scope=asked)
            assert summed.counts[status] == summed.total == 1
            (summed,) = sums_by_hospital(session, scope=asked)
            assert summed.detail == duties.codes["hospital"] and summed.counts[status] == 1
        before = scope(date(2027, 2, 1), today)
        assert sums_by_drug(session, scope=before) == []
        duty_id = the_duty(duties).id
        kept = months_of(session, duty_ids=[duty_id])[duty_id]
        assert kept[date(2027, 4, 1)].reason == "四月更正"
        assert len(reports_of(session, duty_id=duty_id)) == 3
    # A correction of an earlier month leaves the duty as the latest month says.
    assert the_duty(duties).status == BROUGHT_IN


def test_only_what_is_asked_for_is_summed(duties):
    set_months(duties)
    spread(duties)
    month, today = TODAY.replace(day=1), TODAY
    with duties.read() as session:
        for asked, count in (
            ({"region": "440000"}, 1),
            ({"region": "320000"}, 0),
            ({"place_ids": (duties.places["pharmacy"],)}, 0),
            ({"listed_drug_id": duties.drug_id, "status": DUE}, 1),
            ({"status": OVERDUE}, 0),
        ):
            rows = session.execute(duty_rows(session, scope=scope(month, today, **asked))).all()
            assert len(rows) == count, asked


def test_a_duty_is_lifted_when_drug_or_hospital_leaves(duties):
    set_months(duties)
    spread(duties)
    with duties.write() as session:
        session.scalars(select(Designation)).one().ends_on = TODAY
    duties.later(days=1)
    spread(duties)
    assert the_duty(duties).status == LIFTED
    with pytest.raises(StepNotPossibleError):
        answer(duties, EXPLAINED, reason="x")


def happens(world, kind, day):
    with world.write() as session:
        designation = session.scalars(select(Designation).order_by(Designation.id.desc())).first()
        session.add(
            DesignationEvent(
                designation_id=designation.id, kind=kind, happens_on=day, decided_at=world.moment
            )
        )


def test_a_suspension_of_the_hospital_lifts_no_duty(duties):
    set_months(duties)
    spread(duties)
    duties.later(days=5)
    happens(duties, "suspended", day_in_china(duties.moment))
    spread(duties)
    assert (the_duty(duties).status, the_duty(duties).version) == (DUE, 1)
    duties.later(days=1)
    happens(duties, "resumed", day_in_china(duties.moment))
    assert spread(duties) == 0
    assert (the_duty(duties).status, the_duty(duties).due_on) == (DUE, date(2027, 5, 1))


def designated_again(world, starts_on):
    """End the designation today, lift the duties, and designate anew from another day on."""
    with world.write() as session:
        ended = session.scalars(select(Designation)).one()
        ended.ends_on, ended.status = day_in_china(world.moment), "ended"
    world.later(days=1)
    spread(world)
    assert the_duty(world).status == LIFTED
    with world.write() as session:
        session.add(
            Designation(
                place_id=world.places["hospital"],
                scheme="dual-channel",
                decider_id=world.people["agency"].organisation_id,
                agreement="名单 2 号",
                starts_on=starts_on,
                status="in-force",
                changed_at=world.moment,
            )
        )


def test_a_lifted_duty_holds_again_with_the_time_of_the_new_designation(duties):
    set_months(duties)
    spread(duties)
    april = date(2027, 4, 1)
    designated_again(duties, april)
    spread(duties)
    assert the_duty(duties).status == LIFTED  # the new designation has not begun
    duties.later(days=30)
    assert spread(duties) == 0
    assert (the_duty(duties).status, the_duty(duties).due_on) == (DUE, date(2027, 6, 1))
    answer(duties, EXPLAINED, reason="暂无货源")


def test_a_lifted_duty_that_comes_back_too_late_is_overdue(duties):
    set_months(duties)
    spread(duties)
    designated_again(duties, TODAY + timedelta(days=1))
    duties.later(days=90)
    spread(duties)
    assert the_duty(duties).status == OVERDUE


def test_what_was_reported_of_a_duty_still_stands_when_it_comes_back(duties):
    set_months(duties)
    spread(duties)
    answer(duties, EXPLAINED, reason="暂无货源")
    answer(duties, BROUGHT_IN, brought_in_on=TODAY)
    designated_again(duties, TODAY + timedelta(days=1))
    spread(duties)
    assert the_duty(duties).status == BROUGHT_IN


days = st.dates(date(2026, 1, 1), date(2028, 1, 1))
terms = st.lists(
    st.builds(
        DutyTerm,
        region=st.sampled_from(["000000", "440000", "440100", "440103", "320000"]),
        months=st.integers(1, 12),
        starts_on=days,
    ),
    max_size=6,
)


@given(terms, days)
def test_the_nearest_regions_newest_term_that_has_begun_counts(some, listed_on):
    order = ["440103", "440100", "440000", "000000"]
    fitting = [
        (order.index(term.region), position, term)
        for position, term in enumerate(some)
        if term.region in order and term.starts_on <= listed_on
    ]
    best = min(fitting, key=lambda one: one[:2])[2] if fitting else None
    assert term_for(some, county="440103", listed_on=listed_on) is best
