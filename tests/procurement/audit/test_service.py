"""The audit chain shows every change of what was recorded."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from procurement.audit import broken_link, entries_about, record
from procurement.database import snapshot, transaction
from procurement.permissions import Actor

MOMENT = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)


def record_three(engine):
    for number in range(3):
        with transaction(engine) as session:
            record(
                session,
                actor=Actor(person_id=7, organisation_id=3),
                action="publish-round",
                subject=f"round/{number}",
                facts={"digest": "00"},
                moment=MOMENT,
            )


def test_the_chain_of_untouched_entries_holds(engine):
    record_three(engine)
    with snapshot(engine) as session:
        assert broken_link(session) is None
        (entry,) = entries_about(session, subject="round/1")
        assert (entry.person_id, entry.organisation_id) == (7, 3)


def test_an_entry_cannot_be_changed_or_deleted(engine):
    record_three(engine)
    for statement in ("UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(IntegrityError), transaction(engine) as session:
            session.execute(text(statement))


def test_a_changed_entry_breaks_the_chain_where_it_stands(engine):
    record_three(engine)
    drop = {
        "sqlite": "DROP TRIGGER tr_audit_entry_refuse_update",
        "postgresql": "DROP TRIGGER tr_audit_entry_refuse_change ON audit_entry",
    }
    with transaction(engine) as session:
        session.execute(text(drop[engine.dialect.name]))
        session.execute(text("UPDATE audit_entry SET facts = '{}' WHERE id = 2"))
    with snapshot(engine) as session:
        assert broken_link(session) == 2
