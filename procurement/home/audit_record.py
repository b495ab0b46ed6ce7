"""Reading the audit record for those who watch over the platform or over an organisation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, not_, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, Person
from procurement.audit.tables import AuditEntry
from procurement.negotiations.renewals.tables import Bidding, BiddingBid
from procurement.negotiations.tables import Campaign, Dossier
from procurement.rounds.tables import Round, RoundStatus

HIDDEN_UNTIL_CLOSED = ("acknowledge-document",)
"""Who acknowledges a document is about to bid: nobody learns it before closing."""

HIDDEN_UNTIL_OPENED = ("bid",)
"""Who bids for a non-exclusive drug: nobody learns it before all bids of the drug are opened."""

BEFORE_CLOSING = (
    RoundStatus.DRAFT,
    RoundStatus.VOLUME_REPORTING,
    RoundStatus.COMMENTS,
    RoundStatus.PUBLISHED,
    RoundStatus.BIDDING,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the record.

    Attributes:
        entry: What was recorded.
        person: Who did it; empty for the platform itself.
        organisation: For which organisation.
        facts: What was noted, by name.
        link: The page of the thing, if it has one.
    """

    entry: AuditEntry
    person: str
    organisation: str
    facts: dict[str, str]
    link: str | None


def entries(*, organisation_id: int | None, subject: str = "", action: str = "") -> Select[Any]:
    """Select lines of the record, the newest first.

    Args:
        organisation_id: Only what was done for this organisation; None for all.
        subject: Only things whose name begins with this.
        action: Only this action.
    """
    found = select(AuditEntry).where(not_(or_(_is_of_bidders(), _is_of_sealed_bids())))
    if organisation_id is not None:
        found = found.where(AuditEntry.organisation_id == organisation_id)
    if subject:
        found = found.where(AuditEntry.subject.startswith(subject, autoescape=True))
    if action:
        found = found.where(AuditEntry.action == action)
    return found.order_by(AuditEntry.id.desc())


def _is_of_bidders() -> ColumnElement[bool]:
    about = or_(
        AuditEntry.subject == "round/" + Round.name,
        AuditEntry.subject.startswith("round/" + Round.name + "/"),
    )
    is_before = exists().where(Round.status.in_(BEFORE_CLOSING), about)
    return and_(AuditEntry.action.in_(HIDDEN_UNTIL_CLOSED), is_before)


def _is_of_sealed_bids() -> ColumnElement[bool]:
    name = "negotiation/" + Campaign.name + "/dossier/" + cast(Dossier.id, String)
    is_sealed = (
        exists()
        .where(BiddingBid.dossier_id == Dossier.id, BiddingBid.bidding_id == Bidding.id)
        .where(Bidding.opened_at.is_(None), Dossier.campaign_id == Campaign.id)
        .where(AuditEntry.subject == name)
    )
    return and_(AuditEntry.action.in_(HIDDEN_UNTIL_OPENED), is_sealed)


def lines_of(session: Session, found: Sequence[AuditEntry]) -> list[Line]:
    """Add names and links to entries.

    Args:
        session: Any session.
        found: Entries of one page.
    """
    people = _names(session, Person, {one.person_id for one in found})
    organisations = _names(session, Organisation, {one.organisation_id for one in found})
    return [
        Line(
            entry,
            people.get(entry.person_id, ""),
            organisations.get(entry.organisation_id, ""),
            json.loads(entry.facts),
            _link(entry.subject),
        )
        for entry in found
    ]


def _names(session: Session, table: Any, ids: set[int | None]) -> dict[int | None, str]:  # noqa: ANN401 - a table with id and name
    known = select(table.id, table.name).where(table.id.in_(ids - {None}))
    return {row.id: row.name for row in session.execute(known)}


def _link(subject: str) -> str | None:
    kind, _, rest = subject.partition("/")
    name = rest.split("/")[0]
    places = {"round": f"/rounds/{name}", "organisation": f"/organisations/{name}"}
    return places.get(kind) if name else None
