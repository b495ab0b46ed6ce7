"""Organisations, people and rounds for tests: complete, and stored as the services store them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.catalogue.tables import GenericProduct
from procurement.database import text_digest
from procurement.permissions import Actor, Role
from procurement.rounds import publication
from procurement.rounds.progress import set_status
from procurement.rounds.tables import (
    Lot,
    LotStrength,
    ParticipantPart,
    Round,
    RoundParticipant,
    RoundRegion,
    RoundStatus,
)
from rulebooks import load_rulebook

MOMENT = datetime(2026, 11, 22, 1, tzinfo=UTC)
REGIONS = ("110000", "310000", "340000")

OPTIONS = '{"brand.fallback":"main-supplier","ranking.tie_breaks":"none"}'
"""What the third national round leaves open, decided."""

# Ceilings are invented for tests; the products are those of real rounds.
LOTS = (
    ("L01", "阿那曲唑", "口服常释剂型", "片", (("1mg", "1", "12.5"),)),
    ("L02", "阿莫西林", "口服常释剂型", "粒", (("250mg", "1", "0.32"), ("500mg", "2", "0.544"))),
)


def new_organisation(
    session: Session,
    kind: OrganisationKind,
    name: str,
    *,
    region: str = "340000",
    level: str | None = None,
) -> Organisation:
    organisation = Organisation(
        kind=kind,
        name=name,
        short_name=name[:100],
        region=region,
        level=level,
        registered_at=MOMENT,
    )
    session.add(organisation)
    session.flush()
    return organisation


def new_person(session: Session, organisation: Organisation, *roles: Role) -> Person:
    number = session.scalar(select(func.count()).select_from(Person)) or 0
    person = Person(
        organisation_id=organisation.id,
        user=f"person{number + 1}@example.org",
        name=f"人员{number + 1}",
        roles=" ".join(roles),
        joined_at=MOMENT,
    )
    session.add(person)
    session.flush()
    return person


def actor_of(session: Session, person: Person) -> Actor:
    organisation = session.get_one(Organisation, person.organisation_id)
    return Actor(
        person_id=person.id,
        organisation_id=organisation.id,
        roles=frozenset({Role.PUBLIC, *(Role(role) for role in person.roles.split())}),
        region=organisation.region,
        name=person.name,
        organisation=organisation.name,
    )


def new_bureau(session: Session, name: str = "省药品集中采购办公室") -> Organisation:
    return new_organisation(session, OrganisationKind.BUREAU, name, level="provincial")


def new_keyholders(session: Session, number: int = 5) -> list[Organisation]:
    return [
        new_organisation(session, OrganisationKind.KEYHOLDER, f"密钥持有机构{seat}")
        for seat in range(1, number + 1)
    ]


def new_round(
    session: Session,
    *,
    bureau: Organisation | None = None,
    officer: Person | None = None,
    moment: datetime = MOMENT,
    name: str = "anhui-2026-1",
    rulebook: str = "national-3",
    keyholders: list[Organisation] | None = None,
) -> Round:
    """Store a complete draft: lots with strengths and ceilings, regions, dates, keyholders.

    Volume reporting runs from day 1 to 10 after `moment`, comments until day 12, bidding opens
    on day 20 and closes on day 25, and the bids are opened an hour later.
    """
    bureau = bureau or new_bureau(session)
    officer = officer or new_person(session, bureau, Role.OFFICER)
    holders = keyholders if keyholders is not None else new_keyholders(session)
    round_ = Round(
        name=name,
        title="药品集中带量采购文件",
        rulebook=rulebook,
        rulebook_digest=load_rulebook(rulebook).digest,
        opened_on=date(2026, 12, 17),
        facts="{}",
        facts_digest=text_digest("{}"),
        imported_at=moment,
        status=RoundStatus.DRAFT,
        bureau_id=bureau.id,
        drafted_by=officer.id,
        options=OPTIONS,
        volume_opens_at=moment + timedelta(days=1),
        volume_closes_at=moment + timedelta(days=10),
        comments_close_at=moment + timedelta(days=12),
        bidding_opens_at=moment + timedelta(days=20),
        closes_at=moment + timedelta(days=25),
        opens_at=moment + timedelta(days=25, hours=1),
        quorum=len(holders) // 2 + 1,
    )
    session.add(round_)
    session.flush()
    session.add_all(RoundRegion(round_id=round_.id, region=region) for region in REGIONS)
    session.add_all(
        RoundParticipant(
            round_id=round_.id,
            organisation_id=holder.id,
            part=ParticipantPart.KEYHOLDER,
            seat=seat,
        )
        for seat, holder in enumerate(holders, start=1)
    )
    for code, product, form, unit, strengths in LOTS:
        _add_lot(session, round_, code, (product, form, unit), strengths)
    session.flush()
    return round_


def _add_lot(
    session: Session,
    round_: Round,
    code: str,
    product: tuple[str, str, str],
    strengths: tuple[tuple[str, str, str], ...],
) -> None:
    name, form, unit = product
    generic = session.scalars(
        select(GenericProduct).where(
            GenericProduct.name == name, GenericProduct.printed_form == form
        )
    ).one_or_none()
    if generic is None:
        generic = GenericProduct(name=name, printed_form=form, unit=unit, recorded_at=MOMENT)
        session.add(generic)
        session.flush()
    lot = Lot(
        round_id=round_.id,
        code=code,
        generic_product_id=generic.id,
        product=f"{name}{form}",
        unit=unit,
        dosage_form="oral-solid",
        category="general",
        by_brand=True,
    )
    session.add(lot)
    session.flush()
    session.add_all(
        LotStrength(
            lot_id=lot.id,
            strength=strength,
            strength_ratio=Decimal(ratio),
            price_ceiling=Decimal(ceiling),
        )
        for strength, ratio, ceiling in strengths
    )


def date_of(round_: Round, name: str) -> datetime:
    """A date of the round that is certainly set."""
    moment = getattr(round_, name)
    assert isinstance(moment, datetime)
    return moment


def lots_of(session: Session, round_: Round) -> list[Lot]:
    return list(session.scalars(select(Lot).where(Lot.round_id == round_.id).order_by(Lot.code)))


def start_reporting(session: Session, round_: Round, *, moment: datetime | None = None) -> Round:
    """Bring a draft to volume reporting."""
    at = moment or (round_.volume_opens_at or MOMENT)
    set_status(session, round_=round_, status=RoundStatus.VOLUME_REPORTING, moment=at)
    return round_


def second_officer(session: Session, round_: Round) -> Person:
    """The second officer of the round's bureau; one joins it where there is none."""
    others = select(Person).where(
        Person.organisation_id == round_.bureau_id, Person.id != round_.drafted_by
    )
    for person in session.scalars(others.order_by(Person.id)):
        if Role.OFFICER in person.roles.split():
            return person
    bureau = session.get_one(Organisation, round_.bureau_id)
    return new_person(session, bureau, Role.OFFICER)


