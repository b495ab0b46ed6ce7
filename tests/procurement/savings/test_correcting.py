"""No settlement is stuck, no statement stale, and no hospital settled twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from procurement.accounts.tables import Organisation
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.jobs.tables import Job
from procurement.orders.returning import Returned, return_goods
from procurement.orders.tables import Receipt
from procurement.savings.assessments.closing import reopen_assessments
from procurement.savings.assessments.results import results_of
from procurement.savings.correcting.correcting import compute_again, set_answer_by, step_back
from procurement.savings.paying.paying import start_paying
from procurement.savings.publishing.reporting import report_settlement, return_report
from procurement.savings.settlements.drafting import draft_settlement
from procurement.savings.settlements.elsewhere import SettledElsewhereError
from procurement.savings.settlements.errors import RunNotDeadError, RunUnderWayError
from procurement.savings.settlements.factors import give_factors
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.settlements.reading import left_out_of
from procurement.savings.settlements.returned import returned_after_year
from procurement.savings.settlements.runs import give_up_run
from procurement.savings.statements.answering import UnansweredError
from procurement.savings.statements.computing import start_computing
from procurement.savings.statements.content import statements_of
from procurement.savings.statements.unchanged import StaleStatementsError
from procurement.savings.states import SettlementStatus, Verdict
from procurement.savings.tables import (
    AssessmentEntry,
    HospitalStatement,
    SavingsLine,
    SavingsSettlement,
)
from tests.procurement.savings.world import YEAR_END

LATER = YEAR_END + timedelta(days=8)


@pytest.fixture
def sent(world):
    """Return a world whose hospitals have their statements."""
    world.buy_agreed()
    return world.computed().send()


def versions(world):
    return {row.hospital_id: (row.number, row.status) for row in world.read(statements_of)}


def status_of(world):
    return world.read(lambda session, settlement: settlement.status)


def job_failed(world, run_id):
    """Let the worker give a run's job up, as after its last attempt."""
    with transaction(world.engine) as session:
        job_id = world.run(run_id).job_id
        failed = {"status": "failed", "message": "the disk was full"}
        session.execute(update(Job).where(Job.id == job_id).values(**failed))


# statements follow from factors and points


def test_statements_that_no_longer_match_the_factors_are_not_sent(world):
    world.buy_agreed()
    world.computed()
    hospital = world.hospitals[0]
    world.do(give_factors, place=(hospital.id, 0, 0), texts={"insured_share": "0.95"})
    with pytest.raises(StaleStatementsError) as refusal:
        world.send()
    assert hospital.organisation.name in refusal.value.en
    assert "share of the insured: 0.9 → 0.95" in refusal.value.en
    assert "参保人员占比" in refusal.value.zh
    world.compute().send()


def test_statements_that_no_longer_match_the_points_are_not_reported(sent):
    sent.confirm_all()
    hospital = sent.hospitals[0]
    sent.assess(hospital.id, on_site=("60", "10"))
    with pytest.raises(StaleStatementsError) as refusal:
        sent.report()
    assert "result of the assessment: 90 → 70" in refusal.value.en
    sent.assess(hospital.id, on_site=("60", "30"))
    sent.report()


def test_a_factor_that_no_line_uses_holds_nothing_up(world):
    world.buy_agreed()
    world.computed()
    elsewhere = world.orders.hospitals["110000"][0].id
    world.do(give_factors, place=(elsewhere, 0, 0), texts={"insured_share": "0.5"})
    world.send()


def test_entries_that_do_not_fit_the_present_indicators_are_no_assessment(world):
    world.buy_agreed()
    world.draft().factors().extract()
    for one in world.hospitals:
        world.assess(one.id)
    with transaction(world.engine) as session:
        first = select(AssessmentEntry.id).order_by(AssessmentEntry.id).limit(1)
        wanted = AssessmentEntry.id == first.scalar_subquery()
        session.execute(update(AssessmentEntry).where(wanted).values(indicator="cost-growth"))
    with transaction(world.engine) as session:
        settlement = world.settlement(session)
        found = results_of(session, settlement=settlement, rules=rules_of(settlement))
    assert len(found) == len(world.hospitals) - 1


# ways on


