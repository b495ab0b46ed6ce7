"""Splitting a group's report among its members by machine."""

from collections.abc import Mapping

from litestar import get, put
from litestar.params import FromPath, JSONBody

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.volumes.api.reports import PATH, TAGS
from procurement.volumes.api.shapes import PartBody, SplitBody
from procurement.volumes.at_edge import ReportVisit, report_in_view
from procurement.volumes.filling.columns import BRAND, DEMAND, LOT, STRENGTH
from procurement.volumes.filling.form_upload import row_reader
from procurement.volumes.filling.grid import names_of
from procurement.volumes.filling.rows import RowReader
from procurement.volumes.lots import asked_lots
from procurement.volumes.reporting.service import lines_of
from procurement.volumes.reporting.splits import group_of, parts_of, save_parts
from procurement.web import RowId, Visit, reads, writes

Lines = Mapping[tuple[int, int | None], int]


@get(PATH + "/{report_id:int}/split", tags=TAGS)
@reads
def read_split(visit: Visit, name: FromPath[str], report_id: RowId) -> SplitBody:
    """Read how a report is split, as far as it is."""
    return _answer(visit, report_in_view(visit, name, report_id, Action.READ_REPORT))


@put(PATH + "/{report_id:int}/split", tags=TAGS)
@writes
def write_split(
    visit: Visit, name: FromPath[str], report_id: RowId, data: JSONBody[SplitBody]
) -> SplitBody:
    """Split lines among the hospitals of the group; the parts of each add up to it."""
    seen = report_in_view(visit, name, report_id, Action.SPLIT_VOLUMES)
    save_parts(
        visit.session,
        round_=seen.round,
        report=seen.report,
        parts=_parts(visit, seen, data),
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _answer(visit, seen)


def _parts(visit: Visit, seen: ReportVisit, data: SplitBody) -> dict[int, dict[int, int]]:
    session = visit.session
    group = group_of(session, round_=seen.round, report=seen.report, moment=visit.moment)
    hospitals = {hospital.credit_code: hospital.id for hospital in group.hospitals}
    lines = {
        (line.lot_strength_id, line.brand_id): line.id
        for line in lines_of(session, report_id=seen.report.id)
    }
    reader = row_reader(session, round_id=seen.round.id)
    parts: dict[int, dict[int, int]] = {}
    faults: list[FieldFault] = []
    for number, part in enumerate(data.parts):
        line_id, hospital_id = _line(reader, lines, part), hospitals.get(part.hospital)
        if line_id is None or hospital_id is None or part.volume < 0:
            faults.append(
                FieldFault(
                    f"parts[{number}]",
                    "须为报量中的一行、本组的一家机构和不小于 0 的整数。",
                    "Expected a line of the report, a hospital of the group, a number from 0.",
                )
            )
        else:
            parts.setdefault(line_id, {})[hospital_id] = part.volume
    if faults:
        raise InvalidInputError(faults)
    return parts


def _line(reader: RowReader, lines: Lines, part: PartBody) -> int | None:
    row = reader.read(
        {LOT.key: part.lot, STRENGTH.key: part.strength, BRAND.key: part.brand, DEMAND.key: None}
    )
    if row.faults or row.strength_id is None:
        return None
    return lines.get((row.strength_id, row.brand_id))


def _answer(visit: Visit, seen: ReportVisit) -> SplitBody:
    session = visit.session
    group = group_of(session, round_=seen.round, report=seen.report, moment=visit.moment)
    codes = {hospital.id: hospital.credit_code or "" for hospital in group.hospitals}
    lines = {line.id: line for line in lines_of(session, report_id=seen.report.id)}
    brands = names_of(session, [line.brand_id for line in lines.values()])
    places = {
        strength.id: (lot.code, strength.strength)
        for lot in asked_lots(session, round_id=seen.round.id)
        for strength in lot.strengths
    }
    parts = [
        PartBody(
            lot=places[lines[line_id].lot_strength_id][0],
            strength=places[lines[line_id].lot_strength_id][1],
            hospital=codes.get(hospital_id, ""),
            volume=volume,
            brand=brands.get(lines[line_id].brand_id or 0),
        )
        for line_id, by_hospital in parts_of(session, report_id=seen.report.id).items()
        for hospital_id, volume in by_hospital.items()
        if lines[line_id].lot_strength_id in places
    ]
    return SplitBody(version=seen.report.version, parts=parts)


ROUTES = (read_split, write_split)
"""Handlers of the interface."""
