"""``jicai lab FOLDER``: the same bids under other rulebooks, and under simulated bidding."""

import argparse
import sys
import tomllib

import numpy as np

from bidding.lab import LabReport, report_document, run_lab
from bidding.lab.wording import (
    Rows,
    goodness_rows,
    in_language,
    notes,
    observed_rows,
    simulated_rows,
)
from bidding.report_json import dumps
from procurement.cli.aligned import table
from procurement.cli.arguments import add_command, add_folder, folder_of
from rulebooks import load_rulebook

Option = tuple[str, str, object]
"""Rulebook, key and raw value."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "lab",
        run,
        example="jicai lab examples/national-3-eight-lots "
        "--rulebooks national-3,national-10 --draws 1000 --lang en",
    )
    add_folder(parser)
    parser.add_argument(
        "--rulebooks",
        type=_names,
        metavar="A,B",
        help="rulebooks to compare, the first being compared with; the round's own unless given",
    )
    parser.add_argument(
        "--draws",
        type=_whole_number,
        default=0,
        metavar="N",
        help="simulated fields of every lot; none unless given",
    )
    parser.add_argument(
        "--seed",
        type=_whole_number,
        default=0,
        metavar="S",
        help="of the simulation; the same seed gives the same output (0 unless given)",
    )
    parser.add_argument(
        "--option",
        type=_option,
        action="append",
        default=[],
        metavar="RULEBOOK:KEY=VALUE",
        help="a rule that the rulebook leaves open, its value in TOML; may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the lab on the folder and print its answer."""
    round_ = folder_of(arguments).round
    options: dict[str, dict[str, object]] = {}
    for rulebook, key, value in arguments.option:
        options.setdefault(rulebook, {})[key] = value
    report = run_lab(
        round_,
        [load_rulebook(name) for name in arguments.rulebooks or (round_.rulebook,)],
        options=options,
        draws=arguments.draws,
        generator=np.random.default_rng(arguments.seed),
    )
    if arguments.json:
        sys.stdout.write(dumps(report_document(report, arguments.seed)))
    else:
        sys.stdout.write(describe_lab(report, seed=arguments.seed, language=arguments.lang))
    return 0


def describe_lab(report: LabReport, *, seed: int, language: str) -> str:
    """The answer of the lab in words: tables of real and of simulated fields, and notes.

    Args:
        report: The report.
        seed: Of the simulation.
        language: ``zh`` or ``en``.

    Returns:
        Text that ends in a line feed.
    """
    real = in_language(("实际报价", "the real bids"), language)
    lines = [report.title, "", real, *_aligned(observed_rows(report, language))]
    if report.fit is not None:
        drawn = in_language(
            (
                "模拟报价 {} 次（种子 {}）：均值 [5%, 95%]",
                "{} simulated fields (seed {}): mean [5%, 95%]",
            ),
            language,
        )
        lines += ["", drawn.format(report.draws, seed)]
        lines += _aligned(simulated_rows(report, language))
        lines += ["", *_aligned(goodness_rows(report.fit, language))]
    remarks = notes(report, language)
    return "\n".join([*lines, *([""] if remarks else []), *remarks]) + "\n"


def _aligned(rows: Rows) -> list[str]:
    return table(rows, right=range(1, len(rows[0])))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if "" in names:
        raise argparse.ArgumentTypeError(f"{text!r}: expected names joined by commas")
    return names


def _whole_number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number, 0 or more")
    return int(text)


def _option(text: str) -> Option:
    rulebook, colon, rest = text.partition(":")
    key, equals, value = rest.partition("=")
    if not (rulebook and colon and key and equals):
        raise argparse.ArgumentTypeError(f"{text!r}: expected RULEBOOK:KEY=VALUE")
    try:
        raw = tomllib.loads(f"value = {value}\n")
    except tomllib.TOMLDecodeError as fault:
        cause = f"{value!r} is no TOML value ({fault}): expected one like '\"1.8\"' or 3"
        raise argparse.ArgumentTypeError(f"{rulebook}:{key}: {cause}") from None
    if set(raw) != {"value"}:
        raise argparse.ArgumentTypeError(f"{rulebook}:{key}: expected one TOML value")
    return rulebook, key, raw["value"]
