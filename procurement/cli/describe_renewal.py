"""Print a renewal, and a price path, as a person would read them, in Chinese or English."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pricing.money import round_half_up
from pricing.renewal import ROUTE_WORDS, Cell, PathStep, PricePath, Renewal, Route
from pricing.renewal.outcome import percent, plain
from procurement.cli.aligned import table
from procurement.rounds.rulebook_words import Pair, Voice

_FACTS: Mapping[str, Pair] = {
    "unchanged_cycles": (
        "未给出支付范围和标准连续未调整的协议期数，未核对纳入常规目录的该项条件。",
        "how many agreements stayed unchanged is not given: that way to the regular list is "
        "not tested.",
    ),
    "budget_growth": (
        "未给出未来两年预算增幅，未核对简易续约的该项条件。",
        "the growth of the next two years' budget is not given: that condition is not tested.",
    ),
}

_HEADS: Sequence[Pair] = (
    ("满年数", "after years"),
    ("A", "A"),
    ("A 档", "cell of A"),
    ("B", "B"),
    ("B 档", "cell of B"),
    ("结果", "route"),
    ("降幅", "cut"),
    ("支付标准（元）", "standard (yuan)"),
)


def describe_renewal(renewal: Renewal, *, language: str, idle: Sequence[str] = ()) -> str:
    """Print a renewal: the route, the price, each rule as it was applied, what was not tested.

    Args:
        renewal: The decision.
        language: ``zh`` or ``en``.
        idle: Options that had nothing to say.
    """
    voice = Voice(language)
    lines = [*_head(renewal, voice), ""]
    for step in renewal.steps:
        cited = _cited(step.clause, step.is_verified, voice)
        lines += [f"  {voice.say((step.zh, step.en))}", f"      {cited}"]
    lines += [f"  {voice.say(_FACTS[fact])}" for fact in renewal.not_given]
    for key in idle:
        zh, en = f"该规则书没有此规则，选项 {key} 不起作用。", f"option {key} says nothing here."
        lines.append(f"  {voice.say((zh, en))}")
    return "\n".join(lines) + "\n"


def describe_path(path: PricePath, rulebook: str, *, language: str) -> str:
    """Print a price path: a line for each renewal with its cells, then the rules.

    Args:
        path: The path.
        rulebook: Whose rules it follows.
        language: ``zh`` or ``en``.
    """
    voice = Voice(language)
    zh = f"{rulebook} · 起始支付标准 {plain(path.price)} 元"
    lines = [voice.say((zh, f"{rulebook} · standard at the start {plain(path.price)} yuan")), ""]
    rows = [[voice.say(head) for head in _HEADS]]
    rows += [_row(step, voice) for step in path.steps]
    lines += table(rows, right=(0, 1, 3, 6, 7))
    cited = {
        _cited(rule.clause, rule.is_verified, voice): None
        for step in path.steps
        for rule in step.renewal.steps
    }
    lines += ["", voice.say(("所依据的规则：", "rules applied:")), *(f"  {one}" for one in cited)]
    if path.is_open:
        zh = "重新谈判的价格不作预测；可用 --renegotiated-cut 假设其降幅。"
        en = "what a renegotiation brings is not forecast; --renegotiated-cut assumes a cut."
        lines += ["", voice.say((zh, en))]
    return "\n".join(lines) + "\n"


def _row(step: PathStep, voice: Voice) -> list[str]:
    renewal, facts = step.renewal, step.facts
    none = voice.say(("—", "-"))
    is_simple = renewal.route is Route.SIMPLE
    return [
        str(step.year),
        _rounded_percent(facts.ratio_a),
        _cell(renewal.cell_a, voice) if is_simple else none,
        none if facts.ratio_b is None else _rounded_percent(facts.ratio_b),
        _cell(renewal.cell_b, voice) if renewal.cell_b else none,
        voice.say(ROUTE_WORDS[renewal.route]),
        none if renewal.cut is None else percent(renewal.cut),
        none if step.price_after is None else plain(step.price_after),
    ]


def _rounded_percent(ratio: Decimal) -> str:
    """A computed ratio, which may have no end, to a hundredth of a percent."""
    return percent(round_half_up(ratio, 4))


def _cell(cell: Cell | None, voice: Voice) -> str:
    if cell is None:
        return voice.say(("—", "-"))
    zh = f"第 {cell.row + 1} 行第 {cell.column + 1} 列"
    return voice.say((zh, f"row {cell.row + 1}, column {cell.column + 1}"))


def _cited(clause: str, is_verified: bool, voice: Voice) -> str:
    return clause + ("" if is_verified else voice.say(("（未核实）", " (not verified)")))


def _head(renewal: Renewal, voice: Voice) -> Iterator[str]:
    yield f"{voice.say(ROUTE_WORDS[renewal.route])} · {renewal.rulebook}"
    if renewal.cut is not None and renewal.price is not None:
        cut, price = percent(renewal.cut), plain(renewal.price)
        zh = f"降幅 {cut}，新支付标准 {price} 元"
        yield voice.say((zh, f"cut of {cut}, new payment standard {price} yuan"))
    if renewal.route is Route.RENEGOTIATE:
        yield voice.say(("价格由谈判确定", "the price is left to the talks"))
    if renewal.may_ask:
        zh = "一类新药：企业可申请重新谈判"
        yield voice.say((zh, "Class-1 drug: its company may ask to renegotiate"))
