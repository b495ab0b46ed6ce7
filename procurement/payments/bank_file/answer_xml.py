"""Reading a bank's answer as ISO 20022 message pain.002 (payment status report); pure.

Any version is read: what is needed of it has stood under the same names since 2009. A document type
declaration is refused before anything is read, and with it every entity that could grow.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree
from xml.parsers import expat

from procurement.errors import FieldFault, InvalidInputError
from procurement.payments.bank_file.answers import LINES_MAX, Answer, Outcome, at_place

SETTLED = frozenset({"ACSC", "ACCC"})
"""Settled on the payer's account, or on the payee's."""

REJECTED = frozenset({"RJCT", "CANC"})

_MESSAGE = "CstmrPmtStsRpt"

_DECLARED = re.compile(
    rb"""\s*<\?xml\s[^>]{0,80}?encoding\s*=\s*["'](?P<encoding>[A-Za-z0-9._-]{1,40})["'][^>]{0,80}\?>"""
)
_CHINESE = frozenset({"gbk", "gb2312", "gb18030", "gb-18030", "cp936", "x-gbk", "ms936"})
"""GB 18030 holds all of them."""


def read_answer_xml(content: bytes) -> list[Answer]:
    """Read a bank's answer.

    Returns:
        The answers in their order; states other than settled and rejected are pending.

    Raises:
        InvalidInputError: With every fault of the file.
    """
    root = _root(_in_utf8(content))
    if _local(root.tag) != "Document" or all(_local(one.tag) != _MESSAGE for one in root):
        raise _refused(
            "不是 pain.002 付款状态报文。", "Expected a payment status report (pain.002)."
        )
    made_on = _day(_found(root, "CreDtTm"))
    elements = [one for one in root.iter() if _local(one.tag) == "TxInfAndSts"]
    if not elements or len(elements) > LINES_MAX:
        raise _refused(
            f"须有 1–{LINES_MAX:,} 条 TxInfAndSts。", f"Expected 1 to {LINES_MAX:,} TxInfAndSts."
        )
    faults: list[FieldFault] = []
    answers = []
    for number, element in enumerate(elements, start=1):
        found = list(_faults(number, element, made_on))
        faults += found
        if not found:
            answers.append(_answer(number, element, made_on))
    if faults:
        raise InvalidInputError(faults)
    return answers


def _in_utf8(content: bytes) -> bytes:
    """The message in an encoding that the parser reads: it knows none of those of China."""
    declared = _DECLARED.match(content)
    if declared is None or declared["encoding"].decode().lower() not in _CHINESE:
        return content
    try:
        text = content[declared.end() :].decode("gb18030")
    except UnicodeDecodeError as error:
        raise _refused(
            "文件声明为 GB 18030 编码，但内容不是。",
            "The file says that it is in GB 18030, and is not.",
        ) from error
    return text.encode()


def _root(content: bytes) -> ElementTree.Element:
    try:
        _refuse_declarations(content)
        return ElementTree.fromstring(content)  # noqa: S314 - declarations are refused above
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        # An encoding that nobody knows, a prefix without a namespace.
        raise _refused(
            f"XML 有误或编码不支持（{error}）；须为 UTF-8 或 GB 18030。",
            f"The XML is wrong, or in an unknown encoding ({error}): expected UTF-8 or GB 18030.",
        ) from error


def _refuse_declarations(content: bytes) -> None:
    def refuse(*_: object) -> None:
        raise _refused("不接受带有 DOCTYPE 的文件。", "A document type declaration is refused.")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        line, column = error.lineno, error.offset + 1
        raise _refused(
            f"XML 有误：第 {line} 行第 {column} 列。",
            f"The XML is wrong at line {line}, column {column}.",
        ) from error


def _faults(
    number: int, element: ElementTree.Element, made_on: date | None
) -> Iterator[FieldFault]:
    def fault(name: str, zh: str, en: str) -> FieldFault:
        return at_place((f"TxInfAndSts {number} {name}",) * 2, zh, en)

    if not _found(element, "OrgnlEndToEndId") and not _found(element, "OrgnlInstrId"):
        yield fault(
            "OrgnlEndToEndId", "缺少指令编号。", "The number of the instruction is missing."
        )
    outcome = _outcome(element)
    if outcome is None:
        yield fault("TxSts", "缺少状态。", "The status is missing.")
    elif outcome is not Outcome.PENDING and _answer_day(element, made_on) is None:
        yield fault("AccptncDtTm", "缺少日期。", "The day is missing.")
    if _found(element, "InstdAmt") and _amount(element) is None:
        yield fault("InstdAmt", "须为金额。", "Expected an amount.")


def _answer(number: int, element: ElementTree.Element, made_on: date | None) -> Answer:
    outcome = _outcome(element) or Outcome.PENDING
    said = [one.text or "" for one in element.iter() if _local(one.tag) in {"AddtlInf", "Cd"}]
    return Answer(
        line=number,
        number=_found(element, "OrgnlEndToEndId") or _found(element, "OrgnlInstrId"),
        outcome=outcome,
        amount=_amount(element),
        on=None if outcome is Outcome.PENDING else _answer_day(element, made_on),
        reference=_found(element, "AcctSvcrRef")[:60],
        reason=" ".join(filter(None, map(str.strip, said)))[:300]
        if outcome is Outcome.RETURNED
        else "",
    )


def _outcome(element: ElementTree.Element) -> Outcome | None:
    status = _found(element, "TxSts")
    if status in SETTLED:
        return Outcome.PAID
    if status in REJECTED:
        return Outcome.RETURNED
    return Outcome.PENDING if status else None


def _answer_day(element: ElementTree.Element, made_on: date | None) -> date | None:
    return _day(_found(element, "AccptncDtTm")) or made_on


def _amount(element: ElementTree.Element) -> Decimal | None:
    text = _found(element, "InstdAmt")
    try:
        value = Decimal(text) if text and len(text) <= 20 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date() if text else None
    except ValueError:
        return None


def _found(element: ElementTree.Element, name: str) -> str:
    for one in element.iter():
        if _local(one.tag) == name:
            return (one.text or "").strip()
    return ""


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _refused(zh: str, en: str) -> InvalidInputError:
    return InvalidInputError([FieldFault("file", zh, en)])
