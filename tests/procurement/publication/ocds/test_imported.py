"""A past round that was imported, and the command that prints packages."""

import json

import pytest

from procurement.clock import now
from procurement.database import make_engine, transaction, upgrade
from procurement.publication.ocds.imported import imported_package
from procurement.publication.ocds.rules.identifiers import BadPrefixError, checked_prefix
from procurement.publication.ocds.rules.json_text import write_json
from procurement.rounds.folder import govern
from procurement.rounds.service import RoundDocument, store_round
from procurement.settings import resource_folder
from tests.procurement.cli.conftest import jicai
from tests.procurement.publication.ocds.offline import EMPTY, found_by_checker
from tests.procurement.publication.ocds.publishing import PLACE

__all__ = ["jicai"]

NAME = "national-3-eight-lots"


def imported(rulebook=None):
    governed = govern(resource_folder("examples") / NAME, encoding="utf-8")
    assert governed.folder.round.opened_on is not None
    return RoundDocument(
        name=NAME,
        title=governed.folder.round.title,
        rulebook=rulebook or governed.rulebook.id,
        rulebook_digest=governed.rulebook.digest,
        opened_on=governed.folder.round.opened_on,
        facts=governed.folder.facts,
    )


@pytest.fixture
def database(tmp_path, monkeypatch):
    """An embedded database with the imported round, where the command looks for it."""
    monkeypatch.setenv("JICAI_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    engine = make_engine(f"sqlite:///{tmp_path / 'jicai.sqlite3'}")
    upgrade(engine)
    yield engine
    engine.dispose()


def stored(engine, **wanted):
    with transaction(engine) as session:
        return store_round(session, document=imported(**wanted), moment=now())


def test_an_imported_round_passes_the_checker(database, shared):
    package = imported_package(stored(database), place=PLACE)
    found = found_by_checker(write_json(package), shared / "ocds")
    assert not any(found[name] for name in EMPTY)
    (release,) = package["releases"]
    assert len(release["tender"]["lots"]) == 8
    assert release["awards"]
    assert release["bids"]["details"]
    assert "ocid prefix is not registered" in package["publisher"]["name"]


def test_an_imported_round_of_undisclosed_prices_shows_no_price(database):
    (release,) = imported_package(stored(database, rulebook="national-11"), place=PLACE)["releases"]
    assert "details" not in release["bids"]
    assert all("items" not in one for one in release["awards"])


def test_the_command_lists_rounds_and_prints_a_package(database, jicai):
    stored(database)
    assert json.loads(jicai("ocds", "--json").out)["rounds"] == [NAME]
    assert NAME in jicai("ocds", "--lang", "en").out
    for arguments in (("ocds", NAME), ("ocds", NAME, "--json")):
        said = jicai(*arguments)
        assert (said.status, said.err) == (0, "")
        assert json.loads(said.out)["releases"][0]["tag"] == ["tender", "award"]


def test_a_round_that_is_not_there_is_refused_in_one_line(database, jicai):
    (fault,) = jicai("ocds", "no-such-round").faults
    assert "no-such-round" in fault


def test_a_prefix_that_is_none_is_refused(database, jicai, monkeypatch):
    monkeypatch.setenv("JICAI_OCID_PREFIX", "mine")
    (fault,) = jicai("ocds", "--json").faults
    assert "ocds-a1b2c3" in fault
    with pytest.raises(BadPrefixError):
        checked_prefix("ocds-ABCDEF")
