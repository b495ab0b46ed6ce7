"""Shamir's secret sharing over GF(256), in the format of ``shamir-secret-sharing`` and pyshamir.

The field is that of AES. Each byte of the secret is the constant term of its own polynomial; a
share is the polynomials' values followed by one byte x, its place. The libraries draw their own
randomness, and pyshamir needs 25 ms to combine four shares; this module takes the randomness from
its caller, evaluates a share at any place (which tells whether *all* shares fit) and needs 0.1 ms.
"""

from collections.abc import Mapping, Sequence

from bidding.sealing.errors import FormatError
from bidding.sealing.suites.interface import RandomBytes

PLACE_MAX = 255
"""Places are 1 to 255; 0 is where the secret stands."""

_AES_POLYNOMIAL = 0x11B
_GENERATOR_ORDER = 255


def _tables() -> tuple[bytes, bytes]:
    exponential, logarithm = bytearray(512), bytearray(256)
    value = 1
    for power in range(_GENERATOR_ORDER):
        exponential[power] = exponential[power + _GENERATOR_ORDER] = value
        logarithm[value] = power
        # Times 3, which generates the field.
        value ^= value << 1
        if value & 0x100:
            value ^= _AES_POLYNOMIAL
    return bytes(exponential), bytes(logarithm)


_EXP, _LOG = _tables()


def multiply(left: int, right: int) -> int:
    """The product in GF(256).

    Examples:
        >>> hex(multiply(0x57, 0x83))
        '0xc1'
    """
    return _EXP[_LOG[left] + _LOG[right]] if left and right else 0


def _divide(left: int, right: int) -> int:
    return _EXP[_LOG[left] + _GENERATOR_ORDER - _LOG[right]] if left else 0


_TIMES = tuple(bytes(multiply(factor, value) for value in range(256)) for factor in range(256))
"""A translation table for each factor: one C call multiplies a whole share."""


def split(
    secret: bytes, *, places: Sequence[int], threshold: int, random_bytes: RandomBytes
) -> dict[int, bytes]:
    """Split a secret so that any ``threshold`` shares give it back, and fewer tell nothing.

    Args:
        secret: At least one byte.
        places: The x of each share, distinct, from 1 to 255.
        threshold: From 2 to the number of places.
        random_bytes: Gives the coefficients.

    Returns:
        A share for each place: as long as the secret, and its place as the last byte.

    Examples:
        >>> shares = split(b"key", places=[1, 2, 3], threshold=2, random_bytes=lambda n: b"r" * n)
        >>> combine([shares[3], shares[1]])
        b'key'
    """
    _check_places(places)
    if not secret or not 2 <= threshold <= len(places):
        raise FormatError("threshold", f"from 2 to the number of shares, {len(places)}")
    coefficients = [secret, *(random_bytes(len(secret)) for _ in range(threshold - 1))]
    return {place: _evaluate(coefficients, place) + bytes([place]) for place in places}


def _check_places(places: Sequence[int]) -> None:
    distinct = len(set(places)) == len(places)
    if not distinct or not all(1 <= place <= PLACE_MAX for place in places):
        raise FormatError("shares", f"distinct places from 1 to {PLACE_MAX}")


def _evaluate(coefficients: Sequence[bytes], place: int) -> bytes:
    # Horner's method on all bytes at once.
    value = bytes(len(coefficients[0]))
    for coefficient in reversed(coefficients):
        value = _add(value.translate(_TIMES[place]), coefficient)
    return value


def _add(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left) ^ int.from_bytes(right)).to_bytes(len(left))


def combine(shares: Sequence[bytes]) -> bytes:
    """The secret of a set of shares, whatever their order.

    A set that is too small, or that does not belong together, gives some other bytes: compare the
    result's hash.

    Raises:
        FormatError: Fewer than two shares, different lengths, or one place twice.
    """
    return share_at(shares, place=0)[:-1]


def share_at(shares: Sequence[bytes], *, place: int) -> bytes:
    """What the share at a place must be, if it lies on the polynomials of the shares given.

    Args:
        shares: As many as the threshold.
        place: From 0 (the secret itself) to 255.

    Returns:
        The values and the place as the last byte.
    """
    points = _points(shares)
    value = bytes(len(shares[0]) - 1)
    for at, ordinates in points.items():
        value = _add(value, ordinates.translate(_TIMES[_basis(points, at, place)]))
    return value + bytes([place])


def _points(shares: Sequence[bytes]) -> dict[int, bytes]:
    same_length = len({len(share) for share in shares}) == 1
    if len(shares) < 2 or not same_length or len(shares[0]) < 2:
        raise FormatError("shares", "two or more shares of one length")
    _check_places([share[-1] for share in shares])
    return {share[-1]: share[:-1] for share in shares}


def _basis(points: Mapping[int, bytes], at: int, place: int) -> int:
    numerator = denominator = 1
    for other in points:
        if other != at:
            numerator = multiply(numerator, place ^ other)
            denominator = multiply(denominator, at ^ other)
    return _divide(numerator, denominator)
