"""Assessing a hospital: its own points with evidence, the bureau's after the visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.files import media_type_of, read_file, store_file, table_type_of
from procurement.permissions import Actor
from procurement.rounds.folder.cells import CellError
from procurement.savings.folder.cells import parse_score
from procurement.savings.rules.assessment import Indicator
from procurement.savings.rules.exact import shown
from procurement.savings.settlements.changing import lock, noted, require_idle, require_status
from procurement.savings.settlements.drafting import require_reason
from procurement.savings.settlements.parameters import SettlementRules, rules_of
from procurement.savings.states import AssessmentStatus, SettlementStatus
from procurement.savings.tables import (
    REASON_LENGTH_MAX,
    AssessmentEntry,
    AssessmentEvidence,
    SavingsAssessment,
    SavingsSettlement,
)

EVIDENCE_BYTES_MAX = 20 * 2**20
EVIDENCE_FILES_MAX = 50
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""By the end of the name, which the content must bear out; other files are refused."""

_VISITED_IN = (
    SettlementStatus.EXTRACTED,
    SettlementStatus.ASSESSED,
    SettlementStatus.COMPUTED,
    # What the visit found is corrected before an objection is upheld.
    SettlementStatus.WITH_HOSPITALS,
)


class AlreadyVisitedError(RefusedError):
    """The bureau has checked the hospital: its own points stand."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            zh="已经现场核查，自评不能再改。",
            en="The bureau has checked on site: the self-assessment stands.",
        )


@dataclass(frozen=True, slots=True)
class Assessing:
    """What somebody gives for an assessment.

    Attributes:
        points: As typed, by indicator.
        notes: What they rest on, by indicator.
        version: Of the assessment that the page showed.
        failed_because: Of a visit: why it is failed whatever the points are; empty else.
    """

    points: Mapping[str, str]
    notes: Mapping[str, str]
    version: int
    failed_because: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that points rest on.

    Attributes:
        file_name: As the browser named it.
        content: The file.
        indicator: What it is about; None for all.
    """

    file_name: str
    content: bytes
    indicator: str | None = None


def assess_self(
    session: Session,
    *,
    settlement: SavingsSettlement,
    assessment: SavingsAssessment,
    given: Assessing,
    actor: Actor,
    moment: datetime,
) -> None:
    """Keep a hospital's own points; it may change them until it is visited.

    Raises:
        InvalidInputError: With every fault.
        StaleError: Somebody else changed it.
        WrongStateError: Assessments are not open.
        AlreadyVisitedError: The bureau has checked it.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.EXTRACTED)
    fresh = _fresh(session, assessment, given.version)
    if fresh.status == AssessmentStatus.VISITED:
        raise AlreadyVisitedError
    points, notes = _read(rules_of(locked), given)
    for indicator, entry in _entries(session, fresh, points).items():
        entry.self_points, entry.self_note = points[indicator], notes[indicator]
    fresh.status = AssessmentStatus.SELF_ASSESSED
    fresh.self_assessed_by, fresh.self_assessed_at = actor.person_id, moment
    fresh.version += 1
    session.flush()
    _note(session, locked, fresh, "assess-self", actor, moment)


def assess_on_site(
    session: Session,
    *,
    settlement: SavingsSettlement,
    assessment: SavingsAssessment,
    given: Assessing,
    actor: Actor,
    moment: datetime,
) -> None:
    """Keep the points of the visit; they count in the place of the hospital's own.

    Raises:
        InvalidInputError: With every fault.
        StaleError: Somebody else changed it.
        WrongStateError: The settlement is a draft, or reported.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, *_VISITED_IN)
    require_idle(session, settlement=locked)
    fresh = _fresh(session, assessment, given.version)
    points, notes = _read(rules_of(locked), given)
    failed = given.failed_because.strip()
    reason = require_reason(failed, field_name="failed_because") if failed else None
    for indicator, entry in _entries(session, fresh, points).items():
        entry.on_site_points, entry.on_site_note = points[indicator], notes[indicator]
    fresh.status, fresh.failed_because = AssessmentStatus.VISITED, reason
    fresh.visited_by, fresh.visited_at = actor.person_id, moment
    fresh.version += 1
    session.flush()
    _note(session, locked, fresh, "assess-on-site", actor, moment)


