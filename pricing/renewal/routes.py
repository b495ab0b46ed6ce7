"""Which exit a renewal takes: the conditions of the regular list, then those of simple renewal."""

from decimal import Decimal
from typing import cast

from pricing.renewal.facts import RenewalFacts
from pricing.renewal.outcome import Trail, percent


def regular_by(facts: RenewalFacts, trail: Trail) -> str | None:
    """The key of the rule by which a drug enters the regular list; None where none does."""
    if facts.non_exclusive and trail.rules.flag("regular.non_exclusive"):
        trail.note(
            "regular.non_exclusive",
            f"非独家药品{_on(trail, 'regular.non_exclusive_on', zh=True)}，纳入常规目录。",
            f"not exclusive{_on(trail, 'regular.non_exclusive_on', zh=False)}: "
            "it enters the regular list.",
        )
        return "regular.non_exclusive"
    return _by_years(facts, trail) or _by_unchanged_cycles(facts, trail)


def _by_years(facts: RenewalFacts, trail: Trail) -> str | None:
    key = "regular.years"
    years = cast("int | None", trail.rules.value(key))
    if years is None or facts.years_listed < years:
        return None
    listed, day = facts.years_listed, "regular.years_on"
    trail.note(
        key,
        f"连续在协议期内谈判药品目录 {listed} 年{_on(trail, day, zh=True)}（不少于 {years} 年），"
        "纳入常规目录。",
        f"on the negotiated list for {listed} years{_on(trail, day, zh=False)} ({years} or more): "
        "it enters the regular list.",
    )
    return key


def _by_unchanged_cycles(facts: RenewalFacts, trail: Trail) -> str | None:
    key = "regular.unchanged_cycles"
    cycles = cast("int | None", trail.rules.value(key))
    if cycles is None:
        return None
    if facts.unchanged_cycles is None:
        trail.miss("unchanged_cycles")
        return None
    # A change of scope now ends the row of unchanged agreements.
    if facts.unchanged_cycles < cycles or facts.ratio_b is not None:
        return None
    trail.note(
        key,
        f"支付范围和支付标准连续 {facts.unchanged_cycles} 个协议期未调整，纳入常规目录。",
        f"scope and standard unchanged in {facts.unchanged_cycles} agreements in a row: it enters "
        "the regular list.",
    )
    return key


def _on(trail: Trail, key: str, *, zh: bool) -> str:
    day = trail.rules.value(key)
    if day is None:
        return ""
    month, _, number = str(day).partition("-")
    return f"（截至 {int(month)} 月 {int(number)} 日）" if zh else f" on {day}"


def is_simple(facts: RenewalFacts, trail: Trail) -> bool:
    """Whether the conditions of simple renewal hold, as far as their facts are given."""
    return (
        _market_is_calm(facts, trail)
        and _holds(
            trail,
            "simple.ratio_a_until",
            facts.ratio_a,
            zh="基金实际支出与预算之比 A",
            en="ratio A of actual spending to budget",
        )
        and _original_scope_holds(facts, trail)
        and _scope_growth_holds(facts, trail)
    )


def _market_is_calm(facts: RenewalFacts, trail: Trail) -> bool:
    if facts.major_change:
        trail.rules.required("simple.major_changes")
        trail.note(
            "simple.major_changes",
            "专家认定市场环境发生重大变化，须重新谈判。",
            "experts have established a major change of the market: it is renegotiated.",
        )
    return not facts.major_change


def _original_scope_holds(facts: RenewalFacts, trail: Trail) -> bool:
    """Growth of the original scope; with a change of scope it is the first of two steps."""
    if facts.budget_growth is None:
        trail.miss("budget_growth")
        return True
    if facts.ratio_b is not None and trail.rules.flag("simple.original_scope_first"):
        trail.note(
            "simple.original_scope_first",
            "调整支付范围：先核定原支付范围，再核定因调整范围增加的预算。",
            "a change of scope: first the original scope is tested, then what the change adds.",
        )
    return _holds(
        trail,
        "simple.growth_until",
        facts.budget_growth,
        zh="未来两年预算增幅（原支付范围）",
        en="growth of the next two years' budget (original scope)",
    )


def _scope_growth_holds(facts: RenewalFacts, trail: Trail) -> bool:
    if facts.ratio_b is None:
        return True
    return _holds(
        trail,
        "simple.scope_growth_until",
        facts.ratio_b,
        zh="调整支付范围所致预算增幅 B",
        en="growth B of the budget by the change of scope",
    )


def _holds(trail: Trail, key: str, ratio: Decimal, *, zh: str, en: str) -> bool:
    until = trail.rules.decimal(key)
    holds = ratio <= until
    zh_end = f"不超过 {percent(until)}" if holds else f"超过 {percent(until)}，须重新谈判"
    en_end = f"within {percent(until)}" if holds else f"above {percent(until)}: it is renegotiated"
    trail.note(key, f"{zh} = {percent(ratio)}，{zh_end}。", f"{en} = {percent(ratio)}, {en_end}.")
    return holds


def may_ask(facts: RenewalFacts, trail: Trail) -> bool:
    """Whether a Class-1 drug may ask to renegotiate instead of a simple renewal."""
    key = "class_1.may_ask"
    if not facts.class_1 or trail.rules.value(key) is None:
        return False
    bounds = cast("dict[str, Decimal]", trail.rules.table(key))
    if not bounds["above"] < facts.ratio_a <= bounds["until"]:
        return False
    low, high = percent(bounds["above"]), percent(bounds["until"])
    trail.note(
        key,
        f"一类新药，A 高于 {low}、不高于 {high}，企业可申请重新谈判。",
        f"a Class-1 drug with A above {low} up to {high}: its company may ask to renegotiate.",
    )
    return True
