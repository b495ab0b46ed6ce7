"""The statements of a folder that was settled by command."""

from collections.abc import Iterable, Mapping

from procurement.savings.papers.content import LineContent, SettlementContent, StatementContent
from procurement.savings.rules import Choices, SettledHospital, SettledLine, Settlement
from procurement.savings.rules.completion import EVERY_PRODUCT, GROUP, INSTITUTION, Completion
from procurement.savings.rules.exact import cents, less
from procurement.savings.run import SettledFolder, choices_of


def folder_content(
    settled: SettledFolder,
) -> tuple[SettlementContent, tuple[StatementContent, ...]]:
    """What statements say of a settled folder."""
    lines = settled.settlement.lines
    batches = sorted({line.terms.batch for line in lines if line.terms.batch})
    settlement = SettlementContent(
        title=settled.scheme.title,
        number=settled.scheme.year_name,
        bureau="—",
        years=batches or [settled.scheme.year_name],
        rules=settled.rules,
        choices=choices_of(settled.rules, [line.terms for line in lines]),
    )
    return settlement, settled_statements(settled.settlement, settlement.choices)


def settled_statements(settlement: Settlement, choices: Choices) -> tuple[StatementContent, ...]:
    """What statements say of settled lines that know names only."""
    by_hospital: dict[str, list[SettledLine]] = {}
    for line in settlement.lines:
        by_hospital.setdefault(line.terms.hospital, []).append(line)
    units = _units(settlement, choices.completion_unit)
    return tuple(_statement(one, by_hospital[one.hospital], units) for one in settlement.hospitals)


Units = Mapping[tuple[str, str, str], Completion]
"""The completion that counts for a line, by its key; a line that is missing has none of one."""


def _units(settlement: Settlement, unit: str) -> Units:
    own = {line.terms.key: line.completion for line in settlement.lines}
    if unit == EVERY_PRODUCT:
        return {}
    if unit == GROUP:
        groups = {one.group: one.products for one in settlement.groups}
        of_groups = {
            line.terms.key: groups[line.terms.group][line.terms.key[1:]]
            for line in settlement.lines
            if line.terms.group
        }
        return {**own, **of_groups}
    if unit == INSTITUTION:
        batches: dict[tuple[str, str], list[Completion]] = {}
        for key, completion in own.items():
            batches.setdefault(key[:2], []).append(completion)
        return {key: _added(batches[key[:2]]) for key in own}
    return own


def _added(parts: Iterable[Completion]) -> Completion:
    winning = agreed = 0
    for one in parts:
        winning, agreed = winning + one.winning_volume, agreed + one.agreed_volume
    return Completion(winning, agreed)


def _statement(
    hospital: SettledHospital, lines: Iterable[SettledLine], units: Units
) -> StatementContent:
    own = list(lines)
    assessed = hospital.assessed
    return StatementContent(
        hospital=hospital.hospital,
        code="",
        group=next((line.terms.group for line in own if line.terms.group), ""),
        score=assessed.score if assessed else None,
        grade=assessed.grade if assessed else None,
        ratio=assessed.ratio if assessed else None,
        savings_base=hospital.savings_base,
        retained_exact=hospital.retained_exact,
        retained=hospital.retained,
        payable=cents(hospital.retained),
        employee=hospital.employee,
        resident=None
        if hospital.employee is None
        else less(cents(hospital.retained), hospital.employee),
        lines=[_line(line, units) for line in own],
    )


def _line(line: SettledLine, units: Units) -> LineContent:
    terms, use = line.terms, line.use
    unit = units.get(terms.key)
    of_spend = terms.payment_ratio_spend
    return LineContent(
        batch=terms.batch or "",
        product=terms.product,
        strength="",
        supplier="",
        unit="",
        pack_units=None,
        pack_price=None,
        base_volume=terms.base_volume,
        agreed_volume=terms.agreed_volume,
        price_before=terms.price_before,
        winning_price=terms.winning_price,
        payment_ratio=terms.payment_ratio,
        payment_ratio_spend=terms.payment_ratio if of_spend is None else of_spend,
        insured_share=terms.insured_share,
        fund_share_employee=terms.fund_share_employee,
        follow_on=terms.follow_on,
        winning_volume=use.winning_volume,
        non_winning_volume=use.non_winning_volume,
        non_winning_amount=use.non_winning_amount,
        unit_winning=unit.winning_volume if unit else None,
        unit_agreed=unit.agreed_volume if unit else None,
        budget=line.bases.budget,
        spend=line.bases.spend,
        savings_base=line.bases.savings_base,
        completed=line.completed,
        passed=line.assessed.passed,
        ratio=line.assessed.ratio,
        nothing_because=line.nothing_because,
        retained=line.retained,
        score=line.assessed.score,
    )
