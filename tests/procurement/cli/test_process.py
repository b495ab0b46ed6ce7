"""The installed command, run as a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.procurement.cli.rounds import EXAMPLE, SOUND, write

JICAI = Path(sys.executable).with_name("jicai")


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JICAI_DATA", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)


def jicai(*arguments):
    command = [str(argument) for argument in (JICAI, *arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)


def test_json_is_one_document_and_nothing_else():
    said = jicai("replay", EXAMPLE, "--json")
    assert (said.returncode, said.stderr) == (0, "")
    assert json.loads(said.stdout)["lots_matched"] == 7


def test_bad_input_ends_with_status_two_and_no_traceback(tmp_path):
    folder = write(tmp_path / "round", bids=SOUND["bids.csv"].replace("1.7", "1,7"))
    said = jicai("evaluate", folder, "--json")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.splitlines()[0].startswith("bids.csv:4: ")
    assert "Traceback" not in said.stderr


def test_the_demo_writes_beside_where_it_is_called(tmp_path):
    said = jicai("demo", "--json")
    assert (said.returncode, said.stderr) == (0, "")
    assert [path.name for path in (tmp_path / "jicai-data").glob("*.sqlite3")] == ["jicai.sqlite3"]


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [JICAI, "rulebooks"], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writing)
    assert process.stderr == b""
