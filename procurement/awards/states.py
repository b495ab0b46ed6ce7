"""What answers, objections and awards are called; pure, so that rules and tables share them."""

from enum import StrEnum


class Verdict(StrEnum):
    """What became of an objection, or of an appeal."""

    UPHELD = "upheld"
    """It is right: the round is evaluated again."""
    PARTLY_UPHELD = "partly-upheld"
    """Part of it is right: the round is evaluated again."""
    REJECTED = "rejected"
    NOT_ACCEPTED = "not-accepted"
    """It is not one that is looked into, as for want of a reason."""

    @property
    def reopens(self) -> bool:
        """Whether the notice falls and the round is evaluated again."""
        return self in (Verdict.UPHELD, Verdict.PARTLY_UPHELD)


class Instance(StrEnum):
    """Who answers: the bureau's officers, or after an appeal its supervisors."""

    OBJECTION = "objection"
    APPEAL = "appeal"


class ServedPaper(StrEnum):
    """Which paper was served on the objector."""

    RECEIPT = "receipt"
    """That the objection was received (受理通知)."""
    ANSWER = "answer"
    """The answer (答复)."""
    APPEAL_ANSWER = "appeal-answer"


class ServiceWay(StrEnum):
    """How a paper was served."""

    PLATFORM = "platform"
    POST = "post"
    IN_PERSON = "in-person"


class PriceSource(StrEnum):
    """Where the price of a winner's pack comes from."""

    DECLARED = "declared"
    ACCEPTED = "accepted"
    """Accepted after the opening: revival, talks."""
    CONVERTED = "converted"
    """From the price that stands, by the rulebook's price ratios."""


VERDICT_NAMES: dict[Verdict, tuple[str, str]] = {
    Verdict.UPHELD: ("成立", "upheld"),
    Verdict.PARTLY_UPHELD: ("部分成立", "upheld in part"),
    Verdict.REJECTED: ("不成立", "rejected"),
    Verdict.NOT_ACCEPTED: ("不予受理", "not accepted"),
}
"""In Chinese and in English, as pages print it."""

SERVED_NAMES: dict[ServedPaper, tuple[str, str]] = {
    ServedPaper.RECEIPT: ("受理通知", "receipt"),
    ServedPaper.ANSWER: ("答复", "answer"),
    ServedPaper.APPEAL_ANSWER: ("复核答复", "answer to the appeal"),
}

WAY_NAMES: dict[ServiceWay, tuple[str, str]] = {
    ServiceWay.PLATFORM: ("平台送达", "on the platform"),
    ServiceWay.POST: ("邮寄送达", "by post"),
    ServiceWay.IN_PERSON: ("直接送达", "in person"),
}
