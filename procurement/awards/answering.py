"""Answering objections and appeals; one that is upheld takes the round back to its evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.awards.evaluation import EVALUATE_ROUND_JOB, require_report
from procurement.awards.objections import (
    BEFORE_AWARD,
    AwardFixedError,
    answer_of,
    appeal_of,
    objections_of,
    serve_here,
)
from procurement.awards.rules import service_faults, text_faults
from procurement.awards.states import (
    VERDICT_NAMES,
    Instance,
    ServedPaper,
    ServiceWay,
    Verdict,
)
from procurement.awards.tables import Objection, ObjectionAnswer, ObjectionService
from procurement.bids.subjects import signed_in
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.jobs import enqueue
from procurement.notices import notify, notify_all
from procurement.permissions import Actor
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.tables import Round, RoundStatus


class AnsweredAlreadyError(RefusedError):
    """There is an answer, and it stays."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="已经答复，不能更改。", en="It is answered already, and stays so.")


class NothingToAnswerError(RefusedError):
    """There is no appeal to answer."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="没有待答复的复核申请。", en="There is no appeal to answer.")


class SamePersonError(RefusedError):
    """Who answered the objection does not decide the appeal against that answer."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="复核不得由原答复人办理。",
            en="An appeal is not decided by who gave the answer.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """An answer to an objection, or to an appeal.

    Attributes:
        verdict: What became of it.
        text: Why, with the rules and figures.
    """

    verdict: Verdict
    text: str


def answer_objection(
    session: Session,
    *,
    round_: Round,
    objection: Objection,
    answer: NewAnswer,
    actor: Actor,
    moment: datetime,
) -> ObjectionAnswer:
    """Answer an objection; the answer is served on the platform at once.

    One that is upheld, wholly or in part, ends the notice: the round goes back to “evaluated” and
    is evaluated again, and a new notice follows.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        objection: The objection.
        answer: The answer.
        actor: An officer of the lead bureau.
        moment: When.

    Raises:
        AwardFixedError: The award is fixed.
        AnsweredAlreadyError: There is an answer.
        InvalidInputError: No text, or too much.
    """
    return _answer(session, round_, objection, Instance.OBJECTION, answer, actor, moment)


def answer_appeal(
    session: Session,
    *,
    round_: Round,
    objection: Objection,
    answer: NewAnswer,
    actor: Actor,
    moment: datetime,
) -> ObjectionAnswer:
    """Answer the appeal that followed an objection, as a supervisor who did not answer before.

    Raises:
        NothingToAnswerError: There is no appeal.
        SamePersonError: The objection was answered by the same person.
        AwardFixedError: The award is fixed.
        AnsweredAlreadyError: There is an answer.
        InvalidInputError: No text, or too much.
    """
    if appeal_of(session, objection_id=objection.id) is None:
        raise NothingToAnswerError
    first = answer_of(session, objection_id=objection.id, instance=Instance.OBJECTION)
    if first is not None and first.person_id == actor.person_id:
        raise SamePersonError
    return _answer(session, round_, objection, Instance.APPEAL, answer, actor, moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a paper was served.

    Attributes:
        paper: Which.
        way: By post or in person; the platform records its own.
        served_at: When, aware.
    """

    paper: ServedPaper
    way: ServiceWay
    served_at: datetime


def record_service(
    session: Session, *, objection: Objection, service: Service, actor: Actor, moment: datetime
) -> ObjectionService:
    """Record that a paper was also served by post or in person, with its day.

    Raises:
        InvalidInputError: There is no such paper yet, or the moment cannot be.
    """
    _, person_id = signed_in(actor)
    written = written_at(session, objection=objection, paper=service.paper)
    faults = [*service_faults(service.served_at, not_before=written, now=moment)]
    if service.way == ServiceWay.PLATFORM:
        fault = FieldFault(
            "way", "平台送达由平台记录。", "What the platform serves it records itself."
        )
        faults.append(fault)
    if faults:
        raise InvalidInputError(faults)
    served = ObjectionService(
        objection_id=objection.id,
        paper=service.paper,
        way=service.way,
        served_at=service.served_at,
        recorded_by=person_id,
        recorded_at=moment,
    )
    session.add(served)
    session.flush()
    return served


