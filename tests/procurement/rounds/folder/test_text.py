"""Files are read in the encoding that was asked for, in bounded pieces, and never guessed."""

import time
import tracemalloc

import pytest

from procurement.rounds.folder import BadFolderError, read_folder
from procurement.rounds.folder.text import Limits
from tests.procurement.rounds.folder.folders import ALL, SOUND, faults_of, sound_but, write

MEGABYTE = 1 << 20


def encoded(encoding: str) -> dict[str, str | bytes]:
    return {name: content.encode(encoding) for name, content in ALL.items()}


def test_a_byte_order_mark_is_accepted(tmp_path):
    plain = read_folder(write(tmp_path / "plain", ALL))
    marked = read_folder(write(tmp_path / "marked", encoded("utf-8-sig")))
    assert marked == plain


@pytest.mark.parametrize("name", ["gb18030", "GB18030", "gbk", "gb2312"])
def test_gb18030_is_read_where_it_is_asked_for(tmp_path, name):
    plain = read_folder(write(tmp_path / "plain", ALL))
    folder = write(tmp_path / "gb18030", encoded("gb18030"))
    assert read_folder(folder, encoding=name) == plain


def test_a_gb18030_byte_order_mark_is_accepted(tmp_path):
    files = {name: f"\ufeff{text}".encode("gb18030") for name, text in SOUND.items()}
    assert faults_of(write(tmp_path, files), encoding="gb18030") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_settings_may_be_utf_8_beside_gb18030_tables(tmp_path, encoding):
    files = encoded("gb18030")
    files["round.toml"] = SOUND["round.toml"].replace("a round", "第三批").encode(encoding)
    folder = read_folder(write(tmp_path, files), encoding="gb18030")
    assert folder.round.title == "第三批"


def test_gb18030_is_named_where_utf_8_was_expected(tmp_path):
    faults = faults_of(write(tmp_path, encoded("gb18030")))
    named = "is not UTF-8, it looks like GB18030: expected UTF-8, or the option --encoding gb18030"
    assert faults == [
        f"lots.csv:2: byte 4: {named}",
        f"bids.csv:2: byte 4: {named}",
        f"volumes.csv:2: byte 1: {named}",
        f"choices.csv:2: byte 4: {named}",
        f"answers.csv:2: byte 4: {named}",
        f"expected.csv:2: byte 4: {named}",
    ]


