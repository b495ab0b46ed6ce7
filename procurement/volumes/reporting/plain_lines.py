"""Lines of many reports at once, without the cost of mapped objects."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.volumes.strengths import ConversionKind
from procurement.volumes.tables import VolumeLine


class PlainLine(NamedTuple):
    """A line as it is read for checking; `VolumeLine` describes its columns."""

    report_id: int
    lot_strength_id: int
    brand_id: int | None
    quantity: int
    demand: int
    conversion_kind: ConversionKind | None
    other_strength: str | None
    other_quantity: int | None
    conversion_ratio: Decimal | None
    conversion_text: str | None
    upload_id: int | None
    upload_row: int | None


AnyLine = VolumeLine | PlainLine


def plain_lines(session: Session, *, report_ids: Sequence[int]) -> dict[int, list[PlainLine]]:
    """Return the lines of several reports; a report without lines has an empty list."""
    table = VolumeLine.__table__
    columns = [table.c[name] for name in PlainLine._fields]
    lines: dict[int, list[PlainLine]] = {report_id: [] for report_id in report_ids}
    for row in session.execute(select(*columns).where(VolumeLine.report_id.in_(report_ids))):
        line = PlainLine(*row)
        lines[line.report_id].append(line)
    return lines
