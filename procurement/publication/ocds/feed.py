"""Reading what was published: the feed, packages, records; nothing here is made anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, Select, cast, func, select
from sqlalchemy.orm import Session, defer

from procurement.accounts.tables import Organisation
from procurement.errors import RefusedError
from procurement.permissions import NotFoundForActorError
from procurement.publication.ocds.rules.identifiers import ORGANISATION_SCHEME
from procurement.publication.ocds.rules.json_text import Document, read_json
from procurement.publication.ocds.rules.packages import (
    Publisher,
    package_head,
    package_text,
    record_of,
)
from procurement.publication.ocds.rules.values import moment_of
from procurement.publication.ocds.tables import OcdsRelease
from procurement.rounds.tables import Round

RECORD_RELEASES_MAX = 1_000
"""Releases that are merged while somebody waits; each tells of up to 50 agreements."""

LINES_MAX = 1_000
"""Lines of one file of the feed; the next file goes on behind its last position."""

BYTES_MAX = 8 * 2**20
"""Of the releases of one file of the feed; a larger one comes alone."""

DOCUMENTS_AT_ONCE = 20
"""Releases of a package that are held together; a large one has some hundred kilobytes."""


class TooManyReleasesError(RefusedError):
    """A round has more releases than are merged for a page."""

    def __init__(self) -> None:
        """Say what to take instead."""
        super().__init__(
            zh="本批次的发布记录过多，不在线合并；请下载全部发布记录后自行合并。",
            en="This round has too many releases to be merged here: download them and merge them "
            "by the routine of OCDS.",
        )


@dataclass(frozen=True, slots=True)
class PublishedRound:
    """A round of which something is published.

    Attributes:
        round: The round.
        ocid: Of its process.
        releases: How many there are.
        newest_at: Date of the newest.
    """

    round: Round
    ocid: str
    releases: int
    newest_at: datetime


def published_rounds(session: Session) -> Sequence[PublishedRound]:
    """Return the rounds of which something is published, the newest first."""
    rows = session.execute(
        select(
            Round,
            func.min(OcdsRelease.ocid),
            func.count(OcdsRelease.id),
            func.max(OcdsRelease.dated_at),
        )
        .join(OcdsRelease, OcdsRelease.round_id == Round.id)
        .group_by(Round.id)
        .order_by(func.max(OcdsRelease.dated_at).desc(), Round.id)
    )
    return [PublishedRound(round_, ocid, count, newest) for round_, ocid, count, newest in rows]


def published_round(session: Session, *, name: str) -> Round:
    """Return a round of which something is published.

    Raises:
        NotFoundForActorError: There is none of that name, or nothing of it is public.
    """
    found = session.scalars(
        select(Round).where(
            Round.name == name, Round.id.in_(select(OcdsRelease.round_id).distinct())
        )
    ).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def releases_of(session: Session, *, round_id: int) -> Sequence[OcdsRelease]:
    """Return the releases of a round, the oldest first."""
    own = select(OcdsRelease).where(OcdsRelease.round_id == round_id)
    return session.scalars(own.order_by(OcdsRelease.number)).all()


def release_named(session: Session, *, release_id: str) -> OcdsRelease:
    """Return a release by its id.

    Raises:
        NotFoundForActorError: There is none.
    """
    named = select(OcdsRelease).where(OcdsRelease.release_id == release_id)
    found = session.scalars(named).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def releases_after(
    session: Session, *, position: int, most: int, bytes_max: int = BYTES_MAX
) -> Sequence[OcdsRelease]:
    """Return releases of all rounds in the order of the feed.

    Positions come into sight in their order and without gaps: who goes on behind the last one
    that he has read misses nothing.

    Args:
        session: Any session.
        position: Of the last one that was read; 0 for the beginning.
        most: At most so many.
        bytes_max: And so many bytes of them, but always one where there is one.
    """
    last = _last_within(session, position, most, bytes_max)
    some = select(OcdsRelease).where(OcdsRelease.id > position, OcdsRelease.id <= last)
    return session.scalars(some.order_by(OcdsRelease.id)).all()


def _last_within(session: Session, position: int, most: int, bytes_max: int) -> int:
    """The position of the last release that fits; the lengths are read without the releases."""
    if session.get_bind().dialect.name == "postgresql":
        length = func.octet_length(OcdsRelease.document)
    else:
        length = func.length(cast(OcdsRelease.document, LargeBinary))
    lengths = session.execute(
        select(OcdsRelease.id, length)
        .where(OcdsRelease.id > position)
        .order_by(OcdsRelease.id)
        .limit(most)
    ).all()
    last, total = position, 0
    for each, size in lengths:
        total += size
        if last > position and total > bytes_max:
            break
        last = each
    return last


def in_order() -> Select[OcdsRelease]:
    """Select all releases without their documents, to be read in pages by their position."""
    return select(OcdsRelease).options(defer(OcdsRelease.document))


def newest_position(session: Session) -> int:
    """Return the position of the newest release; 0 where there is none."""
    return session.scalar(select(func.max(OcdsRelease.id))) or 0


def feed_lines(releases: Sequence[OcdsRelease]) -> Iterator[str]:
    r"""Write releases as lines, each as it was published, with its position.

    Examples:
        >>> list(feed_lines([OcdsRelease(id=3, digest="d", document='{"id":"r"}')]))
        ['{"position":3,"sha256":"d","release":{"id":"r"}}\n']
    """
    for one in releases:
        yield f'{{"position":{one.id},"sha256":"{one.digest}","release":{one.document}}}\n'


def publisher_of(session: Session, *, round_: Round, address: str) -> Publisher:
    """Return who publishes a round: the bureau that leads it."""
    bureau = None if round_.bureau_id is None else session.get(Organisation, round_.bureau_id)
    if bureau is None:
        return Publisher(round_.title, None, None, address)
    scheme = ORGANISATION_SCHEME if bureau.credit_code else None
    return Publisher(bureau.name, scheme, bureau.credit_code, address)


def release_package(session: Session, *, round_: Round, address: str) -> Iterator[str]:
    """Write the release package of a round in parts, which no list holds all at once.

    Args:
        session: Any session; it stays open until the last part is taken.
        round_: One of which something is published.
        address: Where the platform is reached.
    """
    own = OcdsRelease.round_id == round_.id
    newest = in_order().where(own).order_by(OcdsRelease.number.desc()).limit(1)
    head = _head(session, round_, session.scalars(newest).one(), address, "releases")
    documents = session.scalars(
        select(OcdsRelease.document)
        .where(own)
        .order_by(OcdsRelease.number)
        .execution_options(yield_per=DOCUMENTS_AT_ONCE)
    )
    return package_text(head, documents)


def record_package(session: Session, *, round_: Round, address: str) -> Document:
    """Return the record package of a round.

    Args:
        session: Any session.
        round_: One of which something is published.
        address: Where the platform is reached.

    Raises:
        TooManyReleasesError: There are more than are merged while somebody waits.
    """
    releases = releases_of(session, round_id=round_.id)
    if len(releases) > RECORD_RELEASES_MAX:
        raise TooManyReleasesError
    head = _head(session, round_, releases[-1], address, "record")
    places = [release_address(address, one.release_id) for one in releases]
    record = record_of([read_json(one.document) for one in releases], places)
    package = f"{address}/open-data/rounds/{round_.name}.json"
    return {**head, "packages": [package], "records": [record]}


def release_address(address: str, release_id: str) -> str:
    """Return where a release is found.

    Examples:
        >>> release_address("https://jc.example", "ocds-000000-a-1")
        'https://jc.example/open-data/releases/ocds-000000-a-1.json'
    """
    return f"{address}/open-data/releases/{release_id}.json"


def single_package(session: Session, *, release: OcdsRelease, address: str) -> str:
    """Write a package that holds one release."""
    round_ = session.get_one(Round, release.round_id)
    head = _head(session, round_, release, address, "releases")
    head["uri"] = release_address(address, release.release_id)
    return "".join(package_text(head, [release.document]))


def _head(
    session: Session, round_: Round, newest: OcdsRelease, address: str, part: str
) -> Document:
    suffix = "" if part == "releases" else "/record"
    return package_head(
        publisher_of(session, round_=round_, address=address),
        ocid=newest.ocid,
        uri=f"{address}/open-data/rounds/{round_.name}{suffix}.json",
        published_at=moment_of(newest.dated_at) or "",
    )
