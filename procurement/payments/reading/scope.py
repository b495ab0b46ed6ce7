"""As what somebody looks at payments: the own ones, those of the led group, or a region's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.permissions import Actor, Role
from procurement.volumes.groups import members_of
from procurement.volumes.rules import region_prefix

Column = Any
"""A column of a table, or what stands for it."""


class Side(StrEnum):
    """Who looks."""

    HOSPITAL = "hospital"
    COMPANY = "company"
    """A maker or a distributor."""
    AGENCY = "agency"
    BUREAU = "bureau"


SIDE_OF_ROLE = {
    Role.FUND_AGENCY: Side.AGENCY,
    Role.HOSPITAL: Side.HOSPITAL,
    Role.MANUFACTURER: Side.COMPANY,
    Role.DISTRIBUTOR: Side.COMPANY,
    Role.OFFICER: Side.BUREAU,
    Role.EVALUATOR: Side.BUREAU,
    Role.SUPERVISOR: Side.BUREAU,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody sees of payments.

    Attributes:
        side: As what.
        organisation_id: The own organisation.
        organisations: The own one, and for a hospital the members that it leads.
        division: Beginning of the codes of the own region, for agencies and bureaus; empty for
            all.
    """

    side: Side
    organisation_id: int
    organisations: tuple[int, ...]
    division: str = ""

    @property
    def is_regional(self) -> bool:
        """Whether it is a region that is looked at, and not an organisation."""
        return self.side in (Side.AGENCY, Side.BUREAU)

    def sees(self, hospital: Column, *companies: Column) -> ColumnElement[bool]:
        """Return the condition under which a row is seen.

        Args:
            hospital: Column with the hospital whose goods or money it is.
            companies: Columns with the companies concerned.
        """
        if self.side is Side.HOSPITAL:
            return or_(false(), hospital.in_(self.organisations))
        if self.side is Side.COMPANY:
            return or_(false(), *(company == self.organisation_id for company in companies))
        return self.sees_region(hospital)

    def sees_region(self, organisation: Column) -> ColumnElement[bool]:
        """Return the condition under which an organisation lies in the own region."""
        if not self.division:
            return true()
        return or_(
            false(),
            organisation.in_(
                select(Organisation.id).where(Organisation.region.startswith(self.division))
            ),
        )


def scope_of(session: Session, *, actor: Actor, moment: datetime) -> Scope | None:
    """Say as what somebody looks at payments; None where no role has to do with them.

    Args:
        session: Any session.
        actor: Who looks.
        moment: Now, aware: members are those whom the group has today.
    """
    own = actor.organisation_id
    side = next((side for role, side in SIDE_OF_ROLE.items() if role in actor.roles), None)
    if side is None or own is None:
        return None
    led: tuple[int, ...] = ()
    if side is Side.HOSPITAL:
        led = tuple(one.id for one in members_of(session, lead_id=own, day=day_in_china(moment)))
    division = region_prefix(actor.region) if side in (Side.AGENCY, Side.BUREAU) else ""
    return Scope(side, own, (own, *led), division)
