"""From a row's cells to the line that is meant, or to what is wrong, cell by cell."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from procurement.catalogue.rules import read_strength
from procurement.volumes.cells import Fault, clean, read_quantity, read_ratio, read_text
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
    Column,
)
from procurement.volumes.filling.fill import Conversion, Entry, Explanation
from procurement.volumes.lots import AskedLot, AskedStrength
from procurement.volumes.reasons import find_reason
from procurement.volumes.strengths import CONVERSION_NAMES, ConversionKind
from procurement.volumes.tables import REASON_LENGTH_MAX, STRENGTH_LENGTH_MAX

Cells = Mapping[str, object]

_CONVERSION_KEYS = tuple(
    column.key for column in (KIND, OTHER_STRENGTH, OTHER_QUANTITY, RATIO, RATIO_WHY)
)
_SELDOM_KEYS = (REASON.key, WHY.key, *_CONVERSION_KEYS)
"""Cells that nearly every row of a large file leaves empty."""

REMEMBERED_MAX = 20_000
"""Look-ups that are remembered: more than the strengths and brands of any round."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell of a row."""

    column: str
    zh: str
    en: str


@dataclass(slots=True)
class RowRead:
    """What a row says.

    Attributes:
        faults: What is wrong; then there is no entry.
        entry: The line, None also for a row without any need.
        explanation: Why less is needed, if the row says so.
        strength_id: The strength that is meant, once it is known.
        brand_id: The manufacturer that is meant.
    """

    faults: list[CellFault] = field(default_factory=list)
    entry: Entry | None = None
    explanation: Explanation | None = None
    strength_id: int | None = None
    brand_id: int | None = None

    def refuse(self, column: Column, fault: Fault) -> None:
        """Note a fault of a cell."""
        self.faults.append(CellFault(column.key, fault.zh, fault.en))


@dataclass(frozen=True, slots=True)
class Manufacturer:
    """A manufacturer that a brand may name."""

    id: int
    name: str
    short_name: str
    credit_code: str | None


class RowReader:
    """Reads the rows of one round's files; what was looked up once is remembered."""

    def __init__(self, lots: Sequence[AskedLot], manufacturers: Iterable[Manufacturer]) -> None:
        """Prepare the look-ups."""
        self._lots = {name_key(lot.code): lot for lot in lots}
        self._brands: dict[str, int | None] = {}
        for maker in manufacturers:
            # A short name that two bear names neither of them.
            for name in {maker.name, maker.short_name, maker.credit_code or ""}:
                known = self._brands.setdefault(name_key(name), maker.id)
                if known != maker.id:
                    self._brands[name_key(name)] = None
        self._places: dict[tuple[object, object], _Place] = {}
        self._brand_ids: dict[object, int | Fault | None] = {}

    def lot(self, code: str) -> AskedLot | None:
        """Find a lot by its code."""
        return self._lots.get(name_key(code))

    def read(self, cells: Cells) -> RowRead:
        """Read a row."""
        row = RowRead()
        place = self._place(cells.get(LOT.key), cells.get(STRENGTH.key))
        if place.fault is not None and place.column is not None:
            row.refuse(place.column, place.fault)
        brand_id = self._brand(row, cells.get(BRAND.key), place.lot)
        quantity = read_need(row, cells)
        conversion = reason = text = None
        if any(map(cells.get, _SELDOM_KEYS)):
            conversion = read_conversion(row, cells)
            reason = read_reason(row, cells.get(REASON.key))
            text = read_words(row, cells, WHY, REASON_LENGTH_MAX)
        if row.faults or place.strength is None or place.lot is None:
            return row
        row.strength_id, row.brand_id = place.strength.id, brand_id
        if quantity is not None or conversion is not None:
            row.entry = Entry(
                lot_strength_id=place.strength.id,
                brand_id=brand_id,
                quantity=quantity,
                conversion=conversion,
                keeps_conversion=conversion is None,
            )
        if reason or text:
            row.explanation = Explanation(lot_id=place.lot.id, reason_code=reason, reason_text=text)
        return row

    def _place(self, lot_cell: object, strength_cell: object) -> "_Place":
        known = self._places.get((lot_cell, strength_cell))
        if known is None:
            # A file full of nonsense must not fill the memory.
            if len(self._places) >= REMEMBERED_MAX:
                self._places.clear()
            known = self._find_place(clean(lot_cell), clean(strength_cell))
            self._places[lot_cell, strength_cell] = known
        return known

    def _find_place(self, code: str, label: str) -> "_Place":
        lot = self._lots.get(name_key(code))
        if lot is None:
            zh = f"本批次没有品种编号“{code}”。" if code else "请填写品种编号。"
            en = f"The round has no lot “{code}”." if code else "Expected the code of a lot."
            return _Place(None, None, LOT, Fault(zh, en))
        strength = find_strength(lot.strengths, label)
        if strength is None:
            labels = "、".join(known.strength for known in lot.strengths)
            fault = Fault(
                f"该品种没有规格“{label}”，应为：{labels}。",
                f"The lot has no strength “{label}”; expected {labels}.",
            )
            return _Place(lot, None, STRENGTH, fault)
        return _Place(lot, strength)

    def _brand(self, row: RowRead, cell: object, lot: AskedLot | None) -> int | None:
        if cell is None or cell == "":
            return None
        found = self._brand_ids.get(cell, 0)
        if found == 0:
            if len(self._brand_ids) >= REMEMBERED_MAX:
                self._brand_ids.clear()
            found = self._brand_ids[cell] = self._find_brand(clean(cell))
        if isinstance(found, Fault):
            row.refuse(BRAND, found)
            return None
        if found is not None and lot is not None and not lot.by_brand:
            zh, en = "该品种只按通用名报量。", "This product is reported by generic name only."
            row.refuse(BRAND, Fault(zh, en))
        return found

    def _find_brand(self, name: str) -> int | Fault | None:
        if not name:
            return None
        found = self._brands.get(name_key(name))
        return found if found is not None else _no_brand(name)


