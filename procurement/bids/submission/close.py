"""Closing the log of a sitting: the final checkpoint, and the proofs that everyone is in it."""

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
from procurement.bids.periods import BIDS, address_of, key_of, period_of, subject_name
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


def close_round(
    session: Session, *, round_: Round, secret_key: bytes, sitting: int = BIDS
) -> FinalLog:
    """Close a sitting whose closing time has come: nothing is acknowledged any more.

    The round's row is locked as by a submission. Whatever was acknowledged before stands in the
    log; what waits for the lock finds the sitting closed. A closed one is left as it is.

    Args:
        session: Session of the caller's transaction.
        round_: A round in bidding, or in second answers.
        secret_key: `Settings.secret_key`.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        BiddingNotOverError: It is too early.
        NotFoundForActorError: The round has no such sitting.
    """
    lock_round(session, round_=round_)
    known = find_final_log(session, round_id=round_.id, sitting=sitting)
    if known is not None:
        return known
    moment = database_moment(session)
    closes_at = period_of(session, round_=round_, sitting=sitting).closes_at
    if closes_at is None or moment < closes_at:
        raise BiddingNotOverError
    final, leaves = _finished(session, round_, sitting, secret_key, moment)
    if sitting == BIDS:
        set_status(session, round_=round_, status=RoundStatus.CLOSED, moment=moment)
    record(
        session,
        actor=Actor(),
        action="close-round" if sitting == BIDS else "close-answers",
        subject=subject_name(round_, sitting),
        facts={
            "size": str(final.checkpoint.size),
            "root": final.checkpoint.root,
            "bids": str(len(final.standing)),
        },
        moment=moment,
    )
    _tell_bidders(session, round_, sitting, leaves, moment)
    return final


def _finished(
    session: Session, round_: Round, sitting: int, secret_key: bytes, moment: datetime
) -> tuple[FinalLog, Sequence[Leaf]]:
    manifest = require_manifest(session, round_id=round_.id, sitting=sitting)
    leaves = leaves_of_round(
        session, round_id=round_.id, at_rest=AtRest(secret_key), sitting=sitting
    )
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
        sitting=sitting,
        document=checkpoint.to_bytes().decode(),
        leaves=" ".join(log.leaves),
        standing=" ".join(leaf.digest for leaf in bids),
        made_at=moment,
    )
    session.add(row)
    session.flush()
    return FinalLog(checkpoint, log.leaves, tuple(leaf.digest for leaf in bids)), leaves


def _tell_bidders(
    session: Session, round_: Round, sitting: int, leaves: Sequence[Leaf], moment: datetime
) -> None:
    zh, en = ("申报", "bidding") if sitting == BIDS else ("二次答复", "the sitting of answers")
    notify_all(
        session,
        organisation_ids=sorted({leaf.organisation_id for leaf in leaves}),
        zh=f"{round_.title}：{zh}已截止，日志已公布。请核验贵单位的信封已列入日志。",
        en=f"{round_.title}: {en} is closed and the log is published. Check that your envelope "
        "is in it.",
        link=f"{address_of(round_, sitting)}/receipts",
        moment=moment,
        key=f"log {key_of(round_, sitting)}",
    )


def find_final_log(session: Session, *, round_id: int, sitting: int = BIDS) -> FinalLog | None:
    """Return the log of a closed sitting, or None before closing."""
    row = session.scalars(
        select(CheckpointRow).where(
            CheckpointRow.round_id == round_id, CheckpointRow.sitting == sitting
        )
    ).one_or_none()
    if row is None:
        return None
    return FinalLog(
        read_checkpoint(row.document), tuple(row.leaves.split()), tuple(row.standing.split())
    )


def final_log(session: Session, *, round_id: int, sitting: int = BIDS) -> FinalLog:
    """Return the log of a closed sitting.

    Raises:
        LogNotFinalError: It is not closed.
    """
    found = find_final_log(session, round_id=round_id, sitting=sitting)
    if found is None:
        raise LogNotFinalError
    return found