def test_a_returned_report_is_computed_again_without_an_objection(sent):
    sent.confirm_all()
    sent.do(report_settlement, to_bureau_id=sent.national.id, note="")
    sent.do(return_report, reason="请核对参保占比", actor=sent.national.actor)
    hospital = sent.hospitals[0].id
    sent.do(give_factors, place=(hospital, 0, 0), texts={"insured_share": "0.95"})
    assert sent.job(sent.start(compute_again, hospital_id=None)).status == "done"
    expected = dict.fromkeys((one.id for one in sent.hospitals), (1, "confirmed"))
    assert versions(sent) == {**expected, hospital: (2, "open")}
    assert status_of(sent) == SettlementStatus.WITH_HOSPITALS
    sent.confirm(hospital)
    sent.do(report_settlement, to_bureau_id=sent.national.id, note="")


def test_an_upheld_objection_whose_computation_failed_is_computed_again(sent):
    hospital = sent.hospitals[0]
    sent.object_to(hospital)
    strength = sent.statement_strength()
    huge = {"price_before": "999999999999"}
    sent.do(give_factors, place=(0, 0, strength), texts=huge)
    sent.decide(Verdict.UPHELD)
    assert sent.job(sent.latest_run().id).status == "failed"
    assert versions(sent)[hospital.id] == (1, "objected")
    sent.factors()
    run = sent.job(sent.start(compute_again, hospital_id=hospital.id))
    assert run.status == "done", run.fault_en
    assert versions(sent)[hospital.id] == (2, "open")


def test_purchases_of_one_hospital_are_summed_anew_and_of_all_not(sent):
    hospital = sent.hospitals[0].id
    with pytest.raises(InvalidInputError):
        sent.start(compute_again, hospital_id=None, extract_again=True)
    with pytest.raises(InvalidInputError):
        sent.start(compute_again, hospital_id=sent.agency.id)
    run = sent.job(sent.start(compute_again, hospital_id=hospital, extract_again=True))
    assert run.status == "done"
    assert sent.job(sent.latest_run().id).status == "done"
    assert versions(sent)[hospital] == (1, "open")


def test_the_day_of_answers_is_given_later_and_a_silent_hospital_blocks_nobody(sent):
    sent.do(set_answer_by, answer_by=date(2028, 1, 12))
    for day in (None, date(2028, 1, 9), date(2028, 1, 11)):
        with pytest.raises(InvalidInputError):
            sent.do(set_answer_by, answer_by=day)
    for one in sent.hospitals[1:]:
        sent.confirm(one.id)
    with pytest.raises(UnansweredError):
        sent.do(report_settlement, to_bureau_id=sent.national.id, note="逾期未复")
    sent.moment = LATER
    sent.do(report_settlement, to_bureau_id=sent.national.id, note="逾期未复")


def test_a_run_whose_job_failed_for_good_is_given_up_and_started_anew(world):
    world.buy_agreed()
    world.draft().factors().extract().assess_all()
    run_id = world.start(start_computing)
    with pytest.raises(RunNotDeadError):
        world.do(give_up_run)
    job_failed(world, run_id)
    with pytest.raises(RunUnderWayError):
        world.start(start_computing)
    world.do(give_up_run)
    run = world.run(run_id)
    assert run.status == "failed" and "disk was full" in run.fault_en
    assert world.job(run_id).status == "failed"
    world.compute()


def test_payments_whose_job_failed_for_good_are_started_anew_by_the_agency(sent):
    sent.confirm_all().report().publish()
    sent.moment = LATER
    run_id = sent.start(start_paying, actor=sent.agency.actor)
    with pytest.raises(RunUnderWayError):
        sent.start(start_paying, actor=sent.agency.actor)
    job_failed(sent, run_id)
    assert sent.job(sent.start(start_paying, actor=sent.agency.actor)).status == "done"


@pytest.mark.parametrize("until", ["computed", "sent", "reported"])
def test_a_step_back_adopts_a_rulebook_that_was_corrected(world, until):
    world.buy_agreed()
    world.computed()
    if until != "computed":
        world.send().confirm_all()
    if until == "reported":
        world.report()
    with transaction(world.engine) as session:
        session.execute(update(SavingsSettlement).values(rulebook_digest="0" * 64))
    with pytest.raises(InvalidInputError):
        world.do(step_back, reason=" ")
    world.do(step_back, reason="规则书勘误")
    assert status_of(world) == SettlementStatus.ASSESSED
    world.compute().send().confirm_all().report().publish()
    assert {number for number, _ in versions(world).values()} == {2}


