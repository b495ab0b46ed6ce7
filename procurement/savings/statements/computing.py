"""The steps of a computation: checked as a whole, then unit by unit, each step once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.permissions import Actor
from procurement.savings.assessments.opening import Place, place_of
from procurement.savings.assessments.results import results_of
from procurement.savings.rules import Assessed
from procurement.savings.rules.exact import times
from procurement.savings.settlements.changing import lock, noted, require_status, set_status
from procurement.savings.settlements.elsewhere import (
    elsewhere_faults,
    lock_terms,
    settled_elsewhere,
)
from procurement.savings.settlements.errors import NotExtractedError
from procurement.savings.settlements.factor_values import FACTORS
from procurement.savings.settlements.lines import Supply
from procurement.savings.settlements.runs import end_run, latest_run, start_run
from procurement.savings.statements.grounds import grounds_of, present_digest
from procurement.savings.statements.settling import Grounds, settle_units, units_of
from procurement.savings.statements.writing import write_statements
from procurement.savings.states import (
    RunKind,
    RunStatus,
    SettlementStatus,
    StatementStatus,
)
from procurement.savings.tables import (
    ExtractedLine,
    HospitalStatement,
    SavingsRun,
    SavingsSettlement,
)

HOSPITALS_A_STEP = 50
FAULTS_SHOWN = 100
BATCH = 5_000

Unit = tuple[int, ...]


def start_computing(
    session: Session, *, settlement: SavingsSettlement, actor: Actor, moment: datetime
) -> SavingsRun:
    """Ask for the computation of all statements.

    Raises:
        WrongStateError: Not every hospital is assessed, or hospitals have their statements.
        RunUnderWayError: A job is at work.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.ASSESSED, SettlementStatus.COMPUTED)
    return _start(session, locked, None, actor, moment)


