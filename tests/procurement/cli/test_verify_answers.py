"""``jicai verify`` of a sitting of second answers: its documents alone, without the round's."""

import base64
import json

import pytest

from bidding.sealing import canonical_bytes
from procurement.bids.opening.evidence import opening_record
from procurement.bids.submission.close import final_log
from procurement.bids.submission.receipts import receipts_of
from tests.procurement.bids.answering import answer, asked, call, evaluated, no, opened, yes
from tests.procurement.bids.world import SECRET, World


@pytest.fixture
def documents(engine, tmp_path):
    """What a maker has of an opened sitting, and what everybody gets of it, as files."""
    world = World(engine)
    firms = evaluated(world, world.prepare(), makers=2)
    manifest = call(world, *map(asked, firms))
    for firm, content in zip(firms, (yes(), no()), strict=True):
        answer(world, firm, manifest, content)
    opened(world, manifest)
    about = {"round_id": world.round_id, "sitting": 1}
    with world.read() as session:
        (own,) = receipts_of(session, secret_key=SECRET, organisation_id=firms[0].id, **about)
        record = opening_record(session, round_=world.round(session), secret_key=SECRET, sitting=1)
        log = final_log(session, **about)
        files = {
            "manifest": manifest.to_bytes(),
            "log": canonical_bytes(log.document()),
            "envelope": own.leaf.body.encode(),
            "receipt": own.leaf.receipt.encode(),
            "proof": own.proof.to_bytes() if own.proof else b"",
            "opening": record.to_bytes(),
            "own-opening": record.only(firms[0].bidder).to_bytes(),
        }
    for name, written in files.items():
        (tmp_path / f"{name}.json").write_bytes(written)
    return manifest, lambda *names: [tmp_path / f"{name}.json" for name in names]


def said(jicai, files, manifest):
    key = base64.b64encode(manifest.bureau_key).decode()
    given = jicai("verify", *files, "--bureau-key", key, "--json")
    assert not given.err
    return given.status, json.loads(given.out)["findings"]


def outcomes(findings, kind):
    return [one["outcome"] for one in findings if one["about"].startswith(kind)]


def test_who_answered_proves_it_with_its_own_files(jicai, documents):
    manifest, named = documents
    status, findings = said(
        jicai, named("manifest", "envelope", "receipt", "proof", "log"), manifest
    )
    assert status == 0
    assert set(outcomes(findings, "receipt")) == {"holds"}
    assert outcomes(findings, "inclusion") == ["holds"]
    assert {one["about"] for one in findings if one["outcome"] == "unchecked"} == {"envelopes"}


def test_the_opening_of_answers_is_repeated(jicai, documents):
    manifest, named = documents
    status, findings = said(jicai, named("opening"), manifest)
    assert status == 0 and set(outcomes(findings, "opening")) == {"holds"}


def test_the_part_of_one_bidder_is_repeated_too(jicai, documents):
    manifest, named = documents
    status, findings = said(jicai, named("own-opening"), manifest)
    assert status == 0 and outcomes(findings, "opening") == ["holds", "unchecked"]


def test_an_answer_that_was_dropped_convicts_the_server(jicai, documents):
    manifest, named = documents
    (log,) = named("log")
    document = json.loads(log.read_text())
    document["leaves"] = document["leaves"][1:]
    log.write_text(json.dumps(document))
    status, findings = said(jicai, named("manifest", "receipt", "log"), manifest)
    wrong = [one for one in findings if one["outcome"] == "fails"]
    assert status == 1 and wrong and {one["blame"] for one in wrong} <= {"server", "presenter"}


def test_another_answer_than_was_sealed_is_rejected(jicai, documents):
    manifest, named = documents
    (opening,) = named("opening")
    document = json.loads(opening.read_text())
    lines = [one["bid"]["answers"][0] for one in document["results"]]
    for line in lines:
        line["answer"] = not line["answer"]
    opening.write_text(json.dumps(document))
    status, findings = said(jicai, named("opening"), manifest)
    assert status == 1 and "fails" in outcomes(findings, "opening")
