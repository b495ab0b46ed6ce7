"""What time brings to a round: bidding opens, an outage moves the closing, people are reminded."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.accounts.jobs import DAILY
from procurement.accounts.tables import OrganisationKind
from procurement.database import database_moment, snapshot, transaction
from procurement.jobs import Job
from procurement.notices.tables import Notice
from procurement.rounds.tables import Round, RoundStatus
from procurement.timetable import Ticker
from procurement.timetable.heartbeat import THE_ONE, beat
from procurement.timetable.remind import send_reminders
from procurement.timetable.tables import Heartbeat, Outage
from tests.procurement.rounds.world import new_organisation, new_round

KEY = bytes(32)
SECOND = timedelta(seconds=1)


def clock(engine):
    with snapshot(engine) as session:
        return database_moment(session)


def stored(engine, status, **dates) -> int:
    """Store a round of that status whose dates lie so many seconds from now."""
    now = clock(engine)
    with transaction(engine) as session:
        round_ = new_round(session, moment=now)
        round_.status = status
        for name, seconds in dates.items():
            setattr(round_, name, now + seconds * SECOND)
        return round_.id


def found(engine, round_id: int) -> Round:
    with snapshot(engine) as session:
        return session.get_one(Round, round_id)


def test_bidding_opens_when_its_time_has_come(engine):
    round_id = stored(engine, RoundStatus.PUBLISHED, bidding_opens_at=-1, closes_at=3600)
    Ticker(engine, KEY).tick()
    assert found(engine, round_id).status == RoundStatus.BIDDING


def test_nothing_happens_before_its_time(engine):
    round_id = stored(engine, RoundStatus.PUBLISHED, bidding_opens_at=60, closes_at=3600)
    Ticker(engine, KEY).tick()
    assert found(engine, round_id).status == RoundStatus.PUBLISHED


@pytest.mark.parametrize(("seconds_away", "moves"), [(59, False), (61, True)])
def test_an_outage_of_more_than_a_minute_before_closing_moves_it(engine, seconds_away, moves):
    """The platform was away until just now, and the closing time passed meanwhile."""
    round_id = stored(
        engine, RoundStatus.PUBLISHED, bidding_opens_at=-7200, closes_at=-0.001, opens_at=600
    )
    now = clock(engine)
    with transaction(engine) as session:
        session.get_one(Round, round_id).status = RoundStatus.BIDDING
        away_since = now - seconds_away * SECOND
        session.add(Heartbeat(id=THE_ONE, beat_at=away_since, reminded_until=away_since))
    before = found(engine, round_id)
    Ticker(engine, KEY).tick()
    assert_moved(before, found(engine, round_id), moves=moves)


def assert_moved(before: Round, after: Round, *, moves: bool) -> None:
    # Without a manifest it cannot be closed: it stays in bidding, moved or not.
    assert after.status == RoundStatus.BIDDING
    assert (after.outage_shifted_at is not None) == moves
    assert before.closes_at is not None
    assert before.opens_at is not None
    shift = timedelta(minutes=before.outage_shift_minutes if moves else 0)
    assert after.closes_at == before.closes_at + shift
    assert after.opens_at == before.opens_at + shift


def test_an_outage_moves_the_closing_before_it_has_come(engine):
    """Else bids would be refused as late between the old closing and the moving."""
    round_id = stored(
        engine, RoundStatus.BIDDING, bidding_opens_at=-7200, closes_at=900, opens_at=1500
    )
    now = clock(engine)
    with transaction(engine) as session:
        beat(session, moment=now - 300 * SECOND)
        beat(session, moment=now - 200 * SECOND)
    before = found(engine, round_id)
    ticker = Ticker(engine, KEY)
    ticker.tick()
    assert_moved(before, found(engine, round_id), moves=True)
    after = found(engine, round_id)
    ticker.tick()
    assert found(engine, round_id).closes_at == after.closes_at


def test_who_was_away_from_before_bidding_opened_until_it_was_over_still_moves_the_closing(engine):
    round_id = stored(
        engine, RoundStatus.PUBLISHED, bidding_opens_at=-3600, closes_at=-1, opens_at=600
    )
    with transaction(engine) as session:
        beat(session, moment=clock(engine) - 7000 * SECOND)
    before = found(engine, round_id)
    Ticker(engine, KEY).tick()
    assert_moved(before, found(engine, round_id), moves=True)


def test_a_round_that_cannot_be_closed_keeps_no_other_waiting(engine, caplog):
    stuck = stored(engine, RoundStatus.BIDDING, bidding_opens_at=-60, closes_at=-1, opens_at=60)
    now = clock(engine)
    with transaction(engine) as session:
        other = new_round(session, moment=now, name="other-1")
        other.status = RoundStatus.PUBLISHED
        other.bidding_opens_at, other.closes_at = now - SECOND, now + 3600 * SECOND
        other_id = other.id
    ticker = Ticker(engine, KEY)
    for _ in range(3):
        ticker.tick()
    assert found(engine, stuck).status == RoundStatus.BIDDING
    assert found(engine, other_id).status == RoundStatus.BIDDING
    # Said once, and not twice a second for as long as it lasts.
    assert caplog.text.count("NoManifestError") == 1


def test_a_steady_heartbeat_records_no_outage(engine):
    now = clock(engine)
    for seconds in (0, 5, 10, 29):
        with transaction(engine) as session:
            beat(session, moment=now + seconds * SECOND)
    with snapshot(engine) as session:
        assert session.scalars(select(Outage)).all() == []


def test_a_reminder_goes_once_to_every_manufacturer_whether_it_has_bid_or_not(engine):
    stored(engine, RoundStatus.BIDDING, bidding_opens_at=-60, closes_at=86400, opens_at=90000)
    now = clock(engine)
    with transaction(engine) as session:
        makers = {
            new_organisation(session, OrganisationKind.MANUFACTURER, f"企业{number}").id
            for number in range(3)
        }
        beat(session, moment=now - 60 * SECOND)
    for _ in range(2):
        with transaction(engine) as session:
            heartbeat = session.get_one(Heartbeat, THE_ONE)
            heartbeat.reminded_until = now - 60 * SECOND
            send_reminders(session, moment=now + SECOND)
    with snapshot(engine) as session:
        notices = session.scalars(select(Notice).where(Notice.organisation_id.in_(makers))).all()
    assert sorted(notice.organisation_id for notice in notices) == sorted(makers)
    assert all("提醒" in notice.zh for notice in notices)


def test_what_is_to_be_done_daily_is_queued_once_a_day(engine):
    for _ in range(2):
        Ticker(engine, KEY).tick()
    with snapshot(engine) as session:
        kinds = session.scalars(select(Job.kind).where(Job.kind.in_(DAILY))).all()
    assert sorted(kinds) == sorted(DAILY)
