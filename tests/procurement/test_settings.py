"""Settings come from the environment and keep passwords to themselves."""

from pathlib import Path

import pytest

from procurement.settings import UnsupportedDatabaseError, read_settings, resource_folder


def test_without_variables_everything_lies_in_the_current_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = read_settings({})
    assert settings.data == tmp_path / "jicai-data"
    assert settings.database_url == f"sqlite:///{tmp_path}/jicai-data/jicai.sqlite3"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_variable_counts_as_missing():
    assert read_settings({"JICAI_DATA": "", "DATABASE_URL": ""}) == read_settings({})


def test_the_embedded_database_lies_in_the_data_folder():
    settings = read_settings({"JICAI_DATA": "/srv/jicai"})
    assert settings.data == Path("/srv/jicai")
    assert settings.database_url == "sqlite:////srv/jicai/jicai.sqlite3"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_postgresql_is_always_reached_by_psycopg(scheme):
    settings = read_settings({"DATABASE_URL": f"{scheme}://user:secret@db:5432/jicai"})
    assert settings.database_url == "postgresql+psycopg://user:secret@db:5432/jicai"


def test_a_password_is_not_shown():
    settings = read_settings({"DATABASE_URL": "postgresql://user:secret@db/jicai"})
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("url", ["mysql://user:secret@db/jicai", "user:secret@db"])
def test_another_database_is_refused_without_showing_the_password(url):
    with pytest.raises(UnsupportedDatabaseError) as refused:
        read_settings({"DATABASE_URL": url})
    assert "postgresql://" in str(refused.value)


def test_a_missing_resource_folder_is_named():
    with pytest.raises(FileNotFoundError, match="no-such-folder"):
        resource_folder("no-such-folder")


def test_only_proxies_on_this_machine_are_believed_unless_others_are_named():
    assert read_settings({}).proxies == ("127.0.0.1", "::1")
    named = read_settings({"JICAI_PROXIES": "10.0.0.2, 172.18.0.0/16"})
    assert named.proxies == ("10.0.0.2", "172.18.0.0/16")
