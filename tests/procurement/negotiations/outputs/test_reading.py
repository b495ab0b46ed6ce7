"""From a report to figures: what is shown is what was computed."""

import pytest

from pricing.ceilings import KINDS as ALL_KINDS
from pricing.negotiation_report import run_model
from procurement.negotiations.outputs import dossier_of, outputs_of
from procurement.negotiations.outputs.limits import KINDS
from procurement.negotiations.outputs.said import Reader
from tests.procurement.negotiations.outputs.models import model_of

DRAWS = 300


def run(name, *changes, draws=0):
    model = model_of(name, *changes)
    report = run_model(model, draws=draws)
    return report, dossier_of(model, report)


def test_every_kind_of_constraint_has_words():
    assert set(KINDS) == set(ALL_KINDS)


@pytest.mark.parametrize("name", ["budget", "both", "indications"])
def test_a_years_line_gives_the_reports_impact_at_the_price_under_discussion(name):
    report, dossier = run(name)
    impact = report.budget_impact["base"].impact
    *years, total = dossier.lines
    assert [line.at(report.price) for line in years] == pytest.approx([row[0] for row in impact])
    assert total.is_total
    assert total.at(report.price) == pytest.approx(impact.sum())


def test_the_line_of_a_year_crosses_its_cap_at_the_ceiling():
    report, dossier = run("both")
    binding = next(line for line in dossier.lines if line.binds)
    price = (binding.cap - binding.at_zero) / binding.slope
    assert price == pytest.approx(report.base.ceilings[0].exact)


def test_the_lowest_price_at_which_a_comparison_meets_the_threshold_is_the_ceiling():
    report, dossier = run("outcomes")
    prices = [(20_000 * one.effect - one.cost) / one.units for one in dossier.ratios]
    assert min(prices) == pytest.approx(report.base.ceilings[0].exact)


def test_the_own_cell_of_the_heat_map_is_the_ceiling():
    report, dossier = run("both")
    heat = dossier.heat
    over, up = heat.caps.index(heat.cap), heat.thresholds.index(heat.threshold)
    assert heat.prices[up][over] == float(report.base.combined.price)


def test_the_base_of_the_tornado_is_the_ceiling_without_probabilities():
    report, dossier = run("uncertain-outcomes", draws=DRAWS)
    assert dossier.ceiling_tornado.base == pytest.approx(
        min(one.exact for one in report.base.ceilings[:2])
    )
    assert {bar.path for bar in dossier.ceiling_tornado.bars} == {"population.size", "parameter.rr"}


def test_draws_are_summarised_and_their_curves_are_drawn():
    _, dossier = run("uncertain-outcomes", draws=DRAWS)
    assert dossier.draws == DRAWS
    assert dossier.plane.drawn == DRAWS
    assert 0 <= dossier.plane.below <= 1
    assert dossier.acceptability.negotiated == "new"
    assert dossier.overrun.allowed == 0.1
    assert len(dossier.uncertain) > 8
    assert {path for path, _, _ in dossier.information} == {"population.size", "parameter.rr"}
    names = {one.picture.name for one in outputs_of(dossier, language="zh").charts}
    assert {"overrun", "plane", "acceptability", "ceiling-tornado", "impact-tornado"} <= names


def test_the_register_holds_every_input_that_the_model_gives():
    _, dossier = run("both")
    paths = {one.path: one for one in dossier.register}
    assert paths["parameter.rr"].source == "our own"
    assert paths["treatment.A.other_cost"].value == "monitoring * rr"
    assert paths["treatment.A.other_cost"].computed == 60.0
    assert "treatment.A.price" not in paths


def test_the_register_of_several_indications_names_them():
    _, dossier = run("indications")
    paths = {one.path for one in dossier.register}
    assert {"indication.first.population.size", "indication.second.parameter.rr"} <= paths
    assert "indication.first.negotiated.price" not in paths
    assert [one.name.en for one in dossier.budgets] == ["base", "first"]


def test_members_are_those_whom_the_funnel_starts_from():
    _, dossier = run("budget")
    table = dossier.budgets[0]
    assert list(table.members) == pytest.approx([100_000, 101_000, 102_010])
    assert table.per_member[0] == pytest.approx(table.impact[0] / 100_000 / 12)
    _, other = run("cohorts")
    assert list(other.budgets[0].members) == []


def test_an_agreement_bends_the_impact_and_its_points_follow_the_models():
    report, dossier = run("agreement")
    *years, _ = dossier.lines
    assert not any(line.is_affine for line in years)
    found = report.managed_entry["base"].impact
    assert [line.at(report.price) for line in years] == pytest.approx(
        [row[0] for row in found], rel=0.02
    )
    assert list(dossier.budgets[0].agreed) == pytest.approx([row[0] for row in found])
    assert dossier.is_unlimited
    assert outputs_of(dossier, language="zh").ceiling == "—"


def test_the_currency_is_that_of_the_units():
    assert run("both")[1].money.text(Reader("zh")) == "元"
    assert run("both", ('unit = "yuan"', 'unit = "EUR"'))[1].money.en == "EUR"


def test_a_price_that_is_asked_for_is_put_into_everything():
    _, dossier = run("budget")
    shown = outputs_of(dossier, language="en", price=2_000.0)
    by_name = {one.name: one for one in shown.at_price}
    assert by_name["Year 1"].value * 1e4 != by_name["Year 1"].zero
    given = by_name["price of the reference drug"]
    assert (given.value, given.cap, given.holds) == (2_000.0, 990.0, False)
