"""The bundle of a real round verifies on a machine without its database."""

import io
import json
import zipfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bidding.sealing.evidence import Outcome, examine_files
from procurement.database import database_moment, snapshot
from procurement.permissions import NotFoundForActorError
from procurement.publication.evidence.again import evaluate_again
from procurement.publication.evidence.build import evidence_bundle, letters_bundle
from procurement.publication.evidence.sources import Reader
from tests.procurement.awards.world import evaluated_round
from tests.procurement.bids.world import SECRET

CONDUCTS = Reader(sees_all=True, conducts=True)


def bundle_for(world, reader, make=evidence_bundle, folder=None):
    """Make a bundle and unpack it; of openings that are kept in a folder, if one is given."""
    with ExitStack() as stack:
        where = folder or Path(stack.enter_context(TemporaryDirectory()))
        packed = packed_for(world, reader, make, where)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def packed_for(world, reader, make, folder):
    with snapshot(world.engine) as session:
        return make(
            session,
            round_=world.round(session),
            reader=reader,
            moment=database_moment(session),
            secret_key=SECRET,
            folder=folder,
        )


def examined(world, files):
    return examine_files(files, bureau_key=world.manifest.bureau_key, evaluate_again=evaluate_again)


def failures(findings):
    return [one for one in findings if one.outcome is Outcome.FAILS]


def unchecked(findings):
    return {one.about.split()[0] for one in findings if one.outcome is Outcome.UNCHECKED}


def test_the_whole_bundle_repeats_the_round_byte_for_byte(awarded):
    files = bundle_for(awarded, CONDUCTS)
    findings = examined(awarded, files)
    assert failures(findings) == []
    assert unchecked(findings) == {"envelopes"}
    kinds = Counter(one.about.split()[0] for one in findings)
    assert kinds["opening"] == 4
    assert kinds["evaluation"] == kinds["rulebook"] == 1
    answers = [one.en for one in findings if "answers of bidders" in one.en]
    assert answers == ["The answers of bidders (1) are those that were opened."]


def test_a_bidders_part_holds_its_own_prices_and_letters_only(awarded):
    loser = awarded.maker("E")
    files = bundle_for(awarded, Reader(sees_all=False, organisation_id=loser.id))
    findings = examined(awarded, files)
    assert failures(findings) == []
    names = [name for name, _ in files]
    assert "letter-1.json" in names
    assert not {"sheet.json", "report.json"} & set(names)
    opening = json.loads(dict(files)["opening.json"])
    assert len(opening["submissions"]) == 1
    everything = b"".join(content for _, content in files).decode()
    assert '"declared_price":"13.00"' in everything
    assert "56.00" not in everything


def test_a_stranger_gets_what_is_public_only(awarded):
    files = bundle_for(awarded, Reader(sees_all=False))
    kinds = {json.loads(content)["type"] for _, content in files}
    assert kinds == {"evidence/1", "manifest/1", "log/1", "rulebook/1"}
    assert failures(examined(awarded, files)) == []


def test_a_losers_letter_is_proven_by_the_report(awarded):
    loser = Reader(sees_all=False, organisation_id=awarded.maker("E").id)
    letters = bundle_for(awarded, loser, letters_bundle)
    whole = [(f"bundle.zip/{name}", content) for name, content in bundle_for(awarded, CONDUCTS)]
    findings = examined(awarded, [*whole, *letters])
    assert failures(findings) == []
    said = [one.en for one in findings if one.about.startswith("letter")]
    assert "It says what the report says." in said
    changed = [(name, content.replace(b'"status":"', b'"status":"x')) for name, content in letters]
    assert {one.blame.value for one in failures(examined(awarded, [*whole, *changed]))} == {
        "presenter"
    }


def test_before_the_notice_only_who_conducts_sees_the_report(engine):
    world = evaluated_round(engine)
    names = [name for name, _ in bundle_for(world, CONDUCTS)]
    assert "report.json" in names
    names = [name for name, _ in bundle_for(world, Reader(sees_all=True))]
    assert "report.json" not in names
    loser = Reader(sees_all=False, organisation_id=world.maker("E").id)
    with pytest.raises(NotFoundForActorError):
        bundle_for(world, loser, letters_bundle)


def test_a_bidder_who_sees_every_price_gets_its_receipts_and_letters_too(awarded):
    loser = Reader(sees_all=True, organisation_id=awarded.maker("E").id)
    files = bundle_for(awarded, loser)
    assert {"report.json", "receipt-1.json", "proof-1.json", "letter-1.json"} <= {
        name for name, _ in files
    }
    assert failures(examined(awarded, files)) == []