def written_at(session: Session, *, objection: Objection, paper: ServedPaper) -> datetime | None:
    """Return when a paper of an objection was written, or None before."""
    if paper == ServedPaper.RECEIPT:
        return objection.filed_at
    instance = Instance.OBJECTION if paper == ServedPaper.ANSWER else Instance.APPEAL
    answer = answer_of(session, objection_id=objection.id, instance=instance)
    return None if answer is None else answer.answered_at


def unanswered(session: Session, *, round_id: int) -> list[Objection]:
    """Return the objections of a round that wait for an answer, or whose appeal does."""
    answers = session.execute(
        select(ObjectionAnswer.objection_id, ObjectionAnswer.instance)
        .join(Objection, Objection.id == ObjectionAnswer.objection_id)
        .where(Objection.round_id == round_id)
    )
    given = {(objection_id, Instance(instance)) for objection_id, instance in answers}
    return [
        objection
        for objection in objections_of(session, round_id=round_id)
        if (objection.id, Instance.OBJECTION) not in given
        or (
            (objection.id, Instance.APPEAL) not in given
            and appeal_of(session, objection_id=objection.id) is not None
        )
    ]


def _answer(
    session: Session,
    round_: Round,
    objection: Objection,
    instance: Instance,
    answer: NewAnswer,
    actor: Actor,
    moment: datetime,
) -> ObjectionAnswer:
    _, person_id = signed_in(actor)
    lock_round(session, round_=round_)
    if round_.status not in BEFORE_AWARD:
        raise AwardFixedError
    if answer_of(session, objection_id=objection.id, instance=instance) is not None:
        raise AnsweredAlreadyError
    faults = [*text_faults(answer.text)]
    if faults:
        raise InvalidInputError(faults)
    given = ObjectionAnswer(
        objection_id=objection.id,
        instance=instance,
        verdict=answer.verdict,
        text=answer.text.strip(),
        person_id=person_id,
        answered_at=moment,
    )
    session.add(given)
    session.flush()
    is_first = instance == Instance.OBJECTION
    paper = ServedPaper.ANSWER if is_first else ServedPaper.APPEAL_ANSWER
    serve_here(session, objection, paper, moment)
    _tell(session, round_, objection, given, actor, moment)
    if Verdict(answer.verdict).reopens:
        _reopen(session, round_, given, person_id, moment)
    return given


def _reopen(
    session: Session, round_: Round, given: ObjectionAnswer, person_id: int, moment: datetime
) -> None:
    if round_.status == RoundStatus.ANNOUNCED:
        set_status(
            session,
            round_=round_,
            status=RoundStatus.EVALUATED,
            moment=moment,
            reason="质疑成立，重新评审。/ An objection was upheld: evaluated again.",
            person_id=person_id,
        )
        _tell_bidders(session, round_, given, moment)
    enqueue(
        session,
        kind=EVALUATE_ROUND_JOB,
        payload={"round_id": round_.id},
        moment=moment,
        key=f"evaluate-round {round_.id} upheld {given.id}",
    )


def _tell_bidders(
    session: Session, round_: Round, given: ObjectionAnswer, moment: datetime
) -> None:
    bidders: Sequence[int] = sorted(
        set(require_report(session, round_id=round_.id).owners.values())
    )
    notify_all(
        session,
        organisation_ids=bidders,
        zh=f"“{round_.title}”：因质疑成立，本次公示终止，将重新评审并另行公示。",
        en=f"“{round_.title}”: an objection was upheld. This notice ends; the round is evaluated "
        "again and a new notice follows.",
        link=f"/rounds/{round_.name}/result",
        moment=moment,
        key=f"notice-ended {given.id}",
    )


def _tell(
    session: Session,
    round_: Round,
    objection: Objection,
    given: ObjectionAnswer,
    actor: Actor,
    moment: datetime,
) -> None:
    zh, en = VERDICT_NAMES[Verdict(given.verdict)]
    record(
        session,
        actor=actor,
        action=f"answer-{given.instance}",
        subject=f"round/{round_.name}/objection/{objection.id}",
        facts={"verdict": given.verdict},
        moment=moment,
    )
    notify(
        session,
        organisation_id=objection.organisation_id,
        zh=f"“{round_.title}”：贵单位的质疑已答复（{zh}）。",
        en=f"“{round_.title}”: your objection is answered ({en}).",
        link=f"/rounds/{round_.name}/objections/{objection.id}",
        moment=moment,
    )
