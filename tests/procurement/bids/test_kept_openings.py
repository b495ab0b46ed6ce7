"""An opening is computed once, kept sealed, and made anew where the file does not hold."""

import os

import pytest

from procurement.bids.opening import kept
from procurement.bids.opening.evidence import NotOpenedError, opening_record
from procurement.bids.opening.kept import kept_opening
from tests.procurement.bids.answering import evaluated
from tests.procurement.bids.world import SECRET, World


def one(world, folder, secret=SECRET):
    with world.read() as session:
        return kept_opening(
            session, round_=world.round(session), secret_key=secret, folder=folder
        ).content


@pytest.fixture
def opened(engine):
    """A round whose bids are open."""
    world = World(engine)
    evaluated(world, world.prepare(), makers=2)
    return world


@pytest.fixture
def folder(tmp_path):
    """Where openings are kept."""
    return tmp_path / "openings"


@pytest.fixture
def counted(monkeypatch):
    """Count how often an opening is repeated."""
    made = []

    def counting(session, **about):
        made.append(about["sitting"])
        return opening_record(session, **about)

    monkeypatch.setattr(kept, "opening_record", counting)
    return made


def test_a_second_reader_gets_the_same_bytes_without_another_opening(opened, counted, folder):
    first, second = one(opened, folder), one(opened, folder)
    assert first == second and counted == [0]
    with opened.read() as session:
        whole = opening_record(session, round_=opened.round(session), secret_key=SECRET)
    assert first == whole.to_bytes()


def test_nothing_is_kept_before_the_opening(engine, folder):
    world = World(engine)
    world.prepare()
    with pytest.raises(NotOpenedError):
        one(world, folder)
    assert not folder.exists()


def test_the_file_tells_nothing_without_the_installations_key(opened, folder):
    content = one(opened, folder)
    (file,) = folder.iterdir()
    sealed = file.read_bytes()
    assert b"opening/1" in content and b"opening/1" not in sealed
    assert file.stat().st_mode & 0o077 == 0
    with opened.read() as session:
        bidder = (
            kept_opening(session, round_=opened.round(session), secret_key=SECRET, folder=folder)
            .record.results[0]
            .bidder
        )
    assert bidder.encode() not in sealed


@pytest.mark.parametrize("damage", ["torn", "changed", "empty"])
def test_a_file_that_does_not_hold_is_made_anew(opened, counted, folder, damage):
    first = one(opened, folder)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    broken = {"torn": whole[:-9], "changed": whole[:-1] + bytes([whole[-1] ^ 1]), "empty": b""}
    file.write_bytes(broken[damage])
    assert one(opened, folder) == first and counted == [0, 0]
    assert one(opened, folder) == first and counted == [0, 0]


def test_a_crash_while_writing_leaves_nothing_that_counts(opened, folder, monkeypatch):
    def fail(descriptor):
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        first = one(opened, folder)
    assert list(folder.iterdir()) == []
    name = {path.name for path in folder.iterdir()}
    assert one(opened, folder) == first
    (file,) = (path for path in folder.iterdir() if path.name not in name)
    left = file.with_name(f"{file.name}.0123456789abcdef.part")
    file.rename(left)
    assert one(opened, folder) == first
    assert [path.name for path in folder.iterdir()] == [file.name]
