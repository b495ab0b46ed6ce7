"""Whole openings, computed once: what an opened sitting gave never changes.

Repeating an opening of 2,000 bids takes seconds, and everybody who downloads the evidence of a
round would pay for it again. The record is kept as a file in the data folder. Its name is a keyed
digest of all that the record is made of, so that it is found for these facts only; its content is
sealed with the installation's key, as shares and leaves are in the database. A file that is torn,
changed or of another installation does not open, and is made anew.
"""

import os
import secrets
import zlib
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import OpeningRecord
from bidding.sealing.record import KIND, read_record
from procurement.bids.keyholders.manifests import manifest_by_digest
from procurement.bids.opening.evidence import NotOpenedError, opening_record
from procurement.bids.opening.service import find_opening
from procurement.bids.periods import BIDS
from procurement.bids.submission.at_rest import AtRest, SealedRowError
from procurement.bids.submission.close import final_log
from procurement.bids.tables import RevealedKey, SharePost
from procurement.rounds.tables import Round

FOLDER = "openings"
"""Of the data folder. Whoever deletes it loses time only."""

PURPOSE = "kept opening"
_UNFINISHED = ".part"
_FAST = 1
"""Level of compression: keys and shares hardly get smaller."""


@dataclass(frozen=True)
class KeptOpening:
    """The record of an opened sitting.

    Attributes:
        content: The whole file, as `OpeningRecord.to_bytes` wrote it.
    """

    content: bytes

    def __repr__(self) -> str:
        """Without prices and keys."""
        return f"KeptOpening(bytes={len(self.content)})"

    @cached_property
    def record(self) -> OpeningRecord:
        """The record; its results are without content keys."""
        return read_record(self.content)


def kept_opening(
    session: Session, *, round_: Round, secret_key: bytes, folder: Path, sitting: int = BIDS
) -> KeptOpening:
    """Return the whole record of an opened sitting: for those who may see every price.

    Args:
        session: Any session.
        round_: The round.
        secret_key: `Settings.secret_key`.
        folder: Where records are kept; it is made where it is missing.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        NotOpenedError: The sitting is not open yet: nothing is kept before.
    """
    at_rest = AtRest(secret_key)
    file = folder / _name(session, round_, sitting, at_rest)
    content = _read(file, at_rest)
    if content is None:
        record = opening_record(session, round_=round_, secret_key=secret_key, sitting=sitting)
        content = record.to_bytes()
        _write(file, at_rest.seal(zlib.compress(content, _FAST), purpose=PURPOSE))
    return KeptOpening(content)


def _name(session: Session, round_: Round, sitting: int, at_rest: AtRest) -> str:
    """Name all that the record is made of; keyed, so that names tell nothing about bids."""
    about: dict[str, int] = {"round_id": round_.id, "sitting": sitting}
    opening = find_opening(session, **about)
    if opening is None:
        raise NotOpenedError
    parts = [KIND, version("jicai"), round_.name, str(sitting), str(opening.id)]
    parts += [opening.opened_at.isoformat(), final_log(session, **about).checkpoint.signature.hex()]
    parts += manifest_by_digest(session, **about)
    for table in (SharePost, RevealedKey):
        ids = select(table.id).where(table.round_id == round_.id, table.sitting == sitting)
        parts.append(" ".join(map(str, session.scalars(ids.order_by(table.id)))))
    return at_rest.tag(PURPOSE, *parts)


def _read(file: Path, at_rest: AtRest) -> bytes | None:
    try:
        return zlib.decompress(at_rest.open(file.read_bytes(), purpose=PURPOSE))
    except (OSError, SealedRowError, zlib.error):
        return None


def _write(file: Path, sealed: bytes) -> None:
    """Write a file that is there whole or not at all, whatever happens meanwhile.

    Without room on the disk nothing is kept: whoever asked has the record all the same. What a
    crash left unfinished goes; if another process was writing it just now, one of the two keeps
    the record, or the next who asks does.
    """
    part = file.with_name(f"{file.name}.{secrets.token_hex(8)}{_UNFINISHED}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for unfinished in file.parent.glob(f"{file.name}.*{_UNFINISHED}"):
            unfinished.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            written.write(sealed)
            written.flush()
            os.fsync(written.fileno())
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
