"""The durable search: what it finds, what it leaves out, what nobody states, and a second run."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.database import transaction
from procurement.jobs import JobRun
from procurement.jobs.tables import Job
from procurement.notices.tables import Notice
from procurement.orders.fulfilment import hooks
from procurement.orders.fulfilment.errors import NotApartError
from procurement.orders.fulfilment.exemptions import (
    Exempted,
    exemptions_of,
    grant_exemption,
    revoke_exemption,
)
from procurement.orders.fulfilment.jobs import HANDLERS
from procurement.orders.fulfilment.parameters import ParameterGiven, give_parameter
from procurement.orders.fulfilment.rules.crossings import Measure
from procurement.orders.fulfilment.searching import hospitals_of
from procurement.orders.fulfilment.states import ExemptReason, NoticeStatus
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.orders.fulfilment.watching import SEARCH_FULFILMENT_JOB, ask_search
from procurement.rounds.tables import Lot
from procurement.settings import Settings
from tests.procurement.orders.fulfilment.bought import Bought

REGION = "110000"


@pytest.fixture
def no_payments():
    """Let nobody know of payments, whatever other tests installed."""
    before = hooks.installed_paid_on()
    hooks.install_paid_on(None)
    yield
    hooks.install_paid_on(before)


@pytest.fixture
def search(world, tmp_path, no_payments):
    """A function that searches the region and returns what is noted."""

    def run(*measures, monthly=False):
        with transaction(world.engine) as session:
            term = world.term(session)
            asked = {"term": term, "region": REGION, "actor": world.officer}
            job_id = ask_search(session, **asked, moment=world.moment, monthly=monthly)
            payload = json.loads(session.get_one(Job, job_id).payload)
        settings = Settings(database_url="sqlite://", data=tmp_path)
        HANDLERS[SEARCH_FULFILMENT_JOB](
            JobRun(job_id, payload, world.engine, settings, lambda: world.moment)
        )
        with transaction(world.engine) as session:
            wanted = select(FulfilmentNotice).order_by(FulfilmentNotice.id)
            if measures:
                wanted = wanted.where(FulfilmentNotice.measure.in_(measures))
            rows = session.scalars(wanted).all()
            session.expunge_all()
            return rows

    return run


def give(world, key, value, region=REGION):
    with transaction(world.engine) as session:
        given = ParameterGiven(
            region=region, key=key, value=value, basis="京文件", in_force_from=date(2027, 1, 1)
        )
        give_parameter(session, given=given, actor=world.officer, moment=world.moment)


def exempt(world, code="L03", **wanted):
    with transaction(world.engine) as session:
        lot = session.scalars(
            select(Lot).where(Lot.round_id == world.round_id, Lot.code == code)
        ).one()
        exempted = Exempted(
            **{
                "lot_id": lot.id,
                "region": REGION,
                "reason": ExemptReason.SHORTAGE,
                "text": "原料短缺",
                "document": "短缺药品清单",
                "starts_on": date(2027, 1, 1),
                "ends_on": date(2027, 12, 31),
                **wanted,
            }
        )
        return grant_exemption(
            session, exempted=exempted, actor=world.officer, moment=world.moment
        ).id


def places(rows):
    return sorted((row.organisation_id, row.lot_id) for row in rows)


def test_entry_is_found_from_the_third_month_and_not_before(world, search):
    world.moment = datetime(2027, 2, 28, 4, tzinfo=UTC)
    assert search(Measure.ENTRY) == []
    world.moment = datetime(2027, 3, 1, 4, tzinfo=UTC)
    world.buy(1, "缬沙坦")
    rows = search(Measure.ENTRY)
    # Three hospitals, three products each; one was taken in.
    assert len(rows) == 8
    assert {row.status for row in rows} == {NoticeStatus.FOUND}
    assert {row.rulebook for row in rows} == {"fulfilment-national-2024"}
    assert {row.region for row in rows} == {REGION}


def test_a_second_search_finds_nothing_new_while_notices_live(world, search):
    first = search(Measure.ENTRY)
    world.later(days=1)
    assert len(search(Measure.ENTRY)) == len(first)


def test_a_monthly_search_is_asked_for_once_and_one_by_hand_as_often_as_wanted(world):
    with transaction(world.engine) as session:
        term = world.term(session)
        asked = {"term": term, "region": REGION, "actor": world.officer, "moment": world.moment}
        assert ask_search(session, **asked, monthly=True) == ask_search(
            session, **asked, monthly=True
        )
        assert ask_search(session, **asked) != ask_search(session, **asked)


def test_what_nobody_states_is_told_and_not_judged(world, search):
    world.buy(1)
    rows = search()
    assert {row.measure for row in rows} == {Measure.ENTRY}
    with transaction(world.engine) as session:
        wanted = select(Notice).where(Notice.organisation_id == world.bureau.id)
        said = "\n".join(one.en for one in session.scalars(wanted))
    assert "whether progress is judged by product or by institution" in said
    assert "the limit of the share of products that did not win" in said
    assert "Qinghai" not in said


def test_progress_is_judged_by_product_where_somebody_says_so(world, search):
    give(world, "progress.unit", "product")
    give(world, "progress.behind_interview", "16.44")
    # 60 of 365 days are 16.438 %: less than 16.44 points behind.
    assert search(Measure.PROGRESS) == []
    world.later(days=1)
    rows = search(Measure.PROGRESS)
    assert len(rows) == 9
    assert {str(row.measured) for row in rows} == {"16.7123"}
    assert {row.kind for row in rows} == {"interview"}
    assert not rows[0].is_verified


def test_progress_is_judged_by_institution_where_somebody_says_so(world, search):
    give(world, "progress.unit", "institution")
    give(world, "progress.behind_interview", "10")
    rows = search(Measure.PROGRESS)
    assert len(rows) == 3
    assert {row.lot_id for row in rows} == {None}


def test_an_unfinished_year_is_found_when_it_is_over(world, search):
    give(world, "progress.unit", "product")
    world.moment = datetime(2027, 12, 30, 16, 30, tzinfo=UTC)
    assert len(search(Measure.COMPLETION)) == 9
    (row, *_) = search(Measure.COMPLETION)
    assert (str(row.measured), str(row.threshold)) == ("0.0000", "1")


def test_what_is_treated_apart_is_no_finding_while_it_is(world, search):
    give(world, "progress.unit", "product")
    give(world, "progress.behind_interview", "10")
    exempt(world, ends_on=world.day)
    exempt(world, "L02", hospital_id=world.hospital.id)
    rows = search(Measure.PROGRESS, Measure.ENTRY)
    # Nine of each, less three of L03, less one hospital's L02.
    assert len(rows) == 2 * (9 - 3 - 1)
    world.later(days=1)
    assert len(search(Measure.PROGRESS, Measure.ENTRY)) == 2 * (9 - 1)


def test_an_exemption_that_is_revoked_exempts_nothing(world, search):
    exemption_id = exempt(world)
    with transaction(world.engine) as session:
        (row,) = exemptions_of(session, region="110101", round_id=world.round_id)
        assert row.id == exemption_id
        revoke_exemption(session, exemption=row, actor=world.officer, moment=world.moment)
        revoke_exemption(session, exemption=row, actor=world.officer, moment=world.moment)
        assert not exemptions_of(session, region="310000")
    assert len(search(Measure.ENTRY)) == 9


def test_only_circumstances_that_a_text_names_are_treated_apart(world):
    give(world, "apart.circumstances", '["emergency"]')
    with pytest.raises(NotApartError):
        exempt(world)
    assert exempt(world, reason=ExemptReason.EMERGENCY)


def test_shares_of_use_are_judged_once_limit_and_measure_are_given(world, search):
    bought = Bought(world).write(150, seed=3)
    world.moment = datetime(2027, 6, 30, 4, tzinfo=UTC)
    assert search(Measure.NON_WINNING) == []
    give(world, "non_winning.share_max", "0.3")
    give(world, "use.measure", "amount")
    world.later(days=1)
    found = search(Measure.NON_WINNING)
    assert places(found) == sorted(_above(bought, world, Decimal("0.3")))
    assert all(row.measured > Decimal("0.3") for row in found)


def _above(bought, world, limit):
    """Hospital and lot whose other products take more than a part of the money."""
    day = world.day
    with transaction(world.engine) as session:
        lots = {lot.generic_product_id: lot.id for _, _, lot in bought.supplies(session)}
    sums: dict[tuple[int, int], tuple[Decimal, Decimal]] = {}
    for line in bought.lines:
        inside = date(2027, 1, 1) <= line.received_on <= day
        if line.region == REGION and (inside or (line.term_id and line.received_on <= day)):
            key = line.hospital_id, line.lot_id or lots[line.generic_product_id]
            winning, other = sums.get(key, (Decimal(0), Decimal(0)))
            sums[key] = (
                (winning + line.amount, other)
                if line.is_winning
                else (winning, other + line.amount)
            )
    return [
        key
        for key, (winning, other) in sums.items()
        if winning + other > 0 and other / (winning + other) > limit
    ]


def test_late_payments_are_found_where_somebody_knows_of_payments(world, search):
    world.buy(1)
    hooks.install_paid_on(lambda session, lines: {})
    world.moment = datetime(2027, 4, 30, 4, tzinfo=UTC)
    assert search(Measure.PAYMENT) == []
    world.moment = datetime(2027, 5, 1, 4, tzinfo=UTC)
    (row,) = search(Measure.PAYMENT)
    assert (row.organisation_id, row.clause) == (world.hospital.id, "paid.deadline")
    assert not row.is_verified


def test_suppliers_are_flagged_by_the_rule_of_the_region(world, search):
    world.accept(world.ship(world.confirm(world.place(10)), 6))
    world.moment = datetime(2027, 4, 5, 4, tzinfo=UTC)
    give(world, "supplier.rate_min", "0.7")
    give(world, "supplier.months_in_row", "1")
    assert search(Measure.DELIVERY_RATE) == []
    give(world, "supplier.rate_measure", "packs")
    world.later(days=1)
    rows = search(Measure.DELIVERY_RATE)
    assert {(row.about, row.organisation_id) for row in rows} == {
        ("manufacturer", world.maker.id),
        ("distributor", world.distributor.id),
    }
    assert {row.measured_on for row in rows} == {date(2027, 3, 31)}


def test_a_monthly_search_asks_for_the_next_until_the_term_is_over(world, search):
    search(monthly=True)
    with transaction(world.engine) as session:
        waiting = session.scalars(_searches().where(Job.run_at > world.moment)).all()
        assert [one.run_at.isoformat() for one in waiting] == ["2027-03-31T16:00:00+00:00"]
    world.moment = datetime(2028, 1, 1, 4, tzinfo=UTC)
    search(monthly=True)
    with transaction(world.engine) as session:
        assert not session.scalars(_searches().where(Job.run_at > world.moment)).all()


def _searches():
    return select(Job).where(Job.kind == SEARCH_FULFILMENT_JOB)


def test_only_hospitals_of_the_region_with_volumes_are_searched(world):
    with transaction(world.engine) as session:
        term = world.term(session)
        found = hospitals_of(session, term=term, region=REGION)
        assert set(found) == {one.id for one in world.hospitals[REGION]}
        assert world.outsider.id not in hospitals_of(session, term=term, region="000000")
