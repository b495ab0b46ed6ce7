"""The needed price: the highest price at which a losing bid would have been selected.

All other bids stay as they are. The answer is on the grid of declared prices (a cent a pack, or
a millionth of a yuan a unit), so that it can be checked by putting it back: the bid is selected
at the needed price and not one step above it.

- ``bounds``: most documents select by rank and by upper bounds on the price: there the answer is
  the smallest of a few bounds.
- ``search``: where a bid's own price moves the lines, prices are tried at which something can
  change, and the boundary is found by halving.
"""

from bidding.contender import Contender, Field
from bidding.needed_price.bounds import bounded_price, has_bounds
from bidding.needed_price.search import search_price
from bidding.rules import RoundRules
from pricing.money import UnitPrice


def needed_price(contender: Contender, field: Field, rules: RoundRules) -> UnitPrice | None:
    """The needed price of a bid that was not selected.

    Args:
        contender: The bid.
        field: Its field, decided.
        rules: The rules of the round.

    Returns:
        The price for the bid's pack; None where no price would have been selected, where nothing
        limits it, and where a condition that could select it is not known.
    """
    if field.conditions.unknown:
        return None
    if has_bounds(field, rules):
        return bounded_price(contender, field)
    return search_price(contender, field, rules)


__all__ = ["needed_price"]
