"""Objections in real name, their answers, what was served when, and appeals."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from procurement.accounts.tables import Person
from procurement.audit import entries_about
from procurement.awards.announcing import current_notice, notices_of
from procurement.awards.answering import (
    AnsweredAlreadyError,
    NewAnswer,
    NothingToAnswerError,
    SamePersonError,
    Service,
    answer_appeal,
    answer_objection,
    record_service,
    unanswered,
)
from procurement.awards.evaluation import EVALUATE_ROUND_JOB
from procurement.awards.objections import (
    BEFORE_AWARD,
    AwardFixedError,
    NewObjection,
    NoAppealError,
    NoticeOverError,
    attach_file,
    file_appeal,
    file_objection,
    files_of,
    find_objection,
    objections_of,
    services_of,
)
from procurement.awards.rules import TEXT_MAX
from procurement.awards.states import ServedPaper, ServiceWay, Verdict
from procurement.awards.tables import (
    Objection,
    ObjectionAnswer,
    ObjectionAppeal,
    ObjectionFile,
    ObjectionService,
)
from procurement.bids.subjects import SignedOutError
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.files import FILE_BYTES_MAX, FILES_MAX, NewFile, read_file
from procurement.jobs.tables import Job
from procurement.notices import notices_of as told
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.tables import RoundStatus
from tests.procurement.awards.world import announced_round

PDF = NewFile("换算.pdf", b"%PDF-1.7 evidence")


@pytest.fixture
def world(engine):
    return announced_round(engine)


def name_of(world, letter):
    with world.read() as session:
        return session.get_one(Person, world.maker(letter).person_id).name


def file(world, folder, letter="D", *, actor=None, **changed):
    """File an objection and return its id."""
    wanted = {
        "text": "L01 的换算有误，理由如下。",
        "signed_by": name_of(world, letter),
        "lot": "L01",
        **changed,
    }
    with transaction(world.engine) as session:
        filed = file_objection(
            session,
            round_=world.round(session),
            objection=NewObjection(**wanted),
            actor=actor or world.maker(letter).actor,
            folder=folder,
            moment=database_moment(session),
        )
        return filed.id


def act(world, objection_id, service, **given):
    """Call a service about an objection."""
    with transaction(world.engine) as session:
        round_ = world.round(session)
        objection = find_objection(session, round_=round_, objection_id=objection_id)
        return service(
            session,
            round_=round_,
            objection=objection,
            moment=database_moment(session),
            **given,
        ).id


def answer(world, objection_id, verdict=Verdict.REJECTED, *, text="换算无误。", actor=None):
    return act(
        world,
        objection_id,
        answer_objection,
        answer=NewAnswer(verdict=verdict, text=text),
        actor=actor or world.officer,
    )


def appeal(world, objection_id, letter="D", *, text="对答复不服。"):
    maker = world.maker(letter)
    return act(world, objection_id, file_appeal, text=text, actor=maker.actor)


def answer_of_appeal(world, objection_id, verdict=Verdict.REJECTED, *, actor=None):
    return act(
        world,
        objection_id,
        answer_appeal,
        answer=NewAnswer(verdict=verdict, text="维持答复。"),
        actor=actor or world.supervisor,
    )


def status(world):
    with world.read() as session:
        return world.round(session).status


def test_an_objection_keeps_name_organisation_text_files_and_its_receipt(world, tmp_path):
    objection_id = file(world, tmp_path, files=(PDF,))
    with world.read() as session:
        (kept,) = objections_of(session, round_id=world.round_id)
        assert (kept.organisation_name, kept.person_name) == (
            world.maker("D").name,
            name_of(world, "D"),
        )
        (stored,) = files_of(session, objection_id=objection_id)
        assert read_file(tmp_path, stored.file_digest) == PDF.content
        assert (stored.file_name, stored.media_type) == ("换算.pdf", "application/pdf")
        (served,) = services_of(session, objection_id=objection_id)
        assert (served.paper, served.way) == (ServedPaper.RECEIPT, ServiceWay.PLATFORM)
        assert "质疑" in told(session, organisation_id=world.bureau.id)[0].zh
        subject = f"round/{world.name}/objection/{objection_id}"
        assert [one.action for one in entries_about(session, subject=subject)] == ["file-objection"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"signed_by": ""}, "signed_by"),
        ({"signed_by": "别人"}, "signed_by"),
        ({"text": " \n "}, "text"),
        ({"text": "长" * (TEXT_MAX + 1)}, "text"),
        ({"lot": "L99"}, "lot"),
        ({"files": (NewFile("a.exe", b"MZ"),)}, "files"),
        ({"files": (NewFile("a.pdf", b""),)}, "files"),
        ({"files": (PDF,) * (FILES_MAX + 1)}, "files"),
        ({"files": (NewFile("a.pdf", b"%PDF-" + bytes(FILE_BYTES_MAX)),)}, "files"),
    ],
)
def test_an_objection_without_a_name_or_with_another_fault_changes_nothing(
    world, tmp_path, changed, field
):
    with pytest.raises(InvalidInputError) as refusal:
        file(world, tmp_path, **changed)
    assert {fault.field for fault in refusal.value.faults} == {field}
    assert all(fault.zh and fault.en for fault in refusal.value.faults)
    with world.read() as session:
        assert objections_of(session, round_id=world.round_id) == []


def test_nobody_objects_without_being_signed_in(world, tmp_path):
    with pytest.raises(SignedOutError):
        file(world, tmp_path, actor=Actor())


def test_objections_are_received_while_the_notice_runs(world, tmp_path):
    first = file(world, tmp_path, lot=None)
    world.end_notice()
    with pytest.raises(NoticeOverError):
        file(world, tmp_path)
    with pytest.raises(NoticeOverError):
        attach(world, first, tmp_path)
    for _ in world.every_status_but(RoundStatus.ANNOUNCED):
        with pytest.raises(NoticeOverError):
            file(world, tmp_path)


def attach(world, objection_id, folder, new=PDF):
    with transaction(world.engine) as session:
        round_ = world.round(session)
        objection = find_objection(session, round_=round_, objection_id=objection_id)
        attach_file(session, round_=round_, objection=objection, file=new, folder=folder)


def test_files_can_follow_until_there_are_too_many(world, tmp_path):
    objection_id = file(world, tmp_path, files=(PDF,) * (FILES_MAX - 1))
    attach(world, objection_id, tmp_path)
    with pytest.raises(InvalidInputError):
        attach(world, objection_id, tmp_path)


def test_a_rejected_objection_leaves_the_notice_as_it_is(world, tmp_path):
    objection_id = file(world, tmp_path)
    answer(world, objection_id)
    assert status(world) == RoundStatus.ANNOUNCED
    with world.read() as session:
        papers = [one.paper for one in services_of(session, objection_id=objection_id)]
        assert papers == [ServedPaper.RECEIPT, ServedPaper.ANSWER]
        assert unanswered(session, round_id=world.round_id) == []
        assert "不成立" in told(session, organisation_id=world.maker("D").id)[0].zh
    with pytest.raises(AnsweredAlreadyError):
        answer(world, objection_id, Verdict.UPHELD)


@pytest.mark.parametrize("verdict", [Verdict.UPHELD, Verdict.PARTLY_UPHELD])
def test_one_that_is_upheld_takes_the_round_back_and_a_new_notice_follows(world, tmp_path, verdict):
    first, second = file(world, tmp_path), file(world, tmp_path, "E")
    answer(world, first, verdict)
    assert status(world) == RoundStatus.EVALUATED
    with world.read() as session:
        queued = session.scalars(select(Job.key).where(Job.kind == EVALUATE_ROUND_JOB)).all()
        assert any("upheld" in (key or "") for key in queued)
        assert "公示终止" in told(session, organisation_id=world.maker("A").id)[0].zh
    # The other one is answered all the same, and the round is announced again.
    answer(world, second)
    world.evaluate().announce()
    with world.read() as session:
        assert [one.number for one in notices_of(session, round_id=world.round_id)] == [1, 2]
        newest = current_notice(session, round_id=world.round_id)
        assert newest is not None and newest.number == 2


def test_an_answer_needs_its_text(world, tmp_path):
    objection_id = file(world, tmp_path)
    with pytest.raises(InvalidInputError):
        answer(world, objection_id, text=" ")
    with world.read() as session:
        assert len(unanswered(session, round_id=world.round_id)) == 1


def test_an_appeal_is_decided_by_a_supervisor_and_blocks_until_then(world, tmp_path):
    objection_id = file(world, tmp_path)
    with pytest.raises(NoAppealError):
        appeal(world, objection_id)
    answer(world, objection_id)
    with pytest.raises(NotFoundForActorError):
        appeal(world, objection_id, "E")
    with pytest.raises(InvalidInputError):
        appeal(world, objection_id, text="")
    with pytest.raises(NothingToAnswerError):
        answer_of_appeal(world, objection_id)
    appeal(world, objection_id)
    with pytest.raises(NoAppealError):
        appeal(world, objection_id)
    with world.read() as session:
        assert len(unanswered(session, round_id=world.round_id)) == 1
    with pytest.raises(SamePersonError):
        answer_of_appeal(world, objection_id, actor=world.officer)
    answer_of_appeal(world, objection_id, Verdict.UPHELD)
    assert status(world) == RoundStatus.EVALUATED
    with world.read() as session:
        assert unanswered(session, round_id=world.round_id) == []


def test_nobody_appeals_against_an_answer_that_upheld(world, tmp_path):
    objection_id = file(world, tmp_path)
    answer(world, objection_id, Verdict.UPHELD)
    with pytest.raises(NoAppealError):
        appeal(world, objection_id)


def test_once_the_award_is_fixed_nothing_is_answered_or_appealed(world, tmp_path):
    answered, waiting = file(world, tmp_path), file(world, tmp_path, "E")
    answer(world, answered)
    for _ in world.every_status_but(*BEFORE_AWARD):
        with pytest.raises(AwardFixedError):
            answer(world, waiting)
        with pytest.raises(AwardFixedError):
            appeal(world, answered)


def serve(world, objection_id, paper, *, way=ServiceWay.POST, after=timedelta(0), at=None):
    with transaction(world.engine) as session:
        moment = database_moment(session)
        return record_service(
            session,
            objection=session.get_one(Objection, objection_id),
            service=Service(paper=paper, way=way, served_at=at or moment + after),
            actor=world.officer,
            moment=moment,
        ).id


def test_what_was_served_by_post_is_recorded_with_its_day(world, tmp_path):
    objection_id = file(world, tmp_path)
    serve(world, objection_id, ServedPaper.RECEIPT)
    with pytest.raises(InvalidInputError, match="no such paper"):
        serve(world, objection_id, ServedPaper.ANSWER)
    answer(world, objection_id)
    serve(world, objection_id, ServedPaper.ANSWER, way=ServiceWay.IN_PERSON)
    with pytest.raises(InvalidInputError, match="before it was written"):
        serve(world, objection_id, ServedPaper.ANSWER, after=timedelta(days=-1))
    with pytest.raises(InvalidInputError, match="future"):
        serve(world, objection_id, ServedPaper.ANSWER, after=timedelta(days=1))
    with pytest.raises(InvalidInputError, match="time zone"):
        serve(world, objection_id, ServedPaper.ANSWER, at=datetime(2026, 12, 1))  # noqa: DTZ001
    with pytest.raises(InvalidInputError, match="records itself"):
        serve(world, objection_id, ServedPaper.ANSWER, way=ServiceWay.PLATFORM)
    with world.read() as session:
        ways = [one.way for one in services_of(session, objection_id=objection_id)]
    assert ways == ["platform", "post", "platform", "in-person"]


def test_another_rounds_objection_is_not_found(world):
    with world.read() as session, pytest.raises(NotFoundForActorError):
        find_objection(session, round_=world.round(session), objection_id=1)


def test_objections_and_answers_cannot_be_changed(world, tmp_path):
    objection_id = file(world, tmp_path, files=(PDF,))
    answer(world, objection_id)
    appeal(world, objection_id)
    for table in (Objection, ObjectionFile, ObjectionAnswer, ObjectionAppeal, ObjectionService):
        with pytest.raises(IntegrityError), transaction(world.engine) as session:
            session.execute(delete(table))
