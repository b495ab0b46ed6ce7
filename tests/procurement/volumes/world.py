"""A round in volume reporting, hospitals with past purchases, and a group, for tests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind, RelationKind
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.database import database_moment, text_digest
from procurement.permissions import Actor
from procurement.rounds.tables import Lot, LotStrength, Round, RoundRegion, RoundStatus
from procurement.volumes.filling.fill import Entry, Explanation, Seen, save_entries
from procurement.volumes.reporting.papers import keep_paper
from procurement.volumes.reporting.service import start_report
from procurement.volumes.reporting.submit import submit_report
from procurement.volumes.tables import PaperKind, PurchaseHistory, VolumeReport
from rulebooks import load_rulebook
from tests.procurement.world import actor_of, new_organisation, new_person, relate

MOMENT = datetime(2026, 11, 22, 1, tzinfo=UTC)
SCAN = b"%PDF-1.7 a scanned letter"

LOTS = (
    ("L01", "阿那曲唑", "片", True, (("1mg", "1"),)),
    ("L02", "阿莫西林", "粒", True, (("250mg", "1"), ("500mg", "2"))),
    ("L03", "头孢呋辛", "支", False, (("0.75g", "1"),)),
)


@dataclass
class World:
    """What the tests act on; ids stay valid after the session is closed."""

    bureau: Organisation
    officer: Actor
    round: Round
    hospital: Organisation
    pharmacist: Actor
    lead: Organisation
    lead_pharmacist: Actor
    members: list[Organisation]
    brands: list[Organisation]
    strengths: dict[tuple[str, str], LotStrength]
    lots: dict[str, Lot]

    def round_in(self, session: Session) -> Round:
        """The round as a row of a session."""
        return session.get_one(Round, self.round.id)


def new_world(session: Session, *, rulebook: str = "national-11", lots=LOTS) -> World:
    """A round that reports by the real clock, with one hospital and one group of three."""
    bureau = new_organisation(session, OrganisationKind.BUREAU, name="采购办", region="340000")
    officer = actor_of(new_person(session, bureau))
    brands = [
        new_organisation(session, OrganisationKind.MANUFACTURER, name=name, region="340000")
        for name in ("甲制药有限公司", "乙制药有限公司")
    ]
    hospital = new_organisation(session, name="省立医院", region="340100")
    lead = new_organisation(session, name="县人民医院", region="341523")
    members = [
        new_organisation(session, name=f"{place}卫生院", region="341523") for place in "甲乙"
    ]
    for member in members:
        relate(session, member, RelationKind.MEMBER_OF_GROUP, lead)
    round_ = new_reporting_round(session, bureau, rulebook=rulebook, lots=lots)
    strengths = session.execute(
        select(Lot, LotStrength)
        .join(LotStrength, LotStrength.lot_id == Lot.id)
        .where(Lot.round_id == round_.id)
    ).all()
    return World(
        bureau=bureau,
        officer=officer,
        round=round_,
        hospital=hospital,
        pharmacist=actor_of(new_person(session, hospital)),
        lead=lead,
        lead_pharmacist=actor_of(new_person(session, lead)),
        members=members,
        brands=brands,
        strengths={(lot.code, strength.strength): strength for lot, strength in strengths},
        lots={lot.code: lot for lot, _strength in strengths},
    )


def new_reporting_round(
    session: Session,
    bureau: Organisation,
    *,
    name: str = "anhui-2026-1",
    rulebook: str = "national-11",
    lots=LOTS,
    regions: tuple[str, ...] = ("110000", "340000"),
) -> Round:
    """A round in volume reporting; the window is open for a day from now on."""
    now = database_moment(session)
    round_ = Round(
        name=name,
        title="药品集中带量采购文件",
        rulebook=rulebook,
        rulebook_digest=load_rulebook(rulebook).digest,
        opened_on=now.date(),
        facts="{}",
        facts_digest=text_digest("{}"),
        imported_at=now,
        status=RoundStatus.VOLUME_REPORTING,
        bureau_id=bureau.id,
        volume_opens_at=now - timedelta(hours=1),
        volume_closes_at=now + timedelta(days=1),
    )
    session.add(round_)
    session.flush()
    session.add_all(RoundRegion(round_id=round_.id, region=region) for region in regions)
    for code, product, unit, by_brand, strengths in lots:
        generic = session.scalars(
            select(GenericProduct).where(GenericProduct.name == product)
        ).one_or_none()
        if generic is None:
            generic = GenericProduct(name=product, printed_form="", unit=unit)
            session.add(generic)
            session.flush()
        lot = Lot(
            round_id=round_.id,
            code=code,
            generic_product_id=generic.id,
            product=product,
            unit=unit,
            by_brand=by_brand,
        )
        session.add(lot)
        session.flush()
        session.add_all(
            LotStrength(lot_id=lot.id, strength=label, strength_ratio=Decimal(ratio))
            for label, ratio in strengths
        )
    session.flush()
    return round_


def strength_of_catalogue(session: Session, product: str, label: str) -> ProductStrength:
    """The strength in the catalogue; it is added where it is missing."""
    generic = session.scalars(select(GenericProduct).where(GenericProduct.name == product)).one()
    found = session.scalars(
        select(ProductStrength).where(
            ProductStrength.generic_product_id == generic.id, ProductStrength.label == label
        )
    ).one_or_none()
    if found is None:
        found = ProductStrength(generic_product_id=generic.id, label=label)
        session.add(found)
        session.flush()
    return found


def buy(
    session: Session,
    hospital: Organisation,
    product: str,
    label: str,
    by_year: dict[int, int],
    *,
    brand: Organisation | None = None,
) -> None:
    """Record past purchases."""
    strength = strength_of_catalogue(session, product, label)
    session.add_all(
        PurchaseHistory(
            hospital_id=hospital.id,
            strength_id=strength.id,
            brand_id=brand.id if brand else None,
            year=year,
            quantity=quantity,
        )
        for year, quantity in by_year.items()
    )
    session.flush()


def list_product(
    session: Session, holder: Organisation, product: str, label: str, *, pack_units: int = 24
) -> Product:
    """Add a manufacturer's product to the catalogue."""
    strength = strength_of_catalogue(session, product, label)
    row = Product(
        generic_product_id=strength.generic_product_id,
        strength_id=strength.id,
        holder_id=holder.id,
        pack_units=pack_units,
        recorded_at=MOMENT,
        changed_at=MOMENT,
    )
    session.add(row)
    session.flush()
    return row


