"""The steps of an extract: purchases written as partitions, summed, and kept with what was agreed.

Money is what partitions hold: units times unit price, half up to 0.0001 yuan. So `jicai settle`
over the same files comes to the same amounts.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.errors import JicaiError
from procurement.orders.partitions.columns import hospital_key, product_key
from procurement.orders.partitions.writing import Partition, partition_path
from procurement.orders.tables import PurchaseLine
from procurement.permissions import Actor
from procurement.rounds.tables import LotStrength
from procurement.savings.analytics import Engine, PurchaseFiles
from procurement.savings.rules.exact import yuan
from procurement.savings.settlements.changing import lock, noted, require_status
from procurement.savings.settlements.elsewhere import settled_elsewhere
from procurement.savings.settlements.errors import NothingToSettleError
from procurement.savings.settlements.groups import leads_of
from procurement.savings.settlements.lines import Agreed, Supply, agreed_of, supplies_of
from procurement.savings.settlements.matching import Lines, Matched, Sums, Target
from procurement.savings.settlements.runs import end_run, start_run
from procurement.savings.settlements.terms import TermView, terms_of
from procurement.savings.states import RunKind, SettlementStatus
from procurement.savings.tables import ExtractedLine, LeftOut, SavingsRun, SavingsSettlement

FOLDER = "savings"
BATCH = 2_000


class BadPurchasesError(JicaiError):
    """Partitions hold lines that are none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an extract needs, read once at its beginning.

    Attributes:
        lines: Finds the line that sums belong to.
        agreed: What hospitals agreed to.
        shared: Supplies that share their strength with another one of the same hospital.
    """

    lines: Lines
    agreed: tuple[Agreed, ...]
    shared: frozenset[tuple[int, int]]


def start_extracting(
    session: Session,
    *,
    settlement: SavingsSettlement,
    actor: Actor,
    moment: datetime,
    hospital_id: int | None = None,
) -> SavingsRun:
    """Ask for an extract.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        actor: Who asks.
        moment: Now, aware.
        hospital_id: Whose statement is computed anew afterwards, for an objection.

    Raises:
        NothingToSettleError: Nobody agreed to anything.
        RunUnderWayError: A job is at work.
        WrongStateError: Assessments are closed already.
    """
    locked = lock(session, settlement=settlement)
    if hospital_id is None:
        require_status(locked, SettlementStatus.DRAFTED, SettlementStatus.EXTRACTED)
    else:
        require_status(locked, SettlementStatus.WITH_HOSPITALS)
    if next(agreed_of(session, settlement=locked), None) is None:
        raise NothingToSettleError
    run = start_run(
        session,
        settlement=locked,
        kind=RunKind.EXTRACT,
        actor=actor,
        moment=moment,
        hospital_id=hospital_id,
    )
    facts = {"run": str(run.number)}
    noted(
        session,
        settlement=locked,
        action="extract-purchases",
        actor=actor,
        moment=moment,
        facts=facts,
    )
    return run


def wanted_of(session: Session, *, settlement: SavingsSettlement) -> Wanted:
    """Load what hospitals agreed to, as partitions call it."""
    terms = {one.term_id: one for one in terms_of(session, settlement=settlement)}
    supplies = supplies_of(session, term_ids=list(terms))
    agreed = tuple(agreed_of(session, settlement=settlement))
    names = _hospital_names(session, {one.hospital_id for one in agreed})
    labels = _labels(session, supplies.values())
    lines = Lines(list(terms.values()))
    found = settled_elsewhere(
        session, settlement_id=settlement.id, term_ids=list(terms), region=settlement.region
    )
    others = _hospital_names(session, {one.hospital_id for one in found})
    for one in found:
        lines.leave_to_others(others[one.hospital_id], one.batch)
    shared: set[tuple[int, int]] = set()
    for of_lot in _by_lot(agreed, supplies):
        _add_lot(lines, of_lot, names, supplies, terms, labels)
        shared |= _sharing(of_lot, supplies)
    return Wanted(lines, agreed, frozenset(shared))


def purchase_files(folder: Path, partitions: Sequence[Partition]) -> PurchaseFiles | None:
    """The files of partitions; None where nothing was bought."""
    paths = tuple(
        partition_path(folder, year=one.year, region=one.region) / part.name
        for one in partitions
        for part in one.parts
    )
    return PurchaseFiles(paths, frozenset(paths)) if paths else None


def sum_up(files: PurchaseFiles | None, wanted: Wanted, engine: Engine) -> Matched:
    """Sum all purchase lines, each to the line that it belongs to.

    Raises:
        AnalyticsError: The engine is not there, or an amount is beyond 64 bits.
        BadPurchasesError: A file holds lines that are none.
    """
    matched = Matched()
    if files is not None:
        for totals in engine(files, wanted.lines.breaks):
            wanted.lines.take(matched, totals)
    if matched.bad_lines:
        raise BadPurchasesError(
            f"{matched.bad_lines} purchase lines have an empty cell or no price: expected none"
        )
    return matched


def keep_extract(
    session: Session,
    *,
    run: SavingsRun,
    wanted: Wanted,
    matched: Matched,
    partitions: Sequence[Partition],
    moment: datetime,
) -> None:
    """Keep the lines of an extract; done again after a crash it comes to the same."""
    settlement = session.get_one(SavingsSettlement, run.settlement_id)
    session.execute(delete(ExtractedLine).where(ExtractedLine.run_id == run.id))
    session.execute(delete(LeftOut).where(LeftOut.run_id == run.id))
    terms = {one.term_id: one for one in terms_of(session, settlement=settlement)}
    supplies = supplies_of(session, term_ids=list(terms))
    leads = leads_of(session, term_ids=terms, moment=moment)
    own = _shared_volumes(session, wanted, terms, supplies)
    sums = _with_shared(matched.sums, own, wanted, supplies)
    rows = [
        {
            "run_id": run.id,
            "hospital_id": one.hospital_id,
            "supply_id": one.supply_id,
            "term_id": supplies[one.supply_id].term_id,
            "strength_id": supplies[one.supply_id].strength_id,
            "group_lead_id": leads.get((supplies[one.supply_id].term_id, one.hospital_id)),
            "base_volume": one.base_volume,
            "agreed_volume": one.agreed_volume,
            **_cells(sums.get((one.hospital_id, one.supply_id), Sums())),
        }
        for one in wanted.agreed
    ]
    for start in range(0, len(rows), BATCH):
        session.execute(insert(ExtractedLine), rows[start : start + BATCH])
    _keep_left_out(session, run, matched)
    run.facts = json.dumps(
        {
            "lines": matched.lines,
            "partitions": [one.as_json() for one in partitions],
        },
        ensure_ascii=False,
    )
    end_run(session, run=run, moment=moment)


def _hospital_names(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.credit_code,
            Organisation.institution_code,
            Organisation.name,
        )
    )
    return {
        one: hospital_key(credit_code=credit, institution_code=code, name=name)
        for one, credit, code, name in rows
        if one in ids
    }


def _labels(session: Session, supplies: Iterable[Supply]) -> dict[int, list[str]]:
    """How partitions call the strengths of each lot, and the lot without a strength."""
    lots = {one.lot_id: (one.lot, one.product) for one in supplies}
    rows = session.execute(
        select(LotStrength.lot_id, LotStrength.strength)
        .where(LotStrength.lot_id.in_(lots))
        .order_by(LotStrength.id)
    ).all()
    found = {lot_id: [""] for lot_id in lots}
    for lot_id, strength in rows:
        found[lot_id].append(strength)
    return {
        lot_id: [
            product_key(lot_code=lots[lot_id][0], product=lots[lot_id][1], strength=strength)
            for strength in strengths
        ]
        for lot_id, strengths in found.items()
    }


def _by_lot(agreed: Sequence[Agreed], supplies: Mapping[int, Supply]) -> Iterable[list[Agreed]]:
    """The lines of each hospital, batch-year and lot, the largest base volume first."""
    found: dict[tuple[int, int, int], list[Agreed]] = {}
    for one in agreed:
        supply = supplies[one.supply_id]
        found.setdefault((one.hospital_id, supply.term_id, supply.lot_id), []).append(one)
    for lines in found.values():
        lines.sort(key=lambda one: (-one.base_volume, one.supply_id))
    return found.values()


def _add_lot(
    lines: Lines,
    of_lot: Sequence[Agreed],
    names: Mapping[int, str],
    supplies: Mapping[int, Supply],
    terms: Mapping[int, TermView],
    labels: Mapping[int, list[str]],
) -> None:
    """Add the lines of a hospital in one lot.

    What is bought of others goes to the line of its strength; of a strength without a line, to
    the lot's line with the largest base volume: the formula knows the generic only.
    """
    unclaimed = list(labels[supplies[of_lot[0].supply_id].lot_id])
    own = []
    for one in of_lot:
        supply = supplies[one.supply_id]
        label = product_key(lot_code=supply.lot, product=supply.product, strength=supply.strength)
        is_first = label in unclaimed
        if is_first:
            unclaimed.remove(label)
        own.append((one, supply, label, is_first))
    for place, (one, supply, label, is_first) in enumerate(own):
        others = [label] if is_first else []
        target = Target(one.hospital_id, one.supply_id, terms[supply.term_id])
        more = unclaimed if place == 0 else []
        lines.add(names[one.hospital_id], label, [*others, *more], target)


def _sharing(of_lot: Sequence[Agreed], supplies: Mapping[int, Supply]) -> set[tuple[int, int]]:
    """Lines of a hospital that have their strength in common: two winners supply it."""
    strengths = [supplies[one.supply_id].strength_id for one in of_lot]
    return {
        (one.hospital_id, one.supply_id)
        for one, strength in zip(of_lot, strengths, strict=True)
        if strengths.count(strength) > 1
    }


def _shared_volumes(
    session: Session,
    wanted: Wanted,
    terms: Mapping[int, TermView],
    supplies: Mapping[int, Supply],
) -> dict[tuple[int, int], int]:
    """What was bought from each of two winners of a strength: partitions call them the same."""
    found: dict[tuple[int, int], int] = {}
    for term_id, term in terms.items():
        ids = {supply for _, supply in wanted.shared if supplies[supply].term_id == term_id}
        if not ids:
            continue
        rows = session.execute(
            select(
                PurchaseLine.hospital_id, PurchaseLine.supply_id, func.sum(PurchaseLine.quantity)
            )
            .where(PurchaseLine.is_winning, PurchaseLine.supply_id.in_(ids))
            .where(PurchaseLine.received_on.between(term.starts_on, term.ends_on))
            .group_by(PurchaseLine.hospital_id, PurchaseLine.supply_id)
        )
        for hospital, supply, units in rows:
            if (hospital, supply or 0) in wanted.shared:
                found[hospital, supply or 0] = int(units)
    return found


def _with_shared(
    sums: Mapping[tuple[int, int], Sums],
    own: Mapping[tuple[int, int], int],
    wanted: Wanted,
    supplies: Mapping[int, Supply],
) -> dict[tuple[int, int], Sums]:
    """Divide the volume of a strength that two winners supply; the sum stays the engine's."""
    found = dict(sums)
    by_strength: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for hospital_id, supply_id in sorted(wanted.shared):
        supply = supplies[supply_id]
        strength = (hospital_id, supply.term_id, supply.strength_id)
        by_strength.setdefault(strength, []).append((hospital_id, supply_id))
    for keys in by_strength.values():
        left = sum(found.get(key, Sums()).winning_volume for key in keys)
        for key in keys[1:]:
            before = found.get(key, Sums())
            units = own.get(key, 0)
            left -= units
            found[key] = Sums(units, before.non_winning_volume, before.non_winning_amount)
        before = found.get(keys[0], Sums())
        found[keys[0]] = Sums(left, before.non_winning_volume, before.non_winning_amount)
    return found


def _cells(sums: Sums) -> dict[str, object]:
    return {
        "winning_volume": sums.winning_volume,
        "non_winning_volume": sums.non_winning_volume,
        "non_winning_amount": yuan(sums.non_winning_amount),
    }


def _keep_left_out(session: Session, run: SavingsRun, matched: Matched) -> None:
    rows = [
        {
            "run_id": run.id,
            "hospital": hospital[:200],
            "product": product[:400],
            "batch": None if batch is None else batch[:120],
            "reason": reason,
            "lines": lines,
            "amount": yuan(amount),
        }
        for (hospital, product, batch, reason), (lines, amount) in sorted(
            matched.left_out.items(), key=lambda one: tuple(str(part) for part in one[0])
        )
    ]
    for start in range(0, len(rows), BATCH):
        session.execute(insert(LeftOut), rows[start : start + BATCH])
