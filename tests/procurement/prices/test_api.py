"""Prices by machine: what may be seen, and which holds on a day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procurement.accounts.tables import OrganisationKind
from procurement.clock import now
from procurement.database import transaction
from procurement.permissions import Role
from procurement.prices.service import PriceDetails, record_price
from tests.procurement.catalogue.builders import new_holder, new_product
from tests.procurement.platform import running_platform
from tests.procurement.world import new_organisation, new_person

DAY = date(2027, 1, 1)


@pytest.fixture
def site(engine, tmp_path):
    with transaction(engine) as session:
        new_holder(session)
        product = new_product(session)
        lead = new_organisation(session, OrganisationKind.BUREAU)
        other = new_organisation(session, OrganisationKind.BUREAU, region="340000")
        maker = new_organisation(session, OrganisationKind.MANUFACTURER)
        hospital = new_organisation(session, OrganisationKind.HOSPITAL)
        people = {
            "lead": new_person(session, lead, roles=(Role.OFFICER,)),
            "other": new_person(session, other, roles=(Role.OFFICER,)),
            "maker": new_person(session, maker, roles=(Role.MANUFACTURER,)),
            "hospital": new_person(session, hospital, roles=(Role.HOSPITAL,)),
        }
        common: dict[str, Any] = {
            "organisation_id": maker.id,
            "generic_product_id": product.generic_product_id,
            "strength": "1mg",
            "source": "中选结果",
            "moment": now(),
        }
        secret = PriceDetails(bureau_id=lead.id)
        shown = PriceDetails(bureau_id=lead.id, is_public=True)
        paid = PriceDetails(bureau_id=lead.id, hospital_id=hospital.id)
        for units, details, starts_on in (
            (7, secret, DAY),
            (14, shown, DAY),
            (14, shown, date(2028, 1, 1)),
            (28, paid, DAY),
        ):
            record_price(
                session,
                **common,
                pack_units=units,
                pack_price=Decimal(units),
                starts_on=starts_on,
                details=details,
            )
    with running_platform(engine, tmp_path) as platform:
        yield platform, people


def packs(visitor, query=""):
    answer = visitor.get("/api/v1/prices" + query)
    assert answer.status_code == 200, answer.text
    return [(one["pack_units"], one["version"]) for one in answer.json()["items"]]


def test_everybody_sees_his_own_and_what_is_public(site):
    platform, people = site
    shown = [(14, 1), (14, 2)]
    assert packs(platform.nobody()) == shown
    assert packs(platform.with_token(people["other"])) == shown
    assert packs(platform.with_token(people["hospital"])) == [*shown, (28, 1)]
    everything = [(7, 1), *shown, (28, 1)]
    assert packs(platform.with_token(people["lead"])) == everything
    assert packs(platform.with_token(people["maker"])) == everything


def test_a_day_leaves_one_version_of_each_price(site):
    platform, people = site
    lead = platform.with_token(people["lead"])
    assert packs(lead, "?on_date=2026-12-31") == []
    assert packs(lead, "?on_date=2027-06-01") == [(7, 1), (14, 1), (28, 1)]
    assert packs(lead, "?on_date=2028-06-01&kind=winning") == [(7, 1), (14, 2), (28, 1)]


def test_a_price_that_is_not_ones_own_is_not_there(site):
    platform, people = site
    lead = platform.with_token(people["lead"])
    secret = lead.get("/api/v1/prices").json()["items"][0]
    address = f"/api/v1/prices/{secret['id']}"
    assert lead.get(address).json()["versions"] == [secret]
    assert platform.nobody().get(address).status_code in (401, 404)
    assert platform.with_token(people["other"]).get(address).status_code == 404
    assert platform.with_token(people["hospital"]).get(address).status_code == 404
