"""Objections to a notice in real name, and appeals against the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, Person
from procurement.audit import record
from procurement.awards.announcing import current_notice
from procurement.awards.rules import name_faults, text_faults
from procurement.awards.states import Instance, ServedPaper, ServiceWay, Verdict
from procurement.awards.tables import (
    Objection,
    ObjectionAnswer,
    ObjectionAppeal,
    ObjectionFile,
    ObjectionService,
)
from procurement.bids.subjects import signed_in
from procurement.database import database_moment
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.files import FILE_NAME_MAX, NewFile, file_faults, store_file
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.progress import lock_round
from procurement.rounds.tables import Lot, Round, RoundStatus

BEFORE_AWARD = (RoundStatus.EVALUATED, RoundStatus.SECOND_ANSWERS, RoundStatus.ANNOUNCED)
"""Objections are answered, and appeals filed and answered, until the award is fixed."""


class NoticeOverError(RefusedError):
    """Objections are received while a notice runs."""

    def __init__(self) -> None:
        """Say when."""
        super().__init__(
            zh="现在不接收质疑：须在公示期内提出。",
            en="Objections are not received now: only while the notice runs.",
        )


class AwardFixedError(RefusedError):
    """The award is fixed: objections and appeals are over on this platform."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="中选结果已确定，平台不再受理质疑和复核。",
            en="The award is fixed: objections and appeals are over on this platform.",
        )


