"""A bundle of evidence repeats a round, and whatever is wrong in it has a name."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing.evidence import Blame, Outcome, examine_files
from bidding.sealing.evidence.index import NAME
from procurement.publication.evidence.again import evaluate_again
from tests.bidding.sealing.evidence_cases import CASES, FILE, files_of, played, relisted, vectors
from tests.bidding.sealing.evidence_material import play
from tests.bidding.sealing.test_specification import WORDS, names_in

VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
BUREAU = base64.b64decode(VECTORS["bureau_key"])


def examined(files):
    return examine_files(files, bureau_key=BUREAU, evaluate_again=evaluate_again)


def named(findings):
    """Return who is at fault, by what fails."""
    failing = [one for one in findings if one.outcome is Outcome.FAILS]
    assert all(one.blame not in (None, Blame.UNKNOWN) for one in failing)
    return {(one.blame.value, one.party) for one in failing}


def test_the_vectors_are_those_that_were_written():
    assert vectors() == VECTORS


@pytest.mark.parametrize("name", CASES)
def test_each_case_names_who_is_at_fault(name):
    assert named(examined(files_of(VECTORS, name))) == CASES[name][1]


def test_a_valid_bundle_leaves_only_the_keys_of_bidders_open():
    findings = examined(files_of(VECTORS, "valid"))
    assert {one.about for one in findings if one.outcome is Outcome.UNCHECKED} == {"envelopes"}
    assert any(one.about.startswith("evaluation") for one in findings)


FILES = dict(files_of(VECTORS, "valid"))
FLIPPED = sorted(FILES)


@given(st.sampled_from(FLIPPED), st.data())
@settings(max_examples=120, deadline=None)
def test_a_bit_that_changes_anywhere_is_rejected_and_nobody_is_accused_wrongly(name, data):
    content = bytearray(FILES[name])
    at = data.draw(st.integers(0, len(content) * 8 - 1))
    content[at // 8] ^= 1 << (at % 8)
    files = {**FILES, name: bytes(content)}
    assert named(examined(list(files.items()))) == {("presenter", "")}


SIGNED = ("receipt.json", "proof.json", "opening.json", "report.json", "sheet.json", "letter.json")


@given(st.sampled_from(SIGNED), st.data())
@settings(max_examples=80, deadline=None)
def test_a_bit_that_the_server_changed_before_it_signed_convicts_it(name, data):
    content = bytearray(FILES[name])
    at = data.draw(st.integers(0, len(content) * 8 - 1))
    content[at // 8] ^= 1 << (at % 8)
    changed = {file: one for file, one in FILES.items() if file != NAME} | {name: bytes(content)}
    assert named(examined(played().bundle(changed))) == {("server", "")}


def test_a_letter_given_beside_the_bundle_is_compared_with_its_report():
    letter = FILES["letter.json"]
    whole = [(f"bundle.zip/{name}", one) for name, one in relisted(letter=None)]
    assert named(examined([*whole, ("letter.json", letter)])) == set()
    forged = letter.replace("丁药业".encode(), "甲药业".encode())
    assert forged != letter or "戊药业".encode() in letter
    changed = letter.replace(b'"rank":', b'"rank":1')
    assert named(examined([*whole, ("letter.json", changed)])) == {("presenter", "")}


def test_a_bundle_of_another_bureau_is_not_believed():
    findings = examine_files(
        files_of(VECTORS, "valid"), bureau_key=bytes(32), evaluate_again=evaluate_again
    )
    assert named(findings) == {("presenter", "")}
    assert not any(
        one.about.startswith("report") and one.outcome is Outcome.HOLDS for one in findings
    )


def test_every_field_of_the_bundle_is_specified():
    documents = [json.loads(content) for content in FILES.values()]
    assert names_in(documents) <= WORDS | {"type", "signature"}


def test_a_bundle_of_national_cryptography_verifies_alike():
    round_ = play("sm-1")
    findings = examine_files(
        round_.bundle(), bureau_key=round_.party.bureau.public, evaluate_again=evaluate_again
    )
    assert named(findings) == set()
    assert any(one.about.startswith("evaluation") for one in findings)
