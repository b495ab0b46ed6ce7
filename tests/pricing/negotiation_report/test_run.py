"""A whole model, from its files to the report and its JSON."""

import json
from decimal import Decimal

import numpy as np
import pytest

from pricing.budget_impact import budget_impact
from pricing.faults import ModelFaultsError
from pricing.model_file import parse_model
from pricing.negotiation_report import report_json, run_model

BUDGET = """
title = "a drug"
[negotiated]
name = "A"
unit = "box"
price = 100
[parameter.patients]
value = 1000
distribution = { kind = "lognormal", mean = 1000, cv = 0.2 }
[population]
years = 2
size = "patients"
[population.funnel]
treated = 0.5
[[treatment]]
name = "A"
units_a_year = 10
other_cost = 50
share_with = 0.4
[[treatment]]
name = "B"
price = 200
share_without = 1
share_with = 0.6
[scenario.more.share_with]
A = 0.8
B = 0.2
"""

OUTCOMES = """
[cost_effectiveness]
kind = "tree"
reference = "old"
negotiated = "new"
[cost_effectiveness.strategy.old]
nodes = "old.csv"
[cost_effectiveness.strategy.new]
nodes = "new.csv"
"""

CONSTRAINTS = """
[[constraint]]
kind = "budget-every-year"
cap = 150_000
[[constraint]]
kind = "budget-quantile"
year = 2
cap = 200_000
overrun_probability = 0.1
draws = 2000
seed = 7
[[constraint]]
kind = "cost-neutral"
[[constraint]]
kind = "reference-price"
price = 90
premium = 0.1
"""


def model_of(*parts, **tables):
    files = {"model.toml": "\n".join(parts).encode()}
    return parse_model(files | {f"{name}.csv": text.encode() for name, text in tables.items()})


def ran(model, **more):
    return run_model(model, **more)


def document_of(report):
    return report_json(report)


@pytest.fixture(scope="module")
def report():
    return ran(model_of(BUDGET, CONSTRAINTS), draws=4000, seed=3)


def test_every_constraint_has_its_ceiling_and_the_lowest_binds(report):
    prices = [one.price for one in report.base.ceilings]
    # 200 patients at 10 boxes, other cost 50, in place of a drug of 200 yuan.
    assert prices[0] == Decimal("90.00")
    assert prices[2] == Decimal("15.00")
    assert prices[3] == Decimal("99.00")
    assert report.base.combined.price == Decimal("15.00")
    assert report.base.combined.binding == (False, False, True, False)
    assert all(one.put_back.holds and one.put_back.fails_above for one in report.base.ceilings)


def test_a_scenario_has_ceilings_of_its_own(report):
    assert report.scenarios["more"].ceilings[0].price == Decimal("52.50")
    assert (
        report.budget_impact["more"].impact[0, 0] == 2 * report.budget_impact["base"].impact[0, 0]
    )


def test_a_quantile_has_its_own_draws_and_seed(report):
    other = ran(model_of(BUDGET, CONSTRAINTS), draws=100, seed=9)
    assert other.base.ceilings[1] == report.base.ceilings[1]
    patients = model_of(BUDGET).sample(np.random.default_rng(7), 2000)["parameter.patients"]
    own = np.sort((200_000 - patients * 0.2 * -150) / (patients * 0.2 * 10))
    assert report.base.ceilings[1].exact == pytest.approx(own[200])


def test_the_summaries_are_those_of_the_draws(report):
    model = model_of(BUDGET)
    drawn = model.sample(np.random.default_rng(3), 4000)
    impact = budget_impact(model.at(drawn).budget).impact
    found = report.uncertainty.budget.impact[1]
    assert found.mean == pytest.approx(impact[1].mean())
    assert found.sd == pytest.approx(impact[1].std(ddof=1))
    assert found.q975 == pytest.approx(np.quantile(impact[1], 0.975))
    overrun = next(one for one in report.uncertainty.overruns if one.year == 1)
    assert overrun.probability == pytest.approx(np.mean(impact[0] > 150_000))


def test_no_bar_of_an_uncertain_input_has_no_width(report):
    for result in ("impact", "ceiling", "budget-every-year"):
        (bar,) = report.tornado[result]
        assert bar.input == "parameter.patients"
        assert (bar.width > 1e-6) == (result != "ceiling")


def test_a_bar_ends_where_the_model_is_computed_at_that_input(report):
    (bar,) = report.tornado["impact"]
    model = model_of(BUDGET)
    for value, result in ((bar.low, bar.at_low), (bar.high, bar.at_high)):
        impact = budget_impact(model.at({"parameter.patients": value}).budget).impact
        assert result == pytest.approx(impact.sum())


