"""How the actions of prices and publication are asked for, and the prices that they are about."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.database import database_moment
from procurement.permissions import Action, Condition, Role
from procurement.prices.service import PriceDetails, record_price
from tests.procurement.app.cells.asking import Exemplar, get
from tests.procurement.app.cells.sides import Side, Value

_PRICE = "/api/v1/prices"


def prices_of(session: Session, side: Side) -> dict[str, Value]:
    """Record a price that the side's own people see, and one that everybody sees."""
    seen = PriceDetails(
        hospital_id=side.organisation_id(Role.HOSPITAL),
        bureau_id=side.organisation_id(Role.OFFICER),
    )
    made = [
        record_price(
            session,
            organisation_id=side.organisation_id(Role.MANUFACTURER),
            lot_strength_id=1,
            strength="1mg",
            pack_units=units,
            pack_price=Decimal(units),
            starts_on=date(2026, 1, 1),
            source="for tests",
            moment=database_moment(session),
            details=details,
        )
        for units, details in ((7, seen), (14, PriceDetails(is_public=True)))
    ]
    return {"price_id": made[0].id, "public_price": made[1].id}


PUBLICATION: Mapping[Action, Exemplar] = {
    Action.READ_PRICES: Exemplar(
        {
            **dict.fromkeys(
                (Condition.OWN, Condition.LEAD),
                lambda ours, theirs, role: get(f"{_PRICE}/{ours.things['price_id']}"),
            ),
            Condition.PUBLISHED: lambda ours, theirs, role: get(
                f"{_PRICE}/{theirs.things['public_price']}"
            ),
        },
        (lambda ours, theirs, role: get(f"{_PRICE}/{theirs.things['price_id']}"),),
    ),
    Action.READ_STANDING: Exemplar(
        {
            Condition.ALWAYS: lambda ours, theirs, role: get(
                f"/api/v1/manufacturers/{theirs.things['firm']}"
            )
        }
    ),
    Action.READ_OPEN_DATA: Exemplar(
        {Condition.ALWAYS: lambda ours, theirs, role: get("/api/v1/open-data/rounds")}
    ),
}