def start_recomputing(
    session: Session,
    *,
    settlement: SavingsSettlement,
    hospital_id: int | None,
    actor: Actor,
    moment: datetime,
) -> SavingsRun:
    """Ask for new versions of statements that hospitals have: of those that come out otherwise.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        hospital_id: Of this hospital and its group only; None for all.
        actor: Who asks.
        moment: Now, aware.

    Raises:
        WrongStateError: Statements are not with hospitals.
        RunUnderWayError: A job is at work.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, SettlementStatus.WITH_HOSPITALS)
    return _start(session, locked, hospital_id, actor, moment)


def prepare(session: Session, *, run: SavingsRun) -> None:
    """Check everything that statements are computed from, before any is written.

    Raises:
        InvalidInputError: With every factor and assessment that is missing, and every line whose
            amounts are too large.
    """
    if run.status != RunStatus.WAITING:
        return
    settlement = session.get_one(SavingsSettlement, run.settlement_id)
    grounds = grounds_of(session, settlement=settlement)
    faults = _faults(session, settlement, run, grounds)
    if faults:
        raise InvalidInputError(faults)
    hospitals = sorted(_hospitals(session, run))
    for start in range(0, len(hospitals), BATCH):
        _require_here_only(session, run, grounds, hospitals[start : start + BATCH])
    digest = present_digest(session, settlement=settlement, grounds=grounds)
    run.facts = json.dumps({"grounds": digest})
    run.status, run.done = RunStatus.RUNNING, 0
    run.total = sum(len(unit) for unit in _units(session, run))
    session.flush()


def compute_step(session: Session, *, run: SavingsRun, moment: datetime) -> bool:
    """Write the statements of the next hospitals; False once all are written.

    One step is one transaction: after a crash the next one goes on behind it.

    Raises:
        InvalidInputError: Another settlement settles some of these hospitals meanwhile.
    """
    settlement = session.get_one(SavingsSettlement, run.settlement_id)
    hospitals = _next_hospitals(_units(session, run), run.done)
    if not hospitals:
        _finish(session, settlement, run, moment)
        return False
    grounds = grounds_of(session, settlement=settlement)
    _require_here_only(session, run, grounds, hospitals)
    extracted = session.scalars(
        select(ExtractedLine).where(
            ExtractedLine.run_id == run.extract_id, ExtractedLine.hospital_id.in_(hospitals)
        )
    ).all()
    assessed = results_of(
        session, settlement=settlement, rules=grounds.rules, hospital_ids=hospitals
    )
    with_hospitals = settlement.status == SettlementStatus.WITH_HOSPITALS
    written = write_statements(
        session,
        run=run,
        settled=settle_units(extracted, assessed, grounds),
        grounds=grounds,
        status=StatementStatus.OPEN if with_hospitals else StatementStatus.COMPUTED,
        moment=moment,
    )
    if with_hospitals:
        _tell(session, settlement, written, moment)
    run.done += len(hospitals)
    session.flush()
    return True


def _require_here_only(
    session: Session, run: SavingsRun, grounds: Grounds, hospitals: Sequence[int]
) -> None:
    """Let hospitals be settled that no other settlement settles for the same batch-years.

    The batch-years are locked before: of two settlements that look at once, one comes second.
    """
    lock_terms(session, term_ids=grounds.terms)
    rows = session.execute(
        select(ExtractedLine.hospital_id, ExtractedLine.term_id)
        .where(ExtractedLine.run_id == run.extract_id)
        .where(ExtractedLine.hospital_id.in_(hospitals))
        .distinct()
    )
    agreed = {(hospital, term) for hospital, term in rows}
    found = settled_elsewhere(
        session,
        settlement_id=run.settlement_id,
        term_ids=list(grounds.terms),
        hospital_ids=hospitals,
    )
    faults = elsewhere_faults(one for one in found if (one.hospital_id, one.term_id) in agreed)
    if faults:
        raise InvalidInputError(faults)


def _start(
    session: Session,
    settlement: SavingsSettlement,
    hospital_id: int | None,
    actor: Actor,
    moment: datetime,
) -> SavingsRun:
    extract = latest_run(
        session, settlement=settlement, kind=RunKind.EXTRACT, status=RunStatus.DONE
    )
    if extract is None:
        raise NotExtractedError
    run = start_run(
        session,
        settlement=settlement,
        kind=RunKind.COMPUTE,
        actor=actor,
        moment=moment,
        hospital_id=hospital_id,
        extract_id=extract.id,
    )
    facts = {"run": str(run.number), "hospital": str(hospital_id or "all")}
    noted(
        session,
        settlement=settlement,
        action="compute-savings",
        actor=actor,
        moment=moment,
        facts=facts,
    )
    return run


def _units(session: Session, run: SavingsRun) -> list[Unit]:
    """The reporting units that a run computes, in order."""
    rows = session.execute(
        select(ExtractedLine.hospital_id, ExtractedLine.group_lead_id)
        .where(ExtractedLine.run_id == run.extract_id)
        .distinct()
    )
    units = units_of((hospital, lead) for hospital, lead in rows)
    if run.hospital_id is None:
        return units
    return [unit for unit in units if run.hospital_id in unit]


def _hospitals(session: Session, run: SavingsRun) -> set[int]:
    """All hospitals that a run computes."""
    return {hospital for unit in _units(session, run) for hospital in unit}


def _next_hospitals(units: Sequence[Unit], done: int) -> list[int]:
    """The hospitals of the next units: whole ones, so that groups stay together."""
    found: list[int] = []
    seen = 0
    for unit in units:
        seen += len(unit)
        if seen <= done:
            continue
        if found and len(found) + len(unit) > HOSPITALS_A_STEP:
            break
        found += unit
    return found


def _finish(
    session: Session, settlement: SavingsSettlement, run: SavingsRun, moment: datetime
) -> None:
    end_run(session, run=run, moment=moment)
    with_hospitals = settlement.status == SettlementStatus.WITH_HOSPITALS
    status = SettlementStatus.WITH_HOSPITALS if with_hospitals else SettlementStatus.COMPUTED
    if run.hospital_id is None:
        _drop_others(session, settlement, run)
    set_status(session, settlement=settlement, status=status, moment=moment)


def _drop_others(session: Session, settlement: SavingsSettlement, run: SavingsRun) -> None:
    """Statements of hospitals that are no longer in the extract no longer count."""
    stale = session.scalars(
        select(HospitalStatement).where(
            HospitalStatement.settlement_id == settlement.id,
            HospitalStatement.status != StatementStatus.REPLACED,
            HospitalStatement.hospital_id.not_in(
                select(ExtractedLine.hospital_id).where(ExtractedLine.run_id == run.extract_id)
            ),
        )
    )
    for statement in stale:
        statement.status = StatementStatus.REPLACED


def _tell(
    session: Session,
    settlement: SavingsSettlement,
    written: Sequence[HospitalStatement],
    moment: datetime,
) -> None:
    for statement in written:
        notify(
            session,
            organisation_id=statement.hospital_id,
            zh=f"“{settlement.title}”的结余留用测算表已更新（第 {statement.number} 版），请确认。",
            en=f"Your statement of “{settlement.title}” has a new version ({statement.number}).",
            link=f"/savings/{settlement.name}/statements/{statement.hospital_id}",
            moment=moment,
        )


def _faults(
    session: Session, settlement: SavingsSettlement, run: SavingsRun, grounds: Grounds
) -> list[FieldFault]:
    assessed = results_of(session, settlement=settlement, rules=grounds.rules)
    names = {
        one: name
        for one, name in session.execute(
            select(Organisation.id, Organisation.name).where(
                Organisation.id.in_(
                    select(ExtractedLine.hospital_id).where(ExtractedLine.run_id == run.extract_id)
                )
            )
        )
    }
    faults: list[FieldFault] = []
    number = 0
    concerned = _hospitals(session, run)
    for hospital_id, rows in _by_hospital(session, run):
        if hospital_id not in concerned:
            continue
        wrong = [*_of_hospital(rows, grounds, names[hospital_id])]
        wrong += _unassessed(rows, grounds, names[hospital_id], assessed)
        number += len(wrong)
        faults += wrong[: max(FAULTS_SHOWN - len(faults), 0)]
    if number > len(faults):
        more = number - len(faults)
        faults.append(FieldFault("…", f"另有 {more} 处。", f"And {more} more."))
    return faults


def _unassessed(
    rows: Sequence[ExtractedLine],
    grounds: Grounds,
    name: str,
    assessed: Mapping[Place, Assessed],
) -> list[FieldFault]:
    """What is not assessed of a hospital: the whole of it, or some products."""
    missing: dict[Place, str] = {}
    for row in rows:
        place = place_of(
            grounds.rules,
            hospital_id=row.hospital_id,
            term_id=row.term_id,
            strength_id=row.strength_id,
        )
        if place not in assessed:
            supply = grounds.supplies[row.supply_id]
            missing[place] = f"{name} · {supply.product} {supply.strength}" if place[2] else name
    return [FieldFault(one, "尚未考核。", "It is not assessed.") for one in missing.values()]


def _by_hospital(session: Session, run: SavingsRun) -> Iterator[tuple[int, list[ExtractedLine]]]:
    rows = session.scalars(
        select(ExtractedLine)
        .where(ExtractedLine.run_id == run.extract_id)
        .order_by(ExtractedLine.hospital_id, ExtractedLine.supply_id)
        .execution_options(yield_per=BATCH)
    )
    for hospital_id, own in groupby(rows, key=lambda row: row.hospital_id):
        yield hospital_id, list(own)


def _of_hospital(
    rows: Sequence[ExtractedLine], grounds: Grounds, name: str
) -> Iterator[FieldFault]:
    """What is missing or too large in the lines of one hospital."""
    largest, shares = Decimal(0), set()
    for row in rows:
        supply = grounds.supplies[row.supply_id]
        values, missing = grounds.factors.values_of(row.hospital_id, supply)
        for factor, is_ambiguous in missing.items():
            yield _missing(name, grounds.terms[row.term_id].batch, supply, factor, is_ambiguous)
        shares.add(values.fund_share_employee)
        before = times(row.base_volume, values.price_before or Decimal(0))
        largest += max(before, times(row.agreed_volume, supply.winning_price))
        largest += abs(row.non_winning_amount)
    if largest > MONEY_MAX:
        zh, en = "金额超出可计算的范围。", "The amounts are too large to be settled."
        yield FieldFault(name, zh, en)
    if grounds.choices.negative_base == "net_batch" and len(shares - {None}) > 1:
        yield FieldFault(
            name,
            "品种间相抵时，同一医疗机构只能有一个职工医保占比。",
            "Where bases are netted, a hospital has one part of the employee fund.",
        )


def _missing(
    hospital: str, batch: str, supply: Supply, factor: str, is_ambiguous: bool
) -> FieldFault:
    zh, en = FACTORS[factor]
    place = f"{hospital} · {batch} · {supply.lot} {supply.product} {supply.strength}"
    if is_ambiguous:
        return FieldFault(place, f"{zh}给出了两个不同的值。", f"Two values are given: {en}.")
    return FieldFault(place, f"没有给出{zh}。", f"Not given: {en}.")