class NoAppealError(RefusedError):
    """An appeal follows an answer that did not uphold the objection, once."""

    def __init__(self) -> None:
        """Say when."""
        super().__init__(
            zh="只能对未予支持的答复申请复核，且只能申请一次。",
            en="An appeal is made once, against an answer that did not uphold the objection.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObjection:
    """What somebody objects to.

    Attributes:
        text: What is wrong, with the facts.
        signed_by: The real name of who files it, as typed.
        lot: The lot's code; None where it is about the whole round.
        files: Evidence.
    """

    text: str
    signed_by: str
    lot: str | None = None
    files: tuple[NewFile, ...] = ()


def file_objection(
    session: Session,
    *,
    round_: Round,
    objection: NewObjection,
    actor: Actor,
    folder: Path,
    moment: datetime,
) -> Objection:
    """File an objection to the notice that runs, in the name of a person and an organisation.

    Its receipt is served on the platform at once.

    Args:
        session: Session of the caller's transaction.
        round_: An announced round.
        objection: What is objected to.
        actor: Who is signed in.
        folder: The installation's data folder, for the files.
        moment: When.

    Raises:
        SignedOutError: Nobody is signed in: an objection without a name is none.
        NoticeOverError: No notice runs.
        InvalidInputError: No name, another's name, no text, no such lot, or a file that is not
            taken.
    """
    organisation_id, person_id = signed_in(actor)
    lock_round(session, round_=round_)
    notice = current_notice(session, round_id=round_.id)
    is_open = round_.status == RoundStatus.ANNOUNCED and notice is not None
    if notice is None or not is_open or database_moment(session) >= notice.closes_at:
        raise NoticeOverError
    person = session.get_one(Person, person_id)
    lot = _lot(session, round_, objection.lot)
    faults = [
        *name_faults(objection.signed_by, person.name),
        *text_faults(objection.text),
        *file_faults(objection.files),
    ]
    if objection.lot is not None and lot is None:
        faults.append(FieldFault("lot", "本批次没有该品种。", "The round has no such lot."))
    if faults:
        raise InvalidInputError(faults)
    filed = Objection(
        round_id=round_.id,
        notice_id=notice.id,
        lot_id=None if lot is None else lot.id,
        organisation_id=organisation_id,
        organisation_name=session.get_one(Organisation, organisation_id).name,
        person_id=person_id,
        person_name=person.name,
        text=objection.text.strip(),
        filed_at=moment,
    )
    session.add(filed)
    session.flush()
    _store_files(session, filed, objection.files, folder)
    serve_here(session, filed, ServedPaper.RECEIPT, moment)
    _tell_of_objection(session, round_, filed, actor, moment)
    return filed


def attach_file(
    session: Session,
    *,
    round_: Round,
    objection: Objection,
    file: NewFile,
    folder: Path,
) -> ObjectionFile:
    """Add a file to an own objection while the notice runs.

    Raises:
        NoticeOverError: No notice runs, or the objection is to an earlier one.
        InvalidInputError: The file is not taken, or there are too many.
    """
    lock_round(session, round_=round_)
    notice = current_notice(session, round_id=round_.id)
    runs = notice is not None and database_moment(session) < notice.closes_at
    if round_.status != RoundStatus.ANNOUNCED or notice is None or not runs:
        raise NoticeOverError
    if objection.notice_id != notice.id:
        raise NoticeOverError
    known = len(files_of(session, objection_id=objection.id))
    faults = [*file_faults((file,), known=known)]
    if faults:
        raise InvalidInputError(faults)
    (stored,) = _store_files(session, objection, (file,), folder)
    return stored


def file_appeal(
    session: Session,
    *,
    round_: Round,
    objection: Objection,
    text: str,
    actor: Actor,
    moment: datetime,
) -> ObjectionAppeal:
    """Appeal against the answer to an own objection, to the supervisors of the lead bureau.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        objection: An objection that was answered.
        text: Why the answer is not right.
        actor: Somebody of the organisation that objected.
        moment: When.

    Raises:
        NotFoundForActorError: It is another organisation's objection.
        AwardFixedError: The award is fixed.
        NoAppealError: There is no answer yet, it upheld the objection, or there is an appeal.
        InvalidInputError: No text, or too much.
    """
    organisation_id, person_id = signed_in(actor)
    if objection.organisation_id != organisation_id:
        raise NotFoundForActorError
    lock_round(session, round_=round_)
    if round_.status not in BEFORE_AWARD:
        raise AwardFixedError
    answer = answer_of(session, objection_id=objection.id, instance=Instance.OBJECTION)
    known = appeal_of(session, objection_id=objection.id)
    if answer is None or Verdict(answer.verdict).reopens or known is not None:
        raise NoAppealError
    faults = [*text_faults(text)]
    if faults:
        raise InvalidInputError(faults)
    appeal = ObjectionAppeal(
        objection_id=objection.id,
        person_id=person_id,
        person_name=session.get_one(Person, person_id).name,
        text=text.strip(),
        filed_at=moment,
    )
    session.add(appeal)
    session.flush()
    _record(session, round_, objection, "appeal-objection", actor, moment)
    _tell_bureau(
        session,
        round_,
        objection,
        (f"“{round_.title}”：收到复核申请。", f"“{round_.title}”: an appeal was filed."),
        moment,
    )
    return appeal


def objections_of(
    session: Session, *, round_id: int, organisation_id: int | None = None
) -> Sequence[Objection]:
    """Return the objections of a round, the oldest first; of one organisation if it is named."""
    wanted = select(Objection).where(Objection.round_id == round_id).order_by(Objection.id)
    if organisation_id is not None:
        wanted = wanted.where(Objection.organisation_id == organisation_id)
    return session.scalars(wanted).all()


def find_objection(session: Session, *, round_: Round, objection_id: int) -> Objection:
    """Return an objection of a round.

    Raises:
        NotFoundForActorError: The round has no such objection.
    """
    found = session.get(Objection, objection_id)
    if found is None or found.round_id != round_.id:
        raise NotFoundForActorError
    return found


def files_of(session: Session, *, objection_id: int) -> Sequence[ObjectionFile]:
    """Return the files of an objection in the order in which they came."""
    own = select(ObjectionFile).where(ObjectionFile.objection_id == objection_id)
    return session.scalars(own.order_by(ObjectionFile.id)).all()


def services_of(session: Session, *, objection_id: int) -> Sequence[ObjectionService]:
    """Return which papers were served on the objector, how and when."""
    own = select(ObjectionService).where(ObjectionService.objection_id == objection_id)
    return session.scalars(own.order_by(ObjectionService.id)).all()


def appeal_of(session: Session, *, objection_id: int) -> ObjectionAppeal | None:
    """Return the appeal that followed an objection, or None."""
    own = select(ObjectionAppeal).where(ObjectionAppeal.objection_id == objection_id)
    return session.scalars(own).one_or_none()


def answer_of(session: Session, *, objection_id: int, instance: Instance) -> ObjectionAnswer | None:
    """Return the answer to an objection or to its appeal, or None."""
    own = select(ObjectionAnswer).where(
        ObjectionAnswer.objection_id == objection_id, ObjectionAnswer.instance == instance
    )
    return session.scalars(own).one_or_none()


def serve_here(
    session: Session, objection: Objection, paper: ServedPaper, moment: datetime
) -> None:
    """Record that the platform served a paper."""
    session.add(
        ObjectionService(
            objection_id=objection.id,
            paper=paper,
            way=ServiceWay.PLATFORM,
            served_at=moment,
            recorded_at=moment,
        )
    )
    session.flush()


def _lot(session: Session, round_: Round, code: str | None) -> Lot | None:
    wanted = select(Lot).where(Lot.round_id == round_.id, Lot.code == code)
    return None if code is None else session.scalars(wanted).one_or_none()


def _store_files(
    session: Session, objection: Objection, files: Sequence[NewFile], folder: Path
) -> list[ObjectionFile]:
    rows = [
        ObjectionFile(
            objection_id=objection.id,
            file_name=file.name[:FILE_NAME_MAX],
            file_digest=store_file(folder, file.content),
            file_bytes=len(file.content),
            media_type=file.media_type,
        )
        for file in files
    ]
    session.add_all(rows)
    session.flush()
    return rows


def _tell_of_objection(
    session: Session, round_: Round, objection: Objection, actor: Actor, moment: datetime
) -> None:
    _record(session, round_, objection, "file-objection", actor, moment)
    name = objection.organisation_name
    _tell_bureau(
        session,
        round_,
        objection,
        (f"“{round_.title}”：收到{name}的质疑。", f"“{round_.title}”: {name} objects."),
        moment,
    )
    notify(
        session,
        organisation_id=objection.organisation_id,
        zh=f"“{round_.title}”：已收到贵单位的质疑。",
        en=f"“{round_.title}”: your objection was received.",
        link=f"/rounds/{round_.name}/objections/{objection.id}",
        moment=moment,
    )


def _record(
    session: Session,
    round_: Round,
    objection: Objection,
    action: str,
    actor: Actor,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"round/{round_.name}/objection/{objection.id}",
        facts={"organisation": objection.organisation_name},
        moment=moment,
    )


def _tell_bureau(
    session: Session,
    round_: Round,
    objection: Objection,
    said: tuple[str, str],
    moment: datetime,
) -> None:
    if round_.bureau_id is None:
        return
    notify(
        session,
        organisation_id=round_.bureau_id,
        zh=said[0],
        en=said[1],
        link=f"/rounds/{round_.name}/objections/{objection.id}",
        moment=moment,
    )
