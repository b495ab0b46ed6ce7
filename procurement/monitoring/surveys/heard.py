"""What surveys say about each drug, summed by the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Subquery

from procurement.monitoring.rules.shortages import SupplySignals
from procurement.monitoring.states import Link
from procurement.monitoring.tables import SurveyAnswer, SurveyLine

INSTITUTIONS = (Link.HOSPITAL, Link.PHARMACY)
"""Who says whether a drug can be had: what they order is not counted again from their suppliers."""


def signals_of(
    session: Session, *, survey_ids: Sequence[int], until: datetime | None = None
) -> dict[int, SupplySignals]:
    """Return what surveys say about each generic product.

    An institution is out of a generic in a month where all products of it that it speaks of are
    out; its stock is that of the product that lasts longest. Over several months an institution is
    counted once, its days of stock once a month.

    Args:
        session: Any session.
        survey_ids: The surveys: of a month, or of a quarter's months.
        until: Only answers sent until then; None for all.
    """
    if not survey_ids:
        return {}
    said = _said(survey_ids, until)
    days: dict[int, list[int]] = {}
    ordered: dict[int, int] = {}
    delivered: dict[int, int] = {}
    for generic, lasts, number, packs, came in session.execute(_by_days(said)):
        days.setdefault(generic, []).extend([] if lasts is None else [int(lasts)] * number)
        ordered[generic] = ordered.get(generic, 0) + int(packs or 0)
        delivered[generic] = delivered.get(generic, 0) + int(came or 0)
    leads = {one: number for one, number in session.execute(_leads(survey_ids, until))}
    counts = {
        int(generic): [int(one) for one in numbers]
        for generic, *numbers in session.execute(_by_generic(said))
    }
    return {
        generic: SupplySignals(
            institutions=counts.get(generic, _NOBODY)[0],
            out_of_stock=counts.get(generic, _NOBODY)[1],
            stock_days=tuple(sorted(days.get(generic, ()))),
            ordered=ordered.get(generic, 0),
            delivered=delivered.get(generic, 0),
            leads=int(leads.get(generic, 0)),
            stated_days=counts.get(generic, _NOBODY)[2],
            stated_deliveries=counts.get(generic, _NOBODY)[3],
        )
        for generic in {**counts, **leads}
    }


_NOBODY = (0, 0, 0, 0)


def _by_days(said: Subquery) -> Select[*tuple[Any, ...]]:
    return select(
        said.c.generic, said.c.days, func.count(), func.sum(said.c.ordered), func.sum(said.c.came)
    ).group_by(said.c.generic, said.c.days)


def _by_generic(said: Subquery) -> Select[*tuple[Any, ...]]:
    who = said.c.organisation_id
    out = case((said.c.is_out == 1, who))
    with_days = case((said.c.days.is_not(None), who))
    with_both = case((said.c.ordered.is_not(None), who))
    return select(
        said.c.generic,
        *(func.count(one.distinct()) for one in (who, out, with_days, with_both)),
    ).group_by(said.c.generic)


def _said(survey_ids: Sequence[int], until: datetime | None) -> Subquery:
    """What each institution says of a generic in a month."""
    is_out = case((SurveyLine.is_out_of_stock, 1), else_=0)
    lasts = func.coalesce(SurveyLine.stock_days, case((SurveyLine.is_out_of_stock, 0)))
    is_both = SurveyLine.ordered.is_not(None) & SurveyLine.delivered.is_not(None)
    keys = (SurveyLine.generic_product_id, SurveyAnswer.survey_id, SurveyAnswer.organisation_id)
    return (
        newest_lines(survey_ids, until)
        .with_only_columns(
            keys[0].label("generic"),
            keys[2].label("organisation_id"),
            func.min(is_out).label("is_out"),
            func.max(lasts).label("days"),
            func.sum(case((is_both, SurveyLine.ordered))).label("ordered"),
            func.sum(case((is_both, SurveyLine.delivered))).label("came"),
        )
        .where(SurveyAnswer.link.in_(INSTITUTIONS), SurveyLine.generic_product_id.is_not(None))
        .order_by(None)
        .group_by(*keys)
        .subquery()
    )


def _leads(survey_ids: Sequence[int], until: datetime | None) -> Select[*tuple[Any, ...]]:
    generic = SurveyLine.generic_product_id
    return (
        newest_lines(survey_ids, until)
        .with_only_columns(generic, func.count())
        .where(SurveyAnswer.link == Link.OPINION, generic.is_not(None))
        .order_by(None)
        .group_by(generic)
    )


def newest_lines(
    survey_ids: Sequence[int], until: datetime | None = None
) -> Select[*tuple[Any, ...]]:
    """Select the lines of everybody's newest revision, of those sent until a moment."""
    keys = (SurveyAnswer.survey_id, SurveyAnswer.organisation_id)
    answers = select(*keys, func.max(SurveyAnswer.revision).label("revision")).where(
        SurveyAnswer.survey_id.in_(survey_ids)
    )
    if until is not None:
        answers = answers.where(SurveyAnswer.sent_at <= until)
    newest = answers.group_by(*keys).subquery()
    return (
        select(SurveyLine)
        .join(SurveyAnswer, SurveyAnswer.id == SurveyLine.answer_id)
        .join(
            newest,
            (newest.c.survey_id == SurveyAnswer.survey_id)
            & (newest.c.organisation_id == SurveyAnswer.organisation_id)
            & (newest.c.revision == SurveyAnswer.revision),
        )
        .order_by(SurveyLine.id)
    )


def leads_of(
    session: Session, *, survey_ids: Sequence[int], until: datetime | None = None
) -> Sequence[SurveyLine]:
    """Return the leads of public opinion of some surveys, as the bureau wrote them last."""
    leads = newest_lines(survey_ids, until).where(SurveyAnswer.link == Link.OPINION)
    return list(session.scalars(leads))
