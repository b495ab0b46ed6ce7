"""No sequence of calls leaves the table, on both databases."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.rounds.progress import events_of, lock_round, set_status
from procurement.rounds.rules import TRANSITIONS, FourEyesError, InvalidTransitionError
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import Round, RoundStatus
from tests.procurement.rounds import world

S = RoundStatus

calls = st.lists(
    st.tuples(
        st.sampled_from(RoundStatus),
        st.sampled_from([None, "", "因故取消", "x" * 501]),
        st.sampled_from([(None, None), (1, None), (1, 1), (1, 2), (None, 2)]),
    ),
    max_size=25,
)


@pytest.fixture
def stored(engine):
    """The id of a draft, and the two officers of its bureau."""
    with transaction(engine) as session:
        round_ = world.new_round(session)
        second = world.second_officer(session, round_)
        return round_.id, {None: None, 1: round_.drafted_by, 2: second.id}


def allowed(present, wanted, reason, people) -> bool:
    """What a call must do, from the table and in other words than the code."""
    if wanted not in TRANSITIONS[present]:
        return False
    by_two = wanted in (S.PUBLISHED, S.OPENED, S.AWARDED) or (
        wanted is S.CANCELLED and present is not S.DRAFT
    )
    if by_two and (None in people or people[0] == people[1]):
        return False
    return len(reason or "") <= 500 and (bool(reason) or wanted is not S.CANCELLED)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls)
def test_no_sequence_of_calls_leaves_the_table(engine, stored, sequence):
    round_id, people = stored
    # Rolled back at the end, so that each sequence starts from the draft.
    with snapshot(engine.execution_options(jicai_snapshot=False)) as session:
        round_ = session.get_one(Round, round_id)
        present, steps = S.DRAFT, []
        for wanted, reason, (first, second) in sequence:
            persons = (people[first], people[second])
            try:
                set_status(
                    session,
                    round_=round_,
                    status=wanted,
                    moment=world.MOMENT,
                    reason=reason,
                    person_id=persons[0],
                    second_person_id=persons[1],
                )
            except (InvalidTransitionError, FourEyesError, InvalidInputError):
                assert not allowed(present, wanted, reason, persons)
                assert round_.status == present
            else:
                assert allowed(present, wanted, reason, persons)
                steps.append((present, wanted))
                present = wanted
        walked = [
            (event.status_from, event.status_to) for event in events_of(session, round_id=round_id)
        ]
        assert walked == steps
        assert session.scalar(text("SELECT status FROM round")) == present


def test_events_are_never_changed_or_deleted(engine):
    with transaction(engine) as session:
        world.start_reporting(session, world.new_round(session))
    for statement in ("UPDATE round_event SET reason = 'x'", "DELETE FROM round_event"):
        with pytest.raises(IntegrityError), transaction(engine) as session:
            session.execute(text(statement))


def test_publication_remembers_when_and_by_whom(engine):
    with transaction(engine) as session:
        round_ = world.publish_round(session, world.new_round(session))
        event = events_of(session, round_id=round_.id)[-1]
        assert round_.published_at == event.happened_at
        assert event.second_person_id == round_.drafted_by
        assert event.person_id not in (None, round_.drafted_by)


def test_a_stale_version_is_refused_at_the_lock(engine):
    with transaction(engine) as session:
        round_ = world.new_round(session)
        seen = round_.version
        world.start_reporting(session, round_)
        with pytest.raises(StaleError):
            lock_round(session, round_=round_, version=seen)


def test_a_round_is_public_from_volume_reporting_on(engine):
    with transaction(engine) as session:
        round_ = world.new_round(session)
        draft = round_subject(session, round_)
        assert (draft.is_public, draft.bureau_id) == (False, round_.bureau_id)
        assert draft.regions == world.REGIONS
        assert len(draft.named) == 5
        world.start_reporting(session, round_)
        assert round_subject(session, round_).is_public


def test_a_draft_that_was_cancelled_unseen_stays_unseen(engine):
    with transaction(engine) as session:
        unseen = world.new_round(session)
        set_status(
            session, round_=unseen, status=S.CANCELLED, moment=world.MOMENT, reason="不再需要"
        )
        seen = world.start_reporting(session, world.new_round(session, name="another"))
        second = world.second_officer(session, seen)
        set_status(
            session,
            round_=seen,
            status=S.CANCELLED,
            moment=world.MOMENT + timedelta(days=1),
            reason="品种调整",
            person_id=second.id,
            second_person_id=seen.drafted_by,
        )
        assert not round_subject(session, unseen).is_public
        assert round_subject(session, seen).is_public
