"""Print a settlement as a person would read it, in Chinese or English."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from procurement.cli.aligned import table
from procurement.rounds.rulebook_words import Pair, Voice, in_words
from procurement.savings.rules import Parameter, SettledHospital, SettledLine
from procurement.savings.rules.exact import shown, yuan
from procurement.savings.run import SettledFolder
from rulebooks.vocabulary.savings import SAVINGS_TERMS

REASONS: Mapping[str, Pair] = {
    "empty-agreed-volume": ("约定采购量为零", "nothing was agreed"),
    "not-completed": ("未完成约定采购量", "agreed volume not completed"),
    "assessment-failed": ("考核不合格", "assessment failed"),
    "follow-on": ("接续采购不再留用", "a follow-on round earns nothing"),
    "negative-base": ("基数为负", "negative base"),
    "negative-sum": ("相抵后为负", "negative after netting"),
}
"""Why nothing is kept."""

_LINE_HEAD: Sequence[Pair] = (
    ("医疗机构", "hospital"),
    ("品种", "product"),
    ("预算", "budget"),
    ("支出", "spend"),
    ("结余测算基数", "savings base"),
    ("完成率", "completion"),
    ("留用", "retained"),
    ("不留用的原因", "why nothing"),
)
_HOSPITAL_HEAD: Sequence[Pair] = (
    ("医疗机构", "hospital"),
    ("得分", "score"),
    ("等级", "grade"),
    ("留用比例", "share"),
    ("留用金额", "retained"),
    ("职工", "employee"),
    ("居民", "resident"),
)
_GIVEN_BY: Mapping[str, Pair] = {
    "scheme": ("scheme.toml 给出", "given by scheme.toml"),
    "rulebook": ("规则书", "by the rulebook"),
    "not-given": ("未给出，未用到", "not given, not needed"),
}
_NOT_VERIFIED: Pair = ("规则书，未核实", "by the rulebook, not verified")
_PAID: Pair = ("按医疗机构四舍五入到分", "half up to the cent, by hospital")


def describe_settlement(settled: SettledFolder, *, language: str) -> str:
    """Print a settlement: parameters, lines, hospitals, groups, and what was left out.

    Args:
        settled: The settlement.
        language: ``zh`` or ``en``.
    """
    voice = Voice(language)
    lines = [*_head(settled, voice), "", *_lines(settled.settlement.lines, voice)]
    lines += ["", *_hospitals(settled.settlement.hospitals, voice)]
    for group in settled.settlement.groups:
        share = _percent(group.completion.share)
        zh = f"医共体 {group.group}：完成率 {share}，留用 {_money(group.retained)}"
        en = f"group {group.group}: completion {share}, retained {_money(group.retained)}"
        lines += ["", voice.say((zh, en))]
    amount = _money(settled.settlement.total)
    lines += ["", voice.say((f"合计留用 {amount} 元", f"retained in all: {amount} yuan"))]
    lines += _left_out(settled, voice)
    return "\n".join(lines) + "\n"


def _head(settled: SettledFolder, voice: Voice) -> Iterator[str]:
    if settled.scheme.title:
        yield settled.scheme.title
    year = settled.scheme.year_name
    yield f"{settled.rules.rulebook.id} · {voice.say(('采购年度', 'procurement year'))} {year}"
    for parameter in settled.rules.parameters:
        yield f"  {_parameter(parameter, voice)}"
    if settled.rules.unverified:
        keys = ", ".join(settled.rules.unverified)
        yield voice.say((f"  未核实的规则：{keys}", f"  rules not verified: {keys}"))


def _parameter(parameter: Parameter, voice: Voice) -> str:
    term = SAVINGS_TERMS[parameter.key]
    colon = voice.say(("：", ": "))
    by = _GIVEN_BY[parameter.given_by]
    if parameter.given_by == "rulebook" and not parameter.verified:
        by = _NOT_VERIFIED
    if parameter.value is None:
        words = voice.say(_PAID) if parameter.key == "rounding" else "-"
    else:
        words = voice.join(in_words(parameter.key, term, parameter.value, voice))
    return f"{voice.say((term.zh, term.en))}{colon}{words} ({voice.say(by)})"


def _lines(lines: Sequence[SettledLine], voice: Voice) -> list[str]:
    rows = [[voice.say(head) for head in _LINE_HEAD]]
    for line in lines:
        batch = f" [{line.terms.batch}]" if line.terms.batch else ""
        rows.append(
            [
                line.terms.hospital,
                line.terms.product + batch,
                _money(line.bases.budget),
                _money(line.bases.spend),
                _money(line.bases.savings_base),
                _percent(line.completion.share),
                _money(line.retained),
                voice.join([voice.say(REASONS[reason]) for reason in line.nothing_because]),
            ]
        )
    return table(rows, right=range(2, 7))


def _hospitals(hospitals: Sequence[SettledHospital], voice: Voice) -> list[str]:
    rows = [[voice.say(head) for head in _HOSPITAL_HEAD]]
    for hospital in hospitals:
        assessed = hospital.assessed
        score = assessed.score if assessed else None
        rows.append(
            [
                hospital.hospital,
                "-" if score is None else shown(score),
                (assessed.grade if assessed else None) or "-",
                _percent(assessed.ratio if assessed else None),
                _money(hospital.retained),
                _money(hospital.employee),
                _money(hospital.resident),
            ]
        )
    return table(rows, right=(1, 3, 4, 5, 6))


def _left_out(settled: SettledFolder, voice: Voice) -> Iterator[str]:
    for left, zh, en in (
        (settled.outside_year, "不在采购年度内", "outside the year"),
        (settled.without_contract, "没有约定采购量", "without an agreement"),
    ):
        if left.number:
            amount = _money(yuan(left.amount))
            yield voice.say(
                (
                    f"未计入：{zh} {left.number} 行，{amount} 元",
                    f"left out, {en}: {left.number} lines, {amount} yuan",
                )
            )


def _money(amount: Decimal | None) -> str:
    return "-" if amount is None else shown(amount, least_decimals=2)


def _percent(share: Decimal | None) -> str:
    return "-" if share is None else f"{shown(round(share * 100, 2))}%"
