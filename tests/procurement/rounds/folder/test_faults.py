"""Every fault of a round folder is named with its file, line and column, and what was expected."""

import pytest

from procurement.rounds.folder import BadFolderError, Fault, read_folder
from procurement.rounds.folder.faults import FAULTS_SHOWN
from tests.procurement.rounds.folder.folders import (
    ALL,
    BIDS_HEADER,
    SOUND,
    VOLUMES_HEADER,
    faults_of,
    sound_but,
)

NEEDED = "a folder with round.toml, lots.csv, bids.csv, volumes.csv"
DIGITS = "expected digits like 12.3456"
WHOLE = "expected a whole number, 0 or more"
ABOVE_ZERO = "expected a number above zero, like 0.5"
LIKE_A_HALF = "is not a number above zero: expected digits like 0.5"
LOTS = "is not in lots.csv: expected one of 'L1', 'L2'"
A_BID = "expected a bid (or manufacturer) of bids.csv"

BIDS_CASES = [
    # Prices
    ("0.12", '"1,200"', f":2: declared_price: '1,200' is not a price: {DIGITS}"),
    (
        "0.12",
        "1,200",
        ":2: cell 6: the line has 6 cells: expected 5 as in the header"
        ' (a cell that holds a comma stands in "quotes")',
    ),
    ("3.59", "-1", f":4: declared_price: '-1' is not a price: {DIGITS}"),
    ("3.59", "0", ":4: declared_price: '0' is not a price: expected more than zero"),
    ("3.59", "0.000", ":4: declared_price: '0.000' is not a price: expected more than zero"),
    ("3.59", "NaN", f":4: declared_price: 'NaN' is not a price: {DIGITS}"),
    ("3.59", "inf", f":4: declared_price: 'inf' is not a price: {DIGITS}"),
    ("3.59", "1e5", f":4: declared_price: '1e5' is not a price: {DIGITS}"),
    ("3.59", "１.２", f":4: declared_price: '１.２' is not a price: {DIGITS}"),
    ("3.59", "+1", f":4: declared_price: '+1' is not a price: {DIGITS}"),
    ("3.59", " 1", f":4: declared_price: ' 1' is not a price: {DIGITS}"),
    ("3.59", "¥1", f":4: declared_price: '¥1' is not a price: {DIGITS}"),
    ("3.59", f"1.{'1' * 13}", f":4: declared_price: '1.{'1' * 13}' is not a price: {DIGITS}"),
    ("3.59", "9" * 999, f":4: declared_price: '{'9' * 60}…' is not a price: {DIGITS}"),
    # Names
    ("L1,辉瑞", "L9,辉瑞", f":4: lot: 'L9' {LOTS}"),
    (
        "辉瑞,10mg",
        "辉瑞,11mg",
        ":4: strength: '11mg' is not a strength of lot 'L1': expected one of '10mg', '20mg'",
    ),
    (
        "20mg",
        "10mg",
        ":3: strength: '齐鲁制药' bids for '10mg' in lot 'L1' already:"
        " expected one line for each bid and strength",
    ),
    ("辉瑞", "", ":4: manufacturer: is empty: expected a name"),
    ("L1,辉瑞", ",辉瑞", ":4: lot: is empty: expected a name"),
    (
        "辉瑞",
        " 辉瑞",
        ":4: manufacturer: ' 辉瑞' has blanks around it: expected a name without them",
    ),
    (
        "辉瑞",
        "辉瑞\u3000",
        ":4: manufacturer: '辉瑞\\u3000' has blanks around it: expected a name without them",
    ),
    (
        "辉瑞",
        "辉\x07瑞",
        ":4: manufacturer: '辉\\x07瑞' holds the invisible character U+0007:"
        " expected a name in visible characters",
    ),
    (
        "辉瑞",
        "辉\u200b瑞",
        ":4: manufacturer: '辉\\u200b瑞' holds the invisible character U+200B:"
        " expected a name in visible characters",
    ),
    (
        "辉瑞",
        "瑞" * 501,
        f":4: manufacturer: '{'瑞' * 60}…' is too long: expected at most 500 characters",
    ),
    # Flags
    ("3.59,1", "3.59,yes", ":4: is_originator: 'yes' is not a flag: expected 0 or 1"),
    ("3.59,1", "3.59,", ":4: is_originator: is empty: expected 0 or 1"),
    # Lines
    (
        "3.59,1",
        "3.59",
        ":4: is_originator: the line has 4 cells: expected 5 as in the header",
    ),
    (
        "3.59,1",
        '3.59,"1',
        ':4: character 17: an unterminated quote: expected a quoted cell closed by " on its line',
    ),
    ("辉瑞", "辉\0瑞", ":4: character 5: a NUL character: expected text"),
    (
        "辉瑞",
        "辉\r瑞",
        ":4: character 5: a carriage return within the line:"
        " expected lines that end in LF or CR LF",
    ),
    (
        "辉瑞",
        '"辉"瑞"x"',
        ":4: is not CSV (',' expected after '\"'): expected cells separated by commas,"
        ' a quoted cell closed by " on its line',
    ),
    # Header
    (
        "is_originator",
        "is_originator,lot",
        ":1: lot: is in the header twice: expected each column once",
    ),
]