def hand_in_evidence(
    session: Session,
    *,
    settlement: SavingsSettlement,
    assessment: SavingsAssessment,
    file: EvidenceFile,
    folder: Path,
    actor: Actor,
    moment: datetime,
) -> AssessmentEvidence:
    """Keep a file that points rest on.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        assessment: Of the hospital.
        file: What is handed in.
        folder: The installation's data folder.
        actor: Who hands it in.
        moment: Now, aware.

    Raises:
        InvalidInputError: Another kind of file, too large, or too many.
        WrongStateError: Assessments are not open.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, *_VISITED_IN)
    media_type = MEDIA_TYPES.get(file.file_name.rpartition(".")[2].lower())
    own = evidence_of(session, assessment=assessment)
    names = {one.name for one in rules_of(locked).indicators}
    is_known = file.indicator is None or file.indicator in names
    is_small = 0 < len(file.content) <= EVIDENCE_BYTES_MAX and len(own) < EVIDENCE_FILES_MAX
    # Packed files are looked through, so only those of a size that is taken.
    is_true = is_small and media_type in (media_type_of(file.content), table_type_of(file.content))
    if media_type is None or not is_known or not is_true:
        kinds = ", ".join(MEDIA_TYPES)
        most = EVIDENCE_BYTES_MAX // 2**20
        zh = f"须为 {kinds} 文件，不大于 {most} MB，最多 {EVIDENCE_FILES_MAX} 个。"
        en = f"Expected {kinds}, at most {most} MB, and at most {EVIDENCE_FILES_MAX} files."
        raise InvalidInputError([FieldFault("file", zh, en)])
    row = AssessmentEvidence(
        assessment_id=assessment.id,
        indicator=file.indicator,
        file_name=Path(file.file_name.replace("\\", "/")).name[-200:],
        file_digest=store_file(folder, file.content),
        file_bytes=len(file.content),
        media_type=media_type,
        handed_in_by=actor.person_id,
        handed_in_at=moment,
    )
    session.add(row)
    session.flush()
    _note(session, locked, assessment, "hand-in-evidence", actor, moment)
    return row


def evidence_of(session: Session, *, assessment: SavingsAssessment) -> list[AssessmentEvidence]:
    """Return the files of an assessment."""
    own = AssessmentEvidence.assessment_id == assessment.id
    rows = session.scalars(select(AssessmentEvidence).where(own).order_by(AssessmentEvidence.id))
    return list(rows)


def evidence_content(evidence: AssessmentEvidence, *, folder: Path) -> bytes:
    """Return a file that was handed in.

    Raises:
        StoredFileMissingError: It is not in the data folder, or was changed there.
    """
    return read_file(folder, evidence.file_digest)


def _fresh(session: Session, assessment: SavingsAssessment, version: int) -> SavingsAssessment:
    session.refresh(assessment)
    if assessment.version != version:
        raise StaleError
    return assessment


def _read(rules: SettlementRules, given: Assessing) -> tuple[dict[str, Decimal], dict[str, str]]:
    faults: list[FieldFault] = []
    points: dict[str, Decimal] = {}
    known = {one.name for one in rules.indicators}
    for name in [*given.points, *given.notes]:
        if name not in known:
            faults.append(FieldFault(name[:60], "没有这项指标。", "There is no such indicator."))
    for one in rules.indicators:
        found = _points(one, given.points.get(one.name, ""))
        if isinstance(found, FieldFault):
            faults.append(found)
        else:
            points[one.name] = found
        if len(given.notes.get(one.name, "")) > REASON_LENGTH_MAX:
            zh, en = f"最多 {REASON_LENGTH_MAX} 字。", f"At most {REASON_LENGTH_MAX} characters."
            faults.append(FieldFault(f"{one.name}-note", zh, en))
    if faults:
        raise InvalidInputError(faults)
    return points, {one.name: given.notes.get(one.name, "").strip() for one in rules.indicators}


def _points(indicator: Indicator, text: str) -> Decimal | FieldFault:
    try:
        found = parse_score(text.strip())
    except CellError:
        found = Decimal(-1)
    if 0 <= found <= indicator.points:
        return found
    most = shown(indicator.points)
    zh, en = f"须为 0 到 {most} 的分数。", f"Expected points from 0 to {most}."
    return FieldFault(indicator.name, zh, en)


def _entries(
    session: Session, assessment: SavingsAssessment, points: Mapping[str, Decimal]
) -> dict[str, AssessmentEntry]:
    """An entry for each indicator; those of indicators that no longer count are dropped."""
    rows = session.scalars(
        select(AssessmentEntry).where(AssessmentEntry.assessment_id == assessment.id)
    )
    found: dict[str, AssessmentEntry] = {}
    for row in rows:
        if row.indicator in points:
            found[row.indicator] = row
        else:
            session.delete(row)
    for indicator in points:
        if indicator not in found:
            entry = AssessmentEntry(assessment_id=assessment.id, indicator=indicator)
            session.add(entry)
            found[indicator] = entry
    return found


def _note(
    session: Session,
    settlement: SavingsSettlement,
    assessment: SavingsAssessment,
    action: str,
    actor: Actor,
    moment: datetime,
) -> None:
    facts = {"hospital": str(assessment.hospital_id), "assessment": str(assessment.id)}
    noted(session, settlement=settlement, action=action, actor=actor, moment=moment, facts=facts)
