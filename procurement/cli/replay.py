"""``jicai replay FOLDER``: evaluate a past round and compare it with what was published."""

import argparse
import sys

from bidding.replay import Miss, Published, ReplayReport, compare
from bidding.report_json import dumps
from procurement.cli.aligned import table
from procurement.cli.arguments import add_command, add_folder, round_of
from procurement.rounds.folder import BadFolderError, Fault, GovernedRound


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "replay",
        run,
        example="jicai replay examples/national-3-eight-lots",
    )
    add_folder(parser)


def run(arguments: argparse.Namespace) -> int:
    """Replay the folder and print how far the rules reproduce it."""
    report = replay(round_of(arguments))
    if arguments.json:
        sys.stdout.write(dumps(_document(report)))
    else:
        sys.stdout.write(_described(report, arguments.lang))
    return 0


def replay(governed: GovernedRound) -> ReplayReport:
    """Evaluate a past round by its own rulebook and compare the outcomes.

    Raises:
        BadFolderError: The folder has no ``expected.csv``, or cannot be evaluated.
    """
    folder = governed.folder
    if not folder.expected:
        expected = "the published outcome, which a replay compares with"
        raise BadFolderError([Fault("expected.csv", None, None, "is missing or empty", expected)])
    report = governed.evaluate(volumes=False)
    published = [
        Published(entry.lot, entry.bid, entry.manufacturer, entry.selected, entry.regions)
        for entry in folder.expected
    ]
    return compare(report, published, folder.round, governed.rules)


def _document(report: ReplayReport) -> dict[str, object]:
    return {
        "title": report.title,
        "rulebook": report.rulebook,
        "lots": report.lots,
        "lots_matched": report.lots_matched,
        "bids": report.bids,
        "bids_matched": report.bids_matched,
        "regions": {"lots": report.region_lots, "matched": report.regions_matched},
        "misses": [_miss(miss) for miss in report.misses],
    }


def _miss(miss: Miss) -> dict[str, object]:
    return {
        "lot": miss.lot,
        "product": miss.product,
        "manufacturer": miss.manufacturer,
        "published": miss.published,
        "evaluated": miss.evaluated,
        "clause": miss.clause,
        "reason": miss.reason,
        "reason_en": miss.reason_en,
    }


def _described(report: ReplayReport, language: str) -> str:
    chinese = language == "zh"
    head = ["", "品种", "企业报价", "供应地区数"] if chinese else ["", "lots", "bids", "regions"]
    matched = "一致" if chinese else "matched"
    published = "公布" if chinese else "published"
    rows = [
        head,
        [matched, *map(str, (report.lots_matched, report.bids_matched, report.regions_matched))],
        [published, *map(str, (report.lots, report.bids, report.region_lots))],
    ]
    lines = [f"{report.title} · {report.rulebook}", "", *table(rows, right=(1, 2, 3))]
    if report.misses:
        lines += ["", "不一致：" if chinese else "Decided otherwise than published:"]
    for miss in report.misses:
        said = _said(miss, chinese=chinese)
        lines.append(f"  {miss.lot} {miss.product} · {miss.manufacturer}: {said}")
        lines.append(f"    [{miss.clause}] {miss.reason if chinese else miss.reason_en}")
    return "\n".join(lines) + "\n"


def _said(miss: Miss, *, chinese: bool) -> str:
    words = ("未中选", "中选") if chinese else ("not selected", "selected")
    published, evaluated = words[miss.published], words[miss.evaluated]
    if chinese:
        return f"公布{published}，按规则{evaluated}"
    return f"published {published}, by the rules {evaluated}"
