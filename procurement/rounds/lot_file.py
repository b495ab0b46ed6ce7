"""Files of lots, CSV or Excel: read into lots, with every fault by row and column."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from bidding.bid_sheet import Category, DosageForm
from procurement.errors import FieldFault
from procurement.files import PackedFileRefusedError, PackedTooLargeError, check_packed
from procurement.rounds.lots import LotFacts, StrengthFacts

ROWS_MAX = 5_000
BYTES_MAX = 5_000_000
UNPACKED_BYTES_MAX = 100_000_000
FAULTS_SHOWN = 200
ENCODINGS = ("utf-8", "gb18030")

COLUMNS: Mapping[str, tuple[str, str]] = {
    "lot": ("品种编号", "identifier in the round, such as L01"),
    "product": ("品种", "generic name and dosage form"),
    "unit": ("最小单位", "minimal unit, such as 片"),
    "strength": ("规格", "strength, such as 10mg"),
    "strength_ratio": ("含量比", "content relative to the main strength"),
    "price_ceiling": ("最高有效申报价", "ceiling, yuan per unit of this strength"),
    "benchmark_price": ("基准价", "benchmark of an inquiry, yuan per unit"),
    "dosage_form": ("剂型类别", ", ".join(DosageForm)),
    "category": ("品种类别", ", ".join(Category)),
    "daily_dose": ("日剂量", "units of the main strength a day"),
    "by_brand": ("可按品牌报量", "1 or 0"),
}
"""Columns by the name that ``lots.csv`` of a round folder uses, and the Chinese heading."""

NEEDED = ("lot", "product", "unit", "strength", "strength_ratio")

_OF_THE_LOT = ("product", "unit", "dosage_form", "category", "daily_dose", "by_brand")

_FORM_WORDS: Mapping[str, str] = {
    "口服固体制剂": DosageForm.ORAL_SOLID,
    "小容量注射剂": DosageForm.SMALL_INJECTION,
    "大容量注射剂": DosageForm.LARGE_INJECTION,
    "其他": DosageForm.OTHER,
}
_CATEGORY_WORDS: Mapping[str, str] = {
    "一般": Category.GENERAL,
    "限制": Category.RESTRICTED,
    "特殊": Category.SPECIAL,
}
_YES_NO = {"1": True, "是": True, "0": False, "否": False, "": False}

Cells = Sequence[str]

_ZIP = b"PK\x03\x04"
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


@dataclass(slots=True)
class LotFile:
    """What a file of lots holds.

    Attributes:
        lots: In the order of the file; only those without a fault.
        faults: Every fault, its place as ``第 3 行，规格``.
        rows: Rows below the heading.
        more_faults: Faults beyond those that are kept.
    """

    lots: list[LotFacts] = field(default_factory=list)
    faults: list[FieldFault] = field(default_factory=list)
    rows: int = 0
    more_faults: int = 0

    def fault(self, row: int | None, column: str, zh: str, en: str) -> None:
        """Note a fault at a row (its number in the file) and a column."""
        if len(self.faults) >= FAULTS_SHOWN:
            self.more_faults += 1
            return
        heading = COLUMNS[column][0] if column in COLUMNS else column
        place = heading if row is None else f"第 {row} 行，{heading}"
        self.faults.append(FieldFault(place, zh, en))


def read_lot_file(file: BinaryIO, *, encoding: str = "utf-8") -> LotFile:
    """Read a file of lots, one line for each strength.

    Args:
        file: Its bytes; the first of them tell Excel (``.xlsx``) from CSV.
        encoding: Of a CSV file.

    Returns:
        The lots and every fault; a fault never raises.
    """
    found = LotFile()
    content = file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        most = BYTES_MAX // 1_000_000
        found.fault(None, "file", f"文件超过 {most} MB。", f"The file is larger than {most} MB.")
        return found
    is_workbook = content.startswith(_ZIP)
    rows = _workbook_rows(content, found) if is_workbook else _csv_rows(content, encoding, found)
    return read_lot_rows(rows, found)


def read_lot_rows(rows: Sequence[Cells], found: LotFile | None = None) -> LotFile:
    """Read rows of cells, the heading first.

    Examples:
        >>> heading = ["lot", "product", "unit", "strength", "strength_ratio", "price_ceiling"]
        >>> read = read_lot_rows([heading, ["L01", "阿那曲唑", "片", "1mg", "1", "12.5"]])
        >>> read.lots[0].strengths[0].price_ceiling
        Decimal('12.5')
        >>> bad = read_lot_rows([heading, ["L01", "阿那曲唑", "片", "1mg", "一", ""]])
        >>> [(fault.field, fault.en) for fault in bad.faults]
        [('第 2 行，含量比', 'Expected a number above zero, such as 0.5.')]
    """
    found = found or LotFile()
    if found.faults:
        return found
    if not rows:
        found.fault(None, "file", "文件为空。", "The file is empty.")
        return found
    columns = _columns(rows[0], found)
    if found.faults:
        return found
    _read_body(rows[1:], columns, found)
    if not found.rows:
        zh, en = "表头之下没有内容。", "There is nothing below the heading."
        found.fault(None, "file", zh, en)
    return found


def _read_body(rows: Sequence[Cells], columns: Mapping[str, int], found: LotFile) -> None:
    drafts: dict[str, _Draft] = {}
    for number, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        found.rows += 1
        if found.rows > ROWS_MAX:
            zh, en = f"超过 {ROWS_MAX} 行。", f"More than {ROWS_MAX} rows."
            found.fault(number, "file", zh, en)
            return
        row = {
            name: _plain(cells[place]) if place < len(cells) else ""
            for name, place in columns.items()
        }
        _read_row(number, row, drafts, found)
    found.lots = [draft.facts(code) for code, draft in drafts.items() if not draft.is_broken]


def _plain(cell: str) -> str:
    """A cell without blanks around it, and without the mark that keeps it from being a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


