"""How the chair may join the two groups' prices: policies by name, and what they are in words."""

from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from pricing.money import CENT
from procurement.errors import FieldFault, InvalidInputError

POLICY_WORDS: Mapping[str, tuple[str, str]] = {
    "strict-min": ("两组取低", "the lower of the two"),
    "fund-binding-economics-cap": (
        "以基金组为准，经济学组封顶",
        "the fund's, capped by the economics group's",
    ),
    "weighted-geometric-mean": ("加权几何平均", "weighted geometric mean"),
    "expert-corridor": ("专家区间（最低至中位）", "expert corridor (lowest to median)"),
}
"""The policies; none is claimed to be the authority's own, which is not public."""

WEIGHED = frozenset({"weighted-geometric-mean", "expert-corridor"})
"""Policies that need a number: the economics group's weight, or the place in the corridor."""


_WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN)
"""Far wider than two prices and a weight: what it rounds is no part of a cent."""
_NEAR = Decimal("1e-60")
"""A mean this near to a whole cent is that cent: logarithms end somewhere, a root need not."""


def combined(policy: str, *, economics: Decimal, fund: Decimal, weight: Decimal | None) -> Decimal:
    """Return the maximum payable price by a policy, rounded down to the cent.

    The policies are those of `pricing.ceilings.combine` for two prices, computed in decimals: two
    equal prices give that price, and no policy leaves the range between the two.

    Args:
        policy: One of `POLICY_WORDS`.
        economics: The economics group's price, above zero.
        fund: The fund group's price, above zero.
        weight: Of the economics group's price in a mean, or the place in the corridor; 0 to 1.

    Raises:
        InvalidInputError: The policy gives no price.

    Examples:
        >>> two = {"economics": Decimal("120.00"), "fund": Decimal("100.10"), "weight": None}
        >>> combined("strict-min", **two)
        Decimal('100.10')
        >>> half = {"economics": Decimal("9.00"), "fund": Decimal("4.00"), "weight": Decimal("0.5")}
        >>> combined("weighted-geometric-mean", **half)
        Decimal('6.00')
    """
    join = _POLICIES.get(policy)
    if join is None:
        raise InvalidInputError([FieldFault("policy", "请选择合议办法。", "Choose a policy.")])
    if min(economics, fund) <= 0:
        raise InvalidInputError(
            [FieldFault("policy", "价格须大于零。", "Expected prices above 0.")]
        )
    joined = join(economics, fund, Decimal(0) if weight is None else weight)
    between = min(max(joined, min(economics, fund)), max(economics, fund))
    return _floor(between)


def _floor(price: Decimal) -> Decimal:
    nearest = price.quantize(CENT, ROUND_HALF_EVEN, _WIDE)
    if abs(_WIDE.subtract(price, nearest)) < _NEAR:
        return nearest
    return price.quantize(CENT, ROUND_FLOOR, _WIDE)


def _lower(economics: Decimal, fund: Decimal, weight: Decimal) -> Decimal:
    return min(economics, fund)


def _geometric_mean(economics: Decimal, fund: Decimal, weight: Decimal) -> Decimal:
    logarithm = _WIDE.fma(
        weight,
        _WIDE.ln(economics),
        _WIDE.multiply(_WIDE.subtract(Decimal(1), weight), _WIDE.ln(fund)),
    )
    return _WIDE.exp(logarithm)


def _corridor(economics: Decimal, fund: Decimal, weight: Decimal) -> Decimal:
    # The median of two is halfway between them.
    low, width = min(economics, fund), _WIDE.abs(_WIDE.subtract(economics, fund))
    return _WIDE.fma(weight, _WIDE.divide(width, Decimal(2)), low)


_POLICIES: Mapping[str, Callable[[Decimal, Decimal, Decimal], Decimal]] = {
    "strict-min": _lower,
    "fund-binding-economics-cap": _lower,
    "weighted-geometric-mean": _geometric_mean,
    "expert-corridor": _corridor,
}
