"""``jicai verify`` on a bundle of evidence, as it was downloaded."""

import base64
import json
import zipfile

import pytest

from tests.bidding.sealing.evidence_cases import CASES, FILE, files_of

VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


def pack(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


@pytest.fixture
def bundle(tmp_path):
    return lambda name: pack(tmp_path / f"{name}.zip", files_of(VECTORS, name))


def test_a_valid_bundle_verifies_without_database_or_network(jicai, bundle, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    said = jicai("verify", bundle("valid"), "--bureau-key", VECTORS["bureau_key"], "--lang", "en")
    assert said.status == 0
    assert "Evaluating again gives the report, byte for byte." in said.out
    assert said.out.splitlines()[-1].endswith("FAILS 0, not checked 1")


@pytest.mark.parametrize("name", [name for name, (_, named) in CASES.items() if named])
def test_a_broken_bundle_names_who_is_at_fault(jicai, bundle, name):
    said = jicai("verify", bundle(name), "--bureau-key", VECTORS["bureau_key"], "--json")
    findings = json.loads(said.out)["findings"]
    named = {(one["blame"], one["party"] or "") for one in findings if one["outcome"] == "fails"}
    assert (said.status, named) == (1, set(CASES[name][1]))


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("wrong-share", "（责任：第 2 席密钥持有人）", "(at fault: the keyholder of seat 2)"),
        ("other-report", "（责任：评审）", "(at fault: the evaluation)"),
        ("bit-in-proof", "（责任：材料的提供者）", "(at fault: who passed the documents on)"),
        ("dropped-bid", "（责任：平台）", "(at fault: the server)"),
    ],
)
def test_people_read_who_it_is(jicai, bundle, name, zh, en):
    path = bundle(name)
    assert zh in jicai("verify", path, "--lang", "zh").out
    assert en in jicai("verify", path, "--lang", "en").out


def test_a_loose_receipt_that_was_changed_is_its_presenters(jicai, tmp_path):
    files = dict(files_of(VECTORS, "valid"))
    (tmp_path / "manifest.json").write_bytes(files["manifest.json"])
    receipt = json.loads(files["receipt.json"])
    receipt["receipt_id"] = base64.b64encode(bytes(16)).decode()
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))
    said = jicai("verify", tmp_path, "--json")
    failing = [one for one in json.loads(said.out)["findings"] if one["outcome"] == "fails"]
    assert (said.status, [one["blame"] for one in failing]) == (1, ["presenter"])
