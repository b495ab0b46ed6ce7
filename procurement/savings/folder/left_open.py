"""What texts leave open, brought from the ways in which people write it to the rulebooks' words."""

import re
from collections.abc import Mapping
from decimal import Decimal

_EDGE = re.compile(
    r"(?P<sign>>=|≥|>|<=|<|≤)?\s*(?P<low>\d{1,3}(?:\.\d{1,4})?)"
    r"(?P<to>\s*(?:-|–|—|~|\.\.)\s*<?\d{1,3}(?:\.\d{1,4})?)?\s*(?P<plus>\+)?"
)
_FILLERS = frozenset({"to", "the", "at", "by", "up", "per", "on", "a", "once", "round", "rounded"})
_PAID = frozenset({"payment", "paid", "hospital", "institution", "final", "end", "total", "yuan"})
_CENT = frozenset({"half", "cent", "cents", "fen", "2", "0.01", "decimals"})
_LINE = frozenset({"line", "lines", "each", "product"})
_NOT_ROUNDED = ({"none"}, {"exact"}, {"not"}, {"no"})
_EARNS = frozenset({"true", "yes", "earns", "still_earns", "keep", "keeps", "retain", "retained"})
_ALSO_EARNS = frozenset({"allowed", "same", "full", "normal", "include", "included", "continue"})
_NOTHING = frozenset({"false", "no", "none", "nothing", "keeps_nothing", "earns_nothing", "zero"})
_ALSO_NOTHING = frozenset({"no_retention", "exclude", "excluded", "stop", "stops", "end", "ends"})
_FOLLOW_ON = {"earns": _EARNS | _ALSO_EARNS, "nothing": _NOTHING | _ALSO_NOTHING}


def plain_left_open(key: str, raw: object) -> object:
    """The value of a parameter as the vocabulary writes it; what it cannot be stays as it is.

    Examples:
        >>> plain_left_open("rounding", "cent-half-up"), plain_left_open("follow_on", False)
        ('half_up_cent', 'nothing')
        >>> plain_left_open("negative_base", "net-batch")
        'net_batch'
        >>> plain_left_open("bands", {"60": Decimal("0.4"), "80": "0.5"})
        {'80': {'ratio': '0.5'}, '60': {'ratio': '0.4'}, '0': {'ratio': '0'}}
    """
    if key == "bands":
        return _bands(raw)
    if key == "rounding":
        return _rounding(raw)
    if key == "follow_on":
        word = str(raw).lower().replace("-", "_")
        return next((name for name, same in _FOLLOW_ON.items() if word in same), raw)
    if key == "completion_unit" and raw == "hospital":
        return "institution"
    return raw.replace("-", "_") if isinstance(raw, str) else raw


def _rounding(raw: object) -> object:
    """One of the three ways, however its words are put."""
    if not isinstance(raw, str | int | Decimal) or isinstance(raw, bool):
        return raw
    words = set(re.split(r"[-_ ]+", str(raw).strip().lower())) - _FILLERS
    if words in _NOT_ROUNDED:
        return "not_rounded"
    if not words - _PAID - _CENT:
        return "half_up_cent"
    return "half_up_cent_line" if not words - _CENT - _LINE else raw


def _bands(raw: object) -> object:
    """Bands by their lower edge, from the highest; scores below the lowest keep nothing."""
    entries: list[tuple[object, object]] = []
    if isinstance(raw, Mapping):
        entries = list(raw.items())
    elif isinstance(raw, list):
        entries = [_pair(entry) for entry in raw]
    found: dict[str, object] = {}
    for name, entry in entries:
        edge = _edge(str(name))
        if edge is None or edge in found:
            return raw
        found[edge] = _band(entry)
    if not found:
        return raw
    if not {"0", ">0"} & found.keys():
        found["0"] = {"ratio": "0"}
    return {edge: found[edge] for edge in sorted(found, key=_order, reverse=True)}


def _order(edge: str) -> tuple[Decimal, bool]:
    return Decimal(edge.removeprefix(">")), edge.startswith(">")


def _edge(name: str) -> str | None:
    match = _EDGE.fullmatch(name.strip())
    if match is None:
        return None
    if match["sign"] in ("<", "<=", "≤"):
        return "0"
    low = f"{Decimal(match['low']).normalize():f}"
    return f">{low}" if match["sign"] == ">" else low


def _pair(entry: object) -> tuple[object, object]:
    if isinstance(entry, list) and len(entry) in (2, 3):
        more = {"grade": entry[2]} if len(entry) == 3 else {}
        return entry[0], {"ratio": entry[1], **more}
    if isinstance(entry, Mapping):
        fields = dict(entry)
        for name in ("from", "min", "at_least", "score", "edge", "lower", "score_min"):
            if name in fields:
                edge = fields.pop(name)
                for upper in ("to", "max", "below", "upper", "score_max"):
                    fields.pop(upper, None)
                return edge, fields
        if "above" in fields:
            return f">{fields.pop('above')}", fields
    return "", entry


def _band(entry: object) -> object:
    """A share, or a table with ``ratio`` and, if it has one, ``grade``."""
    if isinstance(entry, Mapping):
        fields = {name: value for name, value in entry.items() if value is not None}
        if "ratio" in fields:
            fields["ratio"] = _number(fields["ratio"])
        return fields
    if isinstance(entry, list) and len(entry) == 2:
        ratio, grade = entry if not _is_word(entry[0]) else reversed(entry)
        return {"ratio": _number(ratio), "grade": grade}
    return {"ratio": _number(entry)}


def _is_word(value: object) -> bool:
    return isinstance(value, str) and not value.replace(".", "").isdigit()


def _number(value: object) -> object:
    is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    return f"{Decimal(str(value)):f}" if is_number else value
