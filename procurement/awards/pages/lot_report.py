"""A lot of a stored report as the engine made it, for the picture that is drawn from it."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bidding.report import LotReport, Number, Outcome, Status, Step

Fields = Mapping[str, Any]

_WORDS = frozenset(
    {"strength", "group", "standing", "maker", "grade", "length", "numbers", "regions"}
)
"""Figures of steps that are names or texts, even where they look like a number."""

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


def read_lot(lot: Fields) -> LotReport:
    """Read a lot of a report document; questions and allocations are left out.

    Examples:
        >>> step = {"code": "places", "clause": "c", "bid": None, "numbers": {"places": 2}}
        >>> lot = read_lot({"lot": "L1", "product": "p", "bidders": 3, "places": 2, "share": "0.5",
        ...     "cycle_years": 1, "ends_on": None, "base_volume": 9, "agreed_volume": None,
        ...     "outcomes": [], "steps": [step], "winners": []})
        >>> lot.share, lot.steps[0].numbers
        (Decimal('0.5'), {'places': 2})
    """
    steps = tuple(_step(one) for one in lot["steps"])
    return LotReport(
        lot=lot["lot"],
        product=lot["product"],
        bidders=lot["bidders"],
        places=lot["places"],
        share=_decimal(lot["share"]),
        cycle_years=lot["cycle_years"],
        ends_on=None if lot["ends_on"] is None else date.fromisoformat(lot["ends_on"]),
        base_volume=lot["base_volume"],
        agreed_volume=lot["agreed_volume"],
        outcomes=tuple(_outcome(one, lot["steps"], steps) for one in lot["outcomes"]),
        allocations=(),
        pending=(),
        steps=steps,
        winners=tuple(lot["winners"]),
    )


def _step(step: Fields) -> Step:
    numbers = {name: _number(name, value) for name, value in step["numbers"].items()}
    return Step(step["code"], step["clause"], step["bid"], numbers)


def _number(name: str, value: str | int) -> Number:
    if isinstance(value, str) and name not in _WORDS and _DECIMAL.fullmatch(value):
        return Decimal(value)
    return value


def _outcome(outcome: Fields, written: list[Fields], steps: tuple[Step, ...]) -> Outcome:
    decided = [
        step
        for one, step in zip(written, steps, strict=True)
        if one["bid"] == outcome["bid"] and one["zh"] == outcome["reason"]
    ]
    names, spare = outcome["region_names"], outcome["spare_regions"]
    return Outcome(
        bid=outcome["bid"],
        manufacturer=outcome["manufacturer"],
        strength=outcome["strength"],
        declared_price=_decimal(outcome["declared_price"]),
        comparable_price=_decimal(outcome["comparable_price"]),
        rank=outcome["rank"],
        status=Status(outcome["status"]),
        offer_price=_decimal(outcome["offer_price"]),
        needed_price=_decimal(outcome["needed_price"]),
        needed_pack_price=_decimal(outcome["needed_pack_price"]),
        reason=decided[-1] if decided else Step("places-unlimited", outcome["clause"], None, {}),
        regions=outcome["regions"],
        region_names=None if names is None else tuple(names),
        spare_regions=None if spare is None else tuple(spare),
        agreed_volume=outcome["agreed_volume"],
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
