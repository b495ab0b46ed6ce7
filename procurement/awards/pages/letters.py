"""Letters to bidders: to a loser what it would have needed, to a winner what it won."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.accounts.tables import Organisation
from procurement.awards.evaluation import current_report
from procurement.awards.letter_pdf import print_letter
from procurement.awards.letters import Letter, letter_for, letters_of
from procurement.awards.letters_at_edge import addressee_of, letter_round
from procurement.awards.pages.access import ANNOUNCED, sight_of
from procurement.awards.pages.clauses import Clauses
from procurement.awards.pages.files import PDF, head_of
from procurement.awards.pages.shown import ShownLot, floored, rounded, shown_lot
from procurement.awards.pages.tabled import as_pdf, won_tables
from procurement.awards.report_view import ReportView
from procurement.permissions import NotFoundForActorError
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.tables import Round
from procurement.web import RowId, Visit, reads, render


@dataclass(frozen=True)
class Addressed:
    """All that one bidder is told of one lot.

    Attributes:
        organisation: The addressee.
        letter: Why bids were not selected; None where all were.
        won: The lot with the addressee's selected bids; None where none was.
    """

    organisation: Organisation
    letter: Letter | None
    won: ShownLot | None


@get("/rounds/{name:str}/letters", include_in_schema=False)
@reads
def show_letters(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List the letters of a bidder, or to the bureau those to all bidders."""
    round_, sees_all = letter_round(visit, name)
    addressee = None if sees_all else visit.actor.organisation_id
    lost = letters_of(visit.session, round_=round_, organisation_id=addressee)
    won = _won(visit, round_, addressee)
    rows = sorted({*lost, *won}, key=lambda one: (one[1], one[0]))
    ids = {organisation_id for organisation_id, _ in rows}
    names = {one: visit.session.get_one(Organisation, one).name for one in ids}
    return render(
        visit,
        "awards/letters.html",
        round=round_,
        rows=[
            (code, who, names[who], (who, code) in won, (who, code) in lost) for who, code in rows
        ],
        sees_all=sees_all,
        is_announced=round_.status in ANNOUNCED,
    )


def _won(visit: Visit, round_: Round, addressee: int | None) -> set[tuple[int, str]]:
    """Who won which lot, once the selection is on notice."""
    report = current_report(visit.session, round_id=round_.id)
    if report is None or round_.status not in ANNOUNCED:
        return set()
    return {
        (report.owners[lot["lot"], one["bid"]], lot["lot"])
        for lot in report.lots
        for one in lot["outcomes"]
        if one["selected"] and addressee in (None, report.owners[lot["lot"], one["bid"]])
    }


@get("/rounds/{name:str}/letters/{code:str}/{organisation_id:int}", include_in_schema=False)
@reads
def show_letter(
    visit: Visit, name: FromPath[str], code: FromPath[str], organisation_id: RowId
) -> Response[Any]:
    """Show a bidder's letter about a lot, to it and to the bureau."""
    round_, addressed = _addressed(visit, name, code, organisation_id)
    return render(
        visit,
        "awards/letter.html",
        round=round_,
        addressed=addressed,
        letter=addressed.letter,
        won=addressed.won,
        code=code,
        is_own=organisation_id == visit.actor.organisation_id,
        figures=_figures(addressed.letter),
        clauses=Clauses(rules_in_force(visit.session, round_=round_), visit.language),
    )


def _figures(letter: Letter | None) -> list[dict[str, Decimal | None]]:
    """The prices of each bid of a letter, as people read them."""
    bids = () if letter is None else letter.bids
    return [
        {
            "declared": rounded(bid.declared_price),
            "comparable": rounded(bid.comparable_price),
            "needed": floored(bid.needed_price),
            "pack": floored(bid.needed_pack_price),
        }
        for bid in bids
    ]


@get(
    "/rounds/{name:str}/letters/{code:str}/{organisation_id:int}/{paper:str}",
    include_in_schema=False,
)
@reads
def letter_file(
    visit: Visit,
    name: FromPath[str],
    code: FromPath[str],
    organisation_id: RowId,
    paper: FromPath[str],
) -> Response[bytes]:
    """Send a letter as PDF: ``lost`` is the loser's, ``won`` the winner's."""
    round_, addressed = _addressed(visit, name, code, organisation_id)
    if paper == "lost" and addressed.letter is not None:
        content = print_letter(addressed.letter, language=visit.language)
    elif paper == "won" and addressed.won is not None:
        content = _winners_notice(visit, round_, addressed.organisation, addressed.won)
    else:
        raise NotFoundForActorError
    named = f'attachment; filename="{name}-letter-{organisation_id}-{paper}.pdf"'
    return Response(content, media_type=PDF, headers={"content-disposition": named})


def _winners_notice(
    visit: Visit, round_: Round, organisation: Organisation, won: ShownLot
) -> bytes:
    title = visit.text("拟中选通知书", "Notice to a selected bidder")
    head = head_of(visit, round_, _report(visit, round_), title, organisation.name)
    return as_pdf(head, won_tables(won, head), visit.moment)


def _report(visit: Visit, round_: Round) -> ReportView:
    report = current_report(visit.session, round_id=round_.id)
    if report is None or round_.status not in ANNOUNCED:
        raise NotFoundForActorError
    return report


def _addressed(visit: Visit, name: str, code: str, organisation_id: int) -> tuple[Round, Addressed]:
    """Return what a bidder is told, to whom may read it.

    Raises:
        NotFoundForActorError: There is no such letter, or it is another's.
    """
    round_, _ = addressee_of(visit, name, organisation_id)
    organisation = visit.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundForActorError
    lost = letters_of(visit.session, round_=round_, organisation_id=organisation_id)
    letter = None
    if (organisation_id, code) in lost:
        letter = letter_for(visit.session, round_=round_, organisation_id=organisation_id, lot=code)
    won = None
    if (organisation_id, code) in _won(visit, round_, organisation_id):
        won = _own_part(visit, round_, code, organisation_id)
    if letter is None and won is None:
        raise NotFoundForActorError
    return round_, Addressed(organisation, letter, won)


def _own_part(visit: Visit, round_: Round, code: str, organisation_id: int) -> ShownLot:
    """The lot with the selected bids of one addressee, and nothing of others."""
    report = _report(visit, round_)
    sight = replace(
        sight_of(visit, round_), conducts=False, sees_all=False, organisation_id=organisation_id
    )
    lot = shown_lot(report, code, sight)
    bids = tuple(bid for bid in lot.bids if bid.is_own and bid.is_selected)
    return replace(lot, bids=bids)


ROUTES = (show_letters, show_letter, letter_file)
"""Handlers of these pages."""