def _no_brand(name: str) -> Fault:
    return Fault(
        f"没有名为“{name}”的生产企业，请填写全称或统一社会信用代码。",
        f"No manufacturer is called “{name}”; write its full name or credit code.",
    )


@dataclass(frozen=True, slots=True)
class _Place:
    lot: AskedLot | None
    strength: AskedStrength | None
    column: Column | None = None
    fault: Fault | None = None


def name_key(text: str) -> str:
    """Make names comparable: narrow characters, no blanks, no case.

    Examples:
        >>> name_key("Ｌ０１ "), name_key("0.25 G")
        ('l01', '0.25g')
    """
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")


def find_strength(strengths: Sequence[AskedStrength], label: str) -> AskedStrength | None:
    """Find a strength by its label, however it is spelled: ``0.25g`` is ``250mg``.

    Without a label the only strength of a lot is meant.

    Examples:
        >>> from decimal import Decimal
        >>> known = AskedStrength(1, 1, "250mg", Decimal(1))
        >>> find_strength([known], "0.25 g") is known, find_strength([known], "") is known
        (True, True)
        >>> find_strength([known], "500mg") is None
        True
    """
    if not label:
        return strengths[0] if len(strengths) == 1 else None
    wanted = name_key(label)
    for strength in strengths:
        if name_key(strength.strength) == wanted:
            return strength
    content = _content(label)
    same = [one for one in strengths if content and _content(one.strength) == content]
    return same[0] if len(same) == 1 else None


def _content(label: str) -> tuple[object, ...] | None:
    strength = read_strength(label)
    if strength is None:
        return None
    amounts = (*strength.contents, strength.total)
    return tuple((amount.measure, amount.size) if amount else None for amount in amounts)


def read_need(row: RowRead, cells: Cells) -> int | None:
    """Read the need, noting a fault in the row."""
    cell = cells.get(DEMAND.key)
    if isinstance(cell, str) and cell.isascii() and cell.isdigit() and len(cell) <= 12:
        # Nearly every cell of a large file.
        return int(cell)
    return _quantity(row, cells, DEMAND)


def _quantity(row: RowRead, cells: Cells, column: Column) -> int | None:
    read = read_quantity(cells.get(column.key))
    if read.fault is not None:
        row.refuse(column, read.fault)
    return read.value


def read_words(row: RowRead, cells: Cells, column: Column, length_max: int) -> str | None:
    """Read a text, noting a fault in the row."""
    cell = cells.get(column.key)
    if cell is None or cell == "":
        return None
    read = read_text(cell, length_max=length_max)
    if read.fault is not None:
        row.refuse(column, read.fault)
    return read.value


def read_reason(row: RowRead, cell: object) -> str | None:
    """Read the code of a reason, noting a fault in the row."""
    text = clean(cell)
    if not text:
        return None
    reason = find_reason(text)
    if reason is None:
        fault = Fault(
            f"“{text[:40]}”不在原因列表中，请从列表选择。",
            f"“{text[:40]}” is not in the list of reasons; choose from it.",
        )
        row.refuse(REASON, fault)
        return None
    return reason.code


def read_conversion(row: RowRead, cells: Cells) -> Conversion | None:
    """Read what is converted from another strength, noting faults in the row."""
    if not any(map(cells.get, _CONVERSION_KEYS)):
        return None
    before = len(row.faults)
    kind = _kind(row, cells.get(KIND.key))
    strength = read_words(row, cells, OTHER_STRENGTH, STRENGTH_LENGTH_MAX)
    quantity = _quantity(row, cells, OTHER_QUANTITY)
    ratio = read_ratio(cells.get(RATIO.key))
    if ratio.fault is not None:
        row.refuse(RATIO, ratio.fault)
    text = read_words(row, cells, RATIO_WHY, REASON_LENGTH_MAX)
    if len(row.faults) > before:
        return None
    parts = ((KIND, kind), (OTHER_STRENGTH, strength), (OTHER_QUANTITY, quantity))
    for column, value in (*parts, (RATIO, ratio.value)):
        if value is None:
            fault = Fault(f"折算时须填写“{column.zh}”。", f"A conversion needs its {column.en}.")
            row.refuse(column, fault)
    if kind is None or strength is None or quantity is None or ratio.value is None:
        return None
    return Conversion(kind=kind, strength=strength, quantity=quantity, ratio=ratio.value, text=text)


def _kind(row: RowRead, cell: object) -> ConversionKind | None:
    text = clean(cell).casefold()
    if not text:
        return None
    for kind, names in CONVERSION_NAMES.items():
        if text in (kind.value, *(clean(name).casefold() for name in names)):
            return kind
    expected = "、".join(names[0] for names in CONVERSION_NAMES.values())
    expected_en = ", ".join(names[1] for names in CONVERSION_NAMES.values())
    row.refuse(KIND, Fault(f"应为：{expected}。", f"Expected one of: {expected_en}."))
    return None
