"""Closing by the clock, and opening by a quorum of keyholders while the others are absent."""

import secrets
from collections.abc import Sequence

from bidding.sealing import HolderKey, Manifest
from bidding.sealing import post_shares as unseal_shares
from procurement.bids.opening.service import open_bids
from procurement.bids.opening.shares import envelopes_to_unseal, post_shares
from procurement.bids.steps import OPEN_BIDS
from procurement.cli.demo_platform.cast import KEYHOLDERS
from procurement.cli.demo_platform.four_eyes import by_two
from procurement.cli.demo_platform.scene import Scene
from procurement.rounds.tables import Round
from procurement.timetable.service import advance as advance_by_clock

PRESENT = (1, 2, 4, 6)
"""Seats of the holders who come; 3, 5 and 7 are absent."""

ENVELOPES_MAX = 1000


def close(scene: Scene, round_: Round) -> None:
    """Let the closing time come; the clock closes the round."""
    scene.wait_for(round_.closes_at)
    advance_by_clock(scene.session, round_id=round_.id, secret_key=scene.secret_key)


def open_together(
    scene: Scene, round_: Round, manifest: Manifest, keys: Sequence[HolderKey]
) -> None:
    """Let two officers decide the opening, and those holders who came unseal their shares.

    Args:
        scene: The set-up.
        round_: A closed round.
        manifest: Under which the bids were sealed.
        keys: Of the holders, in the order of their seats.

    Raises:
        NotReadyToOpenError: Their shares do not suffice.
    """
    scene.wait_for(round_.opens_at)
    by_two(scene, round_, OPEN_BIDS)
    for number, seat in enumerate(PRESENT, start=1):
        _unseal(scene, round_, manifest, seat, keys[seat - 1])
        scene.progress.part(number, len(PRESENT) + 1)
    # A worker would do it, in a transaction of its own; here it belongs to the one set-up.
    open_bids(scene.session, round_=round_, secret_key=scene.secret_key)


def _unseal(scene: Scene, round_: Round, manifest: Manifest, seat: int, key: HolderKey) -> None:
    leaves = envelopes_to_unseal(
        scene.session, round_=round_, after=0, limit=ENVELOPES_MAX, secret_key=scene.secret_key
    )
    posting = unseal_shares(
        manifest,
        envelopes=[leaf.envelope for leaf in leaves],
        seat=seat,
        key=key,
        moment=scene.moment,
        random_bytes=secrets.token_bytes,
    )
    post_shares(
        scene.session,
        round_=round_,
        actor=scene.actor(KEYHOLDERS[seat - 1]),
        body=posting.to_bytes(),
        secret_key=scene.secret_key,
    )
