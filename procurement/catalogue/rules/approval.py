"""Forms of approval and registration numbers, those in use and older ones that still occur.

Drugs: Measures for drug registration of 2020, art. 123 (H, Z, S; with C from Hong Kong, Macao and
Taiwan; with J from abroad) and of 2007, art. 171 (J for imports packed in China, import drug
licences, drug product licences, B for their bulk packs). 国药准字B was given in 2002 to former
health-care drugs, chemical or traditional ones. Devices: Measures for the registration of
medical devices of 2014, art. 76, and the form used before.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from procurement.catalogue.kinds import ProductKind
from procurement.catalogue.rules.wrong import Wrong


@dataclass(frozen=True, slots=True)
class NumberForm:
    """One form of a number.

    Attributes:
        pattern: Matches the whole number, in its normal form.
        example: A number of that form, for a refusal.
    """

    pattern: re.Pattern[str]
    example: str


def current_form(letters: str) -> str:
    """Write the form of 2020 of a drug's approval number as a regular expression.

    Args:
        letters: Of what the drug may be: H chemical, Z traditional, S biological.

    Examples:
        >>> bool(re.fullmatch(current_form("HZS"), "国药准字HJ20200001"))
        True
    """
    return rf"^国药准字[{letters}][CJ]?\d{{8}}$"


def _drug_forms(letters: str, example: str) -> tuple[NumberForm, ...]:
    return (
        NumberForm(
            re.compile(rf"{current_form(letters)}|国药准字B\d{{8}}"), f"国药准字{example}20203001"
        ),
        NumberForm(re.compile(r"国药准字J\d{8}"), "国药准字J20140001"),
        NumberForm(re.compile(rf"B?[{letters}]C?\d{{8}}"), f"{example}20140001"),
    )


_DEVICE_FORMS = (
    NumberForm(re.compile(r"[\u4e00-\u9fff]械注[准进许]\d{11}"), "国械注准20203130001"),
    NumberForm(re.compile(r"[\u4e00-\u9fff]{1,2}械备\d{8}号?"), "沪械备20200001"),
    NumberForm(
        re.compile(r"[\u4e00-\u9fff]{1,2}食药监械\([准进许]\)字\d{4}第\d{7}号"),
        "国食药监械(准)字2012第3460001号",
    ),
)

FORMS: Mapping[ProductKind, tuple[NumberForm, ...]] = {
    ProductKind.CHEMICAL: _drug_forms("HS", "H"),
    ProductKind.TCM_PATENT: _drug_forms("Z", "Z"),
    ProductKind.CONSUMABLE: _DEVICE_FORMS,
}
"""Only these kinds have a number; granules are filed, pieces and hospital preparations are not
approved by number."""

_MUST_HAVE = frozenset({ProductKind.CHEMICAL, ProductKind.TCM_PATENT})

# What labels print before the number of a licence.
_LABEL = re.compile(r"^(进口药品注册证号?|医药产品注册证号?|批准文号|注册证号)[:]?")


def normal_approval_number(text: str) -> str:
    """Write a number in narrow characters and capitals, without blanks and without its label.

    Examples:
        >>> normal_approval_number("国药准字 h２０２０3001")
        '国药准字H20203001'
        >>> normal_approval_number("进口药品注册证号：H20140001")
        'H20140001'
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return _LABEL.sub("", plain)


def has_approval_number(kind: ProductKind) -> bool:
    """Tell whether products of a kind have an approval or registration number at all.

    Examples:
        >>> has_approval_number(ProductKind.TCM_PIECES)
        False
    """
    return kind in FORMS


def approval_fault(number: str, *, kind: ProductKind) -> Wrong | None:
    """Check an approval or registration number by its form.

    Args:
        number: As `normal_approval_number` writes it; empty where none was given.
        kind: What the product is.

    Returns:
        What is wrong, or None.

    Examples:
        >>> approval_fault("国药准字HJ20200001", kind=ProductKind.CHEMICAL) is None
        True
        >>> print(approval_fault("国药准字H2020300", kind=ProductKind.CHEMICAL).en)
        “国药准字H2020300” is none of the known forms: expected one like 国药准字H20203001, \
国药准字J20140001 or H20140001.
    """
    if kind not in FORMS:
        return _must_be_empty() if number else None
    if not number:
        return _missing() if kind in _MUST_HAVE else None
    if any(form.pattern.fullmatch(number) for form in FORMS[kind]):
        return None
    *others, last = [form.example for form in FORMS[kind]]
    return Wrong(
        f"“{number}”不是已知的格式：应形如 {'、'.join(others)} 或 {last}。",
        f"“{number}” is none of the known forms: expected one like {', '.join(others)} or {last}.",
    )


def _must_be_empty() -> Wrong:
    return Wrong(
        "中药配方颗粒、中药饮片和医疗机构制剂没有批准文号，请留空。",
        "Dispensing granules, prepared pieces and hospital preparations have no approval number: "
        "leave it empty.",
    )


def _missing() -> Wrong:
    return Wrong(
        "缺少批准文号；进口药品填注册证号。",
        "The approval number is missing; of an imported drug give its licence.",
    )
