"""What a hospital keeps if the year goes on as so far, and what completes its volumes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreedSupply, AgreedVolume
from procurement.china_days import first_moment
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions.decide import ALL_REGIONS
from procurement.savings.assessments.results import results_of
from procurement.savings.forecasts.basis import Basis, basis_for
from procurement.savings.forecasts.shapes import HospitalForecast, LineForecast, TermForecast
from procurement.savings.forecasts.uses import Key, uses_of
from procurement.savings.rules import Assessed, NoBandError, SettledLine, Use, assess
from procurement.savings.rules.completion import Completion
from procurement.savings.rules.exact import cents, quotient, shown, times, total
from procurement.savings.rules.forecast import base_to_use, forecast
from procurement.savings.settlements.factor_values import FACTORS, PAYMENT_RATIO_SPEND
from procurement.savings.settlements.groups import leads_of
from procurement.savings.settlements.lines import Agreed, Supply, agreed_in, supplies_of
from procurement.savings.settlements.terms import TermView, terms_to_settle
from procurement.savings.statements.settling import settle_units
from procurement.savings.tables import ExtractedLine

Settled = Mapping[int, SettledLine]
"""Settled lines of the hospital, by supply."""


def forecast_of(
    session: Session, *, hospital_id: int, day: date, expected_score: Decimal | None = None
) -> HospitalForecast:
    """Forecast all batch-years of a hospital that run on a day.

    Rules and factors are those of a settlement that a bureau has drafted. Points are the expected
    ones, else those of the last assessment; without either, and without a factor, amounts stay
    unknown and only volumes are told.

    Args:
        session: Any session.
        hospital_id: The hospital.
        day: Up to which purchases count.
        expected_score: Points that the hospital expects.

    Raises:
        InvalidInputError: The points are none.
    """
    if expected_score is not None and not 0 <= expected_score <= 100:
        zh, en = "须为 0 到 100 的分数。", "Expected points from 0 to 100."
        raise InvalidInputError([FieldFault("expected_score", zh, en)])
    hospital = session.get_one(Organisation, hospital_id)
    terms = [
        _term(session, hospital, term, day, expected_score)
        for term in running_terms(session, hospital_id=hospital_id, day=day)
    ]
    return HospitalForecast(
        hospital_id=hospital_id,
        hospital=hospital.name,
        day=day,
        terms=tuple(terms),
        at_pace=_sum([one.at_pace for one in terms]),
        if_completed=_sum([one.if_completed for one in terms]),
    )


def running_terms(session: Session, *, hospital_id: int, day: date) -> list[TermView]:
    """Return the batch-years that run on a day, and in which a hospital agreed to anything."""
    own = set(
        session.scalars(
            select(AgreedSupply.term_id)
            .join(AgreedVolume, AgreedVolume.supply_id == AgreedSupply.id)
            .where(AgreedVolume.hospital_id == hospital_id)
            .distinct()
        )
    )
    region = session.get_one(Organisation, hospital_id).region
    return [
        one
        for one in terms_to_settle(session, region=region)
        if one.term_id in own and one.starts_on <= day <= one.ends_on
    ]


def _term(
    session: Session,
    hospital: Organisation,
    term: TermView,
    day: date,
    expected_score: Decimal | None,
) -> TermForecast:
    supplies = supplies_of(session, term_ids=[term.term_id])
    leads = leads_of(session, term_ids=[term.term_id], moment=first_moment(day))
    agreed = _unit_lines(session, hospital, term, leads)
    uses = uses_of(session, term=term, agreed=agreed, supplies=supplies, until=day)
    elapsed, days = (day - term.starts_on).days + 1, (term.ends_on - term.starts_on).days + 1
    projected = {key: _projected(use, elapsed, days) for key, use in uses.items()}
    basis = basis_for(session, hospital=hospital, term=term, supplies=supplies)
    assessed = _expected(session, hospital, basis, expected_score)
    own = [one for one in agreed if one.hospital_id == hospital.id]
    at_pace, kept = _settled(basis, assessed, agreed, supplies, projected, leads, hospital.id)
    full = dict(projected)
    for one in own:
        use = full.get((hospital.id, one.supply_id), Use())
        winning = max(use.winning_volume, one.agreed_volume)
        full[hospital.id, one.supply_id] = replace(use, winning_volume=winning)
    _, if_completed = _settled(basis, assessed, agreed, supplies, full, leads, hospital.id)
    lines = tuple(
        _line(one, supplies[one.supply_id], uses, basis, assessed, at_pace, (elapsed, days))
        for one in own
    )
    return TermForecast(
        term=term,
        basis=None if basis is None else basis.settlement.name,
        assessed=assessed,
        days_elapsed=elapsed,
        days=days,
        lines=lines,
        at_pace=kept,
        if_completed=if_completed,
    )


def _unit_lines(
    session: Session,
    hospital: Organisation,
    term: TermView,
    leads: Mapping[tuple[int, int], int],
) -> list[Agreed]:
    """The lines of a hospital and of its group: these count where groups complete together."""
    lead = leads.get((term.term_id, hospital.id))
    members = {one for (_, one), own in leads.items() if lead is not None and own == lead}
    return [
        line
        for one in sorted(members | {hospital.id})
        for line in agreed_in(session, terms=[term], region=ALL_REGIONS, hospital_id=one)
    ]


def _projected(use: Use, elapsed: int, days: int) -> Use:
    amount = quotient(times(use.non_winning_amount, days), elapsed)
    return Use(
        winning_volume=use.winning_volume * days // elapsed,
        non_winning_amount=amount,
        non_winning_volume=use.non_winning_volume * days // elapsed,
    )


def _expected(
    session: Session,
    hospital: Organisation,
    basis: Basis | None,
    expected_score: Decimal | None,
) -> Assessed | None:
    """The assessment that is expected: given points, else the last ones of the settlement."""
    if basis is None:
        return None
    rules = basis.grounds.rules
    if expected_score is not None:
        try:
            return assess(expected_score, rules.scheme.bands)
        except NoBandError:
            return None
    found = results_of(
        session, settlement=basis.settlement, rules=rules, hospital_ids=[hospital.id]
    )
    return found.get((hospital.id, 0, 0))


def _settled(
    basis: Basis | None,
    assessed: Assessed | None,
    agreed: Sequence[Agreed],
    supplies: Mapping[int, Supply],
    uses: Mapping[Key, Use],
    leads: Mapping[tuple[int, int], int],
    hospital_id: int,
) -> tuple[Settled, Decimal | None]:
    """Settle the unit with some volumes; nothing where rules or points are missing."""
    if basis is None or assessed is None or not _follow_on_known(basis):
        return {}, None
    rows = []
    for one in agreed:
        use = uses.get((one.hospital_id, one.supply_id), Use())
        supply = supplies[one.supply_id]
        rows.append(
            ExtractedLine(
                run_id=0,
                hospital_id=one.hospital_id,
                supply_id=one.supply_id,
                term_id=supply.term_id,
                strength_id=supply.strength_id,
                group_lead_id=leads.get((supply.term_id, one.hospital_id)),
                base_volume=one.base_volume,
                agreed_volume=one.agreed_volume,
                winning_volume=use.winning_volume,
                non_winning_volume=use.non_winning_volume,
                non_winning_amount=use.non_winning_amount,
            )
        )
    everywhere = {
        (row.hospital_id, term, strength): assessed
        for row in rows
        for term, strength in ((0, 0), (row.term_id, row.strength_id))
    }
    for settled in settle_units(rows, everywhere, basis.grounds):
        if settled.hospital_id != hospital_id:
            continue
        lines = {supply.supply_id: line for supply, line in settled.lines}
        lacking = any(_lacking(basis, hospital_id, supply) for supply, _ in settled.lines)
        return lines, None if lacking else cents(settled.hospital.retained)
    return {}, None


def _follow_on_known(basis: Basis) -> bool:
    follows = any(one.follow_on for one in basis.grounds.terms.values())
    return not follows or basis.grounds.rules.scheme.knows("follow_on")


def _lacking(basis: Basis | None, hospital_id: int, supply: Supply) -> tuple[str, ...]:
    if basis is None:
        return tuple(name for name in FACTORS if name != PAYMENT_RATIO_SPEND)
    return tuple(basis.grounds.factors.values_of(hospital_id, supply)[1])


def _line(
    one: Agreed,
    supply: Supply,
    uses: Mapping[Key, Use],
    basis: Basis | None,
    assessed: Assessed | None,
    settled: Settled,
    year: tuple[int, int],
) -> LineForecast:
    elapsed, days = year
    use = uses.get((one.hospital_id, one.supply_id), Use())
    projected = _projected(use, elapsed, days)
    missing = Completion(use.winning_volume, one.agreed_volume).missing
    found = settled.get(one.supply_id)
    lacking = _lacking(basis, one.hospital_id, supply)
    if_completed = ratio = None
    if found is not None and basis is not None and assessed is not None and not lacking:
        ratio = base_to_use(found.terms, projected)
        if_completed = forecast(
            found.terms,
            use,
            basis.grounds.rules.scheme.formula,
            ratio=assessed.ratio if assessed.passed else Decimal(0),
            days_elapsed=elapsed,
            days=days,
        ).if_completed
    elif projected.winning_volume + projected.non_winning_volume > 0:
        whole = projected.winning_volume + projected.non_winning_volume
        ratio = quotient(one.base_volume, whole)
    warning = None if basis is None else basis.grounds.rules.warning
    completes = projected.winning_volume >= one.agreed_volume > 0
    line = LineForecast(
        supply=supply,
        base_volume=one.base_volume,
        agreed_volume=one.agreed_volume,
        use=use,
        projected=projected.winning_volume,
        missing=missing,
        completes=completes if found is None else found.completed,
        at_pace=None if found is None or lacking else found.retained,
        if_completed=if_completed,
        base_to_use=ratio,
        warned=warning is not None and (ratio is None or ratio >= warning),
        lacking=lacking,
        reasons=() if found is None else found.nothing_because,
        zh="",
        en="",
    )
    zh, en = _sentence(line)
    return replace(line, zh=zh, en=en)


def _sentence(line: LineForecast) -> tuple[str, str]:
    """At today's pace you keep X; buying Y more of Z completes it."""
    supply = line.supply
    name = f"{supply.product} {supply.strength}"
    zh, en = [], []
    if line.at_pace is not None:
        amount = shown(cents(line.at_pace), least_decimals=2)
        zh.append(f"照目前进度可留用 {amount} 元")
        en.append(f"at today's pace you keep {amount} yuan")
    if line.missing:
        zh.append(f"再采购 {line.missing:,} {supply.unit}{name}即完成约定采购量")
        en.append(f"buying {line.missing:,} {supply.unit} more of {name} completes it")
        if line.if_completed is not None:
            amount = shown(cents(line.if_completed), least_decimals=2)
            zh[-1] += f"，可留用 {amount} 元"
            en[-1] += f", and {amount} yuan are kept"
    elif line.agreed_volume:
        zh.append("已完成约定采购量")
        en.append("the agreed volume is completed")
    else:
        zh.append("没有约定采购量")
        en.append("nothing was agreed")
    return "；".join(zh) + "。", "; ".join(en) + "."


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [one for one in amounts if one is not None]
    return total(known) if amounts and len(known) == len(amounts) else None
