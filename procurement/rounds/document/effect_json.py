"""The effect of an amendment as JSON: stored with it, and served."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from procurement.rounds.document.effect import LotEffect, RoundEffect, Spend

Fields = dict[str, Any]


def write_effects(effects: Iterable[RoundEffect]) -> str:
    """Write effects as JSON, with exact decimals as strings.

    Examples:
        >>> effect = RoundEffect("a", "甲", 1, 2, 3, None, Spend(Decimal("1.50"), Decimal(2)), ())
        >>> read_effects(write_effects([effect])) == (effect,)
        True
    """
    fields = [asdict(effect) for effect in effects]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{value!r} is no part of an effect")


def read_effects(text: str) -> tuple[RoundEffect, ...]:
    """Read what `write_effects` wrote."""
    return tuple(_round(fields) for fields in json.loads(text))


def _round(fields: Fields) -> RoundEffect:
    return RoundEffect(
        **{
            **fields,
            "spend_before": _spend(fields["spend_before"]),
            "spend_after": _spend(fields["spend_after"]),
            "changed": tuple(_lot(lot) for lot in fields["changed"]),
        }
    )


def _lot(fields: Fields) -> LotEffect:
    return LotEffect(
        **{
            **fields,
            "joined": tuple(fields["joined"]),
            "left": tuple(fields["left"]),
            "moved": tuple((bid, old, new) for bid, old, new in fields["moved"]),
            "share_before": _decimal(fields["share_before"]),
            "share_after": _decimal(fields["share_after"]),
            "spend_before": _spend(fields["spend_before"]),
            "spend_after": _spend(fields["spend_after"]),
        }
    )


def _spend(fields: Fields | None) -> Spend | None:
    return None if fields is None else Spend(Decimal(fields["least"]), Decimal(fields["most"]))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
