"""What is held is kept, until somebody else than who placed the hold ends it."""

from datetime import UTC, datetime

import pytest

from procurement.audit import entries_about
from procurement.audit.holds import (
    HoldEndedError,
    SamePersonError,
    end_hold,
    holds,
    is_held,
    place_hold,
)
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.permissions import Actor, NotFoundForActorError, Role
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import new_bureau, new_person

MOMENT = datetime(2026, 11, 22, 1, tzinfo=UTC)
FIRST, SECOND = Actor(person_id=1), Actor(person_id=2)


@pytest.fixture
def session(engine):
    with transaction(engine) as opened:
        yield opened


def placed(session, subject="round/x"):
    return place_hold(
        session, subject=subject, reason="诉讼", document="民初1号", actor=FIRST, moment=MOMENT
    )


def ended(session, hold_id, actor=SECOND, reason="终审"):
    return end_hold(session, hold_id=hold_id, reason=reason, actor=actor, moment=MOMENT)


@pytest.mark.parametrize(
    ("subject", "held"),
    [
        ("round/x", True),
        ("round/x/lots/L01", True),
        ("round/xy", False),
        ("round", False),
        ("round/%", False),
    ],
)
def test_a_hold_covers_its_subject_and_what_belongs_to_it(session, subject, held):
    placed(session)
    assert is_held(session, subject=subject) is held


def test_marks_of_a_pattern_are_plain_characters(session):
    placed(session, "round/_")
    assert not is_held(session, subject="round/x/lots")
    assert is_held(session, subject="round/_/lots")


def test_another_person_ends_it_once_and_with_a_reason(session):
    hold = placed(session)
    with pytest.raises(SamePersonError):
        ended(session, hold.id, actor=FIRST)
    with pytest.raises(InvalidInputError):
        ended(session, hold.id, reason=" ")
    ended(session, hold.id)
    assert not is_held(session, subject="round/x")
    with pytest.raises(HoldEndedError):
        ended(session, hold.id)
    with pytest.raises(NotFoundForActorError):
        ended(session, 99)
    said = [one.action for one in entries_about(session, subject="round/x")]
    assert said == ["place-legal-hold", "end-legal-hold"]
    assert [one.id for one in holds(session)] == [hold.id]


def test_every_fault_is_said_at_once(session):
    with pytest.raises(InvalidInputError) as refused:
        place_hold(session, subject="", reason="x" * 501, document=" ", actor=FIRST, moment=MOMENT)
    assert [one.field for one in refused.value.faults] == ["subject", "reason", "document"]


def test_supervisors_hold_at_their_page_and_nobody_else(engine, tmp_path):
    with transaction(engine) as session:
        bureau = new_bureau(session)
        first, second = (new_person(session, bureau, Role.SUPERVISOR) for _ in range(2))
        officer = new_person(session, bureau, Role.OFFICER)
    with running_platform(engine, tmp_path) as platform:
        one, other = platform.signed_in(first), platform.signed_in(second)
        typed = {"subject": "round/x", "reason": "诉讼", "document": "民初1号"}
        assert one.post("/audit/holds", data={**typed, "document": ""}).status_code == 422
        assert one.post("/audit/holds", data=typed).status_code == 303
        assert "保全中" in other.get("/audit/holds").text
        why = {"end_reason": "终审"}
        assert one.post("/audit/holds/1/end", data=why).status_code == 409
        assert other.post("/audit/holds/1/end", data=why).status_code == 303
        assert "released" in other.get("/audit/holds?lang=en").text
        assert platform.signed_in(officer).get("/audit/holds").status_code == 403
