"""Renewal of a negotiated drug: regular list, simple renewal or renegotiation."""

from dataclasses import replace
from decimal import Decimal
from typing import cast

from pricing.faults import Fault, ModelFaultsError
from pricing.money import EXACT, round_half_up
from pricing.renewal.cut_table import Cell, CutTable, combine, halve
from pricing.renewal.facts import RenewalFacts
from pricing.renewal.outcome import Renewal, Route, Trail, percent, plain
from pricing.renewal.routes import is_simple, may_ask, regular_by
from pricing.stated_rules import RuleNotStatedError, StatedRules
from pricing.trailing_zeros import without_trailing_zeros

ZERO = Decimal(0)
YI, MILLION = Decimal(100_000_000), Decimal(1_000_000)


def renew(facts: RenewalFacts, rules: StatedRules) -> Renewal:
    """Decide the renewal of one drug.

    Args:
        facts: The drug at the end of its agreement.
        rules: A rulebook of kind ``renewal`` with the options that complete it.

    Raises:
        ModelFaultsError: A fact cannot be, or one that the table needs is missing.
        RuleNotStatedError: A rule is needed that no source states and no option supplies.

    Examples:
        >>> facts = RenewalFacts(
        ...     price=Decimal(100),
        ...     ratio_a=Decimal("1.25"),
        ...     spend=Decimal(300_000_000),
        ...     years_listed=2,
        ... )
        >>> renewal = renew(facts, StatedRules.of("nrdl-renewal-2023"))
        >>> renewal.route.value, renewal.cut, renewal.price
        ('simple', Decimal('0.07'), Decimal('93'))
    """
    facts.check()
    trail = Trail(rules)
    if regular_by(facts, trail) is not None:
        return _regular(facts, trail)
    if not is_simple(facts, trail):
        return _renegotiate(trail, simple_cut=None)
    if facts.asks_renegotiation:
        return _asked(facts, trail)
    return _simple(facts, trail)


def after_failed_scope_change(facts: RenewalFacts, rules: StatedRules) -> Renewal:
    """Decide again where a change of scope has failed: the original scope is renewed."""
    rules.required("scope_change.after_failure")
    return renew(replace(facts, ratio_b=None, spend_increase=None), rules)


def after_failed_class_1(facts: RenewalFacts, rules: StatedRules) -> Renewal | None:
    """What follows where a Class-1 drug's renegotiation has failed; None where it leaves the list.

    Raises:
        RuleNotStatedError: No source states it, and no option supplies ``class_1.after_failure``.
    """
    if rules.word("class_1.after_failure") == "removal":
        return None
    return renew(replace(facts, asks_renegotiation=False), rules)


def _regular(facts: RenewalFacts, trail: Trail) -> Renewal:
    trail.rules.required("regular.standard")
    trail.note(
        "regular.standard",
        f"支付标准不变：{plain(facts.price)} 元。",
        f"the payment standard stays at {plain(facts.price)} yuan.",
    )
    return _renewal(trail, Route.REGULAR, cut=ZERO, price=facts.price)


def _asked(facts: RenewalFacts, trail: Trail) -> Renewal:
    """The company asks to renegotiate although simple renewal is open to it."""
    simple_cut = None
    if may_ask(facts, trail):
        trail.rules.required("class_1.cut_at_most")
        simple_cut = _simple(facts, Trail(trail.rules)).cut
        cut = percent(cast("Decimal", simple_cut))
        trail.note(
            "class_1.cut_at_most",
            f"申请重新谈判，降幅以不高于简易续约的 {cut} 为目标。",
            f"it asks to renegotiate, with the aim of a cut not above the {cut} of simple renewal.",
        )
    elif trail.rules.flag("renegotiation.at_wish"):
        trail.note(
            "renegotiation.at_wish",
            "企业要求重新谈判。",
            "the company chooses to renegotiate.",
        )
    else:
        trail.rules.required("renegotiation.at_wish")
    return _renegotiate(trail, simple_cut=simple_cut)


def _renegotiate(trail: Trail, *, simple_cut: Decimal | None) -> Renewal:
    renewal = _renewal(trail, Route.RENEGOTIATE, cut=None, price=None)
    return replace(renewal, simple_cut=simple_cut)


def _simple(facts: RenewalFacts, trail: Trail) -> Renewal:
    cell_a, cell_b = _cells(facts, trail)
    cut_a, cut_b = cell_a.cut, cell_b.cut if cell_b else ZERO
    if cell_b is not None:
        trail.rules.required("cut.combination")
        trail.note(
            "cut.combination",
            f"合并降幅：1 −（1 − {percent(cut_a)}）×（1 − {percent(cut_b)}）"
            f" = {percent(combine(cut_a, cut_b))}。",
            f"combined: 1 - (1 - {percent(cut_a)})(1 - {percent(cut_b)})"
            f" = {percent(combine(cut_a, cut_b))}.",
        )
    cut, halved = _halved(cut_a, cut_b, facts, trail)
    renewal = _renewal(trail, Route.SIMPLE, cut=cut, price=_cut_price(facts.price, cut, trail))
    asks = may_ask(facts, trail)
    steps = tuple(trail.steps)
    return replace(renewal, cell_a=cell_a, cell_b=cell_b, halved=halved, may_ask=asks, steps=steps)


