"""Regions of the example, which writes their names, and of the platform, which keeps codes."""

from dataclasses import replace

from bidding.bid_sheet import Round as Sheet
from procurement.accounts.divisions import PROVINCES

DECIDED = ("上海", "江苏", "浙江", "安徽", "山东", "河南", "广东", "四川")
"""Regions of the round that is decided: as many as let each winner of the example supply one.

The lot with most winners has seven, of whom the first chooses twice before the second.
"""

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
        ...     Volume(name, "L01", "1mg", Decimal(1), 100) for name in ("安徽", "上海", "西藏")
        ... )
        >>> region_codes(Sheet("", "national-3", None, (), (), volumes))
        {'上海': '310000', '安徽': '340000'}
    """
    known = {volume.region for volume in example.volumes}
    # What stands in brackets says who reports together with a province: 新疆(含兵团).
    return {name: _CODES[name.partition("(")[0]] for name in DECIDED if name in known}


def decided_part(example: Sheet) -> Sheet:
    """The example with the volumes of those regions only."""
    codes = region_codes(example)
    volumes = tuple(volume for volume in example.volumes if volume.region in codes)
    return replace(example, volumes=volumes)
