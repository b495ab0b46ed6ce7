"""The bureau finds its way on by buttons: computes again, puts a day off, goes a step back."""

import re

import pytest
from sqlalchemy import update

from procurement.database import transaction
from procurement.jobs.tables import Job
from procurement.savings.settlements.factors import give_factors
from procurement.savings.statements.computing import start_computing
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import SavingsSettlement
from tests.procurement.savings.visitors import ROOT, ok, text_of, visited


@pytest.fixture
def visits(world):
    with visited(world) as running:
        yield running


def forms_of(page):
    return set(re.findall(rf'action="{ROOT}/([a-z-]+)"', page))


def status_of(world):
    return world.read(lambda session, settlement: settlement.status)


def test_statements_are_computed_again_and_taken_a_step_back_by_buttons(world, visits):
    world.buy_agreed()
    world.computed().send()
    officer, hospital = visits.officer, world.hospitals[0]
    page = ok(officer.get(ROOT)).text
    assert {"compute-again", "answer-by", "step-back", "report"} <= forms_of(page)
    assert officer.post(f"{ROOT}/answer-by", data={"answer_by": ""}).status_code == 422
    ok(officer.post(f"{ROOT}/answer-by", data={"answer_by": "2028-01-20"}))
    world.do(give_factors, place=(hospital.id, 0, 0), texts={"insured_share": "0.95"})
    world.confirm_all()
    refused = officer.post(f"{ROOT}/report", data={"note": ""})
    assert refused.status_code == 409
    assert "请先重新测算" in refused.text and hospital.organisation.name in refused.text
    ok(officer.post(f"{ROOT}/compute-again", data={"hospital_id": str(hospital.id)}))
    assert world.job(world.latest_run().id).status == "done"
    assert world.statement(hospital.id).number == 2
    assert visits.hospital().post(f"{ROOT}/step-back", data={"reason": "?"}).status_code == 403
    assert officer.post(f"{ROOT}/step-back", data={"reason": ""}).status_code == 422
    ok(officer.post(f"{ROOT}/step-back", data={"reason": "参数有误"}))
    assert status_of(world) == SettlementStatus.ASSESSED


def test_a_dead_run_is_given_up_by_a_button(world, visits):
    world.buy_agreed()
    world.draft().factors().extract().assess_all()
    run_id = world.start(start_computing)
    assert "data-job" in ok(visits.officer.get(ROOT)).text
    assert visits.officer.post(f"{ROOT}/give-up-run").status_code == 409
    with transaction(world.engine) as session:
        job_id = world.run(run_id).job_id
        session.execute(update(Job).where(Job.id == job_id).values(status="failed"))
    page = ok(visits.officer.get(ROOT)).text
    assert "give-up-run" in forms_of(page) and "data-job" not in page
    assert "will not be tried again" in ok(visits.officer.get(f"{ROOT}?lang=en")).text
    ok(visits.officer.post(f"{ROOT}/give-up-run"))
    ok(visits.officer.post(f"{ROOT}/compute"))
    assert world.job(world.latest_run().id).status == "done"


def test_the_page_is_there_when_the_rulebook_was_corrected_and_shows_the_way(world, visits):
    world.buy_agreed()
    world.computed().send()
    with transaction(world.engine) as session:
        session.execute(update(SavingsSettlement).values(rulebook_digest="0" * 64))
    page = ok(visits.officer.get(ROOT)).text
    assert "规则书在起草之后已改动" in text_of(page) and "step-back" in forms_of(page)
    assert visits.officer.post(f"{ROOT}/compute-again").status_code == 303
    assert world.job(world.latest_run().id).status == "failed"
    ok(visits.officer.post(f"{ROOT}/step-back", data={"reason": "规则书勘误"}))
    assert "规则书在起草之后已改动" not in text_of(ok(visits.officer.get(ROOT)).text)
