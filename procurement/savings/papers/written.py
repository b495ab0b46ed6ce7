"""A statement in the words that are printed."""

from collections.abc import Iterator, Sequence

from procurement.rounds.rulebook_words import Voice
from procurement.savings.papers.content import LineContent, SettlementContent, StatementContent
from procurement.savings.papers.line_steps import formula_words, line_steps
from procurement.savings.papers.print_shapes import PrintedLine, PrintedStatement, PrintedTable
from procurement.savings.papers.words import (
    indicator_words,
    money_words,
    parameter_rows,
    percent_words,
    ratio_words,
    reasons_words,
    rule_rows,
    unknown_rows,
    unverified_names,
)
from procurement.savings.rules.completion import Completion
from procurement.savings.rules.exact import less, shown
from procurement.web.printing import print_moment


class Writer:
    """Writes the statements of one settlement; what they share is written once."""

    def __init__(self, settlement: SettlementContent, *, language: str) -> None:
        """Write what all statements share."""
        self._settlement = settlement
        self._voice = Voice(language)
        self._shared = tuple(_rule_tables(settlement, self._voice))

    def write(self, statement: StatementContent) -> PrintedStatement:
        """Write one statement."""
        settlement, voice = self._settlement, self._voice
        tables = [_findings(statement, voice), *self._shared]
        return PrintedStatement(
            title=voice.say(("集采医保资金结余留用测算表", "Statement of retained savings")),
            hospital=statement.hospital,
            lang=voice.language,
            region=voice.say(("CN", "GB")),
            imprint=f"{settlement.number} · {settlement.rules.rulebook.id} "
            f"{settlement.rules.rulebook.digest[:16]} · {settlement.run}".rstrip(" ·"),
            facts=_facts(settlement, statement, voice),
            result=list(_result(statement, voice)),
            overview=_overview(statement, voice),
            sum=list(_sum(settlement, statement, voice)),
            lines_title=voice.say(("二、逐行计算", "2  Every line")),
            formula=formula_words(settlement.choices, voice),
            lines=[
                _line(number, line, settlement, voice)
                for number, line in enumerate(statement.lines, start=1)
            ],
            tables=tables,
            signatures=[
                voice.say(("医疗机构确认（盖章）、日期", "Confirmed by the hospital (seal), date")),
                voice.say(("清算单位（盖章）、日期", "Settled by (seal), date")),
            ],
        )


def _facts(
    settlement: SettlementContent, statement: StatementContent, voice: Voice
) -> list[tuple[str, str]]:
    say, rulebook = voice.say, settlement.rules.rulebook
    computed = settlement.computed_at
    facts = [
        (say(("清算", "Settlement")), f"{settlement.title}（{settlement.number}）"),
        (say(("清算单位", "Settled by")), settlement.bureau),
        (say(("批次和采购年度", "Batch-years")), say(("；", "; ")).join(settlement.years)),
        (say(("规则", "Rulebook")), f"{say(rulebook.title)} {rulebook.document or ''}".strip()),
        (say(("机构代码", "Code")), statement.code or "—"),
        (say(("医共体", "Medical group")), statement.group or "—"),
        (
            say(("测算时间", "Computed")),
            print_moment(computed, voice.language) if computed else "—",
        ),
        (say(("状态", "Status")), statement.status or "—"),
    ]
    return facts


def _result(statement: StatementContent, voice: Voice) -> Iterator[tuple[str, str]]:
    yield voice.say(("应付金额（元）", "Payable, yuan")), money_words(statement.payable)
    if statement.employee is not None:
        fund = voice.say(("其中：职工医保基金", "employee fund"))
        yield fund, money_words(statement.employee)
        yield voice.say(("居民医保基金", "resident fund")), money_words(statement.resident)
    score = "—" if statement.score is None else shown(statement.score)
    grade = f" {statement.grade}" if statement.grade else ""
    yield voice.say(("考核得分", "score")), f"{score}{grade}"
    yield voice.say(("留用比例", "share kept")), percent_words(statement.ratio)


def _name(line: LineContent) -> str:
    return " · ".join(filter(None, (line.product, line.strength, line.supplier)))


def _overview(statement: StatementContent, voice: Voice) -> PrintedTable:
    say = voice.say
    rows = [
        (
            str(number),
            _name(line),
            line.batch,
            money_words(line.budget),
            money_words(line.spend),
            money_words(line.savings_base),
            percent_words(Completion(line.winning_volume, line.agreed_volume).share),
            money_words(line.retained),
            reasons_words(line.nothing_because, voice),
        )
        for number, line in enumerate(statement.lines, start=1)
    ]
    base, kept = money_words(statement.savings_base), money_words(statement.retained_exact)
    rows.append(("", say(("合计", "total")), "", "", "", base, "", kept, ""))
    return PrintedTable(
        title=say(("一、金额是怎样得出的", "1  How the sum came about")),
        heads=[
            "#",
            say(("品种", "product")),
            say(("批次年度", "batch-year")),
            say(("预算", "budget")),
            say(("支出", "spend")),
            say(("基数", "base")),
            say(("完成率", "completion")),
            say(("留用", "retained")),
            say(("不留用的原因", "why nothing")),
        ],
        widths=(0, 4, 3, 0, 0, 0, 0, 0, 3),
        aligns=("right", "left", "left", "right", "right", "right", "right", "right", "left"),
        rows=rows,
        strong=(len(rows) - 1,),
    )


