"""Two regions that are built alike: what belongs to one is foreign to the people of the other."""

import dataclasses
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.bids.keyholders.manifests import require_manifest
from procurement.bids.kinds import PaperStatus
from procurement.bids.sittings import call_for_answers
from procurement.bids.submission.submit import submit_bid
from procurement.bids.tables import PaperStep
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.rounds.progress import set_status
from procurement.rounds.tables import (
    ParticipantPart,
    Round,
    RoundParticipant,
    RoundRegion,
    RoundStatus,
)
from tests.procurement.bids.answering import asked, yes
from tests.procurement.bids.test_opening import decide, open_all, post
from tests.procurement.bids.world import SECRET, Maker, World
from tests.procurement.rounds.world import (
    new_organisation,
    new_person,
    new_round,
    start_reporting,
)
from tests.procurement.volumes.world import new_reporting_round

HELD_BACK = "devices-6-2026"
"""A rulebook that does not say who sees the prices: only those concerned."""

Value = int | str


@dataclass
class Side:
    """A region with its bureau, its organisations, one person of each role, and their things.

    Attributes:
        region: Division code of the province.
        bidding: The round in bidding, with its keyholders and its maker.
        maker: The manufacturer, with its signing key.
        people: One person of each role; the administrator is the hospital's.
        second_officer: Of the bureau; drafts the rounds.
        rounds: Names of the rounds that the bureau leads, by what they are at.
        things: Ids and the like, by what they are.
    """

    region: str
    bidding: World
    maker: Maker
    people: dict[Role, Person]
    second_officer: Person
    rounds: dict[str, str]
    things: dict[str, Value] = field(default_factory=dict)

    @property
    def bureau(self) -> Organisation:
        """The bureau that leads the rounds."""
        return self.bidding.bureau

    def person(self, role: Role) -> Person | None:
        """Somebody of a role; nobody for the public."""
        return self.people.get(role)

    def organisation_id(self, role: Role) -> int:
        """The organisation of somebody of a role; the hospital for the public."""
        person = self.people.get(role)
        return int(self.things["organisation_id"]) if person is None else person.organisation_id


def new_side(engine: Engine, *, region: str, letter: str, maker: int) -> Side:
    """Build a side.

    Args:
        engine: The database.
        region: Division code of its province.
        letter: Ends the names of its rounds.
        maker: Distinguishes its manufacturer's credit code from those of other sides.
    """
    bidding = World(engine, name=f"bidding-{letter}")
    with transaction(engine) as session:
        session.get_one(Organisation, bidding.bureau.id).region = region
        _limit(session, bidding.name, region)
    # The credit code is counted by makers: the other side's must be another.
    bidding.makers += [None] * maker  # type: ignore[list-item]
    manifest = bidding.prepare()
    firm = bidding.new_maker()
    with transaction(engine) as session:
        session.get_one(Organisation, firm.id).region = region
        people = _people(session, bidding, firm, region)
        side = Side(region, bidding, firm, people, bidding.officers[1], {"bidding": bidding.name})
        _name(session, side, bidding.name)
        _draft_rounds(session, side, letter)
    receipt = bidding.bid(firm, manifest)
    assert receipt.is_receipt
    side.things["digest"] = str(firm.last)
    side.rounds["opened"] = opened_round(side, name=f"opened-{letter}", rulebook=HELD_BACK)
    side.rounds["answering"] = _answering_round(side, name=f"answering-{letter}")
    return side


def _people(session: Session, world: World, firm: Maker, region: str) -> dict[Role, Person]:
    def somebody(kind: OrganisationKind, *roles: Role) -> list[Person]:
        home = new_organisation(session, kind, f"{kind.value} {region}", region=f"{region[:3]}100")
        return [new_person(session, home, role) for role in roles]

    bureau = session.get_one(Organisation, world.bureau.id)
    pharmacist, administrator, doctor = somebody(
        OrganisationKind.HOSPITAL, Role.HOSPITAL, Role.ADMINISTRATOR, Role.DOCTOR
    )
    notary, inspector = somebody(OrganisationKind.OBSERVER, Role.NOTARY, Role.INSPECTOR)
    return {
        Role.OFFICER: session.get_one(Person, world.officers[0].id),
        Role.EVALUATOR: session.get_one(Person, world.evaluator.person_id),
        Role.SUPERVISOR: new_person(session, bureau, Role.SUPERVISOR),
        Role.MANUFACTURER: session.get_one(Person, firm.person_id),
        Role.HOSPITAL: pharmacist,
        Role.DOCTOR: doctor,
        Role.PHARMACY: somebody(OrganisationKind.PHARMACY, Role.PHARMACY)[0],
        Role.DISTRIBUTOR: somebody(OrganisationKind.DISTRIBUTOR, Role.DISTRIBUTOR)[0],
        Role.FUND_AGENCY: somebody(OrganisationKind.FUND_AGENCY, Role.FUND_AGENCY)[0],
        Role.KEYHOLDER: session.get_one(Person, world.holder_actors[0].person_id),
        Role.NOTARY: notary,
        Role.INSPECTOR: inspector,
        Role.ADMINISTRATOR: administrator,
    }


