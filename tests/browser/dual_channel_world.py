"""A city whose drug list, places and doctor came about by the services; its patients come later."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.accounts.tables import OrganisationKind, Person
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.china_days import day_in_china
from procurement.database import transaction
from procurement.permissions import Actor, Role
from procurement.pharmacies.designation.calls import GivenText
from procurement.pharmacies.designation.doctors import NewDoctor, designate_doctor
from procurement.pharmacies.designation.states import DesignationScheme, DesignationStatus
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.finder.reading import SentLine, cell_of_list
from procurement.pharmacies.finder.reporting import Report, report_stock
from procurement.pharmacies.listed.kinds import Storage
from procurement.pharmacies.patients.area_rules import Given, NewRules, give_rules
from procurement.pharmacies.patients.terms import NewTerms, give_terms
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import CountyPoint, Place
from procurement.pharmacies.rules.benefit import Fund
from procurement.pharmacies.rules.opening_hours import hours_json, parse_opening_hours
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from tests.procurement.pharmacies.designation.world import DesignationWorld
from tests.procurement.pharmacies.listed.world import CHANGE, DUAL, JIANGSU, ListWorld
from tests.procurement.pharmacies.patients.world import PAPERS
from tests.procurement.rounds.world import actor_of, new_organisation, new_person

CITY, COUNTY = "320500", "320505"
DRUG, DRUG_CODE = "奥希替尼", "XL01EBA001A001010100001"
NEEDS = ("qualified", "orderly", "trusted", "well-placed", "traceable", "cold-chain")
BASIS = "示例通知 1 号"
PEOPLE = {
    "doctor": (OrganisationKind.HOSPITAL, "示例市人民医院", Role.DOCTOR, COUNTY),
    "hospital": (OrganisationKind.HOSPITAL, "示例市人民医院", Role.HOSPITAL, COUNTY),
    "pharmacy": (OrganisationKind.PHARMACY, "示例大药房", Role.PHARMACY, COUNTY),
    "second": (OrganisationKind.PHARMACY, "示例第二药店", Role.PHARMACY, COUNTY),
    "agency": (OrganisationKind.FUND_AGENCY, "示例市医疗保障基金管理中心", Role.FUND_AGENCY, CITY),
    "officer": (OrganisationKind.BUREAU, "示例省采购办公室", Role.OFFICER, JIANGSU),
    "second officer": (OrganisationKind.BUREAU, "示例省采购办公室", Role.OFFICER, JIANGSU),
}


@dataclass
class DualChannelWorld:
    """What a walk through the dual channel starts from.

    Attributes:
        engine: Of the database.
        moment: Now.
        people: By what they are.
        codes: Institution codes of the places, by whose they are.
        generic_id: The drug on the list.
        notice: Number of the public notice about the list.
        addresses: Public pages of what came about, by what they show.
    """

    engine: Engine
    moment: datetime
    people: dict[str, Person] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    generic_id: int = 0
    addresses: dict[str, str] = field(default_factory=dict)

    def actor(self, session: Session, who: str) -> Actor:
        """Somebody, as the services know him."""
        return actor_of(session, self.people[who])


def dual_channel_world(engine: Engine, moment: datetime) -> DualChannelWorld:
    """Let a city list a drug, designate places and a doctor, and give its rules."""
    world = DualChannelWorld(engine, moment)
    with transaction(engine) as session:
        _people(session, world)
        _places(session, world)
        _drug(session, world)
    _list(world)
    _designate(world)
    with transaction(engine) as session:
        _doctor(session, world)
        _rules(session, world)
        _convenience(session, world)
        _stock(session, world)
    return world


def _people(session: Session, world: DualChannelWorld) -> None:
    homes = {}
    for who, (kind, name, role, region) in PEOPLE.items():
        if name not in homes:
            homes[name] = new_organisation(session, kind, name, region=region)
        world.people[who] = new_person(session, homes[name], role)


def _places(session: Session, world: DualChannelWorld) -> None:
    session.add(
        CountyPoint(
            county=COUNTY,
            name="虎丘区",
            latitude=31.30,
            longitude=120.57,
            radius_km=20,
            imported_from=BASIS,
            imported_at=world.moment,
        )
    )
    week, _ = parse_opening_hours("周一至周日 08:00-21:00")
    for number, who in enumerate(("hospital", "pharmacy", "second"), start=1):
        is_hospital = who == "hospital"
        place = Place(
            institution_code=f"{'H' if is_hospital else 'P'}{COUNTY}{number:05d}",
            kind=PlaceKind.HOSPITAL if is_hospital else PlaceKind.PHARMACY,
            name=PEOPLE[who][1],
            organisation_id=world.people[who].organisation_id,
            county=COUNTY,
            address=f"虎丘区人民路 {number} 号",
            phone="0512-3333333",
            opening_hours=hours_json(week),
            route_zh="乘 1 路到人民路站",
            latitude=31.30,
            longitude=120.57,
            changed_at=world.moment,
        )
        session.add(place)
        session.flush()
        world.places[who], world.codes[who] = place.id, place.institution_code


def _drug(session: Session, world: DualChannelWorld) -> None:
    holder = new_organisation(session, OrganisationKind.MANUFACTURER, "示例制药")
    generic = GenericProduct(name=DRUG, printed_form="片剂", unit="片")
    session.add(generic)
    session.flush()
    strength = ProductStrength(generic_product_id=generic.id, label="80mg")
    session.add(strength)
    session.flush()
    session.add(
        Product(
            generic_product_id=generic.id,
            strength_id=strength.id,
            holder_id=holder.id,
            brand="示例牌",
            pack_units=30,
            drug_code=DRUG_CODE,
            recorded_at=world.moment,
            changed_at=world.moment,
        )
    )
    record_price(
        session,
        organisation_id=holder.id,
        generic_product_id=generic.id,
        strength="80mg",
        pack_units=30,
        pack_price=Decimal("4500.00"),
        kind=PriceKind.PAYMENT_STANDARD,
        starts_on=CHANGE,
        source=BASIS,
        moment=world.moment,
        details=PriceDetails(clause="talks", is_public=True),
    )
    world.generic_id = generic.id


def _list(world: DualChannelWorld) -> None:
    with transaction(world.engine) as session:
        first = world.actor(session, "officer")
        second = world.actor(session, "second officer")
    bureau_id = world.people["officer"].organisation_id
    listing = ListWorld(world.engine, bureau_id, first, second, (world.generic_id,))
    terms = {
        "indication_limits": "限经基因检测确诊的非小细胞肺癌患者。",
        "indication_codes": "C34",
        "self_pay_share": Decimal("0.2"),
        "registration_needed": True,
        "papers": "\n".join(PAPERS),
        "reevaluation_months": 6,
        "storage": Storage.COOL,
    }
    listing.decide(listing.line(1, DUAL, **terms))
    world.addresses["notice of the list"] = (
        f"/dual-channel/notices/SD{CHANGE:%Y%m%d}-{bureau_id:05d}-001"
    )


def _designate(world: DualChannelWorld) -> None:
    """Let the agency call, check, give notice and sign, in the days before now."""
    city = DesignationWorld(
        world.engine, world.people, world.places, world.codes, world.moment - timedelta(days=12)
    )
    day = day_in_china(city.moment)
    call_id = city.open(
        region=CITY,
        title="双通道定点申请",
        rulebook="dual-national-2021",
        document=BASIS,
        opens_on=day,
        closes_on=day + timedelta(days=60),
        given={
            "designation.publicity_days": GivenText(7, BASIS),
            "designation.pharmacy_needs": GivenText(list(NEEDS), BASIS),
            "designation.hospital_needs": GivenText(["cold-chain"], BASIS),
        },
    )
    applications = {}
    for who in world.places:
        needs = ("cold-chain",) if who == "hospital" else NEEDS
        applications[who] = application_id = city.draft(call_id, who)
        city.state(application_id, {f"need.{one}": "yes" for one in needs}, who)
        city.submit(application_id, who)
        city.check(application_id)
        city.visit(application_id)
    notice_id = city.notice(call_id, *applications.values())
    city.later(days=9)
    for who, application_id in applications.items():
        designation_id = city.sign(application_id, number=f"协议 {who}")
        world.addresses[f"designation of {who}"] = f"/designations/{designation_id}"
    world.addresses["call"] = f"/designations/calls/{call_id}"
    world.addresses["notice of designation"] = f"/designations/notices/{notice_id}"


def _doctor(session: Session, world: DualChannelWorld) -> None:
    designate_doctor(
        session,
        new=NewDoctor(
            hospital=world.codes["hospital"],
            code="D0001",
            specialty="肿瘤科",
            starts_on=day_in_china(world.moment),
            document=BASIS,
            user=world.people["doctor"].user,
        ),
        actor=world.actor(session, "agency"),
        moment=world.moment,
    )


def _rules(session: Session, world: DualChannelWorld) -> None:
    """Give the rules of the city, and of each fund a ratio and a deductible."""
    agency, day = world.actor(session, "agency"), day_in_china(world.moment)
    unknown = {"patient.retained_years": Given("3", BASIS)}
    unknown["prescription.valid_hours"] = Given("72", BASIS)
    books = ("dual-suzhou-2022", "dual-jiangsu-2022", "dual-national-2024")
    rules = NewRules(CITY, books, unknown, day, BASIS)
    give_rules(session, new=rules, actor=agency, moment=world.moment)
    for fund in Fund:
        terms = NewTerms(
            CITY, fund, DUAL, Decimal("0.70"), Decimal(1200), Decimal(100000), day, BASIS
        )
        give_terms(session, new=terms, actor=agency, moment=world.moment)


def _convenience(session: Session, world: DualChannelWorld) -> None:
    session.add(
        Designation(
            place_id=world.places["pharmacy"],
            scheme=DesignationScheme.CONVENIENCE,
            decider_id=world.people["agency"].organisation_id,
            agreement="协议",
            starts_on=day_in_china(world.moment),
            status=DesignationStatus.IN_FORCE,
            changed_at=world.moment,
        )
    )


def _stock(session: Session, world: DualChannelWorld) -> None:
    cells = {
        "place": world.codes["pharmacy"],
        "drug_code": DRUG_CODE,
        "packs": "6",
        "price": "4500.00",
        "as_of": day_in_china(world.moment).isoformat(),
    }
    report_stock(
        session,
        lines=[SentLine(1, cells)],
        report=Report(is_whole=False),
        name_cell=cell_of_list,
        actor=world.actor(session, "pharmacy"),
        moment=world.moment,
    )
