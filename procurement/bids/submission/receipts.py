"""A bidder's own receipts, refusals and proofs; nobody else is shown them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import InclusionProof
from procurement.bids.periods import BIDS
from procurement.bids.submission.at_rest import AtRest
from procurement.bids.submission.close import find_final_log
from procurement.bids.submission.leaves import Chain, Leaf, own_leaves
from procurement.bids.submission.statements import REFUSAL_PURPOSE
from procurement.bids.tables import Refusal
from procurement.permissions import NotFoundForActorError


@dataclass(frozen=True, slots=True)
class OwnLeaf:
    """A bidder's bid or withdrawal.

    Attributes:
        leaf: With receipt and body.
        stands: It is the bidder's last one: a bid that counts, or the withdrawal in force.
        proof: That it is in the final log; None before closing.
    """

    leaf: Leaf
    stands: bool
    proof: InclusionProof | None


def receipts_of(
    session: Session, *, round_id: int, organisation_id: int, secret_key: bytes, sitting: int = BIDS
) -> Sequence[OwnLeaf]:
    """Return what a bidder submitted in a sitting, oldest first, with proofs once it is closed."""
    chain = Chain(round_id, organisation_id, sitting)
    leaves = own_leaves(session, chain=chain, at_rest=AtRest(secret_key))
    log = find_final_log(session, round_id=round_id, sitting=sitting)
    proofs = {} if log is None else log.proofs([leaf.digest for leaf in leaves])
    return [OwnLeaf(leaf, leaf is leaves[-1], proofs.get(leaf.digest)) for leaf in leaves]


def receipt_of(
    session: Session,
    *,
    round_id: int,
    organisation_id: int,
    digest: str,
    secret_key: bytes,
    sitting: int = BIDS,
) -> OwnLeaf:
    """Return one of a bidder's own leaves.

    Raises:
        NotFoundForActorError: The bidder has none of this digest.
    """
    for own in receipts_of(
        session,
        round_id=round_id,
        organisation_id=organisation_id,
        secret_key=secret_key,
        sitting=sitting,
    ):
        if own.leaf.digest == digest:
            return own
    raise NotFoundForActorError


def refusals_of(
    session: Session, *, round_id: int, organisation_id: int, secret_key: bytes, sitting: int = BIDS
) -> Sequence[str]:
    """Return the signed refusals of a bidder in a sitting, oldest first."""
    at_rest = AtRest(secret_key)
    rows = session.scalars(
        select(Refusal.sealed)
        .where(Refusal.round_id == round_id, Refusal.sitting == sitting)
        .order_by(Refusal.id)
    )
    opened = (json.loads(at_rest.open(sealed, purpose=REFUSAL_PURPOSE)) for sealed in rows)
    return [document for owner, _, document in opened if owner == organisation_id]
