import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.sealing import FormatError, canonical_bytes, parse_json
from bidding.sealing.canonical import pad, unpad

keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=5)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(documents)
def test_a_document_is_read_back_and_has_one_sequence_of_bytes(document):
    text = canonical_bytes(document)
    assert parse_json(text, where="d", size_max=10**6) == document
    assert canonical_bytes(json.loads(text)) == text


@settings(deadline=None)
@given(st.permutations(["type", "lot", "lot2", "Lot", "a"]))
def test_the_order_of_names_does_not_matter(names):
    assert canonical_bytes(dict.fromkeys(names, 1)) == b'{"Lot":1,"a":1,"lot":1,"lot2":1,"type":1}'


@pytest.mark.parametrize(
    "value", [1.5, {"a": 1.5}, [float("nan")], {1: 2}, {"价": 1}, "\ud800", 2**53, b"bytes", {1, 2}]
)
def test_what_a_document_may_not_hold_is_refused(value):
    with pytest.raises(FormatError):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"1.5",
        b'{"price":0.1}',
        b"NaN",
        b"Infinity",
        b'{"a":1,"a":1}',
        b"\xff",
        b"1" * 5000,
        b"[" * 100 + b"]" * 100,
        b"[" * 100_000,
        b"9007199254740992",
        b'"\\ud800"',
        b'{"\xc3\xa9":1}',
    ],
)
def test_json_that_two_readers_could_take_differently_is_refused(text):
    with pytest.raises(FormatError):
        parse_json(text, where="envelope", size_max=10**6)


def test_a_document_that_is_too_long_is_refused_before_it_is_parsed():
    with pytest.raises(FormatError, match="at most 10 bytes"):
        parse_json(b'"0123456789"', where="envelope", size_max=10)


def test_text_is_escaped_only_where_json_demands_it():
    assert canonical_bytes('阿"\\\n\x01/\x7f\u2028') == '"阿\\"\\\\\\n\\u0001/\x7f\u2028"'.encode()


@settings(deadline=None)
@given(st.binary(max_size=3000))
def test_padding_is_undone_and_grows_in_steps(plaintext):
    padded = pad(plaintext)
    assert unpad(padded) == plaintext
    assert len(padded) % 1024 == 0
    assert 1 <= len(padded) - len(plaintext) <= 1024


@settings(deadline=None)
@given(st.integers(0, 1023), st.integers(0, 1023))
def test_padding_hides_the_length_within_a_step(one, other):
    assert len(pad(bytes(one))) == len(pad(bytes(other)))


@pytest.mark.parametrize(
    "padded", [b"", bytes(1024), b"\x80", b"\x80" + bytes(1024), b"a" * 1024, b"\x80" + bytes(2047)]
)
def test_padding_of_another_form_is_refused(padded):
    with pytest.raises(FormatError, match="padding"):
        unpad(padded)
