"""``jicai demo``: run a real round end to end, and set up a platform to look at."""

import argparse
import os
import sys
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine

from bidding.bid_sheet import Round as Sheet
from bidding.report import EvaluationReport
from bidding.report_json import dumps, report_document
from procurement.awards.service import store_report
from procurement.cli.arguments import add_command, add_encoding
from procurement.cli.demo_platform import NotEmptyError, Platform, Progress, set_up_platform
from procurement.cli.describe_demo import describe_demo
from procurement.cli.describe_platform import describe_platform, platform_document
from procurement.cli.opening import open_installation
from procurement.cli.replay import replay
from procurement.clock import now
from procurement.database import text_digest, transaction
from procurement.rounds.folder import BadFolderError, Fault, RoundFolder, govern
from procurement.rounds.service import RoundDocument, store_round
from procurement.settings import (
    Settings,
    read_settings,
    resource_folder,
    with_installation_key,
)
from rulebooks import Rulebook

EXAMPLE = "national-3-eight-lots"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "demo",
        run,
        example="jicai demo --lang en",
    )
    parser.add_argument("--folder", type=Path, help="another round folder to run")
    add_encoding(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the example, evaluate it, keep round and report; then set up a platform to look at."""
    path = arguments.folder or resource_folder("examples") / EXAMPLE
    governed = govern(path, encoding=arguments.encoding)
    report, replayed = governed.evaluate(), replay(governed)
    document = _document(path.resolve().name, governed.folder, governed.rulebook)
    settings = read_settings(os.environ)
    engine = open_installation(settings)
    try:
        digest = _keep(engine, document, report)
        if not arguments.json:
            sys.stdout.write(
                describe_demo(
                    report,
                    governed.folder.round,
                    replayed,
                    digest=digest,
                    language=arguments.lang,
                )
            )
            sys.stdout.flush()
        # The platform is made from the example; another folder is evaluated only.
        shown = (
            None
            if arguments.folder
            else _platform(engine, settings, governed.folder.round, arguments)
        )
    finally:
        engine.dispose()
    if arguments.json:
        printed = {"round": document.name, "report_digest": digest}
        lots = {"lots_matched": replayed.lots_matched}
        sys.stdout.write(dumps({**printed, **platform_document(shown, settings), **lots}))
    elif shown is not None:
        sys.stdout.write(describe_platform(shown, settings, language=arguments.lang))
    return 0


def _platform(
    engine: Engine, settings: Settings, example: Sheet, arguments: argparse.Namespace
) -> Platform | None:
    """The platform, or None where the database is somebody else's, which is said aloud."""
    chinese = arguments.lang == "zh"
    terminal = sys.stderr if sys.stderr.isatty() else None
    try:
        return set_up_platform(
            engine,
            settings=with_installation_key(settings),
            example=example,
            progress=Progress(terminal, is_chinese=chinese),
        )
    except NotEmptyError as refusal:
        sys.stderr.write(f"{refusal.zh if chinese else refusal.en}\n")
        return None


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


def _keep(engine: Engine, document: RoundDocument, report: EvaluationReport) -> str:
    """Store the round and its report; returns the report's digest."""
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
        return kept.report_digest
