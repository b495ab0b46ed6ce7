"""Published probabilistic analyses, run from the files of the examples."""

import json

import pytest

from pricing.model_file import parse_model
from tests.house_rules import ROOT
from tests.missing import skip_unless_ci
from tests.pricing.negotiation_report.test_run import ran

HIV = ROOT / "examples" / "models" / "hiv"


@pytest.fixture
def expected(shared):
    path = shared / "cases" / "negotiation" / "cea10_hiv_psa_briggs47.json"
    if not path.exists():
        skip_unless_ci(f"{path} is missing")
    return json.loads(path.read_text(encoding="utf-8"))["expected"]


def test_the_analysis_of_lamivudine_has_the_published_summaries(expected):
    """Briggs 2006, exercise 4.7: life years with the half-cycle correction, costs without it."""
    files = {path.name: path.read_bytes() for path in HIV.iterdir()}
    half = b'count = "end"\ncount_effect = "half-cycle"'
    files["model.toml"] = files["model.toml"].replace(b'count = "end"', half)
    found = ran(parse_model(files), draws=40_000, seed=11).uncertainty
    ((_, outcome),) = found.outcomes
    summaries = {
        **{f"cost_{name}": summary for name, summary in outcome.cost},
        **{f"ly_{name}": summary for name, summary in outcome.effect},
        "icer": outcome.icer,
    }
    for one in expected:
        statistic, _, name = one["name"].partition("_")
        name = "icer" if name == "of_icers" else name
        value = getattr(summaries[name], statistic)
        assert value == pytest.approx(one["value"], abs=one["tol"]), one["name"]
