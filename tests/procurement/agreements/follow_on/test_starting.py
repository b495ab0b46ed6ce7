"""A follow-on round starts from the agreements of the round before."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from procurement.agreements.errors import NotFollowableError
from procurement.agreements.follow_on.need import needs_before
from procurement.agreements.follow_on.starting import (
    INQUIRY,
    FollowOnFacts,
    start_follow_on,
)
from procurement.agreements.follow_on.supplied import last_year, supplied_last
from procurement.agreements.tables import AgreedSupply, AgreedVolume, AgreementTerm
from procurement.agreements.terms import extension, latest_term, start_running
from procurement.audit.tables import AuditEntry
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.prices.service import record_price
from procurement.rounds.drafting import regions_of
from procurement.rounds.lots import lot_facts
from procurement.rounds.progress import set_status
from procurement.rounds.service import find_round
from procurement.rounds.sheet import lots_of
from procurement.rounds.tables import Lot, LotStrength, Round, RoundStatus
from procurement.volumes.tables import VolumeLine, VolumeReport
from tests.procurement.agreements.test_pages import of, officer, tasks
from tests.procurement.awards.regions.world import STARTS_ON
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import REGIONS

NAME = "follow-1"


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


@pytest.fixture
def running(world):
    """The cycle runs, and the winners' prices are in the chain."""
    with transaction(world.engine) as session:
        moment = database_moment(session)
        for supply in session.scalars(select(AgreedSupply)).all():
            row = session.get_one(LotStrength, supply.lot_strength_id)
            record_price(
                session,
                organisation_id=supply.organisation_id,
                lot_strength_id=row.id,
                strength=row.strength,
                pack_units=7,
                pack_price=Decimal("6.97") + supply.organisation_id,
                starts_on=STARTS_ON,
                source="中选结果",
                moment=moment,
            )
        start_running(
            session,
            round_=world.round(session),
            reason="急需",
            actor=world.officer,
            moment=moment,
        )
    return world


def facts(**changes):
    given = FollowOnFacts(
        name=NAME,
        title="接续采购文件",
        rulebook=INQUIRY,
        is_inquiry=True,
        lots=("L01", "L02"),
    )
    return replace(given, **changes)


def follow_on(world, **changes):
    with transaction(world.engine) as session:
        return start_follow_on(
            session,
            predecessor=world.round(session),
            facts=facts(**changes),
            actor=world.officer,
            moment=database_moment(session),
        ).id


def lots_and_prices(session, round_id):
    return {lot.code: lot_facts(session, lot=lot) for lot in lots_of(session, round_id=round_id)}


def test_the_last_year_is_told_by_region_and_winner(running):
    with running.read() as session:
        last = supplied_last(session, round_=running.round(session))
        assert last is not None and last.term.id == running.term_id
        assert [one.lot.code for one in last.lots] == ["L01", "L02", "L03"]
        volumes = dict(
            session.execute(
                select(AgreedSupply.lot_strength_id, func.sum(AgreedSupply.volume)).group_by(
                    AgreedSupply.lot_strength_id
                )
            ).all()
        )
        for lot in last.lots:
            for one in lot.strengths:
                assert one.volume == volumes.get(one.row.id, 0)
                assert sum(winner.volume for winner in one.winners) == one.volume
                assert bool(one.winners) == (one.highest_price is not None)


def test_an_inquiry_takes_lots_over_with_the_highest_price_as_benchmark(running):
    round_id = follow_on(running)
    with running.read() as session:
        before = running.round(session)
        last = supplied_last(session, round_=before)
        assert last is not None
        highest = {
            (lot.lot.code, one.row.strength): one.highest_price
            for lot in last.lots
            for one in lot.strengths
        }
        started = session.get_one(Round, round_id)
        assert (started.follows_id, started.is_inquiry) == (before.id, True)
        assert (started.status, started.bureau_id) == (RoundStatus.DRAFT, before.bureau_id)
        assert regions_of(session, round_id=round_id) == regions_of(session, round_id=before.id)
        taken, old = lots_and_prices(session, round_id), lots_and_prices(session, before.id)
        assert sorted(taken) == ["L01", "L02"]
        for code, one in taken.items():
            assert one.without_prices == old[code].without_prices
            for row in one.strengths:
                assert row.price_ceiling is None
                assert row.benchmark_price == highest[code, row.strength]
        actions = session.scalars(select(AuditEntry.action)).all()
        assert "follow-on" in actions and "draft-round" in actions


