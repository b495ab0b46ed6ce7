"""Expert review: scores in five dimensions and a comment, from each reviewer on his own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.steps import require_status, subject_of
from procurement.negotiations.kinds import DossierStatus, Part
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Dossier, Opinion
from procurement.permissions import Actor

DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "safety": ("安全性", "Safety"),
    "effectiveness": ("有效性", "Effectiveness"),
    "economy": ("经济性", "Economy"),
    "innovation": ("创新性", "Innovation"),
    "fairness": ("公平性", "Fairness"),
}
"""What is scored, 0 to 100; how the five are weighed no source at hand states."""

SCORE_MAX = 100
COMMENT_MAX = 6000


@dataclass(frozen=True, slots=True)
class Given:
    """An opinion with the name of who gave it."""

    opinion: Opinion
    person: str


def give_opinion(
    session: Session,
    *,
    dossier: Dossier,
    scores: Mapping[str, int | None],
    comment: str,
    actor: Actor,
    moment: datetime,
) -> Opinion:
    """Score a dossier; a better opinion is a new one, and the newest of a reviewer counts.

    Raises:
        DossierStateError: It is not in expert review.
        NotFoundForActorError: Not a reviewer of it, or conflicted.
        NotDeclaredError: No interest declared yet.
        InvalidInputError: A score that is missing or beyond 0 to 100, or no comment.
    """
    person_id = require_member(session, dossier, actor=actor, part=Part.REVIEWER)
    require_status(dossier, DossierStatus.PASSED)
    faults = [
        FieldFault(name, "须为 0 至 100 的整数。", "Expected a whole number from 0 to 100.")
        for name in DIMENSIONS
        if not _is_score(scores.get(name))
    ]
    if not 1 <= len(comment) <= COMMENT_MAX:
        faults.append(
            FieldFault(
                "comment",
                f"请写明意见，最多 {COMMENT_MAX} 字。",
                f"Expected a comment of at most {COMMENT_MAX} characters.",
            )
        )
    if faults:
        raise InvalidInputError(faults)
    opinion = Opinion(
        dossier_id=dossier.id,
        person_id=person_id,
        comment=comment,
        given_at=moment,
        **{name: scores[name] for name in DIMENSIONS},
    )
    session.add(opinion)
    session.flush()
    record(
        session,
        actor=actor,
        action="give-opinion",
        subject=subject_of(dossier),
        facts={"opinion": str(opinion.id)},
        moment=moment,
    )
    return opinion


def opinions_of(session: Session, *, dossier_id: int) -> Sequence[Given]:
    """Return the newest opinion of each reviewer, in the order of their first ones."""
    rows = session.execute(
        select(Opinion, Person.name)
        .join(Person, Person.id == Opinion.person_id)
        .where(Opinion.dossier_id == dossier_id)
        .order_by(Opinion.id)
    )
    newest = {opinion.person_id: Given(opinion, name) for opinion, name in rows}
    return list(newest.values())


def mean_scores(given: Sequence[Given]) -> dict[str, Fraction]:
    """Return the mean of each dimension; empty where nobody has scored."""
    if not given:
        return {}
    return {
        name: Fraction(sum(getattr(one.opinion, name) for one in given), len(given))
        for name in DIMENSIONS
    }


def _is_score(score: int | None) -> bool:
    return score is not None and 0 <= score <= SCORE_MAX
