"""Campaigns by machine: what is under way, whose summaries are public, which standards it gave."""

from dataclasses import dataclass
from datetime import date, datetime

from litestar import get
from litestar.params import FromPath

from procurement.negotiations.at_edge import campaign_for
from procurement.negotiations.campaigns.service import campaigns_of
from procurement.negotiations.dossiers.filing import dossiers_for, summaries_of
from procurement.negotiations.sessions.standards import standards_of
from procurement.negotiations.tables import Campaign, Dossier
from procurement.permissions import Action
from procurement.prices.service import superseded_from
from procurement.web import Visit, reads


@dataclass(frozen=True, slots=True)
class CampaignEntry:
    """A campaign in a list.

    Attributes:
        name: Short name in addresses.
        title: Its title.
        year: Of the catalogue.
        status: draft, open or concluded.
        rulebook: Of the talks.
        renewal_rulebook: Of renewals.
        files_from: Dossiers are taken from this moment.
        files_until: And before this one.
        starts_on: First day of the agreements.
        ends_on: Last day.
    """

    name: str
    title: str
    year: int
    status: str
    rulebook: str
    renewal_rulebook: str
    files_from: datetime
    files_until: datetime
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """The campaigns that the caller may see; all stand on one page.

    Attributes:
        items: Newest first.
        next_cursor: Always null.
    """

    items: list[CampaignEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """A dossier in a list.

    Attributes:
        id: Names it in addresses.
        product: Generic name.
        manufacturer: Whose.
        track: regular, rare-disease, renewal or non-exclusive.
        status: Where it stands.
        version: Counts changes.
    """

    id: int
    product: str
    manufacturer: str
    track: str
    status: str
    version: int


@dataclass(frozen=True, slots=True)
class StandardEntry:
    """A payment standard.

    Attributes:
        product: Generic name.
        strength: As printed.
        pack_units: Minimal units in the priced unit.
        price: Yuan per priced unit.
        way: talks, renewal or bidding.
        starts_on: First day.
        ends_on: Last day.
        superseded_on: From when a later one holds in its place; null where none does.
    """

    product: str
    strength: str
    pack_units: int
    price: str
    way: str
    starts_on: date
    ends_on: date
    superseded_on: date | None


@dataclass(frozen=True, slots=True)
class CampaignDetail:
    """A campaign.

    Attributes:
        campaign: As in the list.
        dossiers: Those that the caller works on.
        summaries: Those that passed formal review: their summaries are public.
        standards: What it led to.
    """

    campaign: CampaignEntry
    dossiers: list[DossierEntry]
    summaries: list[DossierEntry]
    standards: list[StandardEntry]


def dossier_entry(dossier: Dossier) -> DossierEntry:
    """A dossier as the interface gives it."""
    return DossierEntry(
        dossier.id,
        dossier.product,
        dossier.organisation.name,
        dossier.track,
        dossier.status,
        dossier.version,
    )


def _entry(campaign: Campaign) -> CampaignEntry:
    return CampaignEntry(
        campaign.name,
        campaign.title,
        campaign.year,
        campaign.status,
        campaign.rulebook,
        campaign.renewal_rulebook,
        campaign.files_from,
        campaign.files_until,
        campaign.starts_on,
        campaign.ends_on,
    )


@get("/api/v1/negotiations", tags=["negotiations"])
@reads
def list_campaigns(visit: Visit) -> CampaignPage:
    """List the catalogue negotiations that the caller may see."""
    rows = campaigns_of(visit.session, actor=visit.actor)
    return CampaignPage([_entry(one) for one in rows], None)


@get("/api/v1/negotiations/{campaign:str}", tags=["negotiations"])
@reads
def read_campaign(visit: Visit, campaign: FromPath[str]) -> CampaignDetail:
    """Read a catalogue negotiation with its dossiers and payment standards."""
    found = campaign_for(visit, campaign, Action.READ_CAMPAIGN)
    standards = standards_of(visit.session, campaign_id=found.id)
    later = superseded_from(visit.session, [price for _, _, price in standards])
    return CampaignDetail(
        campaign=_entry(found),
        dossiers=[
            dossier_entry(one)
            for one in dossiers_for(visit.session, campaign=found, actor=visit.actor)
        ],
        summaries=[dossier_entry(one) for one in summaries_of(visit.session, campaign_id=found.id)],
        standards=[
            StandardEntry(
                dossier.product,
                price.strength,
                price.pack_units,
                f"{price.pack_price.normalize():f}",
                standard.way,
                standard.starts_on,
                standard.ends_on,
                later.get(price.id),
            )
            for standard, dossier, price in standards
        ],
    )


ROUTES = (list_campaigns, read_campaign)
"""Handlers of this module."""
