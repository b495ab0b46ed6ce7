"""Keyholders from different institutions, and observers."""

from datetime import date

import pytest

from procurement.accounts.tables import OrganisationKind, OrganisationRelation, RelationKind
from procurement.database import transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.rounds.participants import (
    may_hold_keys,
    participants_of,
    set_keyholders,
    set_observers,
)
from procurement.rounds.rules import PartFixedError
from procurement.rounds.tables import ParticipantPart, RoundParticipant
from tests.procurement.rounds import world


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


@pytest.fixture
def round_(session):
    return world.new_round(session, keyholders=[])


def seat(session, round_, organisations, quorum=2, version=None):
    return set_keyholders(
        session,
        round_=round_,
        organisation_ids=[getattr(one, "id", one) for one in organisations],
        quorum=quorum,
        version=round_.version if version is None else version,
        actor=world.actor_of(session, world.second_officer(session, round_)),
        moment=world.MOMENT,
    )


def seated(session, round_, part=ParticipantPart.KEYHOLDER):
    found = participants_of(session, round_id=round_.id, part=part)
    return [(one.seat, one.organisation.id) for one in found]


def test_seats_follow_the_order_and_rows_that_stay_keep_their_ids(session, round_):
    one, two, three, four = world.new_keyholders(session, 4)
    seat(session, round_, [one, two, three])
    assert seated(session, round_) == [(1, one.id), (2, two.id), (3, three.id)]
    ids = {row.organisation_id: row.id for row in session.query(RoundParticipant)}
    seat(session, round_, [three, one, four])
    assert seated(session, round_) == [(1, three.id), (2, one.id), (3, four.id)]
    after = {row.organisation_id: row.id for row in session.query(RoundParticipant)}
    assert (after[one.id], after[three.id]) == (ids[one.id], ids[three.id])


def test_firms_under_one_control_are_refused_until_it_ends(session, round_):
    one, two, three, four = world.new_keyholders(session, 4)
    control = OrganisationRelation(
        subject_id=two.id,
        related_id=four.id,
        kind=RelationKind.CONTROLLED_BY,
        since_date=date(2020, 1, 1),
        recorded_at=world.MOMENT,
    )
    session.add(control)
    with pytest.raises(InvalidInputError):
        seat(session, round_, [one, two, three, four])
    session.refresh(round_)
    control.until_date = date(2025, 1, 1)
    seat(session, round_, [one, two, three, four])
    assert len(seated(session, round_)) == 4


@pytest.mark.parametrize("quorum", [None, 1, 3])
def test_a_wrong_quorum_is_refused_and_nothing_stored(session, round_, quorum):
    holders = world.new_keyholders(session, 3)
    with pytest.raises(InvalidInputError), session.begin_nested():
        seat(session, round_, holders, quorum)
    assert seated(session, round_) == []


def test_unknown_organisations_and_manufacturers_are_refused(session, round_):
    holders = world.new_keyholders(session, 3)
    maker = world.new_organisation(session, OrganisationKind.MANUFACTURER, "某药业")
    for wrong in (maker, 10**6):
        with pytest.raises(InvalidInputError) as refusal, session.begin_nested():
            seat(session, round_, [*holders, wrong])
        assert {fault.field for fault in refusal.value.faults} == {"keyholders"}
    assert maker not in may_hold_keys(session)


def test_a_stale_page_and_a_published_round_change_nothing(session, round_):
    holders = world.new_keyholders(session, 3)
    seen = round_.version
    seat(session, round_, holders)
    with pytest.raises(StaleError):
        seat(session, round_, holders, version=seen)
    world.publish_round(session, round_)
    with pytest.raises(PartFixedError):
        seat(session, round_, holders)


def test_observers_are_notaries_and_inspectors_once_each(session, round_):
    notary = world.new_organisation(session, OrganisationKind.OBSERVER, "公证处")
    change = {
        "round_": round_,
        "actor": world.actor_of(session, world.second_officer(session, round_)),
        "moment": world.MOMENT,
    }
    set_observers(session, organisation_ids=[notary.id], version=round_.version, **change)
    assert seated(session, round_, ParticipantPart.OBSERVER) == [(1, notary.id)]
    for wrong in ([notary.id, notary.id], [round_.bureau_id]):
        with pytest.raises(InvalidInputError), session.begin_nested():
            set_observers(session, organisation_ids=wrong, version=round_.version, **change)
    set_observers(session, organisation_ids=[], version=round_.version, **change)
    assert seated(session, round_, ParticipantPart.OBSERVER) == []
