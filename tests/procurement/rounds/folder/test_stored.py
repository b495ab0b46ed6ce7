"""Stored rounds read back as the values they were made of."""

from pathlib import Path

import pytest

from procurement.rounds.folder import read_folder
from procurement.rounds.folder.facts import write_facts
from procurement.rounds.folder.stored import UnknownFactsError, read_facts
from procurement.settings import resource_folder


def rounds(shared: Path) -> list[Path]:
    return sorted(file.parent for file in shared.glob("**/round.toml"))


def test_a_real_round_reads_back_as_it_was():
    folder = read_folder(resource_folder("examples") / "national-3-eight-lots")
    stored = read_facts(folder.facts)
    assert stored == folder
    assert stored.facts == folder.facts


def test_every_shared_round_reads_back_as_it_was(shared):
    found = rounds(shared)
    assert found
    for path in found:
        folder = read_folder(path)
        assert read_facts(folder.facts).facts == folder.facts, path.name


def test_options_of_every_kind_read_back(tmp_path):
    example = resource_folder("examples") / "national-3-eight-lots"
    for file in ("lots.csv", "bids.csv", "volumes.csv"):
        (tmp_path / file).write_bytes((example / file).read_bytes())
    (tmp_path / "round.toml").write_text(
        'title = "t"\nrulebook = "national-3"\nopened_on = 2020-08-20\n[options]\n'
        '"cycle.ends_on" = 2028-12-31\n'
        '"a.table" = { "2" = "0.5", "10+" = 1.5, "n" = [true, 07:30:00] }\n'
        '"a.moment" = 2020-01-01T00:00:00Z\n',
        encoding="utf-8",
    )
    folder = read_folder(tmp_path)
    assert read_facts(folder.facts).round.options == folder.round.options
    assert write_facts(read_facts(folder.facts).round) == write_facts(folder.round)


@pytest.mark.parametrize("text", ["{}", '{"version":99}'])
def test_a_text_of_another_version_is_refused(text):
    with pytest.raises(UnknownFactsError):
        read_facts(text)
