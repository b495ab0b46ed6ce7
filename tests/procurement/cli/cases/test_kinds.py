"""Kinds of cases, beyond the published files: other inputs, other forms of the same input."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from procurement.cli.cases import Case, adapter_of
from procurement.cli.cases.answers import UnknownNameError
from procurement.cli.errors import BadCaseError


@pytest.fixture
def published(shared):
    """Return a function that gives a published case with some inputs changed or left out."""

    def case(name, *, without=(), **inputs):
        (path,) = (shared / "cases" / "negotiation").glob(f"{name}_*.json")
        document = json.loads(path.read_text("utf-8"))
        given = {key: one for key, one in document["inputs"].items() if key not in without}
        return Case(path, document["id"], "", document["kind"], given | inputs, ())

    return case


def answers(case):
    return adapter_of(case)(case)


def test_every_missing_input_is_named_at_once():
    case = Case(Path("x.json"), "x", "", "cea_markov", {"counts": {"A": [1, 1]}}, ())
    with pytest.raises(BadCaseError) as refusal:
        answers(case)
    for name in ("direct_medical", "community", "rr_comb", "cycles", "cost_lamivudine"):
        assert f"x.json: inputs.{name}: " in str(refusal.value)


def test_death_may_have_a_row_of_its_own_and_the_cohort_may_start_anywhere(published):
    plain = published("cea01")
    rows = {**plain.inputs["counts"], "D": [0, 0, 0, 1]}
    assert answers(published("cea01", counts=rows))["icer"] == answers(plain)["icer"]
    half = answers(published("cea01", start={"A": 0.5, "B": 0.5}))["ly_mono"]
    one, other = (answers(published("cea01", start=state))["ly_mono"] for state in "AB")
    assert half == pytest.approx((one + other) / 2)


def test_a_standard_error_that_no_beta_distribution_has_is_a_fault(published):
    with pytest.raises(BadCaseError, match=r"prevalence_se: is 0\.9: expected 5"):
        answers(published("bia01", psa={"prevalence_se": 0.9}))


def test_a_kind_that_nobody_knows_is_taken_for_the_one_that_it_is_a_special_case_of(published):
    case = published("cea05")
    assert (
        answers(replace(case, kind="cost_tree_of_dressings"))["saving"] == answers(case)["saving"]
    )
    with pytest.raises(BadCaseError, match="kind 'tree_cost' is unknown"):
        answers(replace(case, kind="tree_cost"))


def test_a_name_that_is_not_known_raises(published):
    with pytest.raises(UnknownNameError):
        answers(published("cea05"))["gold"]


def test_the_year_of_a_qaly_may_have_a_quarter_of_a_day_more(published):
    plain = answers(published("cea04"))["icer"]
    longer = answers(published("cea04", days_per_year=365.25))["icer"]
    assert plain == pytest.approx(29363.0, abs=0.05)
    assert longer == pytest.approx(29383.1, abs=0.05)


def test_simpson_and_half_cycle_counting_differ(published):
    simpson = answers(published("cea03"))
    middle = answers(published("cea03", within_cycle="half-cycle correction"))
    assert simpson["qaly_SoC"] == pytest.approx(20.711, abs=5e-4)
    assert abs(middle["qaly_SoC"] - simpson["qaly_SoC"]) > 1e-3


def test_a_relative_risk_in_place_of_the_hazard_ratio_would_miss(published):
    hazard = answers(published("cea03"))["icer_B_vs_SoC"]
    # The rate whose probability is 0.6 times that of the untreated.
    assert hazard == pytest.approx(72988, abs=0.5)
    other = answers(published("cea03", hr_S1S2_trtB=0.6153))["icer_B_vs_SoC"]
    assert abs(other - hazard) > 100


def test_the_price_of_either_treatment_can_be_asked_for(published):
    found = answers(published("cea03"))
    assert found["trtB_annual_price_at_72988"] == pytest.approx(13000, abs=0.15)
    assert found["trtA_annual_price_at_20000"] < 12000
    assert found["status_A"] == 1


def test_a_drug_that_is_not_worth_its_own_care_has_no_price(published):
    costs = {"H": 2000, "S1": 20000, "S2": 0, "trtA": 12000, "trtB": 13000}
    assert answers(published("cea03", costs=costs))["trtB_annual_price_at_100"] is None


def test_the_budget_of_any_drugs_is_computed(published):
    four = {"C": 0.5, "B": 0.25, "E": 0.25, "N": 0}
    case = published(
        "bia01",
        without=("shares_conservative", "shares_optimistic", "psa", "shares_base", "admin"),
        shares_current=four,
        shares_wide=four | {"C": 0.3, "N": 0.2},
        drug={"C": 100, "B": 200, "E": 300, "N": 1000},
        ramp_years=1,
        patient_rounding="none",
        monitoring={"N": 20},
        ae={},
        transport={"N": 30},
        negotiated=None,
    )
    found = answers(case)
    eligible = 42e6 * 0.003 * 0.6 * 0.45 * 0.3
    assert found["wide_impact_y1"] == pytest.approx(eligible * 0.2 * (1050 - 100))
    assert found["wide_y1"] - found["wide_impact_y1"] == pytest.approx(found["current_y1"])
    assert found["price_ceiling_cumulative_0m"] == pytest.approx(50.0)


def test_the_one_way_points_of_prevalence_are_not_of_zero_width(published):
    # A peer shows its own base value three times.
    found = answers(published("bia01"))
    low, high = found["owsa_prevalence_x085_y5"], found["owsa_prevalence_x115_y5"]
    assert low < found["base_impact_y5"] < high
    assert high / low == pytest.approx(1.15 / 0.85, rel=1e-3)


def test_rounding_patients_of_each_drug_changes_the_impact_a_little(published):
    rounded = answers(published("bia01"))["base_impact_y5"]
    plain = answers(published("bia01", patient_rounding="none"))["base_impact_y5"]
    assert rounded == 50999568
    assert plain / rounded - 1 == pytest.approx(0.0004, abs=0.0002)


def test_draws_may_be_described_as_tables_too(published):
    case = published(
        "cea10",
        rr={"mean": 0.509, "sd": 0.088},
        state_costs={"shape": 1},
        draws=2000,
        seed=4,
    )
    one, two = answers(case), answers(case)
    assert one["mean_cost_mono"] == two["mean_cost_mono"]
    assert one["q025_icer"] < one["median_icer"] < one["q975_icer"]
    assert one["sd_ly_comb"] > 0


def test_the_base_of_an_uncertain_case_may_stand_in_it(published):
    base = dict(published("cea01").inputs)
    inside = answers(published("cea10", base=base, draws=500))
    beside = answers(published("cea10", draws=500))
    assert inside["mean_ly_mono"] == beside["mean_ly_mono"]


def test_groups_of_any_strategies_are_compared(published):
    found = answers(
        published(
            "cea07", own={"x": [0, 0], "y": [10, 1], "z": [30, 1.5], "w": {"cost": 31, "ly": 1.4}}
        )
    )
    assert (found["own_y"], found["own_z"], found["own_status_w"]) == (10, 40, 1)
    assert found["y"] == 10
    assert found["own_x"] is None


def test_a_table_of_cuts_may_be_given_by_row_and_column(published):
    whole = answers(published("nrdl01"))
    parts = answers(published("nrdl01", without=("table_pct_rows_ratio_cols_spend",)))
    for name in ("A110_spend41", "A140_spend10", "A200_spend41", "B100_spend20"):
        assert parts[name] == whole[name]


def test_a_table_of_cuts_that_does_not_fit_is_a_fault(published):
    with pytest.raises(BadCaseError, match="expected 4 rows of 3 numbers"):
        answers(published("nrdl01", spend_tiers_yi=[2, 10]))
