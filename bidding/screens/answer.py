"""What a screen answers: one of three words, with its figure, its limit and a reason.

An answer is a prompt to look at a file, never a finding. It is shown to the evaluator only, and
results come in the order of screens and subjects, never in the order of figures, so that no list
of firms ranked by suspicion can arise.
"""

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """The three answers of a screen; there is no fourth, and silence is not one of them."""

    FLAGGED = "flagged"
    """Unusual: look at the bids concerned. Says nothing about guilt."""

    NOT_FLAGGED = "not-flagged"
    """Within what competition gives, as far as this screen can see."""

    NOT_ASSESSABLE = "not-assessable"
    """Too little is known; the reason says what is missing."""


class SubjectKind(StrEnum):
    """What an answer is about."""

    LOT = "lot"
    """One lot of the round."""

    BIDDER = "bidder"
    """A manufacturer, or the firms under one control together."""

    ROUND = "round"
    """The round as a whole, or the round against the one before it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The same words in Chinese and in English.

    Examples:
        >>> Wording("变异系数", "coefficient of variation").zh
        '变异系数'
    """

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The lot, bidder or round that an answer is about.

    Examples:
        >>> Subject(SubjectKind.LOT, "L01")
        Subject(kind=<SubjectKind.LOT: 'lot'>, name='L01')
    """

    kind: SubjectKind
    name: str


@dataclass(frozen=True, slots=True, order=True)
class BidReference:
    """Where a bid is found: bid ids are unique within a lot, lot ids within a round.

    Examples:
        >>> BidReference("third round", "L01", "A") < BidReference("third round", "L02", "A")
        True
    """

    round_name: str
    lot: str
    bid: str


@dataclass(frozen=True, slots=True)
class Observation:
    """A side figure shown beside the main one, without unit unless its name says so.

    Examples:
        >>> Observation("winners", 2.0)
        Observation(name='winners', value=2.0)
    """

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """One answer of one screen about one subject.

    Attributes:
        screen: Id of the screen, a key of ``SCREENS``.
        subject: What the answer is about.
        answer: Flagged, not flagged or not assessable.
        figure: The figure of the screen; None where it could not be computed.
        n: How many prices, bids or pairs the figure rests on.
        threshold: The limit used. For simulated screens the highest chance that is flagged, for
            the others a limit on the figure itself; None where nothing was compared.
        chance: Probability of a figure at least as extreme under simulated competition; None for
            screens that simulate nothing.
        reason: One sentence in Chinese and in English.
        bids: The bids concerned, in order.
        details: Side figures.
    """

    screen: str
    subject: Subject
    answer: Answer
    figure: float | None
    n: int
    threshold: float | None
    chance: float | None
    reason: Wording
    bids: tuple[BidReference, ...] = ()
    details: tuple[Observation, ...] = ()


def refuse(
    screen: str, subject: Subject, reason: Wording, *, n: int, bids: tuple[BidReference, ...] = ()
) -> ScreenResult:
    """Answer *not assessable*, with the reason and without a figure.

    Examples:
        >>> lot = Subject(SubjectKind.LOT, "L01")
        >>> result = refuse("cv", lot, Wording("报价不足", "too few prices"), n=3)
        >>> print(result.answer, result.n, result.figure, result.reason.en)
        not-assessable 3 None too few prices
    """
    return ScreenResult(
        screen=screen,
        subject=subject,
        answer=Answer.NOT_ASSESSABLE,
        figure=None,
        n=n,
        threshold=None,
        chance=None,
        reason=reason,
        bids=bids,
    )
