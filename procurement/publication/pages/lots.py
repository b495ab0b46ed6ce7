"""The page of a lot's whole life."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.awards.pages.access import OPENED, seen_round
from procurement.publication.lot_life import lot_life
from procurement.web import Visit, reads, render


@get("/rounds/{name:str}/lots/{code:str}/life", include_in_schema=False)
@reads
def show_lot_life(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Show what happened to a lot, from the reported need to what hospitals keep."""
    round_, sight = seen_round(visit, name)
    life = lot_life(
        visit.session,
        round_=round_,
        code=code,
        is_opened=round_.status in OPENED and (sight.is_announced or sight.conducts),
        conducts=sight.conducts,
    )
    return render(
        visit,
        "publication/lot_life.html",
        round=round_,
        lot=life.lot,
        stations=[
            {
                "title": visit.text(one.zh, one.en),
                "moment": one.moment,
                "state": "done",
                "note": visit.text(one.note_zh, one.note_en),
                "href": one.href,
            }
            for one in life.stations
        ],
        sees_all=sight.conducts,
    )


ROUTES = (show_lot_life,)
