"""What waits for whom, from the key to the signature."""

from procurement.database import snapshot
from procurement.negotiations.tasks import waiting_for
from tests.procurement.negotiations.world import DURING, MOMENT, NegotiationWorld


def links(world, name, *, moment=MOMENT):
    with snapshot(world.engine) as session:
        tasks = waiting_for(session, actor=world.people[name], moment=moment)
        return [task.link.rpartition("/")[2] for task in tasks]


def test_each_waits_for_what_is_his(engine):
    world = NegotiationWorld(engine).draft()
    assert links(world, "holder1") == ["keys"]
    world.hand_over_keys()
    assert links(world, "holder1") == []
    world = NegotiationWorld(engine, name="nrdl-2027").open().start()
    assert links(world, "maker") == ["edit"]
    world.fill().add_model().submit()
    assert links(world, "maker") == []
    assert links(world, "officer") == ["review"]
    world.review()
    assert links(world, "reviewer") == ["interest"]
    world.declare()
    assert links(world, "reviewer") == ["opinion"]
    world.admit()
    assert links(world, "officer") == ["session"]
    assert links(world, "economist") == ["economics"]
    world.compute()
    assert links(world, "economist") == []
    world.schedule()
    assert links(world, "chair") == ["chair"]
    world.reconcile().seal()
    assert links(world, "negotiator") == []
    assert links(world, "negotiator", moment=DURING) == ["table"]
    world.begin()
    assert links(world, "holder1", moment=DURING) == ["session"]
    assert links(world, "maker", moment=DURING) == ["quotes"]
    world.unseal()
    assert links(world, "holder2", moment=DURING) == []


def test_somebody_with_a_conflict_is_not_waited_for(engine):
    world = NegotiationWorld(engine).file().review().declare("reviewer", has_conflict=True)
    assert links(world, "reviewer") == []
