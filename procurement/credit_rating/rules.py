"""Grading a matter by the published criteria, what a grade brings, and how it is repaired.

All values come from the rulebooks ``credit-…``; where no source states a criterion the rules say
between which grades the bureau has to decide, and never decide themselves.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from procurement.credit_rating.words import (
    GRADE_WORDS,
    MATTER_WORDS,
    Basis,
    Circumstance,
    Consequence,
    GradeWord,
    Matter,
)
from rulebooks import Rule, Rulebook, load_rulebook

SCALES = ("credit-2020", "credit-2025")
"""Rulebooks of credit rating, the oldest first."""


class NoScaleError(ValueError):
    """No scale was in force on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFacts:
    """What was found about a matter.

    Attributes:
        matter: Which of the seven.
        largest_single: Largest single sum, in yuan.
        cumulated: Sum of the case, in yuan.
        circumstances: What leads to the highest grade whatever the sum.
        lasted_months: How long a price stayed abnormal and unexplained; a begun month counts.
        sales: Sales at that price, in yuan.
    """

    matter: Matter
    largest_single: Decimal | None = None
    cumulated: Decimal | None = None
    circumstances: frozenset[Circumstance] = frozenset()
    lasted_months: int | None = None
    sales: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Grading:
    """The grade that a matter leads to, and why.

    Attributes:
        grade: None where the published criteria do not decide.
        among: Grades that the bureau may choose from; one where the criteria decide.
        clause: Clause where it is known, and the key of the rule.
        zh: Why, in Chinese.
        en: Why, in English.
        is_verified: A source states the criterion that was applied.
    """

    grade: GradeWord | None
    among: tuple[GradeWord, ...]
    clause: str
    zh: str
    en: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """What is still missing before a grade may be cleared as repaired.

    Attributes:
        needed: Numbers of the measures; None where no source states them.
        missing: Those not yet taken.
    """

    needed: tuple[int, ...] | None
    missing: tuple[int, ...]

    @property
    def may_repair(self) -> bool | None:
        """Whether all measures are taken; None where they are not known."""
        return None if self.needed is None else not self.missing


def scale_on(day: date) -> Rulebook:
    """Return the scale in force on a day.

    Raises:
        NoScaleError: The day lies before the first scale.

    Examples:
        >>> scale_on(date(2025, 6, 30)).id, scale_on(date(2025, 7, 1)).id
        ('credit-2020', 'credit-2025')
    """
    scales = [load_rulebook(scale) for scale in SCALES]
    in_force = [scale for scale in scales if scale.in_force_from <= day]
    if not in_force:
        raise NoScaleError(f"no credit rating before {scales[0].in_force_from.isoformat()}")
    return in_force[-1]


def grade_matter(facts: MatterFacts, scale: Rulebook) -> Grading:
    """Grade a matter by the published criteria of a scale.

    Args:
        facts: What was found.
        scale: As `scale_on` gives it.

    Returns:
        The grade with its clause and reason; or the grades among which the bureau must decide,
        where no source states the criterion.

    Examples:
        >>> facts = MatterFacts(matter=Matter.BRIBERY, cumulated=Decimal("500000"))
        >>> grade_matter(facts, scale_on(date(2026, 1, 5))).grade
        <GradeWord.SERIOUS: 'serious'>
        >>> grade_matter(MatterFacts(matter=Matter.PROMISE), scale_on(date(2026, 1, 5))).among
        (<GradeWord.DISHONEST: 'dishonest'>, <GradeWord.SERIOUS: 'serious'>)
    """
    highest = _by_circumstance(facts, scale)
    if highest is not None:
        return highest
    if facts.matter is Matter.BRIBERY:
        return _by_sums(facts, scale, ("bribery.single", "bribery.cumulated"))
    if facts.matter is Matter.TAX:
        return _by_sums(facts, scale, ("tax.amount",))
    unexplained = _unexplained_price(facts, scale)
    return unexplained if unexplained is not None else _undecided(facts.matter, scale)


def grades_of(scale: Rulebook, matter: Matter | None = None) -> tuple[GradeWord, ...]:
    """Return the grades of a scale, or those to which a matter may lead, the lowest first.

    Examples:
        >>> [str(grade) for grade in grades_of(scale_on(date(2026, 1, 5)), Matter.RESISTANCE)]
        ['dishonest', 'serious']
    """
    names = cast(Mapping[str, str], scale.rules["grades.names"].value)
    clauses = _clauses(scale)
    possible = clauses.get(matter, names) if matter is not None else names
    return tuple(GradeWord(name) for name in names if name in possible)


