"""The one line, put together: from reported need to the cent that is kept, on any day."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.orders.mismatches import Mismatch, mismatches_of
from procurement.permissions.decide import ALL_REGIONS
from procurement.savings.forecasts.forecasting import forecast_of
from procurement.savings.forecasts.shapes import LineForecast
from procurement.savings.forecasts.uses import uses_of
from procurement.savings.one_line.amounts import (
    Invoiced,
    Ordered,
    invoiced_of,
    ordered_of,
    reported_of,
    rounds_of,
)
from procurement.savings.one_line.shapes import HospitalLines, OneLine
from procurement.savings.rules import Use
from procurement.savings.rules.completion import Completion
from procurement.savings.rules.exact import total
from procurement.savings.settlements.factor_values import FACTORS
from procurement.savings.settlements.lines import Agreed, Supply, agreed_in, supplies_of
from procurement.savings.settlements.terms import TermView, terms_to_settle
from procurement.savings.statements.shapes import REASONS
from procurement.savings.states import StatementStatus
from procurement.savings.tables import HospitalStatement, SavingsLine, SavingsSettlement

Kept = Mapping[tuple[int, int], tuple[SavingsLine, str]]
"""The settled line of a supply in a batch-year, and the settlement's name."""


def one_line_of(
    session: Session,
    *,
    hospital_id: int,
    day: date,
    expected_score: Decimal | None = None,
    with_unsent: bool = False,
) -> HospitalLines:
    """Return every line of a hospital, from reported need to what is kept.

    Args:
        session: Any session.
        hospital_id: The hospital.
        day: Up to which orders, purchases, invoices and payments count.
        expected_score: Points for the forecast, where nothing is settled.
        with_unsent: Whether a statement counts that the hospital does not see yet.
    """
    hospital = session.get_one(Organisation, hospital_id)
    terms = [
        one for one in terms_to_settle(session, region=hospital.region) if one.starts_on <= day
    ]
    supplies = supplies_of(session, term_ids=[one.term_id for one in terms])
    forecast = forecast_of(session, hospital_id=hospital_id, day=day, expected_score=expected_score)
    paced = {line.supply.supply_id: line for term in forecast.terms for line in term.lines}
    kept = _kept(session, hospital_id, with_unsent=with_unsent)
    lines: list[OneLine] = []
    seen: list[TermView] = []
    for term in terms:
        agreed = list(agreed_in(session, terms=[term], region=ALL_REGIONS, hospital_id=hospital_id))
        if not agreed:
            continue
        seen.append(term)
        found = _Found(session, hospital_id, term, agreed, supplies, day)
        lines += [found.line(one, paced.get(one.supply_id), kept) for one in agreed]
    mismatches: list[Mismatch] = []
    if seen:
        since = min(one.starts_on for one in seen)
        until = min(day, max(one.ends_on for one in seen))
        mismatches = mismatches_of(session, hospital_id=hospital_id, since=since, until=until)
    amounts = [line.kept for line in lines]
    known = [one for one in amounts if one is not None]
    return HospitalLines(
        hospital_id=hospital_id,
        hospital=hospital.name,
        day=day,
        lines=tuple(lines),
        mismatches=tuple(mismatches),
        kept=total(known) if lines and len(known) == len(amounts) else None,
    )


class _Found:
    """What is known of a hospital's lines in one batch-year."""

    def __init__(
        self,
        session: Session,
        hospital_id: int,
        term: TermView,
        agreed: Sequence[Agreed],
        supplies: Mapping[int, Supply],
        day: date,
    ) -> None:
        ids = [one.supply_id for one in agreed]
        self._term = term
        self._supplies = supplies
        self._hospital_id = hospital_id
        self._day = day
        round_id = rounds_of(session, term_ids=[term.term_id])[term.term_id]
        self._reported = reported_of(session, hospital_id=hospital_id, round_id=round_id)
        self._ordered = ordered_of(session, hospital_id=hospital_id, supply_ids=ids, day=day)
        self._invoiced = invoiced_of(session, hospital_id=hospital_id, supply_ids=ids, day=day)
        self._uses = uses_of(session, term=term, agreed=agreed, supplies=supplies, until=day)

    def line(self, agreed: Agreed, paced: LineForecast | None, kept: Kept) -> OneLine:
        supply = self._supplies[agreed.supply_id]
        use = self._uses.get((self._hospital_id, agreed.supply_id), Use())
        ordered = self._ordered.get(agreed.supply_id, Ordered())
        invoiced = self._invoiced.get(agreed.supply_id, Invoiced())
        completion = Completion(use.winning_volume, agreed.agreed_volume)
        settled, statement = kept.get((self._term.term_id, agreed.supply_id), (None, None))
        amount = None if paced is None else paced.at_pace
        zh, en = _why(completion, ordered, settled, paced, is_over=self._day > self._term.ends_on)
        return OneLine(
            term=self._term,
            supply=supply,
            reported=self._reported.get(supply.strength_id, 0),
            base_volume=agreed.base_volume,
            agreed_volume=agreed.agreed_volume,
            ordered=ordered.ordered,
            open=ordered.open,
            shipped=ordered.shipped,
            accepted=ordered.accepted,
            counted=use.winning_volume,
            invoiced=invoiced.units,
            invoiced_amount=invoiced.amount,
            paid_amount=invoiced.paid,
            completed=completion.done,
            missing=completion.missing,
            completion=completion.share,
            kept=amount if settled is None else settled.retained,
            is_settled=settled is not None,
            statement=statement,
            why_zh=zh,
            why_en=en,
        )


def _why(
    completion: Completion,
    ordered: Ordered,
    settled: SavingsLine | None,
    paced: LineForecast | None,
    *,
    is_over: bool,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Why a line stands as it does."""
    found: list[tuple[str, str]] = []
    if not completion.agreed_volume:
        found.append(REASONS["empty-agreed-volume"])
    elif completion.missing:
        found.append((f"还差 {completion.missing:,}", f"{completion.missing:,} units are missing"))
        if ordered.open:
            found.append(
                (f"已订未收 {ordered.open:,}", f"{ordered.open:,} are ordered and not accepted")
            )
    reasons = settled.nothing_because.split() if settled is not None else []
    if settled is None and paced is not None:
        reasons = list(paced.reasons)
        found += [
            (f"未给出{FACTORS[name][0]}", f"not given: {FACTORS[name][1]}")
            for name in paced.lacking
        ]
        if paced.at_pace is None and not paced.lacking:
            found.append(("尚无预期考核得分", "no points are expected yet"))
    elif settled is None and is_over:
        found.append(("采购年度已满，尚未清算", "the year is over and not settled yet"))
    found += [REASONS[reason] for reason in reasons if REASONS[reason] not in found]
    return tuple(zh for zh, _ in found), tuple(en for _, en in found)


def _kept(session: Session, hospital_id: int, *, with_unsent: bool) -> Kept:
    wanted = (
        select(SavingsLine, SavingsSettlement.name)
        .join(HospitalStatement, HospitalStatement.id == SavingsLine.statement_id)
        .join(SavingsSettlement, SavingsSettlement.id == HospitalStatement.settlement_id)
        .where(HospitalStatement.hospital_id == hospital_id)
        .where(HospitalStatement.status != StatementStatus.REPLACED)
    )
    if not with_unsent:
        wanted = wanted.where(HospitalStatement.opened_at.is_not(None))
    return {(line.term_id, line.supply_id): (line, name) for line, name in session.execute(wanted)}
