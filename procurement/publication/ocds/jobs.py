"""Durable publishing: each release in its own transaction, begun again wherever it was ended."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.agreements.tables import AgreementTerm
from procurement.jobs import Handler, JobRun, enqueue
from procurement.publication.ocds.publish import Place, publish_next
from procurement.publication.ocds.rules.identifiers import checked_prefix
from procurement.publication.ocds.tables import OcdsRelease
from procurement.publication.ocds.telling import rounds_with_news
from procurement.rounds.tables import Round, RoundEvent
from procurement.settings import Settings

PUBLISH_ROUND = "publish-open-data"
PUBLISH_CHANGES = "publish-contract-data"

DAILY = (PUBLISH_CHANGES,)
"""Agreements and payments are published once a day; events of a round at once."""


def place_of(settings: Settings) -> Place:
    """Return where releases are published.

    Raises:
        BadPrefixError: ``JICAI_OCID_PREFIX`` is no prefix.
    """
    return Place(checked_prefix(settings.ocid_prefix), settings.public_address)


def ask_for_publication(session: Session, *, moment: datetime) -> None:
    """Queue a job for each round of which something is to be told; each is queued once.

    Args:
        session: Session of the caller's transaction.
        moment: Now, aware.
    """
    for round_id in session.scalars(rounds_with_news()).all():
        newest = session.scalar(
            select(RoundEvent.id)
            .where(RoundEvent.round_id == round_id)
            .order_by(RoundEvent.id.desc())
            .limit(1)
        )
        # By the hour: what failed for good, or an amendment, is tried again.
        key = f"{PUBLISH_ROUND} {round_id} {newest} {moment:%Y-%m-%d %H}"
        enqueue(session, kind=PUBLISH_ROUND, payload={"round": round_id}, moment=moment, key=key)


def publish_all(
    transaction: Callable[[], AbstractContextManager[Session]],
    *,
    round_id: int,
    place: Place,
    moment: datetime,
) -> int:
    """Publish all that is to be told of a round, each release in a transaction of its own.

    Args:
        transaction: Opens one; `JobRun.transaction`.
        round_id: The round.
        place: Where it is published.
        moment: Now, aware.

    Returns:
        How many releases were made.
    """
    made = 0
    while True:
        with transaction() as session:
            round_ = session.get_one(Round, round_id)
            release = publish_next(session, round_=round_, place=place, moment=moment)
        if release is None:
            return made
        made += 1


def _publish_round(run: JobRun) -> None:
    round_id = run.payload["round"]
    if not isinstance(round_id, int):
        raise TypeError(f"{PUBLISH_ROUND}: round is {round_id!r}")
    _publish(run, round_id)


def _publish_changes(run: JobRun) -> None:
    with run.transaction() as session:
        published = select(OcdsRelease.round_id)
        terms = select(AgreementTerm.round_id).where(AgreementTerm.round_id.in_(published))
        rounds = sorted(set(session.scalars(terms)))
    for round_id in rounds:
        _publish(run, round_id)


def _publish(run: JobRun, round_id: int) -> None:
    publish_all(
        run.transaction, round_id=round_id, place=place_of(run.settings), moment=run.moment()
    )


HANDLERS: Mapping[str, Handler] = {
    PUBLISH_ROUND: _publish_round,
    PUBLISH_CHANGES: _publish_changes,
}
"""Who carries out which kind of job."""
