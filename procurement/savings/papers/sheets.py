"""The other sheets of the workbook: results by hospital, assessment, parameters and rules."""

from collections.abc import Sequence

from procurement.rounds.rulebook_words import Pair, Voice
from procurement.savings.papers.book import Sheet
from procurement.savings.papers.columns import LETTERS, letters
from procurement.savings.papers.content import SettlementContent, StatementContent
from procurement.savings.papers.formulas import paid_formula
from procurement.savings.papers.words import (
    Text,
    indicator_words,
    parameter_rows,
    rule_rows,
    unknown_rows,
)
from procurement.web.printing import print_moment

_SUMMARY: Sequence[tuple[Pair, str, int]] = (
    (("医疗机构", "hospital"), "text", 28),
    (("机构代码", "code"), "text", 22),
    (("医共体", "medical group"), "text", 18),
    (("考核得分", "score"), "points", 10),
    (("等级", "grade"), "text", 10),
    (("留用比例", "share kept"), "ratio", 10),
    (("行数", "lines"), "count", 8),
    (("结余测算基数合计（元）", "sum of savings bases, yuan"), "money", 18),
    (("留用合计，未取舍（元）", "retained, exact, yuan"), "money", 18),
    (("留用金额（元）", "retained, yuan"), "result", 18),
    (("应付金额（元）", "payable, yuan"), "paid", 18),
    (("职工医保基金（元）", "employee fund, yuan"), "paid", 18),
    (("居民医保基金（元）", "resident fund, yuan"), "paid", 18),
    (("平台：应付", "platform: payable"), "given", 18),
    (("平台：职工", "platform: employee"), "given", 18),
    (("平台：居民", "platform: resident"), "given", 18),
    (("重算与平台一致", "recomputed = platform"), "verdict", 12),
)
_FINDINGS: Sequence[tuple[Pair, int]] = (
    (("医疗机构", "hospital"), 28),
    (("考核指标", "indicator"), 26),
    (("满分", "points at most"), 10),
    (("自评", "self-assessed"), 10),
    (("现场考核", "on site"), 10),
    (("计分", "counts"), 10),
    (("依据", "evidence"), 40),
    (("说明", "note"), 40),
)


def write_summary(
    sheet: Sheet,
    settlement: SettlementContent,
    statements: Sequence[StatementContent],
    *,
    lines: str,
    first: int,
    text: Text,
) -> None:
    """Write what each hospital keeps, as sums of its lines.

    Args:
        sheet: Where.
        settlement: What all share.
        statements: In the order of the sheet of lines.
        lines: Name of that sheet.
        first: First row of it, from 1.
        text: Chooses the language.
    """
    sheet.widths([width for _, _, width in _SUMMARY])
    sheet.line([settlement.title], "title")
    for label, value in _facts(settlement, text):
        sheet.line([label, value], "text")
    sheet.next()
    sheet.line([text(*head) for head, _, _ in _SUMMARY], "head")
    top, row = sheet.row + 1, first
    for statement in statements:
        last = row + len(statement.lines) - 1
        _write_hospital(sheet, settlement, statement, lines, (row, last))
        row = last + 1
    _write_total(sheet, statements, top, text)


def _facts(settlement: SettlementContent, text: Text) -> list[tuple[str, str]]:
    rulebook = settlement.rules.rulebook
    language = text("zh", "en")
    computed = settlement.computed_at
    return [
        (text("清算编号", "Settlement"), settlement.number),
        (text("清算单位", "Settled by"), settlement.bureau),
        (text("批次和采购年度", "Batch-years"), text("；", "; ").join(settlement.years)),
        (text("规则", "Rulebook"), f"{text(rulebook.title.zh, rulebook.title.en)} ({rulebook.id})"),
        (text("规则摘要", "Digest of it"), rulebook.digest),
        (text("测算时间", "Computed"), print_moment(computed, language) if computed else "—"),
        (text("测算批号", "Run"), settlement.run or "—"),
    ]