def publish_round(session: Session, round_: Round, *, moment: datetime | None = None) -> Round:
    """Bring a draft, or a round with reported volumes, to its publication by two officers."""
    at = moment or (round_.imported_at + timedelta(days=13))
    second = second_officer(session, round_)
    if round_.status == RoundStatus.DRAFT:
        start_reporting(session, round_)
    if round_.status == RoundStatus.VOLUME_REPORTING:
        set_status(session, round_=round_, status=RoundStatus.COMMENTS, moment=at)
    return publication.publish_round(
        session,
        round_=round_,
        person_id=second.id,
        second_person_id=round_.drafted_by,
        moment=at,
    )


def open_bidding(session: Session, round_: Round, *, moment: datetime | None = None) -> Round:
    """Bring a round to bidding, publishing it first where needed."""
    if round_.status != RoundStatus.PUBLISHED:
        publish_round(session, round_, moment=moment)
    at = moment or (round_.bidding_opens_at or MOMENT)
    set_status(session, round_=round_, status=RoundStatus.BIDDING, moment=at)
    return round_


def close_bidding(session: Session, round_: Round, *, moment: datetime | None = None) -> Round:
    """Bring a round to its closing, as the timetable does."""
    if round_.status != RoundStatus.BIDDING:
        open_bidding(session, round_)
    at = moment or (round_.closes_at or MOMENT)
    set_status(session, round_=round_, status=RoundStatus.CLOSED, moment=at)
    return round_
