"""A renewal and a price path as plain values: what ``jicai renewal --json`` prints."""

from decimal import Decimal

from pricing.money import SIGNIFICANT_DIGITS
from pricing.renewal.cut_table import Cell
from pricing.renewal.outcome import Renewal, RenewalStep, plain
from pricing.renewal.path import PathStep, PricePath

Document = dict[str, object]


def renewal_document(renewal: Renewal) -> Document:
    """A renewal: exact decimals as strings, absent as null.

    Attributes of the document: ``route``, ``cut``, ``price`` and ``clauses``, then what they rest
    on.
    """
    return {
        "rulebook": renewal.rulebook,
        "route": renewal.route.value,
        "cut": _decimal(renewal.cut),
        "price": _decimal(renewal.price),
        "clauses": list(renewal.clauses),
        "verified": renewal.is_verified,
        "cell_a": _cell(renewal.cell_a),
        "cell_b": _cell(renewal.cell_b),
        "halved": renewal.halved,
        "may_ask_renegotiation": renewal.may_ask,
        "simple_cut": _decimal(renewal.simple_cut),
        "not_given": list(renewal.not_given),
        "steps": [_step(step) for step in renewal.steps],
    }


def path_document(path: PricePath, *, years: tuple[int, ...] = (2, 4, 8)) -> Document:
    """A price path: the price after some years, and every renewal with its cells and clauses."""
    return {
        "price": plain(path.price),
        "price_after": {str(year): _decimal(path.price_after(year)) for year in years},
        "open": path.is_open,
        "steps": [_path_step(step) for step in path.steps],
    }


def _path_step(step: PathStep) -> Document:
    return {
        "year": step.year,
        "price_before": plain(step.price_before),
        "budget": plain(step.budget),
        "actual": plain(step.actual),
        "ratio_a": _ratio(step.facts.ratio_a),
        "ratio_b": None if step.facts.ratio_b is None else _ratio(step.facts.ratio_b),
        "price_after": _decimal(step.price_after),
        "renewal": renewal_document(step.renewal),
    }


def _cell(cell: Cell | None) -> Document | None:
    if cell is None:
        return None
    return {
        "row": cell.row + 1,
        "column": cell.column + 1,
        "cut": plain(cell.cut),
        "ratio_above": plain(cell.ratio_above),
        "ratio_until": plain(cell.ratio_until),
        "spend_above": plain(cell.spend_above),
        "spend_until": _decimal(cell.spend_until),
    }


def _step(step: RenewalStep) -> Document:
    return {
        "rule": step.key,
        "clause": step.clause,
        "verified": step.is_verified,
        "zh": step.zh,
        "en": step.en,
    }


def _ratio(value: Decimal) -> str:
    """A quotient that may have no end, to 28 significant digits."""
    return plain(SIGNIFICANT_DIGITS.plus(value))


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
