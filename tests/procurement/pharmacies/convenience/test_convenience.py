"""Convenience pharmacies: counters, zero markup, quarterly needs, years, the end of the sign."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.accounts.tables import Organisation
from procurement.audit.tables import AuditEntry
from procurement.catalogue.spreadsheets import as_csv
from procurement.catalogue.tables import Product
from procurement.china_days import Quarter, quarter_of
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.pharmacies.convenience.checking import check_prices, newest_checks
from procurement.pharmacies.convenience.counters import counter_prices, keep_counters
from procurement.pharmacies.convenience.documents import NoDocumentError, NotConvenienceError
from procurement.pharmacies.convenience.judging import (
    SignStaysError,
    Stated,
    judge_year,
    known_year,
    remove_sign,
    years_of,
)
from procurement.pharmacies.convenience.needs import need_sheet, report_needs
from procurement.pharmacies.convenience.orders import may_buy
from procurement.pharmacies.convenience.states import CounterKind
from procurement.pharmacies.designation.service import designated_on
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.zero_markup import PriceOutcome, price_outcome
from procurement.prices.service import PriceDetails, record_price
from procurement.volumes.quarterly.rules import due_at
from procurement.volumes.quarterly.service import sums_of
from tests.procurement.pharmacies.coverage.world import give_sign
from tests.procurement.pharmacies.finder.world import (
    CODE,
    FIRST,
    MOMENT,
    OTHER,
    SECOND,
    SECOND_CODE,
    TODAY,
)

HEADING = ["国家医保药品代码", "销售价", "采购价", "日期"]
LINE = [CODE, "4500.00", "4400.00", "2026-11-20"]
NEXT = Quarter(2027, 1)
STATED = Stated(Decimal("0.9"), Decimal(12000), "台账")


def place_of(session, world, code=FIRST):
    return session.get_one(Place, world.places[code])


def keep(world, *lines, code=FIRST, by="chain"):
    with transaction(world.engine) as session:
        content = as_csv([HEADING, *lines])
        return keep_counters(
            session,
            place=place_of(session, world, code),
            content=content,
            actor=world.actors[by],
            moment=MOMENT,
        )


def prices(world, code=FIRST):
    with snapshot(world.engine) as session:
        return counter_prices(session, place=place_of(session, world, code), day=TODAY)


def strength_of(world):
    with snapshot(world.engine) as session:
        return session.get_one(Product, world.products["奥希替尼"]).strength_id


def record_winner(world, code, price, *, is_public=True):
    with transaction(world.engine) as session:
        product = session.scalars(select(Product).where(Product.drug_code == code)).one()
        record_price(
            session,
            organisation_id=product.holder_id,
            generic_product_id=product.generic_product_id,
            strength="80mg",
            pack_units=product.pack_units,
            pack_price=Decimal(price),
            starts_on=date(2026, 1, 1),
            source="集采",
            moment=MOMENT,
            details=PriceDetails(is_public=is_public),
        )


def report(world, units, *, version=0, quarter=NEXT, moment=MOMENT, code=FIRST):
    with transaction(world.engine) as session:
        return report_needs(
            session,
            place=place_of(session, world, code),
            quarter=quarter,
            units=units,
            version=version,
            actor=world.actors["chain"],
            moment=moment,
        ).is_in_time


def judge(world, *, moment=MOMENT, year=2026, stated=STATED):
    with transaction(world.engine) as session:
        return judge_year(
            session,
            place=place_of(session, world),
            year=year,
            stated=stated,
            actor=world.actors["officer"],
            moment=moment,
        ).keeps_sign


@pytest.mark.parametrize(
    ("sale", "purchase", "limit", "outcome"),
    [
        ("8.90", "8.90", "8.90", PriceOutcome.IN_ORDER),
        ("8.91", "9.00", "8.90", PriceOutcome.ABOVE_LIMIT),
        ("8.91", "8.90", "9.00", PriceOutcome.MARKED_UP),
        ("8.90", None, "8.90", PriceOutcome.NO_PURCHASE),
        ("8.90", "8.90", None, PriceOutcome.NO_LIMIT),
        ("8.91", "8.90", None, PriceOutcome.MARKED_UP),
    ],
)
def test_a_sale_price_is_judged_by_what_was_paid_and_what_it_may_cost(
    sale, purchase, limit, outcome
):
    paid = None if purchase is None else Decimal(purchase)
    most = None if limit is None else Decimal(limit)
    assert price_outcome(Decimal(sale), purchase=paid, limit=most) is outcome


def test_a_counter_shows_what_a_pack_costs_and_may_cost(world):
    give_sign(world, FIRST)
    assert keep(world, LINE) == 1
    (one,) = prices(world)
    assert one.counter.kind == CounterKind.NEGOTIATED and one.name == "奥希替尼片剂"
    assert (one.purchase, one.limit) == (Decimal("4400.00"), Decimal("4500.00"))
    assert one.outcome is PriceOutcome.MARKED_UP
    # A new file is the whole counter.
    assert keep(world, [CODE, "4400.00", "4400.00", "2026-11-21"]) == 1
    assert prices(world)[0].outcome is PriceOutcome.IN_ORDER


def test_every_fault_of_a_counter_is_named_with_line_and_column_and_nothing_is_kept(world):
    give_sign(world, FIRST)
    keep(world, LINE)
    with pytest.raises(InvalidInputError) as refused:
        keep(
            world,
            LINE,
            LINE,
            ["X", "4500", "", "2026-11-20"],
            [SECOND_CODE, "1", "", "2026-11-20"],
            [CODE, "-1", "0.001", "2026-11-23"],
        )
    places = [fault.field for fault in refused.value.faults]
    assert [one.split("，")[0] for one in places] == [
        "第 3 行",
        "第 4 行",
        "第 5 行",
        "第 6 行",
        "第 6 行",
        "第 6 行",
    ]
    assert [one.split()[-1] for one in places[-3:]] == ["sale_price", "purchase_price", "as_of"]
    assert len(prices(world)) == 1


def test_only_a_convenience_pharmacy_keeps_a_counter_and_buys(world):
    with pytest.raises(NotConvenienceError):
        keep(world, LINE)
    give_sign(world, FIRST)
    with snapshot(world.engine) as session:
        chain, other = (place_of(session, world, code).organisation_id for code in (FIRST, OTHER))
        from_chain, from_other = (
            may_buy(session, session.get_one(Organisation, one), TODAY) for one in (chain, other)
        )
    assert (from_chain, from_other) == (True, False)


def test_a_check_keeps_what_it_found_and_tells_the_keeper(world):
    give_sign(world, FIRST)
    keep(world, [CODE, "4600.00", "", "2026-11-20"])
    with transaction(world.engine) as session:
        place = place_of(session, world)
        check_prices(session, place=place, actor=world.actors["officer"], moment=MOMENT)
    with snapshot(world.engine) as session:
        (found,) = newest_checks(session, place_id=world.places[FIRST])
        assert found.outcome == PriceOutcome.ABOVE_LIMIT
        assert (found.sale_price, found.limit_price) == (Decimal(4600), Decimal(4500))
        actions = session.scalars(select(AuditEntry.action)).all()
    assert "check-convenience-prices" in actions


def test_need_is_reported_for_the_next_quarter_and_summed_by_region(world):
    give_sign(world, FIRST)
    give_sign(world, SECOND)
    keep(world, LINE)
    keep(world, LINE, code=SECOND)
    strength = strength_of(world)
    assert report(world, {strength: 600}) is True
    report(world, {strength: 400}, code=SECOND)
    # The second report of a pharmacy takes the place of the first.
    report(world, {strength: 900}, version=1)
    with pytest.raises(StaleError):
        report(world, {strength: 1}, version=1)
    with snapshot(world.engine) as session:
        (found,) = sums_of(session, region="341500", quarter=NEXT)
        assert (found.units, found.pharmacies) == (1300, 2)
        assert sums_of(session, region="341503", quarter=NEXT)[0].units == 400
        assert sums_of(session, region="320000", quarter=NEXT) == []
        sheet = need_sheet(session, place=place_of(session, world), moment=MOMENT)
    assert sheet.quarter == NEXT and sheet.version == 2
    assert [line.units for line in sheet.lines] == [900]


def test_of_two_first_reports_at_once_the_slower_one_is_stale(world, monkeypatch):
    give_sign(world, FIRST)
    keep(world, LINE)
    units = {strength_of(world): 600}
    report(world, units)
    # The slower one looked before the faster one was kept.
    monkeypatch.setattr("procurement.volumes.quarterly.service.need_of", lambda *_, **__: None)
    with pytest.raises(StaleError):
        report(world, units)


def test_a_late_report_stays_late_and_one_outside_the_quarters_is_refused(world):
    give_sign(world, FIRST)
    keep(world, LINE)
    units = {strength_of(world): 10}
    # The 20th of the last month before ends at midnight in China.
    in_time, late = (
        datetime(2026, 12, 20, 15, 59, tzinfo=UTC),
        datetime(2026, 12, 20, 16, tzinfo=UTC),
    )
    assert due_at(NEXT, day_of_month=20) == late
    assert report(world, units, moment=late) is False
    assert report(world, units, version=1, moment=late) is False
    assert report(world, units, quarter=Quarter(2026, 4), moment=in_time) is False
    for quarter in (Quarter(2026, 3), Quarter(2027, 2)):
        with pytest.raises(InvalidInputError):
            report(world, units, quarter=quarter)
    for wrong in ({}, {strength_of(world): 0}, {99: 5}):
        with pytest.raises(InvalidInputError):
            report(world, wrong, version=2)


def test_two_silent_quarters_cost_the_sign_and_bar_for_two_years(world):
    designation_id = give_sign(world, FIRST)
    keep(world, LINE)
    with transaction(world.engine) as session:
        place = place_of(session, world)
        designation = session.get_one(Designation, designation_id)
        known = known_year(session, place=place, designation=designation, year=2026, moment=MOMENT)
    # The need of the first quarter fell due before the sign was given.
    assert known.quarters == ((2, False), (3, False), (4, False))
    assert judge(world) is False
    with snapshot(world.engine) as session:
        (row,) = years_of(session, place_id=world.places[FIRST])
    assert row.because == "removal.silent_quarters" and row.blocked_years == 2
    with transaction(world.engine) as session:
        remove_sign(
            session,
            place=place_of(session, world),
            document="皖医保〔2026〕9号",
            happens_on=TODAY,
            version=1,
            actor=world.actors["officer"],
            moment=MOMENT,
        )
    with snapshot(world.engine) as session:
        gone = designated_on(
            session,
            place_id=world.places[FIRST],
            scheme=DesignationScheme.CONVENIENCE,
            day=TODAY,
        )
    assert gone is None


def check(world):
    with transaction(world.engine) as session:
        place = place_of(session, world)
        check_prices(session, place=place, actor=world.actors["officer"], moment=MOMENT)


def reasons(world):
    with snapshot(world.engine) as session:
        return years_of(session, place_id=world.places[FIRST])[0].because.splitlines()


def test_a_price_above_the_winning_price_costs_the_sign_too(world):
    give_sign(world, FIRST)
    record_winner(world, CODE, "4500.00")
    keep(world, [CODE, "4500.01", "", "2026-11-20"])
    check(world)
    assert judge(world) is False
    assert "pharmacy.price_at_most" in reasons(world)


def test_a_price_above_a_payment_standard_does_not_cost_the_sign(world):
    give_sign(world, FIRST)
    keep(world, [CODE, "4500.01", "", "2026-11-20"])
    check(world)
    judge(world)
    assert "pharmacy.price_at_most" not in reasons(world)


def test_winners_of_undisclosed_rounds_stand_at_the_counter_and_are_judged(world):
    give_sign(world, FIRST)
    record_winner(world, SECOND_CODE, "100.00", is_public=False)
    keep(world, [SECOND_CODE, "100.01", "99.00", "2026-11-20"])
    (one,) = prices(world)
    assert one.counter.kind == CounterKind.WINNING and one.outcome is PriceOutcome.ABOVE_LIMIT
    assert (one.limit, one.shown_limit, one.shown_purchase) == (Decimal(100), None, None)


def test_purchases_of_a_chain_are_not_those_of_one_of_its_places(world):
    designation_id = give_sign(world, FIRST)

    def known():
        with transaction(world.engine) as session:
            place, designation = (
                place_of(session, world),
                session.get_one(Designation, designation_id),
            )
            return known_year(
                session, place=place, designation=designation, year=2026, moment=MOMENT
            )

    whole = known()
    assert (whole.bought, whole.amount, whole.completion) == (None, None, None)
    with transaction(world.engine) as session:
        keeper = session.get_one(Place, world.places[OTHER]).organisation_id
        session.get_one(Place, world.places[SECOND]).organisation_id = keeper
    own = known()
    assert (own.bought, own.amount) == (0, 0)


def test_a_sign_that_nothing_costs_is_not_removed(world):
    give_sign(world, FIRST)
    with pytest.raises(SignStaysError), transaction(world.engine) as session:
        remove_sign(
            session,
            place=place_of(session, world),
            document="x",
            happens_on=TODAY,
            version=1,
            actor=world.actors["officer"],
            moment=MOMENT,
        )


def test_without_a_document_for_the_region_nothing_is_judged(world):
    give_sign(world, FIRST, rulebook=None)
    with pytest.raises(NoDocumentError):
        judge(world)
    with pytest.raises(NoDocumentError), snapshot(world.engine) as session:
        need_sheet(session, place=place_of(session, world), moment=MOMENT)


@pytest.mark.parametrize(
    "stated",
    [
        Stated(Decimal(-1), Decimal(0), "x"),
        Stated(Decimal(1), Decimal(-1), "x"),
        Stated(Decimal(1), Decimal(1), ""),
    ],
)
def test_a_judgement_needs_figures_and_their_basis(world, stated):
    give_sign(world, FIRST)
    with pytest.raises(InvalidInputError):
        judge(world, stated=stated)
    with pytest.raises(InvalidInputError):
        judge(world, year=2025)


def test_quarters_follow_each_other():
    assert quarter_of(date(2026, 12, 31)) == Quarter(2026, 4)
    assert Quarter(2026, 4).following.first_day == date(2027, 1, 1)
    assert Quarter(2027, 1).last_day == date(2027, 3, 31)
    assert due_at(Quarter(2026, 3), day_of_month=31).isoformat() == "2026-06-30T16:00:00+00:00"
