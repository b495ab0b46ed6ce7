"""Talks with the maker before the session: on the reference drug, and one to one; on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.steps import require_status, subject_of, tell_maker
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, TalkKind
from procurement.negotiations.tables import Dossier, Talk, TalkAnswer
from procurement.permissions import Actor, NotFoundForActorError

TEXT_MAX = 10_000
LINE_MAX = 200
RECORDED_IN = (
    DossierStatus.PASSED,
    DossierStatus.ADMITTED,
    DossierStatus.SCHEDULED,
    DossierStatus.SEALED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTalk:
    """What is put on record.

    Attributes:
        kind: What was spoken about.
        held_at: When; None where nothing was typed.
        present: Who was there, of both sides.
        text: What was said.
        reference_drug: Which drug is compared with; needed in the talk about it.
    """

    kind: TalkKind
    held_at: datetime | None
    present: str
    text: str
    reference_drug: str = ""


def record_talk(
    session: Session, *, dossier: Dossier, talk: NewTalk, actor: Actor, moment: datetime
) -> Talk:
    """Put a talk on record; the maker then says whether it agrees to the record.

    Raises:
        DossierStateError: The dossier stands elsewhere.
        InvalidInputError: What is missing.
    """
    require_status(dossier, *RECORDED_IN)
    faults = _faults(talk, moment)
    if faults:
        raise InvalidInputError(faults)
    kept = Talk(
        dossier_id=dossier.id,
        kind=talk.kind,
        held_at=talk.held_at,
        present=talk.present,
        reference_drug=talk.reference_drug,
        text=talk.text,
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(kept)
    session.flush()
    _note(session, dossier, "record-talk", kept, actor, moment)
    tell_maker(
        session,
        dossier,
        zh="请确认沟通记录",
        en="say whether you agree to the record of the talk",
        moment=moment,
    )
    return kept


def answer_talk(
    session: Session,
    *,
    dossier: Dossier,
    talk_id: int,
    agrees: bool,
    text: str,
    actor: Actor,
    moment: datetime,
) -> TalkAnswer:
    """Agree to a record, or say what it leaves out; once.

    Raises:
        NotFoundForActorError: The dossier has no such record.
        NotReadyError: It was answered already.
        InvalidInputError: Disagreement without a word, or too long.
    """
    talk = find_talk(session, dossier=dossier, talk_id=talk_id)
    if answer_of(session, talk_id=talk.id) is not None:
        raise NotReadyError(zh="该记录已经答复。", en="The record was answered already.")
    if len(text) > TEXT_MAX or (not agrees and not text):
        fault = FieldFault(
            "text",
            f"有异议时请说明，最多 {TEXT_MAX} 字。",
            f"Say what you disagree with, in at most {TEXT_MAX} characters.",
        )
        raise InvalidInputError([fault])
    answer = TalkAnswer(
        talk_id=talk.id, agrees=agrees, text=text, person_id=actor.person_id, answered_at=moment
    )
    session.add(answer)
    session.flush()
    _note(session, dossier, "answer-talk", talk, actor, moment)
    return answer


def find_talk(session: Session, *, dossier: Dossier, talk_id: int) -> Talk:
    """Return a record of a dossier.

    Raises:
        NotFoundForActorError: The dossier has none of this id.
    """
    talk = session.get(Talk, talk_id)
    if talk is None or talk.dossier_id != dossier.id:
        raise NotFoundForActorError
    return talk


def talks_of(session: Session, *, dossier_id: int) -> Sequence[tuple[Talk, TalkAnswer | None]]:
    """Return the records of a dossier with what the maker answered, oldest first."""
    rows = session.execute(
        select(Talk, TalkAnswer)
        .outerjoin(TalkAnswer, TalkAnswer.talk_id == Talk.id)
        .where(Talk.dossier_id == dossier_id)
        .order_by(Talk.id)
    )
    return [(talk, answer) for talk, answer in rows]


def answer_of(session: Session, *, talk_id: int) -> TalkAnswer | None:
    """Return what the maker answered to a record."""
    return session.scalars(select(TalkAnswer).where(TalkAnswer.talk_id == talk_id)).one_or_none()


def _faults(talk: NewTalk, moment: datetime) -> list[FieldFault]:
    faults = []
    if talk.held_at is None or talk.held_at > moment:
        faults.append(
            FieldFault("held_at", "请填写已经过去的时间。", "Give the moment, not a future one.")
        )
    for name, text, longest in (
        ("present", talk.present, TEXT_MAX),
        ("text", talk.text, TEXT_MAX),
    ):
        if not 1 <= len(text) <= longest:
            faults.append(
                FieldFault(
                    name, f"须为 1 至 {longest} 字。", f"Expected 1 to {longest} characters."
                )
            )
    is_needed = talk.kind == TalkKind.REFERENCE_DRUG
    if (is_needed and not talk.reference_drug) or len(talk.reference_drug) > LINE_MAX:
        faults.append(FieldFault("reference_drug", "请写明参照药。", "Name the reference drug."))
    return faults


def _note(
    session: Session, dossier: Dossier, action: str, talk: Talk, actor: Actor, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=subject_of(dossier),
        facts={"talk": str(talk.id)},
        moment=moment,
    )
