"""Forms of the national codes of drugs and consumables, checked character by character.

The forms are those of the insurance bureau's coding rules as far as sources state them; those of
prepared pieces and hospital preparations are commonly known only. What the parts of a code mean
is told in a refusal; nothing is computed from it.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from procurement.catalogue.kinds import ProductKind
from procurement.catalogue.rules.wrong import Wrong

_CLASSES: Mapping[str, tuple[str, str, str]] = {
    "9": ("0123456789", "数字", "a digit"),
    "A": ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "大写字母", "a capital letter"),
    "*": (
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "数字或大写字母",
        "a digit or a capital letter",
    ),
}
"""By the sign in a mask: the characters it allows, and their name."""


_SETS = {"9": r"\d", "A": "[A-Z]", "*": "[A-Z0-9]"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a code.

    Attributes:
        zh: Its name in Chinese.
        en: Its name in English.
        mask: For each character ``9``, ``A`` or ``*``; with ``is_literal`` the very characters.
        is_literal: The part is always the same.
    """

    zh: str
    en: str
    mask: str
    is_literal: bool = False


_HEAD_ZH, _HEAD_EN = "识别码", "identification"

DRUG_CODES: Mapping[ProductKind, tuple[Part, ...]] = {
    ProductKind.CHEMICAL: (
        Part(_HEAD_ZH, _HEAD_EN, "X", is_literal=True),
        Part("类别码", "class", "A99AA"),  # ATC, fourth level
        Part("名称码", "name", "A999"),
        Part("剂型码", "dosage form", "A999"),
        Part("规格包装码", "strength and pack", "9999"),
        Part("企业码", "manufacturer", "99999"),
    ),
    # No source states the parts within the codes of patent medicines.
    ProductKind.TCM_PATENT: (
        Part(_HEAD_ZH, _HEAD_EN, "Z", is_literal=True),
        Part("其余各部分", "remainder", "*" * 19),
    ),
    ProductKind.TCM_GRANULE: (
        Part(_HEAD_ZH, _HEAD_EN, "T", is_literal=True),
        Part("标准码", "standard", "99"),
        Part("功效码", "effect", "99"),
        Part("名称码", "name", "99999"),
        Part("地区码", "region", "9"),
        Part("规格包装码", "strength and pack", "9999"),
        Part("企业码", "manufacturer", "99999"),
    ),
    ProductKind.TCM_PIECES: (
        Part(_HEAD_ZH, _HEAD_EN, "T", is_literal=True),
        Part("其余各部分", "remainder", "9" * 9),
    ),
    ProductKind.HOSPITAL_PREPARATION: (
        Part(_HEAD_ZH, _HEAD_EN, "J", is_literal=True),
        Part("其余各部分", "remainder", "*" * 15),
    ),
}

CONSUMABLE = (
    Part(_HEAD_ZH, _HEAD_EN, "C", is_literal=True),
    Part("分类码", "class", "999999"),
    Part("通用名码", "generic name", "999"),
    Part("特征码", "features", "99999"),
    Part("企业码", "manufacturer", "99999"),
)
CONSUMABLE_WITH_SERIAL = (*CONSUMABLE, Part("流水码", "serial", "9999999"))

STANDARD = (
    Part("国别码", "country", "86", is_literal=True),
    Part("药品类别码", "drug", "9", is_literal=True),
    Part("企业码", "manufacturer", "99999"),
    Part("产品码", "product", "99999"),
    Part("校验码", "check digit", "9"),
)


