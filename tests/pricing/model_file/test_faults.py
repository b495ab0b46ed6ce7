"""Every fault of a model: file, line, column, what was found and what was expected."""

import pytest

from pricing.faults import ModelFaultsError
from pricing.model_file import parse_model, read_model
from tests.pricing.model_file.samples import BUDGET, COHORT, COHORT_TABLES, changed, faults, files

A_SHARE = "share_with = 0.5\n[[treatment]]"


def test_the_samples_have_no_faults():
    assert faults(BUDGET) == []
    assert faults(COHORT, COHORT_TABLES) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        (A_SHARE, A_SHARE.replace("5", "4"), "27:14: treatment.A.share_with", "sums to 0.9: exp"),
        ("share_without = 1", "share_without = 1.2", "31:17: treatment.B", "a share of 1.2"),
        ("price = 40", "price = -40", "30:9: treatment.B.price", "a price of -40"),
        ("offset = 10", "offset = -10", "25:10: treatment.A.offset", "a cost of -10"),
        ("price = 40", 'price = "zz * 2"', "30:10: treatment.B.price", "unknown name zz"),
        ("price = 40", 'price = "2 * zz"', "30:14: treatment.B.price", "unknown name zz"),
        ("price = 40", "pric = 40", "30:8: treatment.B.pric", "did you mean price?"),
        ("price = 40", "price = [40]", "30:9: treatment.B.price", "year 2 is missing"),
        ("price = 40", "price = inf", "30:9: treatment.B.price", "expected a finite number"),
        ("price = 40", "price = true", "30:9: treatment.B.price", "'True': expected a number"),
        ("price = 40", 'price = "1/0"', "30:9: treatment.B.price", "a price of no number"),
        ("price = 40", 'price = "rr"', "30:9: treatment.B.price", "a plain number: expected money"),
        ("price = 40", 'price = "visit + rr"', "30:9", "adds CNY and a plain number"),
        (
            "0.5, treated",
            '"visit", treated',
            "16:25: population.funnel.prevalence",
            "is CNY: expec",
        ),
        ("0.2 }", "1.2 }", "16:40: population.funnel.treated", "a part of 1.2"),
        ('unit = "ratio"', 'unit = "probability"\n', "", ""),
        ("price = 40", 'price = "80 * rr"', "", ""),
        ("value = 0.5", "value = 1.5\nunit2 = 1", "8:9: parameter.rr.unit2", "unknown key"),
        (
            'value = 0.5\nunit = "ratio"',
            'value = 2\nunit = "probability"',
            "7:9",
            "a probability of 2",
        ),
        ('value = 20\nunit = "yuan', 'value = "rr"\nunit = "yuan', "10:9", "its unit says CNY"),
        ('other_cost = "2 * visit"', 'other_cost = "exp(visit)"', "24:14", "takes exp of CNY"),
        ("growth = 0.1", "growth = -1", "15:10: population.growth", "above -1"),
        ("years = 2\n", "years = 0\n", "13:9: population.years", "a whole number, 1–100"),
        ("payment_ratio = 0.75", "payment_ratio = 75", "21:17: fund", "a part of 75"),
        ('curve = "linear"', 'curve = "sigmoid"', "18:9: uptake.curve", "linear | step |"),
        ("years_to_full = 2", "years_to_full = 0", "19:17: uptake", "a number above 0"),
        ("years_to_full = 2", 'years_to_full = "(2"', "19:20: uptake", "expected )"),
        ("A = 0.8", "A = 0.9", "34:5: scenario.high.share_with.A", "in scenario high: share_with"),
        ("A = 0.8", "Q = 0.8", "34:5: scenario.high.share_with.Q", "'share_with.Q' is no input"),
        ("A = 0.8", 'A = "-1"', "34:5: scenario.high", "in scenario high"),
        (
            "se = 0.05",
            "se = 0.6",
            "40:34: uncertain",
            "a beta distribution of mean 0.5 cannot reach",
        ),
        ("mean = 0.5,", "mean = 1.5,", "40:66: uncertain", "between 0 and 1"),
        ("beta", "bета", "40:51: uncertain", "expected normal | lognormal"),
        (
            '"beta", mean = 0.5, se = 0.05',
            '"uniform", min = 0.9, max = 1.1',
            "40:34",
            "beyond a part",
        ),
        ('funnel.prevalence"', 'funnel.prev"', "40:28: uncertain", "is no input"),
        ("cap = 5000", 'cap = "rr"', "38:7: constraint.0.cap", "a plain number: expected money"),
        ("cap = 5000", "cap = [1]", "38:7: constraint.0.cap", "expected 2"),
        ("cap = 5000", "capp = 5000", "38:8: constraint.0.capp", "unknown key"),
        ("cap = 5000", 'cap = "qq"', "38:8: constraint.0.cap", "unknown name qq"),
        ('"budget-every-year"', '"budget"', "37:8: constraint.0.kind", "budget-every-year"),
        ('title = "a drug"', 'title "a"', "1:7", "is not TOML"),
        ('title = "a drug"', "", "1:1: title", "is missing"),
        ('name = "A"\nprice', 'name = "Z"\nprice', "22:1: treatment", "none is named Z"),
        ('name = "B"', 'name = "A"', "29:8: treatment.1.name", "is there twice"),
        ("[fund]", "[funds]", "20:1: funds", "did you mean fund?"),
        ("price = 100", "", "2:1: negotiated.price", "is missing"),
    ],
)
def test_a_fault_of_the_model_is_named_at_its_place(old, new, place, words):
    found = faults(changed(BUDGET, (old, new)))
    if not words:
        assert found == []
        return
    matching = [fault for fault in found if words in fault]
    assert matching, found
    assert matching[0].startswith(f"model.toml:{place}"), found


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [
        (
            "new.csv",
            "0.6\n,well,ill,0.3",
            "0.6\n,well,ill,0.27",
            "5: probability",
            "0.97: expected 1 (off by -0.03)",
        ),
        ("new.csv", "ill,dead,0.5", "ill,dead,1.5", "9: probability", "a probability of 1.5"),
        ("new.csv", "1,well,dead,0.1", "1,well,dead,0.9", "3: probability", "leaves -0.05 for C"),
        ("new.csv", "1,well,dead,0.1", "1,well,dead,C", "4: probability", "a second C"),
        ("new.csv", "1,well,dead,0.1", "1,well,dead,", "4: probability", "is empty"),
        ("new.csv", "1,well,dead", "0,well,dead", "4: cycle", "'0': expected a cycle from 1"),
        ("new.csv", "1,well,dead", "1,wel,dead", "4: from", "'wel': expected a state: well, ill"),
        ("new.csv", "1,well,dead", "1,well,ill", "4: probability", "is given twice"),
        ("new.csv", "rr * old", "qq * old", "3: probability", "unknown name qq"),
        ("new.csv", "rr * old", "rr * * old", "3: probability", "has '*' at character 6"),
        ("new.csv", "0.3\n", "0.3,1\n", "6:5", "has 5 cells: expected 4"),
        ("new.csv", "probability\n", "chance\n", "1:1", "has no column probability"),
        ("cost.csv", "2,ill,80", "2,ill,-80", "4: value", "a cost of -80"),
        ("cost.csv", "2,ill,80", "2,sick,80", "4: state", "'sick': expected a state"),
        ("counts.csv", "ill,ill,1\nill,dead,1", "ill,ill,0\nill,dead,0", "5: count", "are 0"),
        ("counts.csv", "well,well,6", "well,well,-6", "2: count", "a count of -6"),
        ("counts.csv", "well,well,6", "well,well,1e999", "2: count", "a count of no number"),
    ],
)
def test_a_fault_of_a_table_is_named_at_its_cell(file, old, new, place, words):
    tables = {**COHORT_TABLES, file: changed(COHORT_TABLES[file], (old, new))}
    found = faults(COHORT, tables)
    matching = [fault for fault in found if words in fault]
    assert matching, found
    assert matching[0].startswith(f"{file}:{place}"), found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('reference = "old"', 'reference = "older"', "'older': expected old, new"),
        ('states = ["well"', 'states = ["well", "well"', "a state is there twice"),
        ("start = { well = 1 }", "start = { well = 0.5, ill = 0.4 }", "adds up to 0.9"),
        ("start = { well = 1 }", "start = { wel = 1 }", "did you mean well?"),
        ("cost = { well = 10", "cost = { wall = 10", "did you mean well?"),
        ('counts = "counts.csv"', 'counts = "count.csv"', "there is no file 'count.csv'"),
        ('counts = "counts.csv"', 'counts = "../counts.csv"', "there is no file"),
        ('counts = "counts.csv"', "", "is missing: expected the name of a table"),
        ("one_off_cost = 7", "one_off_cost = -7", "a cost of -7"),
        ("cycles = 3", "cycles = 0", "expected a whole number"),
        ('count = "end"', 'count = "ends"', "'ends': expected"),
        ("discount_cost = 0.03", "discount_cost = -1", "above -1"),
        (
            "[parameter.rr]\nvalue = 0.5",
            '[parameter.rr]\nvalue = "ss"\n[parameter.ss]\nvalue = "2 * rr"',
            "circular: parameter.rr → parameter.ss → parameter.rr",
        ),
        ("[parameter.rr]", "[parameter.exp]\nvalue = 1\n[parameter.rr]", "not exp or log"),
    ],
)
def test_a_fault_of_a_cohort_is_named(old, new, words):
    found = faults(changed(COHORT, (old, new)), COHORT_TABLES)
    assert any(words in fault for fault in found), found