def past(world: World) -> tuple[int, int]:
    """The two years before the round's reporting."""
    opens_at = world.round.volume_opens_at
    assert opens_at is not None
    return opens_at.year - 2, opens_at.year - 1


def start(session: Session, world: World, hospital: Organisation | None = None) -> VolumeReport:
    """Start the report of a hospital."""
    round_ = session.get_one(Round, world.round.id)
    at = hospital or world.hospital
    actor = world.lead_pharmacist if at.id == world.lead.id else world.pharmacist
    return start_report(
        session,
        round_=round_,
        hospital=session.get_one(Organisation, at.id),
        actor=actor,
        moment=database_moment(session),
    )


def entry(
    world: World,
    code: str,
    label: str,
    quantity: int | None,
    brand: Organisation | None = None,
    **more: Any,
) -> Entry:
    """What is filled in for one strength."""
    strength = world.strengths[code, label]
    brand_id = brand.id if brand else None
    return Entry(lot_strength_id=strength.id, brand_id=brand_id, quantity=quantity, **more)


def fill(
    session: Session,
    report: VolumeReport,
    *entries: Entry,
    explanations: tuple[Explanation, ...] = (),
) -> VolumeReport:
    """Fill in lines."""
    return save_entries(
        session,
        report=report,
        entries=entries,
        explanations=explanations,
        seen=Seen(report.version),
        moment=database_moment(session),
    )


def add_letter(session: Session, world: World, report: VolumeReport) -> None:
    """Upload the commitment letter."""
    keep_paper(
        session,
        report=report,
        kind=PaperKind.COMMITMENT,
        filename="承诺书.pdf",
        content=SCAN,
        actor=world.pharmacist,
        moment=database_moment(session),
    )


def send(session: Session, world: World, report: VolumeReport, *, letter: bool = True):
    """Submit a report, with its letter."""
    if letter:
        add_letter(session, world, report)
    return submit_report(
        session,
        round_=session.get_one(Round, report.round_id),
        report=report,
        version=report.version,
        actor=world.pharmacist,
        moment=database_moment(session),
    )
