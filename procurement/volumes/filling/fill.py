"""Filling in a report: line by line, kept as a draft on the server."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.errors import FieldFault, InvalidInputError, RefusedError, StaleError
from procurement.volumes.lots import AskedLot, asked_lots
from procurement.volumes.reporting.checks import line_key
from procurement.volumes.reporting.service import (
    explanations_of,
    lines_of,
    lock_report,
    note_change,
)
from procurement.volumes.rules import QUANTITY_MAX, converted_units
from procurement.volumes.states import OPEN_STATUSES
from procurement.volumes.strengths import ConversionKind
from procurement.volumes.tables import VolumeExplanation, VolumeLine, VolumeReport, VolumeSplit


class ReportNotOpenError(RefusedError):
    """A report that was submitted or accepted cannot be changed."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="该报量已提交，不能修改；如需修改，请先撤回，或由采购办退回。",
            en="The report is submitted; take it back first, or have it returned by the bureau.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Need in a strength that the lot does not list."""

    kind: ConversionKind
    strength: str
    quantity: int
    ratio: Decimal
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was filled in for one strength and brand.

    Attributes:
        lot_strength_id: The strength.
        brand_id: The manufacturer, None = by generic name.
        quantity: Minimal units a year. None = nothing, the line goes; beside a conversion None
            leaves the quantity as it is.
        conversion: What is converted from another strength.
        keeps_conversion: Leave the line's conversion as it is.
    """

    lot_strength_id: int
    brand_id: int | None
    quantity: int | None
    conversion: Conversion | None = None
    keeps_conversion: bool = False

    @property
    def key(self) -> str:
        """How form fields name the line."""
        return line_key(self.lot_strength_id, self.brand_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why less of a product is needed; without code and text it goes.

    Attributes:
        lot_id: The product.
        reason_code: One of `procurement.volumes.reasons.REASONS`.
        reason_text: In writing.
        keeps_missing: What is None stays as it is, as an empty cell of a file says nothing.
    """

    lot_id: int
    reason_code: str | None
    reason_text: str | None
    keeps_missing: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """Which state of a report a page shows.

    Attributes:
        version: As it was when the page was made.
        page: Names the page, which saves its draft every few seconds without being loaded again.
    """

    version: int
    page: str | None = None

    def is_current(self, report: VolumeReport) -> bool:
        """Whether nobody but the page itself has changed the report since."""
        is_own = self.page is not None and self.page == report.draft_page
        return is_own or self.version == report.version


def save_entries(
    session: Session,
    *,
    report: VolumeReport,
    entries: Sequence[Entry],
    explanations: Sequence[Explanation] = (),
    seen: Seen | None,
    moment: datetime,
) -> VolumeReport:
    """Keep what was filled in, as a draft; whether it suffices is asked on sending.

    Args:
        session: Session of the caller's transaction.
        report: The report.
        entries: Lines to write; others stay.
        explanations: Explanations to write; others stay.
        seen: What the page showed; None where no page did (a file that was just locked).
        moment: When.

    Returns:
        The report, with its new version.

    Raises:
        StaleError: Somebody else changed it since.
        ReportNotOpenError: It is submitted.
        InvalidInputError: A line names what the round does not ask for.
    """
    lock_report(session, report=report)
    if seen is not None and not seen.is_current(report):
        raise StaleError
    if report.status not in OPEN_STATUSES:
        raise ReportNotOpenError
    lots = asked_lots(session, round_id=report.round_id)
    _refuse_strangers(session, lots, entries, explanations)
    known = {
        line_key(line.lot_strength_id, line.brand_id): line
        for line in lines_of(session, report_id=report.id)
    }
    is_changed = [_write(session, report, entry, known.get(entry.key)) for entry in entries]
    is_changed += _explain(session, report, explanations)
    if any(is_changed):
        note_change(report, moment=moment, page=seen.page if seen else None)
    session.flush()
    return report


def _refuse_strangers(
    session: Session,
    lots: Iterable[AskedLot],
    entries: Sequence[Entry],
    explanations: Sequence[Explanation],
) -> None:
    by_strength = {strength.id: lot for lot in lots for strength in lot.strengths}
    lot_ids = {lot.id for lot in by_strength.values()}
    brands = _manufacturers(session, {entry.brand_id for entry in entries})
    faults = [
        fault
        for entry in entries
        if (fault := _stranger(entry, by_strength.get(entry.lot_strength_id), brands))
    ]
    faults += [
        FieldFault(
            f"reason-{explanation.lot_id}", "本批次没有该品种。", "The round has no such lot."
        )
        for explanation in explanations
        if explanation.lot_id not in lot_ids
    ]
    if faults:
        raise InvalidInputError(faults)


