"""A negotiated drug that wins a national round takes that price, as a new version of its chain."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.awards import awarded
from procurement.database import transaction
from procurement.prices.kinds import PriceKind
from procurement.prices.service import (
    PriceDetails,
    first_break,
    price_on,
    record_price,
    superseded_from,
    versions_of,
)
from procurement.rounds.tables import Lot
from tests.procurement.awards.world import announced_round
from tests.procurement.world import MOMENT

FIRST_DAY = date(2027, 1, 1)


def negotiated(world, **facts):
    """Record that the maker A has a negotiated standard of the drug of L01."""
    with transaction(world.engine) as session:
        lot = session.scalars(
            select(Lot).where(Lot.round_id == world.round_id, Lot.code == "L01")
        ).one()
        known = {
            "strength": "1mg",
            "pack_units": 14,
            "pack_price": Decimal("90.00"),
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2029, 12, 31),
            "details": PriceDetails(clause=facts.pop("way", "talks"), is_public=True),
        }
        return record_price(
            session,
            organisation_id=world.maker("A").id,
            generic_product_id=lot.generic_product_id,
            kind=PriceKind.PAYMENT_STANDARD,
            source="目录谈判",
            moment=MOMENT,
            **{**known, **facts},
        )


def versions(world, standard):
    with world.read() as session:
        assert first_break(session, series=standard.series) is None
        return [
            (one.version, one.pack_price) for one in versions_of(session, series=standard.series)
        ]


def test_the_winning_price_is_the_standard_from_the_first_day_of_the_cycle(engine):
    world = announced_round(engine).end_notice()
    standard = negotiated(world)
    world.fix_award(starts_on=FIRST_DAY)
    assert versions(world, standard) == [(1, Decimal("90")), (2, Decimal("28"))]
    with world.read() as session:
        before, after, ended = (
            price_on(session, series=standard.series, day=day)
            for day in (date(2026, 12, 31), FIRST_DAY, date(2028, 1, 1))
        )
        assert before is not None and before.pack_price == 90
        assert after is not None and after.source == f"{world.name} L01 中选结果"
        assert after.clause == "standard-national-2021 negotiated.takes"
        assert (after.starts_on, after.ends_on) == (FIRST_DAY, date(2027, 12, 31))
        # What holds after the cycle no source states: the negotiated one does not come back.
        assert ended is None
        assert superseded_from(session, [before, after]) == {before.id: FIRST_DAY}


def test_another_pack_takes_the_price_that_the_ratio_rules_give(engine):
    world = announced_round(engine).end_notice()
    standard = negotiated(world, pack_units=28)
    world.fix_award(starts_on=FIRST_DAY)
    with world.read() as session:
        [_, followed] = versions_of(session, series=standard.series)
        assert (followed.factor, followed.pack_price) == (Decimal("1.95"), Decimal("54.60"))
        assert followed.converted_from_id is not None


@pytest.mark.parametrize(
    "facts",
    [
        {"way": "bidding"},
        {"ends_on": date(2026, 12, 31)},
        {"starts_on": date(2027, 2, 1)},
        {"strength": "5mg"},
    ],
)
def test_a_standard_that_the_rule_does_not_speak_of_stays(engine, facts):
    world = announced_round(engine).end_notice()
    standard = negotiated(world, **facts)
    world.fix_award(starts_on=FIRST_DAY)
    assert versions(world, standard) == [(1, Decimal("90"))]


def test_a_round_of_no_national_document_changes_no_negotiated_standard(engine, monkeypatch):
    monkeypatch.setattr(awarded, "NATIONAL", "another-")
    world = announced_round(engine).end_notice()
    standard = negotiated(world)
    world.fix_award(starts_on=FIRST_DAY)
    assert versions(world, standard) == [(1, Decimal("90"))]
