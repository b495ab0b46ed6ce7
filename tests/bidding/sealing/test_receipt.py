import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import (
    FormatError,
    MismatchError,
    SealingError,
    SignatureError,
    check_receipt,
    issue_receipt,
    issue_refusal,
    new_signing_key,
    read_receipt,
)
from tests.bidding.sealing.material import CLOSES_AT, IN_TIME, dice, make_party

PARTY = make_party()
ENVELOPE = PARTY.submit()
RECEIPT = PARTY.receipt(ENVELOPE)


def refuse(reason="late", key=PARTY.server):
    return issue_refusal(
        PARTY.manifest,
        envelope=ENVELOPE.digest,
        reason=reason,
        refused_at=CLOSES_AT,
        key=key,
        random_bytes=dice(),
    )


@pytest.mark.parametrize("answer", [RECEIPT, refuse()])
def test_a_receipt_and_a_refusal_are_read_back_and_hold(answer):
    again = read_receipt(answer.to_bytes())
    assert again == answer
    check_receipt(again, PARTY.manifest)


@settings(deadline=None)
@given(st.integers(0, len(RECEIPT.to_bytes()) * 8 - 1))
def test_any_flipped_bit_of_a_receipt_is_noticed(bit):
    changed = bytearray(RECEIPT.to_bytes())
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealingError):
        check_receipt(read_receipt(bytes(changed)), PARTY.manifest)


def test_a_receipt_names_no_position_and_no_size():
    assert set(json.loads(RECEIPT.to_bytes())) == {
        *("type", "suite", "round", "manifest", "envelope", "receipt_id", "received_at"),
        "signature",
    }


def test_two_receipts_of_one_envelope_have_other_ids():
    other = PARTY.receipt(ENVELOPE)
    assert other.receipt_id != RECEIPT.receipt_id


def test_only_the_server_of_the_manifest_gives_receipts():
    stranger = new_signing_key("intl-1", random_bytes=dice("stranger"))
    with pytest.raises(MismatchError, match="server_key"):
        issue_receipt(
            PARTY.manifest,
            envelope=ENVELOPE.digest,
            received_at=IN_TIME,
            key=stranger,
            random_bytes=dice(),
        )
    with pytest.raises(MismatchError, match="server_key"):
        refuse(key=stranger)


def test_a_receipt_of_another_round_is_refused():
    other = make_party(seed="other").manifest
    with pytest.raises(MismatchError, match="this manifest"):
        check_receipt(RECEIPT, other)
    moved = replace(RECEIPT, manifest=other.digest)
    with pytest.raises(SignatureError, match="the server"):
        check_receipt(moved, other)


def test_a_refusal_has_one_of_the_reasons():
    with pytest.raises(MismatchError, match="late"):
        refuse("not liked")
    document = json.loads(refuse().to_bytes()) | {"reason": "not liked"}
    with pytest.raises(FormatError, match="reason"):
        read_receipt(json.dumps(document))
