"""Following the chain of the audit record, beside reading the same rows and hashing alone.

``python -m benchmarks.audit 0.1`` takes a tenth of the entries.
"""

import hashlib
import json
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, insert, text

from benchmarks.bid_world import lasting_databases
from benchmarks.timing import once
from procurement.audit import broken_link
from procurement.audit.chain import FIRST, link_digest, moment_text
from procurement.audit.tables import AuditEntry
from procurement.database import snapshot

ENTRIES = 500_000
LEAST_A_SECOND = 100_000
START = datetime(2026, 1, 1, 1, 2, 3, 456_789, tzinfo=UTC)
ROWS_AT_ONCE = 10_000


def fill(engine: Engine, number: int) -> None:
    """Write a record of so many entries."""
    previous, rows = FIRST, []
    for place in range(number):
        moment = START + timedelta(seconds=place)
        facts = json.dumps({"digest": f"{place:064x}", "lot": "L01"}, ensure_ascii=False)
        said = (7, 3, "publish-round", f"round/anhui-{place % 97}", facts)
        digest = link_digest(previous, moment_text(moment), *said)
        names = ("person_id", "organisation_id", "action", "subject", "facts")
        row = dict(zip(names, said, strict=True))
        rows.append({**row, "happened_at": moment, "previous_digest": previous, "digest": digest})
        previous = digest
    with engine.begin() as connection:
        for place in range(0, number, ROWS_AT_ONCE):
            connection.execute(insert(AuditEntry), rows[place : place + ROWS_AT_ONCE])


def follow_all(engine: Engine) -> None:
    """Follow the whole chain."""
    with snapshot(engine) as session:
        broken = broken_link(session)
    if broken is not None:
        raise RuntimeError(f"entry {broken} does not fit")


def read_bare(engine: Engine) -> None:
    """Read the rows and hash each of them, and nothing else: the floor."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT * FROM audit_entry ORDER BY id"), execution_options={"yield_per": 5000}
        )
        for row in rows:
            hashlib.sha256(row[6].encode()).hexdigest()


def main(share: float = 1.0) -> None:
    """Print entries a second on both databases, beside the floor."""
    number = int(ENTRIES * share)
    print(f"\naudit record: {number:,} entries (aim {LEAST_A_SECOND:,} a second)")
    with tempfile.TemporaryDirectory() as folder, lasting_databases(Path(folder)) as engines:
        for engine in engines:
            fill(engine, number)
            bare = number / once(partial(read_bare, engine))
            ours = number / once(partial(follow_all, engine))
            print(
                f"  {engine.dialect.name:<10} followed {ours:>10,.0f}/s"
                f"   read and hashed {bare:>10,.0f}/s   x {bare / ours:.2f}"
            )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