def test_a_count_that_is_no_number_spoils_only_what_names_it():
    tables = {**COHORT_TABLES, "counts.csv": changed(COHORT_TABLES["counts.csv"], (",6", ",six+"))}
    found = faults(COHORT, tables)
    assert [fault.split(": ")[0] for fault in found] == ["counts.csv:2"]


def test_every_fault_is_found_at_once_and_in_the_order_of_the_files():
    broken = changed(
        BUDGET,
        ("growth = 0.1", "growth = -2"),
        ("price = 40", "price = -40"),
        ("offset = 10", 'offset = "q"'),
        ("cap = 5000", "kap = 1"),
    )
    found = faults(broken)
    lines = [int(fault.split(":")[1]) for fault in found]
    assert lines == sorted(lines)
    assert {15, 25, 30, 38} <= set(lines)


def test_a_model_of_nothing_is_refused():
    found = faults('title = "x"\n[negotiated]\nprice = 1\n')
    assert any("neither [population] nor [cost_effectiveness]" in fault for fault in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a = " + "[" * 3000 + "]" * 3000,
        ".".join(["a"] * 40) + " = 1",
        "a = 1" + "0" * 5000,
        "a=\x00",
        "constraint = [{ kind = " + "[" * 330 + "]" * 330 + " }]",
        "scenario.a = " + "{ a = " * 300 + "1" + " }" * 300,
        "constraint = [{ kind = " + "[" * 330 + "]" * 330 + " }]",
        "scenario.a = " + "{ a = " * 300 + "1" + " }" * 300,
    ],
)
def test_any_bad_file_is_refused_with_faults_and_nothing_else(text):
    assert faults(text)


def test_a_file_that_is_not_utf_8_is_refused():
    with pytest.raises(ModelFaultsError, match="is not UTF-8"):
        parse_model({"model.toml": "标题".encode("gb18030")})
    with pytest.raises(ModelFaultsError, match=r"counts\.csv: is not UTF-8"):
        parse_model({**files(COHORT, COHORT_TABLES), "counts.csv": "表".encode("gb18030")})


def test_a_missing_model_is_refused(tmp_path):
    with pytest.raises(ModelFaultsError, match="is missing: expected a model"):
        read_model(tmp_path)
    with pytest.raises(ModelFaultsError, match="is missing: expected a model"):
        read_model(tmp_path / "no.toml")
