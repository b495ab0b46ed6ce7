"""The course of a complaint: every one has a number, a state and an answer."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from procurement.audit.tables import AuditEntry
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.permissions import NotFoundForActorError
from procurement.pharmacies.complaints.filing import (
    Filed,
    TooManyComplaintsError,
    Wanted,
    file_complaint,
)
from procurement.pharmacies.complaints.following import (
    WrongCodeError,
    follow_complaint,
    review_answer,
)
from procurement.pharmacies.complaints.handling import (
    Handling,
    answer_complaint,
    assign_complaint,
    close_complaint,
    find_complaint,
    grade_complaint,
    handlers_for,
)
from procurement.pharmacies.complaints.listing import complaints_seen, count_states
from procurement.pharmacies.complaints.states import (
    TRANSITIONS,
    ComplaintStateError,
    ComplaintStatus,
    TextKind,
    check_step,
)
from procurement.pharmacies.complaints.tables import Complaint, ComplaintEvent, ComplaintText
from procurement.pharmacies.complaints.tasks import waiting_for
from procurement.pharmacies.complaints.texts import texts_of
from tests.procurement.pharmacies.finder.world import FIRST, MOMENT, FinderWorld

KEY = bytes(range(32))
WROTE = Wanted(about="price", text="张三买药被多收钱。", place_code=FIRST, contact="13900000000")


@dataclass
class Case:
    """A complaint on its way."""

    world: FinderWorld
    filed: Filed

    def do(self, step, *, by="officer", version=None, **how):
        """Take a step of handling."""
        with transaction(self.world.engine) as session:
            handling = Handling(self.filed.number, version, self.world.actors[by], MOMENT)
            return step(session, handling, **how)

    def assign(self, to="agency"):
        """Give it to somebody."""
        return self.do(assign_complaint, organisation_id=self.world.actors[to].organisation_id)

    def to_answered(self):
        """Bring it to its answer."""
        self.do(grade_complaint, grade="urgent", due_on=date(2026, 11, 25))
        self.assign()
        self.do(answer_complaint, by="agency", text="已退还差价。", key=KEY)
        return self

    def follow(self, code=None):
        """What whoever wrote sees."""
        with snapshot(self.world.engine) as session:
            return follow_complaint(
                session, number=self.filed.number, code=code or self.filed.code, key=KEY
            )

    def review(self, review, text=""):
        """Judge the answer."""
        with transaction(self.world.engine) as session:
            review_answer(
                session,
                number=self.filed.number,
                code=self.filed.code,
                review=review,
                text=text,
                key=KEY,
                moment=MOMENT,
            )


def file(world, wanted=WROTE, address="192.0.2.7"):
    with transaction(world.engine) as session:
        return file_complaint(session, wanted=wanted, address=address, key=KEY, moment=MOMENT)


@pytest.fixture
def case(world):
    """A complaint about the price of a pharmacy."""
    return Case(world, file(world))


def test_nothing_that_was_written_stands_in_the_database_in_clear(case):
    with snapshot(case.world.engine) as session:
        texts = session.scalars(select(ComplaintText.sealed)).all()
        entries = session.scalars(select(AuditEntry.facts)).all()
        hashes = session.scalars(select(Complaint.code_hash)).all()
    everything = " ".join([*texts, *entries, *hashes])
    for secret in ("张三", "13900000000", case.filed.code):
        assert secret not in everything
    assert len(texts) == 2


def test_every_fault_of_a_complaint_is_named(world):
    bad = Wanted(about="x", text=" ", county="341599", drug_id=999, contact="x" * 101)
    with pytest.raises(InvalidInputError) as refused:
        file(world, bad)
    assert {fault.field for fault in refused.value.faults} == {
        "about",
        "text",
        "county",
        "drug",
        "contact",
    }
    for wanted, field in (
        (Wanted(about="price", text="x"), "county"),
        (Wanted(about="price", text="x", place_code="P00000000000"), "place"),
        (Wanted(about="price", text="x" * 2001, place_code=FIRST), "text"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            file(world, wanted)
        assert [fault.field for fault in refused.value.faults] == [field]
    with snapshot(world.engine) as session:
        assert session.scalars(select(Complaint)).all() == []


def test_one_network_cannot_fill_the_list(world):
    for _ in range(30):
        file(world)
    with pytest.raises(TooManyComplaintsError):
        file(world)
    file(world, address="192.0.2.8")


def test_a_complaint_goes_from_received_to_closed_with_a_good_judgement(case):
    case.to_answered()
    own = case.follow()
    assert own.complaint.status == ComplaintStatus.ANSWERED
    assert [one.text for one in own.texts] == [WROTE.text, "已退还差价。"]
    case.review("good")
    own = case.follow()
    assert [one.status for one in own.course] == [
        "received",
        "graded",
        "assigned",
        "answered",
        "closed",
    ]
    assert (own.complaint.review, own.complaint.closed_at) == ("good", MOMENT)


def test_a_bad_judgement_brings_another_answer(case):
    case.to_answered()
    with pytest.raises(InvalidInputError):
        case.review("bad")
    case.review("bad", "只退了一半。")
    assert case.follow().complaint.status == ComplaintStatus.ASSIGNED
    with pytest.raises(ComplaintStateError):
        case.review("good")
    case.do(answer_complaint, by="agency", text="已全部退还。", key=KEY)
    case.do(close_complaint, reason="已退款，无异议。")
    assert [one.kind for one in case.follow().texts] == [
        TextKind.COMPLAINT,
        TextKind.ANSWER,
        TextKind.REVIEW,
        TextKind.ANSWER,
    ]


def test_closing_forgets_how_to_reach_whoever_wrote(case):
    case.to_answered()

    def contact():
        with snapshot(case.world.engine) as session:
            complaint = find_complaint(session, number=case.filed.number)
            (one,) = texts_of(session, complaint=complaint, kinds=[TextKind.CONTACT], key=KEY)
            return one

    assert contact().text == WROTE.contact
    case.do(close_complaint, reason="已办结。")
    assert (contact().text, contact().is_deleted) == ("", True)
    with snapshot(case.world.engine) as session:
        assert "" in session.scalars(select(ComplaintText.sealed)).all()


def test_only_number_and_code_together_show_a_complaint(case):
    other = file(case.world)
    for code in (other.code, "", "AAAAA-AAAAA"):
        with pytest.raises(WrongCodeError):
            case.follow(code or " ")
    with snapshot(case.world.engine) as session, pytest.raises(WrongCodeError):
        follow_complaint(session, number="TS000000-AAAAAA", code=case.filed.code, key=KEY)
    assert case.follow(case.filed.code.lower().replace("-", " ")).complaint.number


def test_steps_cannot_be_left_out_or_taken_twice(case):
    for step, how in (
        (answer_complaint, {"text": "x", "key": KEY}),
        (close_complaint, {"reason": "x"}),
        (assign_complaint, {"organisation_id": None}),
    ):
        with pytest.raises(ComplaintStateError):
            case.do(step, **how)
    with pytest.raises(ComplaintStateError):
        case.review("good")
    case.do(grade_complaint, grade="ordinary", due_on=None)
    with pytest.raises(ComplaintStateError):
        case.do(grade_complaint, grade="ordinary", due_on=None)


def test_bad_steps_name_their_fault(case):
    with pytest.raises(InvalidInputError) as refused:
        case.do(grade_complaint, grade="x", due_on=date(2026, 11, 21))
    assert {fault.field for fault in refused.value.faults} == {"grade", "due_on"}
    case.do(grade_complaint, grade="urgent", due_on=date(2026, 11, 22))
    for organisation_id in (None, case.world.actors["far officer"].organisation_id, 10**6):
        with pytest.raises(InvalidInputError):
            case.do(assign_complaint, organisation_id=organisation_id)
    case.assign()
    with pytest.raises(InvalidInputError):
        case.do(answer_complaint, text="", key=KEY)
    with pytest.raises(NotFoundForActorError), snapshot(case.world.engine) as session:
        find_complaint(session, number="TS000000-AAAAAA")


def test_a_stale_page_changes_nothing(case):
    case.do(grade_complaint, grade="urgent", due_on=None, version=1)
    with pytest.raises(StaleError):
        case.do(
            assign_complaint,
            organisation_id=case.world.actors["agency"].organisation_id,
            version=1,
        )


def test_handlers_are_bureaus_and_agencies_of_the_place(case):
    actors = case.world.actors
    with snapshot(case.world.engine) as session:
        found = {one.id for one in handlers_for(session, actor=actors["officer"], county="341502")}
        assert found == {actors["officer"].organisation_id, actors["agency"].organisation_id}
        assert handlers_for(session, actor=actors["far officer"], county="341502") == []


def test_bureaus_see_their_region_and_agencies_what_is_theirs(case):
    def seen(by):
        with snapshot(case.world.engine) as session:
            actor = case.world.actors[by]
            counted = {one.status.value: one.number for one in count_states(session, actor=actor)}
            return len(session.scalars(complaints_seen(actor=actor)).all()), counted["received"]

    assert (seen("officer"), seen("far officer"), seen("agency")) == ((1, 1), (0, 0), (0, 0))
    case.do(grade_complaint, grade="urgent", due_on=None)
    case.assign()
    assert seen("agency") == (1, 0)


def test_tasks_tell_who_has_to_do_what_until_when(case):
    def tasks(by, moment=MOMENT):
        with snapshot(case.world.engine) as session:
            return waiting_for(session, actor=case.world.actors[by], moment=moment)

    assert [task.link for task in tasks("officer")] == ["/complaints"]
    assert tasks("far officer") == tasks("agency") == tasks("chain") == []
    case.do(grade_complaint, grade="urgent", due_on=date(2026, 11, 25))
    case.assign()
    (task,) = tasks("agency")
    assert task.due_at is not None and not task.urgent
    (late,) = tasks("agency", MOMENT + timedelta(days=4))
    assert late.urgent and tasks("officer") == []


def test_every_step_is_in_the_course_with_its_reason(case):
    case.to_answered().do(close_complaint, reason="已退款。")
    with snapshot(case.world.engine) as session:
        course = session.scalars(select(ComplaintEvent).order_by(ComplaintEvent.id)).all()
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert course[0].person_id is None and course[-1].reason == "已退款。"
    assert actions == [
        "file-complaint",
        "complaint-graded",
        "complaint-assigned",
        "complaint-answered",
        "complaint-closed",
    ]


@given(st.lists(st.sampled_from(list(ComplaintStatus)), max_size=8))
def test_no_way_leads_out_of_a_closed_complaint_or_past_its_answer(steps):
    status, passed = ComplaintStatus.RECEIVED, [ComplaintStatus.RECEIVED]
    for step in steps:
        try:
            check_step(status, step)
        except ComplaintStateError:
            continue
        status = step
        passed.append(step)
    assert (ComplaintStatus.CLOSED in passed) <= (ComplaintStatus.ANSWERED in passed)
    assert TRANSITIONS[ComplaintStatus.CLOSED] == ()
