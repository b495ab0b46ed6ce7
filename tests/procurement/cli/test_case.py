"""``jicai case``: every published case, and what is said of bad files."""

import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.cli import main
from procurement.settings import resource_folder
from tests.procurement.cli.shapes import assert_shape

NEGOTIATION = (
    "bia01_htabim_disease_x",
    "bia03_ivabradine_china2019",
    "bia04_ctp10_eu28",
    "bia05_erlotinib_danese2008",
    "cea01_hiv_chancellor1997",
    "cea03_sick_sicker_darth",
    "cea04_sumatriptan_evans1997",
    "cea05_tegaderm_jenks2016",
    "cea07_icer_frontier",
    "cea08_evpi_closed_form",
    "cea10_hiv_psa_briggs47",
    "nrdl01_simple_renewal_2022_2024",
)

SETTLEMENT = ("payment_standard",)
"""Files of cases with exact decimals that have a kind by now."""

KNOWN = {"saving_3y_meur_sum_of_shares"}
"""Published figures that nobody reproduces."""

EXAMPLE = resource_folder("examples") / "cases" / "lamivudine.json"

RESULT = {
    "case": str,
    "name": str,
    "expected": (int, float),
    "computed": (int, float, None),
    "tolerance": (int, float),
    "tolerance_kind": str,
    "within": bool,
    "known_mismatch": bool,
    "status": str,
    "provenance": (str, None),
    "why": (str, None),
}
DOCUMENT = {"cases": [RESULT], "within": int, "known_mismatches": int, "mismatches": int}


def document(jicai, file, *, status=0):
    said = jicai("case", file, "--json")
    assert (said.status, said.err) == (status, "")
    found = json.loads(said.out)
    assert_shape(found, DOCUMENT)
    return found


def computed(jicai, file):
    return {one["name"]: one["computed"] for one in document(jicai, file, status=1)["cases"]}


def changed(tmp_path, source, **inputs):
    """A copy of a case with other inputs."""
    case = json.loads(source.read_text("utf-8"))
    case["inputs"] |= inputs
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(case), "utf-8")
    return file


def test_no_published_case_is_left_out(shared):
    names = {path.stem for path in (shared / "cases" / "negotiation").glob("*.json")}
    assert names == set(NEGOTIATION)


@pytest.mark.parametrize("name", NEGOTIATION)
def test_a_published_case_is_reproduced(jicai, shared, name):
    file = shared / "cases" / "negotiation" / f"{name}.json"
    results = document(jicai, file)["cases"]
    assert {one["name"] for one in results if not one["within"]} <= KNOWN
    assert all(one["known_mismatch"] for one in results if not one["within"])
    assert len(results) == len(json.loads(file.read_text("utf-8"))["expected"])


@pytest.mark.parametrize("name", SETTLEMENT)
def test_exact_decimals_are_compared_exactly_and_printed_as_strings(jicai, shared, name):
    said = jicai("case", shared / "cases" / "settlement" / f"{name}.json", "--json")
    results = json.loads(said.out)["cases"]
    assert said.status == 0
    assert all(one["within"] for one in results)
    assert all(isinstance(one["computed"], str) for one in results)


def test_people_read_a_table_in_their_language(jicai):
    chinese, english = jicai("case", EXAMPLE), jicai("case", EXAMPLE, "--lang", "en")
    assert "相符 15，已知不符 0，不符 0" in chinese.out
    assert "15 within tolerance, 0 known mismatches, 0 mismatches" in english.out
    assert "price_at_wtp_eq_published_icer" in english.out


def test_a_known_mismatch_is_said_to_be_known(jicai, shared):
    file = shared / "cases" / "negotiation" / "bia04_ctp10_eu28.json"
    said = jicai("case", file, "--lang", "en")
    assert said.status == 0
    assert "known mismatch" in said.out
    assert document(jicai, file)["known_mismatches"] == 1


def test_results_follow_the_inputs_and_not_the_file(jicai, tmp_path):
    plain = {one["name"]: one["computed"] for one in document(jicai, EXAMPLE)["cases"]}
    dearer = computed(jicai, changed(tmp_path, EXAMPLE, cost_lamivudine=4173.0))
    assert dearer["d_cost"] - plain["d_cost"] == pytest.approx(
        2086.5 * plain["price_slope_d_cost_per_unit_price"]
    )
    assert dearer["max_price_wtp_20000"] == pytest.approx(plain["max_price_wtp_20000"])
    shorter = computed(jicai, changed(tmp_path, EXAMPLE, cycles=10))
    assert shorter["ly_mono"] < plain["ly_mono"]


def test_an_unknown_mismatch_ends_with_status_1(jicai, tmp_path):
    found = document(jicai, changed(tmp_path, EXAMPLE, rr_comb=0.6), status=1)
    assert found["mismatches"] > 0


def test_a_result_that_the_kind_does_not_have_is_a_mismatch_with_the_reason(jicai, tmp_path):
    case = json.loads(EXAMPLE.read_text("utf-8"))
    case["expected"] = [{"name": "price_of_gold", "value": 1}]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case), "utf-8")
    (result,) = document(jicai, file, status=1)["cases"]
    assert result["computed"] is None
    assert result["why"].startswith("no result of this name: expected one of cost_mono")


