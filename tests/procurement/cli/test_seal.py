"""``jicai seal``, ``keys``, ``unseal``: a bid from its file to its opening, without a browser."""

import json
import os
import sys
from io import StringIO

import pytest

from bidding.sealing import (
    Envelope,
    Verdict,
    check_posting,
    check_reveal,
    check_submission,
    open_envelope,
    read_manifest,
    read_posting,
    read_reveal,
    read_submission,
    shares_of,
)
from tests.bidding.sealing.example import FOLDER, played

MANIFEST = FOLDER / "manifest.json"
BIDDER = FOLDER / "keys" / "bidder.json"
PASSPHRASE = ("--passphrase-file", FOLDER / "keys" / "passphrase.txt")
ROUND = read_manifest(MANIFEST.read_bytes())

BID = """\
lot,strength,declared_price,pack_units,pack_price,capacity,supplies
L01,10mg,0.41,,,9000000,10mg;20mg
L02,0.75g,,10,12.30,,
"""


@pytest.fixture
def seal(jicai, tmp_path):
    """Return a function that seals a bid from its text, with further arguments."""

    def run(bid=BID, *more, name="bid.csv", yes=True):
        file = tmp_path / name
        file.write_text(bid, encoding="utf-8")
        arguments = ("--key", BIDDER, *PASSPHRASE, "--bidder", "91310000EXAMPLE00A")
        written = ("--out", tmp_path / "envelope.json", "--secret", tmp_path / "secret.json")
        confirmed = ("--yes",) if yes else ()
        return jicai("seal", MANIFEST, file, *arguments, *written, *confirmed, *more)

    return run


def open_all(envelope, seats, jicai, tmp_path):
    """Unseal by the command line, and open."""
    file = tmp_path / "envelope.json"
    postings = []
    for seat in seats:
        said = jicai(
            "unseal",
            *(MANIFEST, file, "--key", FOLDER / "keys" / f"holder-{seat}.json", *PASSPHRASE),
        )
        assert (said.status, said.err) == (0, "")
        postings.append(read_posting(said.out.strip()))
        check_posting(postings[-1], ROUND)
    return open_envelope(ROUND, envelope, shares=shares_of(envelope, postings))


def test_a_bid_sealed_here_is_opened_by_the_holders(seal, jicai, tmp_path):
    said = seal()
    assert said.status == 0
    envelope = read_submission((tmp_path / "envelope.json").read_bytes())
    check_submission(envelope, ROUND, bidder_key=played().bidder("91310000EXAMPLE00A").public)
    opened = open_all(envelope, (1, 3), jicai, tmp_path)
    assert opened.verdict is Verdict.OPENED
    assert opened.bid is not None
    prices = [(line.lot, str(line.unit_price.shown)) for line in opened.bid.lines]
    assert prices == [("L01", "0.41"), ("L02", "1.23")]
    assert opened.bid.lines[0].supplies == ("10mg", "20mg")


@pytest.mark.parametrize(("language", "words"), [("zh", "最高有效申报价"), ("en", "ceiling")])
def test_amounts_are_shown_in_words_with_the_cut_before_sealing(seal, language, words):
    said = seal(BID, "--lang", language)
    assert "肆角壹分" in said.err
    assert "壹拾贰元叁角" in said.err
    assert "57.29 %" in said.err
    assert words in said.err


@pytest.mark.parametrize(("typed", "status"), [("yes\n", 0), ("YES\n", 0), ("no\n", 1), ("", 1)])
def test_nothing_is_sealed_without_a_yes(seal, tmp_path, monkeypatch, typed, status):
    monkeypatch.setattr(sys, "stdin", StringIO(typed))
    assert seal(yes=False).status == status
    assert (tmp_path / "envelope.json").exists() == (status == 0)
    assert (tmp_path / "secret.json").exists() == (status == 0)


def test_a_check_writes_nothing(seal, tmp_path):
    said = seal(BID, "--check")
    assert said.status == 0
    assert "肆角壹分" in said.out
    assert not (tmp_path / "envelope.json").exists()


def test_the_receipt_secret_can_be_read_by_its_owner_only(seal, tmp_path):
    seal()
    assert os.stat(tmp_path / "secret.json").st_mode & 0o077 == 0


