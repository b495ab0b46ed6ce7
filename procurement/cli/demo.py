"""``jicai demo``: set up the embedded database with a real round and run it end to end."""

import argparse
import os
import sys
from datetime import date
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
from procurement.errors import JicaiError
from procurement.rounds.folder import RoundFolder, govern
from procurement.rounds.service import RoundDocument, store_round
from procurement.settings import read_settings, resource_folder
from rulebooks import Rulebook

EXAMPLE = "national-3-eight-lots"


class UndatedRoundError(JicaiError):
    """A round is to be stored, and its folder does not say when it was opened."""


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
    folder, rulebook = governed.folder, governed.rulebook
    report, replayed = governed.evaluate(), replay(governed)
    # Another rulebook or other facts make another round: a stored one keeps its rules for good.
    name = f"{path.name}-{text_digest(folder.facts + rulebook.digest)[:8]}"
    digest = _keep(name, folder, rulebook, report)
    if arguments.json:
        accounts: list[dict[str, str]] = []
        document = {"round": name, "report_digest": digest, "accounts": accounts}
        sys.stdout.write(dumps({**document, "lots_matched": replayed.lots_matched}))
    else:
        described = describe_demo(
            report, folder.round, replayed, digest=digest, language=arguments.lang
        )
        sys.stdout.write(described)
    return 0


def _keep(name: str, folder: RoundFolder, rulebook: Rulebook, report: EvaluationReport) -> str:
    """Store the round and its report; returns the report's digest."""
    engine = open_database(read_settings(os.environ).database_url)
    moment = now()
    document = RoundDocument(
        name=name,
        title=folder.round.title,
        rulebook=rulebook.id,
        rulebook_digest=rulebook.digest,
        opened_on=_opened_on(folder),
        facts=folder.facts,
    )
    with transaction(engine) as session:
        round_ = store_round(session, document=document, moment=moment)
        kept = store_report(
            session,
            round_id=round_.id,
            report=dumps(report_document(report)),
            rulebook_digest=rulebook.digest,
            code_version=version("jicai"),
            moment=moment,
        )
        digest = kept.report_digest
    engine.dispose()
    return digest


def _opened_on(folder: RoundFolder) -> date:
    if folder.round.opened_on is None:
        raise UndatedRoundError("round.toml: opened_on is missing; a stored round has a day")
    return folder.round.opened_on
