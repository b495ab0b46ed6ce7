"""Bad input: exit status 2, a line for each fault with its place, nothing printed."""

import pytest

from tests.procurement.cli.rounds import SOUND, with_rulebook, write

BIDS = SOUND["bids.csv"]


def with_price(price):
    return {"bids": BIDS.replace("1.7", price)}


FAULTS = {
    "a missing column": (
        {"bids": BIDS.replace("declared_price", "price")},
        ["bids.csv:1: 'price': ", "bids.csv:1: declared_price: the column is missing"],
    ),
    "a price with a comma": (with_price('"1,7"'), ["bids.csv:4: declared_price: '1,7' "]),
    "a negative price": (with_price("-1.7"), ["bids.csv:4: declared_price: '-1.7' "]),
    "a price of zero": (with_price("0.00"), ["bids.csv:4: declared_price: '0.00' "]),
    "a price that is no number": (with_price("NaN"), ["bids.csv:4: declared_price: 'NaN' "]),
    "an infinite price": (with_price("Infinity"), ["bids.csv:4: declared_price: 'Infinity' "]),
    "a price with an exponent": (with_price("1e3"), ["bids.csv:4: declared_price: '1e3' "]),
    "full-width digits": (with_price("１.７"), ["bids.csv:4: declared_price: '１.７' "]),
    "a bid for an unknown lot": ({"bids": BIDS + "L9,戊,10mg,1,0\n"}, ["bids.csv:6: lot: 'L9' "]),
    "a bid for an unknown strength": (
        {"bids": BIDS + "L1,戊,30mg,1,0\n"},
        ["bids.csv:6: strength: '30mg' "],
    ),
    "the same firm twice": (
        {"bids": BIDS + "L1,甲,10mg,0.7,0\n"},
        ["bids.csv:6: strength: '甲' bids for '10mg' in lot 'L1' already"],
    ),
    "a flag that is none": (
        {"bids": BIDS.replace("0.5,0", "0.5,no")},
        ["bids.csv:2: is_originator: 'no' "],
    ),
    "a region twice": (
        {"volumes": SOUND["volumes.csv"] + "北京,L1,10mg,1,5\n"},
        ["volumes.csv:5: region: "],
    ),
    "a negative volume": (
        {"volumes": SOUND["volumes.csv"].replace("1000", "-1")},
        ["volumes.csv:2: base_volume: '-1' "],
    ),
    "a ratio of zero": (
        {"lots": SOUND["lots.csv"].replace(",2,4.25", ",0,4.25")},
        ["lots.csv:3: strength_ratio: '0' "],
    ),
    "a published outcome of a lot that is not there": (
        {"expected": SOUND["expected.csv"] + "L9,甲,1,\n"},
        ["expected.csv:6: lot: 'L9' "],
    ),
    "a missing file": ({"bids": None}, ["bids.csv: the file is missing"]),
    "an empty file": ({"bids": ""}, ["bids.csv: is empty"]),
    "a round without a title": (
        {"round": 'rulebook = "national-3"\n'},
        ["round.toml:1: title: is missing"],
    ),
    "no toml": ({"round": "title = a round\n"}, ["round.toml:1: "]),
    "several faults": (
        {"lots": SOUND["lots.csv"].replace(",2,4.25", ",0,4.25"), **with_price("-1.7")},
        ["lots.csv:3: strength_ratio: '0' ", "bids.csv:4: declared_price: '-1.7' "],
    ),
}


@pytest.mark.parametrize("command", ["evaluate", "replay"])
@pytest.mark.parametrize(("changes", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_line_with_its_place_and_what_was_expected(
    jicai, tmp_path, command, changes, expected
):
    faults = jicai(command, write(tmp_path / "round", **changes), "--json").faults
    assert len(faults) == len(expected)
    for fault, place in zip(faults, expected, strict=True):
        assert fault.startswith(place)
        assert "expected " in fault


@pytest.mark.parametrize("command", ["evaluate", "replay", "demo"])
def test_a_folder_that_is_none_is_named(jicai, tmp_path, own_data, command):
    (tmp_path / "empty").mkdir()
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    for path, problem in [
        (tmp_path / "missing", "does not exist"),
        (tmp_path / "empty", "is an empty folder"),
        (file, "is not a folder"),
    ]:
        option = ["--folder"] if command == "demo" else []
        (fault,) = jicai(command, *option, path).faults
        assert fault.startswith(f"{path}: {problem}: expected a folder with round.toml")
    assert not own_data.exists()


def test_another_encoding_is_named_and_read_where_asked_for(jicai, tmp_path):
    in_gb18030 = {name.partition(".")[0]: text.encode("gb18030") for name, text in SOUND.items()}
    folder = write(tmp_path / "gb18030", **in_gb18030)
    faults = jicai("evaluate", folder).faults
    assert [fault.partition(":")[0] for fault in faults] == list(SOUND)
    assert all("GB18030" in fault for fault in faults)
    assert all("--encoding gb18030" in fault for fault in faults)
    said = jicai("evaluate", folder, "--encoding", "gb18030", "--json")
    assert said == jicai("evaluate", write(tmp_path / "utf-8"), "--json")
    assert said.status == 0


def test_utf_8_is_not_read_as_another_encoding(jicai, tmp_path):
    faults = jicai("evaluate", write(tmp_path / "round"), "--encoding", "gb18030").faults
    assert all("looks like UTF-8" in fault for fault in faults)


def test_an_unknown_rulebook_is_refused(jicai, tmp_path):
    folder = write(tmp_path / "round", round=with_rulebook("national-99"))
    (fault,) = jicai("evaluate", folder, "--json").faults
    assert fault.startswith("round.toml:2: rulebook: ")
    assert "'national-99'" in fault
    assert "national-3" in fault


@pytest.mark.parametrize(
    ("option", "named"),
    [
        ('"no.such_rule" = 1', "no.such_rule"),
        ('"selection.ratio_to_lowest" = "2"', "selection.ratio_to_lowest"),
        ('"ranking.tie_breaks" = ["height"]', "ranking.tie_breaks"),
    ],
    ids=["no rule", "a rule that is known", "a wrong value"],
)
def test_an_option_that_the_rulebook_does_not_take_is_refused(jicai, tmp_path, option, named):
    toml = with_rulebook("national-3", f"[options]\n{option}\n")
    (fault,) = jicai("evaluate", write(tmp_path / "round", round=toml)).faults
    assert fault.startswith(f"round.toml:5: {named}: ")
    assert "expected" in fault


def test_an_answer_above_the_offer_is_refused(jicai, tmp_path):
    toml = with_rulebook("national-10")
    bids = BIDS.replace("丙,20mg,1.7", "丙,20mg,3.4")
    answers = "lot,bid,question,answer,price\nL1,丙,revive,1,3.3\n"
    folder = write(tmp_path / "round", round=toml, bids=bids, answers=answers)
    (fault,) = jicai("evaluate", folder).faults
    assert "3.3" in fault
    assert "丙" in fault
