"""The form of each link: which fields it has, and reading them; pure.

The fields are those that the domain's sources propose for a monthly survey: code, maker, month,
prices, packs ordered and delivered, days of stock, whether it is out of stock, and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing.money import PriceError, parse_price
from procurement.catalogue.csv_lines import Column
from procurement.errors import FieldFault
from procurement.monitoring.states import Link

CODE = Column("drug_code", "药品代码", is_needed=False)
DRUG = Column("drug", "药品通用名", is_needed=False)
MAKER = Column("maker", "生产企业", is_needed=False)
MONTH = Column("month", "月份", is_needed=False)
PRICE = Column("price", "价格", is_needed=False)
SALE_PRICE = Column("sale_price", "销售价", is_needed=False)
ORDERED = Column("ordered", "订购数量", is_needed=False)
DELIVERED = Column("delivered", "到货数量", is_needed=False)
STOCK_DAYS = Column("stock_days", "库存天数", is_needed=False)
OUT_OF_STOCK = Column("out_of_stock", "是否断货", is_needed=False)
REASON = Column("reason", "原因", is_needed=False)
SOURCE = Column("source", "来源", is_needed=False)

_ORDERS = (ORDERED, DELIVERED, STOCK_DAYS, OUT_OF_STOCK, REASON)

COLUMNS: Mapping[Link, Sequence[Column]] = {
    Link.MAKER: (CODE, DRUG, MAKER, MONTH, PRICE, SALE_PRICE, *_ORDERS),
    Link.DISTRIBUTOR: (CODE, DRUG, MAKER, MONTH, PRICE, SALE_PRICE, *_ORDERS),
    Link.HOSPITAL: (CODE, DRUG, MAKER, MONTH, PRICE, *_ORDERS),
    Link.PHARMACY: (CODE, DRUG, MAKER, MONTH, PRICE, SALE_PRICE, *_ORDERS),
    Link.OPINION: (CODE, DRUG, MAKER, MONTH, SALE_PRICE, OUT_OF_STOCK, REASON, SOURCE),
}
"""The columns of each link's form and file."""

PRICE_NAMES: Mapping[Link, tuple[str, str]] = {
    Link.MAKER: ("出厂价", "ex-factory price"),
    Link.DISTRIBUTOR: ("购进价", "purchase price"),
    Link.HOSPITAL: ("采购价", "purchase price"),
    Link.PHARMACY: ("购进价", "purchase price"),
    Link.OPINION: ("价格", "price"),
}
SALE_NAMES: Mapping[Link, tuple[str, str]] = {
    Link.MAKER: ("挂网价", "listing price"),
    Link.DISTRIBUTOR: ("供货价", "supply price"),
    Link.HOSPITAL: ("销售价", "sale price"),
    Link.PHARMACY: ("零售价", "retail price"),
    Link.OPINION: ("所反映的零售价", "retail price that is told"),
}

PACKS_MAX = 10**9
DAYS_MAX = 3650
TEXT_MAX = 200
REASON_MAX = 500