@dataclass(slots=True)
class _Draft:
    """What the rows of one lot say together."""

    row: Mapping[str, str]
    values: Mapping[str, object]
    strengths: list[StrengthFacts] = field(default_factory=list)
    is_broken: bool = False

    def facts(self, code: str) -> LotFacts:
        return LotFacts(
            code=code,
            product=self.row["product"],
            unit=self.row["unit"],
            strengths=tuple(self.strengths),
            dosage_form=_text_or_none(self.values["dosage_form"]),
            category=str(self.values["category"]),
            daily_dose=_decimal_or_none(self.values["daily_dose"]),
            by_brand=self.values["by_brand"] is True,
        )


def _read_row(
    number: int, row: Mapping[str, str], drafts: dict[str, _Draft], found: LotFile
) -> None:
    before = len(found.faults) + found.more_faults
    for name in ("lot", "product", "unit", "strength"):
        if not row[name]:
            found.fault(number, name, "不能为空。", "Expected a text, not an empty cell.")
    values = {name: _value(number, name, row.get(name, ""), found) for name in _PARSERS}
    draft = drafts.setdefault(row["lot"], _Draft(row, values))
    for name in _OF_THE_LOT:
        if row.get(name, "") != draft.row.get(name, ""):
            zh, en = "与同一品种前面的行不一致。", "Differs from an earlier row of the same lot."
            found.fault(number, name, zh, en)
    if any(one.strength == row["strength"] for one in draft.strengths):
        zh, en = "该品种已有这个规格。", "The lot has this strength already."
        found.fault(number, "strength", zh, en)
    ratio = _decimal_or_none(values["strength_ratio"])
    if len(found.faults) + found.more_faults > before or ratio is None:
        draft.is_broken = True
        return
    draft.strengths.append(
        StrengthFacts(
            strength=row["strength"],
            ratio=ratio,
            price_ceiling=_decimal_or_none(values["price_ceiling"]),
            benchmark_price=_decimal_or_none(values["benchmark_price"]),
        )
    )


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _decimal_or_none(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


class _CellError(ValueError):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def _value(number: int, name: str, cell: str, found: LotFile) -> object:
    try:
        return _PARSERS[name](cell)
    except _CellError as fault:
        found.fault(number, name, fault.zh, fault.en)
        return None


def _number(cell: str) -> Decimal:
    try:
        value = Decimal(cell) if cell.isascii() else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value <= 0 or any(mark in cell for mark in "eE_+-"):
        raise _CellError(
            "须为大于 0 的数，例如 0.5。", "Expected a number above zero, such as 0.5."
        )
    return value


def _number_or_empty(cell: str) -> Decimal | None:
    return _number(cell) if cell else None


def _word(words: Mapping[str, str], *, empty: str) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if not cell:
            return empty
        if cell in words.values():
            return cell
        if cell not in words:
            raise _CellError(
                f"须为{'、'.join(words)}之一。", f"Expected one of {', '.join(words.values())}."
            )
        return words[cell]

    return parse


def _yes_no(cell: str) -> bool:
    if cell not in _YES_NO:
        raise _CellError("须为 1（是）或 0（否）。", "Expected 1 (yes) or 0 (no).")
    return _YES_NO[cell]


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "strength_ratio": _number,
    "price_ceiling": _number_or_empty,
    "benchmark_price": _number_or_empty,
    "dosage_form": _word(_FORM_WORDS, empty=""),
    "category": _word(_CATEGORY_WORDS, empty=Category.GENERAL),
    "daily_dose": _number_or_empty,
    "by_brand": _yes_no,
}


