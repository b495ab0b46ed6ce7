"""Manifests: what bids and second answers are sealed under, signed for the bureau and kept."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bidding.sealing import (
    Manifest,
    ManifestLot,
    ManifestStrength,
    Purpose,
    read_manifest,
    sign_manifest,
)
from procurement.audit import record
from procurement.bids.keyholders.keys import DEFAULT_SUITE, holders_of, seats_of
from procurement.bids.keyholders.platform_keys import SERVER, bureau_owner, platform_key
from procurement.bids.periods import BIDS
from procurement.bids.tables import Manifest as ManifestRow
from procurement.bids.tables import Sitting
from procurement.errors import RefusedError
from procurement.permissions import Actor
from procurement.rounds.document.versions import IN_FORCE, newest_version
from procurement.rounds.progress import lock_round
from procurement.rounds.tables import Lot, LotStrength, Round


class NoManifestError(RefusedError):
    """The round has no manifest: it is not published, or was imported."""

    def __init__(self) -> None:
        """Say when it comes."""
        super().__init__(
            zh="本批次还没有密封清单；清单在采购文件发布时生成。",
            en="This round has no manifest yet; it is made when the document is published.",
        )


def draft_manifest(
    session: Session,
    *,
    round_: Round,
    supersedes: str | None,
    secret_key: bytes,
    moment: datetime,
) -> Manifest:
    """Make and sign a manifest of a round as it stands; it is not stored.

    Args:
        session: Session of the caller's transaction: the first call makes the signing keys.
        round_: The round.
        supersedes: Digest of the manifest that it replaces.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        FormatError: What is missing or wrong: keys, quorum, dates, lots.
    """
    seats = seats_of(session, round_id=round_.id)
    suite = next((seat.key.suite for seat in seats if seat.key is not None), DEFAULT_SUITE)
    bureau_key, server_key = (
        platform_key(session, owner=owner, suite=suite, secret_key=secret_key, moment=moment)
        for owner in (bureau_owner(round_.bureau_id or 0), SERVER)
    )
    manifest = Manifest(
        suite_name=suite,
        round_name=round_.name,
        purpose=Purpose.BIDS,
        rulebook=round_.rulebook,
        rulebook_digest=round_.rulebook_digest,
        document_digest=_document_digest(session, round_),
        lots=_lots(session, round_),
        closes_at=round_.closes_at or moment,
        opens_at=round_.opens_at or moment,
        outage_shift_minutes=round_.outage_shift_minutes or None,
        threshold=round_.quorum or 0,
        holders=holders_of(seats),
        bureau_key=bureau_key.public,
        server_key=server_key.public,
        supersedes=supersedes,
    )
    return sign_manifest(manifest, key=bureau_key, random_bytes=secrets.token_bytes)


def _document_digest(session: Session, round_: Round) -> str:
    newest = newest_version(session, round_=round_)
    if newest is None or newest.kind not in IN_FORCE:
        # A rehearsal comes before the document; what it would be written from names the round.
        return round_.facts_digest
    return newest.content_digest


def _lots(session: Session, round_: Round) -> tuple[ManifestLot, ...]:
    standing = (
        select(Lot)
        .where(Lot.round_id == round_.id)
        .where(Lot.failed_reason.is_(None))
        .order_by(Lot.code)
    )
    lots = session.scalars(standing).all()
    rows = session.scalars(
        select(LotStrength)
        .where(LotStrength.lot_id.in_([lot.id for lot in lots]))
        .order_by(LotStrength.id)
    ).all()
    by_lot: dict[int, list[ManifestStrength]] = {lot.id: [] for lot in lots}
    for row in rows:
        ceiling = row.benchmark_price if round_.is_inquiry else row.price_ceiling
        by_lot[row.lot_id].append(ManifestStrength(row.strength, ceiling))
    return tuple(ManifestLot(lot.code, lot.product, tuple(by_lot[lot.id])) for lot in lots)


def write_manifest(
    session: Session, *, round_: Round, actor: Actor, secret_key: bytes, moment: datetime
) -> Manifest:
    """Sign the manifest of a round that is being published or was amended, and keep it.

    A manifest that would say the same is not written twice.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: Who publishes; `Actor()` for the timetable.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        FormatError: What is missing or wrong: keys, quorum, dates, lots.
    """
    # An amendment in between would be signed by half.
    lock_round(session, round_=round_)
    present = current_manifest(session, round_id=round_.id)
    made = draft_manifest(
        session,
        round_=round_,
        supersedes=None if present is None else present.supersedes,
        secret_key=secret_key,
        moment=moment,
    )
    if present is not None:
        if made.digest == present.digest:
            return present
        made = draft_manifest(
            session,
            round_=round_,
            supersedes=present.digest,
            secret_key=secret_key,
            moment=moment,
        )
    session.add(
        ManifestRow(
            round_id=round_.id,
            version=_next_version(session, round_.id),
            document=made.to_bytes().decode(),
            digest=made.digest,
            made_at=moment,
        )
    )
    session.flush()
    record(
        session,
        actor=actor,
        action="sign-manifest",
        subject=f"round/{round_.name}",
        facts={"manifest": made.digest},
        moment=moment,
    )
    return made


def write_answers_manifest(
    session: Session,
    *,
    round_: Round,
    sitting: Sitting,
    lots: Collection[str],
    secret_key: bytes,
    moment: datetime,
) -> Manifest:
    """Sign the manifest of a sitting of second answers, and keep it.

    It names the keyholders and rules of the manifest that the bids were sealed under, with the
    sitting's own times and with the lots that are asked about.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        sitting: The sitting.
        lots: Codes of the lots that it asks about.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        NoManifestError: The round's bids were never sealed under one.
        FormatError: No lot of the round is asked about.
    """
    bids = require_manifest(session, round_id=round_.id)
    key = platform_key(
        session,
        owner=bureau_owner(round_.bureau_id or 0),
        suite=bids.suite_name,
        secret_key=secret_key,
        moment=moment,
    )
    made = replace(
        bids,
        purpose=Purpose.ANSWERS,
        lots=tuple(lot for lot in bids.lots if lot.lot in lots),
        closes_at=sitting.closes_at,
        opens_at=sitting.opens_at,
        outage_shift_minutes=None,
        bureau_key=key.public,
        supersedes=None,
        signature=b"",
    )
    signed = sign_manifest(made, key=key, random_bytes=secrets.token_bytes)
    session.add(
        ManifestRow(
            round_id=round_.id,
            sitting=sitting.number,
            version=_next_version(session, round_.id),
            document=signed.to_bytes().decode(),
            digest=signed.digest,
            made_at=moment,
        )
    )
    session.flush()
    return signed


def _next_version(session: Session, round_id: int) -> int:
    newest = select(func.max(ManifestRow.version)).where(ManifestRow.round_id == round_id)
    return (session.scalar(newest) or 0) + 1


def manifests_of(session: Session, *, round_id: int, sitting: int = BIDS) -> Sequence[ManifestRow]:
    """Return the manifests of a round's sitting, oldest first; the last one is in force."""
    of_sitting = (
        select(ManifestRow)
        .where(ManifestRow.round_id == round_id, ManifestRow.sitting == sitting)
        .order_by(ManifestRow.version)
    )
    return session.scalars(of_sitting).all()


