from dataclasses import replace

import pytest

from bidding.sealing import (
    Bid,
    MismatchError,
    UnsealError,
    Verdict,
    as_rehearsal,
    check_manifest,
    open_envelope,
    seal_rehearsal,
    shares_of,
    sign_manifest,
    unseal_share,
)
from tests.bidding.sealing.material import IN_TIME, altered, dice, make_party


def rehearse(suite_name="intl-1"):
    party = make_party(suite_name)
    manifest = sign_manifest(
        as_rehearsal(party.manifest), key=party.bureau, random_bytes=dice("rehearsal")
    )
    return party, replace(party, manifest=manifest, submissions=[])


@pytest.mark.parametrize("suite_name", ["intl-1", "sm-1"])
def test_the_holders_open_an_envelope_without_a_price_before_the_round(suite_name):
    _, party = rehearse(suite_name)
    check_manifest(party.manifest, bureau_key=party.bureau.public)
    envelope, _ = seal_rehearsal(
        party.manifest, signing_key=party.bureau, random_bytes=dice("content")
    )
    postings = [party.post(seat, [envelope]) for seat in (1, 3, 5)]
    opened = open_envelope(party.manifest, envelope, shares=shares_of(envelope, postings))
    assert (opened.verdict, opened.bid) == (Verdict.OPENED, Bid())


def test_a_rehearsal_is_marked_twice_and_has_no_lots():
    _, party = rehearse()
    assert party.manifest.round_name == "rehearsal:national-11"
    assert party.manifest.purpose.value == "rehearsal"
    assert party.manifest.lots == ()


def test_a_bid_copied_into_a_rehearsal_is_not_unsealed_there():
    # The attack: whoever runs the server copies sealed shares of a running round into a rehearsal,
    # which holders open at any time.
    real, party = rehearse()
    bid = real.submit()
    mallory = party.bidder("mallory")
    copied = altered(
        bid,
        mallory,
        manifest=party.manifest.digest,
        round_name=party.manifest.round_name,
        bidder_key=mallory.public,
    )
    for seat in range(1, 6):
        with pytest.raises(UnsealError, match="another envelope"):
            unseal_share(party.manifest, copied, seat=seat, key=party.holders[seat - 1])
    assert not party.post(1, [copied]).shares


def test_no_price_is_sealed_in_a_rehearsal():
    _, party = rehearse()
    with pytest.raises(MismatchError, match="purpose 'rehearsal'"):
        party.submit()
    with pytest.raises(MismatchError, match="purpose 'bids'"):
        seal_rehearsal(make_party().manifest, signing_key=party.bureau, random_bytes=dice())


def test_a_rehearsal_may_be_opened_before_the_opening_time():
    _, party = rehearse()
    assert party.manifest.opens_at > IN_TIME
    envelope, _ = seal_rehearsal(party.manifest, signing_key=party.bureau, random_bytes=dice())
    assert party.post(1, [envelope]).shares
