import pytest
import shamir_mnemonic  # type: ignore[import-untyped]  # the package ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST  # type: ignore[import-untyped]  # as above

from bidding.sealing import FormatError, seed_from_words, words_from_seed
from bidding.sealing.slip39_words import WORDS
from tests.bidding.sealing.material import dice

SEED = bytes(range(32))
PAPER = words_from_seed(SEED, random_bytes=dice())

seeds = st.binary(min_size=32, max_size=32)


def test_the_words_are_those_of_the_standard():
    assert list(WORDS) == list(WORDLIST)


@settings(deadline=None, max_examples=20)
@given(seeds, seeds)
def test_the_reference_implementation_reads_our_words(seed, noise):
    words = words_from_seed(seed, random_bytes=lambda count: noise[:count])
    assert len(words) == 33
    assert shamir_mnemonic.combine_mnemonics([" ".join(words)], b"") == seed
    assert seed_from_words(words) == seed


def test_we_read_the_words_of_the_reference_implementation():
    (((paper,),)) = shamir_mnemonic.generate_mnemonics(1, [(1, 1)], SEED, iteration_exponent=0)
    assert seed_from_words(paper.split()) == SEED


def test_four_letters_of_a_word_are_enough_in_any_case():
    assert seed_from_words(word[:4].upper() for word in PAPER) == SEED


@settings(deadline=None)
@given(st.integers(0, 32), st.sampled_from(WORDS))
def test_one_miswritten_word_is_noticed(place, word):
    written = [*PAPER[:place], word, *PAPER[place + 1 :]]
    if word != PAPER[place]:
        with pytest.raises(FormatError, match=r"miswritten|single share"):
            seed_from_words(written)


@settings(deadline=None)
@given(st.integers(0, 31))
def test_two_words_changed_about_are_noticed(place):
    written = list(PAPER)
    written[place], written[place + 1] = written[place + 1], written[place]
    if written != list(PAPER):
        with pytest.raises(FormatError, match="miswritten"):
            seed_from_words(written)


@pytest.mark.parametrize(
    ("words", "what"),
    [([], "33 words"), (PAPER[1:], "33 words"), (["nonsense"], r"words\[1\].*SLIP-39")],
)
def test_words_that_are_missing_or_unknown_are_named(words, what):
    with pytest.raises(FormatError, match=what):
        seed_from_words(words)


def test_shares_of_another_kind_are_refused():
    several = shamir_mnemonic.generate_mnemonics(1, [(2, 3)], SEED)[0]
    with pytest.raises(FormatError, match="single share"):
        seed_from_words(several[0].split())
    stretched = shamir_mnemonic.generate_mnemonics(1, [(1, 1)], SEED, iteration_exponent=1)
    with pytest.raises(FormatError, match="single share"):
        seed_from_words(stretched[0][0].split())


def test_only_a_whole_seed_is_written_down():
    with pytest.raises(FormatError, match="32 bytes"):
        words_from_seed(b"short", random_bytes=dice())