# nobody is settled twice


def move(world, hospital_id, region):
    with transaction(world.engine) as session:
        own = Organisation.id == hospital_id
        session.execute(update(Organisation).where(own).values(region=region))


def bought(world, rows, hospital):
    with transaction(world.engine) as session:
        for hospital_id, supply_id, volume, _ in rows:
            if hospital_id == hospital.id:
                world.record(session, hospital_id, supply_id, volume)


def test_a_hospital_whose_division_was_changed_is_settled_once(world):
    """Two cities of a province settle; a hospital moves from one to the other."""
    rows, everybody = world.agreed(), world.hospitals
    moved, others = everybody[0], everybody[1:]
    move(world, moved.id, "340100")
    for one in others:
        move(world, one.id, "340200")
        bought(world, rows, one)
    bought(world, rows, moved)
    world.hospitals = [moved]
    world.draft("first", region="340100", agency_id=None).factors().extract().assess_all()
    first = world.settlement_id
    move(world, moved.id, "340200")
    bought(world, rows, moved)
    # The second begins before anything of the first is computed: both have the hospital.
    world.hospitals = everybody
    world.draft("second", region="340200", agency_id=None).factors().extract().assess_all()
    second, world.settlement_id = world.settlement_id, first
    world.compute()
    world.settlement_id = second
    run = world.job(world.start(start_computing))
    assert run.status == "failed"
    assert moved.organisation.name in run.fault_en and "first" in run.fault_en
    # Extracted again, the hospital is left out, and says why.
    world.do(reopen_assessments, reason="单位已在他处清算")
    world.extract()
    assert {one.reason for one in world.read(left_out_of)} == {"settled-elsewhere"}
    world.close().compute()
    assert set(versions(world)) == {one.id for one in others}


def copied(session, row, **changes):
    """A row like another one."""
    names = [one.key for one in type(row).__mapper__.columns if one.key != "id"]
    found = type(row)(**{name: getattr(row, name) for name in names} | changes)
    session.add(found)
    session.flush()
    return found


def test_what_another_settlement_pays_is_not_paid_again(sent):
    sent.confirm_all().report().publish()
    hospital = sent.hospitals[0]
    with transaction(sent.engine) as session:
        other = copied(session, sent.settlement(session), name="again", status="paying")
        own = select(HospitalStatement).where(HospitalStatement.hospital_id == hospital.id)
        statement = session.scalars(own).one()
        again = copied(session, statement, settlement_id=other.id)
        lines = select(SavingsLine).where(SavingsLine.statement_id == statement.id)
        for line in session.scalars(lines).all():
            copied(session, line, statement_id=again.id)
    sent.moment = LATER
    with pytest.raises(SettledElsewhereError) as refusal:
        sent.start(start_paying, actor=sent.agency.actor)
    assert hospital.organisation.name in refusal.value.zh


def test_of_two_drafts_at_once_one_settles_a_batch_year(world):
    start = Barrier(2)

    def one(number):
        start.wait()
        try:
            with transaction(world.engine) as session:
                draft_settlement(
                    session,
                    name=f"draft-{number}",
                    draft=world.drafted(),
                    actor=world.officer,
                    moment=world.moment,
                )
        except InvalidInputError:
            return 0
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(one, range(2))) == 1


# returns after the year's end


def test_what_went_back_after_the_year_is_listed_and_changes_no_sum(world):
    orders = world.orders
    receipt_id = orders.buy(10)
    world.draft().factors().extract()
    with transaction(world.engine) as session:
        line = session.get_one(Receipt, receipt_id).lines[0]
        hospital = session.get_one(Organisation, session.get_one(Receipt, receipt_id).hospital_id)
        return_goods(
            session,
            receipt_line=line,
            given=Returned(packs=4, reason="质量", returned_on=date(2028, 1, 5)),
            actor=orders.hospital.actor,
            moment=YEAR_END,
        )
        region = hospital.region
    with transaction(world.engine) as session:
        session.execute(update(SavingsSettlement).values(region=region))
    (found,) = world.read(returned_after_year)
    assert found.hospital_id == orders.hospital.id
    assert found.returned_on == date(2028, 1, 5)
    assert found.quantity > 0 and found.amount > 0
