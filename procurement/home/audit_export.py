"""The whole audit record as lines that anybody can follow offline, with a signed last line."""

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing.canonical import Json
from bidding.sealing.signing import sign_document
from procurement.audit.chain import FIRST, link_line
from procurement.audit.service import links
from procurement.bids.keyholders.platform_keys import SERVER, platform_key
from procurement.home.audit_record import BEFORE_CLOSING
from procurement.negotiations.renewals.tables import Bidding
from procurement.rounds.tables import Round

HEAD = "audit-head/1"
SUITE = "intl-1"


def export_record(session: Session, *, secret_key: bytes, moment: datetime) -> Iterator[str]:
    """Yield the entries of the record, one JSON object a line, and what signs them.

    While bids are taken, entries tell who is about to bid, and their number how many: the export
    then ends before the publication of the oldest round, or the call for bids, that is still
    sealed, whatever was recorded since.

    Args:
        session: Any session.
        secret_key: `Settings.secret_key`.
        moment: When.
    """
    entries, head = 0, FIRST
    for link in links(session, before=sealed_since(session)):
        entries, head = entries + 1, link.digest
        yield link_line(link) + "\n"
    key = platform_key(session, owner=SERVER, suite=SUITE, secret_key=secret_key, moment=moment)
    document: dict[str, Json] = {
        "type": HEAD,
        "suite": SUITE,
        "entries": entries,
        "digest": head,
        "exported_at": moment.astimezone(UTC).isoformat(),
        "server_key": key.public.hex(),
    }
    signature = sign_document(document, key=key, random_bytes=secrets.token_bytes)
    document["signature"] = signature.hex()
    yield json.dumps(document, separators=(",", ":")) + "\n"


def sealed_since(session: Session) -> datetime | None:
    """Return when the oldest thing began whose bidders nobody may know yet; None where none is."""
    rounds: Any = select(Round.published_at).where(
        Round.status.in_(BEFORE_CLOSING), Round.published_at.is_not(None)
    )
    calls: Any = select(Bidding.called_at).where(Bidding.opened_at.is_(None))
    began = [*session.scalars(rounds), *session.scalars(calls)]
    return min(began, default=None)
