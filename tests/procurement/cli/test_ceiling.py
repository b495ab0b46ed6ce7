"""``jicai ceiling``: the price ceilings of a negotiation model."""

import json

import pytest

from tests.house_rules import ROOT

MODELS = ROOT / "examples" / "models"

SMALL = """
title = "a drug"
[negotiated]
name = "A"
price = 100
[population]
years = 2
size = 1000
[[treatment]]
name = "A"
share_with = 0.4
[[treatment]]
name = "B"
share_without = 1
share_with = {rest}
[[constraint]]
kind = "budget-cumulative"
cap = {cap}
"""


def parse(out):
    """One document; results of models are JSON numbers."""
    document, end = json.JSONDecoder().raw_decode(out)
    assert not out[end:].strip()
    return document


@pytest.fixture
def model(tmp_path):
    def write(*, rest="0.6", cap="80_000", more=""):
        file = tmp_path / "model.toml"
        file.write_text(SMALL.format(rest=rest, cap=cap) + more, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize(
    ("name", "constraint", "price"),
    [
        ("disease-x", "published-year-5", "28800.00"),
        ("hiv", "published-ratio", "2086.50"),
        ("sumatriptan", "published-ratio", "16.10"),
    ],
)
def test_published_results_return_their_published_prices(jicai, name, constraint, price):
    said = jicai("ceiling", MODELS / name, "--json", "--draws", "200")
    assert (said.status, said.err) == (0, "")
    found = {one["name"]: one for one in parse(said.out)["ceilings"]}[constraint]
    assert found["price"] == price
    assert found["put_back"]["holds"]
    assert found["put_back"]["fails_above"]


def test_a_published_model_has_the_keys_of_the_contract(jicai):
    document = parse(jicai("ceiling", MODELS / "hiv", "--json", "--draws", "500").out)
    outcomes = document["cost_effectiveness"]
    assert outcomes["strategies"]["mono"]["cost"] == pytest.approx(44663.45, abs=0.01)
    assert outcomes["increment"]["icer"] == pytest.approx(6275.956, abs=0.01)
    assert [row["status"] for row in outcomes["frontier"]] == ["frontier", "frontier"]
    assert document["evpi"] > 0
    assert {row["threshold"] for row in document["ceac"]} >= {0.0, 6275.956}
    assert {bar["result"] for bar in document["tornado"]} >= {"icer", "ceiling"}
    assert document["uncertainty"]["icer"]["q025"] < document["uncertainty"]["icer"]["q975"]


def test_two_runs_with_one_seed_are_equal_byte_for_byte(jicai):
    asked = ("ceiling", MODELS / "hiv", "--json", "--draws", "300", "--seed", "5")
    assert jicai(*asked).out == jicai(*asked).out
    assert jicai(*asked).out != jicai(*asked[:-1], "6").out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_read_the_ceilings_and_what_binds(jicai, language):
    said = jicai("ceiling", MODELS / "disease-x", "--draws", "200", "--lang", language)
    assert (said.status, said.err) == (0, "")
    (line,) = (line for line in said.out.splitlines() if line.startswith("five-years "))
    assert "22,452.43" in line
    assert {"zh": "起约束作用", "en": "binding"}[language] in line
    assert "population.funnel.prevalence" in said.out


def test_people_read_why_there_is_no_ceiling(jicai, model):
    file = model(cap="-5")
    english = jicai("ceiling", file, "--lang", "en")
    assert english.status == 0
    assert "it fails even at a price of 0" in english.out
    document = parse(jicai("ceiling", file, "--json").out)
    assert document["ceiling"] is None
    (found,) = document["ceilings"]
    assert found["price"] is None
    assert found["cause"] == "too-dear-free"
    assert "0" in found["why"]


def test_a_single_file_is_a_model_too(jicai, model):
    document = parse(jicai("ceiling", model(), "--json").out)
    assert document["ceiling"] == "100.00"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rest": "0.57"}, "0.97"),
        ({"cap": "[1, 2, 3]"}, "expected 2"),
        ({"more": "[elasticity]\nvalue = 0.5\n"}, "value"),
        ({"more": '[[constraint]]\nkind = "icer"\nthreshold = 5\n'}, "cost_effectiveness"),
        ({"more": '[[constraint]]\nkind = "price"\n'}, "budget-every-year"),
        ({"more": "[managed_entry]\nrefund = 1\n"}, "unknown key"),
        ({"more": '[combination]\npolicy = "mean"\n'}, "strict-min"),
    ],
)
def test_a_bad_model_ends_with_its_faults(jicai, model, change, said):
    faults = jicai("ceiling", model(**change), "--json").faults
    assert any(said in fault for fault in faults)


def test_every_fault_of_a_model_is_one_line(jicai, model):
    more = '[[constraint]]\nkind = "price"\n[managed_entry]\nrefund = 1\n'
    assert len(jicai("ceiling", model(rest="0.5", more=more)).faults) == 3


def test_a_model_that_is_not_there_is_refused(jicai, tmp_path):
    (fault,) = jicai("ceiling", tmp_path / "nothing").faults
    assert "nothing" in fault


@pytest.mark.parametrize("draws", ["-1", "many", "1.5", "9999999999"])
def test_a_bad_number_of_draws_is_refused(jicai, model, draws):
    assert jicai("ceiling", model(), "--draws", draws).status == 2
