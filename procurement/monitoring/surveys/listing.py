"""Surveys as lists: a bureau's with how many answered, a firm's own with what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.monitoring.states import Link, SurveyStatus
from procurement.monitoring.tables import (
    MonitoringSurvey,
    SurveyAddressee,
    SurveyAnswer,
    SurveyLine,
)
from procurement.permissions import Actor
from procurement.volumes.rules import region_prefix


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of a link answered.

    Attributes:
        link: Which.
        asked: Organisations.
        answered: Those of them that sent something.
        lines: Drugs that they spoke of, by their newest revisions.
    """

    link: Link
    asked: int
    answered: int
    lines: int

    @property
    def share(self) -> Fraction | None:
        """Part that answered."""
        return Fraction(self.answered, self.asked) if self.asked else None


def surveys_of(*, actor: Actor) -> Select[Any]:
    """Select the surveys of the actor's bureau and of those in its region, newest first."""
    within = MonitoringSurvey.region.startswith(region_prefix(actor.region), autoescape=True)
    own = MonitoringSurvey.bureau_id == actor.organisation_id
    return (
        select(MonitoringSurvey)
        .where(within | own)
        .order_by(MonitoringSurvey.month.desc(), MonitoringSurvey.id.desc())
    )


def surveys_asking(*, organisation_id: int) -> Select[*tuple[Any, ...]]:
    """Select the surveys that ask an organisation, newest first, with how it was asked."""
    return (
        select(MonitoringSurvey, SurveyAddressee)
        .join(SurveyAddressee, SurveyAddressee.survey_id == MonitoringSurvey.id)
        .where(SurveyAddressee.organisation_id == organisation_id)
        .where(SurveyAddressee.link != Link.OPINION)
        .order_by(MonitoringSurvey.month.desc(), MonitoringSurvey.id.desc())
    )


def addressee_of(
    session: Session, *, survey_id: int, organisation_id: int | None
) -> SurveyAddressee | None:
    """Return how an organisation is asked; None where it is not."""
    return session.scalars(
        select(SurveyAddressee).filter_by(survey_id=survey_id, organisation_id=organisation_id)
    ).one_or_none()


def turnout_of(session: Session, *, survey_id: int) -> list[Turnout]:
    """Return how many answered, by link."""
    asked = {
        link: (int(number), int(answered or 0))
        for link, number, answered in session.execute(
            select(
                SurveyAddressee.link,
                func.count(),
                func.count(SurveyAddressee.answered_at),
            )
            .where(SurveyAddressee.survey_id == survey_id)
            .group_by(SurveyAddressee.link)
        )
    }
    lines = {
        link: int(number)
        for link, number in session.execute(
            _current(survey_id)
            .with_only_columns(SurveyAnswer.link, func.sum(SurveyAnswer.lines))
            .group_by(SurveyAnswer.link)
        )
    }
    return [Turnout(link, *asked.get(link, (0, 0)), lines.get(link, 0)) for link in Link]


def _current(survey_id: int) -> Select[Any]:
    """The newest revision of everybody's answer."""
    return (
        select(SurveyAnswer)
        .join(
            SurveyAddressee,
            (SurveyAddressee.survey_id == SurveyAnswer.survey_id)
            & (SurveyAddressee.organisation_id == SurveyAnswer.organisation_id)
            & (SurveyAddressee.answers == SurveyAnswer.revision),
        )
        .where(SurveyAnswer.survey_id == survey_id)
    )


def current_lines(survey_id: int) -> Select[*tuple[Any, ...]]:
    """Select the lines that count, with their answers and who sent them."""
    return (
        _current(survey_id)
        .join(SurveyLine, SurveyLine.answer_id == SurveyAnswer.id)
        .join(Organisation, Organisation.id == SurveyAnswer.organisation_id)
        .with_only_columns(SurveyLine, SurveyAnswer.link, Organisation.name)
        .order_by(SurveyAnswer.link, SurveyAnswer.organisation_id, SurveyLine.number)
    )


def own_lines(session: Session, *, survey_id: int, organisation_id: int) -> Sequence[SurveyLine]:
    """Return what an organisation said last."""
    lines = current_lines(survey_id).where(SurveyAnswer.organisation_id == organisation_id)
    return [row[0] for row in session.execute(lines)]


def waiting_in(session: Session, *, survey_id: int, limit: int = 200) -> Sequence[Any]:
    """Return who has not answered: name and link, in the order of links and names."""
    rows = session.execute(
        select(Organisation.name, SurveyAddressee.link)
        .join(Organisation, Organisation.id == SurveyAddressee.organisation_id)
        .where(SurveyAddressee.survey_id == survey_id, SurveyAddressee.answers == 0)
        .where(SurveyAddressee.link != Link.OPINION)
        .order_by(SurveyAddressee.link, Organisation.name)
        .limit(limit)
    )
    return list(rows)


def surveys_in(
    session: Session, *, bureau_id: int, since: date, until: date
) -> Sequence[MonitoringSurvey]:
    """Return a bureau's surveys of some months, oldest first."""
    return session.scalars(
        select(MonitoringSurvey)
        .where(MonitoringSurvey.bureau_id == bureau_id)
        .where(MonitoringSurvey.month.between(since, until))
        .order_by(MonitoringSurvey.month)
    ).all()


def open_for(session: Session, *, organisation_id: int) -> Sequence[MonitoringSurvey]:
    """Return the open surveys that an organisation has not answered."""
    return session.scalars(
        select(MonitoringSurvey)
        .join(SurveyAddressee, SurveyAddressee.survey_id == MonitoringSurvey.id)
        .where(SurveyAddressee.organisation_id == organisation_id)
        .where(SurveyAddressee.answers == 0, SurveyAddressee.link != Link.OPINION)
        .where(MonitoringSurvey.status == SurveyStatus.OPEN)
        .order_by(MonitoringSurvey.closes_at)
    ).all()
