"""Whether statements still follow from the factors and points that are given now.

Factors and points may be corrected while hospitals have their statements. What goes to a hospital
or to the bureau above must say what they come to, so it is refused until it is computed anew.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.errors import RefusedError
from procurement.savings.assessments.opening import Place, place_of
from procurement.savings.assessments.results import results_of
from procurement.savings.rules import Assessed
from procurement.savings.rules.exact import shown
from procurement.savings.settlements.factor_values import FACTORS
from procurement.savings.statements.grounds import grounds_of, present_digest
from procurement.savings.statements.settling import Grounds
from procurement.savings.states import StatementStatus
from procurement.savings.tables import (
    HospitalStatement,
    SavingsLine,
    SavingsRun,
    SavingsSettlement,
)

_BATCH = 5_000
_SHOWN = 10
_ASSESSMENT = ("考核结果", "result of the assessment")

Change = tuple[str, str]
"""What is not as it was computed, in Chinese and English."""


class StaleStatementsError(RefusedError):
    """Factors or points are not those that statements were computed from."""

    def __init__(self, changes: Sequence[Change], number: int) -> None:
        """Take the first changes, and how many lines differ."""
        more = number - len(changes)
        self.changes = tuple(changes)
        super().__init__(
            zh="参数或考核在测算之后有变动，请先重新测算："
            + "；".join(zh for zh, _ in changes)
            + (f"；另有 {more} 处。" if more else "。"),
            en="Factors or points were changed after the computation; compute again first: "
            + "; ".join(en for _, en in changes)
            + (f"; and {more} more." if more else "."),
        )


def require_unchanged(session: Session, *, settlement: SavingsSettlement) -> None:
    """Let statements pass that follow from what is given now.

    Raises:
        StaleStatementsError: Some do not; it names what was changed.
    """
    changes = changes_since(session, settlement=settlement)
    first = list(islice(changes, _SHOWN))
    if first:
        raise StaleStatementsError(first, len(first) + sum(1 for _ in changes))


def changes_since(session: Session, *, settlement: SavingsSettlement) -> Iterator[Change]:
    """Yield each factor and assessment that is not as the standing statements have it."""
    grounds = grounds_of(session, settlement=settlement)
    if _digests_of(session, settlement) <= {
        present_digest(session, settlement=settlement, grounds=grounds)
    }:
        return
    assessed = results_of(session, settlement=settlement, rules=grounds.rules)
    rows = session.execute(
        select(HospitalStatement.hospital_id, Organisation.name, SavingsLine)
        .join(SavingsLine, SavingsLine.statement_id == HospitalStatement.id)
        .join(Organisation, Organisation.id == HospitalStatement.hospital_id)
        .where(HospitalStatement.settlement_id == settlement.id)
        .where(HospitalStatement.status != StatementStatus.REPLACED)
        .order_by(Organisation.name, HospitalStatement.hospital_id, SavingsLine.number)
        .execution_options(yield_per=_BATCH)
    )
    seen: set[Place] = set()
    with rows:
        for hospital_id, name, line in rows:
            yield from _of_factors(hospital_id, name, line, grounds)
            yield from _of_assessment(hospital_id, name, line, grounds, assessed, seen)


def _digests_of(session: Session, settlement: SavingsSettlement) -> set[str | None]:
    """The digests of what the standing statements were computed from."""
    facts = session.scalars(
        select(SavingsRun.facts)
        .join(HospitalStatement, HospitalStatement.run_id == SavingsRun.id)
        .where(HospitalStatement.settlement_id == settlement.id)
        .where(HospitalStatement.status != StatementStatus.REPLACED)
        .distinct()
    )
    return {json.loads(text).get("grounds") for text in facts}


def _of_factors(
    hospital_id: int, name: str, line: SavingsLine, grounds: Grounds
) -> Iterator[Change]:
    supply = grounds.supplies[line.supply_id]
    values, missing = grounds.factors.values_of(hospital_id, supply)
    place = f"{name} · {line.batch} · {line.lot} {line.product} {line.strength}"
    for factor, (zh, en) in FACTORS.items():
        before, now = getattr(line, factor), getattr(values, factor)
        if factor in missing:
            yield f"{place} {zh}：{_word(before)} → ？", f"{place}: {en}: {_word(before)} → ?"
        elif before != now:
            change = f"{_word(before)} → {_word(now)}"
            yield f"{place} {zh}：{change}", f"{place}: {en}: {change}"


def _of_assessment(
    hospital_id: int,
    name: str,
    line: SavingsLine,
    grounds: Grounds,
    assessed: Mapping[Place, Assessed],
    seen: set[Place],
) -> Iterator[Change]:
    place = place_of(
        grounds.rules, hospital_id=hospital_id, term_id=line.term_id, strength_id=line.strength_id
    )
    if place in seen:
        return
    seen.add(place)
    now = assessed.get(place)
    before = (line.score, line.grade, line.ratio, line.passed)
    if now is not None and before == (now.score, now.grade, now.ratio, now.passed):
        return
    change = f"{_word(line.score)} → {_word(None if now is None else now.score)}"
    shown_zh, shown_en = _ASSESSMENT
    product = f" · {line.product} {line.strength}" if place[2] else ""
    yield f"{name}{product} {shown_zh}：{change}", f"{name}{product}: {shown_en}: {change}"


def _word(value: object) -> str:
    if value is None:
        return "—"
    return shown(value) if isinstance(value, Decimal) else str(value)