OTHER_CASES = [
    ("lots", "1,2.5", "0,2.5", f":2: strength_ratio: '0' is zero: {ABOVE_ZERO}"),
    ("lots", "1,2.5", "-1,2.5", f":2: strength_ratio: '-1' {LIKE_A_HALF}"),
    ("lots", "1,2.5", "NaN,2.5", f":2: strength_ratio: 'NaN' {LIKE_A_HALF}"),
    ("lots", "1,2.5", "1,0", ":2: price_ceiling: '0' is not a price: expected more than zero"),
    (
        "lots",
        "瑞舒伐他汀,20mg",
        "阿托伐他汀,20mg",
        ":3: product: '阿托伐他汀' contradicts '瑞舒伐他汀' in an earlier line:"
        " expected the same in all lines of one lot or bid",
    ),
    (
        "lots",
        ",strength_ratio",
        "",
        ":1: strength_ratio: the column is missing:"
        " expected a header with lot, product, strength, strength_ratio, price_ceiling",
    ),
    ("volumes", "500", "-1", f":4: base_volume: '-1' is not a whole number: {WHOLE}"),
    ("volumes", "500", "1.5", f":4: base_volume: '1.5' is not a whole number: {WHOLE}"),
    ("volumes", "500", "５", f":4: base_volume: '５' is not a whole number: {WHOLE}"),
    ("volumes", "0.5,500", "0,500", f":4: strength_ratio: '0' is zero: {ABOVE_ZERO}"),
    ("volumes", "天津,L2", "天津,L7", f":4: lot: 'L7' {LOTS}"),
    (
        "volumes",
        "天津,L1,0.02g,2",
        "北京,L1,10mg,1.0",
        ":3: region: the region has this strength (and brand and hospital) already:"
        " expected one line for each",
    ),
    (
        "choices",
        "1,北京,1",
        "1,上海,1",
        ":4: region: '上海' is not in volumes.csv: expected a region in it",
    ),
    (
        "choices",
        "2,北京",
        "1,北京",
        ":3: order: the bid has its main choice 1 already: expected each order once",
    ),
    (
        "choices",
        "2,北京",
        "2,天津",
        ":3: region: the bid has '天津' among its main choices already: expected each region once",
    ),
    ("choices", "2,北京", "0,北京", ":3: order: '0' is too small: expected 1 or more"),
    (
        "choices",
        "L2,拜耳",
        "L2,辉瑞",
        f":5: bid: '辉瑞' is not a bid in lot 'L2': {A_BID}",
    ),
    ("choices", "L2,拜耳", "L8,拜耳", f":5: lot: 'L8' {LOTS}"),
    ("choices", "1,北京,\n", "1,北京,2\n", ":5: spare: '2' is not a flag: expected 0 or 1"),
    (
        "answers",
        "revive",
        "revived",
        ":2: question: 'revived' is not known: expected one of revive, tie, cut, withdraw",
    ),
    (
        "answers",
        "withdraw,0,",
        "withdraw,0,\nL2,拜耳,withdraw,1,",
        ":4: answer: contradicts an earlier line: expected one answer to each question",
    ),
    (
        "answers",
        "0.11",
        "0.11\nL1,齐鲁制药,revive,1,0.1",
        ":3: price: contradicts an earlier line: expected one answer to each question",
    ),
    (
        "answers",
        "L2,拜耳",
        "L2,某某",
        f":3: bid: '某某' is not a bid in lot 'L2': {A_BID}",
    ),
    ("answers", "L2,拜耳", "L3,拜耳", f":3: lot: 'L3' {LOTS}"),
    (
        "expected",
        "北京;天津",
        "北京;北京",
        ":2: regions: '北京' is there twice: expected each name once",
    ),
    ("expected", "北京;天津", "北京;", ":2: regions: is empty: expected a name"),
    (
        "expected",
        "北京;天津",
        "北京；天津",
        ":2: regions: '北京；天津' has a full-width semicolon: expected names joined by ;",
    ),
    ("expected", "L1,无名氏", "L5,无名氏", f":3: lot: 'L5' {LOTS}"),
    (
        "expected",
        "无名氏",
        "",
        ":3: manufacturer: is empty: expected a manufacturer, or a bid in the column bid",
    ),
    (
        "expected",
        "无名氏",
        "齐鲁制药",
        ":3: selected: contradicts an earlier line: expected one outcome for each bid",
    ),
]

