"""Overrides, scenarios, names, draws: what the values of a model become."""

import numpy as np
import pytest

from pricing.budget_impact import budget_impact
from pricing.faults import ModelFaultsError
from tests.pricing.model_file.samples import (
    BUDGET,
    COHORT,
    COHORT_TABLES,
    budget_of,
    changed,
    model,
)


def test_an_override_moves_everything_that_names_it():
    found = model(BUDGET).at({"parameter.visit": 30.0})
    assert budget_of(found).treatments[0].other_cost.tolist() == [60]


def test_an_override_wins_over_a_scenario():
    found = model(BUDGET).at({"treatment.A.share_with": 0.9}, "high")
    assert budget_of(found).treatments[0].share_with.tolist() == [0.9]


def test_a_share_that_moves_alone_takes_from_the_others_in_proportion():
    text = changed(
        BUDGET,
        ("share_without = 1\nshare_with = 0.5", "share_without = 0.6\nshare_with = 0.3"),
        ("B = 0.2\n", "B = 0.1\nC = 0.1\n"),
        (
            "[scenario.high",
            '[[treatment]]\nname = "C"\nshare_without = 0.4\nshare_with = 0.2\n[scenario.high',
        ),
    )
    budget = budget_of(model(text).at({"treatment.A.share_with": np.array([0.75, 1.0])}))
    with_ = [one.share_with.tolist() for one in budget.treatments]
    assert with_ == [[0.75, 1.0], pytest.approx([0.15, 0]), pytest.approx([0.1, 0])]
    budget_impact(budget)


def test_a_scenario_may_replace_any_input_by_its_path():
    text = BUDGET + '[scenario.low]\n"treatment.B.price" = "2 * visit"\nrr = 0.1\n'
    found = model(text).at(scenario="low")
    assert budget_of(found).treatments[1].price.tolist() == [40]
    assert found.values["parameter.rr"].tolist() == [0.1]
    nested = BUDGET + "[scenario.low.treatment.B]\nprice = 20\n"
    assert budget_of(model(nested).at(scenario="low")).treatments[1].price.tolist() == [20]


def test_a_scenario_may_not_make_a_circle():
    text = changed(BUDGET, ("value = 20\n", 'value = "40 * rr"\n'))
    with pytest.raises(ModelFaultsError, match="circular"):
        model(text + '[scenario.low]\nrr = "visit / 40"\n')


def test_unknown_paths_and_scenarios_are_refused():
    with pytest.raises(ModelFaultsError, match="is no input of this model"):
        model(BUDGET).at({"population.sise": 1.0})
    with pytest.raises(ModelFaultsError, match="is no scenario of this model: expected high"):
        model(BUDGET).at(scenario="low")


def test_the_sample_has_one_array_for_each_uncertain_input():
    drawn = model(BUDGET).sample(np.random.default_rng(1), 50)
    assert set(drawn) == {"population.funnel.prevalence", "negotiated.price_factor"}
    assert all(array.shape == (50,) for array in drawn.values())


def test_a_distribution_of_the_negotiated_price_is_a_factor_of_its_mean():
    text = changed(BUDGET, ("mean = 100, cv", "mean = 500, cv"))
    found = model(text)
    factor = found.sample(np.random.default_rng(1), 20_000)["negotiated.price_factor"]
    assert factor.mean() == pytest.approx(1, abs=0.005)
    assert factor.std() == pytest.approx(0.1, abs=0.005)
    budget = budget_of(found.at({"negotiated.price_factor": factor}))
    assert budget.treatments[0].price.tolist() == [100]
    impact = budget_impact(budget)
    assert impact.impact == pytest.approx(impact.at_zero_price + 100 * impact.paid_units)
    assert found.quantile("negotiated.price", 0.5) == pytest.approx(100 / np.sqrt(1.01))


def test_the_order_of_the_file_does_not_change_the_draws():
    first, second = BUDGET.strip().splitlines()[-2:]
    swapped = BUDGET.replace(f"{first}\n{second}", f"{second}\n{first}")
    assert swapped != BUDGET
    one, other = (model(text).sample(np.random.default_rng(3), 5) for text in (BUDGET, swapped))
    assert {path: array.tolist() for path, array in one.items()} == {
        path: array.tolist() for path, array in other.items()
    }


