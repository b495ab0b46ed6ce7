"""Letters to bidders that were not selected, by machine."""

from typing import Annotated

from litestar import Response, get
from litestar.params import FromPath, Parameter

from procurement.awards.api.shapes import (
    LetterAnswer,
    LetterBidEntry,
    LetterEntry,
    LetterPage,
)
from procurement.awards.letter_pdf import print_letter
from procurement.awards.letters import Letter, LetterBid, letter_for, letters_of
from procurement.awards.letters_at_edge import addressee_of, letter_round
from procurement.web import Visit, reads

Addressee = Annotated[
    int | None,
    Parameter(ge=1, le=2**31 - 1, description="Addressee; own organisation unless given."),
]
PDF = "application/pdf"


@get("/api/v1/rounds/{name:str}/letters", tags=["awards"])
@reads
def list_letters(visit: Visit, name: FromPath[str]) -> LetterPage:
    """List the letters that the reader may see: the own ones, or all for the lead bureau."""
    round_, sees_all = letter_round(visit, name)
    owner = None if sees_all else visit.actor.organisation_id
    found = letters_of(visit.session, round_=round_, organisation_id=owner)
    return LetterPage([LetterEntry(*one) for one in found])


@get("/api/v1/rounds/{name:str}/letters/{lot:str}", tags=["awards"])
@reads
def read_letter(
    visit: Visit, name: FromPath[str], lot: FromPath[str], organisation_id: Addressee = None
) -> LetterAnswer:
    """Read the letter about a lot."""
    return _answer(_letter(visit, name, lot, organisation_id))


@get("/api/v1/rounds/{name:str}/letters/{lot:str}/pdf", tags=["awards"])
@reads
def letter_file(
    visit: Visit, name: FromPath[str], lot: FromPath[str], organisation_id: Addressee = None
) -> Response[bytes]:
    """Return the letter about a lot as PDF, in the language of the request."""
    letter = _letter(visit, name, lot, organisation_id)
    printed = print_letter(letter, language=visit.language)
    headers = {"content-disposition": f'attachment; filename="letter-{letter.notice}.pdf"'}
    return Response(printed, media_type=PDF, headers=headers)


def _letter(visit: Visit, name: str, lot: str, organisation_id: int | None) -> Letter:
    round_, addressee = addressee_of(visit, name, organisation_id)
    return letter_for(visit.session, round_=round_, organisation_id=addressee, lot=lot)


def _answer(letter: Letter) -> LetterAnswer:
    return LetterAnswer(
        round=letter.round_name,
        organisation_id=letter.organisation_id,
        organisation=letter.organisation,
        lot=letter.lot,
        product=letter.product,
        bidders=letter.bidders,
        places=letter.places,
        bids=[_bid(one) for one in letter.bids],
        notice=letter.notice,
        issued_at=letter.issued_at,
        objections_until=letter.objections_until,
        report_digest=letter.report_digest,
        rulebook=letter.rulebook,
        rulebook_digest=letter.rulebook_digest,
        checks_zh=[zh for zh, _ in letter.checks],
        checks_en=[en for _, en in letter.checks],
    )


def _bid(bid: LetterBid) -> LetterBidEntry:
    return LetterBidEntry(
        bid=bid.bid,
        status=bid.status,
        strength=bid.strength,
        declared_price=bid.declared_price,
        comparable_price=bid.comparable_price,
        conversion_zh=bid.conversion[0],
        conversion_en=bid.conversion[1],
        rank=bid.rank,
        clause=bid.clause,
        reason_zh=bid.reason[0],
        reason_en=bid.reason[1],
        needed_price=bid.needed_price,
        needed_pack_price=bid.needed_pack_price,
    )


ROUTES = (list_letters, read_letter, letter_file)
"""Handlers of these addresses."""