TOML_CASES = [
    ('title = "a round"', "", ':1: title: is missing: expected a line like title = "…"'),
    (
        'rulebook = "national-3"',
        "",
        ':1: rulebook: is missing: expected a line like rulebook = "…"',
    ),
    ('"national-3"', "3", ":2: rulebook: '3' is not a text: expected a text in \"quotes\""),
    ('"national-3"', '""', ":2: rulebook: is empty: expected a name"),
    ('"a round"', '" a"', ":1: title: ' a' has blanks around it: expected a name without them"),
    (
        '"a round"',
        '"a',
        ":1: character 11: is not TOML (Illegal character '\\n'):"
        ' expected lines like title = "a round"',
    ),
    (
        "2020-08-20",
        '"soon"',
        ":3: opened_on: 'soon' is not a date: expected a date like 2020-08-20",
    ),
    (
        "2020-08-20",
        "2020-08-20T09:00:00",
        ":3: opened_on: '2020-08-20 09:00:00' is not a date: expected a date like 2020-08-20",
    ),
    (
        "opened_on",
        "opened",
        ":3: opened: is not a key of this file: expected only title, rulebook, opened_on, options",
    ),
    (
        "opened_on = 2020-08-20",
        "options = 3",
        ":3: options: '3' is not a table: expected a table [options]",
    ),
    (
        "opened_on = 2020-08-20",
        "[options]\nshare = nan",
        ":4: options.share: 'NaN' is not a usable number: expected digits like 0.5",
    ),
    (
        "opened_on = 2020-08-20",
        f"[options]\nshare = {'9' * 20}",
        ":4: options.share: is too large: expected a number below 1e+18",
    ),
    (
        "opened_on = 2020-08-20",
        '[options]\n"a.b" = 1\n[options.a]\nb = 2',
        ":4: options.a.b: is given twice: expected one value",
    ),
    (
        "opened_on = 2020-08-20",
        f"[options]\nlist = {'[' * 9}{']' * 9}",
        ":4: options.list: holds tables within tables: expected at most 8 levels",
    ),
    (
        "opened_on = 2020-08-20",
        f"list = {'[' * 9999}",
        ': holds lists or tables nested too deep: expected lines like title = "a round"',
    ),
    (
        "opened_on = 2020-08-20",
        f"number = {'9' * 9999}",
        ': holds a number that is too large: expected lines like title = "a round"',
    ),
    (
        "opened_on = 2020-08-20",
        f"number = 1e{'9' * 30}",
        ': holds a number that is too large: expected lines like title = "a round"',
    ),
    (
        "opened_on = 2020-08-20",
        f"{'a.' * 100_000}a = 1",
        ": has a key of very many parts: expected at most 16 dots in a key",
    ),
]


