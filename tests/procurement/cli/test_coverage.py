"""``jicai coverage``: what it prints and what it refuses."""

import json

import pytest

from procurement.cli import main
from tests.house_rules import ROOT
from tests.procurement.cli.pages import assert_prints, console_examples

EXAMPLE = ROOT / "examples" / "coverage" / "ten-counties"
PAGE = ROOT / "docs" / "coverage.md"

COUNTIES = "county,latitude,longitude,minimum\nA,32.0,118.0,\nB,32.1,118.0,2\n"
PHARMACIES = (
    "pharmacy,county,latitude,longitude,eligible,kept\n"
    "a,A,32.0,118.0,1,\nb,B,32.1,118.0,1,1\nc,B,32.05,118.0,1,0\nd,B,32.1,118.1,0,\n"
)


def write(folder, counties=COUNTIES, pharmacies=PHARMACIES):
    (folder / "counties.csv").write_text(counties, encoding="utf-8")
    (folder / "pharmacies.csv").write_text(pharmacies, encoding="utf-8")
    return folder


def covered(jicai, folder, *more):
    said = jicai("coverage", folder, "--json", *more)
    assert said.status == 0, said.err
    return json.loads(said.out)


def test_it_keeps_the_kept_and_adds_the_fewest(jicai, tmp_path):
    found = covered(jicai, write(tmp_path))
    assert found["chosen"] == ["a", "b", "c"] and found["kept"] == ["b"]
    assert (found["optimal"], found["gap"], found["uncovered"]) == (True, 0.0, [])
    near = covered(jicai, tmp_path, "--within-km", "6")
    assert near["chosen"] == ["b", "c"] and near["further"] == ["c"]


def test_it_names_what_cannot_be_covered_and_why(jicai, tmp_path):
    found = covered(jicai, write(tmp_path), "--per-county", "2", "--lang", "en")
    assert [(one["county"], one["why"]) for one in found["uncovered"]] == [
        ("A", "only 1 eligible in the county, 2 needed")
    ]


def test_two_runs_are_equal_byte_for_byte_whatever_the_order_of_the_rows(jicai, tmp_path):
    first = jicai("coverage", write(tmp_path), "--json", "--within-km", "10").out
    head, *rows = PHARMACIES.splitlines()
    write(tmp_path, pharmacies="\n".join([head, *reversed(rows)]) + "\n")
    assert jicai("coverage", tmp_path, "--json", "--within-km", "10").out == first


@pytest.mark.parametrize(
    ("counties", "pharmacies", "faults"),
    [
        ("A,32,118,-1\n", "", ["counties.csv:2: minimum"]),
        ("A,32,118,\nA,32,119,\n", "", ["counties.csv:3: county"]),
        ("A,118,32,\n", "", ["counties.csv:2: latitude"]),
        ("A,32,181,\n", "", ["counties.csv:2: longitude"]),
        ("A,32,118,\n", "a,X,32,118,1,\n", ["pharmacies.csv:2: county"]),
        ("A,32,118,\n", "a,A,32,118,0,1\n", ["pharmacies.csv:2: kept"]),
        ("A,32,118,\n", "a,A,32,118,1,\na,A,32,118,1,\n", ["pharmacies.csv:3: pharmacy"]),
        ("A,32,118,\n", "a,A,73.5,32,1,\n", ["pharmacies.csv:2: latitude"]),
        ("A,32,118,\n", "a,A,48,86,1,\n", ["pharmacies.csv:2: latitude"]),
        ("", "", ["counties.csv: has no counties"]),
        (
            "A,32,118,x\nB,,118,\n",
            "a,A,north,118,yes,2\n",
            [
                "counties.csv:2: minimum",
                "counties.csv:3: latitude",
                "pharmacies.csv:2: latitude",
                "pharmacies.csv:2: eligible",
                "pharmacies.csv:2: kept",
            ],
        ),
    ],
)
def test_every_fault_is_named_with_file_line_and_column(
    jicai, tmp_path, counties, pharmacies, faults
):
    head = PHARMACIES.splitlines()[0] + "\n"
    write(tmp_path, COUNTIES.splitlines()[0] + "\n" + counties, head + pharmacies)
    said = jicai("coverage", tmp_path)
    lines = said.err.splitlines()
    assert (said.status, said.out) == (2, "")
    assert all(line.startswith(fault) for line, fault in zip(lines, faults, strict=True)), lines


def test_swapped_coordinates_are_called_swapped(jicai, tmp_path):
    write(tmp_path, counties=COUNTIES.replace("32.0,118.0", "118.0,32.0"))
    assert "swapped" in jicai("coverage", tmp_path).err


def test_a_cost_that_is_missing_beside_others_is_a_fault(jicai, tmp_path):
    rows = "pharmacy,county,latitude,longitude,eligible,cost\na,A,32,118,1,5\nb,A,32,118,1,\n"
    write(tmp_path, pharmacies=rows)
    assert jicai("coverage", tmp_path).err.startswith("pharmacies.csv:3: cost")


def test_a_pharmacy_outside_the_radius_of_its_county_is_a_fault(jicai, tmp_path):
    write(tmp_path, "county,latitude,longitude,radius_km\nA,32,118,10\nB,32.1,118,5\n")
    said = jicai("coverage", tmp_path)
    assert [line.split(": ")[0] for line in said.err.splitlines()] == [
        "pharmacies.csv:4",
        "pharmacies.csv:5",
    ]


def test_a_folder_that_is_missing_or_incomplete_is_said_to_be(jicai, tmp_path):
    assert "does not exist" in jicai("coverage", tmp_path / "nowhere").err
    (tmp_path / "counties.csv").write_text(COUNTIES, encoding="utf-8")
    assert jicai("coverage", tmp_path).err.startswith("pharmacies.csv: the file is missing")


@pytest.mark.parametrize(
    "words", [["--within-km", "0"], ["--within-km", "nan"], ["--per-county", "-1"]]
)
def test_options_out_of_range_end_with_status_2(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(["coverage", str(EXAMPLE), *words])
    assert left.value.code == 2 and "expected" in capsys.readouterr().err


def test_commands_on_the_page_print_what_it_shows(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    examples = list(console_examples(PAGE))
    assert examples
    for arguments, shown in examples:
        assert main(arguments) == 0
        assert_prints(arguments, shown, capsys.readouterr().out)
