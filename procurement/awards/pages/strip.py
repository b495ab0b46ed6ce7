"""A lot's places and shares as one strip: who holds which place, and how much goes to whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bidding.report import Status
from procurement.awards.pages.shown import ShownBid, ShownLot

WHOLE = Decimal(100)
LABELLED_FROM = Decimal(7)
"""Per cent of the width from which a part has room for its label on a phone."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a strip; places are in per cent of its width.

    Attributes:
        x: Where it begins.
        width: How wide it is.
        label: What stands in it, where there is room.
        words: What it is, in Chinese and English.
        is_filled: A winner's.
    """

    x: Decimal
    width: Decimal
    label: str
    words: tuple[str, str]
    is_filled: bool

    @property
    def middle(self) -> Decimal:
        """Where its label is centred."""
        return self.x + self.width / 2

    @property
    def has_room(self) -> bool:
        """Whether its label fits in."""
        return self.width >= LABELLED_FROM


@dataclass(frozen=True, slots=True)
class Strip:
    """Places above, shares below.

    Attributes:
        places: One part for each place; none where places are not limited.
        shares: One part for each winner, and what is not agreed.
        is_by_regions: Shares count regions, since volumes follow only when they are chosen.
    """

    places: tuple[Part, ...]
    shares: tuple[Part, ...]
    is_by_regions: bool

    def described(self, language: str) -> str:
        """All of it in words, for those who do not see it."""
        at = 1 if language == "en" else 0
        return (", " if at else "，").join(part.words[at] for part in (*self.places, *self.shares))


def strip_of(lot: ShownLot) -> Strip | None:
    """Return the strip of a lot; None where nobody is selected yet.

    Args:
        lot: As it is shown: it has winners where their names may be seen.
    """
    selected = lot.selected
    if not selected:
        return None
    by_regions = any(bid.agreed_volume is None for bid in selected)
    return Strip(
        places=tuple(_places(lot, selected)),
        shares=tuple(_shares(lot, selected, by_regions=by_regions)),
        is_by_regions=by_regions,
    )


def _places(lot: ShownLot, selected: Sequence[ShownBid]) -> Iterator[Part]:
    if not lot.places:
        return
    width = (WHOLE / lot.places).quantize(Decimal("0.001"))
    # Who wins without volume takes no place.
    holders = [bid for bid in selected if bid.status != Status.SELECTED_WITHOUT_VOLUME]
    for number in range(lot.places):
        holder = holders[number] if number < len(holders) else None
        label = str(number + 1)
        words = (
            (f"名额{label}：空缺", f"place {label}: vacant")
            if holder is None
            else (f"名额{label}：{holder.bid}", f"place {label}: {holder.bid}")
        )
        yield Part(width * number, width, label, words, holder is not None)


def _shares(lot: ShownLot, selected: Sequence[ShownBid], *, by_regions: bool) -> Iterator[Part]:
    sizes = [(bid.regions if by_regions else bid.agreed_volume) or 0 for bid in selected]
    whole = sum(sizes) if by_regions else max(sum(sizes), lot.base_volume or 0)
    if whole == 0:
        return
    x = Decimal(0)
    for number, (bid, size) in enumerate(zip(selected, sizes, strict=True), start=1):
        if size == 0:
            continue
        width = (WHOLE * size / whole).quantize(Decimal("0.001"))
        figure = str(size) if by_regions else f"{width:.1f}%"
        unit = ("个地区", " regions") if by_regions else ("", "")
        words = (f"{bid.bid} {figure}{unit[0]}", f"{bid.bid} {figure}{unit[1]}")
        yield Part(x, width, f"{bid.rank or number}", words, is_filled=True)
        x += width
    rest = WHOLE - x
    if not by_regions and rest >= Decimal("0.1"):
        words = (f"未约定 {rest:.1f}%", f"not agreed {rest:.1f}%")
        yield Part(x, rest, "", words, is_filled=False)
