"""A small round folder, and folders that differ from it in one thing."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from procurement.settings import resource_folder

EXAMPLE = resource_folder("examples") / "national-3-eight-lots"

SOUND = {
    "round.toml": """\
title = "某批次"
rulebook = "national-3"
opened_on = 2020-08-20
""",
    "lots.csv": """\
lot,product,strength,strength_ratio,price_ceiling
L1,瑞舒伐他汀口服常释剂型,10mg,1,2.5
L1,瑞舒伐他汀口服常释剂型,20mg,2,4.25
""",
    "bids.csv": """\
lot,manufacturer,strength,declared_price,is_originator
L1,甲,10mg,0.5,0
L1,乙,10mg,0.6,0
L1,丙,20mg,1.7,0
L1,丁,10mg,2.4,1
""",
    "volumes.csv": """\
region,lot,strength,strength_ratio,base_volume
北京,L1,10mg,1,1000
天津,L1,20mg,2,300
河北,L1,10mg,1,500
""",
    "expected.csv": """\
lot,manufacturer,selected,regions
L1,甲,1,北京
L1,乙,1,天津
L1,丙,1,河北
L1,丁,0,
""",
}


def write(folder: Path, **changes: str | bytes | None) -> Path:
    """Write the sound folder with some files changed, or (None) left out.

    Files are named without their endings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in SOUND.items():
        content = changes.get(name.partition(".")[0], text)
        if content is not None:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    for stem in changes.keys() - {name.partition(".")[0] for name in SOUND}:
        (folder / f"{stem}.csv").write_text(str(changes[stem]), encoding="utf-8")
    return folder


def with_rulebook(rulebook: str, options: str = "") -> str:
    """The text of ``round.toml`` under another rulebook."""
    return SOUND["round.toml"].replace("national-3", rulebook) + options


def turned(source: Path, folder: Path, order: Callable[[list[str]], list[str]]) -> Path:
    """Copy a round folder with the lines of its tables in another order, columns reversed."""
    folder.mkdir()
    for file in source.iterdir():
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".csv":
            header, *lines = text.splitlines()
            text = _columns_reversed([header, *order(lines)])
        (folder / file.name).write_text(text, encoding="utf-8")
    return folder


def _columns_reversed(lines: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(row[::-1] for row in csv.reader(lines))
    return out.getvalue()
