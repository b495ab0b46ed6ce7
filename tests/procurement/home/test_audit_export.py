"""The whole record leaves the platform as a file that ``jicai verify`` follows."""

import json

import pytest
from sqlalchemy import Engine

from procurement.audit import record
from procurement.audit.chain import FIRST
from procurement.cli import main
from procurement.clock import now
from procurement.database import snapshot, transaction
from procurement.home.audit_export import export_record, sealed_since
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Round
from tests.procurement.bids.world import SECRET
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import (
    close_bidding,
    new_bureau,
    new_person,
    new_round,
    open_bidding,
)


def note(engine: Engine, number: int) -> None:
    for _ in range(number):
        with transaction(engine) as session:
            record(session, actor=Actor(), action="x", subject="y", facts={"z": "价"}, moment=now())


def export(engine: Engine) -> str:
    with transaction(engine) as session:
        return "".join(export_record(session, secret_key=SECRET, moment=now()))


def verify(path, text: str, capsys) -> tuple[int, list[str]]:
    path.write_text(text, encoding="utf-8")
    status = main(["verify", str(path), "--json"])
    said = capsys.readouterr().out
    return status, [one["outcome"] for one in json.loads(said)["findings"]]


def test_an_exported_record_holds_offline(engine, tmp_path, capsys):
    note(engine, 3)
    text = export(engine)
    assert len(text.splitlines()) == 4
    assert verify(tmp_path / "record.jsonl", text, capsys) == (0, ["holds", "holds"])


def test_an_empty_record_holds_too(engine, tmp_path, capsys):
    text = export(engine)
    assert json.loads(text)["digest"] == FIRST
    assert verify(tmp_path / "record.jsonl", text, capsys) == (0, ["holds", "holds"])


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda lines: [lines[0].replace("价", "钱"), *lines[1:]], ["fails", "fails"]),
        (lambda lines: [lines[1], lines[0], *lines[2:]], ["fails", "fails"]),
        (lambda lines: [*lines[:2], lines[3]], ["holds", "fails"]),
        (lambda lines: [*lines[:3], lines[3].replace('"entries":3', '"entries":2')], None),
    ],
    ids=["changed", "swapped", "cut", "head"],
)
def test_a_record_that_was_touched_fails(engine, tmp_path, capsys, change, found):
    note(engine, 3)
    lines = export(engine).splitlines()
    status, outcomes = verify(tmp_path / "record.jsonl", "\n".join(change(lines)), capsys)
    assert (status, outcomes) == (1, found or ["holds", "fails"])


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"type":"audit-head/1"}'])
def test_a_file_that_is_no_record_is_refused_in_one_line(tmp_path, capsys, text):
    path = tmp_path / "record.jsonl"
    path.write_text(text)
    assert main(["verify", str(path)]) == 2
    said = capsys.readouterr().err
    assert str(path) in said
    assert len(said.splitlines()) == 1


def test_nothing_of_a_round_that_takes_bids_is_exported(engine):
    note(engine, 2)
    with transaction(engine) as session:
        bureau = new_bureau(session)
        officer = new_person(session, bureau, Role.OFFICER)
        round_ = new_round(session, bureau=bureau, officer=officer, moment=now())
        open_bidding(session, round_, moment=now())
        round_.published_at = now()
    note(engine, 2)
    assert len(export(engine).splitlines()) == 3
    with transaction(engine) as session:
        close_bidding(session, session.get_one(Round, round_.id), moment=now())
    with snapshot(engine) as session:
        assert sealed_since(session) is None
    assert len(export(engine).splitlines()) > 4


def test_supervisors_download_it_and_nobody_else(engine, tmp_path):
    note(engine, 1)
    with transaction(engine) as session:
        bureau = new_bureau(session)
        supervisor = new_person(session, bureau, Role.SUPERVISOR)
        administrator = new_person(session, bureau, Role.ADMINISTRATOR)
    with running_platform(engine, tmp_path) as platform:
        answer = platform.signed_in(supervisor).get("/audit/record.jsonl")
        assert answer.status_code == 200
        assert json.loads(answer.text.splitlines()[-1])["type"] == "audit-head/1"
        assert platform.signed_in(administrator).get("/audit/record.jsonl").status_code == 404
        assert platform.nobody().get("/audit/record.jsonl").status_code in (303, 401)
