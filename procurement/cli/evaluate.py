"""``jicai evaluate FOLDER``: who is selected, by which clause, with what share."""

import argparse
import sys
from dataclasses import replace
from decimal import Decimal

from bidding.bid_sheet import Lot
from bidding.report import EvaluationReport
from bidding.report_json import dumps, report_document
from bidding.rules import RoundRules
from procurement.awards.price_axis import draw_price_axis
from procurement.cli.arguments import add_command, add_folder, round_of
from procurement.cli.describe_report import describe_report
from procurement.errors import JicaiError
from procurement.rounds.folder import GovernedRound, RoundFolder


class LotNotNamedError(JicaiError):
    """A picture is asked for, and not of which lot."""


class TwoOutputsError(JicaiError):
    """Two documents are asked for at once."""


class UnknownLotError(JicaiError):
    """A lot is asked for that the round does not have."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "evaluate",
        run,
        example="jicai evaluate examples/national-3-eight-lots --lang en",
    )
    add_folder(parser)
    parser.add_argument("--lot", help="print this lot only, with every step")
    parser.add_argument(
        "--svg", action="store_true", help="print the bids of --lot on one price axis, as SVG"
    )


def run(arguments: argparse.Namespace) -> int:
    """Evaluate the folder and print the report."""
    if arguments.svg and arguments.lot is None:
        raise LotNotNamedError("--svg draws one lot: expected --lot LOT beside it")
    if arguments.svg and arguments.json:
        raise TwoOutputsError("--svg and --json are two documents: expected one of them")
    governed = round_of(arguments)
    _check_lot(arguments.lot, governed.folder)
    report = governed.evaluate()
    if arguments.lot is not None:
        report = replace(report, lots=tuple(one for one in report.lots if one.lot == arguments.lot))
    if arguments.svg:
        sys.stdout.write(_picture(report, governed, arguments.lang))
    elif arguments.json:
        sys.stdout.write(dumps(report_document(report)))
    else:
        sys.stdout.write(describe_report(report, language=arguments.lang, lot=arguments.lot))
    return 0


def _check_lot(name: str | None, folder: RoundFolder) -> None:
    lots = [lot.lot for lot in folder.round.lots]
    if name is not None and name not in lots:
        raise UnknownLotError(f"--lot: {name!r} is not in the round: expected {', '.join(lots)}")


def _picture(report: EvaluationReport, governed: GovernedRound, language: str) -> str:
    (lot_report,) = report.lots
    lot = next(lot for lot in governed.folder.round.lots if lot.lot == lot_report.lot)
    ceiling = _main_ceiling(lot, governed.rules)
    return draw_price_axis(lot_report, ceiling=ceiling, language=language)


def _main_ceiling(lot: Lot, rules: RoundRules) -> Decimal | None:
    """The ceiling of the main strength, where declared prices are compared as they are."""
    if rules.word("comparable.basis") not in (None, "unit-price"):
        return None
    main = (strength for strength in lot.strengths.values() if strength.ratio == 1)
    return next((one.price_ceiling for one in main if one.price_ceiling is not None), None)
