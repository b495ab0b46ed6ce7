"""What pages of orders read from addresses and forms."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar
from urllib.parse import urlencode

from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.placing import Terms
from procurement.orders.states import Urgency
from procurement.rounds.at_edge import FormReader
from procurement.web import Form, Page, Visit

Row = TypeVar("Row")

PAGE_SIZE = 50
_PAGE_DIGITS_MAX = 7
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


def page_number(visit: Visit) -> int:
    """The page of a list that is asked for; what is no number is the first."""
    text = visit.query.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) <= _PAGE_DIGITS_MAX
    return int(text) if is_number else 1


def list_page(rows: Sequence[Row], number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """One page of rows that are all at hand; a number beyond the end gives the last.

    Examples:
        >>> page = list_page(["a", "b", "c"], 9, 2)
        >>> page.rows, page.number, page.count
        (['c'], 2, 2)
    """
    last = max(1, -(-len(rows) // size))
    number = min(max(number, 1), last)
    return Page(rows[(number - 1) * size : number * size], number, size, len(rows))


def filters_tail(visit: Visit, names: tuple[str, ...]) -> str:
    """The filters of a list as the end of an address, for the export of what is shown."""
    kept = {name: visit.query[name] for name in names if visit.query.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


class GoodsReader(FormReader):
    """A form's reader that knows days and signed amounts, and fields that must be filled in.

    Examples:
        >>> reader = GoodsReader(Form({"day": ("2027-02-30",)}))
        >>> reader.day("day") is None, reader.day("other", needed=True) is None
        (True, True)
        >>> [fault.field for fault in reader.faults]
        ['day', 'other']
    """

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """A day; None where the field is empty or wrong."""
        text = self.form.get(name, "")
        if not text and not needed:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            self.fault(name, "请填写日期，例如 2027-03-01。", "Give a day, such as 2027-03-01.")
            return None
        return day

    def signed(self, name: str) -> int | None:
        """A whole number that may be below zero; None where the field is empty or wrong."""
        text = self.form.get(name, "").replace(",", "").replace("−", "-")
        digits = text.removeprefix("-")
        if not text:
            return None
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _WHOLE_DIGITS_MAX):
            self.fault(name, "须为整数。", "Expected a whole number.")
            return None
        return int(text)

    def amount(self, name: str) -> Decimal | None:
        """An amount that must be filled in; None where it is missing or wrong."""
        value = self.decimal(name)
        if value is None and not any(fault.field == name for fault in self.faults):
            self.fault(name, "请填写金额。", "Give the amount.")
        return value

    def fault(self, name: str, zh: str, en: str) -> None:
        """Note what is wrong with a field."""
        self.faults.append(FieldFault(name, zh, en))


_WHOLE_DIGITS_MAX = 15


def renamed(faults: tuple[FieldFault, ...], fields: Mapping[str, str]) -> tuple[FieldFault, ...]:
    """Return faults with the names that the form has for what the service calls otherwise.

    Examples:
        >>> [one.field for one in renamed((FieldFault("lines.1.packs", "", ""),), {
        ...     "lines.1.packs": "packs-7"})]
        ['packs-7']
    """
    return tuple(
        FieldFault(fields.get(fault.field, fault.field), fault.zh, fault.en) for fault in faults
    )


def chosen(form: Form, name: str, allowed: tuple[str, ...], default: str) -> str:
    """A value of a list of choices; the default where nothing of it was sent."""
    value = form.get(name, "")
    return value if value in allowed else default


def terms_of(form: Form) -> Terms:
    """How orders are to be delivered, as the form says."""
    return Terms(
        urgency=Urgency(chosen(form, "urgency", tuple(Urgency), Urgency.ORDINARY)),
        is_remote=form.get("is_remote") == "yes",
        is_cold_chain=form.get("is_cold_chain") == "yes",
    )


def posted_content(visit: Visit, name: str, bytes_max: int) -> bytes:
    """The content of a file that was sent.

    Raises:
        InvalidInputError: None was chosen, it is empty, or it is too large.
    """
    upload = visit.form.files.get(name)
    content = b"" if upload is None else upload.file.read(bytes_max + 1)
    if not content:
        zh, en = "请选择文件。", "Choose a file."
        raise InvalidInputError([FieldFault(name, zh, en)])
    if len(content) > bytes_max:
        most = bytes_max // 1_000_000
        zh, en = f"文件超过 {most} MB。", f"The file is larger than {most} MB."
        raise InvalidInputError([FieldFault(name, zh, en)])
    return content
