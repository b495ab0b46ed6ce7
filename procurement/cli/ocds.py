"""``jicai ocds [ROUND]``: a round as an OCDS release package, or the list of rounds."""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial

from sqlalchemy import Engine, select

from bidding.report_json import dumps
from procurement.cli.aligned import table
from procurement.cli.arguments import add_command
from procurement.clock import now
from procurement.database import open_database, snapshot, transaction
from procurement.errors import JicaiError
from procurement.publication.ocds.feed import release_package, releases_of
from procurement.publication.ocds.imported import imported_package
from procurement.publication.ocds.jobs import place_of, publish_all
from procurement.publication.ocds.publish import Place
from procurement.publication.ocds.rules.identifiers import ocid_of
from procurement.publication.ocds.rules.json_text import write_json
from procurement.publication.ocds.telling import told_of
from procurement.rounds.service import find_round
from procurement.rounds.status import STATUS_NAMES
from procurement.rounds.tables import Round, RoundStatus
from procurement.settings import read_settings


class NothingPublicError(JicaiError):
    """There is no round of that name, or nothing of it is public."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__(
            f"round {name!r}: not stored, or not public yet; expected one that `jicai ocds` lists"
        )
        self.name = name


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's arguments."""
    parser = add_command(
        commands,
        "ocds",
        run,
        example="jicai ocds demo-bidding",
    )
    parser.add_argument("round", nargs="?", metavar="ROUND", help="name of a round")


def run(arguments: argparse.Namespace) -> int:
    """Publish what is to be told of a round and print its package, or list the rounds."""
    settings = read_settings(os.environ)
    place = place_of(settings)
    engine = open_database(settings.database_url, sandbox=settings.is_sandbox)
    try:
        if arguments.round is None:
            sys.stdout.write(_listed(engine, place, arguments))
        else:
            sys.stdout.write(f"{_package(engine, place, arguments.round)}\n")
    finally:
        engine.dispose()
    return 0


def _rounds(engine: Engine) -> Sequence[Round]:
    """Imported rounds, and those of which something is public, by name."""
    with snapshot(engine) as session:
        rounds = session.scalars(select(Round).order_by(Round.name)).all()
        return [
            one
            for one in rounds
            if one.status == RoundStatus.IMPORTED or told_of(session, round_id=one.id)
        ]


def _listed(engine: Engine, place: Place, arguments: argparse.Namespace) -> str:
    rounds = _rounds(engine)
    if arguments.json:
        details = [
            {
                "name": one.name,
                "title": one.title,
                "ocid": ocid_of(place.prefix, one.name),
                "status": str(one.status),
            }
            for one in rounds
        ]
        return dumps({"rounds": [one.name for one in rounds], "details": details})
    is_chinese = arguments.lang == "zh"
    head = ["批次", "状态", "名称"] if is_chinese else ["round", "status", "title"]
    names = STATUS_NAMES
    rows = [
        [one.name, names[RoundStatus(one.status)][0 if is_chinese else 1], one.title]
        for one in rounds
    ]
    return "\n".join(table([head, *rows])) + "\n"


def _package(engine: Engine, place: Place, name: str) -> str:
    with snapshot(engine) as session:
        round_ = find_round(session, name=name)
    if round_ is None:
        raise NothingPublicError(name)
    if round_.status == RoundStatus.IMPORTED:
        return write_json(imported_package(round_, place=place))
    publish_all(partial(transaction, engine), round_id=round_.id, place=place, moment=now())
    with snapshot(engine) as session:
        if not releases_of(session, round_id=round_.id):
            raise NothingPublicError(name)
        return "".join(release_package(session, round_=round_, address=place.address))
