"""The dosage form of a product, read from its printed name."""

from decimal import Decimal

from bidding.bid_sheet import DosageForm, Lot, Strength
from bidding.dosage_form import dosage_form_of
from procurement.catalogue.kinds import ProductKind

_WITHOUT_FORM = frozenset({ProductKind.CONSUMABLE, ProductKind.TCM_PIECES})


def dosage_form_of_name(
    name: str,
    printed_form: str = "",
    *,
    strength: str = "",
    kind: ProductKind = ProductKind.CHEMICAL,
) -> DosageForm | None:
    """Read the dosage form that rules ask for from generic name, printed form and strength.

    The same reading as for the lots of a round (`bidding.dosage_form`), so that the catalogue and
    an evaluation never differ.

    Args:
        name: Generic name.
        printed_form: Dosage form as printed, such as 片剂.
        strength: Label of a strength: it tells large-volume injections from small ones.
        kind: Consumables and prepared pieces have no dosage form.

    Returns:
        The form, or None where the name tells nothing.

    Examples:
        >>> dosage_form_of_name("阿那曲唑", "片剂")
        <DosageForm.ORAL_SOLID: 'oral-solid'>
        >>> dosage_form_of_name("左氧氟沙星", "注射剂", strength="100ml:0.5g")
        <DosageForm.LARGE_INJECTION: 'large-injection'>
        >>> dosage_form_of_name("冠脉支架", kind=ProductKind.CONSUMABLE) is None
        True
    """
    if kind in _WITHOUT_FORM:
        return None
    strengths = {strength: Strength(strength, Decimal(1), None)} if strength else {}
    return dosage_form_of(Lot("", f"{name}{printed_form}", strengths))