def _sum(
    settlement: SettlementContent, statement: StatementContent, voice: Voice
) -> Iterator[tuple[str, str]]:
    say, rounding = voice.say, settlement.choices.rounding
    exact = money_words(statement.retained_exact)
    yield say(("各行留用之和（精确）", "sum of what the lines keep, exact")), exact
    how = {
        "half_up_cent": ("四舍五入到分", "half up to the cent"),
        "half_up_cent_line": ("逐行四舍五入到分后相加", "lines half up to the cent, added"),
        "not_rounded": ("不取舍", "not rounded"),
    }[rounding]
    changed = less(statement.retained, statement.retained_exact)
    words = f"{say(('取舍', 'rounding'))}: {say(how)}"
    yield words, f"{'+' if changed > 0 else ''}{money_words(changed)}"
    yield say(("留用金额", "retained")), money_words(statement.retained)
    if statement.payable != statement.retained:
        yield say(("应付金额（到分）", "payable, to the cent")), money_words(statement.payable)
    if statement.employee is None:
        return
    yield (
        say(
            (
                "职工医保基金：各行留用 × 职工占比之和，四舍五入到分",
                "employee fund: sum of lines × its share, half up to the cent",
            )
        ),
        money_words(statement.employee),
    )
    yield (
        say(("居民医保基金：余额", "resident fund: the remainder")),
        f"{money_words(statement.payable)} − {money_words(statement.employee)} = "
        f"{money_words(statement.resident)}",
    )


def _line(
    number: int, line: LineContent, settlement: SettlementContent, voice: Voice
) -> PrintedLine:
    say = voice.say
    pack = ""
    if line.pack_units and line.pack_price is not None:
        pack = say(
            (
                f"中选价 {money_words(line.pack_price)} 元／{line.pack_units}{line.unit}",
                f"winning price {money_words(line.pack_price)} yuan for {line.pack_units} "
                f"{line.unit}",
            )
        )
    share = line.fund_share_employee
    fund = "" if share is None else say((f"职工占比 {share}", f"employee fund's share {share}"))
    others = ""
    if line.non_winning_volume or line.non_winning_amount:
        amount = money_words(line.non_winning_amount)
        others = say(
            (
                f"非中选 {f'{line.non_winning_volume:,} {line.unit}'.strip()}，{amount} 元",
                f"non-winning {f'{line.non_winning_volume:,} {line.unit}'.strip()}, {amount} yuan",
            )
        )
    follow_on = say(("接续采购", "follow-on round")) if line.follow_on else ""
    agreed = [line.batch, pack, others, fund, follow_on]
    return PrintedLine(
        title=f"{number}. {_name(line)}",
        agreed=voice.join([one for one in agreed if one]),
        steps=line_steps(line, settlement.choices, voice),
        retained=money_words(line.retained),
        why=reasons_words(line.nothing_because, voice),
    )


def _findings(statement: StatementContent, voice: Voice) -> PrintedTable:
    say = voice.say
    rows: list[Sequence[str]] = []
    for one in statement.findings:
        counts = one.self_assessed if one.on_site is None else one.on_site
        rows.append(
            (
                indicator_words(one.indicator, voice),
                shown(one.points_max),
                ratio_words(one.self_assessed),
                ratio_words(one.on_site),
                ratio_words(counts),
                voice.join([text for text in (one.evidence, one.note) if text]),
            )
        )
    if rows:
        total = ratio_words(statement.score)
        rows.append((say(("得分", "score")), "", "", "", total, statement.grade or ""))
    heads = (
        ("考核指标", "indicator"),
        ("满分", "points at most"),
        ("自评", "self"),
        ("现场", "on site"),
        ("计分", "counts"),
        ("依据和说明", "evidence and notes"),
    )
    return PrintedTable(
        title=say(("三、考核", "3  Assessment")),
        heads=[say(head) for head in heads],
        widths=(3, 0, 0, 0, 0, 5),
        aligns=("left", "right", "right", "right", "right", "left"),
        rows=rows,
        strong=(len(rows) - 1,) if rows else (),
        note="" if rows else say(("没有按指标计分的记录。", "No points by indicator on record.")),
    )


def _rule_tables(settlement: SettlementContent, voice: Voice) -> Iterator[PrintedTable]:
    say, rules = voice.say, settlement.rules
    yield PrintedTable(
        title=say(
            ("四、文件未定、由本次清算给定的事项", "4  What texts leave open, as decided here")
        ),
        heads=[say(("事项", "matter")), say(("取值", "value")), say(("由谁给定", "given by"))],
        widths=(3, 5, 2),
        aligns=("left", "left", "left"),
        rows=list(parameter_rows(rules, voice)),
    )
    marks = {True: say(("已核实", "verified")), False: say(("未核实", "not verified"))}
    yield PrintedTable(
        title=say(("五、规则及其来源", "5  Rules and their sources")),
        heads=[
            say(("规则", "rule")),
            say(("内容", "value")),
            say(("来源", "source")),
            say(("是否核实", "verified")),
        ],
        widths=(3, 3, 4, 0),
        aligns=("left", "left", "left", "left"),
        rows=[
            (name, value, source, marks[ok]) for name, value, source, ok in rule_rows(rules, voice)
        ],
        note=_notes(settlement, voice),
    )


def _notes(settlement: SettlementContent, voice: Voice) -> str:
    rules, say = settlement.rules, voice.say
    digest = rules.rulebook.digest
    notes = [say((f"规则摘要（SHA-256）：{digest}", f"Digest of the rulebook (SHA-256): {digest}"))]
    unverified = unverified_names(rules, voice)
    if unverified:
        names = say(("、", ", ")).join(unverified)
        notes.append(say((f"未核实的规则：{names}", f"Rules that are not verified: {names}")))
    unknown = list(unknown_rows(rules, voice))
    if unknown:
        names = say(("、", ", ")).join(unknown)
        text = (f"来源未说明、本次未用到：{names}", f"Not stated and not needed here: {names}")
        notes.append(say(text))
    return voice.say(("。", ". ")).join(notes) + voice.say(("。", "."))
