"""What is missing on a machine is skipped with advice; where CI=true it fails."""

import pytest

from tests.missing import skip_unless_ci
from tests.postgresql import INSTALL_HINT, find_programs


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
