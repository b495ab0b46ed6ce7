"""What papers, openings and bids are called; pure, so that rules and tables share them."""

from enum import StrEnum


class PaperKind(StrEnum):
    """What an eligibility paper is."""

    APPLICATION = "application"
    """Application letter (申报函)."""
    AUTHORISATION = "authorisation"
    """The legal representative's authorisation of whoever acts (授权书)."""
    CERTIFICATE = "certificate"
    """A certificate with a last day: approval, licence, consistency evaluation (证书)."""
    PROMISE = "promise"
    """A promise: supply, quality, price conduct (承诺函)."""


class SealVerdict(StrEnum):
    """What the electronic seal on a paper is worth."""

    NONE = "none"
    """The file carries no electronic seal; a scan with a stamp is judged by eye."""
    VALID = "valid"
    FOREIGN = "foreign"
    """A good seal, of somebody else."""
    INVALID = "invalid"


class PaperStatus(StrEnum):
    """Where a manufacturer's papers of one round stand; `rules.PAPER_STEPS` says what follows."""

    COLLECTING = "collecting"
    """Not yet handed in; never stored."""
    SUBMITTED = "submitted"
    DEFICIENT = "deficient"
    """Something is missing; it can be completed until the deadline."""
    ADMITTED = "admitted"
    REJECTED = "rejected"


class OpeningWay(StrEnum):
    """How bids were opened."""

    SHARES = "shares"
    REVEALED_KEYS = "revealed-keys"


class BidVerdict(StrEnum):
    """What came out of a bid's envelope."""

    OPENED = "opened"
    INCONSISTENT = "inconsistent"
    """What the bidder sealed does not fit what the bidder signed."""
    NOT_REVEALED = "not-revealed"
    """No quorum, and the bidder did not reveal his key in time: withdrawn."""


PAPER_NAMES: dict[PaperKind, tuple[str, str]] = {
    PaperKind.APPLICATION: ("申报函", "application letter"),
    PaperKind.AUTHORISATION: ("授权书", "authorisation"),
    PaperKind.CERTIFICATE: ("证书", "certificate"),
    PaperKind.PROMISE: ("承诺函", "promise"),
}

PAPER_STATUS_NAMES: dict[PaperStatus, tuple[str, str]] = {
    PaperStatus.COLLECTING: ("未提交", "not handed in"),
    PaperStatus.SUBMITTED: ("审核中", "being checked"),
    PaperStatus.DEFICIENT: ("待补正", "to be completed"),
    PaperStatus.ADMITTED: ("审核通过", "admitted"),
    PaperStatus.REJECTED: ("审核不通过", "rejected"),
}
