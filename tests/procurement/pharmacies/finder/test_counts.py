"""Stock from a hospital's newest count (3501)."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.database import snapshot, transaction
from procurement.orders.movements.kinds import CountedIn, MovementKind, MovementStatus
from procurement.orders.movements.tables import MovementFile, StockMovement
from procurement.pharmacies.finder.counts import NoCountError, take_count
from procurement.pharmacies.finder.kinds import StockSource
from procurement.pharmacies.finder.tables import PlaceStock
from tests.procurement.pharmacies.finder.world import CODE, MOMENT, SECOND_CODE

DAY = date(2026, 11, 21)


def count(world, *counted, day=DAY, counted_in=CountedIn.UNITS):
    """Store what a hospital counted: code and quantity of each batch."""
    with transaction(world.engine) as session:
        hospital_id = world.actors["hospital"].organisation_id
        file = MovementFile(
            hospital_id=hospital_id,
            kind=MovementKind.COUNT,
            counted_in=counted_in,
            digest=f"{day}{counted}"[:64],
            file_name="",
            lines=len(counted),
            matched=0,
            counted=0,
            unclear=0,
            sent_at=MOMENT,
        )
        session.add(file)
        session.flush()
        empty = dict.fromkeys(
            (
                *("own_code", "name", "original_serial", "note_number", "seller", "maker"),
                *("approval_number", "batch_number", "invoice_code", "invoice_number"),
                *("reason_zh", "reason_en"),
            ),
            "",
        )
        session.add_all(
            StockMovement(
                **empty,
                file_id=file.id,
                line=line,
                hospital_id=hospital_id,
                kind=MovementKind.COUNT,
                record_key=f"3501:{line}:{day}",
                code=code,
                serial=str(line),
                happened_on=day,
                quantity=Decimal(quantity),
                fields="{}",
                status=MovementStatus.KEPT,
            )
            for line, (code, quantity) in enumerate(counted, start=1)
        )


def take(world, by="hospital"):
    with transaction(world.engine) as session:
        return take_count(session, actor=world.actors[by], moment=MOMENT)


def shown(world):
    with snapshot(world.engine) as session:
        return {
            row.product_id: (row.packs, row.level, row.price, row.as_of, row.source)
            for row in session.scalars(select(PlaceStock))
        }


def test_batches_add_up_to_whole_packs_of_what_the_catalogue_knows(world):
    count(world, (CODE, "59"), (CODE, "32"), (SECOND_CODE, "29"), ("X-UNKNOWN", "100"))
    upload = take(world)
    assert (upload.lines, upload.source, upload.is_whole) == (2, StockSource.MOVEMENT, True)
    assert shown(world) == {
        world.products["奥希替尼"]: (3, "in-stock", None, DAY, "movement"),
        world.products["阿美替尼"]: (0, "none", None, DAY, "movement"),
    }


def test_packs_count_as_packs(world):
    count(world, (CODE, "7"), counted_in=CountedIn.PACKS)
    take(world)
    assert shown(world)[world.products["奥希替尼"]][0] == 7


def test_the_price_that_was_reported_stays_and_what_was_not_counted_goes(world):
    world.report(
        {"drug_code": CODE, "packs": "1", "price": "4400", "as_of": "2026-11-20"},
        {"drug_code": SECOND_CODE, "packs": "1", "as_of": "2026-11-20"},
        by="hospital",
    )
    count(world, (CODE, "300"))
    assert take(world).removed == 1
    assert shown(world) == {
        world.products["奥希替尼"]: (10, "in-stock", Decimal(4400), DAY, "movement")
    }


def test_a_count_that_says_nothing_new_is_refused(world):
    with pytest.raises(NoCountError):
        take(world)
    count(world, ("X-UNKNOWN", "1"), day=date(2026, 11, 1))
    with pytest.raises(NoCountError):
        take(world)
    count(world, (CODE, "30"))
    take(world)
    world.report({"drug_code": CODE, "packs": "5"}, by="hospital")
    with pytest.raises(NoCountError):
        take(world)


def test_a_count_does_not_tell_the_places_of_a_chain_apart(world):
    with pytest.raises(NoCountError):
        take(world, by="chain")