def name_of(grade: GradeWord, scale: Rulebook) -> tuple[str, str]:
    """Return what a scale calls a grade, in both languages.

    Examples:
        >>> name_of(GradeWord.SERIOUS, scale_on(date(2021, 1, 4)))
        ('严重', 'serious')
    """
    names = cast(Mapping[str, str], scale.rules["grades.names"].value)
    if grade not in names:
        return GRADE_WORDS[grade]
    zh, _, en = names[grade].partition(" / ")
    return zh, en


def consequences_of(grade: GradeWord, scale: Rulebook) -> tuple[Consequence, ...]:
    """Return what a grade brings, as the scale says.

    Examples:
        >>> consequences_of(GradeWord.SERIOUS, scale_on(date(2026, 1, 5)))[-1]
        <Consequence.INVOLVED_BARRED: 'involved-barred'>
    """
    by_grade = cast(Mapping[str, tuple[str, ...]], scale.rules["consequences"].value)
    return tuple(Consequence(word) for word in by_grade.get(grade, ()))


def repair_of(
    matter: Matter, grade: GradeWord, scale: Rulebook, done: Collection[int] = ()
) -> Repair:
    """Say which measures repair a grade and which are still missing.

    Examples:
        >>> scale = scale_on(date(2026, 1, 5))
        >>> repair = repair_of(Matter.BRIBERY, GradeWord.SERIOUS, scale, done=(1, 2, 4, 6))
        >>> repair.missing, repair.may_repair
        ((5,), False)
    """
    rule = scale.rules.get("repair.needed")
    if rule is None:
        return Repair(None, ())
    by_matter = cast(Mapping[str, Mapping[str, tuple[int, ...]]], rule.value)
    needed = by_matter.get(matter, {}).get(grade)
    if needed is None:
        return Repair(None, ())
    return Repair(needed, tuple(measure for measure in needed if measure not in done))


def measure_names(scale: Rulebook) -> dict[int, tuple[str, str]]:
    """Return the measures of repair by number, in both languages; empty where not stated."""
    rule = scale.rules.get("repair.measures")
    names = cast(Mapping[str, str], rule.value) if rule is not None else {}
    halves = {int(number): text.partition(" / ") for number, text in names.items()}
    return {number: (zh, en) for number, (zh, _, en) in halves.items()}


def accepts(basis: Basis, scale: Rulebook) -> bool:
    """Tell whether a rating may rest on such a finding.

    Examples:
        >>> accepts(Basis.AUDIT, scale_on(date(2021, 1, 4)))
        False
    """
    return basis in cast(tuple[str, ...], scale.rules["basis.accepted"].value)


def window_start(scale: Rulebook, day: date) -> date | None:
    """Return the first day of the years over which bribes add up; None where only a case counts.

    Examples:
        >>> window_start(load_rulebook("credit-2020"), date(2024, 2, 29))
        datetime.date(2021, 2, 28)
        >>> window_start(load_rulebook("credit-2025"), date(2026, 1, 5)) is None
        True
    """
    rule = scale.rules.get("bribery.window_years")
    if rule is None:
        return None
    year = day.year - cast(int, rule.value)
    # The 29th of February has no counterpart in most years.
    last = monthrange(year, day.month)[1]
    return date(year, day.month, min(day.day, last))


def reaches_holder(scale: Rulebook) -> bool:
    """Tell whether handling reaches the holder of the products involved, whoever did it.

    Examples:
        >>> [reaches_holder(load_rulebook(scale)) for scale in SCALES]
        [False, True]
    """
    return bool(scale.rules["holder.reached"].value)


def _by_circumstance(facts: MatterFacts, scale: Rulebook) -> Grading | None:
    rule = scale.rules.get("highest.circumstances")
    counted = cast(tuple[str, ...], rule.value) if rule is not None else ()
    found = sorted(facts.circumstances & frozenset(map(Circumstance, counted)))
    if rule is None or not found:
        return None
    grade = grades_of(scale, facts.matter)[-1]
    return _graded(
        grade,
        rule,
        _cited(scale, facts.matter, grade, rule),
        "情节属顶格评定的情形，不论金额。",
        "The circumstances lead to the highest grade whatever the sum.",
    )


