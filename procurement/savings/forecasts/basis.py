"""Whose rules and factors a forecast uses: those of a settlement, never made-up ones."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreementTerm
from procurement.permissions.decide import covers
from procurement.savings.settlements.errors import RulebookChangedError
from procurement.savings.settlements.factors import factor_table
from procurement.savings.settlements.lines import Supply
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.settlements.terms import TermView
from procurement.savings.statements.settling import Grounds
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import SavingsSettlement, SettlementTerm


@dataclass(frozen=True, slots=True)
class Basis:
    """A settlement, and what a forecast takes from it.

    Attributes:
        settlement: The settlement.
        grounds: Its rules and factors, with the supplies and the batch-year of the forecast.
    """

    settlement: SavingsSettlement
    grounds: Grounds


def basis_for(
    session: Session,
    *,
    hospital: Organisation,
    term: TermView,
    supplies: Mapping[int, Supply],
) -> Basis | None:
    """Find the settlement whose rules and factors hold for a batch-year of a hospital.

    One of the batch-year itself comes first, then one of an earlier year of the same round; of
    several the newest.

    Returns:
        None where nobody has drafted one, or its rulebook was changed since.
    """
    round_id = select(AgreementTerm.round_id).where(AgreementTerm.id == term.term_id)
    rows = session.execute(
        select(SavingsSettlement, SettlementTerm.term_id, SettlementTerm.follow_on)
        .join(SettlementTerm, SettlementTerm.settlement_id == SavingsSettlement.id)
        .join(AgreementTerm, AgreementTerm.id == SettlementTerm.term_id)
        .where(AgreementTerm.round_id == round_id.scalar_subquery())
        .where(SavingsSettlement.status != SettlementStatus.WITHDRAWN)
        .order_by(
            (SettlementTerm.term_id == term.term_id).desc(),
            AgreementTerm.number.desc(),
            SavingsSettlement.id.desc(),
        )
    )
    for settlement, _, follow_on in rows:
        if covers(settlement.region, hospital.region):
            return _basis(session, settlement, term, supplies, follow_on=follow_on)
    return None


def _basis(
    session: Session,
    settlement: SavingsSettlement,
    term: TermView,
    supplies: Mapping[int, Supply],
    *,
    follow_on: bool,
) -> Basis | None:
    try:
        rules = rules_of(settlement)
    except RulebookChangedError:
        return None
    view = TermView(
        term_id=term.term_id,
        batch=term.batch,
        round_title=term.round_title,
        number=term.number,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        part=term.part,
        follow_on=follow_on,
    )
    grounds = Grounds(
        rules=rules,
        factors=factor_table(session, settlement=settlement),
        supplies=supplies,
        terms={term.term_id: view},
    )
    return Basis(settlement, grounds)
