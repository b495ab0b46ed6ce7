"""Paper words: a key's seed as 33 English words, a single share of SLIP-39 (1 of 1).

Any tool that knows SLIP-39 reads them. No passphrase is used; the iteration exponent is 0, as a
seed of 256 random bits needs no stretching.
"""

import hashlib
from collections.abc import Iterable, Iterator

from bidding.sealing.errors import FormatError
from bidding.sealing.slip39_words import WORDS
from bidding.sealing.suites import RandomBytes
from bidding.sealing.suites.interface import SEED_SIZE

WORD_COUNT = 33

_BITS = 10
_ROUNDS = 4
_PASSES = 2500
_CUSTOMISATION = b"shamir_extendable"
_CHECKSUM_WORDS = 3
_HEAD_WORDS = 4
_GENERATOR = (
    *(0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009),
    *(0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120),
)
_VALUES = {word: value for value, word in enumerate(WORDS)}
# A word is known by its first four letters.
_SHORT = {word[:4]: value for word, value in _VALUES.items()}

# Extendable, exponent 0; group 1 of 1 with threshold 1, member 1 with threshold 1.
_EXTENDABLE = 1 << 4
_PARAMETERS = [0, 0]


def words_from_seed(seed: bytes, *, random_bytes: RandomBytes) -> tuple[str, ...]:
    """The 33 words of a seed of 32 bytes.

    Args:
        seed: Of a key.
        random_bytes: Gives the identifier of 15 bits that SLIP-39 wants; it is no secret.

    Examples:
        >>> words = words_from_seed(bytes(32), random_bytes=bytes)
        >>> len(words), seed_from_words(words) == bytes(32)
        (33, True)
    """
    if len(seed) != SEED_SIZE:
        raise FormatError("seed", f"{SEED_SIZE} bytes")
    identifier = int.from_bytes(random_bytes(2)) & 0x7FFF
    head = _indices((identifier << 5) | _EXTENDABLE, 2)
    share = int.from_bytes(_feistel(seed, range(_ROUNDS)))
    values = [*head, *_PARAMETERS, *_indices(share, _share_words())]
    checksum = _polymod([*_CUSTOMISATION, *values, 0, 0, 0]) ^ 1
    return tuple(WORDS[value] for value in [*values, *_indices(checksum, _CHECKSUM_WORDS)])


def seed_from_words(words: Iterable[str]) -> bytes:
    """The seed that 33 words stand for; the first four letters of a word are enough.

    Raises:
        FormatError: A word is unknown, missing or miswritten, or the words are of another kind of
            share.
    """
    values = [_value(word, place) for place, word in enumerate(words, start=1)]
    if len(values) != WORD_COUNT:
        raise FormatError("words", f"{WORD_COUNT} words")
    if _polymod([*_CUSTOMISATION, *values]) != 1:
        raise FormatError("words", "words that fit their checksum: one of them is miswritten")
    single = values[1] & 0x1F == _EXTENDABLE and values[2:_HEAD_WORDS] == _PARAMETERS
    share = _number(values[_HEAD_WORDS:-_CHECKSUM_WORDS])
    if not single or share >> (8 * SEED_SIZE):
        raise FormatError("words", "a single share of 256 bits, 1 of 1")
    return _feistel(share.to_bytes(SEED_SIZE), reversed(range(_ROUNDS)))


def _value(word: str, place: int) -> int:
    typed = word.strip().lower()
    found = _VALUES.get(typed, _SHORT.get(typed))
    if found is None:
        raise FormatError(f"words[{place}]", "a word of the SLIP-39 list")
    return found


def _share_words() -> int:
    return -(-8 * SEED_SIZE // _BITS)


def _indices(number: int, count: int) -> Iterator[int]:
    return (number >> _BITS * place & 0x3FF for place in reversed(range(count)))


def _number(values: Iterable[int]) -> int:
    number = 0
    for value in values:
        number = number << _BITS | value
    return number


def _feistel(text: bytes, rounds: Iterable[int]) -> bytes:
    half = len(text) // 2
    left, right = text[:half], text[half:]
    for index in rounds:
        mask = hashlib.pbkdf2_hmac("sha256", bytes([index]), right, _PASSES, dklen=half)
        left, right = right, bytes(a ^ b for a, b in zip(left, mask, strict=True))
    return right + left


def _polymod(values: Iterable[int]) -> int:
    # The checksum RS1024 of SLIP-39.
    checksum = 1
    for value in values:
        top = checksum >> 20
        checksum = (checksum & 0xFFFFF) << _BITS ^ value
        for bit, generator in enumerate(_GENERATOR):
            if top >> bit & 1:
                checksum ^= generator
    return checksum