def manifest_document(session: Session, *, round_id: int, digest: str) -> str | None:
    """Return one of a round's manifests as it was signed, of the bids or of a sitting."""
    named = select(ManifestRow.document).where(
        ManifestRow.round_id == round_id, ManifestRow.digest == digest
    )
    return session.scalar(named)


def current_manifest(session: Session, *, round_id: int, sitting: int = BIDS) -> Manifest | None:
    """Return the manifest in force, or None before publication."""
    newest = (
        select(ManifestRow.document)
        .where(ManifestRow.round_id == round_id, ManifestRow.sitting == sitting)
        .order_by(ManifestRow.version.desc())
        .limit(1)
    )
    document = session.scalar(newest)
    return None if document is None else parsed_manifest(document)


def require_manifest(session: Session, *, round_id: int, sitting: int = BIDS) -> Manifest:
    """Return the manifest in force.

    Raises:
        NoManifestError: There is none.
    """
    manifest = current_manifest(session, round_id=round_id, sitting=sitting)
    if manifest is None:
        raise NoManifestError
    return manifest


def manifest_by_digest(
    session: Session, *, round_id: int, sitting: int = BIDS
) -> dict[str, Manifest]:
    """Return every manifest of a round's sitting by its digest."""
    rows = manifests_of(session, round_id=round_id, sitting=sitting)
    return {row.digest: parsed_manifest(row.document) for row in rows}


@lru_cache(maxsize=32)
def parsed_manifest(document: str) -> Manifest:
    """Read a stored manifest; the same text gives the same one, so that it is read once."""
    return read_manifest(document)
