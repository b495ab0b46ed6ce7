"""Sittings of second answers: calling one, closing it by the clock, opening it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.bids.keyholders.manifests import write_answers_manifest
from procurement.bids.opening.service import EVALUATE_ROUND, find_opening, open_envelopes
from procurement.bids.opening.shares import open_when_ready
from procurement.bids.periods import address_of, key_of, require_sitting, subject_name
from procurement.bids.sittings.questions import Asked, product_in
from procurement.bids.subjects import signed_in
from procurement.bids.submission.close import FinalLog, close_round
from procurement.bids.submission.covers import COVER_EVERY, add_covers, cover_later
from procurement.bids.submission.leaves import Leaf
from procurement.bids.tables import Checkpoint, Opening, Sitting, SittingQuestion
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.jobs import enqueue
from procurement.notices import notify_all
from procurement.permissions import Actor
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.tables import Lot, Round, RoundStatus

DUE_LEAST = timedelta(minutes=1)
DUE_MOST = timedelta(days=7)
OPENING_LATEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Clock:
    """When the answers of a sitting are taken and opened.

    Attributes:
        due_in: How long answers are taken, from the call on.
        opens_in: After how long they are opened.
    """

    due_in: timedelta
    opens_in: timedelta


class NotEvaluatedError(RefusedError):
    """Second answers are called for after an evaluation, one sitting after the other."""

    def __init__(self) -> None:
        """Say when."""
        super().__init__(
            zh="现在不能发起二次答复：须在评审之后，并且没有进行中的二次答复。",
            en="Second answers cannot be called for now: only after the evaluation, and while no "
            "other sitting is under way.",
        )


def call_for_answers(
    session: Session,
    *,
    round_: Round,
    questions: Sequence[Asked],
    due_in: timedelta | Clock,
    actor: Actor,
    moment: datetime,
    secret_key: bytes,
) -> Sitting:
    """Ask manufacturers about their bids, to be answered under seal before one deadline.

    The sitting gets a manifest of its own and the round the status of second answers. Silence
    until the clock is no acceptance.

    Args:
        session: Session of the caller's transaction.
        round_: An evaluated round.
        questions: Who is asked what; each question once.
        due_in: How long answers are taken, from now by the database's clock; a `Clock` where they
            are opened later than they are closed.
        actor: The officer.
        moment: When, for notices and records.
        secret_key: `Settings.secret_key`.

    Returns:
        The sitting.

    Raises:
        NotEvaluatedError: The round is not at its evaluation.
        InvalidInputError: No question, one twice, about no lot or manufacturer of the round, or
            times that cannot be.
        NoManifestError: The round's bids were not sealed on this platform.
    """
    _, person_id = signed_in(actor)
    lock_round(session, round_=round_)
    if round_.status != RoundStatus.EVALUATED:
        raise NotEvaluatedError
    clock = due_in if isinstance(due_in, Clock) else Clock(due_in, due_in)
    faults = [*_time_faults(clock), *_question_faults(session, round_, questions)]
    if faults:
        raise InvalidInputError(faults)
    sitting = _new_sitting(session, round_, clock, person_id)
    _ask(session, sitting, questions)
    manifest = write_answers_manifest(
        session,
        round_=round_,
        sitting=sitting,
        lots={asked.lot for asked in questions},
        secret_key=secret_key,
        moment=sitting.called_at,
    )
    _cover(session, round_, sitting, secret_key)
    status = RoundStatus.SECOND_ANSWERS
    set_status(session, round_=round_, status=status, moment=moment, person_id=person_id)
    facts = {
        "manifest": manifest.digest,
        "closes_at": sitting.closes_at.isoformat(),
        "questions": str(len(questions)),
    }
    subject = subject_name(round_, sitting.number)
    record(
        session,
        actor=actor,
        action="call-for-answers",
        subject=subject,
        facts=facts,
        moment=moment,
    )
    _tell_asked(session, round_, sitting, questions, moment)
    return sitting


def _new_sitting(session: Session, round_: Round, clock: Clock, person_id: int) -> Sitting:
    now = database_moment(session)
    sitting = Sitting(
        round_id=round_.id,
        number=len(sittings_of(session, round_id=round_.id)) + 1,
        closes_at=now + clock.due_in,
        opens_at=now + clock.opens_in,
        called_by=person_id,
        called_at=now,
    )
    session.add(sitting)
    session.flush()
    return sitting


def _time_faults(clock: Clock) -> list[FieldFault]:
    faults = []
    if not DUE_LEAST <= clock.due_in <= DUE_MOST:
        faults.append(
            FieldFault(
                "due_in",
                "答复时间须在一分钟至七天之间。",
                "Answers are taken for one minute at least and seven days at most.",
            )
        )
    if not clock.due_in <= clock.opens_in <= clock.due_in + OPENING_LATEST:
        faults.append(
            FieldFault(
                "opens_in",
                "开启时间不得早于截止，也不得晚于截止后七天。",
                "They are opened after closing, and seven days after it at the latest.",
            )
        )
    return faults


def _question_faults(
    session: Session, round_: Round, questions: Sequence[Asked]
) -> list[FieldFault]:
    if not questions:
        return [FieldFault("questions", "没有待答复的问题。", "There is nothing to be asked.")]
    lots = session.scalars(
        select(Lot.code).where(Lot.round_id == round_.id, Lot.failed_reason.is_(None))
    ).all()
    firms = {asked.organisation_id for asked in questions}
    known = session.scalars(select(Organisation.id).where(Organisation.id.in_(firms))).all()
    faults = []
    if not {asked.lot for asked in questions} <= set(lots) or len(known) != len(firms):
        faults.append(
            FieldFault(
                "questions",
                "问题所指的品种或企业不在本批次中。",
                "A question is about no lot or manufacturer of this round.",
            )
        )
    if len({(asked.lot, asked.bid, asked.question) for asked in questions}) != len(questions):
        faults.append(FieldFault("questions", "同一问题出现两次。", "A question is asked twice."))
    return faults


def _ask(session: Session, sitting: Sitting, questions: Sequence[Asked]) -> None:
    firms = {asked.organisation_id for asked in questions}
    names = {
        id_: name
        for id_, name in session.execute(
            select(Organisation.id, Organisation.name).where(Organisation.id.in_(firms))
        )
    }
    session.add_all(
        SittingQuestion(
            sitting_id=sitting.id,
            organisation_id=asked.organisation_id,
            lot=asked.lot,
            bid=asked.bid,
            product=product_in(asked.bid, names[asked.organisation_id]),
            question=str(asked.question),
            price=asked.price,
        )
        for asked in questions
    )
    session.flush()


def _cover(session: Session, round_: Round, sitting: Sitting, secret_key: bytes) -> None:
    # The first rows at once: minutes later, answers may be the only ones.
    add_covers(session, round_=round_, secret_key=secret_key, nth=0, sitting=sitting.number)
    cover_later(
        session,
        round_=round_,
        moment=sitting.called_at,
        at=sitting.called_at + COVER_EVERY,
        nth=1,
        sitting=sitting.number,
    )


def _tell_asked(
    session: Session,
    round_: Round,
    sitting: Sitting,
    questions: Sequence[Asked],
    moment: datetime,
) -> None:
    notify_all(
        session,
        organisation_ids=sorted({asked.organisation_id for asked in questions}),
        zh=f"{round_.title}：请在期限前密封答复（第 {sitting.number} 次二次答复）。"
        "逾期未答复视为不接受。",
        en=f"{round_.title}: answer under seal before the deadline (second answers, sitting "
        f"{sitting.number}). Silence counts as not accepted.",
        link=address_of(round_, sitting.number),
        moment=moment,
        key=f"answers {key_of(round_, sitting.number)}",
    )


def sittings_of(session: Session, *, round_id: int) -> Sequence[Sitting]:
    """Return the sittings of second answers of a round, in the order in which they were called."""
    of_round = select(Sitting).where(Sitting.round_id == round_id).order_by(Sitting.number)
    return session.scalars(of_round).all()


def sittings_to_close(session: Session, *, moment: datetime) -> Sequence[tuple[int, int]]:
    """Return the sittings whose closing time has come and whose log is not final.

    Args:
        session: Any session.
        moment: By the database's clock.

    Returns:
        Round id and number of each.
    """
    final = (
        select(Checkpoint.id)
        .where(Checkpoint.round_id == Sitting.round_id, Checkpoint.sitting == Sitting.number)
        .exists()
    )
    due = (
        select(Sitting.round_id, Sitting.number)
        .join(Round, Round.id == Sitting.round_id)
        .where(Round.status == RoundStatus.SECOND_ANSWERS, Sitting.closes_at <= moment, ~final)
        .order_by(Sitting.id)
    )
    return [(round_id, number) for round_id, number in session.execute(due)]


def close_sitting(session: Session, *, round_: Round, sitting: int, secret_key: bytes) -> FinalLog:
    """Close a sitting whose closing time has come, and have it opened when it can be.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        sitting: Its number, from 1.
        secret_key: `Settings.secret_key`.

    Raises:
        BiddingNotOverError: It is too early.
        NotFoundForActorError: The round has no such sitting.
    """
    called = require_sitting(session, round_id=round_.id, number=sitting)
    log = close_round(session, round_=round_, secret_key=secret_key, sitting=sitting)
    # Each posting of shares queues this too; where nobody answered, none is needed.
    open_when_ready(
        session,
        round_=round_,
        sitting=sitting,
        moment=database_moment(session),
        cause="closed",
        run_at=called.opens_at,
    )
    return log


def open_sitting(session: Session, *, round_: Round, sitting: int, secret_key: bytes) -> Opening:
    """Open all answers of a closed sitting, and have the round evaluated again.

    The officer who called the sitting decided its opening with it: the shares of a quorum and the
    time suffice. An opened sitting is left as it is.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        sitting: Its number, from 1.
        secret_key: `Settings.secret_key`.

    Raises:
        NotReadyToOpenError: Shares or the time are missing.
        NotFoundForActorError: The round has no such sitting.
    """
    lock_round(session, round_=round_)
    called = require_sitting(session, round_id=round_.id, number=sitting)
    known = find_opening(session, round_id=round_.id, sitting=sitting)
    if known is not None:
        return known
    moment = database_moment(session)
    opening, leaves = open_envelopes(
        session, round_=round_, sitting=sitting, secret_key=secret_key, moment=moment
    )
    enqueue(
        session,
        kind=EVALUATE_ROUND,
        payload={"round_id": round_.id},
        moment=moment,
        key=f"{EVALUATE_ROUND} {key_of(round_, sitting)}",
    )
    _tell_answered(session, round_, sitting, leaves, moment)
    record(
        session,
        actor=Actor(person_id=called.called_by, organisation_id=round_.bureau_id),
        action="open-answers",
        subject=subject_name(round_, sitting),
        facts={"answers": str(len(leaves)), "way": opening.way, "seats": opening.seats},
        moment=moment,
    )
    return opening


def _tell_answered(
    session: Session, round_: Round, sitting: int, leaves: Sequence[Leaf], moment: datetime
) -> None:
    notify_all(
        session,
        organisation_ids=sorted(leaf.organisation_id for leaf in leaves),
        zh=f"{round_.title}：二次答复已开启，可查看贵单位的答复并下载开启记录。",
        en=f"{round_.title}: the second answers are open. See yours and download the record.",
        link=f"{address_of(round_, sitting)}/opening",
        moment=moment,
        key=f"opened {key_of(round_, sitting)}",
    )
