"""The centre's reports as a file, read line by line with every fault named by line and column."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from procurement.catalogue.csv_lines import Column, Row, cell_place, read_lines
from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import FieldFault, InvalidInputError
from procurement.pharmacies.patients.incoming import STOCK_WORDS, Head, IncomingReport

EVENT = Column("event_number", "上报编号")
RX = Column("rx_number", "处方编号")
STATUS = Column("status", "状态")
HAPPENED = Column("happened_at", "发生时间")
STOCK = Column("stock_check", "库存结果", is_needed=False)
PLACE = Column("place", "机构代码", is_needed=False)
REGISTRATION = Column("registration", "登记号", is_needed=False)
DOCTOR = Column("doctor_code", "医师编码", is_needed=False)
PRESCRIBED = Column("prescribed_at", "开具时间", is_needed=False)
INDICATION = Column("indication", "诊断编码", is_needed=False)
VALID_UNTIL = Column("valid_until", "有效截止时间", is_needed=False)
REUSABLE = Column("is_reusable", "可复用", is_needed=False)
TIMES = Column("times_max", "最大使用次数", is_needed=False)
INTERVAL = Column("interval_days_min", "最小间隔天数", is_needed=False)
COLUMNS = (
    EVENT,
    RX,
    STATUS,
    HAPPENED,
    STOCK,
    PLACE,
    REGISTRATION,
    DOCTOR,
    PRESCRIBED,
    INDICATION,
    VALID_UNTIL,
    REUSABLE,
    TIMES,
    INTERVAL,
)
_BY_KEY = {column.key: column for column in COLUMNS}
_FLAGS = {"": False, "0": False, "1": True, "no": False, "yes": True, "否": False, "是": True}
_DIGITS_MAX = 6


@dataclass(frozen=True, slots=True)
class ReportFile:
    """The reports of a file.

    Attributes:
        reports: In the order of the file.
        lines: The line of each in the file.
    """

    reports: Sequence[IncomingReport]
    lines: Sequence[int]

    def name_cell(self, number: int, key: str) -> str:
        """Name a field of the report of a number, from 1, by its line and column in the file."""
        return cell_place(self.lines[number - 1], _BY_KEY[key])


def report_template() -> bytes:
    """Return an empty file with the columns.

    Examples:
        >>> report_template().decode("utf-8-sig").split(",")[:2]
        ['上报编号', '处方编号']
    """
    return as_csv([[column.zh for column in COLUMNS]])


def read_reports(content: bytes) -> ReportFile:
    """Read a file of reports.

    Args:
        content: CSV with the columns `COLUMNS`, headings in Chinese or English.

    Raises:
        InvalidInputError: With everything that cannot be read.
    """
    found = read_lines(content, COLUMNS)
    faults = list(found.faults)
    reports = []
    for row in found.rows:
        reader = _Reader(row)
        reports.append(reader.report())
        faults += reader.faults
    if faults:
        raise InvalidInputError(faults)
    return ReportFile(reports, [row.number for row in found.rows])


_NEVER = datetime.min.replace(tzinfo=UTC)


class _Reader:
    """Reads one line and collects what is wrong with it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[FieldFault] = []

    def report(self) -> IncomingReport:
        """The report of the line; with placeholders where something is wrong."""
        stock = self._text(STOCK)
        if stock and stock not in STOCK_WORDS:
            self._fault(STOCK, "须为 1、0、-1 或 -2。", "Expected 1, 0, -1 or -2.")
        return IncomingReport(
            event_number=self._text(EVENT),
            rx_number=self._text(RX),
            status=self._text(STATUS),
            happened_at=self._moment(HAPPENED) or _NEVER,
            stock_check=STOCK_WORDS.get(stock),
            place_code=self._text(PLACE).upper(),
            head=self._head(),
        )

    def _head(self) -> Head | None:
        if not self._text(REGISTRATION):
            for column in (DOCTOR, PRESCRIBED, INDICATION, VALID_UNTIL):
                if self._text(column):
                    zh, en = "须与登记号一并填写。", "Expected a registration beside it."
                    self._fault(column, zh, en)
            return None
        prescribed = self._moment(PRESCRIBED)
        if prescribed is None and not self._text(PRESCRIBED):
            self._fault(PRESCRIBED, "随登记号须一并填写。", "Needed together with a registration.")
        reusable = self._text(REUSABLE)
        if reusable not in _FLAGS:
            self._fault(REUSABLE, "须为 是 或 否。", "Expected yes or no.")
        return Head(
            registration=self._text(REGISTRATION),
            doctor_code=self._text(DOCTOR),
            prescribed_at=prescribed or _NEVER,
            indication=self._text(INDICATION).upper(),
            valid_until=self._moment(VALID_UNTIL),
            is_reusable=_FLAGS.get(reusable, False),
            times_max=self._whole(TIMES, 1),
            interval_days_min=self._whole(INTERVAL, 0),
        )

    def _text(self, column: Column) -> str:
        return self.row.cells.get(column.key, "")

    def _moment(self, column: Column) -> datetime | None:
        text = self._text(column)
        if not text:
            return None
        try:
            read = datetime.fromisoformat(text)
        except ValueError:
            read = None
        if read is None or read.utcoffset() is None or not 2000 <= read.year <= 2199:
            zh = "须为带时区的时间，如 2026-03-01T09:00:00+08:00。"
            self._fault(column, zh, "Expected a time with its zone: 2026-03-01T09:00:00+08:00.")
            return None
        return read

    def _whole(self, column: Column, default: int) -> int:
        text = self._text(column)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
            self._fault(column, "须为整数。", "Expected a whole number.")
            return default
        return int(text)

    def _fault(self, column: Column, zh: str, en: str) -> None:
        self.faults.append(FieldFault(cell_place(self.row.number, column), zh, en))
