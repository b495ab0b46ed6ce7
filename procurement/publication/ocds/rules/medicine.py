"""Items of medicines, with the fields of the medicine extension as far as they are known."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from procurement.catalogue.rules import read_strength
from procurement.publication.ocds.rules.facts import LotFacts
from procurement.publication.ocds.rules.json_text import Document
from procurement.publication.ocds.rules.values import given

UNIT_SCHEME = "UCUM"
"""Units of strengths: the Unified Code for Units of Measure, where it has the unit."""

_UNITS = {
    "g": (("g", 1), ("mg", 10**3), ("ug", 10**6), ("ng", 10**9)),
    "ml": (("mL", 1), ("uL", 10**3)),
    "IU": (("[iU]", 1),),
    "mol": (("mol", 1), ("mmol", 10**3)),
}
"""By what is measured: units from large to small, and how many of them make up its unit."""

ORAL_FORM, BY_MOUTH = "oral-solid", "PO"
"""The one form of the platform that says how it is taken; code of administrationRoute."""


def medicine_fields(lot: LotFacts, label: str | None) -> Document:
    """Return the fields of the medicine extension of an item.

    The dosage form is that of the platform, which the extension's open codelist allows: a lot's
    form (口服常释剂型) covers several of the codes there. What is not known is left out.

    Args:
        lot: The lot.
        label: Of the strength; None where the item is not of one strength.

    Examples:
        >>> lot = LotFacts("L01", "阿那曲唑 口服常释剂型", "片", (), "阿那曲唑", "oral-solid")
        >>> medicine_fields(lot, "1mg")["activeIngredients"][0]["strength"]
        {'value': '[1,1]', 'unit': {'scheme': 'UCUM', 'id': 'mg'}}
    """
    return _fields(lot.generic_name, lot.dosage_form, label)


@lru_cache(maxsize=4096)
def _fields(generic_name: str | None, dosage_form: str | None, label: str | None) -> Document:
    """The same for every winner of a lot, and in every release: nobody changes them."""
    strength = None if label is None else _quantity(label)
    ingredient = given(name=generic_name, strength=strength)
    # Two ingredients have two strengths, which the label does not tell apart by name.
    return given(
        activeIngredients=[ingredient] if generic_name else None,
        dosageForm=dosage_form,
        administrationRoute=BY_MOUTH if dosage_form == ORAL_FORM else None,
    )


def _quantity(label: str) -> Document | None:
    """A strength in the largest unit in which it is whole: the extension writes whole numbers."""
    read = read_strength(label)
    content = None if read is None else read.content
    if content is None:
        return None
    for unit, of_one in _UNITS.get(content.measure, ()):
        count: Fraction = content.size * of_one
        if count.denominator == 1:
            whole = Decimal(count.numerator)
            return {
                "value": f"[{whole:f},{whole:f}]",
                "unit": {"scheme": UNIT_SCHEME, "id": unit},
            }
    return None
