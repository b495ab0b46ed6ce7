"""Eligibility papers: handed in and checked before the opening, without any price."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.bids.kinds import PAPER_NAMES, PAPER_STATUS_NAMES, PaperKind, PaperStatus
from procurement.bids.rules import (
    PAPER_ID_MAX,
    PAPER_STEPS,
    REASON_MAX,
    NewPaper,
    PaperStanding,
    missing_papers,
    paper_faults,
)
from procurement.bids.subjects import signed_in
from procurement.bids.tables import EligibilityPaper, PaperStep
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.files import media_type_of, store_file
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.progress import lock_round
from procurement.rounds.tables import Round, RoundStatus

TAKEN_IN = (RoundStatus.PUBLISHED, RoundStatus.BIDDING)
"""Papers are handed in from publication until bids close."""

CHECKED_IN = (RoundStatus.PUBLISHED, RoundStatus.BIDDING, RoundStatus.CLOSED)
"""Papers are checked from publication until bids are opened."""


REVIEWED = (PaperStatus.ADMITTED, PaperStatus.DEFICIENT, PaperStatus.REJECTED)
"""What an evaluator decides."""


class PapersClosedError(RefusedError):
    """Papers are not taken now: the round is at another stage, or they are being checked."""

    def __init__(self) -> None:
        """Say when they are."""
        super().__init__(
            zh="现在不能提交或更换申报材料：须在文件发布之后、申报截止之前，且材料未在审核中。",
            en="Papers cannot be handed in or replaced now: only between publication and closing, "
            "and not while they are being checked.",
        )


class PaperStepError(RefusedError):
    """The check of papers cannot go this way from where it stands."""

    def __init__(self, present: PaperStatus, wanted: PaperStatus) -> None:
        """Keep both."""
        (zh, en), (wanted_zh, wanted_en) = PAPER_STATUS_NAMES[present], PAPER_STATUS_NAMES[wanted]
        super().__init__(
            zh=f"材料现为“{zh}”，不能改为“{wanted_zh}”。请刷新页面后查看。",
            en=f"These papers are {en} and cannot become {wanted_en}. Reload the page.",
        )
        self.present = present
        self.wanted = wanted


def hand_in_paper(
    session: Session,
    *,
    round_: Round,
    actor: Actor,
    paper: NewPaper,
    data: Path,
    moment: datetime,
) -> EligibilityPaper:
    """Store a paper of the actor's organisation, or a better one in place of another.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: Who uploads.
        paper: The paper.
        data: The installation's data folder.
        moment: When.

    Raises:
        InvalidInputError: A field is wrong.
        PapersClosedError: Nothing is taken now.
    """
    organisation_id, person_id = signed_in(actor)
    present = papers_of(session, round_id=round_.id, organisation_id=organisation_id)
    standing = paper_standing(
        session, round_id=round_.id, organisation_id=organisation_id, moment=moment
    )
    _require_open(round_, standing)
    faults = list(paper_faults(paper, valid_until=day_in_china(round_.opens_at or moment)))
    if paper.replaces_id is not None and paper.replaces_id not in {one.id for one in present}:
        faults.append(FieldFault("replaces_id", "没有这份材料。", "There is no such paper."))
    if faults:
        raise InvalidInputError(faults)
    stored = EligibilityPaper(
        id=_unused_id(session),
        round_id=round_.id,
        organisation_id=organisation_id,
        kind=PaperKind(paper.kind),
        title=paper.title,
        number=paper.number or None,
        expires_on=paper.expires_on,
        file_name=paper.file_name[-200:],
        file_digest=store_file(data, paper.content),
        file_bytes=len(paper.content),
        media_type=media_type_of(paper.content),
        seal_verdict=paper.seal_verdict,
        seal_words=paper.seal_words,
        replaces_id=paper.replaces_id,
        uploaded_by=person_id,
        uploaded_at=moment,
    )
    session.add(stored)
    session.flush()
    return stored


def _unused_id(session: Session) -> int:
    """A random id: counted on, ids in addresses would tell a bidder how many others apply."""
    while True:
        paper_id = 1 + secrets.randbelow(PAPER_ID_MAX)
        if session.get(EligibilityPaper, paper_id) is None:
            return paper_id


def _require_open(round_: Round, standing: PaperStanding) -> None:
    if round_.status not in TAKEN_IN or not standing.may_change:
        raise PapersClosedError


def submit_papers(session: Session, *, round_: Round, actor: Actor, moment: datetime) -> PaperStep:
    """Hand the papers in for the check, the first time or after a notice of deficiency.

    Raises:
        InvalidInputError: A kind of paper is missing.
        PapersClosedError: Nothing is taken now.
    """
    organisation_id, _ = signed_in(actor)
    standing = paper_standing(
        session, round_id=round_.id, organisation_id=organisation_id, moment=moment
    )
    _require_open(round_, standing)
    present = papers_of(session, round_id=round_.id, organisation_id=organisation_id)
    missing = missing_papers([PaperKind(paper.kind) for paper in present])
    if missing:
        raise InvalidInputError(
            [
                FieldFault(kind, f"尚未上传{zh}。", f"The {en} is still to be uploaded.")
                for kind in missing
                for zh, en in [PAPER_NAMES[kind]]
            ]
        )
    step = PaperStep(status=PaperStatus.SUBMITTED, organisation_id=organisation_id)
    return _take_step(session, round_=round_, step=step, actor=actor, moment=moment)


def review_papers(
    session: Session, *, round_: Round, step: PaperStep, actor: Actor, moment: datetime
) -> PaperStep:
    """Admit a manufacturer's papers, reject them, or ask for what is missing.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        step: A new step with organisation, status, reason and, for a deficiency, deadline.
        actor: The evaluator.
        moment: When.

    Raises:
        InvalidInputError: A reason or a deadline is missing or wrong.
        PaperStepError: The papers do not stand where this is possible.
    """
    faults = _review_faults(round_, step, moment)
    if faults:
        raise InvalidInputError(faults)
    if round_.status not in CHECKED_IN:
        raise PapersClosedError
    taken = _take_step(session, round_=round_, step=step, actor=actor, moment=moment)
    zh, en = PAPER_STATUS_NAMES[PaperStatus(step.status)]
    notify(
        session,
        organisation_id=step.organisation_id,
        zh=f"{round_.title}：申报材料{zh}。{step.reason}",
        en=f"{round_.title}: your papers are {en}. {step.reason}",
        link=f"/rounds/{round_.name}/papers",
        moment=moment,
    )
    return taken


def _review_faults(round_: Round, step: PaperStep, moment: datetime) -> list[FieldFault]:
    if step.status not in REVIEWED:
        return [FieldFault("status", "请选择审核结果。", "Choose the outcome of the check.")]
    faults = []
    if step.status != PaperStatus.ADMITTED and not 0 < len(step.reason) <= REASON_MAX:
        faults.append(
            FieldFault(
                "reason",
                f"请写明缺什么或为何不通过，不超过 {REASON_MAX} 字。",
                f"Say what is missing or why they are rejected, in at most {REASON_MAX} "
                "characters.",
            )
        )
    if step.status != PaperStatus.DEFICIENT:
        step.due_at = None
    elif step.due_at is None or step.due_at.utcoffset() is None or step.due_at <= moment:
        faults.append(
            FieldFault("due_at", "请填写今后的补正截止时间。", "Give a deadline in the future.")
        )
    elif round_.closes_at is not None and step.due_at > round_.closes_at:
        faults.append(
            FieldFault(
                "due_at",
                "补正截止时间不得晚于申报截止时间。",
                "The deadline cannot be later than the closing of bids.",
            )
        )
    return faults


def _take_step(
    session: Session, *, round_: Round, step: PaperStep, actor: Actor, moment: datetime
) -> PaperStep:
    # Two evaluators, or an evaluator and the manufacturer, one after the other.
    lock_round(session, round_=round_)
    standing = paper_standing(
        session, round_id=round_.id, organisation_id=step.organisation_id, moment=moment
    )
    wanted = PaperStatus(step.status)
    if wanted not in PAPER_STEPS[standing.status]:
        raise PaperStepError(standing.status, wanted)
    _, step.person_id = signed_in(actor)
    step.round_id = round_.id
    step.reason = step.reason or ""
    step.happened_at = moment
    session.add(step)
    session.flush()
    record(
        session,
        actor=actor,
        action=f"papers-{wanted.value}",
        subject=f"round/{round_.name}/papers/{step.organisation_id}",
        facts={"reason": step.reason},
        moment=moment,
    )
    return step


def papers_of(
    session: Session, *, round_id: int, organisation_id: int
) -> Sequence[EligibilityPaper]:
    """Return a manufacturer's papers that were not replaced, in the order of uploading."""
    own = (
        select(EligibilityPaper)
        .where(EligibilityPaper.round_id == round_id)
        .where(EligibilityPaper.organisation_id == organisation_id)
        .order_by(EligibilityPaper.uploaded_at, EligibilityPaper.id)
    )
    papers = session.scalars(own).all()
    replaced = {paper.replaces_id for paper in papers}
    return [paper for paper in papers if paper.id not in replaced]


