"""A small sound round folder, and folders that differ from it in one thing."""

from collections.abc import Mapping
from pathlib import Path

from procurement.rounds.folder import BadFolderError, read_folder

SOUND = {
    "round.toml": """\
title = "a round"
rulebook = "national-3"
opened_on = 2020-08-20
""",
    "lots.csv": """\
lot,product,strength,strength_ratio,price_ceiling
L1,瑞舒伐他汀,10mg,1,2.5
L1,瑞舒伐他汀,20mg,2,
L2,阿卡波糖,50mg,1,0.34
""",
    "bids.csv": """\
lot,manufacturer,strength,declared_price,is_originator
L1,齐鲁制药,10mg,0.12,0
L1,齐鲁制药,20mg,0.2,0
L1,辉瑞,10mg,3.59,1
L2,拜耳,50mg,,1
""",
    "volumes.csv": """\
region,lot,strength,strength_ratio,base_volume
北京,L1,10mg,1,1381187
天津,L1,0.02g,2,0
天津,L2,25mg,0.5,500
""",
}

CHOICES = """\
lot,bid,order,region,spare
L1,齐鲁制药,1,天津,0
L1,齐鲁制药,2,北京,0
L1,齐鲁制药,1,北京,1
L2,拜耳,1,北京,
"""

ANSWERS = """\
lot,bid,question,answer,price
L1,齐鲁制药,revive,1,0.11
L2,拜耳,withdraw,0,
"""

EXPECTED = """\
lot,manufacturer,selected,regions
L1,齐鲁制药,1,北京;天津
L1,无名氏,0,
"""

ALL = {**SOUND, "choices.csv": CHOICES, "answers.csv": ANSWERS, "expected.csv": EXPECTED}

BIDS_HEADER = SOUND["bids.csv"].splitlines()[0]
VOLUMES_HEADER = SOUND["volumes.csv"].splitlines()[0]


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder; text is UTF-8 with the line ends that it has."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        raw = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(raw)
    return folder


def sound_but(folder: Path, **changes: str | bytes | None) -> Path:
    """Write the sound folder with some files changed, added, or (None) left out.

    Files are named without their endings, which are those of the interface.
    """
    files: dict[str, str | bytes] = dict(SOUND)
    for stem, content in changes.items():
        name = f"{stem}.toml" if stem == "round" else f"{stem}.csv"
        if content is None:
            del files[name]
        else:
            files[name] = content
    return write(folder, files)


def faults_of(folder: Path, encoding: str = "utf-8") -> list[str]:
    """Read a folder and return the lines of its faults, none if it is sound."""
    try:
        read_folder(folder, encoding=encoding)
    except BadFolderError as error:
        return str(error).splitlines()
    return []
