"""The opening as evidence: everything that `jicai verify` needs to repeat it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import OpeningRecord, open_all
from procurement.accounts.tables import Organisation
from procurement.bids.keyholders.manifests import manifest_by_digest
from procurement.bids.opening.reveal import reveals_of
from procurement.bids.opening.service import find_opening
from procurement.bids.opening.shares import postings_of
from procurement.bids.periods import BIDS
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.close import final_log
from procurement.bids.submission.leaves import leaves_of_round
from procurement.bids.tables import OpenedBid
from procurement.errors import RefusedError
from procurement.rounds.tables import Round


class NotOpenedError(RefusedError):
    """The bids are not open yet: there is nothing to show."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(zh="申报信息尚未公开。", en="The bids are not open yet.")


def opening_record(
    session: Session, *, round_: Round, secret_key: bytes, sitting: int = BIDS
) -> OpeningRecord:
    """Return the whole record of an opened sitting: for those who may see every price.

    Others get a part of it, see `OpeningRecord.only`.

    Args:
        session: Any session.
        round_: The round.
        secret_key: `Settings.secret_key`.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        NotOpenedError: The sitting is not open yet.
    """
    about: dict[str, int] = {"round_id": round_.id, "sitting": sitting}
    if find_opening(session, **about) is None:
        raise NotOpenedError
    log = final_log(session, **about)
    leaves = leaves_of_round(session, at_rest=AtRest(secret_key), **about)
    manifests = tuple(manifest_by_digest(session, **about).values())
    submissions = tuple(leaf.submission for leaf in leaves)
    postings = tuple(postings_of(session, secret_key=secret_key, **about))
    reveals = tuple(reveals_of(session, secret_key=secret_key, **about))
    return OpeningRecord(
        manifests=manifests,
        checkpoint=log.checkpoint,
        leaves=log.leaves,
        submissions=submissions,
        postings=postings,
        reveals=reveals,
        results=open_all(manifests, submissions=submissions, postings=postings, reveals=reveals),
    )


def opened_bids(
    session: Session, *, round_id: int, sitting: int = BIDS
) -> Sequence[tuple[OpenedBid, Organisation]]:
    """Return what came out of the envelopes of an opened sitting, by name of the bidder."""
    rows = session.execute(
        select(OpenedBid, Organisation)
        .join(Organisation, Organisation.id == OpenedBid.organisation_id)
        .where(OpenedBid.round_id == round_id, OpenedBid.sitting == sitting)
        .order_by(Organisation.name)
    )
    return [(bid, organisation) for bid, organisation in rows]
