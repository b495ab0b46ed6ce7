"""``jicai demo``: set up the embedded database with a real round and run it end to end."""

import argparse
import os
import sys
from importlib.metadata import version
from pathlib import Path

from bidding.report import EvaluationReport
from bidding.report_json import dumps, report_document
from procurement.awards.service import store_report
from procurement.cli.arguments import add_command, add_encoding
from procurement.cli.describe_demo import describe_demo
from procurement.cli.replay import replay
from procurement.clock import now
from procurement.database import open_database, text_digest, transaction
from procurement.rounds.folder import BadFolderError, Fault, RoundFolder, govern
from procurement.rounds.service import RoundDocument, store_round
from procurement.settings import read_settings, resource_folder
from rulebooks import Rulebook

EXAMPLE = "national-3-eight-lots"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "demo",
        run,
        summary="set up the embedded database with a real round and run it end to end",
        example="jicai demo --lang en",
    )
    parser.add_argument("--folder", type=Path, help="another round folder to run")
    add_encoding(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the example, evaluate it, keep round and report in the database, print the outcome."""
    path = arguments.folder or resource_folder("examples") / EXAMPLE
    governed = govern(path, encoding=arguments.encoding)
    report, replayed = governed.evaluate(), replay(governed)
    document = _document(path.resolve().name, governed.folder, governed.rulebook)
    digest = _keep(document, report)
    if arguments.json:
        accounts: list[dict[str, str]] = []
        printed = {"round": document.name, "report_digest": digest, "accounts": accounts}
        sys.stdout.write(dumps({**printed, "lots_matched": replayed.lots_matched}))
        return 0
    described = describe_demo(
        report, governed.folder.round, replayed, digest=digest, language=arguments.lang
    )
    sys.stdout.write(described)
    return 0


def _document(folder_name: str, folder: RoundFolder, rulebook: Rulebook) -> RoundDocument:
    """The round as it is stored.

    Raises:
        BadFolderError: The folder does not say when the round was opened.
    """
    if folder.round.opened_on is None:
        expected = "a date, since a stored round has a day"
        raise BadFolderError([Fault("round.toml", None, "opened_on", "is missing", expected)])
    # Another rulebook or other facts make another round: a stored one keeps its rules for good.
    suffix = text_digest(folder.facts + rulebook.digest)[:8]
    return RoundDocument(
        name=f"{folder_name}-{suffix}",
        title=folder.round.title,
        rulebook=rulebook.id,
        rulebook_digest=rulebook.digest,
        opened_on=folder.round.opened_on,
        facts=folder.facts,
    )


def _keep(document: RoundDocument, report: EvaluationReport) -> str:
    """Store the round and its report; returns the report's digest."""
    engine = open_database(read_settings(os.environ).database_url)
    moment = now()
    with transaction(engine) as session:
        round_ = store_round(session, document=document, moment=moment)
        kept = store_report(
            session,
            round_id=round_.id,
            report=dumps(report_document(report)),
            rulebook_digest=document.rulebook_digest,
            code_version=version("jicai"),
            moment=moment,
        )
        digest = kept.report_digest
    engine.dispose()
    return digest
