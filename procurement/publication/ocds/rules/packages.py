"""Packages: releases or records with who publishes them, and under which extensions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from procurement.publication.ocds.rules.identifiers import is_registered
from procurement.publication.ocds.rules.json_text import Document, write_json
from procurement.publication.ocds.rules.merge import compiled_release
from procurement.publication.ocds.rules.values import given

VERSION = "1.1"

_EXTENSIONS = "https://raw.githubusercontent.com/open-contracting-extensions"
EXTENSIONS = (
    f"{_EXTENSIONS}/ocds_bid_extension/v1.1.5/extension.json",
    f"{_EXTENSIONS}/ocds_lots_extension/v1.1.5/extension.json",
    f"{_EXTENSIONS}/ocds_medicine_extension/master/extension.json",
)
"""Addresses that name the extensions; nothing here ever asks them."""

UNREGISTERED_NOTE = " （ocid 前缀未登记 / the ocid prefix is not registered）"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes a package, and where.

    Attributes:
        name: Of the bureau that leads the round.
        scheme: Of its identifier, if it has one.
        uid: Its identifier.
        address: Where the platform is reached.
    """

    name: str
    scheme: str | None
    uid: str | None
    address: str


def package_head(publisher: Publisher, *, ocid: str, uri: str, published_at: str) -> Document:
    """Return what every package begins with.

    Args:
        publisher: Who publishes.
        ocid: Of the process.
        uri: Where the package is found.
        published_at: Date of the newest release in it.
    """
    note = "" if is_registered(ocid) else UNREGISTERED_NOTE
    return {
        "uri": uri,
        "version": VERSION,
        "publishedDate": published_at,
        "publisher": given(
            name=f"{publisher.name}{note}", scheme=publisher.scheme, uid=publisher.uid
        ),
        "extensions": list(EXTENSIONS),
        "publicationPolicy": f"{publisher.address}/open-data/dictionary",
    }


def package_text(head: Document, releases: Iterable[str]) -> Iterator[str]:
    """Write a release package around releases as they were published, byte for byte.

    Examples:
        >>> "".join(package_text({"version": "1.1"}, ['{"id":"1"}', '{"id":"2"}']))
        '{"version":"1.1","releases":[{"id":"1"},{"id":"2"}]}'
    """
    yield f'{write_json(head)[:-1]},"releases":['
    for number, text in enumerate(releases):
        yield text if number == 0 else f",{text}"
    yield "]}"


def record_of(releases: Sequence[Document], addresses: Sequence[str]) -> Document:
    """Return the record of a process: where its releases are, and what they come to.

    Args:
        releases: The oldest first.
        addresses: Where each can be read.
    """
    linked = [
        {"url": address, "date": release["date"], "tag": release["tag"]}
        for release, address in zip(releases, addresses, strict=True)
    ]
    return {
        "ocid": releases[-1]["ocid"],
        "releases": linked,
        "compiledRelease": compiled_release(releases),
    }
