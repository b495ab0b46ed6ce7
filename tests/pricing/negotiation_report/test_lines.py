"""What pages draw: lines against the price, and the map of caps and thresholds."""

import numpy as np
import pytest

from pricing.ceilings import Icer
from pricing.model_file import read_model
from pricing.negotiation_report import Runs, heat_map, price_lines
from tests.house_rules import ROOT
from tests.pricing.ceilings.models import ceiling
from tests.pricing.negotiation_report.test_run import (
    AGREED,
    BUDGET,
    CONSTRAINTS,
    document_of,
    model_of,
    ran,
)

EXAMPLES = ROOT / "examples" / "models"


def lines_of(basis, prices):
    return price_lines(basis, prices)


def test_the_lines_of_the_budget_meet_the_caps_at_the_ceilings():
    runs = Runs(model_of(BUDGET, CONSTRAINTS), 0, 1)
    lines = lines_of(runs.basis(), [0.0, 90.0, 15.0])
    assert lines.prices.tolist() == [0.0, 15.0, 90.0]
    assert lines.impact[:, 2] == pytest.approx([150_000, 150_000])
    assert lines.impact[:, 1] == pytest.approx([0, 0])
    assert lines.icer == ()


def test_the_line_of_the_ratio_meets_the_threshold_at_the_ceiling():
    basis = Runs(read_model(EXAMPLES / "hiv"), 0, 1).basis()
    highest = ceiling(basis, Icer(20_000)).exact
    lines = lines_of(basis, [0.0, highest])
    assert lines.impact is None
    ((_, ratio),) = lines.icer
    assert ratio[1] == pytest.approx(20_000)


def test_every_field_of_the_map_is_the_ceiling_with_that_cap_and_threshold():
    runs = Runs(read_model(EXAMPLES / "hiv"), 0, 1)
    found = heat_map(runs, cap_factors=[1.0, 2.0], thresholds=[10_000, 30_000])
    expected = [ceiling(runs.basis(), Icer(one)).exact for one in found.thresholds]
    assert found.ceilings == pytest.approx(np.array([expected, expected]))
    runs = Runs(model_of(BUDGET, CONSTRAINTS.split('[[constraint]]\nkind = "cost')[0]), 500, 1)
    found = heat_map(runs, cap_factors=[0.5, 1.0], thresholds=[1.0])
    assert found.ceilings[0, 0] < found.ceilings[1, 0]
    assert found.ceilings[1, 0] == runs_ceiling(runs)


def runs_ceiling(runs):
    return ran(runs.model, draws=runs.draws, seed=runs.seed).base.combined.exact


def test_what_the_fund_spends_with_an_agreement_is_shown_apart():
    report = ran(model_of(BUDGET, CONSTRAINTS, AGREED), draws=0)
    document = document_of(report)
    agreed = document["managed_entry"]["base"]
    listed = document["budget_impact"]["base"]
    assert agreed["net_price"] < 100
    assert agreed["refund"] == [30_000.0, 30_000.0]
    # 200 patients at 10 boxes of 100 yuan, less a tenth, less half of what is above the cap.
    assert listed["impact"][0] - agreed["impact"][0] == pytest.approx(20_000 + 30_000)
    assert agreed["cumulative"] == pytest.approx(sum(agreed["impact"]))
