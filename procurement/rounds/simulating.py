"""Asking for a simulation of a draft, running it as a job, and reading its answer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bidding.bid_sheet import Round as Sheet
from bidding.errors import BiddingError
from procurement.catalogue.kinds import Evaluation, ProductStatus
from procurement.catalogue.tables import Product
from procurement.errors import FieldFault, InvalidInputError
from procurement.jobs import JobRun, enqueue
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.folder import read_folder
from procurement.rounds.folder.facts import write_facts
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.options import round_rulebooks
from procurement.rounds.sheet import lots_of, sheet_of
from procurement.rounds.simulation import (
    BIDDERS_MAX,
    DRAWS_MAX,
    RULEBOOKS_MAX,
    Assumptions,
    answer_document,
    simulate_draft,
)
from procurement.rounds.tables import Round, RoundSimulation, RoundStatus, SimulationStatus
from procurement.settings import resource_folder
from rulebooks.errors import RulebookError

JOB = "simulate-round"
EXAMPLE = "national-3-eight-lots"
"""The past round that ships with the platform, under its folder's name."""

VOLUME_MAX = 10**12


@dataclass(frozen=True, slots=True)
class PastRound:
    """A past round that bids can be modelled on.

    Attributes:
        name: Under which it is asked for.
        title: What it is called.
    """

    name: str
    title: str


def past_rounds(session: Session) -> Sequence[PastRound]:
    """Return the rounds that bids can be modelled on: the shipped example, and imported ones."""
    example = _example()
    imported = session.execute(
        select(Round.name, Round.title)
        .where(Round.status == RoundStatus.IMPORTED)
        .order_by(Round.opened_on.desc(), Round.name)
    )
    return [
        PastRound(EXAMPLE, example.title),
        *(PastRound(name, title) for name, title in imported),
    ]


def _example() -> Sheet:
    return read_folder(resource_folder("examples") / EXAMPLE).round


def _behaviour(session: Session, name: str) -> Sheet:
    """The bids of a past round.

    Raises:
        NotFoundForActorError: There is none of that name.
    """
    if name == EXAMPLE:
        return _example()
    wanted = select(Round).where(Round.name == name, Round.status == RoundStatus.IMPORTED)
    stored = session.scalars(wanted).one_or_none()
    if stored is None:
        raise NotFoundForActorError
    return read_facts(stored.facts).round


def expected_bidders(session: Session, *, round_id: int) -> Mapping[str, tuple[int, int]]:
    """Count the firms that could bid, by lot: generic ones, and originators.

    Counted are holders of active products of the lot's generic product whose consistency
    evaluation is passed or deemed so, as the catalogue has them.

    Returns:
        By lot; (0, 0) where the lot is not in the catalogue.
    """
    lots = lots_of(session, round_id=round_id, standing=True)
    ids = {lot.generic_product_id for lot in lots if lot.generic_product_id is not None}
    products = (
        select(Product.generic_product_id, func.count(Product.holder_id.distinct()))
        .where(Product.generic_product_id.in_(ids), Product.status == ProductStatus.ACTIVE)
        .group_by(Product.generic_product_id)
    )
    passed = Product.evaluation.in_((Evaluation.PASSED, Evaluation.DEEMED))
    generics = session.execute(products.where(passed, ~Product.is_originator))
    originators = session.execute(products.where(Product.is_originator))
    by_generic = {product: number for product, number in generics}
    by_originator = {product: number for product, number in originators}
    return {
        lot.code: (
            by_generic.get(lot.generic_product_id or 0, 0),
            by_originator.get(lot.generic_product_id or 0, 0),
        )
        for lot in lots
    }


def ask_simulation(
    session: Session, *, round_: Round, assumptions: Assumptions, actor: Actor, moment: datetime
) -> RoundSimulation:
    """Ask for a simulation; a job runs it on the draft as it stands now.

    Args:
        session: Session of the caller's transaction.
        round_: The draft.
        assumptions: ``behaviour`` is the name of one of `past_rounds`.
        actor: Who asks.
        moment: When.

    Returns:
        The waiting simulation.

    Raises:
        InvalidInputError: With every fault of the assumptions.
        NotFoundForActorError: There is no such past round.
    """
    sheet = sheet_of(session, round_=round_)
    faults = list(assumption_faults(sheet, assumptions))
    if faults:
        raise InvalidInputError(faults)
    _behaviour(session, assumptions.behaviour)
    asked = RoundSimulation(
        round_id=round_.id,
        asked_by=actor.person_id,
        asked_at=moment,
        assumptions=json.dumps(asdict(assumptions), ensure_ascii=False, sort_keys=True),
        sheet=write_facts(sheet),
        status=SimulationStatus.WAITING,
    )
    session.add(asked)
    session.flush()
    enqueue(
        session,
        kind=JOB,
        payload={"simulation": asked.id},
        moment=moment,
        key=f"{JOB}-{asked.id}",
    )
    return asked


