"""Statements as Excel: lines that recompute themselves, beside what the platform computed."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from procurement.rounds.rulebook_words import Voice
from procurement.savings.papers.book import Book, Sheet, Value
from procurement.savings.papers.columns import COLUMNS
from procurement.savings.papers.content import LineContent, SettlementContent, StatementContent
from procurement.savings.papers.formulas import Place, line_formulas
from procurement.savings.papers.sheets import write_findings, write_rules, write_summary
from procurement.savings.papers.words import reasons_words
from procurement.savings.rules.completion import GROUP, Completion
from procurement.savings.rules.exact import cents, times

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_ROW = 3
"""Of the lines, from 1: above it stand the heads, and how each column follows."""


def statements_workbook(
    settlement: SettlementContent,
    statements: Sequence[StatementContent],
    *,
    language: str,
    moment: datetime,
) -> bytes:
    """Write statements as one workbook: results, lines, assessment, parameters and rules.

    Args:
        settlement: What they share.
        statements: Of one hospital, or of all; each has its lines.
        language: ``zh`` or ``en``.
        moment: Stands in the file's properties.

    Raises:
        TooManyRowsError: More lines than a sheet has rows.
    """
    voice = Voice(language)

    def text(zh: str, en: str) -> str:
        return voice.say((zh, en))

    with Book(title=settlement.title, text=text, moment=moment) as book:
        summary = book.sheet(text("结余留用", "Statement"))
        lines = book.sheet(text("逐行计算", "Lines"))
        write_summary(summary, settlement, statements, lines=lines.name, first=FIRST_ROW, text=text)
        _write_lines(lines, settlement, statements, voice)
        write_findings(book.sheet(text("考核", "Assessment")), statements, voice)
        write_rules(book.sheet(text("参数和规则", "Parameters and rules")), settlement, voice)
        return book.content()


def _write_lines(
    sheet: Sheet,
    settlement: SettlementContent,
    statements: Sequence[StatementContent],
    voice: Voice,
) -> None:
    sheet.widths([one.width for one in COLUMNS])
    sheet.freeze(FIRST_ROW - 1, 1)
    sheet.line([voice.say(one.head) for one in COLUMNS], "head")
    note = voice.say(
        (
            "下列公式由表内数据重算；“平台”各列为平台的精确结果（表格程序保留 15 位有效数字）。",
            "Formulas recompute the lines; 'platform' columns hold the platform's exact results "
            "(spreadsheets keep 15 digits).",
        )
    )
    sheet.line([note], "note")
    for statement in statements:
        for _, members in groupby(statement.lines, key=lambda line: line.batch):
            batch = list(members)
            first = sheet.row + 1
            for line in batch:
                place = Place(sheet.row + 1, first, first + len(batch) - 1)
                _write_line(sheet, place, settlement, statement, line, voice)


def _write_line(
    sheet: Sheet,
    place: Place,
    settlement: SettlementContent,
    statement: StatementContent,
    line: LineContent,
    voice: Voice,
) -> None:
    choices = settlement.choices
    formulas = dict(line_formulas(place, choices, has_pack=bool(line.pack_units)))
    if choices.completion_unit == GROUP and line.unit_agreed is None:
        # What the other members took in is not in the file: the platform's word stands.
        del formulas["completed"]
    values = _values(statement, line, settlement, voice)
    for column, one in enumerate(COLUMNS):
        if one.key in formulas:
            sheet.formula(column, formulas[one.key], values[one.key], one.style)
        else:
            sheet.put(column, values[one.key], one.style)
    sheet.next()


def _values(
    statement: StatementContent, line: LineContent, settlement: SettlementContent, voice: Voice
) -> dict[str, Value]:
    by_line = settlement.choices.rounding == "half_up_cent_line"
    amount = cents(line.retained) if by_line else line.retained
    share = line.fund_share_employee
    eligible = not set(line.nothing_because) - {"negative-base", "negative-sum"}
    given: dict[str, Value] = {
        "hospital": statement.hospital,
        "group": statement.group,
        "fund_share": share,
        "employee": None if share is None else amount * share.numerator / share.denominator,
        "completion": Completion(line.winning_volume, line.agreed_volume).share,
        "draft": times(line.savings_base, line.ratio) if eligible else 0,
        "reasons": reasons_words(line.nothing_because, voice),
        "budget_given": line.budget,
        "spend_given": line.spend,
        "base_given": line.savings_base,
        "retained_given": line.retained,
        "check": 1,
    }
    own = {one.key: getattr(line, one.key) for one in COLUMNS if one.key not in given}
    return {**own, **given}