def test_the_mean_of_a_distribution_is_that_of_its_input_unless_given():
    text = changed(BUDGET, ("mean = 0.5, se = 0.05", "se = 0.05"))
    assert model(text).uncertain[0].distribution.mean == pytest.approx(0.5)


def test_arguments_of_a_distribution_may_be_expressions():
    text = changed(BUDGET, ("se = 0.05", 'se = "rr / 10"'))
    assert model(text).uncertain[0].distribution.sd == pytest.approx(0.05)


def test_shares_can_be_drawn_together():
    text = changed(
        BUDGET,
        (
            "[uncertain]",
            '[uncertain]\nshare_with = { distribution = "dirichlet", alpha = { A = 5, B = 5 } }',
        ),
    )
    found = model(text)
    drawn = found.sample(np.random.default_rng(1), 100)
    total = drawn["treatment.A.share_with"] + drawn["treatment.B.share_with"]
    assert total == pytest.approx(np.ones(100))
    budget_impact(budget_of(found.at(drawn)))
    assert found.quantile("treatment.A.share_with", 0.5) == pytest.approx(0.5)


def test_only_uncertain_inputs_have_quantiles():
    with pytest.raises(KeyError):
        model(BUDGET).quantile("population.size", 0.5)


def test_counts_are_drawn_as_a_dirichlet_and_their_quantiles_are_those_of_their_part():
    found = model(COHORT, COHORT_TABLES)
    assert "counts.csv:well.ill" in found.uncertain_paths
    drawn = found.sample(np.random.default_rng(1), 1000)
    row = [drawn[f"counts.csv:well.{state}"] for state in ("well", "ill", "dead")]
    assert sum(row) == pytest.approx(np.ones(1000))
    count = found.quantile("counts.csv:well.ill", 0.975)
    part = count / (count + 7)
    below = (row[1] <= part).mean()
    assert below == pytest.approx(0.975, abs=0.02)


def test_strategies_share_the_draws_of_their_parameters():
    drawn = model(COHORT, COHORT_TABLES).sample(np.random.default_rng(1), 200)
    old, new = model(COHORT, COHORT_TABLES).at(drawn).strategies
    # The new strategy's first row is that of the old one times rr: they move together.
    assert np.corrcoef(old.effect, new.effect)[0, 1] > 0.1


def test_a_draw_is_the_same_alone_as_among_many():
    found = model(COHORT, COHORT_TABLES)
    drawn = found.sample(np.random.default_rng(1), 5)
    whole = found.at(drawn).strategies
    for number in range(5):
        alone = found.at({path: array[number : number + 1] for path, array in drawn.items()})
        for one, other in zip(whole, alone.strategies, strict=True):
            assert one.cost[number] == pytest.approx(other.cost[0])
            assert one.effect[number] == pytest.approx(other.effect[0])


def test_chunks_of_draws_are_joined():
    found = model(changed(COHORT, ("cycles = 3", "cycles = 4000")), COHORT_TABLES)
    drawn = found.sample(np.random.default_rng(1), 250)
    whole = found.at(drawn).strategy("new")
    last = found.at({path: array[-1:] for path, array in drawn.items()}).strategy("new")
    assert whole.cost.shape == (250,)
    assert whole.cost[-1] == pytest.approx(last.cost[0])


def test_a_part_that_leaves_its_range_in_a_draw_ends_the_run_with_its_path():
    text = changed(BUDGET, ('"beta", mean = 0.5, se = 0.05', '"normal", mean = 0.5, se = 0.4'))
    found = model(text)
    with pytest.raises(ModelFaultsError, match=r"funnel\.prevalence: in \d+ of 1000 draws not a"):
        budget_of(found.at(found.sample(np.random.default_rng(1), 1000)))


def test_a_cell_keeps_the_source_that_stands_in_its_row():
    table = (
        COHORT_TABLES["cost.csv"].replace("value\n", "value,source\n").replace(",80", ",80,a list")
    )
    found = model(COHORT, {**COHORT_TABLES, "cost.csv": table})
    assert found.inputs["cost_effectiveness.strategy.new.cost.ill.2"].source == "a list"
