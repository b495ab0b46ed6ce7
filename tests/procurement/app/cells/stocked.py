"""Places of each side with stock, a price that is too high, and complaints."""

import json
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.china_days import day_in_china
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.pharmacies.complaints.states import About, ComplaintStatus
from procurement.pharmacies.complaints.tables import Complaint
from procurement.pharmacies.coverage.states import PlanScope, PlanStatus
from procurement.pharmacies.coverage.tables import CoveragePlan
from procurement.pharmacies.finder.kinds import PriceLimitKind
from procurement.pharmacies.finder.tables import StockPriceFlag
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.prices.service import record_price
from tests.procurement.app.cells.sides import Side


def stock_places(engine: Engine, side: Side, other: Side) -> None:
    """Give a side's pharmacy and hospital a place, with what the finder knows of them.

    Args:
        engine: The database.
        side: Whose.
        other: Its region's complaint is assigned to the side's bureau, too.
    """
    county = f"{side.region[:2]}0102"
    with transaction(engine) as session:
        places = {
            role: _place(session, side, county, role) for role in (Role.PHARMACY, Role.HOSPITAL)
        }
        pharmacy = places[Role.PHARMACY]
        drug_id, flag_id = _flag(session, side, pharmacy)
        bureau_county = f"{other.region[:2]}0102"
        # Other parts may have named a place and a county of the side before.
        side.things.setdefault("place_code", pharmacy.institution_code)
        side.things.setdefault("county_code", county)
        side.things |= {
            "pharmacy_place": pharmacy.institution_code,
            "hospital_place": places[Role.HOSPITAL].institution_code,
            "region_code": side.region,
            "region": side.region,
            "plan_id": _plan(session, side),
            "drug_id": drug_id,
            "flag_id": flag_id,
            "complaint_number": _complaint(session, side, county, None),
            "agency_complaint": _complaint(session, side, county, Role.FUND_AGENCY),
            "bureau_complaint": _complaint(session, side, bureau_county, Role.OFFICER),
        }


def _plan(session: Session, side: Side) -> int:
    plan = CoveragePlan(
        bureau_id=side.bureau.id,
        region=side.region,
        scope=PlanScope.DESIGNATION,
        per_county=1,
        inputs=json.dumps(
            {
                "counties": [],
                "pharmacies": [],
                "within_km": None,
                "per_county": 1,
                "names": {},
                "left_out": [],
            }
        ),
        inputs_digest="0" * 64,
        status=PlanStatus.WAITING,
        requested_at=database_moment(session),
    )
    session.add(plan)
    session.flush()
    return plan.id


def _place(session: Session, side: Side, county: str, role: Role) -> Place:
    letter = "H" if role is Role.HOSPITAL else "P"
    place = Place(
        institution_code=f"{letter}{county}90009",
        kind=PlaceKind.HOSPITAL if role is Role.HOSPITAL else PlaceKind.PHARMACY,
        name=f"查药 {role.value} {county}",
        organisation_id=side.organisation_id(role),
        county=county,
        changed_at=database_moment(session),
    )
    session.add(place)
    session.flush()
    return place


def _flag(session: Session, side: Side, place: Place) -> tuple[int, int]:
    """A product that the place sells too dear: its drug, and the flag."""
    now = database_moment(session)
    drug = GenericProduct(name=f"查药示例 {side.region}", unit="片")
    session.add(drug)
    session.flush()
    strength = ProductStrength(generic_product_id=drug.id, label="1mg")
    session.add(strength)
    session.flush()
    product = Product(
        generic_product_id=drug.id,
        strength_id=strength.id,
        holder_id=side.maker.id,
        pack_units=10,
        recorded_at=now,
        changed_at=now,
    )
    session.add(product)
    price = record_price(
        session,
        organisation_id=side.maker.id,
        generic_product_id=drug.id,
        strength="1mg",
        pack_units=10,
        pack_price=Decimal(1),
        starts_on=day_in_china(now) - timedelta(days=1),
        source="x",
        moment=now,
    )
    session.flush()
    flag = StockPriceFlag(
        place_id=place.id,
        county=place.county,
        product_id=product.id,
        product="x",
        price=Decimal(2),
        allowed=Decimal(1),
        allowed_kind=PriceLimitKind.WINNING,
        price_id=price.id,
        as_of=day_in_china(now),
        raised_at=now,
    )
    session.add(flag)
    session.flush()
    return drug.id, flag.id


def _complaint(session: Session, side: Side, county: str, handler: Role | None) -> str:
    """A complaint of a county; assigned to somebody of the side, or just received."""
    letter = "R" if handler is None else handler.value[0].upper()
    number = f"TS{side.region}-{letter}"
    session.add(
        Complaint(
            number=number,
            code_hash="0" * 64,
            about=About.OTHER,
            county=county,
            status=ComplaintStatus.RECEIVED if handler is None else ComplaintStatus.ASSIGNED,
            assigned_to=None if handler is None else side.organisation_id(handler),
            received_at=database_moment(session),
        )
    )
    session.flush()
    return number
