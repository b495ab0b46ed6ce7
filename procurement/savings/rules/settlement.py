"""The settlement of all lines: what each hospital keeps, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.savings.rules.completion import Completion, completed_keys, summed
from procurement.savings.rules.exact import cents, times, total
from procurement.savings.rules.formula import Bases, Formula, bases
from procurement.savings.rules.funds import split_funds
from procurement.savings.rules.terms import Assessed, Terms, Use

Key = tuple[str, str, str]
Line = tuple[Terms, Use]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the rules of a settlement decide.

    Attributes:
        formula: How the base is computed.
        negative_base: ``floor_each`` or ``net_batch``.
        completion_unit: Whose agreed volume must be completed.
        rounding: ``half_up_cent``, ``half_up_cent_line`` or ``not_rounded``.
        follow_on_earns: Whether a product of a follow-on round earns.
        needs_completion: Whether completing the agreed volume is a condition.
        needs_passing: Whether passing the assessment is a condition.
    """

    formula: Formula
    negative_base: str
    completion_unit: str
    rounding: str = "half_up_cent"
    follow_on_earns: bool = True
    needs_completion: bool = True
    needs_passing: bool = True


@dataclass(frozen=True, slots=True)
class SettledLine:
    """One line with every factor.

    Attributes:
        terms: What was agreed.
        use: What was taken in.
        assessed: The result of the assessment.
        bases: Exact amounts.
        completion: Of the line by itself.
        completed: Whether the unit that counts has completed its volume.
        nothing_because: Why nothing is kept: ``empty-agreed-volume``, ``not-completed``,
            ``assessment-failed``, ``follow-on``, ``negative-base``, ``negative-sum``.
        retained: Exact amount kept; where bases are netted, a negative base stands as such.
    """

    terms: Terms
    use: Use
    assessed: Assessed
    bases: Bases
    completion: Completion
    completed: bool
    nothing_because: tuple[str, ...]
    retained: Decimal


@dataclass(frozen=True, slots=True)
class SettledHospital:
    """What one hospital keeps.

    Attributes:
        hospital: Its name.
        assessed: Its assessment, where all its lines have the same one.
        savings_base: Sum of the bases of all its lines, exact.
        retained_exact: Sum of what its lines keep, exact.
        retained: What is paid.
        employee: The employee fund's part, where the shares are given.
        resident: The remainder.
    """

    hospital: str
    assessed: Assessed | None
    savings_base: Decimal
    retained_exact: Decimal
    retained: Decimal
    employee: Decimal | None
    resident: Decimal | None


@dataclass(frozen=True, slots=True)
class SettledGroup:
    """A medical group.

    Attributes:
        group: Its name.
        hospitals: Its members.
        completion: Of all its units together.
        products: Completion by batch and product.
        retained: Sum of what its members are paid.
    """

    group: str
    hospitals: tuple[str, ...]
    completion: Completion
    products: Mapping[tuple[str, str], Completion]
    retained: Decimal


@dataclass(frozen=True, slots=True)
class Settlement:
    """All lines, hospitals and groups, each in the order of its names."""

    lines: tuple[SettledLine, ...]
    hospitals: tuple[SettledHospital, ...]
    groups: tuple[SettledGroup, ...]
    total: Decimal


def settle(lines: Iterable[Line], assessed: Mapping[Key, Assessed], choices: Choices) -> Settlement:
    """Settle all lines of a batch-year, or of several at once.

    Args:
        lines: Terms and use, in any order.
        assessed: The assessment that counts for each line, by `Terms.key`.
        choices: What the rules decide.

    Raises:
        MissingRatioError: The document names two payment ratios, and a line has one.
    """
    ordered = sorted(lines, key=lambda line: line[0].key)
    done = completed_keys(ordered, choices.completion_unit)
    drafts = [_draft(line, assessed[line[0].key], done, choices) for line in ordered]
    if choices.negative_base == "net_batch":
        drafts = _netted(drafts)
    by_hospital: dict[str, list[SettledLine]] = {}
    for draft in drafts:
        by_hospital.setdefault(draft.terms.hospital, []).append(draft)
    hospitals = tuple(
        _hospital(name, of_hospital, choices.rounding) for name, of_hospital in by_hospital.items()
    )
    paid = {one.hospital: one.retained for one in hospitals}
    return Settlement(
        tuple(drafts), hospitals, _groups(ordered, paid), total([one.retained for one in hospitals])
    )


