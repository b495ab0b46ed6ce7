"""The verifier in JavaScript finds in every bundle what the one in Python finds."""

import base64
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing.evidence import examine_files
from tests.bidding.sealing.evidence_cases import CASES, files_of
from tests.bidding.sealing.evidence_material import play
from tests.bidding.sealing.test_browser_twin import run_node
from tests.bidding.sealing.test_evidence import BUREAU, FILES, FLIPPED, VECTORS
from tests.house_rules import ROOT

SCRIPT = ROOT / "tests" / "bidding" / "sealing" / "browser_verify.mjs"


def in_browser(*bundles, bureau=BUREAU):
    """Let the browser's verifier examine bundles."""
    cases = [
        {name: base64.b64encode(content).decode() for name, content in files} for files in bundles
    ]
    key = None if bureau is None else base64.b64encode(bureau).decode()
    said = run_node(SCRIPT, asked=json.dumps({"bureau_key": key, "cases": cases}))
    assert not any("error" in one for one in said if isinstance(one, dict)), said
    return said


def counted(findings):
    """Findings without their words and order."""
    return Counter(
        (one["about"], one["outcome"], one["blame"], one["party"])
        if isinstance(one, dict)
        else (one.about, one.outcome.value, one.blame and one.blame.value, one.party)
        for one in findings
    )


@pytest.fixture(scope="module")
def twin():
    """What the browser's verifier finds in each case."""
    return dict(zip(CASES, in_browser(*(files_of(VECTORS, name) for name in CASES)), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_both_find_the_same_in_every_case(twin, name):
    assert counted(twin[name]) == counted(examine_files(files_of(VECTORS, name), bureau_key=BUREAU))


@pytest.mark.parametrize("name", CASES)
def test_the_twin_names_who_is_at_fault_where_nothing_is_to_be_evaluated(twin, name):
    named = {(one["blame"], one["party"]) for one in twin[name] if one["outcome"] == "fails"}
    assert named == (frozenset() if name == "other-report" else CASES[name][1])


def test_both_say_it_in_the_same_words(twin):
    ours = examine_files(files_of(VECTORS, "valid"), bureau_key=BUREAU)
    assert Counter((one["zh"], one["en"]) for one in twin["valid"]) == Counter(
        (one.zh, one.en) for one in ours
    )


@given(st.data())
@settings(max_examples=4, deadline=None)
def test_both_reject_the_same_bits(data):
    bundles = []
    for _ in range(30):
        name = data.draw(st.sampled_from(FLIPPED))
        content = bytearray(FILES[name])
        at = data.draw(st.integers(0, len(content) * 8 - 1))
        content[at // 8] ^= 1 << (at % 8)
        bundles.append(list({**FILES, name: bytes(content)}.items()))
    for files, said in zip(bundles, in_browser(*bundles), strict=True):
        assert counted(said) == counted(examine_files(files, bureau_key=BUREAU))


def test_without_the_bureaus_key_both_say_so():
    files = files_of(VECTORS, "valid")
    (said,) = in_browser(files, bureau=None)
    assert counted(said) == counted(examine_files(files))


def test_loose_documents_are_examined_alike():
    loose = [(name, FILES[name]) for name in ("manifest.json", "receipt.json", "log.json")]
    (said,) = in_browser(loose)
    assert counted(said) == counted(examine_files(loose, bureau_key=BUREAU))


def test_the_twin_accuses_nobody_for_a_suite_that_it_does_not_know():
    files = dict(play("sm-1").bundle())
    encoded = {name: base64.b64encode(content).decode() for name, content in files.items()}
    asked = json.dumps({"bureau_key": None, "cases": [encoded]})
    (said,) = run_node(SCRIPT, asked=asked)
    assert "this page knows intl-1 only" in said["error"]
