"""Ceilings that are prices already: of the reference drug, and of other countries."""

from fractions import Fraction

from pricing.ceilings.constraints import InternationalPrice, ReferencePrice


def given_price(constraint: ReferencePrice | InternationalPrice) -> Fraction:
    """The price that a constraint states, exactly.

    Examples:
        >>> from fractions import Fraction
        >>> given_price(ReferencePrice(Fraction(24000), premium=0.1))
        Fraction(26400, 1)
        >>> abroad = (("X", 3.0), ("Y", 1.0), ("Z", 2.0))
        >>> rules = ("min", "mean", "rank-3")
        >>> [int(given_price(InternationalPrice(abroad, rule))) for rule in rules]
        [1, 2, 3]
    """
    if isinstance(constraint, ReferencePrice):
        return constraint.price * (1 + _exact(constraint.premium))
    prices = {country: _exact(price) for country, price in constraint.prices}
    if constraint.rule == "gdp-adjusted-mean":
        own = _exact(constraint.own_gdp_per_head or 0.0)
        gdp = dict(constraint.gdp_per_head)
        prices = {country: price * own / _exact(gdp[country]) for country, price in prices.items()}
    if constraint.rule.endswith("mean"):
        return sum(prices.values(), Fraction(0)) / len(prices)
    rank = 1 if constraint.rule == "min" else int(constraint.rule.removeprefix("rank-"))
    return sorted(prices.values())[rank - 1]


def relief_of(constraint: ReferencePrice | InternationalPrice) -> Fraction:
    """What the ceiling gains where all prices that it rests on rise by a yuan.

    Examples:
        >>> relief_of(ReferencePrice(Fraction(24000), premium=0.25))
        Fraction(5, 4)
    """
    if isinstance(constraint, ReferencePrice):
        return 1 + _exact(constraint.premium)
    if constraint.rule != "gdp-adjusted-mean":
        return Fraction(1)
    own = _exact(constraint.own_gdp_per_head or 0.0)
    gdp = [_exact(value) for country, value in constraint.gdp_per_head]
    return sum((own / value for value in gdp), Fraction(0)) / len(gdp)


def _exact(number: float) -> Fraction:
    # What was written, 0.1 for 0.1, not the binary number beside it.
    return Fraction(repr(float(number)))
