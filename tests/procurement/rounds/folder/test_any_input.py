"""Whatever a folder holds, the reader ends soon: with facts, or with faults of one line each."""

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rounds.folder import BadFolderError, read_folder
from tests.procurement.rounds.folder.folders import (
    ALL,
    BIDS_HEADER,
    VOLUMES_HEADER,
    faults_of,
    sound_but,
    write,
)

MANY = 20_000

PIECES = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\0", b";", b"=", b"[", b"]", b"{", b"#", b".", b"\xff", b"\\"]
)


# No deadline: files are written, and the machine may be busy.
@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_gives_facts_or_faults_of_one_line(data):
    name = data.draw(st.sampled_from(sorted(ALL)))
    raw = ALL[name].encode()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(start + 20, len(raw))))
    piece = data.draw(PIECES | st.binary(max_size=8) | st.text(max_size=8).map(str.encode))
    encoding = data.draw(st.sampled_from(["utf-8", "gb18030"]))
    with tempfile.TemporaryDirectory() as directory:
        folder = write(Path(directory), {**ALL, name: raw[:start] + piece + raw[end:]})
        try:
            assert read_folder(folder, encoding=encoding).facts
        except BadFolderError as error:
            assert error.faults
            assert len(str(error).splitlines()) == len(error.faults)


def many_strengths() -> dict[str, str]:
    lots = "".join(f"L1,瑞舒伐他汀,{number}mg,{number},\n" for number in range(1, MANY + 1))
    bids = "".join(f"L1,辉瑞,{number}mg,{number},1\n" for number in range(1, MANY + 1))
    return {
        "lots": f"lot,product,strength,strength_ratio,price_ceiling\n{lots}",
        "bids": f"{BIDS_HEADER}\n{bids}",
        "volumes": VOLUMES_HEADER,
    }


def many_unknown_lots() -> dict[str, str]:
    lines = "".join(f"X{number},辉瑞,10mg,1,1\n" for number in range(MANY))
    return {"bids": f"{BIDS_HEADER}\n{lines}"}


def many_columns() -> dict[str, str]:
    return {"bids": BIDS_HEADER + "".join(f",c{number}" for number in range(MANY))}


def many_regions() -> dict[str, str]:
    regions = ";".join(f"r{number}" for number in range(MANY))
    return {"expected": f"lot,manufacturer,selected,regions\nL1,辉瑞,1,{regions};r{MANY - 1}\n"}


def many_open_strings() -> dict[str, str]:
    return {"round": '"""' + '\\"' * MANY * 20}


@pytest.mark.parametrize(
    "content",
    [many_strengths, many_unknown_lots, many_columns, many_regions, many_open_strings],
)
def test_the_time_grows_with_the_size_and_not_with_its_square(tmp_path, content):
    folder = sound_but(tmp_path, **content())
    started = time.perf_counter()
    faults_of(folder)
    # Less than a second; a check of all pairs would take minutes.
    assert time.perf_counter() - started < 10
