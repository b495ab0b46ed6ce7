from dataclasses import replace
from itertools import pairwise

import pytest

from bidding.sealing import MismatchError, check_succession, standing_envelopes
from tests.bidding.sealing.material import make_party


def test_the_last_leaf_of_each_bidder_counts():
    party = make_party()
    party.submit("A")
    kept = party.submit("B")
    last = party.submit("A")
    party.submit("C")
    party.withdraw("C")
    assert standing_envelopes(party.submissions) == (kept, last)
    back = party.submit("C")
    assert standing_envelopes(party.submissions) == (kept, last, back)


def test_each_leaf_names_the_one_before_it():
    party = make_party()
    first, second = party.submit("A"), party.submit("A")
    withdrawal, again = party.withdraw("A"), party.submit("A")
    check_succession(first, previous=None)
    for previous, one in pairwise([first, second, withdrawal, again]):
        check_succession(one, previous=previous)
    wrong = [(first, first), (first, withdrawal), (second, again)]
    for before, after in wrong:
        with pytest.raises(MismatchError, match="the bidder's last leaf"):
            check_succession(after, previous=before)
    with pytest.raises(MismatchError, match="the bidder's last leaf"):
        check_succession(second, previous=None)


def test_nobody_replaces_the_leaf_of_another_bidder():
    party = make_party()
    first, second = party.submit("A"), party.submit("A")
    with pytest.raises(MismatchError, match="bidder of the leaf"):
        check_succession(replace(second, bidder="B"), previous=first)


def test_a_withdrawal_cannot_be_withdrawn():
    party = make_party()
    party.submit("A")
    first, second = party.withdraw("A"), party.withdraw("A")
    with pytest.raises(MismatchError, match="not withdrawn yet"):
        check_succession(second, previous=first)