def test_with_json_one_document_stands_on_standard_output(seal, tmp_path):
    said = seal(BID, "--json")
    document = json.loads(said.out)
    envelope = read_submission((tmp_path / "envelope.json").read_bytes())
    assert document["envelope"] == envelope.digest
    assert (document["version"], document["replaces"]) == (1, None)


def test_files_are_never_overwritten(seal):
    assert seal().status == 0
    (fault,) = seal().faults
    assert "envelope.json: exists already" in fault


def test_a_bid_is_replaced_and_withdrawn(seal, jicai, tmp_path):
    seal()
    first = read_submission((tmp_path / "envelope.json").read_bytes())
    (tmp_path / "envelope.json").rename(tmp_path / "first.json")
    (tmp_path / "secret.json").unlink()
    assert seal(BID, "--replaces", tmp_path / "first.json").status == 0
    second = read_submission((tmp_path / "envelope.json").read_bytes())
    assert (second.version, second.replaces) == (2, first.digest)
    arguments = ("--key", BIDDER, *PASSPHRASE, "--out", tmp_path / "withdrawal.json")
    withdrawn = jicai("seal", MANIFEST, "--withdraw", tmp_path / "envelope.json", *arguments)
    assert withdrawn.status == 0
    third = read_submission((tmp_path / "withdrawal.json").read_bytes())
    check_submission(third, ROUND)
    assert (third.version, third.replaces) == (3, second.digest)
    again = (*arguments[:-1], tmp_path / "other.json")
    twice = jicai("seal", MANIFEST, "--withdraw", tmp_path / "withdrawal.json", *again)
    assert "is no envelope" in twice.faults[0]


def test_the_content_key_is_revealed_from_the_receipt_secret(seal, jicai, tmp_path):
    seal()
    envelope = read_submission((tmp_path / "envelope.json").read_bytes())
    out = tmp_path / "reveal.json"
    said = jicai(
        "seal",
        *(MANIFEST, "--reveal", tmp_path / "secret.json", "--key", BIDDER, *PASSPHRASE),
        *("--out", out, "--json"),
    )
    assert json.loads(said.out)["digest"] == envelope.digest
    assert isinstance(envelope, Envelope)
    check_reveal(read_reveal(out.read_bytes()), envelope)


def test_json_is_read_like_csv(seal, jicai, tmp_path):
    document = {
        "lines": [
            {"lot": "L01", "strength": "10mg", "declared_price": "0.41"},
            {"lot": "L02", "strength": "0.75g", "pack_units": 10, "pack_price": "12.30"},
        ]
    }
    assert seal(json.dumps(document), name="bid.json").status == 0
    envelope = read_submission((tmp_path / "envelope.json").read_bytes())
    assert open_all(envelope, (2, 3), jicai, tmp_path).verdict is Verdict.OPENED


@pytest.mark.parametrize(
    ("bid", "faults"),
    [
        ("", ["bid.csv: is empty: expected a header with lot, strength"]),
        ("lot,strength,declared_price\n", ["bid.csv: has no line below its header"]),
        ("lot,price\nL01,1\n", ["'price': is not a column", "strength: the column is missing"]),
        (
            "lot,strength,declared_price\nL01,10mg,cheap\nL01,20mg,1.2.3\nL9,10mg,1\nL01,5mg,1\n",
            [
                "bid.csv:2: declared_price",
                "bid.csv:3: declared_price",
                "bid.csv:4: lot: 'L9' is not",
                "bid.csv:5: strength: '5mg' is not a strength of lot 'L01': expected one of 10mg",
            ],
        ),
        (
            "lot,strength,declared_price,pack_units,pack_price\n"
            "L01,10mg,,,\nL01,20mg,1,7,7\nL02,0.75g,,7,\n",
            [
                "bid.csv:2: declared_price: there is no",
                "bid.csv:3: declared_price: there are two",
                "bid.csv:4: pack_price: is empty",
            ],
        ),
        (
            "lot,strength,declared_price\nL01,10mg,0.5\nL01,10mg,0.6\n",
            ["bid.csv:3: strength: lot 'L01', '10mg' is there already"],
        ),
        (
            "lot,strength,declared_price,supplies\nL01,10mg,0.5,10mg;5mg\n",
            ["bid.csv:2: supplies: '5mg' is not a strength"],
        ),
        (
            "lot,strength,pack_units,pack_price\nL01,10mg,7,1.005\n",
            ["bid.csv:2: pack_price"],
        ),
    ],
)
def test_every_fault_of_a_csv_file_has_its_line(seal, tmp_path, bid, faults):
    said = seal(bid).faults
    assert len(said) == len(faults)
    for line, fault in zip(said, faults, strict=True):
        assert fault in line
        assert "expected" in line
    assert not (tmp_path / "envelope.json").exists()


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        ("{", ["bid: has another form: expected one JSON document"]),
        ('{"lines":[{"lot":"L01","strength":"10mg","declared_price":0.4}]}', ["as strings"]),
        ("{}", ["bid.lines: is empty"]),
        ('{"lines":[],"prices":[]}', ["bid.prices: has another form: expected no such field"]),
        (
            '{"lines":[{"lot":"L01"},{"lot":"L01","strength":"10mg"},'
            '{"lot":"L9","strength":"x","declared_price":"1"}]}',
            ["bid.lines[0].strength", "bid.lines[1]: has", "lot: 'L9' is not"],
        ),
        (
            '{"answers":[{"lot":"L01","question":"tie","answer":true}]}',
            ["bid.lines: is empty or not alone"],
        ),
        (
            '{"lines":[{"lot":"L01","strength":"10mg","pack_units":7,"pack_price":"1.005"}]}',
            ["pack_price: is finer than a cent"],
        ),
    ],
)
def test_every_fault_of_a_json_file_has_its_place(seal, document, faults):
    said = seal(document, name="bid.json").faults
    assert len(said) == len(faults)
    for line, fault in zip(said, faults, strict=True):
        assert fault in line


