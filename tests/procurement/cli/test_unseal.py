"""``jicai unseal``: a keyholder without a browser."""

import json

from bidding.sealing import (
    as_rehearsal,
    check_posting,
    issue_postponement,
    read_manifest,
    read_posting,
    seal_rehearsal,
    sign_manifest,
)
from tests.bidding.sealing.example import CLOSES_AT, FOLDER, played
from tests.bidding.sealing.material import dice, make_party, resigned

MANIFEST = FOLDER / "manifest.json"
BIDDER = FOLDER / "keys" / "bidder.json"
PASSPHRASE = ("--passphrase-file", FOLDER / "keys" / "passphrase.txt")
ROUND = read_manifest(MANIFEST.read_bytes())


def test_only_a_holder_of_the_round_unseals(jicai, tmp_path):
    passphrase = tmp_path / "passphrase.txt"
    passphrase.write_text("twelve characters\n")
    secret = ("--passphrase-file", passphrase)
    stranger = tmp_path / "stranger.json"
    jicai("keys", "new", stranger, "--use", "holder", *secret)
    said = jicai("unseal", FOLDER, "--key", stranger, *secret)
    assert "one of the manifest's holders" in said.faults[0]
    bidder = jicai("unseal", FOLDER, "--key", BIDDER, *PASSPHRASE)
    assert "the key of a holder" in bidder.faults[0]


def test_shares_are_written_to_a_file_and_counted(jicai, tmp_path):
    key = FOLDER / "keys" / "holder-2.json"
    out = tmp_path / "shares.json"
    said = jicai("unseal", FOLDER, "--key", key, *PASSPHRASE, "--out", out, "--json")
    assert json.loads(said.out) == {"file": str(out), "seat": 2, "unsealed": 2, "failed": []}
    check_posting(read_posting(out.read_bytes()), ROUND)


def test_without_a_manifest_or_an_envelope_nothing_is_unsealed(jicai):
    key = ("--key", FOLDER / "keys" / "holder-2.json", *PASSPHRASE)
    assert "there are 0 manifests" in jicai("unseal", FOLDER / "log.json", *key).faults[0]
    assert "no envelope" in jicai("unseal", MANIFEST, *key).faults[0]


def test_nothing_is_unsealed_before_the_opening_time(jicai, tmp_path):
    party = played()
    later = CLOSES_AT.replace(year=2999)
    manifest = resigned(party.manifest, party.bureau, opens_at=later)
    party.manifest, party.submissions = manifest, []
    (tmp_path / "manifest.json").write_bytes(manifest.to_bytes())
    (tmp_path / "envelope.json").write_bytes(party.submit().to_bytes())
    said = jicai("unseal", tmp_path, "--key", FOLDER / "keys" / "holder-1.json", *PASSPHRASE)
    assert "from 2999-03-02" in said.faults[0]


def test_a_postponement_is_kept_to(jicai, tmp_path):
    party = played()
    manifest = resigned(party.manifest, party.bureau, outage_shift_minutes=7 * 24 * 60)
    shifted = resigned(
        manifest,
        party.bureau,
        closes_at=CLOSES_AT.replace(year=2998),
        opens_at=CLOSES_AT.replace(year=2998),
    )
    party.manifest, party.submissions = shifted, []
    notice = issue_postponement(shifted, issued_at=CLOSES_AT, key=party.server, random_bytes=dice())
    (tmp_path / "manifest.json").write_bytes(shifted.to_bytes())
    (tmp_path / "envelope.json").write_bytes(party.submit().to_bytes())
    (tmp_path / "notice.json").write_bytes(notice.to_bytes())
    said = jicai("unseal", tmp_path, "--key", FOLDER / "keys" / "holder-1.json", *PASSPHRASE)
    assert "was postponed" in said.faults[0]


def test_a_rehearsal_is_unsealed_at_any_time(jicai, tmp_path):
    party = played()
    rehearsal = sign_manifest(
        as_rehearsal(party.manifest), key=party.bureau, random_bytes=dice("rehearsal")
    )
    envelope, _ = seal_rehearsal(rehearsal, signing_key=party.bureau, random_bytes=dice("sealed"))
    (tmp_path / "manifest.json").write_bytes(rehearsal.to_bytes())
    (tmp_path / "envelope.json").write_bytes(envelope.to_bytes())
    out = tmp_path / "out"
    out.mkdir()
    key = ("--key", FOLDER / "keys" / "holder-3.json", *PASSPHRASE)
    said = jicai("unseal", tmp_path, *key, "--out", out / "shares.json", "--lang", "en")
    assert said.out == "Seat 3: 1 unsealed, 0 did not open.\n"


def test_an_envelope_of_somebody_else_is_not_counted(jicai, tmp_path):
    other = make_party(seed="other").submit()
    (tmp_path / "manifest.json").write_bytes(MANIFEST.read_bytes())
    (tmp_path / "envelope.json").write_bytes(other.to_bytes())
    said = jicai("unseal", tmp_path, "--key", FOLDER / "keys" / "holder-1.json", *PASSPHRASE)
    assert "no envelope of the manifest" in said.faults[0]
