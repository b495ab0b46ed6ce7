"""Keeping evaluation reports."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.awards.tables import EvaluationReport
from procurement.database import text_digest
from procurement.errors import JicaiError
from procurement.rounds.tables import Round


class UnknownRoundError(JicaiError):
    """A report names a round that is not stored."""

    def __init__(self, round_id: int) -> None:
        """Keep the id."""
        super().__init__(f"no round has the id {round_id}")
        self.round_id = round_id


def store_report(
    session: Session,
    *,
    round_id: int,
    report: str,
    rulebook_digest: str,
    code_version: str,
    moment: datetime,
) -> EvaluationReport:
    """Keep a report as it was written; it can never be changed or deleted.

    Args:
        session: Session of the caller's transaction.
        round_id: The evaluated round.
        report: The report as JSON text; it is stored byte for byte.
        rulebook_digest: SHA-256 of the rulebook that was applied, in hexadecimal.
        code_version: Version of the code that evaluated.
        moment: When it was evaluated, aware.

    Returns:
        The stored report, with its id and digest.

    Raises:
        UnknownRoundError: No round has this id.

    Examples:
        >>> from datetime import UTC
        >>> from procurement.database import make_engine, snapshot, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> with snapshot(engine) as session:
        ...     store_report(
        ...         session, round_id=7, report="{}", rulebook_digest="0" * 64,
        ...         code_version="0.1.0", moment=datetime(2026, 1, 5, tzinfo=UTC),
        ...     )
        Traceback (most recent call last):
        ...
        procurement.awards.service.UnknownRoundError: no round has the id 7
        >>> engine.dispose()
    """
    if session.get(Round, round_id) is None:
        raise UnknownRoundError(round_id)
    stored = EvaluationReport(
        round_id=round_id,
        report=report,
        report_digest=text_digest(report),
        rulebook_digest=rulebook_digest,
        code_version=code_version,
        evaluated_at=moment,
    )
    session.add(stored)
    session.flush()
    return stored


def latest_report(session: Session, *, round_id: int) -> EvaluationReport | None:
    """Return the report of a round that was stored last.

    Args:
        session: Any session.
        round_id: The round.

    Returns:
        The report, or None when the round was never evaluated.

    Examples:
        >>> from procurement.database import make_engine, snapshot, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> with snapshot(engine) as session:
        ...     print(latest_report(session, round_id=7))
        None
        >>> engine.dispose()
    """
    # By id and not by moment: ids follow the order of storing, clocks can be set back.
    newest_first = (
        select(EvaluationReport)
        .where(EvaluationReport.round_id == round_id)
        .order_by(EvaluationReport.id.desc())
        .limit(1)
    )
    return session.scalars(newest_first).one_or_none()


def evaluations_of(session: Session, *, round_id: int) -> Sequence[tuple[int, datetime]]:
    """Return id and moment of every evaluation of a round, the first one first.

    Args:
        session: Any session.
        round_id: The round.
    """
    # Without the reports, which are long.
    rows = session.execute(
        select(EvaluationReport.id, EvaluationReport.evaluated_at)
        .where(EvaluationReport.round_id == round_id)
        .order_by(EvaluationReport.id)
    )
    return [(report_id, moment) for report_id, moment in rows]
