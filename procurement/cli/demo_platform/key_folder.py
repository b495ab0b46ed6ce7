"""The folder with the demo's private keys and accounts, beside the database and never in it."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from procurement.cli.demo_platform.account import Account

FOLDER = "demo-keys"
ACCOUNTS_FILE = "accounts.json"
PASSPHRASE_FILE = "passphrase.txt"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True)
class Kept:
    """What the folder keeps, so that a later run can print it again.

    Attributes:
        manifest: Digest of the open round's manifest; tells to which database the folder belongs.
        rounds: Names of the rounds, the open one first.
        passphrase: Of all key files.
        accounts: Who can sign in.
    """

    manifest: str
    rounds: tuple[str, ...]
    passphrase: str
    accounts: tuple[Account, ...]


def new_folder(data: Path) -> Path:
    """Make an empty folder; another database's demo keeps its own.

    Args:
        data: The installation's data folder.

    Returns:
        ``demo-keys``, or ``demo-keys-2`` and so on where that is taken.
    """
    data.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = data / (FOLDER if number == 1 else f"{FOLDER}-{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return folder


def keep(folder: Path, kept: Kept, files: Mapping[str, bytes]) -> None:
    """Write the folder, readable by its owner only."""
    written = {**files, PASSPHRASE_FILE: f"{kept.passphrase}\n".encode()}
    # The accounts come last: with them the folder is complete.
    written[ACCOUNTS_FILE] = json.dumps(asdict(kept), ensure_ascii=False, indent=1).encode()
    for name, content in written.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)


def find_kept(data: Path, *, manifest: str) -> tuple[Path, Kept] | None:
    """Find the folder that belongs to a database.

    Args:
        data: The installation's data folder.
        manifest: Digest of the manifest that the database has.

    Returns:
        The folder and what it keeps, or None.
    """
    for file in sorted(data.glob(f"{FOLDER}*/{ACCOUNTS_FILE}")):
        kept = _read(file)
        if kept is not None and kept.manifest == manifest:
            return file.parent, kept
    return None


def _read(file: Path) -> Kept | None:
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Kept(
            manifest=raw["manifest"],
            rounds=tuple(raw["rounds"]),
            passphrase=raw["passphrase"],
            accounts=tuple(Account(**account) for account in raw["accounts"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Somebody edited it, or a set-up was interrupted while it was written.
        return None
