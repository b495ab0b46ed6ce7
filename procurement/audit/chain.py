"""The chain of the audit record: pure, so that a court can follow it without the platform."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.json import encode

FIRST = "0" * 64
"""What the first entry is chained to."""


class Link(NamedTuple):
    """One entry of the record, as its digest covers it.

    Attributes:
        id: Its number.
        happened_at: When, in ISO 8601 with a zone.
        person_id: Who did it; None for the timetable.
        organisation_id: For which organisation.
        action: What was done.
        subject: To what.
        facts: JSON object of strings.
        previous_digest: Of the entry before.
        digest: Of this one.
    """

    id: int
    happened_at: str
    person_id: int | None
    organisation_id: int | None
    action: str
    subject: str
    facts: str
    previous_digest: str
    digest: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What following a chain found.

    Attributes:
        entries: How many entries fit, from the first on.
        head: Digest of the last of them.
        broken: Number of the first entry that does not fit; None where all do.
    """

    entries: int
    head: str
    broken: int | None


def link_digest(
    previous: str,
    happened_at: str,
    person_id: int | None,
    organisation_id: int | None,
    action: str,
    subject: str,
    facts: str,
) -> str:
    """SHA-256 of an entry with the digest of the one before, in hexadecimal.

    It covers the JSON array of the seven arguments in this order: no spaces between them, in UTF-8,
    without escapes for characters beyond ASCII.

    Examples:
        >>> link_digest(FIRST, "2026-11-22T00:00:00+00:00", None, None, "close", "x", "{}")[:16]
        'd450842e0ebb1ee1'
    """
    covered = (previous, happened_at, person_id, organisation_id, action, subject, facts)
    return hashlib.sha256(encode(covered)).hexdigest()


def follow(links: Iterable[Link], *, start: str = FIRST) -> Followed:
    """Follow a chain in its order, until an entry does not fit the one before.

    Args:
        links: The entries, by rising number.
        start: Digest of the entry before the first of them.

    Examples:
        >>> follow([]).entries
        0
    """
    head, entries = start, 0
    for number, moment, person, organisation, action, subject, facts, previous, digest in links:
        found = link_digest(head, moment, person, organisation, action, subject, facts)
        if previous != head or digest != found:
            return Followed(entries, head, number)
        head, entries = digest, entries + 1
    return Followed(entries, head, None)


def link_line(link: Link) -> str:
    """An entry as one line of the exported record.

    Examples:
        >>> link_line(Link(1, "2026-11-22", None, None, "close", "x", "{}", FIRST, "ab"))[:22]
        '{"id":1,"happened_at":'
    """
    return json.dumps(link._asdict(), ensure_ascii=False, separators=(",", ":"))


def read_links(documents: Iterable[Mapping[str, Any]]) -> Iterator[Link]:
    """Read exported entries strictly.

    Raises:
        ValueError: One has another form; it says which and what was expected.
    """
    for place, document in enumerate(documents, start=1):
        if set(document) != set(Link._fields):
            raise ValueError(f"line {place}: expected the fields {', '.join(Link._fields)}")
        link = Link(**document)
        texts = (*link[4:], link.happened_at)
        numbers = (link.id, link.person_id, link.organisation_id)
        if not all(isinstance(one, str) for one in texts) or not all(
            one is None or type(one) is int for one in numbers
        ):
            raise ValueError(f"line {place}: expected texts, and numbers for the ids")
        yield link


def moment_text(moment: datetime) -> str:
    """A moment as the digest covers it.

    Examples:
        >>> from datetime import UTC
        >>> moment_text(datetime(2026, 11, 22, tzinfo=UTC))
        '2026-11-22T00:00:00+00:00'
    """
    return moment.isoformat()
