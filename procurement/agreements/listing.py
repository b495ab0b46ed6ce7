"""Which agreements somebody sees: the own ones, those of the led group, or a bureau's region's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.states import AgreementStatus, Party
from procurement.agreements.tables import Agreement, AgreementTerm
from procurement.china_days import day_in_china
from procurement.permissions import Actor, Role
from procurement.rounds.tables import Round
from procurement.volumes.groups import members_of
from procurement.volumes.rules import region_prefix

PARTY_OF_ROLE = {
    Role.HOSPITAL: Party.HOSPITAL,
    Role.MANUFACTURER: Party.MANUFACTURER,
    Role.DISTRIBUTOR: Party.DISTRIBUTOR,
}


@dataclass(frozen=True, slots=True)
class View:
    """As what somebody looks at a term's agreements.

    Attributes:
        party: A party's own agreements; None for a bureau.
        organisations: Of the party: the own one, and the members that it leads.
        division: Hospitals of this division, for a bureau; empty for all.
    """

    party: Party | None
    organisations: tuple[int, ...] = ()
    division: str = ""


def view_of(session: Session, *, round_: Round, actor: Actor, moment: datetime) -> View:
    """Say as what somebody looks at agreements of a round."""
    own = actor.organisation_id
    for role, party in PARTY_OF_ROLE.items():
        if role in actor.roles and own is not None:
            led: Sequence[Organisation] = ()
            if party is Party.HOSPITAL:
                led = members_of(session, lead_id=own, day=day_in_china(moment))
            return View(party, (own, *(one.id for one in led)))
    is_lead = own == round_.bureau_id
    return View(None, division="" if is_lead else region_prefix(actor.region))


def agreements_seen(
    view: View, *, term: AgreementTerm, status: str = "", region: str = ""
) -> Select[Agreement]:
    """Select the agreements of a term that somebody sees, by id."""
    statement = select(Agreement).where(Agreement.term_id == term.id).order_by(Agreement.id)
    if view.party is Party.HOSPITAL:
        statement = statement.where(Agreement.hospital_id.in_(view.organisations))
    elif view.party is Party.MANUFACTURER:
        statement = statement.where(Agreement.organisation_id.in_(view.organisations))
    elif view.party is Party.DISTRIBUTOR:
        statement = statement.where(Agreement.distributor_id.in_(view.organisations))
    elif view.division:
        hospital = select(Organisation.id).where(Organisation.region.startswith(view.division))
        statement = statement.where(Agreement.hospital_id.in_(hospital))
    if status:
        statement = statement.where(Agreement.status == status)
    if region:
        statement = statement.where(Agreement.region == region)
    return statement


def count_by_status(session: Session, seen: Select[Agreement]) -> dict[str, int]:
    """Count agreements by status."""
    inner = seen.order_by(None).subquery()
    rows = session.execute(
        select(inner.c.status, func.count()).select_from(inner).group_by(inner.c.status)
    )
    found: dict[str, int] = {str(status): number for status, number in rows}
    return {status.value: found.get(status, 0) for status in AgreementStatus}


def organisations_named(session: Session, agreements: Sequence[Agreement]) -> dict[int, str]:
    """Return the names of all parties of some agreements."""
    ids = {
        one
        for row in agreements
        for one in (row.hospital_id, row.organisation_id, row.distributor_id)
        if one is not None
    }
    rows: Any = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    )
    return {one: name for one, name in rows}
