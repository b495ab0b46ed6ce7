"""A folder says the same whatever the order of its lines and columns."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rounds.folder import read_folder
from tests.procurement.rounds.folder.folders import ALL, write

RICH = {
    **ALL,
    "round.toml": ALL["round.toml"] + '[options.places]\nby_bidders = { "1" = 1, "2+" = 2 }\n',
    "lots.csv": """\
lot,product,strength,strength_ratio,price_ceiling,dosage_form,category,daily_dose
L1,瑞舒伐他汀,10mg,1,2.5,oral-solid,,1.0
L1,瑞舒伐他汀,20mg,2,,,special,1
L1,瑞舒伐他汀,0.02g,2.00,,,,
L2,阿卡波糖,50mg,1,0.34,,,
""",
    "bids.csv": """\
lot,manufacturer,strength,declared_price,is_originator,bid,group,supplies,pack_units,pack_price
L1,齐鲁制药,10mg,0.12,0,齐鲁制药,A,,,
L1,齐鲁制药,20mg,,0,,,10mg;20mg,7,1.40
L1,齐鲁制药,0.02g,0.19,0,齐鲁制药,,,,
L1,辉瑞,10mg,3.59,1,P1,B,,,
L1,辉瑞,10mg,3.58,1,P2,B,,,
L2,拜耳,50mg,,1,,,,,
""",
}


def shuffled(text: str, generator) -> str:
    """A table with its columns and lines in another order."""
    header, *rows = csv.reader(io.StringIO(text))
    columns = generator.sample(range(len(header)), len(header))
    generator.shuffle(rows)
    return in_columns([header, *rows], columns)


def turned_round(text: str) -> str:
    """A table with its last column and its last line first."""
    header, *rows = csv.reader(io.StringIO(text))
    return in_columns([header, *reversed(rows)], list(reversed(range(len(header)))))


def in_columns(rows: list[list[str]], columns: list[int]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([row[column] for column in columns] for row in rows)
    return out.getvalue()


# No deadline: files are written, and the machine may be busy.
@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_shuffled_folder_is_equal(generator):
    files = {
        name: shuffled(text, generator) if name.endswith(".csv") else text
        for name, text in RICH.items()
    }
    with tempfile.TemporaryDirectory() as directory:
        plain = read_folder(write(Path(directory, "plain"), RICH))
        turned = read_folder(write(Path(directory, "turned"), files))
    assert turned == plain
    assert repr(turned) == repr(plain)
    assert turned.facts == plain.facts


def test_a_real_round_turned_round_is_equal(shared, tmp_path):
    real = shared / "rounds" / "national-3-2020"
    files: dict[str, str | bytes] = {}
    for path in real.iterdir():
        text = path.read_text(encoding="utf-8")
        files[path.name] = turned_round(text) if path.suffix == ".csv" else text
    turned, plain = read_folder(write(tmp_path, files)), read_folder(real)
    assert turned == plain
    assert turned.facts == plain.facts
