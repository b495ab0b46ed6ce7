"""Nothing is printed of fewer sources than the least number, or of a price that is not public."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.china_days import Quarter
from procurement.database import snapshot, transaction
from procurement.monitoring.analytics.engine import Drug, QuarterSums, quarter_sums
from procurement.monitoring.analytics.source import files_below
from procurement.monitoring.report.content import Facts, make_content
from procurement.monitoring.report.gathering import DeliveryRate, Gathered, RoundProgress, gather
from procurement.monitoring.report.making import facts_of, sums_in
from procurement.monitoring.report.tables_of import tables_of
from procurement.monitoring.report.undisclosed import undisclosed_drugs
from procurement.monitoring.rules.parameters import Given, Name, Thresholds
from procurement.monitoring.rules.shortages import SupplySignals
from procurement.monitoring.tables import QuarterlyReport
from procurement.monitoring.thresholds import newest_parameters
from procurement.orders.fulfilment.progress import ProgressRow
from procurement.orders.fulfilment.rules.progress import Progress, TimeTarget
from procurement.orders.partitions.writing import write_partition
from procurement.orders.states import OrderKind, OrderStatus, Urgency
from procurement.orders.tables import OrderLine, PurchaseOrder
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from procurement.prices.tables import Price
from tests.procurement.monitoring.lines import Line, write_lines
from tests.procurement.monitoring.world import REGION

QUARTER = Quarter(2027, 1)
DRUG = Drug("缬沙坦 · 口服常释剂型", "80mg", "甲药业")
NOTHING = Gathered((), (), (), {}, {}, (), (), (), {})


def line(hospital: str, day: date, price: str) -> Line:
    return Line(hospital, *DRUG, day, False, 10, Decimal(price))


def content_of(*, sums=None, gathered=NOTHING, undisclosed=(), least="2"):
    return make_content(
        Facts(
            bureau="采购办",
            region=REGION,
            region_names=("安徽", "Anhui"),
            quarter=QUARTER,
            asked_at="",
            measures=("", ""),
            thresholds=Thresholds({Name.SOURCES_MIN: Given(Decimal(least), "会议纪要")}),
            sums=sums or QuarterSums(QUARTER, {}, {}, ()),
            gathered=gathered,
            makers={},
            partitions=(),
            undisclosed=undisclosed,
        )
    )


def sums_of(tmp_path, before: int, after: int) -> QuarterSums:
    """Sums of purchases by so many hospitals in each quarter."""
    lines = [line(f"医院{n}", date(2026, 11, 5), "2.00") for n in range(before)]
    lines += [line(f"医院{n}", date(2027, 2, 5), f"2.{n + 1}0") for n in range(after)]
    return quarter_sums(files_below(write_lines(tmp_path, lines)), QUARTER)


@pytest.mark.parametrize(
    ("before", "after", "shown"), [(2, 2, 1), (1, 2, 0), (2, 1, 0), (1, 1, 0), (3, 2, 1)]
)
def test_a_mover_needs_the_least_number_of_hospitals_in_both_quarters(
    tmp_path, before, after, shown
):
    movers = content_of(sums=sums_of(tmp_path, before, after))["movers"]
    assert (len(movers["up"]), movers["ups"], movers["hidden"]) == (shown, shown, 1 - shown)


def test_a_drug_with_a_price_that_is_not_public_is_in_no_list_and_is_counted(tmp_path):
    sums = sums_of(tmp_path, 3, 3)
    shown = content_of(sums=sums)
    assert (len(shown["movers"]["up"]), len(shown["gaps"]["rows"])) == (1, 1)
    content = content_of(sums=sums, undisclosed={DRUG})
    assert content["movers"]["up"] == content["gaps"]["rows"] == []
    assert (content["movers"]["hidden"], content["gaps"]["hidden"]) == (1, 1)
    notes = [tables_of(content, language="zh")[part][-1].note for part in ("movers", "gaps")]
    assert all("不公开" in note for note in notes)
    # Neither may the sentence tell the widest gap.
    assert "倍" not in content["gaps"]["finding"]["zh"]


def test_days_and_delivery_of_a_survey_need_as_many_who_stated_them():
    whole = SupplySignals(
        *(5, 1, (3, 4), 10, 7, 0),
        stated_days=2,
        stated_deliveries=2,
    )
    for signals, expected in (
        (whole, ("3.5", "70.00")),
        (replace(whole, stated_days=1), (None, "70.00")),
        (replace(whole, stated_deliveries=1), ("3.5", None)),
    ):
        gathered = replace(NOTHING, signals={"药": signals})
        (row,) = content_of(gathered=gathered)["survey"]["drugs"]
        assert (row["days"], row["rate"]) == expected


@pytest.mark.parametrize(("limiting", "in_time"), [(2, "50.00"), (1, None)])
def test_the_rate_in_time_needs_as_many_hospitals_with_a_limit(limiting, in_time):
    gathered = replace(NOTHING, makers=[DeliveryRate("甲", 3, 30, 20, 5, 10, limiting)])
    (row,) = content_of(gathered=gathered)["delivery"]["makers"]
    assert (row["rate"], row["in_time"]) == ("66.67", in_time)


def term(agreeing: int, receiving: int, received: int) -> RoundProgress:
    row = ProgressRow("", "", "", Progress(100, received), TimeTarget(50, 100), None)
    return RoundProgress("pilot", 1, row, agreeing, receiving)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (term(2, 2, 40), (100, 40, "40.00")),
        (term(2, 1, 40), (100, None, None)),
        (term(1, 2, 40), (None, 40, None)),
        (term(1, 1, 40), (None, None, None)),
        (term(2, 0, 0), (100, 0, "0.00")),
        (term(1, 0, 0), (None, None, None)),
    ],
)
def test_progress_needs_as_many_hospitals(one, expected):
    content = content_of(gathered=replace(NOTHING, progress=[one]))
    (row,) = content["progress"]["rows"]
    assert (row["agreed"], row["received"], row["completion"]) == expected
    is_hidden = expected[2] is None
    assert content["progress"]["hidden"] == is_hidden
    # Whether a hidden term is behind is not told by the sentence either.
    behind = "其中 0 个落后" if is_hidden else "1 个落后"
    assert behind in content["progress"]["finding"]["zh"]
    for language in ("zh", "en"):
        note = tables_of(content, language=language)["progress"][0].note
        assert bool(note) == is_hidden


def winning(world, *, is_public=False, region=REGION, ends_on=date(2027, 12, 31), starts_on=None):
    with transaction(world.engine) as session:
        record_price(
            session,
            organisation_id=world.maker.organisation_id,
            generic_product_id=world.generic_ids[0],
            lot_strength_id=world.lot_strength_id(session),
            strength="80mg",
            pack_units=10,
            pack_price=Decimal("12.00"),
            kind=PriceKind.WINNING,
            starts_on=starts_on or date(2026, 6, 1),
            ends_on=ends_on,
            source="中选结果",
            moment=world.moment,
            details=PriceDetails(region=region, is_public=is_public),
        )


def hidden_in(world) -> set[tuple[str, str]]:
    with snapshot(world.engine) as session:
        found = undisclosed_drugs(session, region=REGION, quarter=QUARTER)
    return {(one.generic, one.strength) for one in found}


def test_winning_prices_that_only_the_parties_see_are_undisclosed(world):
    assert hidden_in(world) == set()
    winning(world)
    assert ("缬沙坦 · 口服常释剂型", "80mg") in hidden_in(world)


def test_purchases_at_an_undisclosed_price_are_left_out_of_the_report(world, tmp_path):
    world.buy(
        *((who, 0, date(2026, 11, 5), 100, "1.20") for who in (0, 1)),
        *((who, 0, date(2027, 2, 5), 100, price) for who, price in ((0, "1.10"), (1, "1.30"))),
        (2, 0, date(2027, 2, 5), 500, "1.30"),
    )
    world.give(sources_min="2")

    def content():
        written = [
            write_partition(world.engine, folder=tmp_path, year=year, region="340100")
            for year in (2026, 2027)
        ]
        with snapshot(world.engine) as session:
            given = newest_parameters(session, bureau_id=world.officer.organisation_id)
            assert given is not None
            report = QuarterlyReport(
                bureau_id=world.officer.organisation_id,
                region=REGION,
                year=2027,
                quarter=1,
                measures="",
                measures_en="",
                asked_at=world.moment,
                parameters_id=given.id,
            )
            sums = sums_in(tmp_path, written, QUARTER)
            return make_content(facts_of(session, report=report, sums=sums, written=written))

    before = content()
    assert (len(before["movers"]["up"]), len(before["gaps"]["rows"])) == (1, 1)
    winning(world)
    after = content()
    assert after["movers"]["up"] == after["gaps"]["rows"] == []
    assert (after["movers"]["hidden"], after["gaps"]["hidden"]) == (1, 1)


@pytest.mark.parametrize(
    "terms",
    [
        {"is_public": True},
        {"region": "330000"},
        {"ends_on": date(2026, 9, 30)},
        {"starts_on": date(2027, 4, 1)},
    ],
)
def test_public_prices_and_those_of_other_places_and_times_hide_nothing(world, terms):
    winning(world, **terms)
    assert hidden_in(world) == set()


def test_a_price_of_the_whole_country_is_undisclosed_here_too(world):
    winning(world, region="000000")
    assert hidden_in(world)


def place_order(session, world, number: int, *, hospital: int, due_at, cancelled: int = 0):
    order = PurchaseOrder(
        number=f"T{number}",
        hospital_id=world.hospitals[hospital].organisation_id,
        organisation_id=world.maker.organisation_id,
        distributor_id=world.distributor.organisation_id,
        region="340100",
        kind=OrderKind.AGREED,
        urgency=Urgency.ORDINARY,
        is_remote=False,
        is_cold_chain=False,
        status=OrderStatus.CONFIRMED,
        placed_at=datetime(2027, 2, 1, tzinfo=UTC),
        due_at=due_at,
        due_rule="",
    )
    order.lines.append(
        OrderLine(
            number=1,
            price_id=session.query(Price).first().id,
            product="缬沙坦",
            strength="80mg",
            unit="片",
            packs=10,
            pack_units=10,
            pack_price=Decimal("12.00"),
            is_winning=False,
            cancelled_packs=cancelled,
        )
    )
    session.add(order)


def test_hospitals_with_a_time_limit_are_counted_apart_and_cancelled_orders_not_at_all(world):
    limit = datetime(2027, 2, 3, tzinfo=UTC)
    with transaction(world.engine) as session:
        place_order(session, world, 1, hospital=0, due_at=limit)
        place_order(session, world, 2, hospital=0, due_at=limit)
        place_order(session, world, 3, hospital=1, due_at=None)
        place_order(session, world, 4, hospital=2, due_at=limit, cancelled=10)
    report = QuarterlyReport(
        bureau_id=world.officer.organisation_id,
        region=REGION,
        year=2027,
        quarter=1,
        asked_at=world.moment,
    )
    with snapshot(world.engine) as session:
        (maker,) = gather(session, report=report).makers
    assert (maker.hospitals, maker.limited_hospitals) == (2, 1)
    assert (maker.ordered, maker.limited) == (30, 20)
