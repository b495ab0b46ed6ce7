"""What ``jicai renewal`` is asked: the drug, its forecast, and rules that no source states."""

import argparse
import re
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from pricing.renewal import Prospects, RenewalFacts
from procurement.errors import JicaiError

HALVING = "halving.method"
HALVING_METHODS = ("combined", "each")

_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_COUNT_DIGITS = 3


class BadOptionLineError(JicaiError):
    """An ``--option`` that is no ``KEY=VALUE``."""


class MissingArgumentsError(JicaiError):
    """Arguments without which a renewal cannot be decided; one line for each."""


def decimal(text: str) -> Decimal:
    """A number of the command line.

    Examples:
        >>> decimal("1.25")
        Decimal('1.25')
    """
    if not _DECIMAL.fullmatch(text) or not text.isascii():
        raise argparse.ArgumentTypeError(f"{text!r} is no number: expected digits like 1.25")
    return Decimal(text)


def count(text: str) -> int:
    """A whole number of years or agreements."""
    if not text.isascii() or not text.isdigit() or len(text) > _COUNT_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r} is no count: expected a whole number from 0")
    return int(text)


Arguments = tuple[tuple[str, str, Callable[[str], object], str], ...]

_DRUG: Arguments = (
    ("--ratio-a", "A", decimal, "actual spending over budget; 1.25 means 125 %%"),
    ("--ratio-b", "B", decimal, "growth of the budget by a change of scope; 0.3 means 30 %%"),
    ("--spend", "S", decimal, "mean actual spending in yuan a year; it chooses the column of A"),
    ("--spend-increase", "I", decimal, "mean added budget in yuan a year, for the column of B"),
    ("--years-listed", "N", count, "full years on the negotiated list"),
    ("--unchanged-cycles", "N", count, "agreements in a row with scope and standard unchanged"),
    ("--budget-growth", "G", decimal, "growth of the original scope's budget; 0.3 means 30 %%"),
)
_FLAGS = (
    ("--non-exclusive", "several makers have the drug"),
    ("--class-1", "a Class-1 new drug"),
    ("--renegotiate", "the company asks to renegotiate"),
    ("--major-change", "experts have established a major change of the market"),
)
_FORECAST: Arguments = (
    ("--payment-ratio", "R", decimal, "part of the cost that the fund pays; else as the rulebook"),
    ("--renegotiated-cut", "C", decimal, "cut that a renegotiation is assumed to bring"),
    ("--generic-from-year", "N", count, "year in which another maker's drug is there"),
)
_NEEDED = ("ratio_a", "spend", "years_listed")
"""Facts of a single renewal that must be given."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    drug = parser.add_argument_group("the drug at the end of its agreement")
    drug.add_argument("--rulebook", required=True, metavar="ID", help="nrdl-renewal-2022 …")
    drug.add_argument(
        "--price", type=decimal, required=True, metavar="P", help="payment standard now, in yuan"
    )
    _add(drug, _DRUG)
    for name, text in _FLAGS:
        drug.add_argument(name, action="store_true", help=text)
    forecast = parser.add_argument_group("instead of ratios: the price path of a forecast")
    forecast.add_argument(
        "--forecast",
        type=Path,
        metavar="CSV",
        help="a line for each year: units, expected_units, scope_units",
    )
    _add(forecast, _FORECAST)
    rules = parser.add_argument_group("rules that no source states")
    rules.add_argument(
        "--halving",
        choices=HALVING_METHODS,
        help="what is halved from the fourth year on where both A and B cut the price",
    )
    rules.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="another rule that the rulebook leaves open, as TOML: price.decimals=2",
    )


def _add(group: "argparse._ArgumentGroup", arguments: Arguments) -> None:
    for name, metavar, kind, text in arguments:
        group.add_argument(name, type=kind, metavar=metavar, help=text)


def facts_of(arguments: argparse.Namespace) -> RenewalFacts:
    """The drug of a single renewal.

    Raises:
        MissingArgumentsError: A fact is not given that every renewal needs.
    """
    missing = [name for name in _NEEDED if getattr(arguments, name) is None]
    if missing:
        names = [f"--{name.replace('_', '-')}" for name in missing]
        raise MissingArgumentsError(
            "\n".join(f"{name}: is not given: expected it, or --forecast" for name in names)
        )
    return RenewalFacts(
        price=arguments.price,
        ratio_a=arguments.ratio_a,
        spend=arguments.spend,
        years_listed=arguments.years_listed,
        ratio_b=arguments.ratio_b,
        spend_increase=arguments.spend_increase,
        non_exclusive=arguments.non_exclusive,
        class_1=arguments.class_1,
        asks_renegotiation=arguments.renegotiate,
        unchanged_cycles=arguments.unchanged_cycles,
        budget_growth=arguments.budget_growth,
        major_change=arguments.major_change,
    )


def prospects_of(arguments: argparse.Namespace) -> Prospects:
    """The drug at the start of a price path."""
    return Prospects(
        price=arguments.price,
        payment_ratio=arguments.payment_ratio,
        years_listed=arguments.years_listed or 0,
        class_1=arguments.class_1,
        generic_from_year=arguments.generic_from_year,
        renegotiated_cut=arguments.renegotiated_cut,
    )


def options_of(arguments: argparse.Namespace) -> dict[str, object]:
    """The rules that the arguments supply, by key.

    Raises:
        BadOptionLineError: One is no ``KEY=VALUE``.
    """
    options = dict(map(_option, arguments.option))
    if arguments.halving is not None:
        options[HALVING] = arguments.halving
    return options


def _option(line: str) -> tuple[str, object]:
    """A rule's key and its value, as TOML writes it; a plain word needs no quotes."""
    key, mark, value = line.partition("=")
    if not mark or not key.strip() or not value.strip():
        raise BadOptionLineError(f"--option: {line!r}: expected KEY=VALUE")
    try:
        read: object = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        read = value.strip()
    return key.strip(), read
