"""``jicai renewal``: the payment standard of a negotiated drug after a catalogue renewal."""

import argparse
import sys

from bidding.report_json import dumps
from pricing.faults import Fault, ModelError, ModelFaultsError
from pricing.renewal import path_document, price_path, renew, renewal_document
from pricing.stated_rules import RuleNotStatedError, StatedRules
from procurement.cli.arguments import add_command
from procurement.cli.describe_renewal import describe_path, describe_renewal
from procurement.cli.renewal_arguments import (
    HALVING,
    HALVING_METHODS,
    add_arguments,
    facts_of,
    options_of,
    prospects_of,
)
from procurement.cli.renewal_forecast import read_forecast
from procurement.errors import JicaiError
from rulebooks import Rulebook, load_rulebook, rulebook_ids
from rulebooks.vocabulary import VOCABULARY


class NotARenewalRulebookError(JicaiError):
    """A rulebook of another kind."""


class RenewalRefusedError(JicaiError):
    """The renewal cannot be decided; one line for each fault."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "renewal",
        run,
        example="jicai renewal --rulebook nrdl-renewal-2023 --price 100 --ratio-a 1.25 "
        "--spend 300000000 --years-listed 2",
    )
    add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Decide the renewal, or the renewals of a forecast, and print what comes of it."""
    rulebook = load_rulebook(arguments.rulebook)
    _check_kind(rulebook)
    options = options_of(arguments)
    # A year without halving has nothing that the option could say.
    idle = [key for key in options if key == HALVING and key not in rulebook.unknown]
    used = {key: value for key, value in options.items() if key not in idle}
    try:
        text = _printed(arguments, StatedRules(rulebook, used), idle)
    except ModelFaultsError as refusal:
        raise RenewalRefusedError("\n".join(map(_fault, refusal.faults))) from None
    except RuleNotStatedError as refusal:
        raise RenewalRefusedError(f"{refusal}{_HOW.get(refusal.key, '')}") from None
    except ModelError as refusal:
        raise RenewalRefusedError(str(refusal)) from None
    sys.stdout.write(text)
    return 0


def _printed(arguments: argparse.Namespace, rules: StatedRules, idle: list[str]) -> str:
    if arguments.forecast is not None:
        agreements = read_forecast(arguments.forecast, rules.count("agreement.years"))
        path = price_path(prospects_of(arguments), agreements, [rules])
        if arguments.json:
            document = {"rulebook": rules.rulebook.id, **path_document(path)}
            return dumps({**document, "options_without_effect": idle})
        return describe_path(path, rules.rulebook.id, language=arguments.lang)
    renewal = renew(facts_of(arguments), rules)
    if arguments.json:
        return dumps({**renewal_document(renewal), "options_without_effect": idle})
    return describe_renewal(renewal, language=arguments.lang, idle=idle)


_HOW = {HALVING: f" (--halving {'|'.join(HALVING_METHODS)})"}
"""What to type for an unknown rule that has an argument of its own."""


def _fault(fault: Fault) -> str:
    """A fault of a fact, under the argument that gave it."""
    is_of_file = fault.where.startswith("agreements")
    name = "--forecast" if is_of_file else f"--{fault.where.replace('_', '-')}"
    return f"{name}: {fault.where + ': ' if is_of_file else ''}{fault.en}"


def _check_kind(rulebook: Rulebook) -> None:
    if not rulebook.rules.keys() <= VOCABULARY["renewal"].keys():
        known = [name for name in rulebook_ids() if name.startswith("nrdl-renewal-")]
        raise NotARenewalRulebookError(
            f"--rulebook: {rulebook.id} is about something else: expected {', '.join(known)}"
        )
