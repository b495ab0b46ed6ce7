"""What statements are computed from, loaded; and its digest, which is kept with a computation."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.savings.assessments.opening import Place
from procurement.savings.assessments.results import results_of
from procurement.savings.rules import Assessed
from procurement.savings.rules.exact import shown
from procurement.savings.settlements.factor_values import FactorValues
from procurement.savings.settlements.factors import factor_table, factors_of
from procurement.savings.settlements.lines import supplies_of
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.settlements.terms import terms_of
from procurement.savings.statements.settling import Grounds
from procurement.savings.tables import SavingsSettlement, SettlementFactor


def grounds_of(session: Session, *, settlement: SavingsSettlement) -> Grounds:
    """Load all that statements are computed from, besides the extract."""
    terms = {one.term_id: one for one in terms_of(session, settlement=settlement)}
    return Grounds(
        rules=rules_of(settlement),
        factors=factor_table(session, settlement=settlement),
        supplies=supplies_of(session, term_ids=list(terms)),
        terms=terms,
    )


def present_digest(session: Session, *, settlement: SavingsSettlement, grounds: Grounds) -> str:
    """SHA-256 of the factors and assessments of a settlement as they are now."""
    return grounds_digest(
        factors_of(session, settlement=settlement),
        results_of(session, settlement=settlement, rules=grounds.rules),
    )


def grounds_digest(factors: Iterable[SettlementFactor], assessed: Mapping[Place, Assessed]) -> str:
    """SHA-256 of factors and of what assessments come to."""
    given = sorted(
        [row.hospital_id, row.term_id, row.strength_id]
        + [_plain(getattr(row, one.name)) for one in fields(FactorValues)]
        for row in factors
    )
    results = sorted(
        [*place, *map(_plain, (one.score, one.grade, one.ratio, one.passed))]
        for place, one in assessed.items()
    )
    return hashlib.sha256(json.dumps([given, results]).encode()).hexdigest()


def _plain(value: object) -> str:
    # 0.50 and 0.5 are the same factor.
    return shown(value) if isinstance(value, Decimal) else str(value)
