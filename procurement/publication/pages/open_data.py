"""Open data: what there is, the dictionary, and the files."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from procurement.permissions import Action
from procurement.publication.ocds.feed import newest_position, published_rounds
from procurement.publication.ocds.jobs import place_of
from procurement.publication.ocds.rules.identifiers import UNREGISTERED
from procurement.publication.ocds.rules.packages import EXTENSIONS
from procurement.publication.open_data.columns import KIND_NAMES
from procurement.publication.open_data.written import TABLES
from procurement.publication.open_data_at_edge import (
    After,
    feed_answer,
    package_answer,
    record_answer,
    release_answer,
    table_answer,
    without_ending,
)
from procurement.web import Visit, reads, render


@get("/open-data", include_in_schema=False)
@reads
def show_open_data(visit: Visit) -> Response[Any]:
    """Show what is published, by round and by table."""
    visit.require(Action.READ_OPEN_DATA)
    return render(
        visit,
        "publication/open_data.html",
        rounds=published_rounds(visit.session),
        tables=list(TABLES.values()),
        newest=newest_position(visit.session),
        is_registered=place_of(visit.settings).prefix != UNREGISTERED,
    )


@get("/open-data/dictionary", include_in_schema=False)
@reads
def show_dictionary(visit: Visit) -> Response[Any]:
    """Explain every column of every table, and the releases."""
    visit.require(Action.READ_OPEN_DATA)
    prefix = place_of(visit.settings).prefix
    return render(
        visit,
        "publication/open_data_dictionary.html",
        tables=list(TABLES.values()),
        kinds=KIND_NAMES,
        extensions=EXTENSIONS,
        prefix=prefix,
        is_registered=prefix != UNREGISTERED,
    )


@get("/open-data/rounds/{round_file:str}", include_in_schema=False)
@reads
def package_file(visit: Visit, round_file: FromPath[str]) -> Response[bytes]:
    """Send the release package of a round."""
    return package_answer(visit, without_ending(round_file, ".json"))


@get("/open-data/rounds/{published:str}/record.json", include_in_schema=False)
@reads
def record_file(visit: Visit, published: FromPath[str]) -> Response[bytes]:
    """Send the record package of a round."""
    return record_answer(visit, published)


@get("/open-data/releases/{release_file:str}", include_in_schema=False)
@reads
def release_file(visit: Visit, release_file: FromPath[str]) -> Response[bytes]:
    """Send a package with one release."""
    return release_answer(visit, without_ending(release_file, ".json"))


@get("/open-data/releases.jsonl", include_in_schema=False)
@reads
def feed_file(visit: Visit, after: After = 0) -> Response[bytes]:
    """Send releases of all rounds, one a line, in the order of the feed."""
    return feed_answer(visit, after)


@get("/open-data/tables/{table_file:str}", include_in_schema=False)
@reads
def table_file(visit: Visit, table_file: FromPath[str]) -> Response[bytes]:
    """Send a public table as CSV or Parquet."""
    return table_answer(visit, table_file)


ROUTES = (
    show_open_data,
    show_dictionary,
    package_file,
    record_file,
    release_file,
    feed_file,
    table_file,
)
"""Handlers of these pages."""
