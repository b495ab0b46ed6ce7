"""Dosage form of a lot: as given, or read from the standard name of the product.

Procurement documents name a product by generic name and standard dosage form, as in
阿那曲唑口服常释剂型, so that the form can be read where a bid sheet does not give it. A name that
says nothing gives no form, and a rule that depends on it is then not applied.
"""

import re
from decimal import Decimal

from bidding.bid_sheet import DosageForm, Lot

LARGE_FROM_ML = Decimal(50)
"""Injections of 50 ml and more are large-volume ones."""

_INJECTION = re.compile("注射|输注|浓溶液")
_OTHER = re.compile("液体|口服液|口服溶液|混悬|糖浆|滴|吸入|乳膏|软膏|贴|喷|栓")
_ORAL_SOLID = re.compile("口服常释|口服散|缓释|控释|肠溶|片|胶囊|颗粒|散剂|丸")
_ML = re.compile(r"(\d+(?:\.\d+)?)\s*ml", re.IGNORECASE)


def dosage_form_of(lot: Lot) -> DosageForm | None:
    """The dosage form of a lot, or None where neither a column nor the name tells it.

    Examples:
        >>> dosage_form_of(Lot("L01", "阿那曲唑口服常释剂型", {}))
        <DosageForm.ORAL_SOLID: 'oral-solid'>
        >>> dosage_form_of(Lot("L03", "阿扎胞苷注射剂", {}))
        <DosageForm.SMALL_INJECTION: 'small-injection'>
    """
    if lot.dosage_form is not None:
        return lot.dosage_form
    if is_injection(lot):
        sizes = [Decimal(size) for label in lot.strengths for size in _ML.findall(label)]
        large = bool(sizes) and min(sizes) >= LARGE_FROM_ML
        return DosageForm.LARGE_INJECTION if large else DosageForm.SMALL_INJECTION
    if _OTHER.search(lot.product):
        return DosageForm.OTHER
    return DosageForm.ORAL_SOLID if _ORAL_SOLID.search(lot.product) else None


def is_injection(lot: Lot) -> bool:
    """Whether the lot is an injection, by its column or by its name."""
    if lot.dosage_form is not None:
        return lot.dosage_form in (DosageForm.SMALL_INJECTION, DosageForm.LARGE_INJECTION)
    return bool(_INJECTION.search(lot.product))