def _draft_rounds(session: Session, side: Side, letter: str) -> None:
    """Rounds that are drafted, commented on, and reported for."""
    bureau = session.get_one(Organisation, side.bureau.id)
    now = database_moment(session)
    for stage in ("draft", "commenting"):
        round_ = new_round(
            session,
            bureau=bureau,
            officer=side.second_officer,
            moment=now - timedelta(days=11),
            name=f"{stage}-{letter}",
            keyholders=[],
        )
        side.rounds[stage] = round_.name
        _limit(session, round_.name, side.region)
        _name(session, side, round_.name)
        if stage == "commenting":
            start_reporting(session, round_)
            set_status(session, round_=round_, status=RoundStatus.COMMENTS, moment=now)
    reporting = new_reporting_round(
        session, bureau, name=f"reporting-{letter}", rulebook="national-11"
    )
    side.rounds["reporting"] = reporting.name


def _limit(session: Session, name: str, region: str) -> None:
    """Let one region take part, and no other."""
    round_ = round_of(session, name)
    session.execute(delete(RoundRegion).where(RoundRegion.round_id == round_.id))
    session.add(RoundRegion(round_id=round_.id, region=region))
    session.flush()


def _name(session: Session, side: Side, name: str) -> None:
    """Name the side's keyholder and its observers in a round."""
    round_ = round_of(session, name)
    named = {
        side.organisation_id(Role.KEYHOLDER): ParticipantPart.KEYHOLDER,
        side.organisation_id(Role.NOTARY): ParticipantPart.OBSERVER,
    }
    for organisation_id, part in named.items():
        known = {"round_id": round_.id, "organisation_id": organisation_id, "part": part}
        if session.scalars(select(RoundParticipant).filter_by(**known)).one_or_none() is None:
            session.add(RoundParticipant(**known, seat=1))
    session.flush()


def opened_round(side: Side, *, name: str, rulebook: str, bids: bool = True) -> str:
    """Bring a round of the side's bureau to its opening, with a bid of its maker."""
    world = World(side.bidding.engine, name=name)
    with transaction(world.engine) as session:
        round_ = round_of(session, name)
        round_.rulebook, round_.options = rulebook, "{}"
    manifest = world.prepare()
    if bids:
        firm = dataclasses.replace(side.maker, version=0, last=None, secrets=[])
        _admit(world, firm)
        assert world.bid(firm, manifest).is_receipt
    world.close()
    for seat in (1, 2, 3):
        post(world, manifest, seat)
    decide(world)
    open_all(world)
    with transaction(world.engine) as session:
        by_name = update(Round).where(Round.name == name)
        session.execute(by_name.values(bureau_id=side.bureau.id))
        _limit(session, name, side.region)
        _name(session, side, name)
    return name


def _answering_round(side: Side, *, name: str) -> str:
    """Bring a round of the side's bureau to its second answers, and let its maker answer."""
    opened_round(side, name=name, rulebook=HELD_BACK)
    firm = dataclasses.replace(side.maker, version=0, last=None, secrets=[])
    with transaction(side.bidding.engine) as session:
        round_ = round_of(session, name)
        now = database_moment(session)
        set_status(session, round_=round_, status=RoundStatus.EVALUATED, moment=now)
        call_for_answers(
            session,
            round_=round_,
            questions=[asked(firm)],
            due_in=timedelta(hours=1),
            actor=side.bidding.officer_actors[0],
            moment=now,
            secret_key=SECRET,
        )
        manifest = require_manifest(session, round_id=round_.id, sitting=1)
        envelope = firm.seal(manifest, yes())
        receipt = submit_bid(
            session,
            round_name=name,
            actor=firm.actor,
            body=envelope.to_bytes(),
            key="first",
            secret_key=SECRET,
            sitting=1,
        )
    assert receipt.is_receipt
    side.things["answer"] = envelope.digest
    return name


def _admit(world: World, firm: Maker) -> None:
    with transaction(world.engine) as session:
        session.add(
            PaperStep(
                round_id=world.round_id,
                organisation_id=firm.id,
                status=PaperStatus.ADMITTED,
                person_id=world.evaluator.person_id,
                happened_at=database_moment(session),
            )
        )


def round_of(session: Session, name: str) -> Round:
    """The round of a name."""
    return session.scalars(select(Round).where(Round.name == name)).one()
