"""Making the bundle of evidence of a round: what its reader may see of it, listed and signed."""

import secrets
import zipfile
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from bidding.sealing import SigningKey
from bidding.sealing.evidence.index import NAME, PART, WHOLE, issue_index
from procurement.bids.keyholders.platform_keys import SERVER, find_platform_key
from procurement.bids.submission.close import find_final_log
from procurement.permissions import NotFoundForActorError
from procurement.publication.evidence.sources import (
    Document,
    Ground,
    Reader,
    opening_documents,
    openings,
    own_documents,
    public_documents,
    report_of,
)
from procurement.publication.evidence.statements import Signer
from procurement.rounds.tables import Round

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""A fixed time in the archive: the list says when it was made."""


def evidence_bundle(
    session: Session,
    *,
    round_: Round,
    reader: Reader,
    moment: datetime,
    secret_key: bytes,
    folder: Path,
) -> bytes:
    """Make the bundle of a round that is closed.

    Who sees every price gets everything; a bidder its own part and its letters; anybody else the
    manifests, the logs and the rules.

    Args:
        session: Any session.
        round_: The round.
        reader: For whom.
        moment: When it is made, aware.
        secret_key: `Settings.secret_key`.
        folder: Where openings are kept once they were repeated.

    Returns:
        A ZIP archive; `jicai verify` takes it as it is.

    Raises:
        NotFoundForActorError: The round is not closed: there is nothing to show.
    """
    if find_final_log(session, round_id=round_.id) is None:
        raise NotFoundForActorError
    ground = Ground(session, round_, secret_key, folder)
    key = _server_key(ground)
    signer = Signer(ground, key, moment)
    files = list(public_documents(ground))
    is_whole = False
    if reader.sees_all:
        more = list(_whole(signer, reader))
        is_whole = bool(more)
        files += more
    if reader.organisation_id is not None:
        files += _own(signer, reader, reader.organisation_id, has_openings=is_whole)
    index = issue_index(
        ground.manifest,
        files=files,
        code_version=version("jicai"),
        scope=WHOLE if is_whole else PART,
        issued_at=moment,
        key=key,
        random_bytes=secrets.token_bytes,
    )
    return _zipped([(NAME, index.to_bytes()), *sorted(files)])


def letters_bundle(
    session: Session,
    *,
    round_: Round,
    reader: Reader,
    moment: datetime,
    secret_key: bytes,
    folder: Path,
) -> bytes:
    """Make an archive of a bidder's signed letters, to be verified beside a bundle.

    Args:
        session: Any session.
        round_: The round.
        reader: The bidder.
        moment: When it is made, aware.
        secret_key: `Settings.secret_key`.
        folder: Where openings are kept once they were repeated.

    Raises:
        NotFoundForActorError: There is no letter to it, or not yet.
    """
    ground = Ground(session, round_, secret_key, folder)
    if reader.organisation_id is None or find_final_log(session, round_id=round_.id) is None:
        raise NotFoundForActorError
    signer = Signer(ground, _server_key(ground), moment)
    letters = list(_letters(signer, reader, reader.organisation_id))
    if not letters:
        raise NotFoundForActorError
    return _zipped([("manifest.json", ground.manifest.to_bytes()), *letters])


def _server_key(ground: Ground) -> SigningKey:
    key = find_platform_key(
        ground.session,
        owner=SERVER,
        suite=ground.manifest.suite_name,
        secret_key=ground.secret_key,
    )
    if key is None:
        raise NotFoundForActorError
    return key


def _whole(signer: Signer, reader: Reader) -> Iterable[Document]:
    ground = signer.ground
    records = openings(ground)
    yield from opening_documents(records)
    report = report_of(ground, reader)
    if report is not None and report.evaluated is not None:
        opened = {sitting: kept.record for sitting, kept in records.items()}
        yield "sheet.json", signer.sheet(report, report.evaluated, opened).to_bytes()
        yield "report.json", signer.report(report).to_bytes()


def _own(
    signer: Signer, reader: Reader, organisation_id: int, *, has_openings: bool
) -> Iterable[Document]:
    ground = signer.ground
    yield from own_documents(ground, organisation_id)
    if not has_openings:
        yield from opening_documents(openings(ground), ground.bidder(organisation_id))
    yield from _letters(signer, reader, organisation_id)


def _letters(signer: Signer, reader: Reader, organisation_id: int) -> Iterable[Document]:
    report = report_of(signer.ground, Reader(reader.sees_all))
    if report is None:
        return
    for number, letter in enumerate(signer.letters(report, organisation_id), start=1):
        yield f"letter-{number}.json", letter.to_bytes()


def _zipped(files: Iterable[Document]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return written.getvalue()
