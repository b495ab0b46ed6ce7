"""Warnings from their finding to their end: issued, answered, escalated, a breach, or settled."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from procurement.accounts.tables import Organisation
from procurement.credit_rating.tables import CreditMatter
from procurement.database import transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.notices.tables import Notice
from procurement.orders.fulfilment.breaches import escalate_to_credit, preview_breach
from procurement.orders.fulfilment.errors import LadderEndedError, NotRatedError
from procurement.orders.fulfilment.issuing import Demanded
from procurement.orders.fulfilment.ladder import chain_of, escalate_notice, steps_after
from procurement.orders.fulfilment.listing import notices_seen
from procurement.orders.fulfilment.notices import (
    Raised,
    answer_notice,
    answers_of,
    drop_notice,
    issue_notice,
    open_notice,
    settle_notice,
)
from procurement.orders.fulfilment.parameters import ParameterGiven, give_parameter
from procurement.orders.fulfilment.rules.crossings import Measure
from procurement.orders.fulfilment.states import (
    NoticeAbout,
    NoticeKind,
    NoticeStatus,
    WrongNoticeStateError,
)
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.orders.fulfilment.tasks import waiting_for
from procurement.permissions import Actor

REMIND = NoticeKind.REMIND


class Warned:
    """A manufacturer that an officer warns.

    Attributes:
        world: The running round.
        notice_id: The newest notice about it.
    """

    def __init__(self, world) -> None:
        self.world = world
        self.notice_id = 0

    def raised(self, **wanted):
        known = {
            "about": NoticeAbout.MANUFACTURER,
            "organisation_id": self.world.maker.id,
            "region": "130100",
            "finding": "三家医院反映断供",
            "basis": "采购协议第五条",
        }
        return Raised(**{**known, **wanted})

    def demanded(self, kind=REMIND, **wanted):
        due_on = self.world.day + timedelta(days=10)
        return Demanded(**{"kind": kind, "demand": "请书面说明", "due_on": due_on, **wanted})

    def do(self, service, **given):
        """Let the officer do something with the notice; returns what the service gives."""
        with transaction(self.world.engine) as session:
            notice = session.get_one(FulfilmentNotice, self.notice_id)
            actor = given.pop("actor", self.world.officer)
            found = service(session, notice=notice, actor=actor, moment=self.world.moment, **given)
            if isinstance(found, FulfilmentNotice):
                self.notice_id = found.id
            return found

    def open(self, **wanted):
        with transaction(self.world.engine) as session:
            self.notice_id = open_notice(
                session,
                raised=self.raised(**wanted),
                demanded=self.demanded(),
                actor=self.world.officer,
                moment=self.world.moment,
            ).id
        return self

    def answer(self, **given):
        known = {"text": "已恢复生产", "document": "复产通知", "actor": self.world.maker.actor}
        return self.do(answer_notice, **{**known, **given})

    def escalate(self, kind, **given):
        known = {"decision": "说明不充分", "demanded": self.demanded(kind)}
        return self.do(escalate_notice, **{**known, **given})

    def now(self, session):
        return session.get_one(FulfilmentNotice, self.notice_id)


@pytest.fixture
def warned(world):
    """A manufacturer that was reminded."""
    return Warned(world).open()


def told(session, organisation_id):
    wanted = select(Notice.zh).where(Notice.organisation_id == organisation_id)
    return "\n".join(session.scalars(wanted))


def test_whoever_is_warned_is_told_and_has_it_among_the_tasks(warned):
    world = warned.world
    with transaction(world.engine) as session:
        notice = warned.now(session)
        assert (notice.status, notice.bureau_id) == (NoticeStatus.OPEN, world.bureau.id)
        assert "三家医院反映断供" in told(session, world.maker.id)
        (task,) = waiting_for(session, actor=world.maker.actor, moment=world.moment)
        assert task.link == f"/fulfilment/notices/{notice.id}"
        assert task.due_at is not None
        assert task.due_at.isoformat() == "2027-03-11T16:00:00+00:00"
        assert not waiting_for(session, actor=world.hospital.actor, moment=world.moment)


def test_an_answer_goes_to_the_bureau_which_settles_it(warned):
    warned.answer()
    warned.answer(text="补充说明", document="")
    warned.do(settle_notice, decision="已恢复供应")
    with transaction(warned.world.engine) as session:
        notice = warned.now(session)
        assert [one.text for one in answers_of(session, notice=notice)] == [
            "已恢复生产",
            "补充说明",
        ]
        assert notice.status == NoticeStatus.SETTLED
        assert "已恢复供应" in told(session, warned.world.maker.id)
        assert "答复" in told(session, warned.world.bureau.id)
    with pytest.raises(WrongNoticeStateError):
        warned.answer()


def test_the_ladder_goes_up_step_by_step_answered_or_not(warned):
    warned.escalate(NoticeKind.INTERVIEW)
    warned.answer()
    warned.escalate(NoticeKind.WARN)
    warned.escalate(NoticeKind.DEADLINE)
    with transaction(warned.world.engine) as session:
        chain = chain_of(session, notice=warned.now(session))
        assert [one.kind for one in chain] == list(NoticeKind)
        assert [one.status for one in chain] == ["escalated"] * 3 + ["open"]
        assert chain_of(session, notice=chain[1]) == chain
        assert len({one.zh for one in chain}) == 1
    with pytest.raises(LadderEndedError):
        warned.escalate(NoticeKind.DEADLINE)


def test_a_step_that_lies_not_behind_the_present_one_is_refused(warned):
    warned.escalate(NoticeKind.WARN)
    with pytest.raises(InvalidInputError, match="kind"):
        warned.escalate(NoticeKind.INTERVIEW)
    with transaction(warned.world.engine) as session:
        steps = steps_after(session, notice=warned.now(session), day=warned.world.day)
        assert steps == (NoticeKind.DEADLINE,)


def test_a_breach_becomes_a_matter_of_credit_rating_with_the_grade_of_the_officer(warned):
    given = {"grade": "dishonest", "reason": "多次断供，违反供应承诺"}
    with transaction(warned.world.engine) as session:
        preview = preview_breach(
            session, notice=warned.now(session), given={}, day=warned.world.day
        )
        assert preview.grading.grade is None
        assert "dishonest" in preview.grading.among
    with pytest.raises(InvalidInputError):
        warned.do(escalate_to_credit, decision="拒不改正", given={})
    matter_id = warned.do(escalate_to_credit, decision="拒不改正", given=given).id
    with transaction(warned.world.engine) as session:
        matter, notice = session.get_one(CreditMatter, matter_id), warned.now(session)
        assert (matter.matter, matter.region) == ("promise", "130000")
        assert (matter.organisation_id, matter.grade) == (warned.world.maker.id, "dishonest")
        assert not matter.is_by_rule
        assert (notice.status, notice.matter_id) == (NoticeStatus.ESCALATED, matter_id)


def test_the_form_of_a_breach_cannot_name_another_firm_or_matter(warned):
    other = warned.world.other_maker.organisation.name
    given = {
        "organisation": other,
        "matter": "bribery",
        "region": "340000",
        "grade": "dishonest",
        "reason": "x",
    }
    matter_id = warned.do(escalate_to_credit, decision="拒不改正", given=given).id
    with transaction(warned.world.engine) as session:
        matter = session.get_one(CreditMatter, matter_id)
        firm = session.get_one(Organisation, matter.organisation_id)
        assert firm.name != other
        assert (matter.matter, matter.region) == ("promise", "130000")


def test_hospitals_are_not_rated(world):
    hospital = Warned(world).open(
        about=NoticeAbout.HOSPITAL, organisation_id=world.hospital.id, region="110000"
    )
    with pytest.raises(NotRatedError):
        hospital.do(escalate_to_credit, decision="x", given={})


def found_notice(world, **wanted) -> int:
    with transaction(world.engine) as session:
        notice = FulfilmentNotice(
            **{
                "kind": NoticeKind.INTERVIEW,
                "about": NoticeAbout.HOSPITAL,
                "organisation_id": world.hospital.id,
                "region": "110000",
                "measure": Measure.PROGRESS,
                "measured_on": world.day,
                "rulebook": "fulfilment-huojia",
                "clause": "progress.behind_interview",
                "is_verified": True,
                "zh": "落后 30 个百分点",
                "en": "30 points behind",
                "key": "found",
                "status": NoticeStatus.FOUND,
                "found_at": world.moment,
                **wanted,
            }
        )
        session.add(notice)
        session.flush()
        return notice.id


def test_what_is_only_found_its_addressee_never_sees(world):
    hospital = Warned(world)
    hospital.notice_id = found_notice(world)
    officer = Actor(roles=world.officer.roles, organisation_id=1, region="110000")
    with transaction(world.engine) as session:
        seen = notices_seen(session, actor=world.hospital.actor, day=world.day)
        assert session.scalars(seen).all() == []
        assert len(session.scalars(notices_seen(session, actor=officer, day=world.day)).all()) == 1
        elsewhere = Actor(roles=world.officer.roles, organisation_id=1, region="310000")
        assert not session.scalars(notices_seen(session, actor=elsewhere, day=world.day)).all()
    hospital.do(drop_notice, reason="医院正在搬迁")
    with transaction(world.engine) as session:
        seen = notices_seen(session, actor=world.hospital.actor, day=world.day)
        assert session.scalars(seen).all() == []
        assert told(session, world.hospital.id).count("履约") == 0
    with pytest.raises(WrongNoticeStateError):
        hospital.do(issue_notice, demanded=hospital.demanded())


def test_a_finding_is_issued_and_a_lead_hospital_sees_what_its_members_get(world):
    member = Warned(world)
    member.notice_id = found_notice(world, organisation_id=world.members[0].id)
    member.do(issue_notice, demanded=member.demanded(NoticeKind.REMIND))
    with transaction(world.engine) as session:
        (seen,) = session.scalars(
            notices_seen(session, actor=world.lead.actor, day=world.day, status="open")
        ).all()
        assert seen.kind == NoticeKind.REMIND


def test_without_a_rule_on_days_the_last_day_must_be_given(world):
    hospital = Warned(world)
    hospital.notice_id = found_notice(world)
    silent = hospital.demanded(due_on=None)
    with pytest.raises(InvalidInputError, match="due_on"):
        hospital.do(issue_notice, demanded=silent)
    with pytest.raises(InvalidInputError, match="due_on"):
        hospital.do(issue_notice, demanded=hospital.demanded(due_on=date(2027, 2, 1)))
    with transaction(world.engine) as session:
        give_parameter(
            session,
            given=ParameterGiven(
                region="110000",
                key="breach.answer_days",
                value="15",
                basis="京文件",
                in_force_from=date(2027, 1, 1),
            ),
            actor=world.officer,
            moment=world.moment,
        )
    hospital.do(issue_notice, demanded=silent)
    with transaction(world.engine) as session:
        assert hospital.now(session).due_on == world.day + timedelta(days=15)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"finding": " "}, "finding"),
        ({"basis": ""}, "basis"),
        ({"region": "12"}, "region"),
        ({"organisation_id": 10**6}, "organisation_id"),
        ({"about": NoticeAbout.DISTRIBUTOR}, "organisation_id"),
    ],
)
def test_a_warning_without_a_finding_or_an_addressee_is_refused(world, wrong, field):
    with pytest.raises(InvalidInputError, match=field):
        Warned(world).open(**wrong)


def test_empty_words_are_refused_and_stale_pages_change_nothing(warned):
    for service, given in (
        (answer_notice, {"text": " ", "document": ""}),
        (answer_notice, {"text": "x", "document": "x" * 301}),
        (settle_notice, {"decision": ""}),
    ):
        with pytest.raises(InvalidInputError):
            warned.do(service, **given)
    with pytest.raises(StaleError):
        warned.answer(version=1)
    warned.answer(version=2)
    with pytest.raises(StaleError):
        warned.do(settle_notice, decision="x", version=2)
