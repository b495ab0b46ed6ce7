"""Statements: by the formula, in versions, and the same after a kill."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from procurement.database import transaction
from procurement.savings import jobs
from procurement.savings.rules import cent_parts
from procurement.savings.rules.exact import cents, total
from procurement.savings.settlements.factors import give_factors
from procurement.savings.statements import computing
from procurement.savings.statements.computing import start_computing
from procurement.savings.statements.content import group_of, statements_of
from procurement.savings.states import Verdict
from procurement.savings.tables import HospitalStatement, SavingsLine
from tests.procurement.savings.world import PARAMETERS, PRICES_BEFORE

AMOUNTS = st.decimals(
    min_value="-100000", max_value="100000", allow_nan=False, allow_infinity=False, places=7
)


@given(st.lists(AMOUNTS, min_size=1, max_size=40))
def test_parts_of_amounts_add_up_to_the_cent(amounts):
    whole = cents(total(amounts))
    parts = cent_parts(amounts, whole)
    assert sum(parts) == whole
    assert all(
        abs(part - amount) < Decimal("0.01") for part, amount in zip(parts, amounts, strict=True)
    )
    each = [cents(amount) for amount in amounts]
    assert list(cent_parts(each, total(each))) == each


def test_parts_of_something_else_are_refused():
    with pytest.raises(ValueError, match="is not what"):
        cent_parts([Decimal("1.00")], Decimal("1.02"))


def test_a_line_is_computed_by_the_formula_of_the_document(world):
    world.buy_agreed()
    hospital, supply, *_ = world.agreed()[0]
    world.spend_on_others(hospital, supply, 10, "1.50")
    world.computed()
    statement = world.statement(hospital)
    line = next(one.row for one in statement.lines if one.row.supply_id == supply)
    before = Decimal(PRICES_BEFORE[line.strength])
    factor = Decimal("0.60") * Decimal("0.90")
    budget = line.base_volume * before * factor
    spend = (line.agreed_volume * line.winning_price + Decimal(15)) * factor
    assert (line.budget, line.spend) == (budget, spend)
    assert line.savings_base == budget - spend
    assert line.retained == max(budget - spend, 0) * Decimal("0.50")
    assert line.winning_price == (line.pack_price / line.pack_units).quantize(Decimal("0.0001"))
    assert (statement.score, statement.grade, statement.ratio) == (90, "优秀", Decimal("0.50"))


def test_parts_of_every_statement_add_up(world):
    world.buy_agreed(lambda hospital, supply: Decimal(1 + (hospital + supply) % 3) / 2)
    for number, (hospital, supply, *_) in enumerate(world.agreed()):
        if number % 2:
            world.spend_on_others(hospital, supply, 3 + number, "0.3333")
    world.draft().factors(fund_share_employee="2.89/16.09", payment_ratio="0.6137").extract()
    world.assess_all().compute()
    for row in world.read(statements_of):
        statement = world.statement(row.hospital_id)
        assert statement.employee + statement.resident == statement.payable
        assert total([line.row.paid_part for line in statement.lines]) == statement.payable
        assert total([part.paid_part for part in statement.batches]) == statement.payable
        assert total([line.row.retained for line in statement.lines]) == statement.retained_exact
        assert cents(statement.retained_exact) == statement.payable
        assert statement.payable == statement.payable.quantize(Decimal("0.01"))


@pytest.mark.parametrize("rounding", ["half_up_cent_line", "not_rounded"])
def test_parts_add_up_however_amounts_are_rounded(world, rounding):
    world.buy_agreed()
    world.draft(parameters={**PARAMETERS, "rounding": rounding})
    world.factors(insured_share="0.9137").extract().assess_all().compute()
    for row in world.read(statements_of):
        statement = world.statement(row.hospital_id)
        assert total([line.row.paid_part for line in statement.lines]) == statement.payable
        assert statement.employee + statement.resident == statement.payable


def test_a_volume_that_is_not_completed_keeps_nothing_and_says_why(world):
    world.buy_agreed(lambda hospital, supply: Decimal("0.99"))
    world.computed()
    statement = world.statement(world.hospitals[0].id)
    assert statement.payable == 0
    assert {reason for line in statement.lines for reason in line.reasons_en} == {
        "agreed volume not completed"
    }
    assert all(line.missing > 0 for line in statement.lines)


def test_where_groups_complete_together_one_member_completes_for_another(world):
    weak, strong = world.members[0].id, world.lead.id
    share = {weak: Decimal("0.5"), strong: Decimal("1.6")}
    world.buy_agreed(lambda hospital, supply: share.get(hospital, Decimal(1)))
    world.computed(parameters={**PARAMETERS, "completion_unit": "group"})
    assert world.statement(weak).payable > 0
    group = world.read(group_of, lead_id=world.lead.id)
    assert {row.hospital_id for row in group.members} == {
        one.id for one in (world.lead, *world.members)
    }
    assert group.payable == total([row.payable for row in group.members])
    assert world.read(group_of, lead_id=world.hospitals[0].id) is None


def test_negative_bases_are_shown_and_netted_where_the_settlement_says_so(world):
    world.buy_agreed()
    hospital = world.hospitals[0].id
    supply = next(row[1] for row in world.agreed() if row[0] == hospital)
    world.spend_on_others(hospital, supply, 1_000_000, "0.10")
    world.computed()
    floored = world.statement(hospital)
    negative = next(line for line in floored.lines if line.row.supply_id == supply)
    assert negative.row.savings_base < 0
    assert negative.reasons_zh == ("基数为负",)
    assert negative.row.retained == 0


def test_netting_with_two_fund_shares_is_refused(world):
    world.buy_agreed()
    world.draft(parameters={**PARAMETERS, "negative_base": "net_batch"}).factors().extract()
    world.assess_all()
    strength = world.statement_strength()
    world.do(
        give_factors,
        place=(0, 0, strength),
        texts={"fund_share_employee": "0.5", "price_before": "9"},
    )
    run = world.job(world.start(start_computing))
    assert run.status == "failed"
    assert "one part of the employee fund" in run.fault_en


def test_an_amount_beyond_what_can_be_kept_is_refused(world):
    world.buy_agreed()
    world.draft().factors().extract().assess_all()
    strength = world.statement_strength()
    world.do(give_factors, place=(0, 0, strength), texts={"price_before": "999999999999"})
    run = world.job(world.start(start_computing))
    assert run.status == "failed"
    assert "too large" in run.fault_en


def test_a_failed_assessment_keeps_nothing(world):
    world.buy_agreed()
    world.draft().factors().extract()
    failed = world.hospitals[0].id
    for one in world.hospitals:
        reason = "非中选占比超限" if one.id == failed else ""
        world.assess(one.id, on_site=("60", "40"), failed_because=reason)
    world.close()
    world.compute()
    statement = world.statement(failed)
    assert (statement.passed, statement.payable, statement.score) == (False, 0, 100)


def test_a_computation_that_is_killed_goes_on_and_writes_each_statement_once(world, monkeypatch):
    world.buy_agreed()
    world.draft().factors().extract().assess_all()
    monkeypatch.setattr(computing, "HOSPITALS_A_STEP", 1)
    run_id = world.start(start_computing)
    seen: list[int] = []

    def killed_after_two(session, *, run, moment):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(run.done)
        return computing.compute_step(session, run=run, moment=moment)

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "compute_step", killed_after_two)
        with pytest.raises(KeyboardInterrupt):
            world.job(run_id)
    assert (world.run(run_id).status, world.run(run_id).done > 0) == ("running", True)
    run = world.job(run_id)
    assert (run.status, run.done, run.total) == ("done", 6, 6)
    with transaction(world.engine) as session:
        numbers = session.scalars(select(HospitalStatement.number)).all()
        lines = session.scalar(select(func.count()).select_from(SavingsLine))
    assert numbers == [1] * len(world.hospitals)
    assert lines == len(world.agreed())


def test_computing_again_replaces_every_version(world):
    world.buy_agreed()
    world.computed().compute()
    assert {row.number for row in world.read(statements_of)} == {2}
    first = world.statement(world.hospitals[0].id, number=1)
    assert (first.status, first.is_latest) == ("replaced", False)


def test_an_objection_that_is_upheld_makes_a_new_version_of_what_it_changes(world):
    world.buy_agreed()
    world.computed().send()
    hospital = world.hospitals[0]
    others = {row.hospital_id: row.number for row in world.read(statements_of)}
    before = world.statement(hospital.id)
    world.object_to(hospital)
    texts = {"insured_share": "0.95"}
    world.do(give_factors, place=(hospital.id, 0, 0), texts=texts)
    world.decide(Verdict.UPHELD)
    run = world.latest_run()
    assert world.job(run.id).status == "done"
    after = world.statement(hospital.id)
    assert (after.number, after.status) == (2, "open")
    assert after.payable > before.payable
    assert after.lines[0].row.insured_share == Decimal("0.95")
    others[hospital.id] = 2
    assert {row.hospital_id: row.number for row in world.read(statements_of)} == others


def test_an_objection_about_purchases_sums_them_anew(world):
    hospital = world.hospitals[0]
    world.buy_agreed(lambda one, supply: Decimal(0 if one == hospital.id else 1))
    world.computed().send()
    before = world.statement(hospital.id)
    assert before.payable == 0
    world.object_to(hospital, "入库数据未传")
    world.buy_agreed(lambda one, supply: Decimal(1 if one == hospital.id else 0))
    world.decide(Verdict.UPHELD, extract_again=True)
    assert world.job(world.latest_run().id).status == "done"
    assert world.job(world.latest_run().id).status == "done"
    after = world.statement(hospital.id)
    assert (after.number, after.status) == (2, "open")
    assert after.payable > 0
