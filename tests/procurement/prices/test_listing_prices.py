"""Listing prices: recorded by officers of the region, one by one or by file, all or none."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.audit import entries_about
from procurement.catalogue.products import add_product
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.permissions import Actor, Role
from procurement.prices.kinds import PriceKind
from procurement.prices.listing_file import in_file, read_listings
from procurement.prices.listing_prices import Listing, record_listings
from procurement.prices.tables import Price
from tests.procurement.platform import running_platform
from tests.procurement.world import MOMENT, new_organisation, new_person

CODE = "XA02BCA214A012010100445"
DAY = date(2027, 1, 1)


@pytest.fixture
def product(engine):
    """A product of the catalogue, with its national drug code."""
    with transaction(engine) as session:
        firm = new_organisation(session, "manufacturer", name="挂网制药")
        raw = {
            "name": "阿那曲唑",
            "printed_form": "口服常释剂型",
            "dosage_form": "oral-solid",
            "kind": "chemical",
            "unit": "片",
            "strength": "1mg",
            "holder": firm.name,
            "pack_units": "14",
            "approval_number": "国药准字H20250001",
            "drug_code": CODE,
            "evaluation": "not-applicable",
        }
        return add_product(session, raw=raw, actor=Actor(), moment=MOMENT).id


def listing(product, **changed):
    faultless = {
        "product": str(product),
        "region": "340000",
        "pack_price": Decimal("19.90"),
        "starts_on": DAY,
        "source": "省级平台挂网",
    }
    return Listing(**{**faultless, **changed})


def recorded(engine, *listings):
    with transaction(engine) as session:
        return [
            one.id
            for one in record_listings(
                session, listings=listings, actor=Actor(organisation_id=None), moment=MOMENT
            )
        ]


def stored(engine):
    with transaction(engine) as session:
        return session.scalars(select(Price).order_by(Price.id)).all()


def test_a_listing_price_is_a_public_version_in_the_chain(engine, product):
    recorded(engine, listing(product), listing(CODE, pack_price=Decimal("18.80")))
    first, second = stored(engine)
    assert (first.kind, first.is_public, first.product_id) == (PriceKind.LISTING, True, product)
    assert (first.strength, first.pack_units, first.region) == ("1mg", 14, "340000")
    # The same product by its code: the next version of the same price.
    assert (second.series, second.version) == (first.series, 2)
    with transaction(engine) as session:
        (entry,) = entries_about(session, subject="prices/listing")
    assert "19.9" not in entry.facts


def test_one_bad_line_records_nothing_and_every_fault_is_listed(engine, product):
    with pytest.raises(InvalidInputError) as refused:
        recorded(
            engine,
            listing(product),
            listing("no-such", region="990000", pack_price=Decimal("1.005")),
            listing(product, ends_on=date(2026, 1, 1), source=" "),
        )
    assert [one.field for one in refused.value.faults] == [
        "lines.2.product",
        "lines.2.region",
        "lines.2.pack_price",
        "lines.3.ends_on",
        "lines.3.source",
    ]
    assert stored(engine) == []


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity", "1e20", "0.001"])
def test_what_is_no_price_is_refused(engine, product, price):
    with pytest.raises(InvalidInputError):
        recorded(engine, listing(product, pack_price=Decimal(price)))


def test_a_file_says_its_faults_by_line_and_column():
    content = "产品编码,行政区划,包装价格,起始日,终止日,依据\n1,340000,x,2027-13-01,soon,挂网\n"
    with pytest.raises(InvalidInputError) as refused:
        read_listings(content.encode())
    assert [one.field for one in refused.value.faults] == [
        "第 2 行，包装价格 pack_price",
        "第 2 行，起始日 starts_on",
        "第 2 行，终止日 ends_on",
    ]


def test_faults_of_what_it_means_stand_in_the_file_too(engine, product):
    content = "product,region,pack_price,starts_on,source\n\n7,340000,1,2027-01-01,挂网\n"
    numbered = read_listings(content.encode())
    assert [number for number, _ in numbered] == [3]
    with pytest.raises(InvalidInputError) as refused:
        recorded(engine, listing("999"))
    placed = in_file(refused.value, [3])
    assert [one.field for one in placed.faults] == ["第 3 行，产品编码 product"]


def test_officers_record_for_their_own_region(engine, product, tmp_path):
    with transaction(engine) as session:
        bureau = new_organisation(session, "bureau", region="340000")
        officer = new_person(session, bureau, roles=(Role.OFFICER,))
    with running_platform(engine, tmp_path) as platform:
        machine = platform.with_token(officer)
        line = {
            "product": CODE,
            "region": "340100",
            "pack_price": "19.90",
            "starts_on": "2027-01-01",
            "source": "挂网",
        }
        address = "/api/v1/prices/listings"
        assert machine.post(address, json={"items": [line]}).status_code == 201
        elsewhere = {**line, "region": "310000"}
        assert machine.post(address, json={"items": [line, elsewhere]}).status_code == 404
        assert (
            machine.post(address, json={"items": [{**line, "pack_price": "x"}]}).json()["errors"][
                0
            ]["field"]
            == "lines.1.pack_price"
        )
        content = (
            f"product,region,pack_price,starts_on,source\n{CODE},340000,18.80,2027-01-01,挂网\n"
        )
        sent = {"files": {"file": ("prices.csv", content.encode())}}
        assert machine.post("/api/v1/prices/listing-files", **sent).status_code == 201
        bad = {"files": {"file": ("prices.csv", content.replace(CODE, "7").encode())}}
        told = machine.post("/api/v1/prices/listing-files", **bad)
        assert told.json()["errors"][0]["field"] == "第 2 行，产品编码 product"
    assert [one.pack_price for one in stored(engine)] == [Decimal("19.90"), Decimal("18.80")]
