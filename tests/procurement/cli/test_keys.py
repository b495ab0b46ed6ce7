"""``jicai keys``: made, shown, written down as words, restored, handed over."""

import json
import os

import pytest

from procurement.bids.keyholders.holder_proof import read_statement


def test_a_key_is_made_shown_written_down_and_restored(jicai, tmp_path):
    passphrase = tmp_path / "passphrase.txt"
    passphrase.write_text("twelve characters\n")
    secret = ("--passphrase-file", passphrase)
    file, again = tmp_path / "holder.json", tmp_path / "again.json"
    made = jicai("keys", "new", file, "--use", "holder", *secret, "--json")
    facts = json.loads(made.out)
    assert os.stat(file).st_mode & 0o077 == 0
    assert json.loads(jicai("keys", "show", file, "--json").out) == facts
    words = jicai("keys", "words", file, *secret)
    assert len(words.out.splitlines()) == 33
    (tmp_path / "words.txt").write_text(words.out)
    restored = jicai(
        "keys", "restore", again, "--use", "holder", "--words-file", tmp_path / "words.txt", *secret
    )
    assert restored.status == 0
    assert json.loads(jicai("keys", "show", again, "--json").out) == facts
    assert "exists already" in jicai("keys", "new", file, *secret).faults[0]


@pytest.mark.parametrize("suite_name", ["intl-1", "sm-1"])
def test_a_holder_hands_its_public_keys_over_for_one_seat(jicai, tmp_path, suite_name):
    passphrase = tmp_path / "passphrase.txt"
    passphrase.write_text("twelve characters\n")
    secret = ("--passphrase-file", passphrase)
    file = tmp_path / "holder.json"
    jicai("keys", "new", file, "--use", "holder", "--suite", suite_name, *secret)
    said = jicai("keys", "hand-over", file, "--round", "national-11", "--seat", 4, *secret)
    statement = read_statement(said.out.strip())
    assert (statement.round_name, statement.seat) == ("national-11", 4)
    assert "--round" in jicai("keys", "hand-over", file, *secret).faults[0]


def test_a_short_passphrase_and_missing_words_are_refused(jicai, tmp_path):
    (tmp_path / "short.txt").write_text("short\n")
    short = ("--passphrase-file", tmp_path / "short.txt")
    assert "12 characters" in jicai("keys", "new", tmp_path / "k.json", *short).faults[0]
    (tmp_path / "words.txt").write_text("academic acid\n")
    words = ("--words-file", tmp_path / "words.txt")
    assert "33 words" in jicai("keys", "restore", tmp_path / "k.json", *words, *short).faults[0]
    assert "nobody can be asked" in jicai("keys", "new", tmp_path / "k.json").faults[0]
    assert "nobody can be asked" in jicai("keys", "restore", tmp_path / "k.json").faults[0]