def test_bidding_anew_leaves_ceilings_to_the_officer(running):
    round_id = follow_on(running, rulebook="national-11", is_inquiry=False, lots=("L03",))
    with running.read() as session:
        (one,) = lots_and_prices(session, round_id).values()
        prices = [(row.price_ceiling, row.benchmark_price) for row in one.strengths]
        assert prices and set(prices) == {(None, None)}


def test_only_a_round_that_runs_or_is_over_is_followed_on(world):
    with pytest.raises(NotFollowableError):
        follow_on(world)
    with world.read() as session:
        assert find_round(session, name=NAME) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lots": ()}, "lots"),
        ({"lots": ("L01", "L99")}, "lots"),
        ({"name": "x"}, "name"),
        ({"title": ""}, "title"),
        ({"rulebook": "credit-2025"}, "rulebook"),
    ],
)
def test_wrong_facts_change_nothing(running, changes, field):
    with pytest.raises(InvalidInputError) as refusal:
        follow_on(running, **changes)
    assert {fault.field for fault in refusal.value.faults} == {field}
    with running.read() as session:
        rounds = session.scalar(select(func.count()).select_from(Round))
        assert rounds == 1


def test_an_extension_is_not_the_last_year(running):
    with running.read() as session:
        last = latest_term(session, round_id=running.round_id)
        assert last is not None
        longer = extension(last, months=3, basis="延期通知")
    running.run_job(running.start(longer))
    with running.read() as session:
        found = last_year(session, round_id=running.round_id)
        assert found is not None and found.id == running.term_id
        newest = latest_term(session, round_id=running.round_id)
        assert newest is not None and newest.id != running.term_id


def test_hospitals_begin_with_the_need_that_their_agreements_rest_on(running, platform):
    round_id = follow_on(running, lots=("L01",))
    hospital = running.hospitals[REGIONS[0]][1]
    with transaction(running.engine) as session:
        round_, moment = session.get_one(Round, round_id), database_moment(session)
        round_.volume_opens_at = moment - timedelta(days=1)
        round_.volume_closes_at = moment + timedelta(days=9)
        set_status(session, round_=round_, status=RoundStatus.VOLUME_REPORTING, moment=moment)
        reported = session.scalar(
            select(func.sum(AgreedVolume.base_volume))
            .join(AgreedSupply, AgreedSupply.id == AgreedVolume.supply_id)
            .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
            .join(Lot, Lot.id == LotStrength.lot_id)
            .where(Lot.code == "L01", AgreedVolume.hospital_id == hospital.id)
        )
    desk = of(platform, running, hospital)
    assert "按协议所依据的需求量" in desk.get(f"/rounds/{NAME}/volumes").text
    begun = desk.post(f"/rounds/{NAME}/volumes/start")
    assert begun.status_code == 303
    with running.read() as session:
        report = session.scalars(
            select(VolumeReport).where(VolumeReport.round_id == round_id)
        ).one()
        lines = session.scalars(select(VolumeLine).where(VolumeLine.report_id == report.id)).all()
        assert lines and all(line.is_prefilled for line in lines)
        # The lot is reported by generic name: one line for all brands.
        assert sum(line.quantity for line in lines) == reported
    assert "按上轮协议" in desk.get(begun.headers["location"]).text


def test_a_group_begins_with_the_needs_of_its_members(running):
    round_id = follow_on(running, lots=("L01",))
    with running.read() as session:
        round_ = session.get_one(Round, round_id)
        ids = [running.lead.id, *(one.id for one in running.members)]
        together = needs_before(session, round_=round_, hospital_ids=ids)
        alone = [needs_before(session, round_=round_, hospital_ids=[one]) for one in ids]
        assert sum(together.values()) == sum(sum(one.values()) for one in alone) == 100
        assert needs_before(session, round_=running.round(session), hospital_ids=ids) == {}


def bring_to_agreements(world, round_id, *, bureau_id=None):
    """Let the follow-on round have agreements of its own, as a run would have made them."""
    with transaction(world.engine) as session:
        round_ = session.get_one(Round, round_id)
        round_.status = RoundStatus.REGIONS_CHOSEN
        if bureau_id is not None:
            round_.bureau_id = bureau_id
        session.flush()
        terms = latest_term(session, round_id=world.round_id)
        assert terms is not None
        copied = {
            "round_id": round_id,
            "number": 1,
            "kind": terms.kind,
            "starts_on": date(2028, 1, 1),
            "ends_on": date(2028, 12, 31),
            "numerator": 1,
            "denominator": 1,
            "basis": "",
            "status": terms.status,
            "asked_at": terms.asked_at,
        }
        session.add(type(terms)(**copied))
        round_.status = RoundStatus.AGREEMENTS