def _by_sums(facts: MatterFacts, scale: Rulebook, keys: tuple[str, ...]) -> Grading:
    """The highest grade that any of the sums reaches."""
    sums = {"bribery.single": facts.largest_single}
    best: Grading | None = None
    for key in keys:
        rule, amount = scale.rules.get(key), sums.get(key, facts.cumulated)
        if rule is None or amount is None:
            continue
        grading = _by_bounds(facts.matter, amount, rule, scale)
        if best is None or _rank(grading) > _rank(best):
            best = grading
    if best is None or (best.grade is GradeWord.NONE and _lacks_single(facts, scale)):
        return _undecided(facts.matter, scale)
    if facts.matter is Matter.TAX and best.grade is GradeWord.NONE:
        return _between_lower_grades(facts, scale) or best
    return best


def _lacks_single(facts: MatterFacts, scale: Rulebook) -> bool:
    """Whether a single sum, which was not given, might still lead to a grade."""
    return (
        facts.matter is Matter.BRIBERY
        and "bribery.single" in scale.rules
        and facts.largest_single is None
    )


def _by_bounds(matter: Matter, amount: Decimal, rule: Rule, scale: Rulebook) -> Grading:
    bounds = cast(Mapping[str, Decimal], rule.value)
    reached = [(bound, GradeWord(grade)) for grade, bound in bounds.items() if amount >= bound]
    if not reached:
        lowest = min(bounds.values())
        return _graded(
            GradeWord.NONE,
            rule,
            rule.cited,
            f"{amount:,f} 元不满 {lowest:,f} 元。",
            f"{amount:,f} yuan is below {lowest:,f} yuan.",
        )
    bound, grade = max(reached)
    return _graded(
        grade,
        rule,
        _cited(scale, matter, grade, rule),
        f"{amount:,f} 元达到 {bound:,f} 元（含本数）。",
        f"{amount:,f} yuan reaches {bound:,f} yuan.",
    )


def _between_lower_grades(facts: MatterFacts, scale: Rulebook) -> Grading | None:
    rule = scale.rules.get("tax.rated_from")
    if rule is None or facts.cumulated is None or facts.cumulated < cast(Decimal, rule.value):
        return None
    bounds = cast(Mapping[str, Decimal], scale.rules["tax.amount"].value)
    lower = tuple(grade for grade in grades_of(scale) if grade not in bounds)
    return Grading(
        None,
        lower,
        rule.cited,
        "达到评级金额，评为哪一档未见载明，由评定机构决定。",
        "The sum is rated; which of these grades applies is not stated, so the bureau decides.",
        rule.verified,
    )


def _unexplained_price(facts: MatterFacts, scale: Rulebook) -> Grading | None:
    rule = scale.rules.get("pricing.unexplained")
    if rule is None or facts.matter is not Matter.PRICING:
        return None
    values = cast(Mapping[str, object], rule.value)
    months, sales = cast(int, values["months_above"]), cast(Decimal, values["sales_above"])
    lasted = facts.lasted_months is not None and facts.lasted_months > months
    sold = facts.sales is not None and facts.sales > sales
    if not (lasted or sold):
        return None
    return _graded(
        GradeWord(cast(str, values["grade"])),
        rule,
        rule.cited,
        f"价格异常经函询不能说明，持续超过 {months} 个月或销售额超过 {sales:,f} 元。",
        f"An abnormal price was not explained and lasted over {months} months or sold over "
        f"{sales:,f} yuan.",
    )


def _undecided(matter: Matter, scale: Rulebook) -> Grading:
    zh, en = MATTER_WORDS[matter]
    clauses = "、".join(_clauses(scale).get(matter, {}).values())
    return Grading(
        None,
        grades_of(scale, matter),
        f"{clauses} grades.bands_of_others".strip(),
        f"{zh}：所填内容不足以按公布的标准评级，或标准未见公布，由评定机构决定并写明理由。",
        f"{en}: no published criterion at hand decides on these facts; the bureau decides and "
        "says why.",
        False,
    )


def _graded(grade: GradeWord, rule: Rule, clause: str, zh: str, en: str) -> Grading:
    return Grading(grade, (grade,), clause, zh, en, rule.verified)


def _rank(grading: Grading) -> int:
    return grading.grade.severity if grading.grade is not None else -1


def _cited(scale: Rulebook, matter: Matter, grade: GradeWord, rule: Rule) -> str:
    clause = _clauses(scale).get(matter, {}).get(grade)
    return f"{clause} {rule.key}" if clause else rule.cited


def _clauses(scale: Rulebook) -> Mapping[str, Mapping[str, str]]:
    rule = scale.rules.get("grades.clauses")
    return cast(Mapping[str, Mapping[str, str]], rule.value) if rule is not None else {}
