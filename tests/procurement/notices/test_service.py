"""Notices reach the organisation once for each event."""

from datetime import UTC, datetime

from procurement.database import snapshot, transaction
from procurement.notices import mark_read, notices_of, notify

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)


def tell(engine, organisation_id=1, text="x", key=None):
    with transaction(engine) as session:
        notify(
            session,
            organisation_id=organisation_id,
            zh=text,
            en=text,
            link="/",
            moment=MOMENT,
            key=key,
        )


def test_notices_are_read_newest_first_and_only_by_their_organisation(engine):
    for text in ("a", "b"):
        tell(engine, text=text)
    tell(engine, organisation_id=2, text="c")
    with snapshot(engine) as session:
        assert [notice.zh for notice in notices_of(session, organisation_id=1)] == ["b", "a"]


def test_an_event_is_told_once(engine):
    for _ in range(2):
        tell(engine, key="closing-soon/pilot")
    tell(engine, organisation_id=2, key="closing-soon/pilot")
    with snapshot(engine) as session:
        assert len(notices_of(session, organisation_id=1)) == 1
        assert len(notices_of(session, organisation_id=2)) == 1


def test_reading_marks_what_was_not_read(engine):
    tell(engine)
    with transaction(engine) as session:
        mark_read(session, organisation_id=1, moment=MOMENT)
    with snapshot(engine) as session:
        assert notices_of(session, organisation_id=1)[0].read_at == MOMENT
