"""Reading a bank's answer as CSV; pure. Every fault is told with its line and column."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.bank_file.answers import LINES_MAX, Answer, Outcome, at_place

COLUMNS = {
    "number": ("指令编号", "instruction"),
    "outcome": ("结果", "result"),
    "amount": ("金额", "amount"),
    "on": ("日期", "date"),
    "reference": ("银行流水号", "bank reference"),
    "reason": ("原因", "reason"),
}
"""Columns of the file by their Chinese or English headings; `NEEDED` must be there."""

NEEDED = ("number", "outcome", "on")

WORDS = {
    "成功": Outcome.PAID,
    "已支付": Outcome.PAID,
    "paid": Outcome.PAID,
    "失败": Outcome.RETURNED,
    "退回": Outcome.RETURNED,
    "退汇": Outcome.RETURNED,
    "returned": Outcome.RETURNED,
    "处理中": Outcome.PENDING,
    "pending": Outcome.PENDING,
}

_KEYS = {name: key for key, names in COLUMNS.items() for name in names}


def read_answer_csv(content: bytes) -> list[Answer]:
    r"""Read a bank's answer.

    Args:
        content: The file, in UTF-8 or GB 18030, as Chinese banks write it.

    Returns:
        The answers in their order.

    Raises:
        InvalidInputError: With every fault of the file.

    Examples:
        >>> file = "指令编号,结果,日期\nP1,成功,2026-11-23\n".encode()
        >>> [(one.number, str(one.outcome), one.line) for one in read_answer_csv(file)]
        [('P1', 'paid', 2)]
    """
    rows = _rows(content)
    heading = [_KEYS.get(cell.strip().lower(), "") for cell in rows[0]] if rows else []
    lacking = [COLUMNS[key][0] for key in NEEDED if key not in heading]
    if lacking:
        names = "、".join(lacking)
        raise InvalidInputError(
            [
                FieldFault(
                    "file",
                    f"第 1 行须为列名，缺少：{names}。",
                    f"Row 1 must name the columns; missing: {names}.",
                )
            ]
        )
    faults: list[FieldFault] = []
    answers = [
        answer
        for number, row in enumerate(rows[1:], start=2)
        if any(row) and (answer := _answer(number, dict(zip(heading, row, strict=False)), faults))
    ]
    if not answers and not faults:
        faults.append(FieldFault("file", "文件没有回执行。", "The file holds no answers."))
    if faults:
        raise InvalidInputError(faults)
    return answers


def _rows(content: bytes) -> list[list[str]]:
    try:
        text = _decoded(content)
        rows = [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), strict=True)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(
            [
                FieldFault(
                    "file",
                    "不是 UTF-8 或 GB 18030 编码的 CSV 文件。",
                    "Expected a CSV file in UTF-8 or GB 18030.",
                )
            ]
        ) from error
    if len(rows) > LINES_MAX:
        raise InvalidInputError(
            [FieldFault("file", f"超过 {LINES_MAX:,} 行。", f"Over {LINES_MAX:,} lines.")]
        )
    return rows


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _answer(number: int, cells: dict[str, str], faults: list[FieldFault]) -> Answer | None:
    found = list(_faults(number, cells))
    faults += found
    if found:
        return None
    outcome = WORDS[cells["outcome"].lower()]
    return Answer(
        line=number,
        number=cells["number"].lstrip("'"),
        outcome=outcome,
        amount=_amount(cells.get("amount", "")),
        on=None if outcome is Outcome.PENDING else _day(cells["on"]),
        reference=cells.get("reference", "").lstrip("'")[:60],
        reason=cells.get("reason", "")[:300],
    )


def _faults(number: int, cells: dict[str, str]) -> Iterator[FieldFault]:
    def fault(key: str, zh: str, en: str) -> FieldFault:
        column_zh, column_en = COLUMNS[key]
        place = (f"第 {number} 行 {column_zh}", f"row {number}, {column_en}")
        return at_place(place, zh, en)

    outcome = WORDS.get(cells.get("outcome", "").lower())
    if not cells.get("number"):
        yield fault("number", "须填写指令编号。", "Expected the number of the instruction.")
    if outcome is None:
        known = "、".join(_first_words(WORDS))
        yield fault("outcome", f"须为：{known}。", f"Expected one of: {known}.")
    if outcome is not Outcome.PENDING and _day(cells.get("on", "")) is None:
        yield fault("on", "须为日期，例如 2026-11-23。", "Expected a day, such as 2026-11-23.")
    if cells.get("amount") and _amount(cells["amount"]) is None:
        yield fault("amount", "须为金额，例如 1234.50。", "Expected an amount, such as 1234.50.")


def _first_words(words: dict[str, Outcome]) -> Sequence[str]:
    return [word for word in words if not word.isascii()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    plain = text.replace(",", "")
    try:
        value = Decimal(plain) if plain.isascii() and len(plain) <= 20 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None
