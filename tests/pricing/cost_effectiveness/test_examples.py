"""The models that we ship give the published figures, and the published price back."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from pricing.cost_effectiveness import Increment
from pricing.model_file import read_model
from pricing.negotiation_report import report_json, run_model
from tests.house_rules import ROOT

MODELS = ROOT / "examples" / "models"

PUBLISHED: dict[str, dict[str, tuple[float, float]]] = {
    "hiv": {"mono": (44663.45, 7.991207), "comb": (50601.65, 8.937389)},
    "sumatriptan": {"caffeine": (4.73, 0.201 / 365), "sumatriptan": (22.06, 0.417 / 365)},
    "sick-sicker": {
        "usual care": (151580, 20.711),
        "A": (284805, 21.499),
        "B": (259100, 22.184),
        "A and B": (378875, 23.137),
    },
    "hip-prosthesis": {"standard": (512.4327, 14.65283), "NP1": (610.3112, 14.69734)},
}
"""Cost and effect of each strategy."""

PRICES: dict[str, float] = {
    "hiv": 2086.50,
    "sumatriptan": 16.10,
    "sick-sicker": 13000,
    "hip-prosthesis": 579,
}

# The cost of caffeine is printed a cent and a half higher than its parts give.
CLOSE: dict[str, float] = {
    "hiv": 1e-6,
    "sumatriptan": 4e-3,
    "sick-sicker": 1.2e-5,
    "hip-prosthesis": 1e-6,
}


def outcomes(name):
    evaluated = read_model(MODELS / name).at()
    price = float(evaluated.price[0])
    return price, {one.strategy: one for one in evaluated.strategies}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_strategies_cost_and_bring_what_was_published(name):
    price, found = outcomes(name)
    assert price == PRICES[name]
    for strategy, (cost, effect) in PUBLISHED[name].items():
        assert found[strategy].cost_at(price)[0] == pytest.approx(cost, rel=CLOSE[name])
        assert found[strategy].effect[0] == pytest.approx(effect, rel=2 * CLOSE[name])


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_ratio_gives_the_published_price_back(name):
    report = report_json(run_model(read_model(MODELS / name), draws=0, seed=1))
    ceilings = cast("list[dict[str, Any]]", report["ceilings"])
    found = {one["name"]: one for one in ceilings}["published-ratio"]
    assert found["exact"] == pytest.approx(PRICES[name], rel=1e-4)
    assert found["put_back"]["holds"]
    assert found["put_back"]["fails_above"]


@pytest.mark.parametrize(("name", "draws"), [("hiv", 400)])
def test_the_inverse_holds_in_every_draw(name, draws):
    model = read_model(MODELS / name)
    new, old = model.negotiated_strategy, model.reference
    drawn = model.at(model.sample(np.random.default_rng(3), draws))
    found = {one.strategy: one for one in drawn.strategies}
    increment = Increment.between(found[new], found[old])
    assert increment.ratio(increment.price_at(20_000)) == pytest.approx(20_000)


def test_every_model_folder_is_described():
    readme = Path(ROOT / "examples" / "README.md").read_text("utf-8")
    for folder in MODELS.iterdir():
        assert f"`{folder.name}`" in readme
