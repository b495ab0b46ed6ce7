"""Durable work of the choice of regions: the clock of a turn runs out."""

from collections.abc import Mapping

from procurement.awards.regions.service import lapse
from procurement.awards.regions.tables import RegionChoice, RegionTurn
from procurement.awards.regions.turns import LAPSE_JOB, wait_for
from procurement.awards.regions.ways import TurnWay
from procurement.database import database_moment
from procurement.jobs import Handler, JobRun
from procurement.rounds.tables import Lot, Round


def lapse_turn(run: JobRun) -> None:
    """Let a winner's preferences choose when its clock has run out; look again where it has not.

    The clock is the database's, which may be behind the worker's.
    """
    with run.transaction() as session:
        turn = session.get_one(RegionTurn, int(str(run.payload["turn_id"])))
        choice = session.get_one(RegionChoice, turn.choice_id)
        round_ = session.get_one(Round, choice.round_id)
        lot = session.get_one(Lot, turn.lot_id)
        if turn.way != TurnWay.WAITING:
            return
        if database_moment(session) < turn.due_at:
            wait_for(session, turn=turn, moment=run.moment(), again=True)
            return
        lapse(session, round_=round_, lot_code=lot.code)


HANDLERS: Mapping[str, Handler] = {LAPSE_JOB: lapse_turn}
"""Who carries out which kind of job."""
