"""A province with three counties, a hospital, a chain of pharmacies, and drugs with prices."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.accounts.tables import OrganisationKind
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.database import transaction
from procurement.permissions import Actor, Role
from procurement.pharmacies.designation.states import DesignationScheme, DesignationStatus
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.finder.reading import SentLine, cell_of_list
from procurement.pharmacies.finder.reporting import Report, report_stock
from procurement.pharmacies.finder.tables import StockUpload
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import CountyPoint, Place
from procurement.pharmacies.rules.opening_hours import hours_json, parse_opening_hours
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from tests.procurement.rounds.world import actor_of, new_organisation, new_person

MOMENT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""Noon of a Sunday in China."""

TODAY = date(2026, 11, 22)
COUNTIES = {"341502": "金安区", "341503": "裕安区", "341523": "舒城县"}
CODE = "XL01EBA001A001010100001"
SECOND_CODE = "XL01EBA002A001010100002"
HOSPITAL, FIRST, SECOND, OTHER = (
    "H34150200001",
    "P34150200001",
    "P34150300002",
    "P34152300003",
)


@dataclass
class FinderWorld:
    """What tests of the finder act on."""

    engine: Engine
    actors: dict[str, Actor]
    drugs: dict[str, int]
    products: dict[str, int]
    places: dict[str, int]

    def report(self, *lines: dict[str, str], by: str = "chain", whole: bool = False) -> StockUpload:
        """Report stock as machines do; a line is of today unless it says otherwise."""
        sent = [
            SentLine(number, {"as_of": TODAY.isoformat(), **cells})
            for number, cells in enumerate(lines, start=1)
        ]
        with transaction(self.engine) as session:
            return report_stock(
                session,
                lines=sent,
                report=Report(is_whole=whole),
                name_cell=cell_of_list,
                actor=self.actors[by],
                moment=MOMENT,
            )


def finder_world(engine: Engine) -> FinderWorld:
    """Store the world."""
    with transaction(engine) as session:
        actors = _actors(session)
        places = _places(session, actors)
        drugs, products = _drugs(session)
    return FinderWorld(engine, actors, drugs, products, places)


def _actors(session: Session) -> dict[str, Actor]:
    def somebody(kind: OrganisationKind, name: str, role: Role, region: str) -> Actor:
        home = new_organisation(session, kind, name, region=region)
        return actor_of(session, new_person(session, home, role))

    return {
        "hospital": somebody(OrganisationKind.HOSPITAL, "市医院", Role.HOSPITAL, "341502"),
        "chain": somebody(OrganisationKind.PHARMACY, "大药房连锁", Role.PHARMACY, "341500"),
        "other": somebody(OrganisationKind.PHARMACY, "独一药店", Role.PHARMACY, "341523"),
        "officer": somebody(OrganisationKind.BUREAU, "省采购办", Role.OFFICER, "340000"),
        "far officer": somebody(OrganisationKind.BUREAU, "外省采购办", Role.OFFICER, "320000"),
        "agency": somebody(OrganisationKind.FUND_AGENCY, "市医保中心", Role.FUND_AGENCY, "341500"),
    }


def _places(session: Session, actors: dict[str, Actor]) -> dict[str, int]:
    for number, (code, name) in enumerate(COUNTIES.items()):
        session.add(
            CountyPoint(
                county=code,
                name=name,
                latitude=31.5 + number / 10,
                longitude=116.5,
                imported_from="test",
                imported_at=MOMENT,
            )
        )
    week, _ = parse_opening_hours("周一至周六 08:00-21:00; 周日 09:00-12:00,14:00-18:00")
    made = {
        HOSPITAL: (PlaceKind.HOSPITAL, "六安市医院", "hospital", "341502"),
        FIRST: (PlaceKind.PHARMACY, "大药房人民路店", "chain", "341502"),
        SECOND: (PlaceKind.PHARMACY, "大药房解放路店", "chain", "341503"),
        OTHER: (PlaceKind.PHARMACY, "独一药店", "other", "341523"),
    }
    places = {}
    for code, (kind, name, keeper, county) in made.items():
        place = Place(
            institution_code=code,
            kind=kind,
            name=name,
            organisation_id=actors[keeper].organisation_id,
            county=county,
            address=f"{COUNTIES[county]}人民路 1 号",
            phone="0564-3333333",
            opening_hours=hours_json(week),
            route_zh="乘 1 路到人民路站",
            changed_at=MOMENT,
        )
        session.add(place)
        session.flush()
        places[code] = place.id
    designate(session, place_id=places[FIRST], bureau=actors["officer"])
    return places


def designate(session: Session, *, place_id: int, bureau: Actor) -> None:
    """Designate a place for the dual channel."""
    session.add(
        Designation(
            place_id=place_id,
            scheme=DesignationScheme.DUAL_CHANNEL,
            decider_id=bureau.organisation_id,
            agreement="test",
            starts_on=date(2026, 1, 1),
            status=DesignationStatus.IN_FORCE,
            changed_at=MOMENT,
        )
    )
    session.flush()


def _drugs(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    holder = new_organisation(session, OrganisationKind.MANUFACTURER, "某某制药")
    drugs: dict[str, int] = {}
    products: dict[str, int] = {}
    for name, code, brand in (
        ("奥希替尼", CODE, "泰瑞沙"),
        ("阿美替尼", SECOND_CODE, "阿美乐"),
    ):
        drug = GenericProduct(name=name, printed_form="片剂", unit="片")
        session.add(drug)
        session.flush()
        strength = ProductStrength(generic_product_id=drug.id, label="80mg")
        session.add(strength)
        session.flush()
        product = Product(
            generic_product_id=drug.id,
            strength_id=strength.id,
            holder_id=holder.id,
            brand=brand,
            pack_units=30,
            drug_code=code,
            recorded_at=MOMENT,
            changed_at=MOMENT,
        )
        session.add(product)
        session.flush()
        drugs[name], products[name] = drug.id, product.id
    session.add(GenericProduct(name="阿美替尼", printed_form="胶囊剂", unit="粒"))
    record_price(
        session,
        organisation_id=holder.id,
        generic_product_id=drugs["奥希替尼"],
        strength="80mg",
        pack_units=30,
        pack_price=Decimal("4500.00"),
        kind=PriceKind.PAYMENT_STANDARD,
        starts_on=date(2026, 1, 1),
        source="目录谈判",
        moment=MOMENT,
        details=PriceDetails(clause="talks", is_public=True),
    )
    return drugs, products
