"""The restore drill: an installation is lost in the middle of the bidding, and comes back."""

import json
import shutil
import tarfile

import pytest

from procurement.audit import record
from procurement.audit.tables import AuditEntry
from procurement.bids.submission.close import close_round
from procurement.cli import main
from procurement.database import database_moment, make_engine, set_pace, transaction
from procurement.database.sandbox import mark_installation
from procurement.files import store_file
from procurement.permissions import Actor
from procurement.recovery import postgresql_dump
from procurement.recovery.archive import MANIFEST, unpack
from procurement.recovery.back_up import back_up
from procurement.recovery.errors import (
    BadBackUpError,
    FileExistsAlreadyError,
    NotEmptyInstallationError,
    OtherAfterRestoreError,
)
from procurement.recovery.facts import BrokenEvidenceError
from procurement.recovery.restore import restore
from procurement.settings import Settings
from procurement.timetable.heartbeat import beat
from tests.procurement.bids.world import SECRET, World


@pytest.fixture
def world(engine):
    return World(engine)


@pytest.fixture
def elsewhere(engine, tmp_path, request):
    """An engine on nothing: another machine."""
    if engine.dialect.name == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'elsewhere' / 'jicai.sqlite3'}")
    else:
        made = request.getfixturevalue("new_postgresql")("template0")
    yield made
    made.dispose()


def settings_of(engine, folder):
    url = engine.url.render_as_string(hide_password=False)
    return Settings(folder, url, secret_key=SECRET)


def saved(world, tmp_path, **options):
    """A back-up of what runs, with a paper in its folder and the key beside it."""
    data = tmp_path / "here"
    store_file(data, b"%PDF-1.7 a paper")
    (data / "authorities").mkdir()
    (data / "authorities" / "root.pem").write_text("a root")
    (data / "openings").mkdir()
    (data / "openings" / "kept.json").write_text("{}")
    (data / "secret.key").write_bytes(SECRET)
    with transaction(world.engine) as session:
        beat(session, moment=database_moment(session))
        moment = database_moment(session)
        record(session, actor=Actor(), action="x", subject="y", facts={}, moment=moment)
    file = tmp_path / "jicai.back-up"
    settings = settings_of(world.engine, data)
    made = back_up(world.engine, settings=settings, file=file, moment=moment, **options)
    return made, file


@pytest.mark.parametrize("by_copy", [True, False])
def test_a_round_goes_on_after_its_machine_was_lost(world, elsewhere, tmp_path, by_copy):
    if world.engine.dialect.name == "sqlite" and by_copy:
        pytest.skip("SQLite has one way")
    manifest = world.prepare()
    makers = [world.new_maker() for _ in range(3)]
    for maker in makers:
        assert world.bid(maker, manifest).is_receipt
    made, file = saved(world, tmp_path, by_copy=by_copy)
    data = tmp_path / "elsewhere"
    restored = restore(elsewhere, settings=settings_of(elsewhere, data), file=file)
    assert restored.key_fits
    assert restored.manifest == made
    assert (data / "authorities" / "root.pem").read_text() == "a root"
    assert {folder.name for folder in data.iterdir() if folder.is_dir()} == {"authorities", "files"}
    assert not (data / "secret.key").exists()
    # What was acknowledged before is in the final log of the machine that came after.
    here = World.__new__(World)
    here.__dict__ = {**world.__dict__, "engine": elsewhere}
    assert here.bid(makers[0], manifest).is_receipt
    here.end_bidding()
    with transaction(elsewhere) as session:
        log = close_round(session, round_=here.round(session), secret_key=SECRET)
    assert {maker.last for maker in makers} <= set(log.leaves)
    assert len(log.leaves) == 4


def test_the_root_of_a_closed_log_is_made_anew_from_its_leaves(world, elsewhere, tmp_path):
    manifest = world.prepare()
    world.bid(world.new_maker(), manifest)
    log = world.close()
    made, file = saved(world, tmp_path)
    assert made.facts.logs == {f"{world.name}/0": log.checkpoint.root}
    restore(elsewhere, settings=settings_of(elsewhere, tmp_path / "elsewhere"), file=file)
    again = back_up(
        elsewhere,
        settings=settings_of(elsewhere, tmp_path / "elsewhere"),
        file=tmp_path / "again",
        moment=world_moment(elsewhere),
    )
    assert again.facts == made.facts


def world_moment(engine):
    with transaction(engine) as session:
        return database_moment(session)


def test_rows_get_new_numbers_after_a_restore(world, elsewhere, tmp_path):
    _made, file = saved(world, tmp_path, by_copy=True)
    restore(elsewhere, settings=settings_of(elsewhere, tmp_path / "elsewhere"), file=file)
    with transaction(elsewhere) as session:
        moment = database_moment(session)
        record(session, actor=Actor(), action="x", subject="z", facts={}, moment=moment)


def test_the_installations_key_is_not_in_the_back_up(world, tmp_path):
    world.prepare()
    _made, file = saved(world, tmp_path)
    content = file.read_bytes()
    assert SECRET not in content
    assert SECRET.hex().encode() not in content
    assert file.stat().st_mode & 0o077 == 0


