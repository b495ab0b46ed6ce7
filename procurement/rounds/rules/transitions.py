"""The one table of what may follow what in the life of a round, and of a proposal."""

from collections.abc import Mapping

from procurement.errors import RefusedError
from procurement.rounds.status import STATUS_NAMES, ProposalStatus, RoundStatus

_S = RoundStatus

TRANSITIONS: Mapping[RoundStatus, tuple[RoundStatus, ...]] = {
    _S.IMPORTED: (),
    _S.DRAFT: (_S.VOLUME_REPORTING, _S.COMMENTS, _S.CANCELLED),
    # Back to the draft: the list of lots was wrong.
    _S.VOLUME_REPORTING: (_S.COMMENTS, _S.DRAFT, _S.CANCELLED),
    # Back to the draft: the comments ask for another document; or the volumes come after them.
    _S.COMMENTS: (_S.PUBLISHED, _S.VOLUME_REPORTING, _S.DRAFT, _S.CANCELLED),
    _S.PUBLISHED: (_S.BIDDING, _S.CANCELLED),
    _S.BIDDING: (_S.CLOSED, _S.CANCELLED),
    _S.CLOSED: (_S.OPENED, _S.CANCELLED),
    _S.OPENED: (_S.EVALUATED, _S.CANCELLED),
    _S.EVALUATED: (_S.SECOND_ANSWERS, _S.ANNOUNCED, _S.CANCELLED),
    # Answers are evaluated again, which may raise further questions.
    _S.SECOND_ANSWERS: (_S.EVALUATED, _S.ANNOUNCED, _S.CANCELLED),
    # Back to the evaluation: an objection was upheld.
    _S.ANNOUNCED: (_S.AWARDED, _S.EVALUATED, _S.CANCELLED),
    # A winner who is struck out and replaced changes bids and lots, not the round's status.
    _S.AWARDED: (_S.REGIONS_CHOSEN, _S.CANCELLED),
    _S.REGIONS_CHOSEN: (_S.AGREEMENTS, _S.CANCELLED),
    _S.AGREEMENTS: (_S.RUNNING, _S.CANCELLED),
    _S.RUNNING: (_S.FOLLOWED_ON, _S.ENDED),
    _S.FOLLOWED_ON: (),
    _S.ENDED: (),
    _S.CANCELLED: (),
}
"""For each status, what may follow it; nothing follows a status with an empty entry."""

PROPOSAL_TRANSITIONS: Mapping[ProposalStatus, tuple[ProposalStatus, ...]] = {
    ProposalStatus.OPEN: (
        ProposalStatus.CONFIRMED,
        ProposalStatus.WITHDRAWN,
        ProposalStatus.LAPSED,
    ),
    ProposalStatus.CONFIRMED: (),
    ProposalStatus.WITHDRAWN: (),
    ProposalStatus.LAPSED: (),
}
"""For each status of a proposal, what may follow it."""

PUBLIC_STATUSES = frozenset(RoundStatus) - {_S.IMPORTED, _S.DRAFT}
"""Statuses in which anybody may read the round.

The list of lots is public as soon as hospitals report on it, and the draft document as soon as it
is open for comments: both are addressed to everybody in the field, and nobody could answer what he
cannot read. A cancelled round is public too, since its reason is published; one that was cancelled
as a draft is not (see `is_public`).
"""


class InvalidTransitionError(RefusedError):
    """A round cannot go from its present status to the wanted one."""

    def __init__(self, present: RoundStatus, wanted: RoundStatus) -> None:
        """Keep both statuses."""
        (from_zh, from_en), (to_zh, to_en) = STATUS_NAMES[present], STATUS_NAMES[wanted]
        super().__init__(
            zh=f"批次目前处于“{from_zh}”，不能转为“{to_zh}”。",
            en=f"The round stands at “{from_en}” and cannot go to “{to_en}”.",
        )
        self.present = present
        self.wanted = wanted


class ProposalDecidedError(RefusedError):
    """A proposal was confirmed, withdrawn or lapsed already."""

    def __init__(self, present: ProposalStatus) -> None:
        """Keep where it stands."""
        zh = {
            ProposalStatus.CONFIRMED: "该提议已经复核通过。",
            ProposalStatus.WITHDRAWN: "该提议已经撤回。",
            ProposalStatus.LAPSED: "该提议已经失效：提出之后内容有变。请重新提出。",
        }
        en = {
            ProposalStatus.CONFIRMED: "This proposal was confirmed already.",
            ProposalStatus.WITHDRAWN: "This proposal was withdrawn.",
            ProposalStatus.LAPSED: "This proposal lapsed: something changed after it was made. "
            "Propose it again.",
        }
        super().__init__(zh=zh[present], en=en[present])
        self.present = present


def check_transition(present: RoundStatus, wanted: RoundStatus) -> None:
    """Let a change of status pass, or raise.

    Raises:
        InvalidTransitionError: `TRANSITIONS` does not list it.

    Examples:
        >>> check_transition(RoundStatus.DRAFT, RoundStatus.VOLUME_REPORTING)
        >>> check_transition(RoundStatus.DRAFT, RoundStatus.OPENED)
        Traceback (most recent call last):
        ...
        procurement.rounds.rules.transitions.InvalidTransitionError: The round stands at “draft” \
and cannot go to “opened”.
    """
    if wanted not in TRANSITIONS[present]:
        raise InvalidTransitionError(present, wanted)


def check_proposal_transition(present: ProposalStatus, wanted: ProposalStatus) -> None:
    """Let a change of a proposal pass, or raise.

    Raises:
        ProposalDecidedError: It is decided already.

    Examples:
        >>> check_proposal_transition(ProposalStatus.OPEN, ProposalStatus.CONFIRMED)
    """
    if wanted not in PROPOSAL_TRANSITIONS[present]:
        raise ProposalDecidedError(present)


def is_public(status: RoundStatus, *, was_seen: bool = True) -> bool:
    """Tell whether anybody may read a round.

    Args:
        status: Where it stands.
        was_seen: Whether it ever had a public status, which matters for one that went back to
            the draft or was cancelled: what was never shown stays unseen.

    Examples:
        >>> is_public(RoundStatus.VOLUME_REPORTING), is_public(RoundStatus.DRAFT)
        (True, False)
        >>> is_public(RoundStatus.CANCELLED, was_seen=False)
        False
    """
    if status == RoundStatus.CANCELLED:
        return was_seen
    return status in PUBLIC_STATUSES
