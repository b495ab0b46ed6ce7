"""Settling the hospitals of reporting units: from an extract, factors and assessments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.savings.assessments.opening import Place, place_of
from procurement.savings.folder.cells import parse_fund_share
from procurement.savings.rules import (
    Assessed,
    Choices,
    SettledHospital,
    SettledLine,
    Terms,
    Use,
    settle,
)
from procurement.savings.settlements.factors import FactorTable
from procurement.savings.settlements.lines import Supply
from procurement.savings.settlements.parameters import SettlementRules
from procurement.savings.settlements.terms import TermView
from procurement.savings.tables import ExtractedLine


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that statements are computed from, besides the extract.

    Attributes:
        rules: The rulebook with the parameters.
        factors: What the bureau gave.
        supplies: By id.
        terms: Batch-years by term.
    """

    rules: SettlementRules
    factors: FactorTable
    supplies: Mapping[int, Supply]
    terms: Mapping[int, TermView]

    @property
    def choices(self) -> Choices:
        """What the rules decide."""
        scheme = self.rules.scheme
        has_follow_on = any(one.follow_on for one in self.terms.values())
        return Choices(
            formula=scheme.formula,
            negative_base=scheme.negative_base,
            completion_unit=scheme.completion_unit,
            rounding=scheme.rounding,
            follow_on_earns=not has_follow_on or scheme.follow_on_earns,
            needs_completion=scheme.needs_completion,
            needs_passing=scheme.needs_passing,
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """One hospital.

    Attributes:
        hospital_id: The hospital.
        group_lead_id: The lead of its group.
        hospital: What it keeps.
        lines: Its lines with their supplies, by batch-year, lot and strength.
        fund_shares: As they were given, in the order of the lines.
    """

    hospital_id: int
    group_lead_id: int | None
    hospital: SettledHospital
    lines: tuple[tuple[Supply, SettledLine], ...]
    fund_shares: tuple[str, ...]


def settle_units(
    extracted: Iterable[ExtractedLine], assessed: Mapping[Place, Assessed], grounds: Grounds
) -> list[Settled]:
    """Settle hospitals; the members of a group must all be among them.

    Args:
        extracted: The lines of whole reporting units.
        assessed: What assessments come to.
        grounds: Rules, factors, supplies and batch-years.
    """
    rows = list(extracted)
    lines = []
    results: dict[tuple[str, str, str], Assessed] = {}
    for row in rows:
        terms = terms_of_line(row, grounds)
        use = Use(row.winning_volume, row.non_winning_amount, row.non_winning_volume)
        lines.append((terms, use))
        place = place_of(
            grounds.rules,
            hospital_id=row.hospital_id,
            term_id=row.term_id,
            strength_id=row.strength_id,
        )
        results[terms.key] = assessed[place]
    settlement = settle(lines, results, grounds.choices)
    by_hospital: dict[str, list[SettledLine]] = {}
    for line in settlement.lines:
        by_hospital.setdefault(line.terms.hospital, []).append(line)
    leads = _leads(rows)
    return [
        _settled(one, by_hospital[one.hospital], leads, grounds) for one in settlement.hospitals
    ]


def terms_of_line(row: ExtractedLine, grounds: Grounds) -> Terms:
    """The terms of a line, with the factors that hold for it."""
    supply = grounds.supplies[row.supply_id]
    values, _ = grounds.factors.values_of(row.hospital_id, supply)
    # Missing ones were refused before anything was computed.
    zero = Decimal(0)
    return Terms(
        hospital=str(row.hospital_id),
        product=str(row.supply_id),
        base_volume=row.base_volume,
        agreed_volume=row.agreed_volume,
        price_before=values.price_before or zero,
        winning_price=supply.winning_price,
        payment_ratio=zero if values.payment_ratio is None else values.payment_ratio,
        insured_share=zero if values.insured_share is None else values.insured_share,
        payment_ratio_spend=values.payment_ratio_spend,
        batch=str(row.term_id),
        group=None if row.group_lead_id is None else str(row.group_lead_id),
        fund_share_employee=parse_fund_share(values.fund_share_employee or "0"),
        follow_on=grounds.terms[row.term_id].follow_on,
    )


def units_of(lines: Iterable[tuple[int, int | None]]) -> list[tuple[int, ...]]:
    """Divide hospitals into reporting units: groups that share a lead in any batch-year.

    Args:
        lines: Hospital and the lead of its group, for each line.

    Examples:
        >>> units_of([(1, None), (2, 9), (3, 9), (9, 9), (2, None)])
        [(1,), (2, 3, 9)]
    """
    unit_of: dict[int, int] = {}

    def root(one: int) -> int:
        while unit_of.setdefault(one, one) != one:
            one = unit_of[one]
        return one

    hospitals = set()
    for hospital_id, lead_id in lines:
        hospitals.add(hospital_id)
        low, high = sorted((root(hospital_id), root(lead_id or hospital_id)))
        unit_of[high] = low
    units: dict[int, list[int]] = {}
    for hospital_id in sorted(hospitals):
        units.setdefault(root(hospital_id), []).append(hospital_id)
    return sorted(tuple(members) for members in units.values())


def _leads(rows: Sequence[ExtractedLine]) -> dict[int, int | None]:
    """The lead of each hospital: that of its last batch-year, where groups have changed."""
    leads: dict[int, int | None] = {}
    for row in sorted(rows, key=lambda one: one.term_id):
        leads[row.hospital_id] = row.group_lead_id
    return leads


def _settled(
    hospital: SettledHospital,
    lines: Sequence[SettledLine],
    leads: Mapping[int, int | None],
    grounds: Grounds,
) -> Settled:
    hospital_id = int(hospital.hospital)
    named = [(grounds.supplies[int(line.terms.product)], line) for line in lines]
    named.sort(key=lambda one: (one[0].term_id, one[0].lot, one[0].strength_id, one[0].supply_id))
    shares = [
        grounds.factors.values_of(hospital_id, supply)[0].fund_share_employee or "0"
        for supply, _ in named
    ]
    return Settled(hospital_id, leads[hospital_id], hospital, tuple(named), tuple(shares))
