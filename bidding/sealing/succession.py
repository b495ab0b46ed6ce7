"""Which leaf counts: the last of each bidder before closing; each names the one it replaces."""

from collections.abc import Iterable
from typing import Protocol

from bidding.sealing.envelope import Envelope, Submission
from bidding.sealing.errors import MismatchError


class LastLeaf(Protocol):
    """What is asked of a bidder's last leaf: an envelope or withdrawal, or what was kept of it."""

    @property
    def bidder(self) -> str:
        """As in `Envelope`."""

    @property
    def version(self) -> int:
        """As in `Envelope`."""

    @property
    def digest(self) -> str:
        """As in `Envelope`."""

    @property
    def is_bid(self) -> bool:
        """It is no withdrawal."""


def check_succession(submission: Submission, *, previous: LastLeaf | None) -> None:
    """Refuse a submission that does not follow the bidder's last one.

    Args:
        submission: Accepted by `check_submission`.
        previous: The same bidder's last leaf; None if it has none.

    Raises:
        MismatchError: It should be version 1 and replace nothing, or be one version further and
            name that leaf; or there is no envelope left to withdraw.
    """
    expected = (1, None) if previous is None else (previous.version + 1, previous.digest)
    if (submission.version, submission.replaces) != expected:
        raise MismatchError("envelope.replaces", "the bidder's last leaf, one version further")
    if previous is None:
        return
    if submission.bidder != previous.bidder:
        raise MismatchError("envelope.bidder", "the bidder of the leaf that it replaces")
    if not submission.is_bid and not previous.is_bid:
        raise MismatchError("withdrawal.replaces", "an envelope that was not withdrawn yet")


def standing_envelopes(submissions: Iterable[Submission]) -> tuple[Envelope, ...]:
    """The envelopes to open: each bidder's last leaf, unless it is a withdrawal.

    Args:
        submissions: All leaves in the log's order.

    Returns:
        In the log's order.
    """
    last: dict[str, Submission] = {}
    for submission in submissions:
        # Taken out first, so that the order is that of the last leaves.
        last.pop(submission.bidder, None)
        last[submission.bidder] = submission
    return tuple(one for one in last.values() if isinstance(one, Envelope))
