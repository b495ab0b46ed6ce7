"""The feed loses no release, whatever order transactions end in."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
from sqlalchemy import inspect

from procurement.database import database_moment, snapshot, transaction
from procurement.publication.ocds.feed import feed_lines, in_order, releases_after
from procurement.publication.ocds.publish import publish_next
from procurement.publication.ocds.telling import told_of
from tests.procurement.awards.world import opened_round
from tests.procurement.publication.ocds.publishing import PLACE, publish

WAIT = 20


@pytest.fixture
def world(engine):
    return opened_round(engine)


def positions(engine, after=0):
    with snapshot(engine) as session:
        return [one.id for one in releases_after(session, position=after, most=1000)]


def test_positions_have_no_gaps_and_reading_goes_on_where_it_stopped(world, engine):
    made = publish(engine, world.name)
    found = positions(engine)
    assert found == list(range(1, made + 1))
    assert positions(engine, after=2) == found[2:]
    with snapshot(engine) as session:
        lines = list(feed_lines(releases_after(session, position=0, most=2)))
    assert [line.startswith(f'{{"position":{n},') for n, line in enumerate(lines, 1)] == [True] * 2


def test_a_file_of_the_feed_ends_by_bytes_and_holds_one_release_at_least(world, engine):
    made = publish(engine, world.name)
    assert made > 2
    with snapshot(engine) as session:
        whole = releases_after(session, position=0, most=1000)
        sizes = [len(one.document.encode()) for one in whole]
        # Chinese takes more bytes than characters: it is the bytes that count.
        assert sizes[0] > len(whole[0].document)
        for bytes_max, expected in (
            (1, 1),
            (sum(sizes[:2]) - 1, 1),
            (sum(sizes[:2]), 2),
            (sum(sizes), made),
        ):
            found = releases_after(session, position=0, most=1000, bytes_max=bytes_max)
            assert [one.id for one in found] == list(range(1, expected + 1))
        last = releases_after(session, position=made - 1, most=1000, bytes_max=1)
        assert [one.id for one in last] == [made]
        assert releases_after(session, position=made, most=1000, bytes_max=1) == []


def test_a_page_of_releases_is_read_without_their_documents(world, engine):
    publish(engine, world.name)
    with snapshot(engine) as session:
        for one in session.scalars(in_order()):
            assert "document" in inspect(one).unloaded


def test_an_abandoned_transaction_leaves_no_gap(world, engine):
    with pytest.raises(RuntimeError, match="lost"), transaction(engine) as session:
        publish_next(
            session, round_=world.round(session), place=PLACE, moment=database_moment(session)
        )
        raise RuntimeError("lost")
    publish(engine, world.name)
    assert positions(engine)[0] == 1


class Publishing:
    """A transaction that publishes one release, and ends when it is told to."""

    def __init__(self, engine, name):
        self.engine, self.name = engine, name
        self.published, self.may_end = Event(), Event()
        self.position = 0
        self.thread = Thread(target=self.run)
        self.thread.start()

    def run(self):
        with transaction(self.engine) as session:
            round_ = self.name.round(session)
            release = publish_next(
                session, round_=round_, place=PLACE, moment=database_moment(session)
            )
            assert release is not None
            self.position = release.id
            self.published.set()
            self.may_end.wait(WAIT)

    def end(self):
        self.may_end.set()
        self.thread.join(WAIT)


def test_two_real_transactions_never_let_a_reader_pass_one_by(world, engine):
    """The second one asks while the first is open; no reader sees a later position before."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    first = Publishing(engine, world)
    assert first.published.wait(WAIT)
    second = Publishing(engine, world)
    second.may_end.set()
    # The second would have a later position, and would end earlier, if it could go on.
    assert not second.published.wait(1)
    assert positions(engine) == []
    first.end()
    second.thread.join(WAIT)
    assert (first.position, second.position) == (1, 2)
    assert positions(engine) == [1, 2]


class Follower:
    """A reader who goes on behind the last position that he has read, as docs/open-data.md says."""

    def __init__(self, engine):
        self.engine = engine
        self.found, self.may_end = [], Event()
        self.thread = Thread(target=self.run)
        self.thread.start()

    def run(self):
        is_last = False
        while not is_last:
            is_last = self.may_end.is_set()
            while read := positions(self.engine, after=self.found[-1] if self.found else 0):
                self.found += read

    def end(self):
        self.may_end.set()
        self.thread.join(WAIT)
        return self.found


def test_a_reader_who_follows_three_publishers_gets_every_release_once(world, engine):
    with snapshot(engine) as session:
        moment = database_moment(session)
    follower = Follower(engine)
    with ThreadPoolExecutor(max_workers=3) as publishers:
        made = list(publishers.map(lambda name: publish(engine, name, moment), [world.name] * 3))
    found = follower.end()
    with snapshot(engine) as session:
        told = told_of(session, round_id=world.round_id)
    assert sum(made) == len(told)
    assert found == list(range(1, len(told) + 1))
