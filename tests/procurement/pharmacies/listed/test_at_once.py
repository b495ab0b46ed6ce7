"""Two people at once: of two decisions on one drug only one reaches the list."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from procurement.database import snapshot, transaction
from procurement.errors import StaleError
from procurement.pharmacies.listed.errors import ListMovedError, SettledError
from procurement.pharmacies.listed.settling import confirm, withdraw
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from tests.procurement.pharmacies.listed.world import DUAL, MOMENT, SEPARATE


def at_once(*calls):
    """Run calls at the same time and return what each refused, or None."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            call()
        except (ListMovedError, SettledError, StaleError) as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def confirming(world, decision_id):
    def call():
        with transaction(world.engine) as session:
            confirm(session, decision_id=decision_id, version=1, actor=world.second, moment=MOMENT)

    return call


def test_of_two_decisions_on_a_drug_that_is_new_only_one_enters_it(world):
    one, other = world.propose(world.line(1, DUAL)), world.propose(world.line(1, SEPARATE))
    found = at_once(confirming(world, one), confirming(world, other))
    assert sorted(found, key=str) == sorted([None, ListMovedError], key=str)
    with snapshot(world.engine) as session:
        assert session.scalar(select(func.count()).select_from(ListPeriod)) == 1
        assert session.scalar(select(func.count()).select_from(ListedDrug)) == 1


def test_decisions_on_the_same_drugs_in_another_order_do_not_lock_each_other_out(world):
    world.list_of_2021()
    one = world.propose(world.line(1, DUAL), world.line(2, DUAL))
    other = world.propose(world.line(2, None), world.line(1, None))
    found = at_once(confirming(world, one), confirming(world, other))
    assert sorted(found, key=str) == sorted([None, ListMovedError], key=str)


def test_a_decision_is_either_confirmed_or_withdrawn(world):
    decision_id = world.propose(world.line(1, DUAL))

    def withdrawing():
        with transaction(world.engine) as session:
            withdraw(
                session,
                decision_id=decision_id,
                version=1,
                reason="重复",
                actor=world.officer,
                moment=MOMENT,
            )

    found = at_once(confirming(world, decision_id), withdrawing)
    assert sorted(found, key=str) == sorted([None, SettledError], key=str)


def test_two_proposals_at_once_get_two_numbers(world):
    at_once(lambda: world.propose(world.line(1, DUAL)), lambda: world.propose(world.line(2, DUAL)))
    with snapshot(world.engine) as session:
        numbers = session.scalars(select(ListDecision.number)).all()
    assert len(set(numbers)) == 2