def _draft(line: Line, assessed: Assessed, done: set[Key], choices: Choices) -> SettledLine:
    """A line; with netting its negative base stands until the batch is netted."""
    terms, use = line
    found = bases(terms, use, choices.formula)
    completed = terms.key in done
    reasons = _reasons(terms, assessed, completed=completed, choices=choices)
    if not reasons and found.savings_base < 0 and choices.negative_base == "floor_each":
        reasons = ("negative-base",)
    kept = Decimal(0) if reasons else times(found.savings_base, assessed.ratio)
    return SettledLine(terms, use, assessed, found, summed([line]), completed, reasons, kept)


def _reasons(
    terms: Terms, assessed: Assessed, *, completed: bool, choices: Choices
) -> tuple[str, ...]:
    reasons = []
    # The formula alone would pay for a product that nobody agreed to buy.
    if not terms.agreed_volume:
        reasons.append("empty-agreed-volume")
    elif choices.needs_completion and not completed:
        reasons.append("not-completed")
    if choices.needs_passing and not assessed.passed:
        reasons.append("assessment-failed")
    if terms.follow_on and not choices.follow_on_earns:
        reasons.append("follow-on")
    return tuple(reasons)


def _netted(drafts: Sequence[SettledLine]) -> list[SettledLine]:
    """Set negative bases off within a hospital's batch; a sum below zero pays nothing."""
    sums: dict[tuple[str, str], Decimal] = {}
    for draft in drafts:
        batch = draft.terms.key[:2]
        sums[batch] = total([sums.get(batch, Decimal(0)), draft.retained])
    return [
        draft if sums[draft.terms.key[:2]] >= 0 or draft.nothing_because else _without(draft)
        for draft in drafts
    ]


def _without(draft: SettledLine) -> SettledLine:
    return SettledLine(
        draft.terms,
        draft.use,
        draft.assessed,
        draft.bases,
        draft.completion,
        draft.completed,
        ("negative-sum",),
        Decimal(0),
    )


def _hospital(name: str, lines: Sequence[SettledLine], rounding: str) -> SettledHospital:
    amounts = [
        cents(line.retained) if rounding == "half_up_cent_line" else line.retained for line in lines
    ]
    exact = total(amounts)
    paid = exact if rounding == "not_rounded" else cents(exact)
    employee = resident = None
    shares = [line.terms.fund_share_employee for line in lines]
    known = [share for share in shares if share is not None]
    if len(known) == len(lines):
        parts = zip(amounts, known, strict=True)
        of_employees = sum((Fraction(amount) * share for amount, share in parts), Fraction(0))
        employee, resident = split_funds(paid, of_employees)
    return SettledHospital(
        hospital=name,
        assessed=_common([line.assessed for line in lines]),
        savings_base=total([line.bases.savings_base for line in lines]),
        retained_exact=total([line.retained for line in lines]),
        retained=paid,
        employee=employee,
        resident=resident,
    )


def _common(assessed: Sequence[Assessed]) -> Assessed | None:
    first = assessed[0]
    return first if all(one == first for one in assessed) else None


def _groups(lines: Sequence[Line], paid: Mapping[str, Decimal]) -> tuple[SettledGroup, ...]:
    members: dict[str, list[Line]] = {}
    for line in lines:
        if line[0].group is not None:
            members.setdefault(line[0].group, []).append(line)
    return tuple(_group(name, members[name], paid) for name in sorted(members))


def _group(name: str, lines: Sequence[Line], paid: Mapping[str, Decimal]) -> SettledGroup:
    hospitals = tuple(sorted({terms.hospital for terms, _ in lines}))
    products: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        products.setdefault(line[0].key[1:], []).append(line)
    return SettledGroup(
        group=name,
        hospitals=hospitals,
        completion=summed(lines),
        products={key: summed(products[key]) for key in sorted(products)},
        retained=total([paid[hospital] for hospital in hospitals]),
    )
