"""Merging the releases of a process into what is known of it now (the compiled release).

The merge routine of OCDS 1.1: what a later release says replaces what an earlier one said; lists
of things with an id are joined by it, other lists are replaced; null takes away. A test holds it
to the reference implementation.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from procurement.publication.ocds.rules.json_text import Document

WHOLE = frozenset({"additionalIdentifiers", "additionalClassifications", "activeIngredients"})
"""Lists that the schemas replace as a whole, though their things may have an id."""

_OF_A_RELEASE = frozenset({"id", "date", "tag"})


def compiled_release(releases: Sequence[Document]) -> Document:
    """Merge releases of one process, given in their order.

    Args:
        releases: The oldest first; at least one.

    Returns:
        The compiled release.

    Examples:
        >>> first = {"ocid": "o", "id": "1", "date": "2026-01-01", "tag": ["tender"],
        ...          "tender": {"id": "t", "title": "a", "lots": [{"id": "L1"}]}}
        >>> second = {"ocid": "o", "id": "2", "date": "2026-01-02", "tag": ["tenderUpdate"],
        ...           "tender": {"id": "t", "title": None, "lots": [{"id": "L2"}]}}
        >>> compiled_release([first, second])["tender"]
        {'id': 't', 'lots': [{'id': 'L1'}, {'id': 'L2'}]}
    """
    last = releases[-1]
    merged: Document = {
        "ocid": last["ocid"],
        "id": f"{last['ocid']}-{last['date']}",
        "date": last["date"],
        "tag": ["compiled"],
    }
    for release in releases:
        _put(merged, {name: one for name, one in release.items() if name not in _OF_A_RELEASE})
    return merged


def _put(merged: Document, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            _put(merged.setdefault(name, {}), value)
        elif name not in WHOLE and _has_ids(value):
            merged[name] = _joined(merged.get(name, ()), value)
        else:
            merged[name] = value


def _has_ids(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, Mapping) and "id" in one for one in value
    )


def _joined(known: Iterable[Document], given: Iterable[Mapping[str, Any]]) -> list[Document]:
    by_id = {one["id"]: one for one in known}
    for one in given:
        _put(by_id.setdefault(one["id"], {}), one)
    return list(by_id.values())


ENDED = {"awards": "cancelled", "lots": "withdrawn", "contracts": "cancelled"}
"""By list: the status of a thing that was published and is there no longer."""


def with_retractions(previous: Document, present: Document) -> Document:
    """Say in a release what is no longer so: a merge would keep what is only left out.

    A field that an earlier release had is given as null; a thing with a status gets its last one.
    Things without a status stay as they were published.

    Args:
        previous: The last release that told the whole of it.
        present: The release to be published, which tells the whole of it too.

    Examples:
        >>> with_retractions(
        ...     {"awards": [{"id": "a", "status": "pending"}], "tender": {"id": "t", "title": "x"}},
        ...     {"awards": [{"id": "b", "status": "pending"}], "tender": {"id": "t"}},
        ... )
        {'awards': [{'id': 'b', 'status': 'pending'}, {'id': 'a', 'status': 'cancelled'}], \
'tender': {'id': 't', 'title': None}}
    """
    if previous == present:
        return present
    taken = dict(present)
    for name, before in previous.items():
        if name in _OF_A_RELEASE:
            continue
        taken[name] = _without(name, before, present.get(name))
        if taken[name] is _NOTHING:
            del taken[name]
    return taken


_NOTHING = object()


def _without(name: str, before: object, now: object) -> object:
    """What to say of a field that an earlier release had."""
    if now and before == now:
        # Most of a round stands as it stood: comparing it is ten times as fast as going through.
        return now
    if name not in WHOLE and _has_ids(before):
        return _things(name, before, now)
    if isinstance(before, Mapping):
        return with_retractions(dict(before), dict(now) if isinstance(now, Mapping) else {})
    if now is None:
        # A list cannot be null everywhere; an empty one says the same.
        return _NOTHING if isinstance(before, list) else None
    return now


def _things(name: str, before: Any, now: Any) -> object:  # noqa: ANN401 - lists of a release
    earlier = {one["id"]: one for one in before}
    present = [with_retractions(earlier.pop(one["id"], {}), one) for one in now or ()]
    if name in ENDED:
        present += [_ended(name, one) for one in earlier.values()]
    return present or _NOTHING


def _ended(name: str, thing: Mapping[str, Any]) -> Document:
    needed = {key: thing[key] for key in ("id", "awardID") if key in thing}
    return {**needed, "status": ENDED[name]}
