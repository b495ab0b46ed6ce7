from itertools import combinations, permutations

import pyshamir  # type: ignore[import-untyped]  # the package ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing.errors import FormatError
from bidding.sealing.shamir import combine, multiply, share_at, split
from tests.bidding.sealing.material import dice

SECRET = bytes(range(32))


def slow_multiply(left: int, right: int) -> int:
    """Return the product of two polynomials over GF(2), modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    for bit in range(8):
        if right >> bit & 1:
            product ^= left << bit
    for bit in reversed(range(8, 15)):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_products_are_those_of_the_slow_twin():
    for left in range(256):
        for right in range(256):
            assert multiply(left, right) == slow_multiply(left, right)


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=40), st.integers(2, 7), st.integers(0, 5), st.data())
def test_any_threshold_of_shares_gives_the_secret_in_any_order(secret, threshold, spare, data):
    count = threshold + spare
    shares = split(
        secret, places=range(1, count + 1), threshold=threshold, random_bytes=dice(str(count))
    )
    seats = data.draw(st.permutations(list(shares)))
    enough = seats[: data.draw(st.integers(threshold, count))]
    assert combine([shares[seat] for seat in enough]) == secret


@settings(deadline=None)
@given(st.integers(3, 7), st.data())
def test_one_share_too_few_gives_something_else(threshold, data):
    shares = split(SECRET, places=range(1, 9), threshold=threshold, random_bytes=dice())
    seats = data.draw(st.permutations(range(1, 9)))[: threshold - 1]
    assert combine([shares[seat] for seat in seats]) != SECRET


def test_one_share_too_few_leaves_every_secret_possible():
    # Brute force over all coefficients of a threshold of 2 and a secret of one byte.
    seen = split(b"\x2a", places=[7, 9], threshold=2, random_bytes=dice())[7]
    possible = {
        secret
        for secret in range(256)
        for coefficient in range(256)
        if secret ^ slow_multiply(coefficient, 7) == seen[0]
    }
    assert possible == set(range(256))


@pytest.mark.parametrize(("threshold", "count"), [(2, 3), (3, 5), (4, 7)])
def test_pyshamir_reads_our_shares_and_we_read_those_of_pyshamir(threshold, count):
    ours = split(SECRET, places=range(1, count + 1), threshold=threshold, random_bytes=dice())
    theirs = pyshamir.split(SECRET, count, threshold)
    for seats in combinations(range(count), threshold):
        assert combine([bytes(theirs[seat]) for seat in seats]) == SECRET
    some = [bytearray(ours[seat]) for seat in range(count, count - threshold, -1)]
    assert bytes(pyshamir.combine(some)) == SECRET


def test_a_quorum_tells_every_other_share():
    shares = split(SECRET, places=[3, 200, 7, 255, 1], threshold=3, random_bytes=dice())
    for quorum in permutations(shares, 3):
        for place, share in shares.items():
            assert share_at([shares[one] for one in quorum], place=place) == share


@pytest.mark.parametrize(
    ("places", "threshold"), [([1, 1, 2], 2), ([0, 1], 2), ([256, 1], 2), ([1, 2], 3), ([1, 2], 1)]
)
def test_places_and_thresholds_that_cannot_work_are_refused(places, threshold):
    with pytest.raises(FormatError):
        split(SECRET, places=places, threshold=threshold, random_bytes=dice())


@pytest.mark.parametrize(
    "shares", [[], [b"a\1"], [b"a\1", b"bc\2"], [b"a\1", b"b\1"], [b"a\0", b"b\1"], [b"\1", b"\2"]]
)
def test_shares_that_cannot_belong_together_are_refused(shares):
    with pytest.raises(FormatError):
        combine(shares)
