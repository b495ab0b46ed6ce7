"""The price of the smallest unit that is sold, from the price of a pack."""

from decimal import Decimal

from pricing.faults import Fault, ModelFaultsError
from pricing.money import UnitPrice, round_half_up
from pricing.stated_rules import StatedRules


def unit_price(pack_price: Decimal, pack_units: int, rules: StatedRules) -> Decimal:
    """Convert a pack's price to its smallest unit, half up.

    Args:
        pack_price: In yuan.
        pack_units: Smallest units in the pack.
        rules: A rulebook of kind ``standard`` that knows ``unit_price.decimals``.

    Raises:
        ModelFaultsError: A pack without units.
        RuleNotStatedError: To how many decimals is not stated, and no option supplies it.

    Examples:
        >>> rules = StatedRules.of("standard-fujian-2025", {"unit_price.decimals": 4})
        >>> unit_price(Decimal("10"), 16, rules)
        Decimal('0.6250')
    """
    if pack_units < 1:
        en = f"{pack_units} units: expected 1 or more"
        raise ModelFaultsError([Fault("pack_units", f"{pack_units}：须为 1 或以上", en)])
    rules.required("unit_price.rounding")
    shown = UnitPrice(pack_price, pack_units).shown
    return round_half_up(shown, rules.count("unit_price.decimals"))
