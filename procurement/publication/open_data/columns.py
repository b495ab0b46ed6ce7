"""What a public table consists of: columns with their meaning, unit and source."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Session

Value = str | int | float | bool | Decimal | date | datetime | None
Row = Sequence[Value]

ROWS_AT_ONCE = 10_000
"""Rows that are read, and written, together: no list holds all rows of a table."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    MONEY = "money"
    """Yuan with four decimals, exact."""
    DECIMAL = "decimal"
    """Exact, as text: a ratio or a factor."""
    FLAG = "flag"
    DAY = "day"
    """A day in China."""
    MOMENT = "moment"
    """In UTC."""
    DEGREES = "degrees"


KIND_NAMES: dict[Kind, tuple[str, str]] = {
    Kind.TEXT: ("文本", "text"),
    Kind.INTEGER: ("整数", "whole number"),
    Kind.MONEY: ("金额，四位小数", "amount with four decimals"),
    Kind.DECIMAL: ("小数，以文本精确表示", "decimal, exact, as text"),
    Kind.FLAG: ("0 或 1", "0 or 1"),
    Kind.DAY: ("日期（中国）", "day in China"),
    Kind.MOMENT: ("时刻（UTC）", "moment in UTC"),
    Kind.DEGREES: ("度", "degrees"),
}
"""Each kind in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: In the head of the file.
        kind: What it holds.
        zh: What it means, in Chinese.
        en: The same in English.
        source: Where the platform has it from, in Chinese and English.
        unit: Of its numbers, in Chinese and English.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    source: tuple[str, str]
    unit: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class When:
    """When a table is read.

    Attributes:
        moment: Now, aware.
        day: The day in China.
    """

    moment: datetime
    day: date


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A table that anybody may download.

    Attributes:
        name: In addresses and of the file.
        zh: What it holds, in Chinese.
        en: The same in English.
        rows_zh: What one row is.
        rows_en: The same in English.
        columns: In order.
        read: Reads its rows, each in the order of the columns.
    """

    name: str
    zh: str
    en: str
    rows_zh: str
    rows_en: str
    columns: Sequence[Column]
    read: Callable[[Session, When], Iterator[Row]]


YUAN = ("元", "yuan")
UNITS = ("最小计量单位", "minimal units")
DOCUMENT = ("采购文件", "the procurement document")
AWARD = ("中选结果", "the award")
REGISTER = ("机构登记", "the register of organisations")
REPORTS = ("医疗机构报量", "hospitals' reports")
AGREED = ("购销协议", "the agreements")
LOG = ("申报日志", "the log of bids")
OPENING = ("公开申报信息记录", "the record of the opening")
PLATFORM = ("平台", "the platform")

ROUND = Column("round", Kind.TEXT, "批次的短名称", "short name of the round", PLATFORM)
LOT = Column("lot", Kind.TEXT, "品种编号", "code of the lot", DOCUMENT)
PRODUCT = Column("product", Kind.TEXT, "通用名和剂型", "generic name and dosage form", DOCUMENT)
STRENGTH = Column("strength", Kind.TEXT, "规格", "strength", DOCUMENT)
REGION = Column("region", Kind.TEXT, "行政区划代码或地区名称", "division code or name", DOCUMENT)
MANUFACTURER = Column(
    "manufacturer", Kind.TEXT, "上市许可持有人", "marketing authorisation holder", REGISTER
)
MANUFACTURER_ID = Column(
    "manufacturer_id",
    Kind.TEXT,
    "企业标识，与 OCDS 数据相同",
    "its identifier, the same as in the OCDS data",
    REGISTER,
)
PACK_UNITS = Column(
    "pack_units", Kind.INTEGER, "每包装的数量", "how many are in a pack", AWARD, UNITS
)
PACK_PRICE = Column(
    "pack_price",
    Kind.MONEY,
    "每包装价格；本批次不公开价格时为空",
    "price of a pack; empty where the round does not disclose prices",
    AWARD,
    YUAN,
)
