"""Closing a round's log: the final checkpoint, and the proofs that everyone is in it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import (
    Checkpoint,
    InclusionProof,
    Log,
    issue_checkpoint,
    log_document,
    read_checkpoint,
)
from bidding.sealing.signing import Document
from procurement.audit import record
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.keyholders.platform_keys import SERVER, platform_key
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.leaves import Leaf, leaves_of_round, standing
from procurement.bids.tables import Checkpoint as CheckpointRow
from procurement.database import database_moment
from procurement.errors import RefusedError
from procurement.notices import notify_all
from procurement.permissions import Actor
from procurement.rounds.progress import lock_round, set_status
from procurement.rounds.tables import Round, RoundStatus


class BiddingNotOverError(RefusedError):
    """The closing time has not come, by the database's clock."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="尚未到申报截止时间。", en="The closing time has not come yet.")


class LogNotFinalError(RefusedError):
    """Nothing of the log is shown before it is closed: it would tell the number of bids."""

    def __init__(self) -> None:
        """Say when it is shown."""
        super().__init__(
            zh="申报截止之后才公布日志；截止之前任何人都不能得知申报数量。",
            en="The log is shown after closing; before, nobody may learn the number of bids.",
        )


@dataclass(frozen=True, slots=True)
class FinalLog:
    """A closed round's log.

    Attributes:
        checkpoint: The server's signed statement.
        leaves: The digests of all leaves in order.
        standing: Those that are opened: each bidder's last one, unless it is a withdrawal.
    """

    checkpoint: Checkpoint
    leaves: tuple[str, ...]
    standing: tuple[str, ...]

    def document(self) -> Document:
        """The log as published: checkpoint and leaves."""
        return log_document(self.checkpoint, self.leaves)

    def proofs(self, digests: Sequence[str]) -> dict[str, InclusionProof]:
        """Return the inclusion proofs of some leaves by digest; what is not in it has none."""
        places = {leaf: index for index, leaf in enumerate(self.leaves)}
        log = Log(self.checkpoint.suite_name, self.leaves)
        return {one: log.inclusion_proof(places[one]) for one in digests if one in places}


def close_round(session: Session, *, round_: Round, secret_key: bytes) -> FinalLog:
    """Close a round whose closing time has come: nothing is acknowledged any more.

    The round's row is locked as by a submission. Whatever was acknowledged before stands in the
    log; what waits for the lock finds the round closed. A closed round is left as it is.

    Args:
        session: Session of the caller's transaction.
        round_: A round in bidding.
        secret_key: `Settings.secret_key`.

    Raises:
        BiddingNotOverError: It is too early.
    """
    lock_round(session, round_=round_)
    known = find_final_log(session, round_id=round_.id)
    if known is not None:
        return known
    moment = database_moment(session)
    if round_.closes_at is None or moment < round_.closes_at:
        raise BiddingNotOverError
    manifest = require_manifest(session, round_id=round_.id)
    leaves = leaves_of_round(session, round_id=round_.id, at_rest=AtRest(secret_key))
    log = Log(manifest.suite_name, [leaf.digest for leaf in leaves])
    key = platform_key(
        session,
        owner=SERVER,
        suite=manifest.suite_name,
        secret_key=secret_key,
        moment=moment,
    )
    checkpoint = issue_checkpoint(
        manifest,
        log=log,
        issued_at=moment,
        is_final=True,
        key=key,
        random_bytes=secrets.token_bytes,
    )
    bids = standing(leaves)
    row = CheckpointRow(
        round_id=round_.id,
        document=checkpoint.to_bytes().decode(),
        leaves=" ".join(log.leaves),
        standing=" ".join(leaf.digest for leaf in bids),
        made_at=moment,
    )
    session.add(row)
    set_status(session, round_=round_, status=RoundStatus.CLOSED, moment=moment)
    record(
        session,
        actor=Actor(),
        action="close-round",
        subject=f"round/{round_.name}",
        facts={"size": str(log.size), "root": log.root(), "bids": str(len(bids))},
        moment=moment,
    )
    _tell_bidders(session, round_, leaves, moment)
    return FinalLog(checkpoint, log.leaves, tuple(leaf.digest for leaf in bids))


def _tell_bidders(
    session: Session, round_: Round, leaves: Sequence[Leaf], moment: datetime
) -> None:
    notify_all(
        session,
        organisation_ids=sorted({leaf.organisation_id for leaf in leaves}),
        zh=f"{round_.title}：申报已截止，日志已公布。请核验贵单位的信封已列入日志。",
        en=f"{round_.title}: bidding is closed and the log is published. Check that your envelope "
        "is in it.",
        link=f"/rounds/{round_.name}/receipts",
        moment=moment,
        key=f"log {round_.id}",
    )


def find_final_log(session: Session, *, round_id: int) -> FinalLog | None:
    """Return the log of a closed round, or None before closing."""
    row = session.scalars(
        select(CheckpointRow).where(CheckpointRow.round_id == round_id)
    ).one_or_none()
    if row is None:
        return None
    return FinalLog(
        read_checkpoint(row.document), tuple(row.leaves.split()), tuple(row.standing.split())
    )


def final_log(session: Session, *, round_id: int) -> FinalLog:
    """Return the log of a closed round.

    Raises:
        LogNotFinalError: The round is not closed.
    """
    found = find_final_log(session, round_id=round_id)
    if found is None:
        raise LogNotFinalError
    return found
