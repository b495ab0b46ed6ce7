"""A report of the e-prescription centre as it is handed on, and whether it can be understood."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from procurement.errors import FieldFault
from procurement.pharmacies.rules.eligibility import is_diagnosis_code
from procurement.pharmacies.rules.following import PrescriptionStatus

NUMBER = re.compile(r"[0-9A-Za-z._-]{1,60}")
CODE = re.compile(r"[0-9A-Za-z]{1,20}")
TIMES_MAX = 1000
DAYS_MAX = 3660
AHEAD_MAX = timedelta(minutes=10)
"""How far the centre's clock may run before ours."""

STOCK_WORDS = {"1": 1, "0": 0, "-1": -1, "-2": -2}
"""What a stock check found: all there, in part, none, the check failed."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a prescription says, without a word on the patient but the registration's number.

    Attributes:
        registration: Number of the registration.
        doctor_code: The prescriber's code in the list of responsible doctors.
        prescribed_at: When it was written.
        indication: Code of its diagnosis; empty where the centre does not pass it on.
        valid_until: Last moment; None: by the rulebook's hours.
        is_reusable: Whether it may be used more than once.
        times_max: How often in all (maxReptCnt).
        interval_days_min: Days from one use to the next (minInrvDays).
    """

    registration: str
    doctor_code: str
    prescribed_at: datetime
    indication: str = ""
    valid_until: datetime | None = None
    is_reusable: bool = False
    times_max: int = 1
    interval_days_min: int = 0


@dataclass(frozen=True, slots=True)
class IncomingReport:
    """One report of the centre.

    Attributes:
        event_number: The centre's number of the report.
        rx_number: The centre's number of the prescription (hiRxno).
        status: Word of `PrescriptionStatus`.
        happened_at: By the centre's clock.
        stock_check: With ``stock-checked``: 1, 0, -1 or -2.
        place_code: Institution code, where the report names one; empty otherwise.
        head: What the prescription says, in reports that carry it.
    """

    event_number: str
    rx_number: str
    status: str
    happened_at: datetime
    stock_check: int | None = None
    place_code: str = ""
    head: Head | None = None


Name = Callable[[str], str]
"""Names a field of one report, as its sender finds it."""


def cell_of_list(number: int, key: str) -> str:
    """Name a field of a machine's list.

    Examples:
        >>> cell_of_list(3, "status")
        'reports.3.status'
    """
    return f"reports.{number}.{key}"


def report_faults(report: IncomingReport, *, name: Name, moment: datetime) -> Iterator[FieldFault]:
    """Say what is wrong with a report by itself.

    Args:
        report: The report.
        name: Names its fields in the file or list.
        moment: Now, aware.

    Examples:
        >>> from datetime import UTC
        >>> at = datetime(2026, 3, 1, 9, tzinfo=UTC)
        >>> odd = IncomingReport("1", "", "sent", at)
        >>> [fault.field for fault in report_faults(odd, name=str.upper, moment=at)]
        ['RX_NUMBER', 'STATUS']
    """
    for field, number in (("event_number", report.event_number), ("rx_number", report.rx_number)):
        if not NUMBER.fullmatch(number):
            zh, en = (
                "须为 1 至 60 位字母、数字或 . _ -。",
                "Expected 1 to 60 letters, digits or . _ -",
            )
            yield FieldFault(name(field), zh, en)
    words = [one.value for one in PrescriptionStatus]
    if report.status not in words:
        listed = ", ".join(words)
        yield FieldFault(name("status"), f"须为 {listed} 之一。", f"Expected one of {listed}.")
    yield from _when_and_stock(report, name, moment)
    if report.head is not None:
        yield from _head_faults(report.head, name, moment)


def _when_and_stock(report: IncomingReport, name: Name, moment: datetime) -> Iterator[FieldFault]:
    if report.happened_at.utcoffset() is None:
        zh, en = "时间须带时区，如 2026-03-01T09:00:00+08:00。", "Expected a time with its zone."
        yield FieldFault(name("happened_at"), zh, en)
    elif report.happened_at > moment + AHEAD_MAX:
        yield FieldFault(name("happened_at"), "时间在将来。", "It lies in the future.")
    is_check = report.status == PrescriptionStatus.STOCK_CHECKED
    if is_check != (report.stock_check is not None) or report.stock_check not in (
        None,
        *STOCK_WORDS.values(),
    ):
        zh = "仅 stock-checked 须有库存结果：1、0、-1 或 -2。"
        en = "Expected 1, 0, -1 or -2 with stock-checked, and nothing with other states."
        yield FieldFault(name("stock_check"), zh, en)


def _head_faults(head: Head, name: Name, moment: datetime) -> Iterator[FieldFault]:
    if not CODE.fullmatch(head.doctor_code):
        zh, en = "须为 1 至 20 位医师编码。", "Expected a doctor's code of 1 to 20 signs."
        yield FieldFault(name("doctor_code"), zh, en)
    if head.indication and not is_diagnosis_code(head.indication):
        zh, en = "须为诊断编码，如 C34.9。", "Expected a code of a diagnosis, such as C34.9."
        yield FieldFault(name("indication"), zh, en)
    yield from _validity_faults(head, name, moment)
    if not 1 <= head.times_max <= TIMES_MAX:
        zh, en = "须为 1 至 1000。", "Expected 1 to 1000."
        yield FieldFault(name("times_max"), zh, en)
    if not 0 <= head.interval_days_min <= DAYS_MAX:
        zh, en = "须为 0 至 3660 天。", "Expected 0 to 3660 days."
        yield FieldFault(name("interval_days_min"), zh, en)


def _validity_faults(head: Head, name: Name, moment: datetime) -> Iterator[FieldFault]:
    until = head.valid_until
    if head.prescribed_at.utcoffset() is None or (until is not None and until.utcoffset() is None):
        zh, en = "时间须带时区。", "Expected times with their zone."
        yield FieldFault(name("prescribed_at"), zh, en)
    elif head.prescribed_at > moment + AHEAD_MAX:
        yield FieldFault(name("prescribed_at"), "时间在将来。", "It lies in the future.")
    elif until is not None and until <= head.prescribed_at:
        zh, en = "须晚于开具时间。", "Expected a time after it was prescribed."
        yield FieldFault(name("valid_until"), zh, en)
