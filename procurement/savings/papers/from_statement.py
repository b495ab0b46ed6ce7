"""What the files of a statement say, from a statement of the platform."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from procurement.rounds.rulebook_words import Voice
from procurement.savings.assessments.reading import AssessmentSheet
from procurement.savings.folder.cells import parse_fund_share
from procurement.savings.papers.content import (
    FindingContent,
    LineContent,
    SettlementContent,
    StatementContent,
)
from procurement.savings.rules import Choices, SchemeRules
from procurement.savings.rules.completion import EVERY_PRODUCT, GROUP, INSTITUTION
from procurement.savings.statements.shapes import Statement, StatementLine
from procurement.savings.states import STATEMENT_NAMES
from procurement.web.printing import print_day

Units = Mapping[tuple[int, int], tuple[int, int]]
"""Of each hospital's supply: what the unit that counts took in, and what it agreed to."""


def settlement_content(
    statement: Statement, scheme: SchemeRules, *, language: str
) -> SettlementContent:
    """What all statements of a settlement share, from any of them."""
    has_follow_on = any(one.follow_on for one in statement.batches)
    return SettlementContent(
        title=statement.title,
        number=statement.settlement,
        bureau=statement.bureau,
        years=[
            f"{one.batch} {_days(one.starts_on, one.ends_on, language)}"
            for one in statement.batches
        ],
        rules=scheme,
        choices=Choices(
            formula=scheme.formula,
            negative_base=scheme.negative_base,
            completion_unit=scheme.completion_unit,
            rounding=scheme.rounding,
            follow_on_earns=not has_follow_on or scheme.follow_on_earns,
            needs_completion=scheme.needs_completion,
            needs_passing=scheme.needs_passing,
        ),
        computed_at=statement.computed_at,
    )


def _days(first: date, last: date, language: str) -> str:
    return f"{print_day(first, language)} – {print_day(last, language)}"


def statement_content(
    statement: Statement,
    sheets: Sequence[AssessmentSheet],
    *,
    language: str,
    units: Units | None = None,
) -> StatementContent:
    """What a statement says.

    Args:
        statement: The statement.
        sheets: The assessments of its hospital.
        language: Of the words that are not data.
        units: As `group_units` gives them; needed where the unit that counts is a group.
    """
    voice = Voice(language)
    status = voice.say(STATEMENT_NAMES[statement.status])
    number = voice.say((f"第 {statement.number} 版", f"version {statement.number}"))
    return StatementContent(
        hospital=statement.hospital,
        code=statement.hospital_code,
        group=statement.group_lead or "",
        score=statement.score,
        grade=statement.grade,
        ratio=statement.ratio,
        savings_base=statement.savings_base,
        retained_exact=statement.retained_exact,
        retained=statement.retained,
        payable=statement.payable,
        employee=statement.employee,
        resident=statement.resident,
        lines=[_line(statement, line, units or {}) for line in statement.lines],
        findings=[one for sheet in sheets for one in _findings(sheet, voice)],
        status=f"{status} · {number} · {statement.digest[:16]}",
    )


def _findings(sheet: AssessmentSheet, voice: Voice) -> Iterable[FindingContent]:
    files = ", ".join(one.file_name for one in sheet.evidence)
    for row in sheet.rows:
        name = voice.say((row.zh, row.en))
        yield FindingContent(
            indicator=f"{sheet.product} · {name}" if sheet.product else name,
            points_max=row.most,
            self_assessed=row.self_points,
            on_site=row.on_site_points,
            evidence=voice.join([one for one in (row.self_note, files) if one]),
            note=row.on_site_note,
        )


def _line(statement: Statement, line: StatementLine, units: Units) -> LineContent:
    row = line.row
    of_spend = row.payment_ratio_spend
    unit = units.get((statement.hospital_id, row.supply_id), (None, None))
    return LineContent(
        batch=row.batch,
        product=row.product,
        strength=row.strength,
        supplier=line.winner,
        unit=row.unit,
        pack_units=row.pack_units,
        pack_price=row.pack_price,
        base_volume=row.base_volume,
        agreed_volume=row.agreed_volume,
        price_before=row.price_before,
        winning_price=row.winning_price,
        payment_ratio=row.payment_ratio,
        payment_ratio_spend=row.payment_ratio if of_spend is None else of_spend,
        insured_share=row.insured_share,
        fund_share_employee=parse_fund_share(row.fund_share_employee),
        follow_on=row.follow_on,
        winning_volume=row.winning_volume,
        non_winning_volume=row.non_winning_volume,
        non_winning_amount=row.non_winning_amount,
        unit_winning=unit[0],
        unit_agreed=unit[1],
        budget=row.budget,
        spend=row.spend,
        savings_base=row.savings_base,
        completed=row.completed,
        passed=row.passed,
        ratio=row.ratio,
        nothing_because=tuple(row.nothing_because.split()),
        retained=row.retained,
        paid_part=row.paid_part,
        score=row.score,
    )


def unit_volumes(statements: Iterable[Statement], unit: str) -> Units:
    """What the unit that counts took in and agreed to, for each line of statements.

    Args:
        statements: Of all hospitals that share a unit: for groups the members.
        unit: As `Choices.completion_unit`; where every product counts by itself there is none.
    """
    if unit == EVERY_PRODUCT:
        return {}
    sums: dict[tuple[object, ...], list[int]] = {}
    keys: dict[tuple[int, int], tuple[object, ...]] = {}
    for statement in statements:
        for line in statement.lines:
            row = line.row
            key = _unit_key(statement, row.term_id, row.supply_id, unit)
            keys[statement.hospital_id, row.supply_id] = key
            found = sums.setdefault(key, [0, 0])
            found[0] += row.winning_volume
            found[1] += row.agreed_volume
    return {line: (sums[key][0], sums[key][1]) for line, key in keys.items()}


def _unit_key(statement: Statement, term_id: int, supply_id: int, unit: str) -> tuple[object, ...]:
    if unit == INSTITUTION:
        return (statement.hospital_id, term_id)
    if unit == GROUP and statement.group_lead:
        return (statement.group_lead, supply_id)
    return (statement.hospital_id, supply_id)
