"""Whom a survey asks: the organisations of four links; leads of the fifth the bureau collects."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Insert, insert, literal, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.monitoring.states import Link
from procurement.monitoring.tables import SurveyAddressee
from procurement.prices.listing import holds_on
from procurement.prices.tables import Price
from procurement.volumes.rules import region_prefix

KINDS: Mapping[Link, OrganisationKind] = {
    Link.MAKER: OrganisationKind.MANUFACTURER,
    Link.DISTRIBUTOR: OrganisationKind.DISTRIBUTOR,
    Link.HOSPITAL: OrganisationKind.HOSPITAL,
    Link.PHARMACY: OrganisationKind.PHARMACY,
}
"""What the organisations of a link are."""

_NATION, _PROVINCE, _CITY = "000000", 2, 4


def ask_all(session: Session, *, survey_id: int, bureau_id: int, region: str, day: date) -> None:
    """Note whom a survey asks.

    Distributors, hospitals and pharmacies of the region; manufacturers with a price that holds
    there; and the bureau itself, for the leads of public opinion.

    Args:
        session: Session of the caller's transaction.
        survey_id: The survey.
        bureau_id: Who runs it.
        region: Its division.
        day: On which prices must hold.
    """
    for link, kind in KINDS.items():
        where = _has_price(region, day) if link is Link.MAKER else _lies_in(region)
        session.execute(_adding(survey_id, link, (Organisation.kind == kind) & where))
    session.execute(_adding(survey_id, Link.OPINION, Organisation.id == bureau_id))


def _adding(survey_id: int, link: Link, where: ColumnElement[bool]) -> Insert:
    asked = select(literal(survey_id), Organisation.id, literal(link.value), literal(0)).where(
        Organisation.is_active, where
    )
    columns = ["survey_id", "organisation_id", "link", "answers"]
    return insert(SurveyAddressee).from_select(columns, asked.order_by(Organisation.id))


def _lies_in(region: str) -> ColumnElement[bool]:
    return Organisation.region.startswith(region_prefix(region), autoescape=True)


def _has_price(region: str, day: date) -> ColumnElement[bool]:
    return (
        select(Price.id)
        .where(Price.organisation_id == Organisation.id, holds_there(region), holds_on(day))
        .exists()
    )


def holds_there(region: str) -> ColumnElement[bool]:
    """The condition on prices that they hold in a division or in a part of it."""
    above = {_NATION, f"{region[:_PROVINCE]}0000", f"{region[:_CITY]}00", region}
    within = Price.region.startswith(region_prefix(region), autoescape=True)
    return or_(Price.region.in_(sorted(above)), within)