def _stranger(entry: Entry, lot: AskedLot | None, brands: set[int]) -> FieldFault | None:
    field = f"q-{entry.key}"
    if lot is None:
        return FieldFault(field, "本批次没有该规格。", "The round has no such strength.")
    if entry.brand_id is None:
        return None
    if not lot.by_brand:
        zh, en = "该品种只按通用名报量。", "This product is reported by generic name only."
        return FieldFault(field, zh, en)
    if entry.brand_id not in brands:
        return FieldFault(field, "没有该生产企业。", "There is no such manufacturer.")
    return None


def _manufacturers(session: Session, ids: Iterable[int | None]) -> set[int]:
    found = (session.get(Organisation, brand) for brand in ids if brand is not None)
    return {row.id for row in found if row and row.kind == OrganisationKind.MANUFACTURER}


def _write(session: Session, report: VolumeReport, entry: Entry, line: VolumeLine | None) -> bool:
    """Write a line; tell whether anything changed, as pages send all lines again and again."""
    before = None if line is None else _values(line)
    keeps = entry.keeps_conversion and line is not None and line.conversion_kind is not None
    if entry.quantity is None and entry.conversion is None and not keeps:
        if line is not None:
            remove_line(session, line=line)
        return line is not None
    if line is None:
        line = VolumeLine(
            report_id=report.id,
            lot_strength_id=entry.lot_strength_id,
            brand_id=entry.brand_id,
            is_prefilled=False,
            quantity=0,
        )
        session.add(line)
    if entry.quantity is not None:
        line.quantity = entry.quantity
    if not entry.keeps_conversion:
        _convert(line, entry.conversion)
    line.demand = line.quantity + _converted(line)
    if line.demand > QUANTITY_MAX:
        zh, en = "数量过大，请核对。", "The quantity is too large; check it."
        raise InvalidInputError([FieldFault(f"q-{entry.key}", zh, en)])
    if _values(line) == before:
        return False
    line.is_prefilled = False
    line.upload_id = line.upload_row = None
    return True


def _values(line: VolumeLine) -> tuple[object, ...]:
    return (
        line.quantity,
        line.conversion_kind,
        line.other_strength,
        line.other_quantity,
        line.conversion_ratio,
        line.conversion_text,
    )


def _convert(line: VolumeLine, conversion: Conversion | None) -> None:
    line.conversion_kind = conversion.kind if conversion else None
    line.other_strength = conversion.strength if conversion else None
    line.other_quantity = conversion.quantity if conversion else None
    line.conversion_ratio = conversion.ratio if conversion else None
    line.conversion_text = conversion.text if conversion else None


def _converted(line: VolumeLine) -> int:
    if line.other_quantity is None or line.conversion_ratio is None:
        return 0
    return converted_units(line.other_quantity, line.conversion_ratio)


def remove_line(session: Session, *, line: VolumeLine) -> None:
    """Take a line out of a draft, with its parts for members."""
    session.execute(delete(VolumeSplit).where(VolumeSplit.line_id == line.id))
    session.delete(line)


def _explain(
    session: Session, report: VolumeReport, explanations: Sequence[Explanation]
) -> list[bool]:
    known = explanations_of(session, report_id=report.id)
    # A product is explained once; of several explanations the last one counts.
    last = {explanation.lot_id: explanation for explanation in explanations}
    return [
        _explain_product(session, report, explanation, known.get(lot_id))
        for lot_id, explanation in last.items()
    ]


def _explain_product(
    session: Session,
    report: VolumeReport,
    explanation: Explanation,
    row: VolumeExplanation | None,
) -> bool:
    code, text = explanation.reason_code or "", explanation.reason_text or ""
    if row is not None and explanation.keeps_missing:
        code, text = code or row.reason_code, text or row.reason_text
    if not code and not text:
        if row is not None:
            session.delete(row)
        return row is not None
    if row is None:
        row = VolumeExplanation(
            report_id=report.id, lot_id=explanation.lot_id, reason_code="", reason_text=""
        )
        session.add(row)
    is_changed = (row.reason_code, row.reason_text) != (code, text)
    row.reason_code, row.reason_text = code, text
    return is_changed
