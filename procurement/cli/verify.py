"""``jicai verify``: check a receipt, a log, an opening or a bundle of evidence, offline."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bidding.report_json import Document, dumps
from bidding.sealing.evidence import Blame, Finding, Outcome, examine_files
from procurement.cli.arguments import add_command
from procurement.cli.audit_record import SUFFIX, examine_record
from procurement.cli.sealing_files import BadFileError, add_bureau_key, bureau_key_of, read_many
from procurement.publication.evidence.again import evaluate_again

FAILED = 1
"""Exit status where something does not hold."""

_MARKS = {
    "zh": {Outcome.HOLDS: "成立", Outcome.FAILS: "不成立", Outcome.UNCHECKED: "未核对"},
    "en": {Outcome.HOLDS: "holds", Outcome.FAILS: "FAILS", Outcome.UNCHECKED: "not checked"},
}
_BLAME = {
    "zh": {
        Blame.SERVER: "平台",
        Blame.BIDDER: "申报企业 {party}",
        Blame.HOLDER: "第 {party} 席密钥持有人",
        Blame.EVALUATION: "评审",
        Blame.PRESENTER: "材料的提供者",
    },
    "en": {
        Blame.SERVER: "the server",
        Blame.BIDDER: "the bidder {party}",
        Blame.HOLDER: "the keyholder of seat {party}",
        Blame.EVALUATION: "the evaluation",
        Blame.PRESENTER: "who passed the documents on",
    },
}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "verify",
        run,
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
    records = [path for path in arguments.paths if path.suffix == SUFFIX]
    files = list(read_many(path for path in arguments.paths if path.suffix != SUFFIX))
    findings = (
        *(finding for path in records for finding in examine_record(path)),
        *(
            examine_files(files, bureau_key=bureau_key, evaluate_again=evaluate_again)
            if files
            else ()
        ),
    )
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
                "party": finding.party or None,
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
    blame = ""
    if finding.blame is not None:
        blame = _BLAME[language].get(finding.blame, "").format(party=finding.party).strip()
    if blame:
        said += f"（责任：{blame}）" if language == "zh" else f" (at fault: {blame})"
    return f"[{_MARKS[language][finding.outcome]}] {finding.about}: {said}"