def _write_hospital(
    sheet: Sheet,
    settlement: SettlementContent,
    statement: StatementContent,
    lines: str,
    rows: tuple[int, int],
) -> None:
    first, last = rows
    here = sheet.row + 1

    def summed(key: str) -> str:
        return f"SUM('{lines}'!{LETTERS[key]}{first}:{LETTERS[key]}{last})"

    given = [statement.hospital, statement.code, statement.group]
    for column, value in enumerate(
        (*given, statement.score, statement.grade, statement.ratio, len(statement.lines))
    ):
        sheet.put(column, value, _SUMMARY[column][1])
    sheet.formula(7, f"={summed('savings_base')}", statement.savings_base, "money")
    sheet.formula(8, f"={summed('retained')}", statement.retained_exact, "money")
    sheet.formula(
        9, paid_formula(first, last, lines, settlement.choices), statement.retained, "result"
    )
    sheet.formula(10, f"=ROUND(J{here},2)", statement.payable, "paid")
    check = [f"ABS(K{here}-N{here})"]
    if statement.employee is not None:
        sheet.formula(11, f"=ROUND({summed('employee')},2)", statement.employee, "paid")
        sheet.formula(12, f"=K{here}-L{here}", statement.resident, "paid")
        check += [f"ABS(L{here}-O{here})", f"ABS(M{here}-P{here})"]
    sheet.put(13, statement.payable, "given")
    sheet.put(14, statement.employee, "given")
    sheet.put(15, statement.resident, "given")
    sheet.formula(16, f"=IF(MAX({','.join(check)})<0.005,1,0)", 1, "verdict")
    sheet.next()


def _write_total(
    sheet: Sheet, statements: Sequence[StatementContent], top: int, text: Text
) -> None:
    """The row of totals; a single hospital needs none."""
    if len(statements) < 2:
        return
    last = sheet.row
    sheet.put(0, text("合计", "total"), "label")
    kept = {
        10: [one.payable for one in statements],
        11: [one.employee for one in statements if one.employee is not None],
        12: [one.resident for one in statements if one.resident is not None],
    }
    for column, amounts in kept.items():
        name = letters(column)
        sheet.formula(column, f"=SUM({name}{top}:{name}{last})", sum(amounts), "paid")
    sheet.next()


def write_findings(sheet: Sheet, statements: Sequence[StatementContent], voice: Voice) -> None:
    """Write the assessments by indicator."""
    sheet.widths([width for _, width in _FINDINGS])
    sheet.line([voice.say(head) for head, _ in _FINDINGS], "head")
    for statement in statements:
        first = sheet.row + 1
        for finding in statement.findings:
            here = sheet.row + 1
            on_site = finding.on_site
            sheet.put(0, statement.hospital)
            sheet.put(1, indicator_words(finding.indicator, voice))
            sheet.put(2, finding.points_max, "points")
            sheet.put(3, finding.self_assessed, "points")
            sheet.put(4, on_site, "points")
            counts = finding.self_assessed if on_site is None else on_site
            sheet.formula(5, f'=IF(E{here}="",D{here},E{here})', counts, "points")
            sheet.put(6, finding.evidence, "wrapped")
            sheet.put(7, finding.note, "wrapped")
            sheet.next()
        if statement.findings:
            sheet.put(0, statement.hospital)
            sheet.put(1, voice.say(("得分", "score")), "label")
            sheet.formula(5, f"=SUM(F{first}:F{sheet.row})", statement.score, "points")
            sheet.next()


def write_rules(sheet: Sheet, settlement: SettlementContent, voice: Voice) -> None:
    """Write what texts leave open and how it was decided, and every rule with its source."""
    rules = settlement.rules
    sheet.widths((40, 60, 50, 14))
    heads = (
        ("文件未定的事项", "left open by the texts"),
        ("取值", "value"),
        ("由谁给定", "given by"),
    )
    sheet.line([voice.say(head) for head in heads], "head")
    for row in parameter_rows(rules, voice):
        sheet.line(row, "wrapped")
    sheet.next()
    own = (("规则", "rule"), ("内容", "value"), ("来源", "source"), ("是否核实", "verified"))
    sheet.line([voice.say(head) for head in own], "head")
    for name, value, source, verified in rule_rows(rules, voice):
        mark = ("已核实", "verified") if verified else ("未核实", "not verified")
        sheet.line([name, value, source, voice.say(mark)], "wrapped")
    unknown = list(unknown_rows(rules, voice))
    if unknown:
        sheet.next()
        sheet.line([voice.say(("来源未说明、本次未用到", "not stated, not needed here"))], "head")
        for words in unknown:
            sheet.line([words], "wrapped")
