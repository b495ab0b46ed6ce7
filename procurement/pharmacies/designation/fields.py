"""Checking texts and days that decisions are made of."""

from datetime import date

from procurement.catalogue.csv_lines import Column, Row, cell_place
from procurement.errors import FieldFault
from procurement.pharmacies.designation.tables import DOCUMENT_LENGTH_MAX, REASON_LENGTH_MAX

FIRST_YEAR, LAST_YEAR = 2000, 2200


def reason_faults(reason: str, *, field: str = "reason") -> list[FieldFault]:
    """Return what is wrong with a reason that must be given.

    Examples:
        >>> [fault.field for fault in reason_faults(" ")], reason_faults("冷链记录不全")
        (['reason'], [])
    """
    return _text_faults(field, reason, REASON_LENGTH_MAX, "请写明理由", "Give the reason")


def document_faults(document: str, *, field: str = "document") -> list[FieldFault]:
    """Return what is wrong with the number of a document that must be given.

    Examples:
        >>> document_faults("穗医保函〔2022〕1号")
        []
    """
    return _text_faults(
        field, document, DOCUMENT_LENGTH_MAX, "请写明文号或协议编号", "Give its number"
    )


def _text_faults(field: str, text: str, most: int, zh: str, en: str) -> list[FieldFault]:
    if 0 < len(text.strip()) <= most:
        return []
    return [FieldFault(field, f"{zh}，不超过 {most} 字。", f"{en}, in at most {most} characters.")]


def span_faults(
    starts_on: date | None, ends_on: date | None, *, names: tuple[str, str], open_end: bool = True
) -> list[FieldFault]:
    """Return what is wrong with two days of which the second must not come first.

    Args:
        starts_on: The first; it must be given.
        ends_on: The last.
        names: Fields of both.
        open_end: Whether the last may be missing.

    Examples:
        >>> faults = span_faults(date(2027, 2, 1), date(2027, 1, 1), names=("from", "until"))
        >>> [fault.en for fault in faults]
        ['Ends before it begins (2027-02-01).']
    """
    faults = []
    if starts_on is None or not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        faults.append(FieldFault(names[0], "请填写日期。", "Give the day."))
    if ends_on is None and not open_end:
        faults.append(FieldFault(names[1], "请填写日期。", "Give the day."))
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        zh = f"结束早于开始（{starts_on}）。"
        faults.append(FieldFault(names[1], zh, f"Ends before it begins ({starts_on})."))
    return faults


def day_of_cell(row: Row, column: Column, faults: list[FieldFault]) -> date | None:
    """Read the day in a cell of a list; what is none is added to the faults."""
    text = row.cells.get(column.key, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        zh, en = "须为日期，如 2027-03-01。", "Expected a day such as 2027-03-01."
        faults.append(FieldFault(cell_place(row.number, column), zh, en))
        return None
