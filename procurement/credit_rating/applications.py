"""What a rated firm asks for, and what the bureau answers: objections and repair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.china_days import day_in_china
from procurement.credit_rating.reading import lock_matter
from procurement.credit_rating.repair import (
    AlreadyClearedError,
    clear_matter,
    note_on_matter,
    record_measure,
    refuse_cleared,
    repair_state,
)
from procurement.credit_rating.tables import (
    CreditAnswer,
    CreditApplication,
    CreditEvidence,
    CreditMatter,
)
from procurement.credit_rating.words import ApplicationKind, ClearanceKind
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.files import FILE_NAME_MAX, NewFile, file_faults, store_file
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError

TEXT_MAX = 10_000


class StillOpenError(RefusedError):
    """The firm's earlier application of this kind is not answered yet."""

    def __init__(self) -> None:
        """Say what to wait for."""
        super().__init__(
            zh="同类申请正在办理，答复后方可再次提出。",
            en="An application of this kind is not answered yet; wait for the answer.",
        )


class AlreadyAnsweredError(RefusedError):
    """The application has its answer."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该申请已经答复。", en="This application is answered already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplication:
    """What a firm asks for.

    Attributes:
        kind: An objection, or repair.
        text: The facts, and what is asked for.
        signed_by: Real name of who files it.
        measures: Numbers of the measures taken; of a repair only.
        files: Evidence.
    """

    kind: ApplicationKind
    text: str
    signed_by: str
    measures: tuple[int, ...] = ()
    files: tuple[NewFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicationCard:
    """An application with its evidence and its answer."""

    application: CreditApplication
    files: Sequence[CreditEvidence]
    answer: CreditAnswer | None


def file_application(
    session: Session,
    *,
    matter_id: int,
    wanted: NewApplication,
    actor: Actor,
    folder: Path,
    moment: datetime,
) -> CreditApplication:
    """File an objection to a rating, or an application for its repair, with evidence.

    Args:
        session: Session of the caller's transaction.
        matter_id: The matter of the actor's own firm.
        wanted: What is asked for.
        actor: Who is signed in for the firm.
        folder: The installation's data folder, for the files.
        moment: When.

    Raises:
        NotFoundForActorError: There is no such matter of the firm.
        AlreadyClearedError: Its grade is over.
        StillOpenError: One of the same kind waits for its answer.
        InvalidInputError: With every fault.
    """
    matter = lock_matter(session, matter_id=matter_id)
    _refuse_over(session, matter)
    faults = _faults(session, matter, wanted, actor)
    if faults:
        raise InvalidInputError(faults)
    if any(
        card.answer is None and card.application.kind == wanted.kind
        for card in applications_of(session, matter_id=matter_id)
    ):
        raise StillOpenError
    filed = CreditApplication(
        matter_id=matter_id,
        kind=wanted.kind,
        text=wanted.text.strip(),
        measures=" ".join(map(str, sorted(set(wanted.measures)))),
        signed_by=wanted.signed_by.strip(),
        filed_by=actor.person_id,
        filed_at=moment,
    )
    session.add(filed)
    session.flush()
    session.add_all(
        CreditEvidence(
            application_id=filed.id,
            file_name=file.name[-FILE_NAME_MAX:],
            file_digest=store_file(folder, file.content),
            media_type=file.media_type,
        )
        for file in wanted.files
    )
    facts = {"kind": wanted.kind.value, "files": str(len(wanted.files))}
    note_on_matter(session, "apply-for-credit", matter, facts, actor, moment)
    return filed


def answer_application(
    session: Session,
    *,
    application_id: int,
    is_upheld: bool,
    text: str,
    actor: Actor,
    moment: datetime,
) -> CreditAnswer:
    """Answer an application; an objection that is upheld ends the grade, as withdrawn.

    The measures of a repair that is accepted are recorded, with the application as evidence;
    ending the grade stays a decision of its own.

    Args:
        session: Session of the caller's transaction.
        application_id: The application.
        is_upheld: Whether the firm is right, or its measures are accepted.
        text: Why.
        actor: The officer.
        moment: When.

    Raises:
        NotFoundForActorError: There is none.
        AlreadyAnsweredError: It was answered before.
        AlreadyClearedError: The grade is over, so that nothing can be upheld.
        InvalidInputError: There is no reason.
    """
    application = require_application(session, application_id=application_id)
    matter = lock_matter(session, matter_id=application.matter_id)
    known = select(CreditAnswer.id).where(CreditAnswer.application_id == application_id)
    if session.scalar(known) is not None:
        raise AlreadyAnsweredError
    faults = _text_faults(text)
    if faults:
        raise InvalidInputError(faults)
    answer = CreditAnswer(
        application_id=application_id,
        is_upheld=is_upheld,
        text=text.strip(),
        answered_by=actor.person_id,
        answered_at=moment,
    )
    session.add(answer)
    session.flush()
    facts = {"application": str(application_id), "upheld": str(is_upheld).lower()}
    note_on_matter(session, "answer-credit-application", matter, facts, actor, moment)
    if is_upheld:
        _carry_out(session, application, answer, actor, moment)
    notify(
        session,
        organisation_id=matter.organisation_id,
        zh="贵单位就信用评价提出的申请已有答复。",
        en="Your firm's application about its credit grade was answered.",
        link=f"/credit/matters/{matter.id}",
        moment=moment,
    )
    return answer


def _carry_out(
    session: Session,
    application: CreditApplication,
    answer: CreditAnswer,
    actor: Actor,
    moment: datetime,
) -> None:
    if application.kind == ApplicationKind.OBJECTION:
        clear_matter(
            session,
            matter_id=application.matter_id,
            kind=ClearanceKind.WITHDRAWN,
            cleared_on=day_in_china(moment),
            reason=answer.text[:500],
            actor=actor,
            moment=moment,
        )
        return
    for measure in measures_in(application):
        record_measure(
            session,
            matter_id=application.matter_id,
            measure=measure,
            done_on=day_in_china(application.filed_at),
            evidence=f"信用修复申请 {application.id} / application {application.id}",
            actor=actor,
            moment=moment,
        )


def measures_in(application: CreditApplication) -> tuple[int, ...]:
    """The measures that an application names."""
    return tuple(int(number) for number in application.measures.split())


def require_application(session: Session, *, application_id: int) -> CreditApplication:
    """Return an application.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.get(CreditApplication, application_id)
    if found is None:
        raise NotFoundForActorError
    return found


