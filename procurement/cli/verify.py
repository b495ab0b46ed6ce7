"""``jicai verify``: check a receipt, a log, an opening or a bundle of evidence, offline."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bidding.report_json import Document, dumps
from bidding.sealing.evidence import Finding, Outcome, examine, read_bundle
from procurement.cli.arguments import add_command
from procurement.cli.sealing_files import BadFileError, add_bureau_key, bureau_key_of, read_many

FAILED = 1
"""Exit status where something does not hold."""

_MARKS = {
    "zh": {Outcome.HOLDS: "成立", Outcome.FAILS: "不成立", Outcome.UNCHECKED: "未核对"},
    "en": {Outcome.HOLDS: "holds", Outcome.FAILS: "FAILS", Outcome.UNCHECKED: "not checked"},
}
_BLAME = {
    "zh": {"server": "平台", "bidder": "申报企业", "holder": "密钥持有人", "unknown": "不能判定"},
    "en": {"server": "the server", "bidder": "the bidder", "holder": "a keyholder"},
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "verify",
        run,
        summary="verify a receipt, a log, an opening or an evidence bundle, offline",
        example="jicai verify examples/sealed-bid --lang en",
    )
    parser.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="documents in any order and number: files, folders or ZIP archives",
    )
    add_bureau_key(parser)


def run(arguments: argparse.Namespace) -> int:
    """Examine, and say what holds, what fails and what could not be checked."""
    bureau_key = bureau_key_of(arguments)
    findings = examine(read_bundle(read_many(arguments.paths)), bureau_key=bureau_key)
    counts = Counter(finding.outcome for finding in findings)
    if not counts[Outcome.HOLDS] and not counts[Outcome.FAILS]:
        raise BadFileError("PATH", "nothing could be checked", "the manifest beside the documents")
    if arguments.json:
        sys.stdout.write(dumps(_document(findings, counts)))
    else:
        sys.stdout.write(_text(findings, counts, arguments.lang))
    return FAILED if counts[Outcome.FAILS] else 0


def _document(findings: Sequence[Finding], counts: Counter[Outcome]) -> Document:
    return {
        **{outcome.value: counts[outcome] for outcome in Outcome},
        "findings": [
            {
                "about": finding.about,
                "outcome": finding.outcome.value,
                "blame": None if finding.blame is None else finding.blame.value,
                "zh": finding.zh,
                "en": finding.en,
            }
            for finding in findings
        ],
    }


def _text(findings: Sequence[Finding], counts: Counter[Outcome], language: str) -> str:
    marks = _MARKS[language]
    lines = [_line(finding, language) for finding in findings]
    total = ", ".join(f"{marks[outcome]} {counts[outcome]}" for outcome in Outcome)
    return "".join(f"{line}\n" for line in [*lines, total])


def _line(finding: Finding, language: str) -> str:
    said = finding.zh if language == "zh" else finding.en
    blame = "" if finding.blame is None else _BLAME[language].get(finding.blame.value, "")
    if blame:
        said += f"（责任：{blame}）" if language == "zh" else f" (at fault: {blame})"
    return f"[{_MARKS[language][finding.outcome]}] {finding.about}: {said}"
