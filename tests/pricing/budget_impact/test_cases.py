"""Published budget impacts through the public functions; known misses stay listed."""

import numpy as np
import pytest

from pricing.budget_impact import (
    BudgetImpact,
    BudgetModel,
    BudgetTreatment,
    budget_impact,
    per_member_per_month,
)
from pricing.draws import as_draws, by_year
from tests.pricing.published import read_case

YI = 1e8


def treatment(name, price, without, with_, *, other_cost=0.0, offset=0.0):
    numbers = (price, 1.0, other_cost, offset, without, with_)
    return BudgetTreatment(name, *(as_draws(number) for number in numbers))


def static(patients, *treatments, curve=(1.0,)) -> BudgetImpact:
    return budget_impact(
        BudgetModel(
            years=len(curve),
            eligible=by_year([patients] * len(curve)),
            curve=by_year(curve),
            payment_ratio=as_draws(1),
            treatments=treatments,
            patient_rounding="none",
            negotiated=treatments[0].name,
        )
    )


def test_ivabradine_in_china(shared):
    case = read_case(shared, "bia03_ivabradine_china2019")
    price, saving = (
        case.inputs["drug_cost_per_patient_year"],
        case.inputs["hospital_saving_per_case"],
    )
    patients = case.inputs["drug_total_yi_cny"] * YI / price
    burden = case.inputs["hf_hospital_burden_yi_cny"] * case.inputs["readmission_reduction"] * YI
    by_burden = static(
        patients,
        treatment("ivabradine", price, 0, 1, offset=burden / patients),
        treatment("none", 0, 1, 0),
    )
    by_case = static(
        1.0, treatment("ivabradine", price, 0, 1, offset=saving), treatment("none", 0, 1, 0)
    )
    found = {
        "saving_yi": -by_burden.offsets[0, 0] / YI,
        "net_saving_yi": -by_burden.impact[0, 0] / YI,
        "net_saving_per_case": -by_case.impact[0, 0],
        "implied_treated_million": patients / 1e6,
        # The impact is nothing where price times units makes up for what is saved.
        "breakeven_annual_price": -by_case.at_zero_price[0, 0] / by_case.paid_units[0, 0],
    }
    assert case.misses(found) == {}
    assert set(found) == set(case.expected)


def test_a_biosimilar_of_rituximab_in_europe(shared):
    case = read_case(shared, "bia04_ctp10_eu28")
    share, ratio = case.inputs["share_y1"], case.inputs["price_ratio"]
    spend = case.inputs["saving_y1_meur"] / (share * (1 - ratio))

    def saved(*shares: float) -> float:
        impact = static(
            1.0,
            treatment("biosimilar", ratio * spend, 0, 1),
            treatment("originator", spend, 1, 0),
            curve=shares,
        )
        return -float(impact.cumulative[0])

    more = case.inputs["extra_patients_y1"] / share
    years = case.inputs["shares_3y"]
    fitted = (years[0] + (years[0] + years[1]) + (years[1] + years[2])) / share
    found = {
        "implied_rituximab_spend_meur": spend,
        "saving_scenario2_meur": saved(case.inputs["share_scenario2"]),
        "extra_patients_scenario2": more * case.inputs["share_scenario2"],
        "pct_scenario2": case.inputs["pct_y1"] / share * case.inputs["share_scenario2"],
        "saving_3y_meur_sum_of_shares": saved(*years),
        "saving_3y_meur_factor_19_3": saved(share) * fitted,
        "extra_patients_3y_factor_19_3": case.inputs["extra_patients_y1"] * fitted,
    }
    assert set(found) == set(case.expected)
    # The paper's three years are not the sum of its shares; its own mechanism is not known.
    assert set(case.misses(found)) == case.known_misses == {"saving_3y_meur_sum_of_shares"}
    assert found["saving_3y_meur_sum_of_shares"] == pytest.approx(360.2, abs=0.1)


def test_erlotinib_in_a_plan_of_500_000_members(shared):
    case = read_case(shared, "bia05_erlotinib_danese2008")

    def mix(name, costs, without, with_):
        other = costs["admin"] + costs["side_effects"]
        return treatment(name, costs["treatment"], without, with_, other_cost=other)

    impact = static(
        1.0, mix("new", case.inputs["with_new"], 0, 1), mix("old", case.inputs["without"], 1, 0)
    )
    found = {
        "total_with": impact.with_[0, 0],
        "total_without": impact.without[0, 0],
        "difference": impact.impact[0, 0],
        "pmpm": per_member_per_month(impact.impact, as_draws(case.inputs["members"]))[0, 0],
    }
    assert case.misses(found) == {}
    assert set(found) == set(case.expected)


@pytest.mark.parametrize("rounding", ["none", "half-even"])
def test_patients_of_each_drug_are_rounded_before_they_meet_a_cost(rounding):
    # 5 eligible patients, half of each drug: 2.5 patients, which is 2 by the even number.
    drug = treatment("A", 100, 0, 0.5)
    model = BudgetModel(
        1, by_year([5]), by_year([1]), as_draws(1), (drug, treatment("B", 0, 1, 0.5)), rounding, "A"
    )
    assert budget_impact(model).impact[0, 0] == (200 if rounding == "half-even" else 250)


def test_eligible_patients_are_rounded_first():
    # 10.4 x 0.5 = 5.2 and 10 x 0.5 = 5: rounding the eligible first makes 5, then 2.5 makes 2.
    drug = treatment("A", 1, 0, 0.25)
    model = BudgetModel(
        1,
        by_year([10.4]),
        by_year([1]),
        as_draws(1),
        (drug, treatment("B", 0, 1, 0.75)),
        "half-even",
        "A",
    )
    found = budget_impact(model)
    assert found.eligible[0, 0] == 10
    assert found.patients["A"][1][0, 0] == 2
    assert np.array_equal(found.patients["B"][0], [[10]])
