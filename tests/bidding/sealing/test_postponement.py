from dataclasses import replace
from datetime import timedelta

import pytest

from bidding.sealing import (
    MismatchError,
    SignatureError,
    check_postponement,
    closing_and_opening,
    issue_postponement,
    new_signing_key,
    read_postponement,
)
from tests.bidding.sealing.material import CLOSES_AT, IN_TIME, OPENS_AT, dice, make_party, resigned

PARTY = make_party()
NOTICE = issue_postponement(
    PARTY.manifest, issued_at=IN_TIME, key=PARTY.server, random_bytes=dice()
)
SHIFT = timedelta(minutes=120)


def test_the_outage_rule_moves_closing_and_opening_by_the_published_interval():
    notice = read_postponement(NOTICE.to_bytes())
    check_postponement(notice, PARTY.manifest)
    assert closing_and_opening(PARTY.manifest, notice) == (CLOSES_AT + SHIFT, OPENS_AT + SHIFT)
    assert closing_and_opening(PARTY.manifest, None) == (CLOSES_AT, OPENS_AT)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"closes_at": CLOSES_AT + timedelta(days=9)}, MismatchError),
        ({"opens_at": OPENS_AT}, MismatchError),
        ({"issued_at": CLOSES_AT + SHIFT}, MismatchError),
        ({"manifest": "00" * 32}, MismatchError),
        ({"issued_at": IN_TIME - SHIFT}, SignatureError),
    ],
)
def test_no_other_postponement_holds(changes, error):
    with pytest.raises(error):
        check_postponement(replace(NOTICE, **changes), PARTY.manifest)


def test_an_outage_that_lasts_beyond_the_closing_moves_it_when_it_is_over():
    notice = issue_postponement(
        PARTY.manifest, issued_at=CLOSES_AT + SHIFT / 2, key=PARTY.server, random_bytes=dice()
    )
    check_postponement(notice, PARTY.manifest)


def test_without_a_published_interval_nothing_moves():
    manifest = resigned(PARTY.manifest, PARTY.bureau, outage_shift_minutes=None)
    with pytest.raises(MismatchError, match="outage rule"):
        issue_postponement(manifest, issued_at=IN_TIME, key=PARTY.server, random_bytes=dice())


def test_only_the_server_moves_a_closing():
    stranger = new_signing_key("intl-1", random_bytes=dice("stranger"))
    with pytest.raises(MismatchError, match="server_key"):
        issue_postponement(PARTY.manifest, issued_at=IN_TIME, key=stranger, random_bytes=dice())
