"""One finding of an examination, in both languages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bidding.sealing.errors import SealingError


class Outcome(StrEnum):
    """What an examination says of one thing."""

    HOLDS = "holds"
    FAILS = "fails"
    UNCHECKED = "unchecked"
    """Something needed for the check is not in the bundle."""


class Blame(StrEnum):
    """Whose own signature, or lack of one, shows that it did wrong."""

    SERVER = "server"
    BIDDER = "bidder"
    HOLDER = "holder"
    EVALUATION = "evaluation"
    """Who evaluated: the report does not follow from the bids, the facts and the rules."""
    PRESENTER = "presenter"
    """Who passed the documents on: they are not as the one who signed them left them."""
    UNKNOWN = "unknown"
    """The documents do not fit together; they do not show who changed them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one document.

    Attributes:
        about: The document: its kind and the beginning of its digest, or its file.
        outcome: Whether it holds.
        zh: One sentence in Chinese.
        en: The same in English.
        blame: Who is at fault, where something fails.
        party: Which of them: the bidder's name, or a holder's seat in decimal; else empty.
        is_lacking: It could not be checked because the bundle lacks what the document names; a
            bundle that its server calls whole may lack nothing.
    """

    about: str
    outcome: Outcome
    zh: str
    en: str
    blame: Blame | None = None
    party: str = ""
    is_lacking: bool = False


Findings = Iterator[Finding]


def holds(about: str, zh: str, en: str) -> Finding:
    """A check that succeeded."""
    return Finding(about, Outcome.HOLDS, zh, en)


def unchecked(about: str, zh: str, en: str, *, is_lacking: bool = False) -> Finding:
    """A check that the bundle does not allow."""
    return Finding(about, Outcome.UNCHECKED, zh, en, is_lacking=is_lacking)


def fails(
    about: str, zh: str, en: str, blame: Blame = Blame.UNKNOWN, *, party: str = ""
) -> Finding:
    """A check that failed."""
    return Finding(about, Outcome.FAILS, zh, en, blame, party)


def trial(
    about: str, check: Callable[[], None], *, zh: str, en: str, blame: Blame = Blame.UNKNOWN
) -> Finding:
    """The finding of a check that raises where something is wrong.

    Args:
        about: The document.
        check: Raises a `SealingError` where it fails.
        zh: What holds otherwise.
        en: The same in English.
        blame: Who is at fault where it fails.
    """
    try:
        check()
    except SealingError as refusal:
        return fails(about, f"不成立：{refusal}。", f"Does not hold: {refusal}.", blame)
    return holds(about, zh, en)


def short(digest: str) -> str:
    """The beginning of a digest, enough to recognise it."""
    return digest[:12]