def normal_code(text: str) -> str:
    """Write a code in capitals and narrow characters, without blanks.

    Examples:
        >>> normal_code(" xR05CBA198A001０10100863")
        'XR05CBA198A001010100863'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def drug_code_fault(code: str, *, kind: ProductKind) -> Wrong | None:
    """Check a national drug code (国家医保药品代码) by its form.

    Chemical and biological medicines have 23 characters, patent medicines and dispensing granules
    20, prepared pieces 10 and hospital preparations 16. Consumables have a code of their own.

    Args:
        code: As `normal_code` writes it.
        kind: What the product is.

    Returns:
        What is wrong, or None.

    Examples:
        >>> drug_code_fault("XR05CBA198A001010100863", kind=ProductKind.CHEMICAL) is None
        True
        >>> print(drug_code_fault("XR05CBA198A0010101O0863", kind=ProductKind.CHEMICAL).en)
        Character 19 (manufacturer) is “O”: expected a digit.
    """
    parts = DRUG_CODES.get(kind)
    if parts is None:
        return Wrong(
            "医用耗材没有药品代码，请填耗材代码。",
            "A consumable has no drug code: give its consumable code.",
        )
    return _fault(code, parts)


def consumable_code_fault(code: str, *, kind: ProductKind) -> Wrong | None:
    """Check a national consumable code (医用耗材代码): 20 characters, or 27 with the serial.

    Examples:
        >>> consumable_code_fault("C0101010010000112345", kind=ProductKind.CONSUMABLE) is None
        True
        >>> print(consumable_code_fault("C01010100100001", kind=ProductKind.CONSUMABLE).en)
        15 characters: expected 20, or 27 with the serial.
    """
    if kind is not ProductKind.CONSUMABLE:
        return Wrong("只有医用耗材才有耗材代码。", "Only consumables have a consumable code.")
    if len(code) not in (20, 27):
        return Wrong(
            f"共 {len(code)} 位：应为 20 位，或含流水码共 27 位。",
            f"{len(code)} characters: expected 20, or 27 with the serial.",
        )
    return _fault(code, CONSUMABLE if len(code) == 20 else CONSUMABLE_WITH_SERIAL)


def standard_code_fault(code: str) -> Wrong | None:
    """Check a drug standard code (药品本位码): 14 digits that begin with 869, the last a check.

    Examples:
        >>> standard_code_fault("86900001000019") is None
        True
        >>> print(standard_code_fault("86900001000018").en)
        The check digit is 8: expected 9 for the digits before it.
    """
    fault = _fault(code, STANDARD)
    if fault is not None:
        return fault
    expected = standard_code_check_digit(code[:-1])
    if int(code[-1]) == expected:
        return None
    return Wrong(
        f"校验码为 {code[-1]}：按前 13 位计算应为 {expected}。",
        f"The check digit is {code[-1]}: expected {expected} for the digits before it.",
    )


def standard_code_check_digit(body: str) -> int:
    """Compute the 14th digit of a drug standard code from the 13 before it.

    Places are counted from the check digit, which is the first: digits at even places three times,
    digits at odd places once; the check digit completes the sum to a multiple of ten.

    Args:
        body: 13 digits.

    Raises:
        ValueError: It is anything else.

    Examples:
        >>> standard_code_check_digit("8690000100001")
        9
    """
    if len(body) != 13 or not (body.isascii() and body.isdigit()):
        raise ValueError(f"{body!r}: expected 13 digits")
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1)
        for place, digit in enumerate(reversed(body), start=2)
    )
    return -total % 10


def code_pattern(parts: tuple[Part, ...]) -> str:
    """Write the form of a code as a regular expression for whole codes.

    Examples:
        >>> code_pattern(DRUG_CODES[ProductKind.TCM_PATENT])
        '^Z[A-Z0-9]{19}$'
    """
    written = (part.mask if part.is_literal else _mask_pattern(part.mask) for part in parts)
    return f"^{''.join(written)}$"


def _mask_pattern(mask: str) -> str:
    runs = ((sign, len(list(run))) for sign, run in groupby(mask))
    return "".join(_SETS[sign] + (f"{{{length}}}" if length > 1 else "") for sign, length in runs)


def class_of_drug_code(code: str) -> str:
    """Return the class in the code of a chemical medicine: ATC, fourth level.

    Raises:
        ValueError: It is no such code.

    Examples:
        >>> class_of_drug_code("XR05CBA198A001010100863")
        'R05CB'
    """
    fault = drug_code_fault(code, kind=ProductKind.CHEMICAL)
    if fault is not None:
        raise ValueError(fault.en)
    return code[1:6]


def _fault(code: str, parts: tuple[Part, ...]) -> Wrong | None:
    expected = sum(len(part.mask) for part in parts)
    if len(code) != expected:
        return Wrong(
            f"共 {len(code)} 位：应为 {expected} 位，以 {parts[0].mask} 开头。",
            f"{len(code)} characters: expected {expected}, beginning with {parts[0].mask}.",
        )
    return next(_wrong_characters(code, parts), None)


def _wrong_characters(code: str, parts: tuple[Part, ...]) -> Iterator[Wrong]:
    place = 0
    for part in parts:
        for sign in part.mask:
            allowed, zh, en = (
                (sign, f"“{sign}”", f"“{sign}”") if part.is_literal else _CLASSES[sign]
            )
            if code[place] not in allowed:
                yield Wrong(
                    f"第 {place + 1} 位（{part.zh}）为“{code[place]}”：应为{zh}。",
                    f"Character {place + 1} ({part.en}) is “{code[place]}”: expected {en}.",
                )
            place += 1
