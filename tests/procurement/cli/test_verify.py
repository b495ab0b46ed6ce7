"""``jicai verify``: files, folders and archives, offline."""

import base64
import json
import shutil
import zipfile

import pytest

from bidding.sealing import Log, log_document
from bidding.sealing.canonical import canonical_bytes
from tests.bidding.sealing.example import FOLDER, files, played

MANIFEST = FOLDER / "manifest.json"
PARTY = played()
BUREAU = base64.b64encode(PARTY.bureau.public).decode()


def test_the_example_is_still_the_one_that_was_frozen():
    written = {name: (FOLDER / name).read_bytes() for name, _ in files()}
    assert written == dict(files())


def test_everything_in_the_example_holds(jicai):
    said = jicai("verify", FOLDER, "--bureau-key", BUREAU, "--json")
    document = json.loads(said.out)
    assert (said.status, document["fails"]) == (0, 0)
    assert document["holds"] == len(document["findings"]) - document["unchecked"] > 30
    assert [
        found["about"] for found in document["findings"] if found["outcome"] == "unchecked"
    ] == ["envelopes"]


def test_an_archive_is_read_like_a_folder(jicai, tmp_path):
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        for file in FOLDER.glob("*.json"):
            bundle.write(file, file.name)
        bundle.writestr("readme.txt", "not a document")
    assert jicai("verify", archive).out == jicai("verify", FOLDER).out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dropped_bid_convicts_the_server(jicai, tmp_path, language):
    without = Log("intl-1", PARTY.log.leaves[1:])
    log = tmp_path / "log.json"
    log.write_bytes(canonical_bytes(log_document(PARTY.checkpoint(without), without.leaves)))
    receipt = FOLDER / "receipt-1.json"
    said = jicai("verify", MANIFEST, receipt, log, "--lang", language)
    assert said.status == 1
    assert ("责任：平台" if language == "zh" else "at fault: the server") in said.out


def test_what_could_not_be_checked_is_said(jicai):
    said = jicai("verify", MANIFEST, FOLDER / "receipt-1.json", "--lang", "en")
    assert said.status == 0
    assert "[not checked] manifest" in said.out
    assert "neither the final log nor an inclusion proof" in said.out
    assert said.out.splitlines()[-1] == "holds 3, FAILS 0, not checked 3"


def test_a_manifest_of_another_bureau_fails(jicai):
    said = jicai("verify", MANIFEST, "--bureau-key", "A" * 43 + "=")
    assert said.status == 1


def test_where_nothing_can_be_checked_that_is_no_success(jicai):
    (fault,) = jicai("verify", FOLDER / "receipt-1.json").faults
    assert "nothing could be checked" in fault


def test_the_bureaus_key_may_stand_in_a_file(jicai, tmp_path):
    (tmp_path / "bureau.txt").write_text(BUREAU + "\n")
    assert jicai("verify", MANIFEST, "--bureau-key", tmp_path / "bureau.txt").status == 0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "one JSON document"),
        (b'{"type":"spam/1"}', "expected one of manifest/1"),
        (b'{"type":"receipt/1"}', "receipt.suite"),
        (b"\xff", "UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_named(jicai, tmp_path, content, fault):
    file = tmp_path / "file.json"
    file.write_bytes(content)
    (said,) = jicai("verify", MANIFEST, file).faults
    assert str(file) in said
    assert fault in said


def test_paths_that_hold_no_documents_are_named(jicai, tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"no archive")
    (fault,) = jicai("verify", tmp_path / "broken.zip").faults
    assert "a ZIP archive" in fault
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no .json file" in jicai("verify", empty).faults[0]
    assert "cannot be read" in jicai("verify", tmp_path / "none.json").faults[0]


def test_a_key_file_among_the_evidence_is_refused(jicai, tmp_path):
    shutil.copy(FOLDER / "keys" / "bidder.json", tmp_path / "bidder.json")
    assert "no key file" in jicai("verify", MANIFEST, tmp_path / "bidder.json").faults[0]


def test_the_output_shows_no_price(jicai):
    said = jicai("verify", FOLDER)
    assert "0.68" not in said.out
    assert "0.69" not in said.out
