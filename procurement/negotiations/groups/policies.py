"""How the chair may join the two groups' prices: policies by name, and what they are in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from pricing.ceilings import Ceiling, Combination, Policy, combine
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


def combined(policy: str, *, economics: Decimal, fund: Decimal, weight: Decimal | None) -> Decimal:
    """Return the maximum payable price by a policy, rounded down to the cent.

    Args:
        policy: One of `POLICY_WORDS`.
        economics: The economics group's price.
        fund: The fund group's price.
        weight: Of the economics group's price in a mean, or the place in the corridor; 0 to 1.

    Raises:
        InvalidInputError: The policy gives no price.

    Examples:
        >>> two = {"economics": Decimal("120.00"), "fund": Decimal("100.10"), "weight": None}
        >>> combined("strict-min", **two)
        Decimal('100.10')
    """
    share = 0.0 if weight is None else float(weight)
    ceilings = (
        Ceiling("icer", "economics", price=economics, exact=float(economics)),
        Ceiling("budget-every-year", "fund", price=fund, exact=float(fund)),
    )
    chosen = Combination(
        cast("Policy", policy),
        weights=(("economics", share), ("fund", 1.0 - share)) if policy in WEIGHED else (),
        position=share if policy == "expert-corridor" else 0.0,
    )
    joined = combine(ceilings, chosen)
    if joined.price is None:
        zh, en = joined.why or ("没有价格", "no price")
        raise InvalidInputError([FieldFault("policy", zh, en)])
    return joined.price
