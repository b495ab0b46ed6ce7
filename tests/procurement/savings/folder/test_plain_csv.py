"""Reading purchases by columns gives what reading them line by line gives, or nothing."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from procurement.rounds.folder.faults import FaultList
from procurement.rounds.folder.tables import Table
from procurement.rounds.folder.text import UTF_8, read_lines
from procurement.savings.folder.plain_csv import write_if_plain
from procurement.savings.folder.purchase_csv import write_purchases

HEAD = "hospital,product,received_on,is_winning,quantity,unit_price"
SOUND = "县医院,奥美拉唑,2024-02-29,1,-20,0.30"

CELLS = (
    st.sampled_from(["县医院", "H 1", " H1", "", "H1\u200b", "x" * 501, 'H"1', "H\r1"]),
    st.sampled_from(["奥美拉唑", "P1", "", "P\t1"]),
    st.sampled_from(["2024-02-29", "2023-02-29", "0001-01-01", "0000-01-01", "2024-2-9", ""]),
    st.sampled_from(["0", "1", "2", "", "true", "１"]),
    st.sampled_from(["0", "-1", "+1", "007", "9" * 18, "9" * 19, "1.0", "", "-"]),
    st.sampled_from(["0.30", "1", "0", "0.0000", "9" * 14 + ".9999", "9" * 15, ".5", "1.00000"]),
)
LINES = st.one_of(
    st.just(SOUND),
    st.just(SOUND),
    st.tuples(*CELLS).map(",".join),
    st.sampled_from(["", "a,b", SOUND + ",", SOUND + "\r"]),
)


def both_ways(content: bytes):
    """What each reader writes; None where it finds a fault or is not for such a file."""
    with TemporaryDirectory() as work:
        source, one, other = (Path(work) / name for name in ("purchases.csv", "one", "other"))
        source.write_bytes(content)
        plain = pq.read_table(one) if write_if_plain(source, one) else None
        faults = FaultList()
        write_purchases(Table("purchases.csv", read_lines(source, UTF_8), faults), other)
        single = None if faults.faults else pq.read_table(other)
    return plain, single


@given(st.lists(LINES, max_size=5), st.sampled_from(["\n", "\r\n"]), st.booleans())
@example([SOUND, SOUND], "\n", True)
@example([SOUND + "\r" + SOUND], "\n", True)
def test_what_is_read_by_columns_is_what_is_read_line_by_line(lines, end, ends):
    text = end.join([HEAD, *lines]) + (end if ends else "")
    plain, single = both_ways(text.encode())
    if plain is not None:
        assert single is not None
        assert plain.equals(single)


def test_plain_lines_are_read_by_columns():
    lines = [HEAD + ",batch", SOUND + ",b4y2", SOUND + ",", SOUND.replace("1,-20", "0,7") + ",b4y2"]
    plain, single = both_ways("\n".join(lines).encode())
    assert plain is not None
    assert plain.equals(single)
    assert plain["batch"].to_pylist() == ["b4y2", None, "b4y2"]
    assert plain["line"].to_pylist() == [2, 3, 4]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HEAD.encode(),
        HEAD.encode() + b"\n" + SOUND.encode("gb18030"),
        f"{HEAD},{HEAD}\n{SOUND},{SOUND}".encode(),
        f"\ufeff{HEAD}\n{SOUND}".encode(),
        f"{HEAD},price\n{SOUND},1".encode(),
    ],
    ids=["empty", "header", "encoding", "twice", "mark", "column"],
)
def test_what_needs_judgement_is_left_to_the_reader_of_lines(content):
    with TemporaryDirectory() as work:
        source = Path(work) / "purchases.csv"
        source.write_bytes(content)
        assert not write_if_plain(source, Path(work) / "written")
