"""An amendment before it is issued: what is to change in rules, dates and prices.

Its JSON form is what one officer proposes and another confirms, byte for byte.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from procurement.rounds.options import read_options, write_options

Strength = tuple[str, str]
"""Code of the lot and label of the strength."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What is to change.

    Attributes:
        reason: Why; printed in the notice.
        rules: Raw values by rule; ``"none"`` drops a rule.
        dates: New moments by the names of `procurement.rounds.rules.DATE_NAMES`.
        prices: New ceilings (benchmarks, in an inquiry) by lot and strength, yuan per unit.
    """

    reason: str
    rules: Mapping[str, object] = field(default_factory=dict)
    dates: Mapping[str, datetime] = field(default_factory=dict)
    prices: Mapping[Strength, Decimal] = field(default_factory=dict)


def write_amendment(amendment: Amendment) -> str:
    """Write an amendment as canonical JSON: equal amendments give equal texts.

    Examples:
        >>> text = write_amendment(Amendment(reason="核对原文", rules={"share.own_brand": "0.8"}))
        >>> text
        '{"dates":{},"prices":[],"reason":"核对原文","rules":{"share.own_brand":"0.8"}}'
        >>> read_amendment(text).rules
        {'share.own_brand': '0.8'}
    """
    fields = {
        "dates": {name: at.isoformat() for name, at in sorted(amendment.dates.items())},
        "prices": [[*key, f"{price:f}"] for key, price in sorted(amendment.prices.items())],
        "reason": amendment.reason,
        "rules": json.loads(write_options(amendment.rules)),
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def read_amendment(text: str) -> Amendment:
    """Read what `write_amendment` wrote."""
    fields = json.loads(text)
    return Amendment(
        reason=fields["reason"],
        rules=read_options(json.dumps(fields["rules"])),
        dates={name: datetime.fromisoformat(at) for name, at in fields["dates"].items()},
        prices={(lot, strength): Decimal(price) for lot, strength, price in fields["prices"]},
    )