def find_paper(session: Session, *, round_id: int, paper_id: int) -> EligibilityPaper:
    """Return a paper of a round.

    Raises:
        NotFoundForActorError: The round has none of this id.
    """
    paper = session.get(EligibilityPaper, paper_id)
    if paper is None or paper.round_id != round_id:
        raise NotFoundForActorError
    return paper


def steps_of(session: Session, *, round_id: int, organisation_id: int) -> Sequence[PaperStep]:
    """Return the steps of the check of a manufacturer's papers, oldest first."""
    own = (
        select(PaperStep)
        .where(PaperStep.round_id == round_id)
        .where(PaperStep.organisation_id == organisation_id)
        .order_by(PaperStep.id)
    )
    return session.scalars(own).all()


def paper_standing(
    session: Session, *, round_id: int, organisation_id: int, moment: datetime
) -> PaperStanding:
    """Return where a manufacturer's papers stand."""
    newest = (
        select(PaperStep)
        .where(PaperStep.round_id == round_id)
        .where(PaperStep.organisation_id == organisation_id)
        .order_by(PaperStep.id.desc())
        .limit(1)
    )
    step = session.scalars(newest).one_or_none()
    return PaperStanding() if step is None else _standing(step, moment)


def _standing(step: PaperStep, moment: datetime) -> PaperStanding:
    overdue = step.due_at is not None and step.due_at <= moment
    return PaperStanding(PaperStatus(step.status), step.reason, step.due_at, overdue)


def applicants(
    session: Session, *, round_id: int, moment: datetime
) -> Sequence[tuple[Organisation, PaperStanding]]:
    """Return whoever handed papers in, with where they stand: for those who check and observe."""
    newest = (
        select(func.max(PaperStep.id))
        .where(PaperStep.round_id == round_id)
        .group_by(PaperStep.organisation_id)
    )
    rows = session.execute(
        select(Organisation, PaperStep)
        .join(PaperStep, PaperStep.organisation_id == Organisation.id)
        .where(PaperStep.id.in_(newest))
        .order_by(Organisation.name)
    )
    return [(organisation, _standing(step, moment)) for organisation, step in rows]
