"""Reports by machine: the list, one report, filling it in."""

from decimal import Decimal
from typing import Annotated

from litestar import get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError
from procurement.volumes.api.shapes import (
    ExplanationBody,
    LineAnswer,
    LineBody,
    LinesBody,
    ProductAnswer,
    ReportAnswer,
    ReportEntry,
    ReportPage,
)
from procurement.volumes.at_edge import ReportVisit, public_round, report_in_view, round_in_view
from procurement.volumes.cells import storable
from procurement.volumes.filling.columns import (
    BRAND,
    DEMAND,
    KIND,
    LOT,
    OTHER_QUANTITY,
    OTHER_STRENGTH,
    RATIO,
    RATIO_WHY,
    REASON,
    STRENGTH,
    WHY,
)
from procurement.volumes.filling.fill import Entry, Explanation, Seen, save_entries
from procurement.volumes.filling.form_upload import row_reader
from procurement.volumes.filling.grid import Grid, GridProduct, read_grid
from procurement.volumes.filling.rows import RowRead, RowReader, read_reason, read_words
from procurement.volumes.known_needs import installed
from procurement.volumes.place import read_place, write_place
from procurement.volumes.reporting.listing import ReportFilter, list_reports
from procurement.volumes.reporting.service import start_report
from procurement.volumes.reporting.submit import number_of
from procurement.volumes.rules import region_prefix
from procurement.volumes.states import ReportStatus
from procurement.volumes.subjects import hospital_subject, visible_division
from procurement.volumes.tables import REASON_LENGTH_MAX
from procurement.volumes.window import due_at
from procurement.web import Cursor, PageSize, RowId, Visit, reads, writes

TAGS = ["volumes"]
PATH = "/api/v1/rounds/{name:str}/volume-reports"

StatusFilter = Annotated[ReportStatus | None, QueryParameter(name="status")]
RegionFilter = Annotated[str | None, QueryParameter(name="region", pattern=r"^[0-9]{6}$")]
Words = Annotated[str, QueryParameter(name="hospital", max_length=100)]

_LINE_FIELDS = {
    LOT.key: "lot",
    STRENGTH.key: "strength",
    BRAND.key: "brand",
    DEMAND.key: "quantity",
    KIND.key: "conversion.kind",
    OTHER_STRENGTH.key: "conversion.strength",
    OTHER_QUANTITY.key: "conversion.quantity",
    RATIO.key: "conversion.ratio",
    RATIO_WHY.key: "conversion.explanation",
    REASON.key: "reason",
    WHY.key: "text",
}