def _cells(facts: RenewalFacts, trail: Trail) -> tuple[Cell, Cell | None]:
    table = CutTable.of(trail.rules.table("cut.table"))
    cell_a = table.cell_a(facts.ratio_a, facts.spend)
    _note_cell(trail, "A", facts.ratio_a, cell_a)
    if facts.ratio_b is None:
        return _known(cell_a, trail), None
    increase = facts.spend_increase
    if increase is None:
        if table.needs_column(table.ratio_b, facts.ratio_b):
            zh = "未给出：B 的降幅须按年均预算增加额定列"
            en = "is not given: the cut by B needs the added budget a year"
            raise ModelFaultsError([Fault("spend_increase", zh, en)])
        # The row has one cut in all columns.
        increase = ZERO
    cell_b = table.cell_b(facts.ratio_b, increase)
    _note_cell(trail, "B", facts.ratio_b, cell_b)
    return _known(cell_a, trail), _known(cell_b, trail)


def _known(cell: Cell | None, trail: Trail) -> Cell:
    if cell is None:
        raise RuleNotStatedError(
            trail.rules.rulebook.id,
            "cut.table",
            zh="比值超出降幅表末行",
            en="the ratio lies beyond the last row of the table of cuts",
        )
    return cell


def _note_cell(trail: Trail, name: str, ratio: Decimal, cell: Cell | None) -> None:
    if cell is None:
        return
    low, high, cut = percent(cell.ratio_above), percent(cell.ratio_until), percent(cell.cut)
    zh_column, en_column = _column(cell)
    trail.note(
        "cut.table",
        f"{name} = {percent(ratio)}（行：{low}–{high}；列：{zh_column}）：降幅 {cut}。",
        f"{name} = {percent(ratio)} (row {low} to {high}, column {en_column}): cut of {cut}.",
    )


def _column(cell: Cell) -> tuple[str, str]:
    """The column of a cell, in 亿元 and in millions of yuan a year."""
    zh_low, en_low = plain(cell.spend_above / YI), plain(cell.spend_above / MILLION)
    if cell.spend_until is None:
        return f"高于 {zh_low} 亿元", f"above {en_low} million yuan a year"
    zh_high, en_high = plain(cell.spend_until / YI), plain(cell.spend_until / MILLION)
    return f"{zh_low}–{zh_high} 亿元", f"{en_low} to {en_high} million yuan a year"


def _halved(
    cut_a: Decimal, cut_b: Decimal, facts: RenewalFacts, trail: Trail
) -> tuple[Decimal, bool]:
    """The combined cut, halved where the drug is listed long enough."""
    rules, whole = trail.rules, combine(cut_a, cut_b)
    years = cast("int | None", rules.value("halving.from_years"))
    if years is None or facts.years_listed < years:
        return whole, False
    if not whole:
        return whole, False
    # Where only one cut bites, both readings of the rule give the same.
    method = rules.word("halving.method") if cut_a and cut_b else "combined"
    cut = halve(cut_a, cut_b, method)
    trail.note(
        "halving.from_years",
        f"在目录内已满 {facts.years_listed} 年（不少于 {years} 年），降幅减半：{percent(cut)}。",
        f"listed for {facts.years_listed} years ({years} or more): the cut is halved to "
        f"{percent(cut)}.",
    )
    if cut_a and cut_b:
        zh = "合并后的降幅减半。" if method == "combined" else "每项降幅先减半，再合并。"
        en = "the combined cut is halved." if method == "combined" else "each cut is halved."
        trail.note("halving.method", zh, en)
    return cut, True


def _cut_price(price: Decimal, cut: Decimal, trail: Trail) -> Decimal:
    new = EXACT.multiply(price, EXACT.subtract(Decimal(1), cut))
    key = "price.decimals"
    if trail.rules.knows(key):
        new = round_half_up(new, trail.rules.count(key))
        trail.note(key, f"支付标准取整为 {new} 元。", f"rounded to {new} yuan.")
        return new
    return without_trailing_zeros(new)


def _renewal(trail: Trail, route: Route, *, cut: Decimal | None, price: Decimal | None) -> Renewal:
    return Renewal(
        rulebook=trail.rules.rulebook.id,
        route=route,
        cut=cut,
        price=price,
        cell_a=None,
        cell_b=None,
        halved=False,
        may_ask=False,
        simple_cut=None,
        not_given=tuple(trail.not_given),
        steps=tuple(trail.steps),
    )
