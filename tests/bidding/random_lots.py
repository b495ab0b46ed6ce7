"""Random small rounds: few price levels, so that ties and prices on a line are frequent.

Everything is drawn by ``pick(low, high)``, a whole number from low to high: hypothesis draws it and
shrinks it, a seeded generator repeats it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

import numpy as np

from bidding.bid_sheet import (
    Answer,
    Bid,
    Category,
    Choice,
    DosageForm,
    Lot,
    QuestionKind,
    Quote,
    Round,
    Strength,
    Volume,
)
from pricing.money import UnitPrice

T = TypeVar("T")
Pick = Callable[[int, int], int]

FACTORS = {"m": "1", "h": "0.6", "d": "1.7", "t": "2.3"}
"""How much dearer a unit of each strength tends to be; 1.7 is K of the double strength."""

RATIOS = {"m": "1", "h": "0.5", "d": "2", "t": "3"}

SMALL_LEVELS = [
    "0.05",
    "0.09",
    "0.10",
    "0.15",
    "0.18",
    "0.27",
    "0.30",
    "0.50",
    "0.54",
    "0.60",
    "0.90",
    "1.00",
    "1.10",
    "1.62",
    "5",
    "9",
    "10",
]
DEVICE_LEVELS = [
    "500",
    "650",
    "700",
    "798",
    "799",
    "900",
    "910",
    "1260",
    "1583.34",
    "2850",
    "2851",
    "3000",
]


@dataclass(frozen=True, slots=True)
class Setting:
    """What kind of small round is drawn for a rulebook.

    Attributes:
        rulebook: Its identifier.
        options: What the round supplies.
        levels: Unit prices of the main strength, in yuan.
        categories: Categories with shares.
        strengths: Labels that a lot may have.
        supplies: Whether some bids supply some strengths only.
        brands: Whether need is reported by brand.
        joint: Whether joint bids occur.
        groups: Whether bids declare groups.
        grouped_by_brand: Whether need by brand makes the groups, so that some is always reported.
        units: Sizes of packs; others than 1 are priced by the cent.
        ceilings: Whether every lot has ceilings.
        makers: How many makers there are; none for one of its own for nearly every bid.
        lots: Most lots in a round.
        most_bids: Most bids in a lot.
    """

    rulebook: str
    options: Mapping[str, object]
    levels: Sequence[str] = tuple(SMALL_LEVELS)
    categories: Sequence[str] = ("general",)
    strengths: Sequence[str] = ("m", "h", "d", "t")
    supplies: bool = False
    brands: bool = False
    joint: bool = False
    groups: bool = False
    grouped_by_brand: bool = False
    units: Sequence[int] = (1, 1, 7, 10)
    ceilings: bool = False
    makers: int = 0
    lots: int = 1
    most_bids: int = 8


def seeded(seed: int) -> Pick:
    """A source of whole numbers that repeats itself."""
    generator = np.random.default_rng(seed)
    stock: list[float] = []

    def pick(low: int, high: int) -> int:
        if not stock:
            stock.extend(generator.random(4096).tolist())
        return low + int(stock.pop() * (high - low + 1))

    return pick


def one_of(pick: Pick, choices: Sequence[T]) -> T:
    return choices[pick(0, len(choices) - 1)]


def chance(pick: Pick, one_in: int) -> bool:
    return pick(0, one_in - 1) == one_in - 1


def shuffled(pick: Pick, items: Sequence[T]) -> list[T]:
    left, order = list(items), []
    while left:
        order.append(left.pop(pick(0, len(left) - 1)))
    return order


def random_round(pick: Pick, setting: Setting) -> Round:
    """A round of one lot or a few."""
    count = pick(1, setting.lots)
    names = [f"L{number}" for number in range(1, count + 1)]
    lots = [random_lot(pick, name, setting) for name in names]
    bids = [bid for lot in lots for bid in random_bids(pick, lot, setting)]
    volumes = [volume for lot in lots for volume in random_volumes(pick, lot, bids, setting)]
    choices = [choice for lot in lots for choice in random_choices(pick, lot, bids, volumes)]
    return Round(
        title="random",
        rulebook=setting.rulebook,
        opened_on=None,
        lots=tuple(lots),
        bids=tuple(bids),
        volumes=tuple(volumes),
        choices=tuple(choices),
        options=setting.options,
    )


def random_lot(pick: Pick, name: str, setting: Setting) -> Lot:
    labels = setting.strengths[: pick(1, len(setting.strengths))]
    highest = [Decimal(level) for level in setting.levels[len(setting.levels) // 3 :]]
    limit = (
        None
        if not setting.ceilings and chance(pick, 3)
        else one_of(pick, highest) * one_of(pick, (1, 2))
    )
    return Lot(
        lot=name,
        product="样品",
        strengths={label: random_strength(label, limit) for label in labels},
        dosage_form=one_of(pick, (None, *DosageForm)),
        category=Category(one_of(pick, setting.categories)),
    )


def random_strength(label: str, limit: Decimal | None) -> Strength:
    ceiling = None if limit is None else limit * Decimal(FACTORS.get(label, "1"))
    return Strength(label, Decimal(RATIOS.get(label, "1")), ceiling)


def random_bids(pick: Pick, lot: Lot, setting: Setting) -> list[Bid]:
    levels = [Decimal(one_of(pick, setting.levels)) for _ in range(4)]
    count = pick(1, setting.most_bids)
    names = shuffled(pick, "ABCDEFGHIJKLMNOP"[:count])
    return [random_bid(pick, lot, name, names, levels, setting) for name in names]


def random_bid(
    pick: Pick,
    lot: Lot,
    name: str,
    names: Sequence[str],
    levels: Sequence[Decimal],
    setting: Setting,
) -> Bid:
    labels = list(lot.strengths)
    quoted = {one_of(pick, labels)} if pick(0, 3) else set(labels)
    quotes = [random_quote(pick, label, levels, setting) for label in labels if label in quoted]
    supplies = frozenset(label for label in labels if pick(0, 2))
    return Bid(
        lot=lot.lot,
        bid=name,
        manufacturer=random_maker(pick, name, names, setting),
        quotes=tuple(quotes),
        is_originator=chance(pick, 4),
        control_group=one_of(pick, (names[0], "组")) if chance(pick, 6) else None,
        joint_bid="联" if setting.joint and chance(pick, 6) else None,
        group=one_of(pick, ("A", "B")) if setting.groups else None,
        supplies=supplies if setting.supplies and supplies and chance(pick, 3) else None,
        regions_covered=one_of(pick, (None, 1, 2)),
        prior_supply=one_of(pick, (None, 1, 2)),
        passed_on=one_of(pick, (None, date(2020, 1, 1), date(2021, 1, 1))),
        cost_statement=one_of(pick, (None, True, False)),
        quality_score=one_of(pick, (None, Decimal(80), Decimal("80.5"))),
    )


def random_maker(pick: Pick, name: str, names: Sequence[str], setting: Setting) -> str:
    if setting.makers:
        return one_of(pick, "MNPQ"[: setting.makers])
    return one_of(pick, names) if chance(pick, 8) else name


def random_quote(pick: Pick, label: str, levels: Sequence[Decimal], setting: Setting) -> Quote:
    if chance(pick, 20):
        return Quote(label, None)
    # At K the double strength has prices of three decimals: not in every pack they are cents.
    sizes = [size for size in setting.units if label in ("m", "h") or size in (1, 10)]
    units = one_of(pick, sizes)
    price = one_of(pick, levels) * Decimal(FACTORS.get(label, "1")) * units
    step = Decimal("0.01") if units > 1 else Decimal("0.000001")
    more = one_of(pick, (0, 0, 0, 0, 1, -1)) * step
    return Quote(label, UnitPrice((price + more).quantize(step), units))


def random_volumes(pick: Pick, lot: Lot, bids: Sequence[Bid], setting: Setting) -> list[Volume]:
    labels = [*lot.strengths.values(), Strength("unlisted", Decimal(7))]
    brands = [bid.manufacturer for bid in bids if bid.lot == lot.lot]
    reported = []
    if setting.grouped_by_brand:
        reported.append(Volume("京", lot.lot, "m", Decimal(1), pick(1, 25), brands[0]))
    for region in "北上广川"[: pick(0, 4)]:
        for _ in range(pick(1, 3)):
            strength = one_of(pick, labels)
            by_name = not setting.brands or chance(pick, 3)
            reported.append(
                Volume(
                    region,
                    lot.lot,
                    strength.label,
                    strength.ratio,
                    pick(0, 25),
                    None if by_name else one_of(pick, [*brands, "none of them"]),
                )
            )
    return shuffled(pick, reported)


def random_choices(
    pick: Pick, lot: Lot, bids: Sequence[Bid], volumes: Sequence[Volume]
) -> list[Choice]:
    """No wishes, everybody's whole list, or lists that may end early."""
    kind = pick(0, 2)
    regions = sorted({volume.region for volume in volumes if volume.lot == lot.lot})
    choices = []
    for bid in bids:
        if bid.lot != lot.lot or kind == 0:
            continue
        for spare in (False, True):
            wished = shuffled(pick, regions)
            wished = wished[: pick(0, len(wished))] if kind == 2 else wished
            for order, region in enumerate(wished, start=1):
                choices.append(Choice(lot.lot, bid.bid, order, region, spare))
    return choices


def random_answers(pick: Pick, round_: Round) -> list[Answer]:
    """What people said of bids: of most nothing."""
    if pick(0, 1):
        return []
    answers = []
    for bid in round_.bids:
        for kind, one_in in (("tie", 2), ("revive", 2), ("cut", 2), ("withdraw", 12)):
            if chance(pick, one_in):
                price = Decimal("0.01") if kind in ("revive", "cut") and chance(pick, 4) else None
                yes = bool(pick(0, 1))
                answers.append(Answer(bid.lot, bid.bid, QuestionKind(kind), yes, price))
    return answers