@get(PATH, tags=TAGS)
@reads
def list_volume_reports(
    visit: Visit,
    name: FromPath[str],
    status: StatusFilter = None,
    region: RegionFilter = None,
    hospital: Words = "",
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> ReportPage:
    """List the reports of a round, those first that have waited longest."""
    round_ = round_in_view(visit, name, Action.READ_REPORT)
    own = visible_division(round_, visit.actor)
    is_inside = region is not None and region.startswith(region_prefix(own))
    page = list_reports(
        visit.session,
        round_=round_,
        wanted=ReportFilter(
            division=region if is_inside and region else own,
            status=status,
            text=storable(hospital).strip(),
        ),
        after=read_place(cursor) if cursor else None,
        size=page_size,
    )
    items = [
        ReportEntry(
            row.report.id,
            row.hospital,
            row.division,
            row.report.status,
            row.report.changed_at,
            row.report.submissions,
        )
        for row in page.rows
    ]
    return ReportPage(items, write_place(*page.following) if page.following else None)


@post(PATH, tags=TAGS)
@writes
def start_volume_report(visit: Visit, name: FromPath[str]) -> ReportAnswer:
    """Begin the report of the token's hospital; the one that exists, if it was begun."""
    visit.require(Action.READ_CALENDAR)
    round_ = public_round(visit, name)
    hospital = visit.session.get(Organisation, visit.actor.organisation_id)
    if hospital is None:
        raise NotFoundForActorError
    subject = hospital_subject(visit.session, round_=round_, hospital=hospital, moment=visit.moment)
    visit.require(Action.REPORT_VOLUMES, subject)
    report = start_report(
        visit.session,
        round_=round_,
        hospital=hospital,
        actor=visit.actor,
        moment=visit.moment,
        needs=installed(),
    )
    return answer_of(visit, ReportVisit(round_, report, hospital, subject))


@get(PATH + "/{report_id:int}", tags=TAGS)
@reads
def read_volume_report(visit: Visit, name: FromPath[str], report_id: RowId) -> ReportAnswer:
    """Read a report beside past use."""
    return answer_of(visit, report_in_view(visit, name, report_id, Action.READ_REPORT))


@put(PATH + "/{report_id:int}/lines", tags=TAGS)
@writes
def write_lines(
    visit: Visit, name: FromPath[str], report_id: RowId, data: JSONBody[LinesBody]
) -> ReportAnswer:
    """Fill in lines and explanations of a draft."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    reader = row_reader(visit.session, round_id=seen.round.id)
    faults: list[FieldFault] = []
    entries = [
        entry
        for number, line in enumerate(data.lines)
        if (entry := _entry(reader, line, number, faults)) is not None
    ]
    explanations = [
        made
        for number, said in enumerate(data.explanations)
        if (made := _explanation(reader, said, number, faults)) is not None
    ]
    if faults:
        raise InvalidInputError(faults)
    save_entries(
        visit.session,
        report=seen.report,
        entries=entries,
        explanations=explanations,
        seen=Seen(data.version),
        moment=visit.moment,
    )
    return answer_of(visit, seen)


def _entry(
    reader: RowReader, line: LineBody, number: int, faults: list[FieldFault]
) -> Entry | None:
    made = line.conversion
    cells: dict[str, object] = {
        LOT.key: line.lot,
        STRENGTH.key: line.strength,
        BRAND.key: line.brand,
        DEMAND.key: line.quantity,
    }
    if made is not None:
        cells |= {
            KIND.key: made.kind,
            OTHER_STRENGTH.key: made.strength,
            OTHER_QUANTITY.key: made.quantity,
            RATIO.key: f"{made.ratio:f}" if made.ratio.is_finite() else str(made.ratio),
            RATIO_WHY.key: made.explanation,
        }
    row = reader.read(cells)
    faults += [
        FieldFault(f"lines[{number}].{_LINE_FIELDS[fault.column]}", fault.zh, fault.en)
        for fault in row.faults
    ]
    if row.faults or row.strength_id is None:
        return None
    return Entry(
        lot_strength_id=row.strength_id,
        brand_id=row.brand_id,
        quantity=line.quantity,
        conversion=row.entry.conversion if row.entry else None,
    )


def _explanation(
    reader: RowReader, said: ExplanationBody, number: int, faults: list[FieldFault]
) -> Explanation | None:
    field = f"explanations[{number}]"
    lot = reader.lot(said.lot)
    if lot is None:
        faults.append(FieldFault(f"{field}.lot", "本批次没有该品种。", "There is no such lot."))
        return None
    row = RowRead()
    reason = read_reason(row, said.reason)
    text = read_words(row, {WHY.key: said.text}, WHY, REASON_LENGTH_MAX)
    faults += [
        FieldFault(f"{field}.{_LINE_FIELDS[fault.column]}", fault.zh, fault.en)
        for fault in row.faults
    ]
    return Explanation(lot_id=lot.id, reason_code=reason, reason_text=text)


def answer_of(visit: Visit, seen: ReportVisit) -> ReportAnswer:
    """A report as the interface gives it."""
    report = seen.report
    grid = read_grid(visit.session, round_=seen.round, report=report, moment=visit.moment)
    return ReportAnswer(
        id=report.id,
        number=number_of(seen.round, report),
        hospital=seen.hospital.name,
        status=report.status,
        version=report.version,
        due_at=due_at(seen.round, report),
        digest=report.digest,
        return_reason=report.return_reason,
        lines=[line for product in grid.products for line in _lines(grid, product)],
        products=[_product(product) for product in grid.products],
    )


def _lines(grid: Grid, product: GridProduct) -> list[LineAnswer]:
    return [
        LineAnswer(
            lot=product.lot.code,
            product=product.lot.product,
            strength=line.strength.strength,
            unit=product.lot.unit,
            brand=line.brand or None,
            demand=line.line.demand if line.line else None,
            uses={str(year): use for year, use in zip(grid.years, line.uses, strict=True)},
        )
        for line in product.lines
    ]


def _product(product: GridProduct) -> ProductAnswer:
    line, said = product.checked.line, product.explanation
    ratio = line.ratio
    return ProductAnswer(
        lot=product.lot.code,
        ratio=None if ratio is None else Decimal(ratio.numerator) / Decimal(ratio.denominator),
        minimum=line.minimum_units,
        needs_explanation=line.needs_explanation,
        reason=said.reason_code if said else None,
        explanation=said.reason_text if said else None,
    )


ROUTES = (list_volume_reports, start_volume_report, read_volume_report, write_lines)
"""Handlers of the interface."""