def run(world, round_id):
    with transaction(world.engine) as session:
        start_running(
            session,
            round_=session.get_one(Round, round_id),
            reason="",
            actor=world.officer,
            moment=database_moment(session),
        )


def test_the_round_before_is_followed_on_when_the_next_cycle_begins(running):
    round_id = follow_on(running)
    bring_to_agreements(running, round_id)
    with running.read() as session:
        assert running.round(session).status == RoundStatus.RUNNING
    run(running, round_id)
    with running.read() as session:
        assert running.round(session).status == RoundStatus.FOLLOWED_ON
        assert session.get_one(Round, round_id).status == RoundStatus.RUNNING
    # Lots that were left out may follow on later; that ends nothing twice.
    other = follow_on(running, name="follow-2", lots=("L03",))
    bring_to_agreements(running, other)
    run(running, other)


def test_another_bureaus_follow_on_ends_nothing(running):
    round_id = follow_on(running)
    bring_to_agreements(running, round_id, bureau_id=running.hospitals[REGIONS[0]][0].id)
    run(running, round_id)
    with running.read() as session:
        assert running.round(session).status == RoundStatus.RUNNING


def test_pages_and_interface_draft_it_for_the_lead_bureau_only(running, platform):
    desk, address = officer(platform, running), f"/rounds/{running.name}/follow-on"
    assert address in desk.get(f"/rounds/{running.name}").text
    page = desk.get(address)
    assert page.status_code == 200 and "上年约定采购量" in page.text
    typed = {"name": NAME, "title": "接续", "rulebook": INQUIRY, "is_inquiry": "yes"}
    wrong = desk.post(address, data=typed)
    assert wrong.status_code == 422 and "请至少选择一个品种" in wrong.text
    assert f'value="{NAME}"' in wrong.text
    assert desk.post(address, data=typed | {"lots": ["L01"]}).status_code == 303
    assert NAME in desk.get(address).text
    assert f"/rounds/{NAME}" in desk.get(f"/rounds/{running.name}").text
    assert f"/rounds/{running.name}" in desk.get(f"/rounds/{NAME}").text
    # A draft is nobody else's to see, and prices of winners neither.
    hospital = of(platform, running, running.lead)
    assert f"/rounds/{NAME}" not in hospital.get(f"/rounds/{running.name}").text
    assert hospital.get(address).status_code == 403


def test_the_interface_tells_and_drafts(running, platform):
    desk = officer(platform, running, token=True)
    api = f"/api/v1/rounds/{running.name}"
    told = desk.get(f"{api}/follow-on").json()
    assert told["term"] == 1 and [one["lot"] for one in told["lots"]] == ["L01", "L02", "L03"]
    (strength,) = told["lots"][0]["strengths"]
    assert strength["volume"] == sum(strength["regions"].values())
    assert strength["suppliers"][0]["packs"][0]["pack_units"] == 7
    body = {"name": NAME, "title": "接续", "rulebook": INQUIRY, "lots": ["L01"]}
    made = desk.post(f"{api}/follow-on", json=body | {"is_inquiry": True})
    assert made.status_code == 201 and made.json()["follows"] == running.name
    assert desk.get(api).json()["followed_by"] == [NAME]
    again = desk.post(f"{api}/follow-on", json=body)
    assert again.status_code == 422 and again.json()["errors"][0]["field"] == "name"


def test_before_the_cycle_begins_the_interface_refuses(world, platform):
    desk = officer(platform, world, token=True)
    body = {"name": NAME, "title": "接续", "rulebook": INQUIRY, "lots": ["L01"]}
    refused = desk.post(f"/api/v1/rounds/{world.name}/follow-on", json=body)
    assert refused.status_code == 409


def test_a_round_ends_when_its_last_term_is_over_and_can_still_be_followed_on(running, platform):
    desk = officer(platform, running)
    address = f"/rounds/{running.name}/agreements"
    refused = desk.post(f"{address}/ended")
    assert refused.status_code == 409 and "尚未期满" in refused.text
    assert "结束本批次" not in desk.get(address).text
    with transaction(running.engine) as session:
        term = session.get_one(AgreementTerm, running.term_id)
        term.starts_on, term.ends_on = date(2020, 1, 1), date(2020, 12, 31)
    assert "结束本批次" in desk.get(address).text
    assert any("已期满" in task for task in tasks(running, running.officer))
    assert desk.post(f"{address}/ended").status_code == 303
    with running.read() as session:
        assert running.round(session).status == RoundStatus.ENDED
    machine = officer(platform, running, token=True)
    assert machine.post(f"/api/v1{address}/ended").status_code == 409
    follow_on(running)