def test_a_file_may_hold_several_cases(jicai, tmp_path):
    case = json.loads(EXAMPLE.read_text("utf-8"))
    for several in ([case, case], {"title": "two", "cases": [case, case]}):
        file = tmp_path / "cases.json"
        file.write_text(json.dumps(several), "utf-8")
        assert document(jicai, file)["within"] == 30


@pytest.mark.parametrize("results", [{"d_ly": {"value": 0.9461822, "tol": 1e-6}}, {"d_ly": 1}])
def test_results_may_be_given_by_name(jicai, tmp_path, results):
    case = json.loads(EXAMPLE.read_text("utf-8"))
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case | {"expected": results}), "utf-8")
    is_exact = results == {"d_ly": 1}
    (result,) = document(jicai, file, status=int(is_exact))["cases"]
    assert result["within"] is not is_exact


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1, column 2: Expecting property name"),
        ("[1]", "expected a JSON object with id, kind, inputs and expected"),
        ("[]", "expected a JSON object with id, kind, inputs and expected"),
        ('{"id": "x", "kind": "voi"}', "x.inputs: expected a table"),
        ('{"id": "x", "kind": "payment_standard", "inputs": 1}', "x.inputs: expected a table"),
        ('{"id": "x", "inputs": {}}', "kind 'bad' is unknown: expected one of cea_markov"),
        ("[" * 100_000, "nested too deep"),
        (
            '{"id": "x", "kind": "payment_standard", "inputs": {"willingness": 1}}',
            "x.inputs: 'bids' (KeyError): expected the numbers of the question",
        ),
        (
            '{"kind": "cea_markov", "inputs": {"counts": {"A": [1], "B": [2]}}}',
            "inputs.counts: expected a column for each row, and one for death",
        ),
        (
            '{"kind": "voi", "inputs": {"inb_mean": "1/0", "inb_sd": 1}}',
            "inputs.inb_mean: is '1/0': expected a number",
        ),
        (
            '{"kind": "cea_markov", "inputs": {"counts": {}}, "expected": [{"value": "a"}]}',
            "expected.1.value: is 'a': expected a number",
        ),
        (
            '{"kind": "savings", "inputs": {}, "expected": []}',
            "kind 'savings' is unknown: expected one of cea_markov, cea_tree, cost_tree",
        ),
        (
            '{"kind": "cea_markov", "inputs": {}, "expected": []}',
            "inputs: expected counts, or rates",
        ),
        (
            '{"kind": "cea_tree", "inputs": {"c": {}, "u": {}, "p": {}}, "expected": []}',
            "inputs.p.norec_suma: is missing: expected a number",
        ),
        (
            '{"kind": "psa", "inputs": {"base": "cea99"}, "expected": []}',
            "inputs.base: 'cea99': expected the file of that case beside this one",
        ),
    ],
)
def test_a_bad_file_prints_its_faults_and_nothing_else(jicai, tmp_path, text, said):
    file = tmp_path / "bad.json"
    file.write_text(text, "utf-8")
    faults = jicai("case", file, "--json").faults
    assert any(said in fault for fault in faults)
    assert all(fault.startswith(f"{file}: ") for fault in faults)


def test_a_missing_file_and_one_that_is_no_text_are_refused(jicai, tmp_path):
    assert "No such file" in jicai("case", tmp_path / "none.json").faults[0]
    file = tmp_path / "bytes.json"
    file.write_bytes(b"\xff\xfe{}")
    assert "byte 1 is not UTF-8" in jicai("case", file).faults[0]


def test_a_row_of_probabilities_that_cannot_be_is_a_fault_of_the_file(jicai, tmp_path):
    file = changed(tmp_path, EXAMPLE, rr_comb=5.0)
    faults = jicai("case", file).faults
    assert any(
        "strategy.comb.transitions: " in fault and "expected 0 to 1" in fault for fault in faults
    )


INPUTS = tuple(json.loads(EXAMPLE.read_text("utf-8"))["inputs"])
STRANGE: tuple[object, ...] = (
    None,
    "x",
    "1/0",
    -1,
    0,
    1e308,
    1e-320,
    [],
    {},
    [1],
    {"a": 1},
    True,
    float("nan"),
)


@given(st.sampled_from(INPUTS), st.sampled_from(STRANGE))
def test_whatever_stands_for_an_input_is_computed_or_refused(name, value):
    case = json.loads(EXAMPLE.read_text("utf-8"))
    case["inputs"][name] = value
    out, err = StringIO(), StringIO()
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(case, file)
        file.flush()
        with redirect_stdout(out), redirect_stderr(err):
            status = main(["case", file.name, "--json"])
    if status == 2:
        assert out.getvalue() == ""
        assert "Traceback" not in err.getvalue()
        assert err.getvalue()
    else:
        assert_shape(json.loads(out.getvalue(), parse_constant=pytest.fail), DOCUMENT)
