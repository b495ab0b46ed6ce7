"""Who reads which lines of the audit record."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from procurement.audit import record
from procurement.database import transaction
from procurement.home.audit_record import Line, entries, lines_of
from procurement.permissions import Action, Actor
from procurement.rounds.progress import set_status
from procurement.rounds.tables import Round, RoundStatus
from tests.procurement.rounds.world import (
    actor_of,
    new_bureau,
    new_person,
    new_round,
    open_bidding,
)

MOMENT = datetime(2026, 11, 22, 1, tzinfo=UTC)


def note(session, actor: Actor, action: str, subject: str) -> None:
    record(session, actor=actor, action=action, subject=subject, facts={"why": "x"}, moment=MOMENT)


def read(session, **filters) -> list[Line]:
    return lines_of(session, session.scalars(entries(**filters)).all())


def test_lines_carry_names_and_links_and_the_newest_is_first(engine: Engine):
    with transaction(engine) as session:
        bureau = new_bureau(session)
        officer = actor_of(session, new_person(session, bureau))
        note(session, officer, "draft-round", "round/anhui-1")
        note(session, Actor(), "close-round", "round/anhui-1/lots/L01")
        newest, older = read(session, organisation_id=None)
        assert (older.person, older.organisation) == (officer.name, bureau.name)
        assert (older.link, older.facts) == ("/rounds/anhui-1", {"why": "x"})
        assert (newest.person, newest.link) == ("", "/rounds/anhui-1")


def test_an_administrator_reads_the_lines_of_the_own_organisation_only(engine: Engine):
    with transaction(engine) as session:
        own, other = (new_bureau(session, name) for name in ("甲采购办", "乙采购办"))
        for bureau in (own, other):
            actor = actor_of(session, new_person(session, bureau))
            note(session, actor, "sign-in", f"person/{actor.person_id}")
        [line] = read(session, organisation_id=own.id)
        assert line.organisation == "甲采购办"


def test_lines_are_found_by_subject_and_action(engine: Engine):
    with transaction(engine) as session:
        for action, subject in [("a", "round/x"), ("b", "round/x"), ("a", "round/%"), ("a", "y")]:
            note(session, Actor(), action, subject)
        assert len(read(session, organisation_id=None, subject="round/", action="a")) == 2
        assert len(read(session, organisation_id=None, subject="round/%")) == 1


def test_who_acknowledged_a_document_is_not_shown_before_closing(engine: Engine):
    with transaction(engine) as session:
        round_: Round = open_bidding(session, new_round(session))
        acknowledged = Action.ACKNOWLEDGE_DOCUMENT.value
        note(session, Actor(), acknowledged, f"round/{round_.name}")
        note(session, Actor(), acknowledged, f"round/{round_.name}/document")

        def shown() -> int:
            return len(read(session, organisation_id=None, action=acknowledged))

        assert shown() == 0
        set_status(
            session, round_=round_, status=RoundStatus.CLOSED, moment=round_.closes_at or MOMENT
        )
        assert shown() == 2