def changed(file: str, old: str, new: str) -> dict[str, str]:
    """The content of one file with one thing changed, for `sound_but`."""
    content = ALL[f"{file}.toml" if file == "round" else f"{file}.csv"]
    assert old in content
    return {file: content.replace(old, new, 1)}


def test_the_sound_folder_has_no_faults(tmp_path):
    assert faults_of(sound_but(tmp_path)) == []


@pytest.mark.parametrize(("old", "new", "fault"), BIDS_CASES)
def test_a_fault_in_the_bids_is_one_line(tmp_path, old, new, fault):
    assert faults_of(sound_but(tmp_path, **changed("bids", old, new))) == [f"bids.csv{fault}"]


@pytest.mark.parametrize(("file", "old", "new", "fault"), OTHER_CASES)
def test_a_fault_in_another_table_is_one_line(tmp_path, file, old, new, fault):
    folder = sound_but(tmp_path, **changed(file, old, new))
    assert faults_of(folder) == [f"{file}.csv{fault}"]


@pytest.mark.parametrize(("old", "new", "fault"), TOML_CASES)
def test_a_fault_in_the_settings_is_one_line(tmp_path, old, new, fault):
    assert faults_of(sound_but(tmp_path, **changed("round", old, new))) == [f"round.toml{fault}"]


@pytest.mark.parametrize("bad_day", ["2020-02-30", "20200820", "2020-W34-4", "2020-8-20"])
def test_a_day_is_written_in_full(tmp_path, bad_day):
    bids = f"{BIDS_HEADER},passed_on\nL1,辉瑞,10mg,3.59,1,{bad_day}\n"
    assert faults_of(sound_but(tmp_path, bids=bids)) == [
        f"bids.csv:2: passed_on: '{bad_day}' is not a date: expected a date like 2020-08-20"
    ]


def test_a_mistyped_optional_column_is_not_passed_over(tmp_path):
    [fault] = faults_of(sound_but(tmp_path, volumes=f"{VOLUMES_HEADER},hospitals\n"))
    assert fault == (
        "volumes.csv:1: 'hospitals': is not a column of this file: expected only region, lot,"
        " strength, strength_ratio, base_volume; optional: brand, hospital"
    )


def test_a_column_without_a_name_is_a_fault(tmp_path):
    [fault] = faults_of(sound_but(tmp_path, volumes=f"{VOLUMES_HEADER},\n"))
    assert fault.startswith("volumes.csv:1: '': is not a column of this file")


@pytest.mark.parametrize("mark", [";", "\t", "，"])
def test_another_separator_is_named_once(tmp_path, mark):
    bids = SOUND["bids.csv"].replace(",", mark)
    assert faults_of(sound_but(tmp_path, bids=bids)) == [
        "bids.csv:1: the columns are not separated by commas:"
        " expected a header with lot, manufacturer, strength, declared_price, is_originator"
    ]


@pytest.mark.parametrize("stem", ["lots", "bids", "volumes"])
def test_a_file_without_a_header_is_a_fault(tmp_path, stem):
    [fault] = faults_of(sound_but(tmp_path, **{stem: "\n\n"}))
    assert fault.startswith(f"{stem}.csv: is empty: expected a header with ")


@pytest.mark.parametrize("stem", ["lots", "bids"])
def test_lots_and_bids_have_lines(tmp_path, stem):
    header = SOUND[f"{stem}.csv"].splitlines()[0]
    [fault] = faults_of(sound_but(tmp_path, **{stem: header}))
    assert fault.startswith(f"{stem}.csv: has no line below its header: expected one line for each")


@pytest.mark.parametrize("name", ["round.toml", "lots.csv", "bids.csv", "volumes.csv"])
def test_a_missing_file_is_named_alone(tmp_path, name):
    folder = sound_but(tmp_path, **{name.partition(".")[0]: None})
    assert faults_of(folder) == [f"{name}: the file is missing: expected {NEEDED}"]


def test_an_empty_folder_says_which_files_are_expected(tmp_path):
    assert faults_of(tmp_path) == [f"{tmp_path}: is an empty folder: expected {NEEDED}"]


