"""What the page of a statement shows beside its rows: steps, pictures, sums."""

from collections.abc import Sequence
from decimal import Decimal

from procurement.rounds.rulebook_words import Voice
from procurement.savings.assessments.reading import sheets_of
from procurement.savings.pages.bars import Picture
from procurement.savings.pages.line_picture import MoneyFacts, money_picture
from procurement.savings.papers.content import SettlementContent, StatementContent
from procurement.savings.papers.from_statement import (
    settlement_content,
    statement_content,
    unit_volumes,
)
from procurement.savings.papers.line_steps import line_steps
from procurement.savings.papers.words import reasons_words
from procurement.savings.papers.written import Writer
from procurement.savings.rules.completion import GROUP
from procurement.savings.rules.exact import less, times, total
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.statements.content import group_of, statement_of, statements_of
from procurement.savings.statements.shapes import Statement
from procurement.savings.tables import SavingsSettlement
from procurement.web import Visit

Papers = tuple[SettlementContent, StatementContent]


def papers_of(visit: Visit, settlement: SavingsSettlement, statement: Statement) -> Papers:
    """What the files of one statement say."""
    scheme = rules_of(settlement).scheme
    shared = settlement_content(statement, scheme, language=visit.language)
    sheets = sheets_of(visit.session, settlement=settlement, hospital_id=statement.hospital_id)
    members = _members(visit, settlement, statement, shared.choices.completion_unit)
    units = unit_volumes(members, shared.choices.completion_unit)
    return shared, statement_content(statement, sheets, language=visit.language, units=units)


def _members(
    visit: Visit, settlement: SavingsSettlement, statement: Statement, unit: str
) -> Sequence[Statement]:
    """The statements of the group whose volume counts; else this one by itself."""
    if unit != GROUP or statement.group_lead is None:
        return [statement]
    rows = statements_of(visit.session, settlement=settlement)
    lead = next(one.group_lead_id for one in rows if one.hospital_id == statement.hospital_id)
    group = None if lead is None else group_of(visit.session, settlement=settlement, lead_id=lead)
    others = [] if group is None else group.members
    return [
        statement,
        *(
            statement_of(visit.session, settlement=settlement, hospital_id=one.hospital_id)
            for one in others
            if one.hospital_id != statement.hospital_id
        ),
    ]


def all_papers(
    visit: Visit, settlement: SavingsSettlement
) -> tuple[SettlementContent, list[StatementContent]] | None:
    """What the files of all statements say; None where there is no statement."""
    session = visit.session
    statements = [
        statement_of(session, settlement=settlement, hospital_id=one.hospital_id)
        for one in statements_of(session, settlement=settlement)
    ]
    if not statements:
        return None
    scheme = rules_of(settlement).scheme
    shared = settlement_content(statements[0], scheme, language=visit.language)
    units = unit_volumes(statements, shared.choices.completion_unit)
    return shared, [
        statement_content(
            one,
            sheets_of(session, settlement=settlement, hospital_id=one.hospital_id),
            language=visit.language,
            units=units,
        )
        for one in statements
    ]


def line_rows(statement: Statement, papers: Papers, language: str) -> list[tuple[object, ...]]:
    """Each line with what the files say of it, its steps, and why nothing is kept."""
    voice, (shared, content) = Voice(language), papers
    rows: list[tuple[object, ...]] = []
    for line, own in zip(statement.lines, content.lines, strict=True):
        steps = [
            (f"{label} = {formula}" if formula else label, value)
            for label, formula, value in line_steps(own, shared.choices, voice)
        ]
        rows.append((line, own, steps, reasons_words(own.nothing_because, voice)))
    return rows


def sum_rows(papers: Papers, language: str) -> list[tuple[str, str]]:
    """How the sum came about, as it is printed."""
    shared, content = papers
    return list(Writer(shared, language=language).write(content).sum)


def waterfall(statement: Statement, papers: Papers, visit: Visit) -> Picture | None:
    """From the hospital's budget to what it keeps; None where the document knows no budget."""
    rows = [line.row for line in statement.lines]
    budgets = [row.budget for row in rows if row.budget is not None]
    if len(budgets) < len(rows) or not rows:
        return None
    content = papers[1]
    winning = [
        times(one.agreed_volume, one.winning_price, one.payment_ratio_spend, one.insured_share)
        for one in content.lines
    ]
    spent = total([one.spend or Decimal(0) for one in content.lines])
    facts = MoneyFacts(
        budget=total(budgets),
        winning=total(winning),
        others=less(spent, total(winning)),
        savings_base=statement.savings_base,
        retained=statement.payable,
        is_forecast=False,
    )
    return money_picture(facts, visit.text)
