"""What is missing on a machine is skipped with advice; where CI=true it fails."""

import pytest
from sqlalchemy import text

from tests.missing import skip_unless_ci
from tests.postgresql import INSTALL_HINT, find_programs

ADD_PRODUCT = text(
    "INSERT INTO generic_product (name, printed_form, kind, category, unit, version) "
    "VALUES (md5(random()::text), '', 'chemical', 'general', '片', 1) RETURNING id"
)


def test_what_is_missing_is_skipped_on_a_developers_machine(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="install postgresql"):
        skip_unless_ci(INSTALL_HINT)


def test_what_is_missing_fails_in_continuous_integration(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="install postgresql"):
        skip_unless_ci(INSTALL_HINT)


def test_without_server_programs_none_are_found(monkeypatch, tmp_path):
    monkeypatch.setattr("tests.postgresql.INSTALLED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_programs() is None


def test_the_newest_installed_server_is_taken(monkeypatch, tmp_path):
    for version in ("9.6", "15", "16"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    monkeypatch.setattr("tests.postgresql.INSTALLED", tmp_path)
    assert find_programs() == tmp_path / "16" / "bin"


def test_a_used_database_is_emptied_and_used_again(migrated_postgresql):
    with migrated_postgresql.empty() as engine:
        first = engine.url.database
        with engine.begin() as connection:
            ids = [connection.scalar(ADD_PRODUCT) for _ in range(2)]
    assert ids == [1, 2]
    with migrated_postgresql.empty() as engine:
        assert engine.url.database == first
        with engine.begin() as connection:
            assert connection.scalar(ADD_PRODUCT) == 1


def test_a_database_whose_triggers_were_switched_off_is_left_aside(migrated_postgresql):
    with migrated_postgresql.empty() as engine:
        tampered = engine.url.database
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
    with migrated_postgresql.empty() as engine:
        assert engine.url.database != tampered
