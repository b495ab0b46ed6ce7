"""Reports of stock: taken in whole, or refused with every fault at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.audit import entries_about
from procurement.catalogue.spreadsheets import as_csv
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.permissions import NotFoundForActorError
from procurement.pharmacies.finder.flags import FlagSettledError, flags_in, settle_flag
from procurement.pharmacies.finder.kinds import Settled, StockLevel
from procurement.pharmacies.finder.reading import (
    LINES_MAX,
    SentLine,
    cell_of_file,
    lines_of_file,
    read_sent,
)
from procurement.pharmacies.finder.tables import PlaceStock, StockUpload
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.tables import Place
from tests.procurement.pharmacies.finder.world import (
    CODE,
    FIRST,
    MOMENT,
    OTHER,
    SECOND,
    SECOND_CODE,
    TODAY,
)


def line(**cells):
    return {"place": FIRST, "drug_code": CODE, "packs": "3", "price": "4500", **cells}


def rows(world):
    with snapshot(world.engine) as session:
        return session.scalars(select(PlaceStock).order_by(PlaceStock.id)).all()


def faults_of(world, *lines, **how):
    with pytest.raises(InvalidInputError) as refused:
        world.report(*lines, **how)
    assert rows(world) == []
    return {fault.field: fault.en for fault in refused.value.faults}


def test_a_report_is_stored_with_its_county_and_the_name_of_the_catalogue(world):
    upload = world.report(line())
    assert (upload.added, upload.changed, upload.removed, upload.too_high) == (1, 0, 0, 0)
    (row,) = rows(world)
    assert (row.county, row.product, row.packs) == ("341502", "泰瑞沙 80mg×30片 某某制药", 3)
    assert (row.level, row.price, row.as_of) == (StockLevel.IN_STOCK, Decimal(4500), TODAY)
    with snapshot(world.engine) as session:
        (entry,) = entries_about(session, subject=f"stock-upload/{upload.id}")
    assert entry.action == "report-stock"


def test_a_second_report_changes_what_it_names_and_leaves_the_rest(world):
    world.report(line(), line(drug_code=SECOND_CODE))
    upload = world.report(line(packs="0"))
    assert (upload.added, upload.changed, upload.removed) == (0, 1, 0)
    assert [row.level for row in rows(world)] == [StockLevel.NONE, StockLevel.IN_STOCK]


def test_a_whole_report_removes_what_it_does_not_name_in_the_places_it_names(world):
    world.report(line(), line(drug_code=SECOND_CODE), line(place=SECOND))
    upload = world.report(line(), whole=True)
    assert upload.removed == 1
    assert sorted(row.place_id for row in rows(world)) == sorted(
        [world.places[FIRST], world.places[SECOND]]
    )


def test_every_fault_of_every_line_is_named_and_nothing_is_stored(world):
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    faults = faults_of(
        world,
        line(as_of=tomorrow),
        line(drug_code=SECOND_CODE, packs="-1"),
        line(drug_code="", price="0"),
        line(as_of="20.11.2026", level="plenty"),
        line(packs="", level="", price="12,5"),
    )
    assert set(faults) == {
        "lines.1.as_of",
        "lines.2.packs",
        "lines.3.name",
        "lines.3.price",
        "lines.4.as_of",
        "lines.4.level",
        "lines.5.packs",
        "lines.5.price",
    }
    assert "lies after today" in faults["lines.1.as_of"]


def test_unknown_places_and_drugs_and_twins_are_faults(world):
    faults = faults_of(
        world,
        line(place=OTHER),
        line(drug_code="X"),
        line(drug_code="", name="没有这种药"),
        line(drug_code="", name="阿美替尼"),
        line(),
        line(packs="4"),
    )
    assert set(faults) == {
        "lines.1.place",
        "lines.2.drug_code",
        "lines.3.name",
        "lines.4.form",
        "lines.6.product",
    }
    assert faults["lines.6.product"] == "The same product of the same place as line 5."


def test_a_level_that_contradicts_the_packs_is_a_fault(world):
    assert set(faults_of(world, line(packs="0", level="有货"))) == {"lines.1.level"}
    world.report(line(packs="0", level="已订货"))
    assert rows(world)[0].level == StockLevel.ORDERED


def test_an_earlier_day_cannot_take_the_place_of_a_later_one(world):
    world.report(line())
    with pytest.raises(InvalidInputError) as refused:
        world.report(line(as_of="2026-11-20", packs="9"))
    assert [fault.field for fault in refused.value.faults] == ["lines.1.as_of"]
    assert rows(world)[0].packs == 3


def test_nobody_reports_for_a_closed_place(world):
    with transaction(world.engine) as session:
        session.get_one(Place, world.places[FIRST]).status = PlaceStatus.CLOSED
    assert set(faults_of(world, line())) == {"lines.1.place"}


def test_the_place_may_be_left_out_where_there_is_only_one(world):
    world.report(line(place=""), by="other")
    assert rows(world)[0].place_id == world.places[OTHER]
    with pytest.raises(InvalidInputError):
        world.report(line(place=""))


def test_who_keeps_no_place_reports_nothing(world):
    with pytest.raises(NotFoundForActorError):
        world.report(line(), by="agency")


def test_a_file_is_read_by_chinese_headings_with_faults_by_line_and_column():
    content = as_csv(
        [
            ["机构代码", "通用名", "剂型", "库存状态", "销售价", "盘点日期"],
            [FIRST, "奥希替尼", "片剂", "少量", "12.5", "2026-11-20"],
            [FIRST, "奥希替尼", "片剂", "很多", "12.5", "2026-11-31"],
        ]
    )
    read, faults = read_sent(lines_of_file(content), today=TODAY, name_cell=cell_of_file)
    assert [one.level for one in read] == [StockLevel.FEW]
    assert [fault.field for fault in faults] == [
        "第 3 行，库存状态 level",
        "第 3 行，盘点日期 as_of",
    ]


def test_no_line_and_too_many_lines_are_refused():
    for lines in ([], [SentLine(1, {})] * (LINES_MAX + 1)):
        read, faults = read_sent(lines, today=TODAY, name_cell=cell_of_file)
        assert read == [] and [fault.field for fault in faults] == ["lines"]


def test_a_price_above_the_payment_standard_is_flagged_until_it_comes_down(world):
    assert world.report(line(price="4500.01")).too_high == 1
    with snapshot(world.engine) as session:
        (flag,) = session.scalars(flags_in(region="341500", is_open=True))
        assert (flag.price, flag.allowed) == (Decimal("4500.01"), Decimal(4500))
        assert session.scalars(flags_in(region="320000", is_open=True)).all() == []
    assert world.report(line(price="4600")).too_high == 1
    assert world.report(line(price="4500")).too_high == 0
    with snapshot(world.engine) as session:
        (flag,) = session.scalars(flags_in(region="000000", is_open=False))
        assert (flag.price, flag.settled_why) == (Decimal(4600), Settled.PRICE_DOWN)


def test_what_is_reported_no_more_is_no_longer_too_high(world):
    world.report(line(price="5000"))
    world.report(line(drug_code=SECOND_CODE), whole=True)
    with snapshot(world.engine) as session:
        (flag,) = session.scalars(flags_in(region="340000", is_open=False))
        assert flag.settled_why == Settled.NOT_LISTED


def test_an_officer_settles_a_flag_once_and_says_why(world):
    world.report(line(price="5000"))
    with snapshot(world.engine) as session:
        flag_id = session.scalars(flags_in(region="340000", is_open=True)).one().id

    def settle(why):
        with transaction(world.engine) as session:
            settle_flag(
                session, flag_id=flag_id, why=why, actor=world.actors["officer"], moment=MOMENT
            )

    with pytest.raises(InvalidInputError):
        settle("")
    settle("已约谈，门店整改。")
    with pytest.raises(FlagSettledError):
        settle("again")
    assert world.report(line(price="5000")).too_high == 1


def test_what_was_taken_in_stays_on_record(world):
    world.report(line())
    world.report(line(), whole=True)
    with snapshot(world.engine) as session:
        uploads = session.scalars(select(StockUpload).order_by(StockUpload.id)).all()
    assert [(one.added, one.changed) for one in uploads] == [(1, 0), (0, 0)]
    assert uploads[0].digest == uploads[1].digest
