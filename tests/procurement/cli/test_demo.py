"""``jicai demo``: a real round from its files into a database, and a platform to look at."""

import pytest
from sqlalchemy import func, select

from procurement.awards.service import latest_report
from procurement.awards.tables import EvaluationReport
from procurement.database import make_engine, open_database, snapshot, text_digest, transaction
from procurement.rounds.service import find_round
from tests.procurement.cli.rounds import SOUND, with_rulebook, write
from tests.procurement.cli.shapes import assert_shape, parse
from tests.procurement.world import new_organisation

DEMO = {
    "round": str,
    "accounts": [{"role": str, "user": str, "password": str}],
    "lots_matched": int,
    "report_digest": str,
}


def demo(jicai, *more):
    said = jicai("demo", "--json", *more)
    assert (said.status, said.err) == (0, "")
    document = parse(said.out)
    assert_shape(document, DEMO)
    return document


def kept(engine, name):
    """How many reports of a round are stored, and the newest one's digest, which its text has."""
    with snapshot(engine) as session:
        round_ = find_round(session, name=name)
        assert round_ is not None
        report = latest_report(session, round_id=round_.id)
        assert report is not None
        assert text_digest(report.report) == report.report_digest
        own = select(func.count()).where(EvaluationReport.round_id == round_.id)
        return session.scalar(own), report.report_digest


def test_it_keeps_everything_in_the_database_that_is_named(
    jicai, monkeypatch, own_data, empty_engine
):
    url = empty_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    document = demo(jicai)
    assert document["lots_matched"] == 7
    assert kept(empty_engine, document["round"])[1] == document["report_digest"]
    with snapshot(empty_engine) as session:
        rounds = [find_round(session, name=name) for name in document["live_rounds"]]
        statuses = [round_ and round_.status for round_ in rounds]
        assert statuses == ["bidding", "volume-reporting", "running"]
    # Files and keys lie in the data folder, but no database.
    assert not list(own_data.glob("*.sqlite3"))
    assert demo(jicai)["accounts"] == document["accounts"]


def test_it_can_be_run_again_and_keeps_both_reports(jicai, demo_data):
    again = demo(jicai)
    assert demo(jicai) == again
    engine = make_engine(f"sqlite:///{demo_data / 'jicai.sqlite3'}")
    assert kept(engine, again["round"]) == (3, again["report_digest"])
    engine.dispose()


@pytest.mark.usefixtures("demo_data")
def test_a_second_run_finds_its_platform_and_prints_the_same_accounts(jicai):
    accounts = demo(jicai)["accounts"]
    said = jicai("demo")
    assert "演示平台已在此前建立" in said.out
    assert all(account["password"] in said.out for account in accounts)


def test_another_folder_is_evaluated_only(jicai, own_data, tmp_path):
    folder = write(tmp_path / "round")
    first = demo(jicai, "--folder", folder)
    assert first["accounts"] == []
    write(folder, bids=SOUND["bids.csv"].replace("0.6", "0.61"))
    assert demo(jicai, "--folder", folder)["round"] != first["round"]
    assert [file.name for file in own_data.iterdir()] == ["jicai.sqlite3"]


@pytest.mark.usefixtures("demo_data")
def test_people_read_the_outcome_in_their_language(jicai):
    chinese, english = jicai("demo"), jicai("demo", "--lang", "en")
    assert (chinese.status, english.status) == (0, 0)
    assert chinese == jicai("demo", "--lang", "zh")
    assert "品种 7/8，报价 44/45，供应地区数 7/7" in chinese.out
    assert "lots 7/8, bids 44/45, numbers of regions 7/7" in english.out
    assert "officer-1" in english.out
    assert "bureau officer" in english.out
    assert "采购办经办人" in chinese.out


def test_a_platform_of_somebody_else_is_left_alone(jicai, own_data):
    own_data.mkdir()
    engine = open_database(f"sqlite:///{own_data / 'jicai.sqlite3'}")
    with transaction(engine) as session:
        new_organisation(session)
    engine.dispose()
    said = jicai("demo", "--json", "--lang", "en")
    assert said.status == 0
    assert parse(said.out)["accounts"] == []
    assert "organisations already" in said.err
    assert not (own_data / "demo-keys").exists()


def test_keys_that_are_lost_are_said_to_be_lost(jicai, demo_data):
    (demo_data / "demo-keys").rename(demo_data / "elsewhere")
    said = jicai("demo", "--lang", "en")
    assert said.status == 0
    assert "the folder of its keys is not" in said.err


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        (
            {"round": SOUND["round.toml"].replace("opened_on = 2020-08-20\n", "")},
            "round.toml: opened_on: ",
        ),
        ({"expected": None}, "expected.csv: "),
        ({"round": with_rulebook("national-99")}, "round.toml:2: rulebook: "),
        ({"bids": SOUND["bids.csv"].replace("1.7", "-1.7")}, "bids.csv:4: declared_price: "),
    ],
    ids=["no day", "nothing published", "unknown rulebook", "negative price"],
)
def test_a_round_that_is_refused_leaves_nothing_behind(jicai, own_data, tmp_path, changes, place):
    folder = write(tmp_path / "round", **changes)
    (fault,) = jicai("demo", "--json", "--folder", folder).faults
    assert fault.startswith(place)
    assert not own_data.exists()


@pytest.mark.usefixtures("own_data")
def test_a_database_of_another_kind_is_refused_without_its_password(jicai, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://jicai:secret@db/jicai")
    (fault,) = jicai("demo").faults
    assert "mysql" in fault
    assert "secret" not in fault


def test_a_database_that_does_not_answer_is_named_without_its_password(jicai, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://jicai:secret@127.0.0.1:1/jicai")
    (fault,) = jicai("demo").faults
    assert "127.0.0.1:1" in fault
    assert "DATABASE_URL" in fault
    assert "secret" not in fault


def test_a_data_folder_that_is_none_is_named(jicai, own_data):
    own_data.write_text("", encoding="utf-8")
    (fault,) = jicai("demo").faults
    assert str(own_data) in fault
    assert "JICAI_DATA" in fault
