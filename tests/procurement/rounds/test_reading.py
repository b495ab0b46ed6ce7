"""The list of rounds says for many what the permissions say for one; the life of a round."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.database import transaction
from procurement.permissions import Action, Actor, Role, is_permitted
from procurement.rounds.ending import cancel_step
from procurement.rounds.outages import apply_outage
from procurement.rounds.progress import set_status
from procurement.rounds.proposals import StepRequest, propose_step
from procurement.rounds.reading import life_of, next_deadline, rounds_for, running_rounds
from procurement.rounds.rules import Failure
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import Round, RoundStatus
from procurement.rounds.tasks import waiting_for
from tests.procurement.rounds import world

NOW = world.MOMENT


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


def cancelled(session, name, *, seen):
    round_ = world.new_round(session, name=name)
    if seen:
        world.start_reporting(session, round_)
    second = world.second_officer(session, round_)
    set_status(
        session,
        round_=round_,
        status=RoundStatus.CANCELLED,
        moment=NOW,
        reason="x",
        person_id=second.id,
        second_person_id=round_.drafted_by,
    )
    return round_


@pytest.fixture
def rounds(session):
    made = [
        world.new_round(session, name="draft"),
        world.start_reporting(session, world.new_round(session, name="reporting")),
        world.publish_round(session, world.new_round(session, name="published")),
        cancelled(session, "cancelled-unseen", seen=False),
        cancelled(session, "cancelled-seen", seen=True),
    ]
    imported = world.new_round(session, name="imported")
    imported.status, imported.bureau_id = RoundStatus.IMPORTED, None
    session.flush()
    return [*made, imported]


def test_the_list_agrees_with_the_permissions_for_every_role(session, rounds):
    bureau = session.get_one(Organisation, rounds[0].bureau_id)
    holder = session.scalars(
        select(Organisation).where(Organisation.kind == OrganisationKind.KEYHOLDER)
    ).first()
    actors = [Actor()]
    for organisation in (bureau, holder):
        for role in Role:
            if role is not Role.PUBLIC:
                person = world.new_person(session, organisation, role)
                actors.append(world.actor_of(session, person))
    for actor in actors:
        listed = {round_.name for round_ in session.scalars(rounds_for(actor))}
        permitted = {
            round_.name
            for round_ in session.scalars(select(Round))
            if is_permitted(actor, Action.READ_ROUND, round_subject(session, round_))
        }
        assert listed == permitted, actor.roles


def test_the_life_of_a_round_tells_what_was_what_is_and_what_comes(session):
    round_ = world.open_bidding(session, world.new_round(session))
    closing = world.date_of(round_, "closes_at")
    failed = Failure(closing - timedelta(minutes=5), closing)
    apply_outage(session, round_=round_, failures=[failed], moment=closing)
    life = life_of(session, round_=round_, moment=closing, with_names=True)
    past = [one for one in life if one.state in ("done", "now")]
    assert [one.en for one in past] == [
        *("drafted", "volume reporting", "comments", "published", "bidding"),
        "closing moved after an outage",
    ]
    assert [len(one.who) for one in past] == [1, 0, 0, 2, 0, 0]
    assert past[-1].by_clock
    assert [one.en for one in life if one.state == "now"] == ["bidding"]
    ahead = [one for one in life if one.state in ("next", "missed")]
    assert (ahead[0].en, ahead[0].at) == ("closed", round_.closes_at)
    later = closing + timedelta(days=1)
    late = life_of(session, round_=round_, moment=later, with_names=False)
    assert [one.en for one in late if one.state == "missed"] == ["closed", "opened"]
    assert all(not one.who for one in late)


@pytest.mark.parametrize("status", RoundStatus)
def test_every_status_has_a_life(session, status):
    round_ = world.new_round(session)
    round_.status = status
    life = life_of(session, round_=round_, moment=NOW, with_names=True)
    ended = status in (
        *(RoundStatus.IMPORTED, RoundStatus.CANCELLED),
        *(RoundStatus.ENDED, RoundStatus.FOLLOWED_ON),
    )
    assert [one.state for one in life].count("now") == (0 if ended else 1)


def test_comments_that_came_first_are_followed_by_the_reporting(session):
    round_ = world.new_round(session)
    set_status(session, round_=round_, status=RoundStatus.COMMENTS, moment=NOW)
    life = life_of(session, round_=round_, moment=NOW, with_names=False)
    ahead = [one.en for one in life if one.state in ("next", "missed")]
    assert ahead[:3] == ["volume reporting", "comments", "published"]


def test_running_rounds_come_with_what_is_due(session, rounds):
    running = running_rounds(session, actor=Actor(), moment=NOW)
    assert [(one.state_en, one.due_en) for one in running] == [
        ("published", "bidding opens"),
        ("volume reporting", "volume reporting opens"),
    ]
    assert next_deadline(rounds[0], moment=NOW) is None


def test_officers_are_told_what_waits_for_them(session):
    round_ = world.start_reporting(session, world.new_round(session))
    first = world.actor_of(session, session.get_one(Person, round_.drafted_by))
    second = world.actor_of(session, world.second_officer(session, round_))
    assert waiting_for(session, actor=first, moment=NOW) == []
    propose_step(
        session,
        kind=cancel_step(),
        request=StepRequest(round_=round_, reason="调整", moment=NOW),
        actor=first,
    )
    assert waiting_for(session, actor=first, moment=NOW) == []
    (task,) = waiting_for(session, actor=second, moment=NOW)
    assert (task.urgent, "/proposals/" in task.link) == (True, True)
    (over,) = waiting_for(session, actor=first, moment=world.date_of(round_, "volume_closes_at"))
    assert "报量已截止" in over.zh
    assert waiting_for(session, actor=Actor(), moment=NOW) == []