def test_the_same_seed_gives_the_same_document():
    documents = [
        json.dumps(document_of(ran(model_of(BUDGET, CONSTRAINTS), draws=500, seed=seed)))
        for seed in (5, 5, 6)
    ]
    assert documents[0] == documents[1]
    assert documents[0] != documents[2]


def test_the_document_has_the_keys_of_the_contract(report):
    document = document_of(report)
    json.dumps(document, allow_nan=False)
    base = document["budget_impact"]["base"]
    assert set(document["budget_impact"]) == {"base", "more"}
    for key in ("eligible", "without", "with", "impact", "patient_view"):
        assert len(base[key]) == 2
    assert base["patients"]["A"] == [200.0, 200.0]
    assert base["cumulative"] == 2 * 170_000
    first = document["ceilings"][0]
    assert first["kind"] == "budget-every-year"
    assert first["price"] == "90.00"
    assert first["exact"] == 90.0
    assert first["binding"] is False
    assert first["why"] is None
    assert document["ceiling"] == "15.00"
    assert document["uncertainty"]["impact"][0].keys() == {"mean", "sd", "q025", "q975"}
    assert document["overrun"][0].keys() >= {"year", "cap", "probability"}
    assert {"ceac", "evpi", "tornado"} <= set(document)


def test_without_uncertain_inputs_there_is_no_uncertainty():
    plain = BUDGET.replace('distribution = { kind = "lognormal", mean = 1000, cv = 0.2 }', "")
    found = ran(model_of(plain, CONSTRAINTS), draws=100)
    assert found.uncertainty is None
    assert found.tornado == {}
    assert found.draws == 0
    document = document_of(found)
    assert "uncertainty" not in document
    assert "tornado" not in document


def test_a_model_without_constraints_has_a_budget_and_no_ceiling():
    document = document_of(ran(model_of(BUDGET), draws=0))
    assert document["ceilings"] == []
    assert document["ceiling"] is None
    assert "no constraint" in document["combination"]["why_en"]


def test_a_constraint_that_needs_another_model_is_a_fault():
    wanting = '[[constraint]]\nkind = "icer"\nthreshold = 5\n'
    with pytest.raises(ModelFaultsError, match="cost_effectiveness"):
        ran(model_of(BUDGET, wanting))


AGREED = """
[managed_entry]
cap = 120_000
refund_share = 0.5
outcome_rebate = { response = 0.5, rebate = 0.2 }
[elasticity]
value = -0.5
[combination]
policy = "expert-corridor"
position = 0.5
"""


def test_agreement_elasticity_and_policy_of_the_file_are_used():
    found = ran(model_of(BUDGET, CONSTRAINTS, AGREED), draws=300)
    for ceiling in found.base.ceilings[:3]:
        assert ceiling.method == "bracketing"
        assert ceiling.put_back.holds
        assert ceiling.put_back.fails_above
        assert ceiling.net_price < float(ceiling.price)
    assert found.base.combined.policy == "expert-corridor"
    low, high = found.base.combined.corridor
    assert found.base.combined.exact == pytest.approx((low + high) / 2)
    assert {"impact", "ceiling"} <= set(found.tornado)
    json.dumps(document_of(found), allow_nan=False)


def test_an_uncertain_term_of_a_constraint_moves_its_ceiling():
    terms = """
[parameter.money]
value = 150_000
distribution = { kind = "uniform", min = 100_000, max = 200_000 }
[parameter.bend]
value = 0.4
distribution = { kind = "uniform", min = 0.2, max = 0.6 }
[elasticity]
value = "-bend"
[[constraint]]
kind = "budget-cumulative"
cap = "money"
[[constraint]]
kind = "budget-cumulative"
cap = "2 * money"
"""
    found = ran(model_of(BUDGET, terms), draws=200)
    for result in ("ceiling", "budget-cumulative", "budget-cumulative 2"):
        bars = {bar.input: bar.width for bar in found.tornado[result]}
        assert set(bars) == {"parameter.money", "parameter.bend", "parameter.patients"}
        assert all(width > 0.01 for width in bars.values())
    (bar,) = (one for one in found.tornado["ceiling"] if one.input == "parameter.money")
    text = BUDGET + terms.replace("value = 150_000", f"value = {bar.high}")
    assert bar.at_high == pytest.approx(ran(model_of(text), draws=0).base.combined.exact)
