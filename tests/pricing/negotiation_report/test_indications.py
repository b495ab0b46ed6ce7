"""Several indications under one price, each in a file of its own."""

import json
from decimal import Decimal

import numpy as np
import pytest

from pricing.faults import ModelFaultsError
from pricing.model_file import parse_model, read_model
from pricing.negotiation_report import Runs
from tests.pricing.negotiation_report.test_run import document_of, ran

WHOLE = """
title = "a drug of two indications"
[negotiated]
price = 100
[[indication]]
name = "first line"
model = "first.toml"
[[indication]]
name = "second line"
model = "second.toml"
[[constraint]]
kind = "budget-every-year"
cap = 50_000
[[constraint]]
kind = "icer"
threshold = 1000
[[constraint]]
name = "blend"
kind = "icer"
threshold = 1000
indications = "blend"
[uncertain]
"negotiated.price" = { distribution = "lognormal", mean = 100, cv = 0.1 }
"""

PART = """
title = "{title}"
[negotiated]
name = "A"
price = 1
[population]
years = 2
size = {size}
[[treatment]]
name = "A"
units_a_year = 2
share_with = 0.5
[[treatment]]
name = "B"
price = 10
share_without = 1
share_with = 0.5
[cost_effectiveness]
kind = "tree"
reference = "old"
negotiated = "new"
[cost_effectiveness.strategy.old]
nodes = "old.csv"
[cost_effectiveness.strategy.new]
nodes = "{nodes}"
[uncertain]
"population.size" = {{ distribution = "lognormal", mean = {size}, cv = 0.2 }}
"""

HEAD = "node,parent,probability,cost,effect,negotiated_units\n"


def files(**changes):
    texts = {
        "model": WHOLE,
        "first": PART.format(title="first", size=400, nodes="good.csv"),
        "second": PART.format(title="second", size=600, nodes="poor.csv"),
    } | changes
    tables = {"old": "0,0", "good": "0.5,2", "poor": "0.1,1"}
    tables = {name: f"{HEAD}root,,1,0,{row}\n" for name, row in tables.items()}
    return {f"{name}.toml": text.encode() for name, text in texts.items()} | {
        f"{name}.csv": text.encode() for name, text in tables.items()
    }


@pytest.fixture(scope="module")
def report():
    return ran(parse_model(files()), draws=2000, seed=4)


def test_the_budget_of_all_indications_meets_one_cap(report):
    # 200 and 300 patients, two units each, in place of a drug of ten yuan.
    assert report.base.ceilings[0].price == Decimal("55.00")
    joint = report.budget_impact["base"]
    assert joint.impact[:, 0] == pytest.approx([95_000, 95_000])
    assert set(joint.patients) == {
        f"{line} line: {drug}" for line in ("first", "second") for drug in "AB"
    }


def test_the_poorer_indication_binds_unless_they_are_blended(report):
    worth, blend = report.base.ceilings[1:]
    assert worth.price == Decimal("100.00")
    assert worth.binding_part == "second line: old"
    assert blend.price == Decimal("160.00")


def test_the_one_price_takes_the_place_of_each_file_s_own(report):
    by_name = {one.name: one for one in report.indications}
    assert by_name["first line"].cost_effectiveness.increment.cost == 200
    assert by_name["second line"].cost_effectiveness.increment.cost == 100
    assert report.cost_effectiveness is None


def test_each_indication_is_drawn_for_itself_and_the_price_once_for_all(report):
    runs = Runs(parse_model(files()), 500, 1)
    inputs = runs.sampled().inputs
    sizes = [inputs[f"indication.{name} line.population.size"] for name in ("first", "second")]
    assert abs(np.corrcoef(sizes[0], sizes[1])[0, 1]) < 0.2
    factors = [budget.price_factor for budget in runs.sampled().basis.budgets]
    assert np.array_equal(factors[0], factors[1])
    assert factors[0].std() == pytest.approx(0.1, rel=0.2)
    assert {bar.input for bar in report.tornado["impact"]} == {
        "negotiated.price",
        "indication.first line.population.size",
        "indication.second line.population.size",
    }


def test_the_document_shows_the_whole_and_each_indication(report):
    document = document_of(report)
    json.dumps(document, allow_nan=False)
    assert document["cost_effectiveness"] is None
    first = document["indications"]["first line"]
    assert first["budget_impact"]["impact"] == pytest.approx([38_000, 38_000])
    assert document["uncertainty_of_indications"]["first line"]["ceac"]
    assert document["uncertainty"]["impact"][0]["mean"] == pytest.approx(95_000, rel=0.05)


def test_the_digest_covers_every_file():
    digest = parse_model(files()).digest
    other = files(second=PART.format(title="second", size=601, nodes="poor.csv"))
    assert parse_model(other).digest != digest
    changed = files()
    changed["poor.csv"] = changed["poor.csv"].replace(b"0.1", b"0.2")
    assert parse_model(changed).digest != digest


def test_a_folder_with_indications_is_read_from_the_disk(tmp_path):
    for name, content in files().items():
        (tmp_path / name).write_bytes(content)
    assert [one.name for one in read_model(tmp_path).indications] == ["first line", "second line"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": WHOLE.replace("first.toml", "third.toml")}, "model.toml:7.*there is no 'third"),
        ({"model": WHOLE.replace("first.toml", "model.toml")}, "expected another .toml file"),
        ({"model": WHOLE.replace("second line", "first line")}, "given twice"),
        ({"model": WHOLE + "[population]\nyears = 1\nsize = 1\n"}, "beside \\[\\[indication"),
        ({"second": PART.format(title="x", size=-1, nodes="poor.csv")}, "second.toml:8"),
        (
            {
                "second": PART.format(title="x", size=1, nodes="poor.csv").replace(
                    "= 2\ns", "= 3\ns"
                )
            },
            "models of 2, 3 years",
        ),
        (
            {"second": PART.format(title="x", size=1, nodes="poor.csv") + "[managed_entry]\n"},
            "expected them in model.toml only",
        ),
    ],
)
def test_a_bad_indication_is_named_with_its_file(changes, said):
    with pytest.raises(ModelFaultsError, match=said):
        parse_model(files(**changes))