def applications_of(session: Session, *, matter_id: int) -> list[ApplicationCard]:
    """Return what was asked for about a matter, the oldest first."""
    wanted = select(CreditApplication).where(CreditApplication.matter_id == matter_id)
    applications = session.scalars(wanted.order_by(CreditApplication.id)).all()
    ids = [one.id for one in applications]
    files = session.scalars(
        select(CreditEvidence)
        .where(CreditEvidence.application_id.in_(ids))
        .order_by(CreditEvidence.id)
    ).all()
    answers = session.scalars(select(CreditAnswer).where(CreditAnswer.application_id.in_(ids)))
    by_application = {answer.application_id: answer for answer in answers}
    return [
        ApplicationCard(
            one,
            [file for file in files if file.application_id == one.id],
            by_application.get(one.id),
        )
        for one in applications
    ]


def evidence_of(session: Session, *, application_id: int, file_id: int) -> CreditEvidence:
    """Return a file of an application.

    Raises:
        NotFoundForActorError: It has no such file.
    """
    found = session.get(CreditEvidence, file_id)
    if found is None or found.application_id != application_id:
        raise NotFoundForActorError
    return found


def unanswered(session: Session) -> list[tuple[CreditApplication, CreditMatter]]:
    """Return applications that wait for an answer, the oldest first."""
    answered = select(CreditAnswer.id).where(CreditAnswer.application_id == CreditApplication.id)
    rows = session.execute(
        select(CreditApplication, CreditMatter)
        .join(CreditMatter, CreditMatter.id == CreditApplication.matter_id)
        .where(~answered.exists())
        .order_by(CreditApplication.id)
    )
    return [(application, matter) for application, matter in rows]


def _refuse_over(session: Session, matter: CreditMatter) -> None:
    refuse_cleared(session, matter)
    corrected = select(CreditMatter.id).where(CreditMatter.replaces_id == matter.id)
    if session.scalar(corrected) is not None:
        raise AlreadyClearedError


def _faults(
    session: Session, matter: CreditMatter, wanted: NewApplication, actor: Actor
) -> list[FieldFault]:
    person = session.get_one(Person, actor.person_id)
    faults = [*_text_faults(wanted.text), *file_faults(wanted.files)]
    if wanted.signed_by.strip() != person.name:
        zh = f"须实名提出，与登录人姓名“{person.name}”一致。"
        en = f"Sign with the name of who is signed in, “{person.name}”."
        faults.append(FieldFault("signed_by", zh, en))
    if wanted.kind is ApplicationKind.OBJECTION:
        return faults
    needed = repair_state(session, matter=matter).needed or ()
    if not wanted.measures:
        faults.append(FieldFault("measures", "请选择已采取的措施。", "Choose what was done."))
    if needed and not set(wanted.measures) <= set(needed):
        zh, en = "含有该标准未要求的措施。", "Not all of these are measures of the scale."
        faults.append(FieldFault("measures", zh, en))
    if not wanted.files:
        faults.append(FieldFault("files", "请附证明材料。", "Attach what proves it."))
    return faults


def _text_faults(text: str) -> list[FieldFault]:
    if not text.strip():
        return [FieldFault("text", "请写明事实和理由。", "State the facts and the reasons.")]
    if len(text) > TEXT_MAX:
        return [FieldFault("text", f"最多 {TEXT_MAX} 字。", f"At most {TEXT_MAX} characters.")]
    return []
