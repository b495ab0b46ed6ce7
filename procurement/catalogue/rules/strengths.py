"""Strengths (规格) read from their labels, and the ratio of two of them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

RATIO_DIGITS = 28
"""Significant digits of a ratio that has no finite decimal form, as in all conversions."""

_UNITS: Mapping[str, tuple[str, Fraction]] = {
    "kg": ("g", Fraction(1000)),
    "g": ("g", Fraction(1)),
    "克": ("g", Fraction(1)),
    "mg": ("g", Fraction(1, 10**3)),
    "毫克": ("g", Fraction(1, 10**3)),
    "ug": ("g", Fraction(1, 10**6)),
    "mcg": ("g", Fraction(1, 10**6)),
    "μg": ("g", Fraction(1, 10**6)),
    "微克": ("g", Fraction(1, 10**6)),
    "ng": ("g", Fraction(1, 10**9)),
    "l": ("ml", Fraction(1000)),
    "ml": ("ml", Fraction(1)),
    "毫升": ("ml", Fraction(1)),
    "ul": ("ml", Fraction(1, 1000)),
    "μl": ("ml", Fraction(1, 1000)),
    "iu": ("IU", Fraction(1)),
    "万iu": ("IU", Fraction(10**4)),
    "万国际单位": ("IU", Fraction(10**4)),
    "国际单位": ("IU", Fraction(1)),
    "u": ("U", Fraction(1)),
    "单位": ("U", Fraction(1)),
    "万u": ("U", Fraction(10**4)),
    "万单位": ("U", Fraction(10**4)),
    "亿单位": ("U", Fraction(10**8)),
    "mmol": ("mol", Fraction(1, 1000)),
    "mol": ("mol", Fraction(1)),
    "mbq": ("Bq", Fraction(10**6)),
    "gbq": ("Bq", Fraction(10**9)),
    "cm2": ("cm2", Fraction(1)),
    "mm": ("mm", Fraction(1)),
    "cm": ("mm", Fraction(10)),
}
"""By spelling in small letters: what is measured, and how much of its unit one is.

International units (IU) and a drug's own units (U, 单位) are kept apart: they are the same for
some drugs only.
"""

# NFKC writes the micro sign as the Greek letter, and a superscript as a plain digit.
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([a-zμ\u4e00-\u9fff]+2?)")
_IN_BRACKETS = re.compile(r"\d+(?:\.\d+)?%\((.+)\)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, exactly as written.

    Attributes:
        number: Zero or more.
        unit: As written, in narrow characters.
    """

    number: Decimal
    unit: str

    @property
    def measure(self) -> str:
        """What is measured: ``g``, ``ml``, ``IU``, ``U``, ``mol``, ``Bq``, ``cm2`` or ``mm``."""
        return _UNITS[self.unit.lower()][0]

    @property
    def size(self) -> Fraction:
        """The amount in the unit of its measure.

        Examples:
            >>> Amount(Decimal("2.5"), "mg").size
            Fraction(1, 400)
        """
        return Fraction(self.number) * _UNITS[self.unit.lower()][1]


@dataclass(frozen=True, slots=True)
class Strength:
    """A strength as read from a label.

    Attributes:
        contents: Active content of a minimal unit, one amount for each ingredient.
        total: The whole unit (weight or volume), where the label gives it.
    """

    contents: tuple[Amount, ...]
    total: Amount | None = None

    @property
    def content(self) -> Amount | None:
        """The content, where there is exactly one ingredient."""
        return self.contents[0] if len(self.contents) == 1 else None


def read_amount(text: str) -> Amount | None:
    """Read a number with a unit; None where it is anything else, or zero.

    Examples:
        >>> read_amount("0.5 mg")
        Amount(number=Decimal('0.5'), unit='mg')
        >>> read_amount("100万单位").size
        Fraction(1000000, 1)
        >>> read_amount("大号") is None
        True
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _AMOUNT.fullmatch(plain.lower())
    if match is None or match[2] not in _UNITS or Decimal(match[1]) == 0:
        return None
    return Amount(Decimal(match[1]), plain[match.start(2) :])


def read_strength(label: str) -> Strength | None:
    """Read the label of a strength.

    Known forms: one amount (``10mg``), several ingredients (``150mg+12.5mg``), the whole unit and
    its content (``5ml:10mg``, ``0.5g:4mg``), content in a volume (``0.2mg/2ml``), and the last two
    behind a percentage (``10%(150ml:15g)``).

    Args:
        label: As printed; wide characters and blanks do not matter.

    Returns:
        The strength, or None where the label says nothing that could be computed with, or could
        be read in two ways.

    Examples:
        >>> read_strength("5ml:10mg").content
        Amount(number=Decimal('10'), unit='mg')
        >>> [amount.unit for amount in read_strength("150mg+12.5mg").contents]
        ['mg', 'mg']
        >>> read_strength("4mg:500mg") is None  # the content cannot be more than the whole
        True
    """
    plain = unicodedata.normalize("NFKC", label).replace(" ", "")
    bracketed = _IN_BRACKETS.fullmatch(plain)
    if bracketed is not None:
        plain = bracketed[1]
    whole, content = "", plain
    if ":" in plain:
        whole, _, content = plain.partition(":")
    elif "/" in plain:
        content, _, whole = plain.partition("/")
    contents = [read_amount(part) for part in content.split("+")]
    known = tuple(amount for amount in contents if amount is not None)
    total = read_amount(whole) if whole else None
    if len(known) < len(contents) or (whole and not _is_whole_of(total, known)):
        return None
    return Strength(known, total)


def _is_whole_of(total: Amount | None, contents: tuple[Amount, ...]) -> bool:
    """Whether the total may be a weight or volume that holds the contents."""
    if total is None or total.measure not in ("g", "ml"):
        return False
    same = [amount.size for amount in contents if amount.measure == total.measure]
    return sum(same) <= total.size


def strength_ratio(strength: Strength, main: Strength) -> Decimal | None:
    """Return how much a strength contains, relative to the main strength.

    Args:
        strength: Any strength of a generic product.
        main: The strength that counts as 1.

    Returns:
        The ratio, exact where it has a finite decimal form within 28 digits, else rounded to 28
        significant digits; None where contents are measured differently, or ingredients are not
        all in the same ratio.

    Examples:
        >>> ten, five = read_strength("10mg"), read_strength("0.005g")
        >>> strength_ratio(five, ten)
        Decimal('0.5')
        >>> strength_ratio(read_strength("160mg+25mg"), read_strength("80mg+12.5mg"))
        Decimal('2')
        >>> strength_ratio(ten, read_strength("300IU")) is None
        True
    """
    pairs = list(zip(strength.contents, main.contents, strict=False))
    if len(strength.contents) != len(main.contents):
        return None
    if any(one.measure != other.measure for one, other in pairs):
        return None
    ratios = {one.size / other.size for one, other in pairs}
    if len(ratios) != 1:
        return None
    ratio = ratios.pop()
    context = Context(prec=RATIO_DIGITS, rounding=ROUND_HALF_EVEN)
    quotient = context.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))
    # Without an exponent: 2 and not 2E+0, 100 and not 1E+2.
    return Decimal(f"{quotient.normalize(context):f}")
