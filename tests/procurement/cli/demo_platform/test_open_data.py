"""The demo's rounds as open data: every release, at each stage, passes the official checker."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.accounts.tables import Person
from procurement.cli.demo_platform.decided import NAME as DECIDED_ROUND
from procurement.cli.demo_platform.set_up import OPEN_ROUND, REPORTING_ROUND
from procurement.database import database_moment, make_engine, transaction
from procurement.rounds.document.service import Amendment, amend
from procurement.rounds.ending import fail_lot
from procurement.rounds.outages import apply_outage
from procurement.rounds.progress import set_status
from procurement.rounds.rules import Failure
from procurement.rounds.service import find_round
from procurement.rounds.sheet import lots_of
from procurement.rounds.tables import RoundStatus
from tests.procurement.publication.ocds.checked import check_all
from tests.procurement.publication.ocds.offline import merged_by_reference, plain
from tests.procurement.publication.ocds.publishing import publish, releases
from tests.procurement.world import actor_of

_S = RoundStatus
EVERY_STATUS = (
    _S.VOLUME_REPORTING,
    _S.COMMENTS,
    _S.PUBLISHED,
    _S.BIDDING,
    _S.CLOSED,
    _S.OPENED,
    _S.EVALUATED,
    _S.ANNOUNCED,
    _S.AWARDED,
    _S.REGIONS_CHOSEN,
    _S.AGREEMENTS,
    _S.RUNNING,
)
"""Of the round that is decided: nobody is asked for a second answer in it."""


@pytest.fixture
def folder(shared):
    return shared / "ocds"


@pytest.fixture
def engine(demo_data):
    """The database of a demo, a copy of it."""
    engine = make_engine(f"sqlite:///{demo_data / 'jicai.sqlite3'}")
    yield engine
    engine.dispose()


class Conducted:
    """A round of the demo that goes on, and is published and checked after each step."""

    def __init__(self, engine, folder, name):
        self.engine, self.folder, self.name = engine, folder, name
        self.known = 0
        self.check()

    def check(self):
        """Publish what is to be told, check all of it; returns the newest release."""
        assert publish(self.engine, self.name) > 0
        rows, _ = check_all(self.engine, self.folder, self.name, known=self.known)
        self.known = len(rows)
        return releases(self.engine, self.name)[-1]

    def step(self, take):
        """Let two officers take a step; returns the release that tells it."""
        with transaction(self.engine) as session:
            round_ = find_round(session, name=self.name)
            people = [
                session.scalars(select(Person).where(Person.user == user)).one()
                for user in ("officer-1", "officer-2")
            ]
            take(session, round_, database_moment(session), *people)
        return self.check()

    def go_to(self, status, **given):
        """Bring the round to a status."""

        def take(session, round_, moment, first, second):
            officers = {"person_id": second.id, "second_person_id": first.id}
            set_status(session, round_=round_, status=status, moment=moment, **officers, **given)

        return self.step(take)


def test_every_release_of_the_round_that_is_decided_passes_the_checker(engine, folder):
    publish(engine, DECIDED_ROUND)
    rows, record = check_all(engine, folder, DECIDED_ROUND)
    assert tuple(dict.fromkeys(row.stage for row in rows)) == EVERY_STATUS
    tags = {tag for row in rows for tag in row.tags.split()}
    assert {"planning", "tender", "tenderUpdate", "award", "awardUpdate", "contract"} <= tags
    merged = merged_by_reference(plain(releases(engine, DECIDED_ROUND)), folder)
    assert plain(record["records"][0]["compiledRelease"]) == merged
    assert len(merged["tender"]["lots"]) == 8
    assert len(merged["awards"]) == 29
    assert merged["bids"]["details"]
    assert [one["status"] for one in merged["contracts"]] == ["active"] * len(merged["contracts"])


def test_releases_pass_the_checker_when_the_decided_round_ends(engine, folder):
    ended = Conducted(engine, folder, DECIDED_ROUND).go_to(_S.ENDED)
    assert ended["tag"] == ["awardUpdate"]
    assert ended["tender"]["status"] == "complete"


def test_releases_of_the_round_that_takes_bids_pass_the_checker_whatever_happens(engine, folder):
    round_ = Conducted(engine, folder, OPEN_ROUND)
    amended = round_.step(later_by_a_day)
    assert amended["tag"] == ["tenderAmendment"]
    assert "clarifications" in {one["documentType"] for one in amended["tender"]["documents"]}
    assert round_.step(out_of_order)["tag"] == ["tenderAmendment"]
    failed = round_.step(first_lot_fails)
    assert [one["status"] for one in failed["tender"]["lots"]].count("withdrawn") == 1
    assert "bids" not in failed
    cancelled = round_.go_to(_S.CANCELLED, reason="演示：取消。")
    assert cancelled["tag"] == ["tenderCancellation"]
    assert cancelled["tender"]["status"] == "cancelled"


def later_by_a_day(session, round_, moment, first, second):
    dates = {name: getattr(round_, name) + timedelta(days=1) for name in ("closes_at", "opens_at")}
    amend(
        session,
        round_=round_,
        amendment=Amendment(reason="申报时间延长一天。", dates=dates),
        actor=actor_of(second),
        second_person_id=first.id,
        moment=moment,
    )


def out_of_order(session, round_, moment, _first, _second):
    """Bids could not be handed in for the last hour."""
    failure = Failure(round_.closes_at - timedelta(hours=1), round_.closes_at)
    assert apply_outage(session, round_=round_, failures=[failure], moment=moment)


def first_lot_fails(session, round_, moment, first, second):
    fail_lot(
        session,
        round_=round_,
        lot=lots_of(session, round_id=round_.id)[0],
        reason="演示：撤出。",
        moment=moment,
        person_id=second.id,
        second_person_id=first.id,
    )


def test_releases_of_the_round_that_reports_pass_the_checker_when_it_is_drafted_anew(
    engine, folder
):
    round_ = Conducted(engine, folder, REPORTING_ROUND)
    assert round_.go_to(_S.COMMENTS)["tender"]["status"] == "planned"
    with transaction(engine) as session:
        drafted = find_round(session, name=REPORTING_ROUND)
        assert drafted is not None
        set_status(session, round_=drafted, status=_S.DRAFT, moment=database_moment(session))
    # A draft is not public: nothing is told of it.
    assert publish(engine, REPORTING_ROUND) == 0
    assert round_.go_to(_S.VOLUME_REPORTING)["tender"]["status"] == "planning"
    cancelled = round_.go_to(_S.CANCELLED, reason="演示：取消。")
    assert cancelled["tag"] == ["planningUpdate"]
    assert cancelled["tender"]["status"] == "cancelled"