def _columns(heading: Cells, found: LotFile) -> Mapping[str, int]:
    names = {zh: name for name, (zh, _) in COLUMNS.items()}
    columns: dict[str, int] = {}
    for place, cell in enumerate(heading):
        title = cell.strip().removeprefix("\ufeff")
        name = names.get(title, title)
        if not title:
            continue
        if name not in COLUMNS:
            known = "、".join(zh for zh, _ in COLUMNS.values())
            zh = f"“{title}”不是本表的列；可用的列：{known}。"
            found.fault(1, title, zh, f"Expected only {', '.join(COLUMNS)}.")
        elif name in columns:
            found.fault(1, name, "该列出现两次。", "This column is there twice.")
        else:
            columns[name] = place
    for name in NEEDED:
        if name not in columns:
            found.fault(1, name, "缺少这一列。", "This column is missing.")
    return columns


def _csv_rows(content: bytes, encoding: str, found: LotFile) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        zh = "文字编码不符：请另存为 UTF-8，或选择 GB18030。"
        found.fault(None, "file", zh, "The encoding differs: save as UTF-8, or choose GB18030.")
    except csv.Error as error:
        found.fault(None, "file", f"不是有效的 CSV（{error}）。", f"It is not CSV ({error}).")
    return []


def _workbook_rows(content: bytes, found: LotFile) -> list[list[str]]:
    try:
        if _is_oversize(content):
            zh = "表格范围过大：请删除数据之外的行和列。"
            en = "The sheet is too large: delete rows and columns beyond the data."
            found.fault(None, "file", zh, en)
            return []
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, PackedFileRefusedError, ValueError, KeyError, IndexError, EOFError):
        zh = "不是可读的 Excel 文件（.xlsx），可能已损坏或加密。"
        en = "It is no readable Excel file (.xlsx); it may be damaged or encrypted."
        found.fault(None, "file", zh, en)
        return []
    return [[_printed(cell) for cell in row] for row in rows]


def _is_oversize(content: bytes) -> bool:
    """Tell what would fill the memory: much packed into little, or one cell far out."""
    file = io.BytesIO(content)
    try:
        check_packed(file, unpacked_max=UNPACKED_BYTES_MAX)
    except PackedTooLargeError:
        return True
    with zipfile.ZipFile(file) as archive:
        sheets = [
            archive.read(entry)
            for entry in archive.infolist()
            if entry.filename.startswith("xl/worksheets/")
        ]
    places = (place for sheet in sheets for place in _PLACE.finditer(sheet))
    return any(len(place[1]) > 1 or int(place[2]) > ROWS_MAX + 1 for place in places)


def _printed(cell: object) -> str:
    """A cell as it would be typed: Excel keeps every number as a binary float."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)).normalize():f}"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def example_rows() -> Iterator[Cells]:
    """Yield the heading and two lines, for the form that is downloaded."""
    yield [zh for zh, _ in COLUMNS.values()]
    for strength, ratio in (("250mg", "1"), ("500mg", "2")):
        lot = ["L01", "阿莫西林口服常释剂型", "粒"]
        yield [*lot, strength, ratio, "", "", "口服固体制剂", "一般", "", "1"]
