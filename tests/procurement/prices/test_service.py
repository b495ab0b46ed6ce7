"""The chain of prices: recorded once, never changed, asked by day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from procurement.catalogue.tables import Product
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.prices.kinds import PriceKind
from procurement.prices.packs import RatioBases, record_all_packs
from procurement.prices.rules import price_digest
from procurement.prices.service import (
    PriceDetails,
    facts_of,
    first_break,
    price_on,
    record_price,
    versions_of,
)
from procurement.prices.tables import Price
from tests.procurement.catalogue.builders import new_holder
from tests.procurement.catalogue.builders import new_product as add_product
from tests.procurement.world import MOMENT

DAY = date(2027, 1, 1)
BASES = RatioBases(pack=Decimal("1.95"), strength=Decimal("1.7"))


def new_product(session, **changes):
    if session.scalar(select(Product.id).limit(1)) is None:
        new_holder(session)
    return add_product(session, **changes)


def record(session, product, **changes):
    facts = {
        "organisation_id": product.holder_id,
        "generic_product_id": product.generic_product_id,
        "strength": "1mg",
        "pack_units": 14,
        "pack_price": Decimal("6.97"),
        "starts_on": DAY,
        "source": "第三批国家组织药品集中采购中选结果",
        "moment": MOMENT,
    }
    return record_price(session, **{**facts, **changes})


def test_a_later_price_is_the_next_version_and_holds_from_its_day_on(engine):
    with transaction(engine) as session:
        product = new_product(session)
        first = record(session, product)
        second = record(session, product, pack_price=Decimal("6.5"), starts_on=date(2028, 1, 1))
        assert (first.version, second.version) == (1, 2)
        assert second.previous_digest == first.digest
        series = first.series
        held = [
            price_on(session, series=series, day=day)
            for day in (DAY - timedelta(1), DAY, date(2027, 12, 31), date(2028, 1, 1))
        ]
        assert held == [None, first, first, second]


def test_the_same_price_again_is_the_same_version(engine):
    with transaction(engine) as session:
        product = new_product(session)
        first = record(session, product)
        session.expire_all()
        again = record(session, product, pack_price=Decimal("6.9700"))
        assert again.id == first.id
        assert len(versions_of(session, series=first.series)) == 1


def test_another_pack_region_or_kind_is_another_series(engine):
    with transaction(engine) as session:
        product = new_product(session)
        everywhere = PriceDetails()
        prices = [
            record(session, product),
            record(session, product, pack_units=28),
            record(session, product, kind=PriceKind.LISTING),
            record(session, product, details=replace(everywhere, region="340000")),
        ]
        assert len({price.series for price in prices}) == 4
        assert {price.version for price in prices} == {1}


def test_a_recorded_price_cannot_be_changed(engine):
    with transaction(engine) as session:
        record(session, new_product(session))
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(update(Price).values(pack_price=Decimal(1)))


def test_the_chain_holds_and_a_forged_version_breaks_it(engine):
    with transaction(engine) as session:
        product = new_product(session)
        first = record(session, product)
        record(session, product, pack_price=Decimal("6.5"))
        assert first_break(session, series=first.series) is None
        forged = dict.fromkeys(Price.__table__.columns.keys())
        forged |= {name: getattr(first, name) for name in forged if name != "id"}
        forged |= {"version": 3, "pack_price": Decimal(9), "previous_digest": "0" * 64}
        forged.pop("id")
        session.add(Price(**forged))
        session.flush()
        assert first_break(session, series=first.series) == 3
        assert first.digest == price_digest(facts_of(first), previous="")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"generic_product_id": None}, "generic_product_id"),
        ({"pack_units": 0}, "pack_units"),
        ({"pack_price": Decimal(0)}, "pack_price"),
        ({"pack_price": Decimal("1e14")}, "pack_price"),
        ({"ends_on": DAY - timedelta(1)}, "ends_on"),
    ],
)
def test_what_is_no_price_is_refused_and_nothing_is_kept(engine, changes, field):
    with transaction(engine) as session:
        product = new_product(session)
        with pytest.raises(InvalidInputError) as refusal:
            record(session, product, **changes)
        assert [fault.field for fault in refusal.value.faults] == [field]
        assert session.scalars(select(Price)).all() == []


def test_all_packs_of_a_winner_get_the_price_that_the_ratio_rules_give(engine):
    with transaction(engine) as session:
        product = new_product(session)
        more = [
            {"pack_units": "28", "pack": "28片/盒", "drug_code": "XL02BGA001A001010200001"},
            {"strength": "2mg", "pack_units": "14", "drug_code": "XL02BGA001A002010100001"},
            {"strength": "不含数字", "pack_units": "14", "drug_code": ""},
        ]
        for changes in more:
            new_product(session, **changes)
        winning = record(session, product, details=PriceDetails(is_public=True, bureau_id=None))
        packs = record_all_packs(session, winning=winning, bases=BASES, moment=MOMENT)
        found = {(one.strength, one.pack_units): one.pack_price for one in packs.prices}
        assert found == {("1mg", 28): Decimal("13.59"), ("2mg", 14): Decimal("11.85")}
        assert all(one.converted_from_id == winning.id and one.is_public for one in packs.prices)
        assert [one.pack_units for one in packs.unconverted] == [14]
        again = record_all_packs(session, winning=winning, bases=BASES, moment=MOMENT)
        assert [one.id for one in again.prices] == [one.id for one in packs.prices]


def test_what_a_firm_declared_for_a_pack_is_not_converted_over(engine):
    with transaction(engine) as session:
        product = new_product(session)
        new_product(session, pack_units="28", pack="28片/盒", drug_code="")
        record(session, product, pack_units=28, pack_price=Decimal("12.00"))
        winning = record(session, product)
        packs = record_all_packs(session, winning=winning, bases=BASES, moment=MOMENT)
        assert packs.prices == ()
