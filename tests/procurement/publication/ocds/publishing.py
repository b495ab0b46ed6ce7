"""Publishing a world's round, as the job does it."""

from functools import partial

from sqlalchemy import select

from procurement.database import database_moment, snapshot, transaction
from procurement.publication.ocds.feed import releases_of
from procurement.publication.ocds.jobs import publish_all
from procurement.publication.ocds.publish import Place
from procurement.publication.ocds.rules.json_text import read_json
from procurement.rounds.tables import Round

ADDRESS = "https://jc.example"
PLACE = Place("ocds-000000", ADDRESS)


def publish(engine, name, moment=None) -> int:
    """Publish all that is to be told of a round; returns how many releases were made."""
    with snapshot(engine) as session:
        round_id = session.scalars(select(Round.id).where(Round.name == name)).one()
        now = moment or database_moment(session)
    return publish_all(partial(transaction, engine), round_id=round_id, place=PLACE, moment=now)


def releases(engine, name):
    """All releases of a round, as documents."""
    with snapshot(engine) as session:
        round_id = session.scalars(select(Round.id).where(Round.name == name)).one()
        return [read_json(one.document) for one in releases_of(session, round_id=round_id)]