def test_utf_8_is_named_where_gb18030_was_asked_for(tmp_path):
    faults = faults_of(write(tmp_path, SOUND), encoding="gb18030")
    assert faults[0] == (
        "lots.csv:2: byte 4: looks like UTF-8: expected GB18030 as asked for: leave out --encoding"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("asked_for", ["utf-8", "gb18030"])
def test_utf_16_is_named(tmp_path, encoding, asked_for):
    folder = sound_but(tmp_path, bids=SOUND["bids.csv"].encode(encoding))
    if asked_for == "gb18030":
        write(folder, {k: v.encode("gb18030") for k, v in SOUND.items() if k != "bids.csv"})
    named = "UTF-32" if encoding == "utf-32" else "UTF-16"
    expected = [f"bids.csv:1: byte 1: is {named}: expected UTF-8: save the file as UTF-8"]
    assert faults_of(folder, encoding=asked_for) == expected


def test_bytes_of_no_encoding_are_named(tmp_path):
    bids = SOUND["bids.csv"].encode().replace("辉瑞".encode(), b"\xff\xff")
    [fault] = faults_of(sound_but(tmp_path, bids=bids))
    assert fault == "bids.csv:4: byte 4: 0xff is not UTF-8: expected UTF-8 text"


def test_bytes_of_no_encoding_in_gb18030_are_named(tmp_path):
    files = encoded("gb18030")
    files["bids.csv"] = SOUND["bids.csv"].encode("gb18030") + b"L1,\xff\n"
    [fault] = faults_of(write(tmp_path, files), encoding="gb18030")
    assert fault == "bids.csv:6: byte 4: 0xff is not GB18030: expected GB18030 text"


def test_settings_in_another_encoding_are_named(tmp_path):
    settings = SOUND["round.toml"].replace("a round", "第三批")
    [fault] = faults_of(sound_but(tmp_path, round=settings.encode("gb18030")))
    assert fault.startswith("round.toml:1: byte 10: is not UTF-8, it looks like GB18030")


@pytest.mark.parametrize("name", ["latin-1", "no-such-thing", "utf-16", "bad\0name"])
def test_other_encodings_are_refused(tmp_path, name):
    [fault] = faults_of(sound_but(tmp_path), encoding=name)
    assert "--encoding: " in fault
    assert fault.endswith("is not supported: expected utf-8 or gb18030")


def test_a_line_beyond_the_limit_is_a_fault(tmp_path):
    limits = Limits(line=100)
    fits = SOUND["bids.csv"].replace("辉瑞", "x" * 85)
    folder = sound_but(tmp_path, bids=fits)
    assert max(map(len, fits.splitlines())) == 100
    read_folder(folder, limits=limits)
    with pytest.raises(BadFolderError) as raised:
        read_folder(sound_but(tmp_path, bids=fits.replace("xx", "xxx", 1)), limits=limits)
    assert str(raised.value) == (
        "bids.csv:4: byte 101: the line is too long: expected a line of at most 100 bytes"
    )


@pytest.mark.parametrize("line", [1000, 65_534, 65_535, 65_536, 65_537, 200_000])
def test_lines_are_whole_wherever_a_block_ends(tmp_path, line):
    header, *rows = SOUND["bids.csv"].splitlines()
    blank = f"{header}\n" + "\n" * (line - len(header) - 1)
    folder = sound_but(tmp_path, bids=blank + "\n".join(rows))
    assert len(read_folder(folder).round.bids) == 3
    bad = sound_but(tmp_path, bids=blank + "\n".join(rows).replace("3.59", "free"))
    number = 4 + line - len(header) - 1
    assert faults_of(bad)[0].startswith(f"bids.csv:{number}: declared_price: 'free'")


@pytest.mark.parametrize("name", ["round.toml", "lots.csv", "volumes.csv"])
def test_a_line_of_200_megabytes_is_not_loaded(tmp_path, name):
    folder = write(tmp_path, SOUND)
    with (folder / name).open("ab") as file:
        file.write(b"x" * MEGABYTE)
        # The rest of the line is a hole in the file: it takes no room, and reads as zeros.
        file.truncate(200 * MEGABYTE)
    tracemalloc.start()
    started = time.perf_counter()
    [fault] = faults_of(folder)
    seconds = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "too long" in fault or "bytes: expected at most" in fault
    assert peak < 8 * MEGABYTE
    assert seconds < 2


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    folder = write(tmp_path, SOUND)
    with (folder / "bids.csv").open("r+b") as file:
        file.truncate(513 * MEGABYTE)
    assert faults_of(folder) == [
        f"bids.csv: has {513 * MEGABYTE} bytes: expected at most {512 * MEGABYTE} bytes"
    ]


def test_a_quote_left_open_in_a_long_file_is_one_fault(tmp_path):
    lines = "".join(f"地区{number},L1,10mg,1,5\n" for number in range(20_000))
    volumes = f'region,lot,strength,strength_ratio,base_volume\n"{lines}'
    assert faults_of(sound_but(tmp_path, volumes=volumes)) == [
        "volumes.csv:2: character 1: an unterminated quote:"
        ' expected a quoted cell closed by " on its line'
    ]


def test_quotes_that_span_lines_are_a_fault(tmp_path):
    bids = SOUND["bids.csv"].replace("0.12,0", '0.12,a"b,"c', 1) + 'L1,某某,10mg,1,"d"e"\n'
    folder = sound_but(tmp_path, bids=bids.replace("0.2,0", '0.2,"0"'))
    [fault, *_] = faults_of(folder)
    assert fault.startswith("bids.csv:2: ")
