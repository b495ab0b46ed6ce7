"""Whoever has something to do finds it at home; nobody finds out there who has bid."""

from datetime import timedelta

from procurement.bids.keyholders.rehearsals import start_rehearsal
from procurement.bids.kinds import PaperStatus
from procurement.bids.tables import PaperStep
from procurement.bids.tasks import waiting_for
from procurement.database import database_moment, transaction
from tests.procurement.bids.test_opening import call, decide, post
from tests.procurement.bids.world import SECRET


def links(world, actor):
    with world.read() as session:
        tasks = waiting_for(session, actor=actor, moment=database_moment(session))
        assert all(task.zh and task.en for task in tasks)
        return [task.link.removeprefix(f"/rounds/{world.name}/") for task in tasks]


def test_a_keyholder_makes_a_key_and_then_rehearses(world):
    holder = world.holder_actors[0]
    assert links(world, holder) == ["keys"]
    world.hand_over_all_keys()
    assert links(world, holder) == []
    with transaction(world.engine) as session:
        start_rehearsal(
            session,
            round_=world.round(session),
            actor=world.officer_actors[0],
            secret_key=SECRET,
            moment=database_moment(session),
        )
    assert links(world, holder) == ["rehearsal"]
    world.rehearse()
    assert links(world, holder) == []


def test_at_the_opening_time_keyholders_post_and_officers_decide(bidding):
    world, manifest = bidding
    holder, officer = world.holder_actors[0], world.officer_actors[0]
    world.bid(world.new_maker(), manifest)
    assert links(world, holder) == links(world, officer) == []
    world.close()
    assert links(world, holder) == links(world, officer) == ["opening"]
    post(world, manifest, 1)
    decide(world)
    assert links(world, holder) == links(world, officer) == []


def test_an_evaluator_checks_what_was_handed_in_and_a_maker_completes_it(bidding):
    world, _ = bidding
    maker = world.new_maker(admitted=False)
    assert links(world, world.evaluator) == links(world, maker.actor) == []
    step(world, maker, PaperStatus.SUBMITTED)
    assert links(world, world.evaluator) == ["papers"]
    step(world, maker, PaperStatus.DEFICIENT, timedelta(hours=1))
    assert links(world, world.evaluator) == []
    assert links(world, maker.actor) == ["papers"]
    assert links(world, world.new_maker().actor) == []


def step(world, maker, status, due_in=None):
    with transaction(world.engine) as session:
        moment = database_moment(session)
        session.add(
            PaperStep(
                round_id=world.round_id,
                organisation_id=maker.id,
                status=status,
                due_at=None if due_in is None else moment + due_in,
                person_id=maker.person_id,
                happened_at=moment,
            )
        )


def test_a_call_for_keys_reaches_every_admitted_maker_alike(bidding):
    world, manifest = bidding
    bidder, silent = world.new_maker(), world.new_maker()
    world.bid(bidder, manifest)
    world.close()
    call(world)
    assert links(world, bidder.actor) == links(world, silent.actor) == ["reveal"]
