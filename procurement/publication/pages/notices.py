"""The notice board, and what was published of one round, with its evidence."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.awards.pages.access import OPENED, sight_of
from procurement.bids.at_edge import public_round
from procurement.bids.keyholders.manifests import manifests_of
from procurement.bids.sittings import sittings_of
from procurement.bids.submission.close import find_final_log
from procurement.permissions import Action
from procurement.publication.at_edge import evidence_answer, letters_answer, reader_of
from procurement.publication.board import (
    board,
    notice_of,
    notices_on,
    objections_close_at,
)
from procurement.rounds.status import STATUS_NAMES
from procurement.rounds.tables import RoundStatus
from procurement.web import PageNumber, Visit, paginate, reads, render

WORDS_MAX = 100


@get("/publications", include_in_schema=False)
@reads
def show_board(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """Show what was published, the newest first."""
    words = visit.query.get("words", "").strip()[:WORDS_MAX]
    found = paginate(visit.session, board(actor=visit.actor, words=words), number=page)
    return render(
        visit,
        "publication/board.html",
        page=found,
        notices=[notice_of(row) for row in found.rows],
        words=words,
    )


@get("/rounds/{name:str}/publications", include_in_schema=False)
@reads
def show_round_publications(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show all that is published of a round: notices, results, log, evidence."""
    round_ = public_round(visit, name, Action.READ_ROUND)
    status = RoundStatus(round_.status)
    about = {"round_id": round_.id}
    reader = reader_of(visit, round_)
    sight = sight_of(visit, round_)
    return render(
        visit,
        "publication/round.html",
        round=round_,
        standing=visit.text(*STATUS_NAMES[status]),
        notices=notices_on(visit.session, actor=visit.actor, round_name=round_.name),
        objections_close_at=objections_close_at(visit.session, **about),
        log=find_final_log(visit.session, **about),
        manifests=manifests_of(visit.session, **about),
        sittings=sittings_of(visit.session, **about),
        is_opened=status in OPENED,
        sight=sight,
        scope=_scope(reader.sees_all, reader.organisation_id),
    )


def _scope(sees_all: bool, organisation_id: int | None) -> str:
    if sees_all:
        return "whole"
    return "public" if organisation_id is None else "own"


@get("/rounds/{name:str}/evidence.zip", include_in_schema=False)
@reads
def evidence_file(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Send the bundle of evidence, as far as the visitor may see it."""
    return evidence_answer(visit, name)


@get("/rounds/{name:str}/evidence/letters.zip", include_in_schema=False)
@reads
def letters_file(visit: Visit, name: FromPath[str]) -> Response[bytes]:
    """Send the visitor's own letters, signed, to be verified beside a bundle."""
    return letters_answer(visit, name)


ROUTES = (show_board, show_round_publications, evidence_file, letters_file)
"""Handlers of these pages."""
