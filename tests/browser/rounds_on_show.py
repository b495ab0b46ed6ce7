"""Rounds in several states and the people who work on them, for looking at their pages."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from bidding.sealing import Manifest
from procurement.bids.kinds import PaperKind
from procurement.bids.opening.shares import envelopes_to_unseal, post_shares
from procurement.bids.papers.service import hand_in_paper, submit_papers
from procurement.bids.rules import NewPaper
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from tests.procurement.bids.world import SECRET, Maker
from tests.procurement.bids.world import World as BidsWorld
from tests.procurement.rounds.world import new_person
from tests.procurement.volumes import world as volumes

SHARES_GIVEN = 2


@dataclass(frozen=True)
class OnShow:
    """Who looks at what.

    Attributes:
        people: Ids of people by role.
        places: Addresses by what they show.
    """

    people: dict[str, int]
    places: dict[str, str]


def bidding_rounds(engine: Engine, data: Path) -> OnShow:
    """Store a draft, a round in bidding and one that is closed and being opened."""
    draft = BidsWorld(engine, name="draft-1")
    ready = BidsWorld(engine, name="ready-1")
    ready.hand_over_all_keys()
    bidding = BidsWorld(engine, name="bidding-1")
    manifest = bidding.prepare()
    maker, applicant = bidding.new_maker(), bidding.new_maker(admitted=False)
    _apply(engine, data, bidding, applicant)
    closed = BidsWorld(engine, name="closed-1")
    # Makers of all rounds are numbered on, as their credit codes must differ.
    closed.makers.extend(bidding.makers)
    manifest = closed.prepare()
    bidder = closed.new_maker()
    closed.bid(bidder, manifest)
    closed.bid(closed.new_maker(), manifest)
    closed.close()
    _give_shares(engine, closed, manifest)
    with transaction(engine) as session:
        supervisor = new_person(session, bidding.bureau, Role.SUPERVISOR)
        administrator = new_person(session, bidding.bureau, Role.OFFICER, Role.ADMINISTRATOR)
        people = {"supervisor": supervisor.id, "administrator": administrator.id}
    return OnShow(
        {
            **people,
            "drafting officer": draft.officers[0].id,
            "rehearsing officer": ready.officers[0].id,
            "officer": bidding.officers[0].id,
            "opening officer": closed.officers[0].id,
            "evaluator": _id(bidding.evaluator.person_id),
            "new keyholder": _id(draft.holder_actors[0].person_id),
            "keyholder": _id(closed.holder_actors[SHARES_GIVEN].person_id),
            "maker": maker.person_id,
            "applicant": applicant.person_id,
            "bidder": bidder.person_id,
        },
        {
            "draft": "/rounds/draft-1",
            "ready": "/rounds/ready-1",
            "bidding": "/rounds/bidding-1",
            "closed": "/rounds/closed-1",
            "application": f"/rounds/bidding-1/papers/{applicant.id}",
            "organisation": f"/organisations/{bidding.bureau.id}",
        },
    )


def reporting_round(engine: Engine) -> OnShow:
    """Store a round in volume reporting: one report that is being filled in, one that was sent."""
    with transaction(engine) as session:
        world = volumes.new_world(session)
        years = volumes.past(world)
        for brand in world.brands:
            volumes.list_product(session, brand, "阿那曲唑", "1mg")
        for hospital in (world.hospital, world.lead, *world.members):
            bought = {years[0]: 12000, years[1]: 13400}
            volumes.buy(session, hospital, "阿那曲唑", "1mg", bought, brand=world.brands[0])
            bought = {years[0]: 48000, years[1]: 52000}
            volumes.buy(session, hospital, "阿莫西林", "250mg", bought)
        report = volumes.start(session, world)
        volumes.fill(
            session,
            report,
            volumes.entry(world, "L01", "1mg", 9000, world.brands[0]),
            volumes.entry(world, "L02", "250mg", 50000),
        )
        group = volumes.start(session, world, world.lead)
        people = {
            "officer": _id(world.officer.person_id),
            "pharmacist": _id(world.pharmacist.person_id),
            "lead pharmacist": _id(world.lead_pharmacist.person_id),
        }
        place = f"/rounds/{world.round.name}"
        reports = f"{place}/volumes/reports"
        return OnShow(
            people,
            {
                "round": place,
                "report": f"{reports}/{report.id}",
                "group": f"{reports}/{group.id}",
            },
        )


def _apply(engine: Engine, data: Path, world: BidsWorld, maker: Maker) -> None:
    with transaction(engine) as session:
        round_, moment = world.round(session), database_moment(session)
        for kind in PaperKind:
            paper = NewPaper(
                kind=kind,
                title="盖章扫描件",
                file_name=f"{kind}.pdf",
                content=b"%PDF-1.7 scanned with a stamp " + kind.encode(),
                expires_on=date(2099, 1, 1) if kind == PaperKind.CERTIFICATE else None,
            )
            hand_in_paper(
                session, round_=round_, actor=maker.actor, paper=paper, data=data, moment=moment
            )
        submit_papers(session, round_=round_, actor=maker.actor, moment=moment)


def _give_shares(engine: Engine, world: BidsWorld, manifest: Manifest) -> None:
    for seat in range(1, SHARES_GIVEN + 1):
        with transaction(engine) as session:
            round_ = world.round(session)
            leaves = envelopes_to_unseal(
                session, round_=round_, after=0, limit=100, secret_key=SECRET
            )
            posting = world.posting(manifest, [leaf.envelope for leaf in leaves], seat)
            post_shares(
                session,
                round_=round_,
                actor=world.holder_actors[seat - 1],
                body=posting.to_bytes(),
                secret_key=SECRET,
            )


def _id(person_id: int | None) -> int:
    assert person_id is not None
    return person_id
