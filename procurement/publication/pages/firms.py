"""Manufacturers: a list, and the standing of each."""

from typing import Any

from litestar import Response, get

from procurement.accounts.divisions import division_name
from procurement.permissions import Action
from procurement.publication.at_edge import seen_standing
from procurement.publication.standing import manufacturers
from procurement.web import PageNumber, RowId, Visit, paginate, reads, render

WORDS_MAX = 100


@get("/manufacturers", include_in_schema=False)
@reads
def list_manufacturers(visit: Visit, page: PageNumber = 1) -> Response[Any]:
    """List manufacturers with the number of their awards."""
    visit.require(Action.READ_STANDING)
    words = visit.query.get("words", "").strip()[:WORDS_MAX]
    found = paginate(visit.session, manufacturers(words=words), number=page)
    return render(visit, "publication/manufacturers.html", page=found, words=words)


@get("/manufacturers/{organisation_id:int}", include_in_schema=False)
@reads
def show_manufacturer(visit: Visit, organisation_id: RowId) -> Response[Any]:
    """Show a manufacturer's awards and grade."""
    standing = seen_standing(visit, organisation_id)
    regions = {region: visit.text(*division_name(region)) for region in standing.grades}
    return render(visit, "publication/manufacturer.html", standing=standing, regions=regions)


ROUTES = (list_manufacturers, show_manufacturer)
"""Handlers of these pages."""