def test_a_price_above_its_ceiling_is_sealed_only_on_purpose(seal):
    above = "lot,strength,declared_price\nL01,10mg,0.97\n"
    (fault,) = seal(above).faults
    assert "above its ceiling: lot L01, 10mg" in fault
    said = seal(above, "--above-ceiling", "--lang", "en")
    assert said.status == 0
    assert "ABOVE by 1.04 %" in said.err


def test_a_wrong_passphrase_is_told_in_one_line(seal, tmp_path):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not the passphrase\n")
    (fault,) = seal(BID, "--passphrase-file", wrong).faults[-1:]
    assert "passphrase is wrong" in fault


@pytest.mark.parametrize(
    ("left_out", "named"),
    [("--key", "--key"), ("--bidder", "--bidder"), ("--out", "--out"), ("--secret", "--secret")],
)
def test_what_is_missing_is_named(jicai, tmp_path, left_out, named):
    (tmp_path / "bid.csv").write_text(BID)
    options = {
        "--key": BIDDER,
        "--bidder": "X",
        "--out": tmp_path / "e.json",
        "--secret": tmp_path / "s.json",
    }
    del options[left_out]
    given = [word for pair in options.items() for word in pair]
    said = jicai("seal", MANIFEST, tmp_path / "bid.csv", *given, *PASSPHRASE, "--yes")
    assert said.status == 2
    assert named in said.err.splitlines()[-1]


def test_without_a_bid_or_with_a_foreign_envelope_it_says_so(jicai, seal, tmp_path):
    assert "BID: is not given" in jicai("seal", MANIFEST).faults[0]
    other = played("sm-1").submissions[0].to_bytes().replace(b'"example"', b'"other"')
    (tmp_path / "foreign.json").write_bytes(other)
    (fault,) = seal(BID, "--replaces", tmp_path / "foreign.json").faults
    assert "is of another round" in fault


def test_a_manifest_that_the_bureau_did_not_sign_is_refused(jicai, tmp_path):
    forged = tmp_path / "manifest.json"
    forged.write_bytes(MANIFEST.read_bytes().replace(b'"threshold":2', b'"threshold":3'))
    assert "at least one holder more" in jicai("seal", forged).faults[0]
    forged.write_bytes(MANIFEST.read_bytes().replace(b'"0.96"', b'"9.60"'))
    assert "signature of the bureau" in jicai("seal", forged).faults[0]
    stranger = "A" * 43 + "="
    said = jicai("seal", MANIFEST, "--bureau-key", stranger)
    assert "signature of the bureau" in said.faults[0]
    assert "is not Base64" in jicai("seal", MANIFEST, "--bureau-key", "!").faults[0]
    assert "cannot be read" in jicai("seal", tmp_path / "none.json").faults[0]