def test_a_folder_of_other_things_says_which_files_are_expected(tmp_path):
    (tmp_path / "notes.txt").touch()
    assert faults_of(tmp_path) == [f"{tmp_path}: holds no file of a round: expected {NEEDED}"]


def test_a_path_that_is_no_folder_is_a_fault(tmp_path):
    (tmp_path / "file").touch()
    faults = faults_of(tmp_path / "file")
    assert faults == [f"{tmp_path / 'file'}: is not a folder: expected {NEEDED}"]
    faults = faults_of(tmp_path / "nowhere")
    assert faults == [f"{tmp_path / 'nowhere'}: does not exist: expected {NEEDED}"]


def test_a_path_that_breaks_lines_still_gives_one_line(tmp_path):
    [fault] = faults_of(tmp_path / "no\nwhere")
    assert "no\\nwhere: does not exist" in fault


def test_a_folder_in_the_place_of_a_file_is_a_fault(tmp_path):
    folder = sound_but(tmp_path, volumes=None)
    (folder / "volumes.csv").mkdir()
    assert faults_of(folder) == ["volumes.csv: is not a file: expected a regular file"]


def test_the_faults_of_all_files_come_together(tmp_path):
    folder = sound_but(
        tmp_path,
        **changed("round", '"a round"', "1"),
        **changed("lots", "1,2.5", "0,2.5"),
        **changed("bids", "0.12", "free"),
        **changed("volumes", "500", "many"),
        **changed("answers", "revive", "wake"),
        **changed("choices", "2,北京", "2,上海"),
        **changed("expected", "L1,无名氏", "L3,无名氏"),
    )
    with pytest.raises(BadFolderError) as raised:
        read_folder(folder)
    places = [(fault.file, fault.line, fault.column) for fault in raised.value.faults]
    assert places == [
        ("round.toml", 1, "title"),
        ("lots.csv", 2, "strength_ratio"),
        ("bids.csv", 2, "declared_price"),
        ("volumes.csv", 4, "base_volume"),
        ("choices.csv", 3, "region"),
        ("answers.csv", 2, "question"),
        ("expected.csv", 3, "lot"),
    ]


def test_all_faults_of_a_line_come_together(tmp_path):
    bids = f"{BIDS_HEADER}\nL1, 辉瑞,10mg,1e5,maybe\n"
    faults = faults_of(sound_but(tmp_path, bids=bids))
    assert [fault.split(": ")[1] for fault in faults] == [
        "manufacturer",
        "declared_price",
        "is_originator",
    ]


def test_what_a_broken_line_names_is_not_reported_as_unknown(tmp_path):
    lots = SOUND["lots.csv"].replace("0.34", "free").replace("20mg,2", "20mg,0")
    bids = SOUND["bids.csv"].replace("50mg,,1", "50mg,,maybe")
    folder = sound_but(tmp_path, lots=lots, bids=bids, choices=ALL["choices.csv"])
    assert len(faults_of(folder)) == 3


def test_a_broken_lots_file_makes_no_bid_unknown(tmp_path):
    lots = SOUND["lots.csv"].replace("product", "products")
    faults = faults_of(sound_but(tmp_path, lots=lots))
    assert [fault.partition(":")[0] for fault in faults] == ["lots.csv", "lots.csv"]


def test_beyond_the_first_faults_there_is_only_a_number(tmp_path):
    lines = "".join(f"L1,企业{number},10mg,free,0\n" for number in range(FAULTS_SHOWN + 7))
    folder = sound_but(tmp_path, bids=f"{BIDS_HEADER}\n{lines}")
    with pytest.raises(BadFolderError) as raised:
        read_folder(folder)
    assert len(raised.value.faults) == FAULTS_SHOWN
    assert raised.value.more == 7
    assert str(raised.value).splitlines()[-1] == "... and 7 more"


def test_a_fault_keeps_its_facts(tmp_path):
    with pytest.raises(BadFolderError) as raised:
        read_folder(sound_but(tmp_path, **changed("bids", "0.12", '"1,200"')))
    problem = "'1,200' is not a price"
    assert raised.value.faults == (
        Fault("bids.csv", 2, "declared_price", problem, "digits like 12.3456"),
    )