def test_the_commands_back_up_and_restore(world, elsewhere, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JICAI_DATA", str(tmp_path / "a"))
    monkeypatch.setenv("DATABASE_URL", world.engine.url.render_as_string(hide_password=False))
    file = str(tmp_path / "b")
    assert main(["back-up", file, "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    assert main(["back-up", file]) == 2
    monkeypatch.setenv("JICAI_DATA", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("DATABASE_URL", elsewhere.url.render_as_string(hide_password=False))
    assert main(["restore", file, "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert after == {**before, "key_fits": None}
    assert main(["restore", file]) == 2
    assert "nothing was changed" in capsys.readouterr().err


def test_a_back_up_overwrites_nothing(world, tmp_path):
    _made, file = saved(world, tmp_path)
    with pytest.raises(FileExistsAlreadyError):
        back_up(
            world.engine,
            settings=settings_of(world.engine, tmp_path),
            file=file,
            moment=world_moment(world.engine),
        )
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_a_back_up_that_was_changed_is_refused(world, elsewhere, tmp_path):
    _made, file = saved(world, tmp_path)
    changed = bytearray(file.read_bytes())
    at = changed.index(b"a root")
    changed[at : at + 6] = b"A ROOT"
    file.write_bytes(changed)
    with pytest.raises(BadBackUpError, match=r"authorities/root\.pem"):
        restore(elsewhere, settings=settings_of(elsewhere, tmp_path / "elsewhere"), file=file)
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == []


def test_a_back_up_that_was_not_finished_is_refused(tmp_path):
    with tarfile.open(tmp_path / "half", "w") as tar:
        (tmp_path / "x").write_text("x")
        tar.add(tmp_path / "x", "data/x")
    with pytest.raises(BadBackUpError, match="not finished"):
        unpack(tmp_path / "half", tmp_path / "out")


def test_a_back_up_writes_nowhere_else(tmp_path):
    (tmp_path / "x").write_text("x")
    for name in ("../x", "/x"):
        with tarfile.open(tmp_path / "evil", "w") as tar:
            entry = tar.gettarinfo(tmp_path / "x")
            entry.name = name
            with (tmp_path / "x").open("rb") as opened:
                tar.addfile(entry, opened)
        with pytest.raises(BadBackUpError):
            unpack(tmp_path / "evil", tmp_path / "out")


def test_nothing_is_restored_over_something(world, elsewhere, tmp_path):
    _made, file = saved(world, tmp_path)
    with pytest.raises(NotEmptyInstallationError):
        restore(world.engine, settings=settings_of(world.engine, tmp_path / "other"), file=file)
    data = tmp_path / "elsewhere"
    store_file(data, b"another paper")
    with pytest.raises(NotEmptyInstallationError):
        restore(elsewhere, settings=settings_of(elsewhere, data), file=file)


def test_a_database_that_differs_is_not_kept(world, elsewhere, tmp_path):
    _made, file = saved(world, tmp_path, by_copy=True)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    unpack(file, folder)
    document = json.loads((folder / MANIFEST).read_text())
    document["facts"]["audit_head"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(document))
    other = tmp_path / "other"
    with tarfile.open(other, "w") as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                tar.add(path, path.relative_to(folder).as_posix())
    with pytest.raises(OtherAfterRestoreError, match="audit_head"):
        restore(elsewhere, settings=settings_of(elsewhere, tmp_path / "elsewhere"), file=other)


def test_a_broken_audit_trail_is_not_backed_up_as_if_nothing_were(world, tmp_path):
    world.prepare()
    with transaction(world.engine) as session:
        forged = AuditEntry(
            happened_at=database_moment(session),
            action="x",
            subject="y",
            facts="{}",
            previous_digest="0" * 64,
            digest="1" * 64,
        )
        session.add(forged)
    with pytest.raises(BrokenEvidenceError):
        saved(world, tmp_path)
    assert not (tmp_path / "jicai.back-up").exists()


def test_a_rehearsal_is_not_restored_as_real_business(engine, elsewhere, tmp_path):
    url = engine.url.render_as_string(hide_password=False)
    sandbox = make_engine(url, sandbox=True)
    mark_installation(sandbox, sandbox=True)
    with transaction(sandbox) as session:
        set_pace(session, speed=60)
    settings = Settings(tmp_path / "here", url, is_sandbox=True)
    file = tmp_path / "b"
    back_up(sandbox, settings=settings, file=file, moment=world_moment(engine))
    sandbox.dispose()
    with pytest.raises(BadBackUpError, match="sandbox"):
        restore(elsewhere, settings=settings_of(elsewhere, tmp_path / "elsewhere"), file=file)


def test_without_its_programs_postgresql_is_copied(engine, tmp_path, monkeypatch):
    if engine.dialect.name == "sqlite":
        pytest.skip("about PostgreSQL")
    settings = settings_of(engine, tmp_path / "here")
    kinds = []
    for name in ("with", "without"):
        made = back_up(engine, settings=settings, file=tmp_path / name, moment=world_moment(engine))
        kinds.append(made.database)
        monkeypatch.setattr(shutil, "which", lambda program: None)
    assert kinds[1] == "postgresql-copy"
    with engine.connect() as connection:
        assert not postgresql_dump.can_dump(connection)