_YES = {"是": True, "yes": True, "true": True, "1": True}
_NO = {"否": False, "no": False, "false": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What is said about one drug, typed; whether the catalogue knows the code is asked later.

    Attributes:
        number: Line of the file, or of the form, from 1.
        drug_code: Empty where a lead names none.
        drug: As written; empty where the code says it.
        maker: As written.
        price: Yuan a pack.
        sale_price: Yuan a pack.
        ordered: Packs.
        delivered: Packs.
        stock_days: How long the stock lasts.
        is_out_of_stock: Whether there is none.
        reason: Why, or what a lead says.
        source: Where a lead was seen.
    """

    number: int
    drug_code: str = ""
    drug: str = ""
    maker: str = ""
    price: Decimal | None = None
    sale_price: Decimal | None = None
    ordered: int | None = None
    delivered: int | None = None
    stock_days: int | None = None
    is_out_of_stock: bool = False
    reason: str = ""
    source: str = ""


class _Reader:
    """Reads the cells of one row, and collects what is wrong."""

    def __init__(self, cells: Mapping[str, str], place: Mapping[str, str]) -> None:
        self.cells = cells
        self.place = place
        self.faults: list[FieldFault] = []

    def fault(self, column: Column, zh: str, en: str) -> None:
        self.faults.append(FieldFault(self.place[column.key], zh, en))

    def text(self, column: Column, most: int = TEXT_MAX) -> str:
        text = " ".join(self.cells.get(column.key, "").split())
        if len(text) > most:
            self.fault(column, f"不超过 {most} 字。", f"At most {most} characters.")
        return text

    def price(self, column: Column) -> Decimal | None:
        text = self.cells.get(column.key, "").strip()
        if not text:
            return None
        try:
            price = parse_price(text)
        except PriceError:
            self.fault(column, "须为每包装的元数，例如 12.34。", "Expected yuan a pack: 12.34.")
            return None
        return price

    def count(self, column: Column, most: int) -> int | None:
        text = self.cells.get(column.key, "").strip()
        if not text:
            return None
        is_count = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if not is_count or int(text) > most:
            self.fault(column, f"须为 0 至 {most} 的整数。", f"Expected 0 to {most}.")
            return None
        return int(text)

    def flag(self, column: Column) -> bool:
        text = self.cells.get(column.key, "").strip().lower()
        if text in _YES or text in _NO:
            return _YES.get(text, False)
        self.fault(column, "须为“是”或“否”。", "Expected yes or no.")
        return False


def read_row(
    cells: Mapping[str, str],
    *,
    link: Link,
    month: date,
    number: int,
    place: Mapping[str, str],
) -> tuple[SurveyRow, list[FieldFault]]:
    """Read a row of a link's form.

    Args:
        cells: By column.
        link: Whose form it is.
        month: That the survey asks about.
        number: Of the row.
        place: How faults name each column.

    Examples:
        >>> place = {column.key: column.key for column in COLUMNS[Link.HOSPITAL]}
        >>> row, faults = read_row(
        ...     {"drug_code": "X", "price": "12.5", "out_of_stock": "是"}, link=Link.HOSPITAL,
        ...     month=date(2027, 3, 1), number=1, place=place)
        >>> row.price, [(one.field, one.en) for one in faults]
        (Decimal('12.5'), [('reason', 'Say why it is out of stock.')])
    """
    reader = _Reader(cells, place)
    row = SurveyRow(
        number=number,
        drug_code=reader.text(CODE, 23),
        drug=reader.text(DRUG),
        maker=reader.text(MAKER),
        price=reader.price(PRICE),
        sale_price=reader.price(SALE_PRICE),
        ordered=reader.count(ORDERED, PACKS_MAX),
        delivered=reader.count(DELIVERED, PACKS_MAX),
        stock_days=reader.count(STOCK_DAYS, DAYS_MAX),
        is_out_of_stock=reader.flag(OUT_OF_STOCK),
        reason=reader.text(REASON, REASON_MAX),
        source=reader.text(SOURCE),
    )
    _check(reader, row, link, month)
    return row, reader.faults


def _check(reader: _Reader, row: SurveyRow, link: Link, month: date) -> None:
    told = reader.cells.get(MONTH.key, "").strip()
    if told and told != f"{month:%Y-%m}":
        expected = f"{month:%Y-%m}"
        reader.fault(MONTH, f"本次调查的月份为 {expected}。", f"This survey asks about {expected}.")
    (_check_lead if link is Link.OPINION else _check_answer)(reader, row)


def _check_lead(reader: _Reader, row: SurveyRow) -> None:
    if not row.drug_code and not row.drug:
        reader.fault(DRUG, "请写明药品。", "Name the drug.")
    if not row.source:
        reader.fault(SOURCE, "请写明线索来源。", "Say where the lead was seen.")
    if not row.reason:
        reader.fault(REASON, "请写明线索内容。", "Say what the lead says.")


def _check_answer(reader: _Reader, row: SurveyRow) -> None:
    if not row.drug_code:
        reader.fault(CODE, "请填写国家医保药品代码。", "Give the national drug code.")
    if row.is_out_of_stock and not row.reason:
        reader.fault(REASON, "断货须写明原因。", "Say why it is out of stock.")
    if row.is_out_of_stock and row.stock_days:
        zh, en = "断货时库存天数须为 0 或留空。", "Out of stock: expected 0 or none."
        reader.fault(STOCK_DAYS, zh, en)
