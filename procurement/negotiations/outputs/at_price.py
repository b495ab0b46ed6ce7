"""Everything at one price: what is affine in it, with what limits it."""

from dataclasses import dataclass

from procurement.negotiations.outputs.charts.lettering import PLAIN, Scale, figure, money_scale
from procurement.negotiations.outputs.figures import Dossier, PriceLine
from procurement.negotiations.outputs.said import Reader, Said

LARGE = 1e4

SLACK = 1e-12
"""Part of a cap by which binary fractions may go beyond it."""


@dataclass(frozen=True, slots=True)
class AtPrice:
    """One thing that is affine in the price, with what limits it: zero + price x slope.

    Attributes:
        name: What it is.
        unit: In which it is shown.
        zero: Its value at a price of 0, in that unit.
        slope: What one yuan of price adds.
        cap: What it must not exceed; none where nothing limits it.
        value: Its value at the price that is asked for.
        decimals: With which it is shown.
        is_affine: Whether zero and slope say all of it, so that a script can follow the price.
    """

    name: str
    unit: str
    zero: float
    slope: float
    cap: float | None
    value: float
    decimals: int
    is_affine: bool = True

    @property
    def shown(self) -> str:
        """The value as it is read."""
        return figure(self.value, self.decimals)

    @property
    def shown_cap(self) -> str:
        """The cap as it is read."""
        return "—" if self.cap is None else figure(self.cap, self.decimals)

    @property
    def shown_room(self) -> str:
        """What is left below the cap."""
        return "—" if self.cap is None else figure(self.cap - self.value, self.decimals)

    @property
    def holds(self) -> bool | None:
        """Whether the cap is kept; none where there is none."""
        return None if self.cap is None else self.value <= self.cap * (1 + 1e-12) + 1e-9


def at_price(dossier: Dossier, price: float, reader: Reader) -> list[AtPrice]:
    """Impacts, ratios and given prices at a price, each with what limits it."""
    amounts = [one for line in dossier.lines for one in (line.at(price), line.cap or 0.0)]
    scale = money_scale(amounts, reader)
    # Cents of large amounts say nothing and take the room of a phone.
    decimals = 0 if scale is PLAIN and max(map(abs, amounts), default=0.0) >= LARGE else 2
    rows = [
        _affine(
            line.name.text(reader),
            scale.unit(reader),
            line.at_zero / scale.divisor,
            line.slope / scale.divisor,
            None if line.cap is None else line.cap / scale.divisor,
            price,
            decimals,
        )
        if line.is_affine
        else _bent(line, scale, price, reader)
        for line in dossier.lines
    ]
    for ratio in dossier.ratios:
        zh = f"增量成本效果比，与 {ratio.comparator} 比"
        rows.append(
            _affine(
                Said(zh, f"ratio against {ratio.comparator}").text(reader),
                Said("¤/单位效果", "¤ per unit of effect").text(reader),
                ratio.cost / ratio.effect,
                ratio.units / ratio.effect,
                dossier.threshold,
                price,
                0,
            )
        )
    own = [row for row in dossier.ceilings if row.price is not None]
    rows += [
        _affine(
            row.name.text(reader),
            Said("¤", "¤").text(reader),
            0.0,
            1.0,
            float(row.price or 0),
            price,
            2,
        )
        for row in own
        if row.is_given
    ]
    return rows


def _bent(line: PriceLine, scale: Scale, price: float, reader: Reader) -> AtPrice:
    """An impact that is no straight line: its value, which no script can follow."""
    return AtPrice(
        line.name.text(reader),
        scale.unit(reader),
        0.0,
        0.0,
        None if line.cap is None else line.cap / scale.divisor,
        line.at(price) / scale.divisor,
        2,
        is_affine=False,
    )


def _affine(
    name: str, unit: str, zero: float, slope: float, cap: float | None, price: float, decimals: int
) -> AtPrice:
    return AtPrice(name, unit, zero, slope, cap, zero + slope * price, decimals)
