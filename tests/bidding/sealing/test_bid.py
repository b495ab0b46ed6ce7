import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import AnswerLine, Bid, BidLine, FormatError, lines_above_ceiling
from bidding.sealing.bid import SealedContent, read_plaintext
from bidding.sealing.canonical import pad, unpad
from tests.bidding.sealing.material import BID, make_party

MANIFEST = make_party().manifest
CONTENT = SealedContent(BID, "national-11", "91310000MA1FL0000X", 1, bytes(range(16)))

names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=10)
prices = st.decimals("0.000001", "999999", places=6)
lines = st.builds(
    BidLine,
    lot=names,
    strength=names,
    declared_price=prices,
    product=st.none() | names,
    capacity=st.none() | st.integers(0, 10**15),
    supplies=st.lists(names, max_size=3).map(tuple),
) | st.builds(
    BidLine, lot=names, strength=names, pack_units=st.integers(1, 10**9), pack_price=prices
)
answers = st.builds(
    AnswerLine,
    lot=names,
    question=st.sampled_from(["revive", "tie", "cut", "second-quote"]),
    answer=st.booleans(),
    price=st.none() | prices,
    product=st.none() | names,
)


@settings(deadline=None)
@given(st.lists(lines, max_size=5), st.lists(answers, max_size=5))
def test_a_bid_is_read_back_to_the_last_digit(some_lines, some_answers):
    bid = Bid(tuple(some_lines), tuple(some_answers))
    content = SealedContent(bid, "round", "bidder", 7, bytes(16))
    assert read_plaintext(content.to_plaintext()) == content


def test_prices_are_texts_and_what_is_absent_is_left_out():
    document = json.loads(unpad(CONTENT.to_plaintext()))
    assert document["lines"] == [
        {"lot": "L01", "strength": "20mg", "declared_price": "0.55"},
        {
            "lot": "L02",
            "strength": "0.75g",
            "pack_units": 10,
            "pack_price": "12.30",
            "capacity": 4000000,
        },
    ]


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"declared_price": "1", "pack_units": 1, "pack_price": "1"},
        {"pack_units": 1},
        {"pack_price": "1"},
        {"declared_price": 1},
        {"declared_price": "0"},
        {"declared_price": "1.50 "},
        {"declared_price": "1,5"},
        {"pack_units": 0, "pack_price": "1"},
        {"declared_price": "1", "supplies": []},
        {"declared_price": "1", "supplies": [1]},
        {"declared_price": "1", "capacity": -1},
        {"declared_price": "1", "more": 1},
        {"declared_price": "1", "product": None},
    ],
)
def test_a_line_of_another_form_is_refused_without_its_value(line):
    document = json.loads(unpad(CONTENT.to_plaintext()))
    document["lines"] = [{"lot": "L01", "strength": "20mg"} | line]
    with pytest.raises(FormatError, match=r"bid\.lines\[0\]"):
        read_plaintext(pad(json.dumps(document).encode()))


@pytest.mark.parametrize("question", ["", "Tie", "a|b", "x" * 50])
def test_a_question_is_a_word(question):
    document = json.loads(unpad(CONTENT.to_plaintext()))
    document["answers"] = [{"lot": "L01", "question": question, "answer": True}]
    with pytest.raises(FormatError, match="question"):
        read_plaintext(pad(json.dumps(document).encode()))


def test_the_unit_price_of_a_pack_is_its_exact_quotient():
    assert BidLine("L", "s", pack_units=7, pack_price=Decimal("6.97")).unit_price.exact == Fraction(
        697, 700
    )
    with pytest.raises(FormatError, match="declared_price"):
        _ = BidLine("L", "s").unit_price


def test_a_price_is_compared_with_its_ceiling_exactly():
    equal = BidLine("L01", "10mg", pack_units=7, pack_price=Decimal("6.72"))
    above = BidLine("L01", "10mg", pack_units=7, pack_price=Decimal("6.73"))
    free = BidLine("L02", "0.75g", declared_price=Decimal(999))
    assert lines_above_ceiling(Bid((equal, free)), MANIFEST) == ()
    assert lines_above_ceiling(Bid((equal, above, free)), MANIFEST) == (above,)
