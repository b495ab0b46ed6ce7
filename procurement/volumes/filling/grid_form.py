"""The grid as it was posted: lines and explanations, or what is wrong at which field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procurement.errors import FieldFault
from procurement.volumes.filling.columns import (
    DEMAND,
    KIND,
    OTHER_QUANTITY,
    OTHER_STRENGTH,
    RATIO,
    RATIO_WHY,
    REASON,
    WHY,
)
from procurement.volumes.filling.fill import Entry, Explanation
from procurement.volumes.filling.rows import (
    CellFault,
    RowRead,
    read_conversion,
    read_need,
    read_reason,
    read_words,
)
from procurement.volumes.lots import AskedLot
from procurement.volumes.reporting.checks import line_key
from procurement.volumes.tables import REASON_LENGTH_MAX

_LINE = re.compile(r"q-([0-9]{1,9})-([0-9]{1,9})")
_EXTRA = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")

FIELDS = {
    DEMAND.key: "q",
    KIND.key: "ck",
    OTHER_STRENGTH.key: "os",
    OTHER_QUANTITY.key: "oq",
    RATIO.key: "cr",
    RATIO_WHY.key: "ct",
}
"""How the fields of a line begin; the line's key follows."""


@dataclass(frozen=True, slots=True)
class PostedGrid:
    """What a page sent.

    Attributes:
        entries: Lines that can be understood.
        explanations: Explanations that can be understood.
        faults: What is wrong, by field.
        extra: Strength and brand of empty lines that the page had added.
    """

    entries: Sequence[Entry]
    explanations: Sequence[Explanation]
    faults: Sequence[FieldFault]
    extra: Sequence[tuple[int, int]]


def read_grid_form(form: Mapping[str, str], lots: Sequence[AskedLot]) -> PostedGrid:
    """Read the posted grid; what a field holds that nobody can read is a fault at that field.

    Args:
        form: The posted fields.
        lots: The lots that are asked for, for the fields of explanations.
    """
    entries, faults, extra = [], [], []
    for name in form:
        found = _LINE.fullmatch(name)
        if found is None:
            continue
        strength_id, brand_id = int(found[1]), int(found[2]) or None
        row = RowRead()
        entry = _entry(row, form, strength_id, brand_id)
        key = line_key(strength_id, brand_id)
        faults += [
            FieldFault(f"{FIELDS[fault.column]}-{key}", fault.zh, fault.en) for fault in row.faults
        ]
        if not row.faults:
            entries.append(entry)
        if brand_id and not form[name]:
            extra.append((strength_id, brand_id))
    explanations = []
    for lot in lots:
        row = RowRead()
        if f"reason-{lot.id}" in form:
            explanation = _explanation(row, form, lot)
            faults += [_explanation_fault(lot, fault) for fault in row.faults]
            if not row.faults:
                explanations.append(explanation)
    return PostedGrid(entries, explanations, faults, extra)


def _entry(row: RowRead, form: Mapping[str, str], strength_id: int, brand_id: int | None) -> Entry:
    key = line_key(strength_id, brand_id)
    cells = {column: form.get(f"{field}-{key}", "") for column, field in FIELDS.items()}
    quantity = read_need(row, cells)
    conversion = read_conversion(row, cells)
    if conversion is not None and quantity is None:
        quantity = 0
    return Entry(
        lot_strength_id=strength_id,
        brand_id=brand_id,
        quantity=quantity,
        conversion=conversion,
        keeps_conversion=f"ck-{key}" not in form,
    )


def _explanation(row: RowRead, form: Mapping[str, str], lot: AskedLot) -> Explanation:
    return Explanation(
        lot_id=lot.id,
        reason_code=read_reason(row, form.get(f"reason-{lot.id}")),
        reason_text=read_words(row, {WHY.key: form.get(f"why-{lot.id}")}, WHY, REASON_LENGTH_MAX),
    )


def _explanation_fault(lot: AskedLot, fault: CellFault) -> FieldFault:
    name = "reason" if fault.column == REASON.key else "why"
    return FieldFault(f"{name}-{lot.id}", fault.zh, fault.en)


def read_extra(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Read the strength and brand of lines that a page shows though they are empty.

    Examples:
        >>> read_extra(["12-7", "nonsense", "3-0"])
        [(12, 7)]
    """
    found = (_EXTRA.fullmatch(text) for text in texts)
    pairs = [(int(match[1]), int(match[2])) for match in found if match]
    return [(strength, brand) for strength, brand in pairs if brand]
