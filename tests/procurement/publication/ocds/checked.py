"""Letting the official checker read all that is published of a round."""

import json

from procurement.database import snapshot
from procurement.publication.ocds.feed import (
    published_round,
    record_package,
    release_package,
    releases_of,
    single_package,
)
from tests.procurement.publication.ocds.offline import EMPTY, found_by_checker, plain
from tests.procurement.publication.ocds.publishing import ADDRESS

CLEAN: dict[str, list[object]] = {name: [] for name in EMPTY}


def clean(found):
    """What the checker found, to be compared with `CLEAN`."""
    return {name: list(value) for name, value in found.items()}


def check_all(engine, folder, name, *, known=0):
    """Check a round's package and its record, and every release alone; returns rows and record.

    As many as are known already were checked alone before: releases do not change.
    """
    with snapshot(engine) as session:
        round_ = published_round(session, name=name)
        rows = releases_of(session, round_id=round_.id)
        new = rows[known:]
        singles = [single_package(session, release=one, address=ADDRESS) for one in new]
        package = "".join(release_package(session, round_=round_, address=ADDRESS))
        record = record_package(session, round_=round_, address=ADDRESS)
    assert clean(found_by_checker(package, folder)) == CLEAN
    assert clean(found_by_checker(json.dumps(plain(record)), folder)) == CLEAN
    for row, single in zip(new, singles, strict=True):
        assert clean(found_by_checker(single, folder)) == CLEAN, (row.stage, row.tags)
    return rows, record
