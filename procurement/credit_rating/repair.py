"""Repairing credit: measures taken, and the end of a grade."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.credit_rating.reading import lock_matter, measures_done
from procurement.credit_rating.rules import Repair, measure_names, repair_of
from procurement.credit_rating.tables import CreditClearance, CreditMatter, RepairStep
from procurement.credit_rating.words import ClearanceKind, GradeWord, Matter
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.notices import notify
from procurement.permissions import Actor
from rulebooks import load_rulebook

TEXT_MAX = 500


class AlreadyClearedError(RefusedError):
    """The grade of the matter is over."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="该事项的评级已清零。", en="The grade of this matter is over already.")


class RepairIncompleteError(RefusedError):
    """Measures that the criteria ask for are not yet taken."""

    def __init__(self, missing: tuple[int, ...], names: dict[int, tuple[str, str]]) -> None:
        """Name what is missing."""
        zh = "、".join(names[measure][0] for measure in missing)
        en = ", ".join(names[measure][1] for measure in missing)
        super().__init__(
            zh=f"尚缺以下纠正措施，不能修复：{zh}。",
            en=f"These measures are missing before the grade can be repaired: {en}.",
        )
        self.missing = missing


def repair_state(session: Session, *, matter: CreditMatter) -> Repair:
    """Say which measures repair the grade of a matter and which are missing."""
    return repair_of(
        Matter(matter.matter),
        GradeWord(matter.grade),
        load_rulebook(matter.scale),
        done=measures_done(session, matter_id=matter.id),
    )


def record_measure(
    session: Session,
    *,
    matter_id: int,
    measure: int,
    done_on: date,
    evidence: str,
    actor: Actor,
    moment: datetime,
) -> RepairStep:
    """Record that the bureau accepts a measure that the firm took; once for each measure.

    Args:
        session: Session of the caller's transaction.
        matter_id: The matter.
        measure: Its number in the scale's list.
        done_on: When the firm took it.
        evidence: What shows it.
        actor: The officer.
        moment: When.

    Returns:
        The stored step; the one that was there already where it is recorded again.

    Raises:
        NotFoundForActorError: There is no such matter.
        AlreadyClearedError: Its grade is over.
        InvalidInputError: The scale has no such measure, or there is no evidence.
    """
    matter = lock_matter(session, matter_id=matter_id)
    refuse_cleared(session, matter)
    faults = [*_text_faults("evidence", evidence)]
    if measure not in measure_names(load_rulebook(matter.scale)):
        faults.append(
            FieldFault("measure", "该标准没有这项措施。", "The scale has no such measure.")
        )
    if done_on > day_in_china(moment):
        faults.append(FieldFault("done_on", "不能晚于今天。", "Cannot lie after today."))
    if faults:
        raise InvalidInputError(faults)
    same = select(RepairStep).where(
        RepairStep.matter_id == matter_id, RepairStep.measure == measure
    )
    stored = session.scalar(same)
    if stored is not None:
        return stored
    step = RepairStep(
        matter_id=matter_id,
        measure=measure,
        done_on=done_on,
        evidence=evidence.strip(),
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(step)
    session.flush()
    facts = {"measure": str(measure)}
    note_on_matter(session, "accept-repair-measure", matter, facts, actor, moment)
    return step


def clear_matter(
    session: Session,
    *,
    matter_id: int,
    kind: ClearanceKind,
    cleared_on: date,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> CreditClearance:
    """End the grade of a matter.

    Where the scale's criteria say which measures repair it, all must have been accepted; where no
    source states them, the officer's reason stands alone.

    Args:
        session: Session of the caller's transaction.
        matter_id: The matter.
        kind: Repaired, ended, or withdrawn.
        cleared_on: First day without the grade.
        reason: Why, and by which document.
        actor: The officer.
        moment: When.

    Returns:
        The stored clearance. The firm is told.

    Raises:
        NotFoundForActorError: There is no such matter.
        AlreadyClearedError: It was cleared before.
        RepairIncompleteError: Measures are missing.
        InvalidInputError: There is no reason, or the day lies before the grade.
    """
    matter = lock_matter(session, matter_id=matter_id)
    refuse_cleared(session, matter)
    faults = [*_text_faults("reason", reason)]
    if cleared_on < matter.in_force_from:
        faults.append(FieldFault("cleared_on", "早于评级生效日。", "Lies before the grade began."))
    if faults:
        raise InvalidInputError(faults)
    repair = repair_state(session, matter=matter)
    if kind is ClearanceKind.REPAIRED and repair.missing:
        raise RepairIncompleteError(repair.missing, measure_names(load_rulebook(matter.scale)))
    clearance = CreditClearance(
        matter_id=matter_id,
        kind=kind,
        cleared_on=cleared_on,
        reason=reason.strip(),
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(clearance)
    session.flush()
    note_on_matter(session, "clear-credit-matter", matter, {"kind": kind}, actor, moment)
    notify(
        session,
        organisation_id=matter.organisation_id,
        zh=f"贵单位的一项信用评级自 {cleared_on.isoformat()} 起清零。",
        en=f"A credit grade of your firm is over from {cleared_on.isoformat()}.",
        link=f"/credit/matters/{matter.id}",
        moment=moment,
    )
    return clearance


def refuse_cleared(session: Session, matter: CreditMatter) -> None:
    """Refuse to go on with a matter whose grade is over.

    Raises:
        AlreadyClearedError: It is.
    """
    cleared = select(CreditClearance.id).where(CreditClearance.matter_id == matter.id)
    if session.scalar(cleared) is not None:
        raise AlreadyClearedError


def _text_faults(field: str, text: str) -> list[FieldFault]:
    if not text.strip():
        return [FieldFault(field, "必填，此处为空。", "Must be given, and is empty.")]
    if len(text.strip()) > TEXT_MAX:
        return [FieldFault(field, f"最多 {TEXT_MAX} 个字。", f"At most {TEXT_MAX} characters.")]
    return []


def note_on_matter(
    session: Session,
    action: str,
    matter: CreditMatter,
    facts: dict[str, str],
    actor: Actor,
    moment: datetime,
) -> None:
    """Record what was done about a matter."""
    record(
        session,
        actor=actor,
        action=action,
        subject=f"credit-matter/{matter.id}",
        facts=facts,
        moment=moment,
    )