def assumption_faults(sheet: Sheet, assumptions: Assumptions) -> Iterator[FieldFault]:
    """Find what is wrong with the assumptions of a simulation."""
    if not 1 <= assumptions.draws <= DRAWS_MAX:
        zh, en = f"须为 1 至 {DRAWS_MAX}。", f"Expected 1 to {DRAWS_MAX}."
        yield FieldFault("draws", zh, en)
    if not 0 <= assumptions.seed < 2**31:
        yield FieldFault("seed", "须为不小于 0 的整数。", "Expected a whole number from 0.")
    known = set(round_rulebooks())
    if not assumptions.rulebooks or not known.issuperset(assumptions.rulebooks):
        yield FieldFault("rulebooks", "请从列表中选择规则。", "Choose rulebooks from the list.")
    if len(assumptions.rulebooks) > RULEBOOKS_MAX:
        zh, en = f"至多比较 {RULEBOOKS_MAX} 份规则。", f"At most {RULEBOOKS_MAX} rulebooks."
        yield FieldFault("rulebooks", zh, en)
    if not sheet.lots:
        zh, en = "本批次还没有品种，请先添加。", "The round has no lot yet: add one first."
        yield FieldFault("lots", zh, en)
    for lot in sheet.lots:
        yield from _lot_faults(lot.lot, assumptions)


def _lot_faults(lot: str, assumptions: Assumptions) -> Iterator[FieldFault]:
    for field, numbers in (
        ("bidders", assumptions.bidders),
        ("originators", assumptions.originators),
    ):
        if not 0 <= numbers.get(lot, 0) <= BIDDERS_MAX:
            zh, en = f"须为 0 至 {BIDDERS_MAX}。", f"Expected 0 to {BIDDERS_MAX}."
            yield FieldFault(f"{field}-{lot}", zh, en)
    if not 0 <= assumptions.volumes.get(lot, 0) <= VOLUME_MAX:
        zh, en = "须为不小于 0 的整数。", "Expected a whole number from 0."
        yield FieldFault(f"volume-{lot}", zh, en)


def find_simulation(session: Session, *, round_id: int, simulation_id: int) -> RoundSimulation:
    """Return a simulation of a round.

    Raises:
        NotFoundForActorError: The round has no such simulation.
    """
    found = session.get(RoundSimulation, simulation_id)
    if found is None or found.round_id != round_id:
        raise NotFoundForActorError
    return found


def simulations_of(session: Session, *, round_id: int) -> Sequence[RoundSimulation]:
    """Return the simulations of a round, the newest first."""
    newest_first = (
        select(RoundSimulation)
        .where(RoundSimulation.round_id == round_id)
        .order_by(RoundSimulation.id.desc())
    )
    return session.scalars(newest_first).all()


def assumptions_of(simulation: RoundSimulation) -> Assumptions:
    """Return what a simulation was asked for with."""
    raw: dict[str, Any] = json.loads(simulation.assumptions)
    return Assumptions(**{**raw, "rulebooks": tuple(raw["rulebooks"])})


def answer_of(simulation: RoundSimulation) -> Mapping[str, Any]:
    """Return the figures of a simulation that is done; empty before."""
    answer: Mapping[str, Any] = json.loads(simulation.answer or "{}")
    return answer


def run_simulation(run: JobRun) -> None:
    """Carry out a simulation; started again, it begins anew and writes the same answer."""
    simulation_id = int(str(run.payload["simulation"]))
    with run.transaction() as session:
        simulation = session.get_one(RoundSimulation, simulation_id)
        if simulation.status == SimulationStatus.DONE:
            return
        simulation.status = SimulationStatus.RUNNING
        assumptions = assumptions_of(simulation)
        sheet = read_facts(simulation.sheet).round
        behaviour = _behaviour(session, assumptions.behaviour)
    fault: Exception | None = None
    answer: str | None = None
    try:
        found = simulate_draft(sheet, behaviour, assumptions, on_progress=run.progress)
        answer = json.dumps(answer_document(found), ensure_ascii=False)
    except (BiddingError, RulebookError, ArithmeticError) as error:
        fault = error
    with run.transaction() as session:
        simulation = session.get_one(RoundSimulation, simulation_id)
        simulation.status = SimulationStatus.DONE if fault is None else SimulationStatus.FAILED
        simulation.answer = answer
        simulation.fault_zh = simulation.fault_en = None if fault is None else str(fault)
        simulation.ended_at = run.moment()
