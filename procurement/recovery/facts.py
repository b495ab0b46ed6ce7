"""What must be the same before and after: the facts by which a restore is judged."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from bidding.sealing import Log, read_checkpoint
from procurement.audit import broken_link
from procurement.audit.tables import AuditEntry
from procurement.bids.tables import Checkpoint, LogLeaf
from procurement.database.tables import Installation, InstallationKind
from procurement.errors import JicaiError
from procurement.rounds.tables import Round

BATCH = 1000


class BrokenEvidenceError(JicaiError):
    """The audit trail or a log is broken in the database itself."""

    def __init__(self, what: str) -> None:
        """Keep what is broken."""
        super().__init__(f"{what} is broken: find out why before anything is overwritten")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a database holds, as far as it can be compared.

    Attributes:
        installation: ``live`` or ``sandbox``.
        audit_entries: Entries of the audit trail, whose chain was checked.
        audit_head: Digest of the newest one; empty where there is none.
        logs: The Merkle root of each closed log, by round and sitting, made anew from its leaves.
        sealed_rows: SHA-256 of all rows of the bids' log, in their order.
        rows: How many rows each table has.
    """

    installation: str
    audit_entries: int
    audit_head: str
    logs: Mapping[str, str]
    sealed_rows: str
    rows: Mapping[str, int]

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)

    def differences(self, other: "Facts") -> list[str]:
        """Name what is not the same in another database."""
        mine, others = self.document(), other.document()
        return [name for name in mine if mine[name] != others[name]]


def facts_of(session: Session) -> Facts:
    """Take the facts of a database; its evidence is checked on the way.

    Args:
        session: On one consistent state of the database.

    Raises:
        BrokenEvidenceError: The chain of the audit trail or the root of a log is wrong.
    """
    broken = broken_link(session)
    if broken is not None:
        raise BrokenEvidenceError(f"the audit trail at entry {broken}")
    head = select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
    mark = session.scalar(select(Installation.kind))
    return Facts(
        installation=str(mark or InstallationKind.LIVE),
        audit_entries=session.scalar(select(func.count()).select_from(AuditEntry)) or 0,
        audit_head=session.scalar(head) or "",
        logs=_roots(session),
        sealed_rows=_sealed_rows(session),
        rows=_rows(session),
    )


def _roots(session: Session) -> dict[str, str]:
    roots = {}
    rows = select(Round.name, Checkpoint).join(Round, Round.id == Checkpoint.round_id)
    for name, row in session.execute(rows.order_by(Checkpoint.id)):
        checkpoint = read_checkpoint(row.document)
        root = Log(checkpoint.suite_name, tuple(row.leaves.split())).root()
        where = f"{name}/{row.sitting}"
        if root != checkpoint.root:
            raise BrokenEvidenceError(f"the log of {where}")
        roots[where] = root
    return roots


def _sealed_rows(session: Session) -> str:
    digest = hashlib.sha256()
    columns = LogLeaf.__table__.c
    ordered = select(*columns).order_by(columns.id)
    for row in session.execute(ordered.execution_options(yield_per=BATCH)):
        *plain, sealed = row
        digest.update("\0".join(map(str, plain)).encode() + b"\0")
        digest.update(len(sealed).to_bytes(8, "big") + bytes(sealed))
    return digest.hexdigest()


def _rows(session: Session) -> dict[str, int]:
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    names = sorted(inspect(connection).get_table_names())
    return {
        name: session.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one()  # noqa: S608 - names of tables
        for name in names
    }
