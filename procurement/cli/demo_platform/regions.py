"""Regions of the example, which writes their names, and of the platform, which keeps codes."""

from bidding.bid_sheet import Round as Sheet
from procurement.accounts.divisions import PROVINCES

_CODES = {zh: code for code, (zh, _en) in PROVINCES.items()}


def region_name(region: str) -> str:
    """The name of a region as the example writes it."""
    return PROVINCES[region][0]


def region_codes(example: Sheet) -> dict[str, str]:
    """Codes of the regions of the round that is decided, by the name that the example writes.

    Args:
        example: Regions without any volume in it are left out.

    Examples:
        >>> from bidding.bid_sheet import Volume
        >>> from decimal import Decimal
        >>> volumes = tuple(
        ...     Volume(name, "L01", "1mg", Decimal(1), 100) for name in ("安徽", "新疆(含兵团)")
        ... )
        >>> region_codes(Sheet("", "national-3", None, (), (), volumes))
        {'安徽': '340000', '新疆(含兵团)': '650000'}
    """
    # What stands in brackets says who reports together with a province: 新疆(含兵团).
    codes = {one.region: _CODES[one.region.partition("(")[0]] for one in example.volumes}
    return dict(sorted(codes.items(), key=lambda item: item[1]))
