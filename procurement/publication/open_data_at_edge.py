"""What pages and interface of open data share."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Annotated, Any

from litestar import Response
from litestar.params import QueryParameter
from litestar.response import Stream

from procurement.china_days import day_in_china
from procurement.permissions import Action, NotFoundForActorError
from procurement.publication.ocds.feed import (
    LINES_MAX,
    feed_lines,
    published_round,
    record_package,
    release_named,
    release_package,
    releases_after,
    single_package,
)
from procurement.publication.ocds.rules.json_text import write_json
from procurement.publication.open_data.columns import When
from procurement.publication.open_data.written import table_named, write_csv, write_parquet
from procurement.web import Visit

JSON = "application/json; charset=utf-8"
LINES = "application/jsonl; charset=utf-8"
CSV = "text/csv; charset=utf-8"
PARQUET = "application/vnd.apache.parquet"

After = Annotated[int, QueryParameter(name="after", ge=0, le=2**63 - 1)]
"""Position in the feed behind which to go on; 0 for the beginning."""

_WRITERS: dict[str, tuple[Callable[..., None], str]] = {
    "csv": (write_csv, CSV),
    "parquet": (write_parquet, PARQUET),
}
"""By the ending of a file: who writes it, and as what it is sent."""

_IN_MEMORY_MAX = 8 * 2**20
"""A larger file lies on the disk while it is sent."""

_PART = 2**18
"""Bytes that are sent together."""

_ANYWHERE = {"access-control-allow-origin": "*"}
"""Open data may be read by the pages of other sites; no cookie is asked for here."""


def package_answer(visit: Visit, name: str) -> Response[Any]:
    """Send the release package of a round."""
    visit.require(Action.READ_OPEN_DATA)
    round_ = published_round(visit.session, name=name)
    parts = release_package(visit.session, round_=round_, address=visit.settings.public_address)

    def write(file: IO[bytes]) -> None:
        for part in parts:
            # Not `writelines`: it goes to the disk only after the last line.
            file.write(part.encode())

    return _sent(write, JSON)


def record_answer(visit: Visit, name: str) -> Response[bytes]:
    """Send the record package of a round."""
    visit.require(Action.READ_OPEN_DATA)
    round_ = published_round(visit.session, name=name)
    package = record_package(visit.session, round_=round_, address=visit.settings.public_address)
    return _answer(write_json(package).encode(), JSON)


def release_answer(visit: Visit, release_id: str) -> Response[bytes]:
    """Send a package with one release."""
    visit.require(Action.READ_OPEN_DATA)
    release = release_named(visit.session, release_id=release_id)
    address = visit.settings.public_address
    return _answer(single_package(visit.session, release=release, address=address).encode(), JSON)


def feed_answer(visit: Visit, after: int) -> Response[bytes]:
    """Send releases of all rounds behind a position, one a line."""
    visit.require(Action.READ_OPEN_DATA)
    releases = releases_after(visit.session, position=after, most=LINES_MAX)
    last = releases[-1].id if releases else after
    lines = "".join(feed_lines(releases)).encode()
    following = f"{visit.settings.public_address}/open-data/releases.jsonl?after={last}"
    headers = {"x-last-position": str(last), "link": f'<{following}>; rel="next"'}
    return _answer(lines, LINES, **headers)


def table_answer(visit: Visit, file: str) -> Response[Any]:
    """Send a public table; the ending of its name says as what.

    Raises:
        NotFoundForActorError: There is no such table, or no such kind of file.
    """
    visit.require(Action.READ_OPEN_DATA)
    name, _, ending = file.rpartition(".")
    table = table_named(name)
    when = When(visit.moment, day_in_china(visit.moment))
    if ending not in _WRITERS:
        raise NotFoundForActorError
    write, media_type = _WRITERS[ending]
    disposition = f'attachment; filename="{name}.{ending}"'
    return _sent(
        lambda file: write(visit.session, table=table, when=when, written=file),
        media_type,
        **{"content-disposition": disposition},
    )


def without_ending(file: str, ending: str) -> str:
    """Return a file's name without its ending.

    Raises:
        NotFoundForActorError: It has another one.
    """
    if not file.endswith(ending):
        raise NotFoundForActorError
    return file.removesuffix(ending)


def _sent(write: Callable[[IO[bytes]], None], media_type: str, **headers: str) -> Response[Any]:
    """Send what is written here, within the transaction; it is read again after its end."""
    # Closed by whoever has sent its last part, or drops the answer.
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_MAX)  # noqa: SIM115
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Stream(_parts(file), media_type=media_type, headers={**_ANYWHERE, **headers})


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(partial(file.read, _PART), b"")


def _answer(content: bytes, media_type: str, **headers: str) -> Response[bytes]:
    return Response(content, media_type=media_type, headers={**_ANYWHERE, **headers})
