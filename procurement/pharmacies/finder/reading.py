"""Reports of stock line by line, from a file or by machine: every fault at once, with its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.money import PriceError, parse_price
from procurement.catalogue.csv_lines import FAULTS_MAX, Column, cell_place, read_lines
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.pharmacies.finder.kinds import LEVEL_NAMES, StockLevel
from procurement.pharmacies.finder.tables import PRODUCT_LENGTH_MAX
from procurement.pharmacies.rules.stock import agrees, level_by_packs

PLACE = Column("place", "机构代码", is_needed=False)
DRUG_CODE = Column("drug_code", "国家医保药品代码", is_needed=False)
NAME = Column("name", "通用名", is_needed=False)
FORM = Column("form", "剂型", is_needed=False)
PRODUCT = Column("product", "品牌规格包装", is_needed=False)
PACKS = Column("packs", "库存盒数", is_needed=False)
LEVEL = Column("level", "库存状态", is_needed=False)
PRICE = Column("price", "销售价", is_needed=False)
AS_OF = Column("as_of", "盘点日期")
COLUMNS = (PLACE, DRUG_CODE, NAME, FORM, PRODUCT, PACKS, LEVEL, PRICE, AS_OF)

LINES_MAX = 5_000
_PACK_DIGITS_MAX = 7
_FIRST_DAY = date(2000, 1, 1)
_BY_KEY = {column.key: column for column in COLUMNS}
_LEVELS = {word: level for level, names in LEVEL_NAMES.items() for word in (level.value, *names)}

NameCell = Callable[[int, str], str]
"""Names the cell of a line: the number of the line, and the key of the column."""


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line as it was sent.

    Attributes:
        number: In the file, or in the list of a machine.
        cells: Texts by the keys of `COLUMNS`; what was not given is empty or missing.
    """

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line whose cells can be read.

    Attributes:
        number: As it was sent.
        place: Institution code; empty for the own place.
        drug_code: National drug code; empty where the drug is named.
        name: Generic name.
        form: Dosage form as printed.
        product: As people see it; empty where the catalogue says it.
        packs: How many; None where only the level is given.
        level: How much of it.
        price: Sale price of a pack; None where it was not given.
        as_of: The day of which the place says so.
    """

    number: int
    place: str
    drug_code: str
    name: str
    form: str
    product: str
    packs: int | None
    level: StockLevel
    price: Decimal | None
    as_of: date


def lines_of_file(content: bytes) -> list[SentLine]:
    """Read a CSV file as lines.

    Args:
        content: With the columns `COLUMNS`, headings in Chinese or English.

    Raises:
        InvalidInputError: It is no such file.

    Examples:
        >>> from procurement.catalogue.spreadsheets import as_csv
        >>> lines_of_file(as_csv([["通用名", "盘点日期"], ["奥希替尼", "2026-11-20"]]))
        [SentLine(number=2, cells={'name': '奥希替尼', 'as_of': '2026-11-20'})]
    """
    found = read_lines(content, COLUMNS)
    if found.faults:
        raise InvalidInputError(found.faults)
    return [SentLine(row.number, row.cells) for row in found.rows]


def cell_of_file(number: int, key: str) -> str:
    """Name a cell of a file.

    Examples:
        >>> cell_of_file(3, "price")
        '第 3 行，销售价 price'
    """
    return cell_place(number, _BY_KEY[key])


def cell_of_list(number: int, key: str) -> str:
    """Name a field of a machine's list.

    Examples:
        >>> cell_of_list(3, "price")
        'lines.3.price'
    """
    return f"lines.{number}.{key}"


def read_sent(
    lines: Sequence[SentLine], *, today: date, name_cell: NameCell
) -> tuple[list[ReadLine], list[FieldFault]]:
    """Read what each line says, and collect everything that is wrong with its cells.

    Args:
        lines: As they were sent.
        today: In China: no stock is of a later day.
        name_cell: Names a cell for the faults.

    Returns:
        Lines that can be read, and all faults.
    """
    if not lines:
        return [], [FieldFault("lines", "没有任何一行。", "There is no line.")]
    if len(lines) > LINES_MAX:
        zh, en = f"一次不超过 {LINES_MAX:,} 行。", f"At most {LINES_MAX:,} lines at once."
        return [], [FieldFault("lines", zh, en)]
    read = []
    faults: list[FieldFault] = []
    for line in lines:
        reader = _Reader(line, name_cell)
        one = reader.line(today)
        faults += reader.faults
        if not reader.faults:
            read.append(one)
    return read, faults[:FAULTS_MAX]


class _Reader:
    """Reads the cells of one line."""

    def __init__(self, line: SentLine, name_cell: NameCell) -> None:
        self.line_number = line.number
        # PostgreSQL takes no NUL in a text.
        self.cells = {key: value.replace("\x00", "").strip() for key, value in line.cells.items()}
        self.name_cell = name_cell
        self.faults: list[FieldFault] = []

    def line(self, today: date) -> ReadLine:
        """Read the line; with faults it is not to be used."""
        packs = self._packs()
        if not self._cell(DRUG_CODE) and not self._cell(NAME):
            self._fault(
                NAME,
                "请填写国家医保药品代码或通用名。",
                "Name the drug by its national code or its generic name.",
            )
        return ReadLine(
            number=self.line_number,
            place=self._cell(PLACE),
            drug_code=self._cell(DRUG_CODE),
            name=self._cell(NAME),
            form=self._cell(FORM),
            product=self._product(),
            packs=packs,
            level=self._level(packs),
            price=self._price(),
            as_of=self._day(today),
        )

    def _cell(self, column: Column) -> str:
        return self.cells.get(column.key, "")

    def _fault(self, column: Column, zh: str, en: str) -> None:
        self.faults.append(FieldFault(self.name_cell(self.line_number, column.key), zh, en))

    def _product(self) -> str:
        text = " ".join(self._cell(PRODUCT).split())
        if len(text) > PRODUCT_LENGTH_MAX:
            most = PRODUCT_LENGTH_MAX
            self._fault(PRODUCT, f"不超过 {most} 字。", f"At most {most} characters.")
        return text

    def _packs(self) -> int | None:
        text = self._cell(PACKS)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= _PACK_DIGITS_MAX):
            self._fault(PACKS, "须为不小于 0 的整数。", "Expected a whole number from 0.")
            return None
        return int(text)

    def _level(self, packs: int | None) -> StockLevel:
        text = self._cell(LEVEL)
        level = _LEVELS.get(text)
        if text and level is None:
            words = "、".join(zh for zh, _ in LEVEL_NAMES.values())
            codes = ", ".join(LEVEL_NAMES)
            self._fault(LEVEL, f"须为：{words}。", f"Expected one of: {codes}.")
        elif level is None and packs is None:
            if not self._cell(PACKS):
                self._fault(
                    PACKS, "请填写库存盒数或库存状态。", "Give the packs, or the level of stock."
                )
        elif level is not None and packs is not None and not agrees(level, packs):
            self._fault(
                LEVEL,
                f"与库存盒数 {packs} 不符。",
                f"Does not agree with {packs} packs.",
            )
        return level or StockLevel(level_by_packs(packs or 0))

    def _price(self) -> Decimal | None:
        text = self._cell(PRICE)
        if not text:
            return None
        try:
            price = parse_price(text)
        except PriceError:
            price = None
        if price is None or price > MONEY_MAX or price != round(price, 4):
            self._fault(
                PRICE,
                "须为大于 0 的金额（元），如 12.34。",
                "Expected an amount in yuan above 0, such as 12.34.",
            )
            return None
        return price

    def _day(self, today: date) -> date:
        text = self._cell(AS_OF)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day < _FIRST_DAY:
            self._fault(AS_OF, "应为日期，如 2026-11-20。", "Expected a day, such as 2026-11-20.")
        elif day > today:
            self._fault(
                AS_OF,
                f"{day} 在今天（{today}）之后：不能上报未来的库存。",
                f"{day} lies after today ({today}): stock of a day to come cannot be reported.",
            )
        return day or today
