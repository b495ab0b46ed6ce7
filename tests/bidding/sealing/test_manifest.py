import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import (
    FormatError,
    ManifestLot,
    ManifestStrength,
    MismatchError,
    Purpose,
    SealingError,
    SignatureError,
    check_manifest,
    new_signing_key,
    read_manifest,
    sign_manifest,
)
from tests.bidding.sealing.material import LOTS, dice, make_party, resigned

PARTY = make_party()
MANIFEST = PARTY.manifest


@pytest.mark.parametrize("suite_name", ["intl-1", "sm-1"])
def test_a_manifest_is_read_back_as_it_was_written(suite_name):
    manifest = make_party(suite_name).manifest
    again = read_manifest(manifest.to_bytes())
    assert again == manifest
    assert again.digest == manifest.digest
    check_manifest(again, bureau_key=manifest.bureau_key)


def test_the_digest_does_not_depend_on_the_signature():
    assert replace(MANIFEST, signature=b"").digest == MANIFEST.digest


@settings(deadline=None)
@given(st.integers(0, len(MANIFEST.to_bytes()) * 8 - 1))
def test_any_flipped_bit_of_the_file_is_noticed(bit):
    changed = bytearray(MANIFEST.to_bytes())
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealingError):
        check_manifest(read_manifest(bytes(changed)), bureau_key=MANIFEST.bureau_key)


def test_a_manifest_by_somebody_else_is_refused_where_the_bureau_is_known():
    stranger = new_signing_key("intl-1", random_bytes=dice("stranger"))
    forged = resigned(MANIFEST, stranger, bureau_key=stranger.public)
    check_manifest(forged)
    with pytest.raises(SignatureError, match="signature of the bureau"):
        check_manifest(forged, bureau_key=MANIFEST.bureau_key)


def test_only_the_key_that_it_names_may_sign_a_manifest():
    stranger = new_signing_key("intl-1", random_bytes=dice("stranger"))
    with pytest.raises(MismatchError, match="bureau_key"):
        sign_manifest(MANIFEST, key=stranger, random_bytes=dice())


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"threshold": 1}, "threshold"),
        ({"threshold": 5}, "threshold"),
        ({"holders": MANIFEST.holders[:3]}, "threshold"),
        ({"holders": ()}, "threshold"),
        ({"holders": MANIFEST.holders[::-1]}, "holders"),
        ({"holders": MANIFEST.holders[1:]}, "holders"),
        ({"opens_at": MANIFEST.closes_at - timedelta(seconds=1)}, "opens_at"),
        ({"lots": ()}, "lots"),
        ({"lots": (LOTS[0], LOTS[0])}, "lots"),
        ({"lots": (ManifestLot("L01", "x", ()),)}, "strengths"),
        ({"lots": (ManifestLot("L01", "x", (ManifestStrength("a"),) * 2),)}, "strengths"),
        ({"purpose": Purpose.REHEARSAL}, "round"),
        ({"purpose": Purpose.REHEARSAL, "round_name": "rehearsal:x"}, "lots"),
        ({"round_name": "rehearsal:x"}, "round"),
    ],
)
def test_no_round_may_be_published_so(changes, where):
    with pytest.raises(FormatError, match=f"manifest.*{where}"):
        sign_manifest(replace(MANIFEST, **changes), key=PARTY.bureau, random_bytes=dice())
    with pytest.raises(FormatError, match=f"manifest.*{where}"):
        check_manifest(resigned(MANIFEST, PARTY.bureau, **changes))


@pytest.mark.parametrize("key", ["sealing_key", "signing_key"])
def test_nobody_sits_on_two_seats_with_one_key(key):
    first, second, *others = MANIFEST.holders
    doubled = replace(second, **{key: getattr(first, key)})
    with pytest.raises(FormatError, match=f"{key} of its own"):
        check_manifest(resigned(MANIFEST, PARTY.bureau, holders=(first, doubled, *others)))


def test_a_weak_key_of_a_holder_is_refused():
    weak = replace(MANIFEST.holders[0], sealing_key=bytes(32))
    with pytest.raises(FormatError, match=r"holders\[0\].sealing_key"):
        check_manifest(resigned(MANIFEST, PARTY.bureau, holders=(weak, *MANIFEST.holders[1:])))


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("type", "manifest/2", "type"),
        ("suite", "rot-13", "suite"),
        ("suite", 1, "suite"),
        ("round", "a|b", "round"),
        ("round", "", "round"),
        ("round", "a\nb", "round"),
        ("purpose", "fun", "purpose"),
        ("rulebook_digest", "A1" * 32, "rulebook_digest"),
        ("document_digest", "a1", "document_digest"),
        ("closes_at", "2026-11-22T09:00:00Z", "closes_at"),
        ("closes_at", "2026-13-22T09:00:00.000000Z", "closes_at"),
        ("threshold", "3", "threshold"),
        ("threshold", True, "threshold"),
        ("holders", {}, "holders"),
        ("holders", [1], r"holders\[0\]"),
        ("holders", [{}], r"holders\[0\].seat"),
        ("lots", "L01", "lots"),
        ("outage_shift_minutes", 0, "outage_shift_minutes"),
        ("bureau_key", "AA==", "bureau_key"),
        ("bureau_key", "é", "bureau_key"),
        ("bureau_key", 1, "bureau_key"),
        ("supersedes", 1, "supersedes"),
        ("extra", 1, "extra"),
    ],
)
def test_a_field_of_another_form_is_named_with_what_was_expected(field, value, where):
    document = json.loads(MANIFEST.to_bytes())
    document[field] = value
    with pytest.raises(FormatError, match=rf"{where}.*: expected \w"):
        read_manifest(json.dumps(document))


@pytest.mark.parametrize("field", sorted(MANIFEST.document()))
def test_no_field_may_be_missing(field):
    document = json.loads(MANIFEST.to_bytes())
    del document[field]
    with pytest.raises(FormatError, match=field):
        read_manifest(json.dumps(document))


def test_a_ceiling_has_one_spelling():
    document = json.loads(MANIFEST.to_bytes())
    for spelling in ("00.96", "0.96 ", "1e1", "0", "-1", "．9"):
        document["lots"][0]["strengths"][0]["price_ceiling"] = spelling
        with pytest.raises(FormatError, match="price_ceiling"):
            read_manifest(json.dumps(document))
    assert MANIFEST.lots[0].strengths[1].price_ceiling == Decimal("1.632")


def test_base64_with_unused_bits_set_is_refused():
    document = json.loads(MANIFEST.to_bytes())
    key = document["server_key"]
    assert key.endswith("=")
    document["server_key"] = key[:-2] + chr(ord(key[-2]) + 1) + "="
    with pytest.raises(FormatError, match="server_key"):
        read_manifest(json.dumps(document))


def test_a_seat_that_nobody_has_is_refused():
    assert MANIFEST.holder(5) is MANIFEST.holders[4]
    with pytest.raises(MismatchError, match="seats"):
        MANIFEST.holder(6)
