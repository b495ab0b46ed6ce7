"""What pages and interface show of a session: terms of the deal, and the record with its proof."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from pricing.session import Event, EventKind, Side
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.groups.reconciling import PURPOSE as STEP_PURPOSE
from procurement.negotiations.groups.reconciling import Step, step_from
from procurement.negotiations.groups.results import PURPOSE as RESULT_PURPOSE
from procurement.negotiations.groups.tables import GroupResult, ReconciliationStep
from procurement.negotiations.groups.vault import vault_from
from procurement.negotiations.sessions.deals import find_record
from procurement.negotiations.sessions.opening import find_opening
from procurement.negotiations.sessions.sealing import find_envelope
from procurement.negotiations.sessions.tables import Deal, Envelope, Opening, Session, SessionRecord
from procurement.negotiations.tables import Dossier

_TERMS: Mapping[str, tuple[str, str]] = {
    "product": ("药品", "Drug"),
    "manufacturer": ("企业", "Manufacturer"),
    "strength": ("规格", "Strength"),
    "priced_unit": ("计价单位", "Priced unit"),
    "indication": ("支付范围（适应症）", "Scope (indication)"),
    "price": ("支付标准（元）", "Payment standard (yuan)"),
    "starts_on": ("起始日", "First day"),
    "ends_on": ("终止日", "Last day"),
    "envelope": ("信封摘要", "Envelope"),
}


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with what its key opens.

    Attributes:
        record: The record.
        envelope: The envelope; its digest was published before the session.
        opening: Who opened it.
        results: What the groups signed, newest of each, by group.
        steps: The chair's steps.
        people: Persons that are named.
    """

    record: SessionRecord
    envelope: Envelope
    opening: Opening
    results: Mapping[str, Mapping[str, Any]]
    steps: Sequence[Step]
    people: Sequence[int]


def deal_rows(language: str, deal: Deal) -> list[tuple[str, str]]:
    """Return what both sign, line by line.

    Args:
        language: ``zh`` or ``en``.
        deal: The deal.
    """
    terms = json.loads(deal.content)
    index = 1 if language == "en" else 0
    return [(words[index], str(terms[key])) for key, words in _TERMS.items() if terms.get(key)]


def event_from(kind: str, price: Decimal | None, *, side: Side) -> Event:
    """Read what a side does from a form or a request.

    Raises:
        InvalidInputError: No act of this side.
    """
    known = {one.value: one for one in EventKind if Event(one).side is side}
    if kind not in known:
        raise InvalidInputError([FieldFault("kind", "请选择操作。", "Choose what to do.")])
    return Event(known[kind], price)


def record_view(session: Database, *, dossier: Dossier, talk: Session) -> RecordView | None:
    """Return the record of a session with the calculation that its key opens; None before it."""
    kept = find_record(session, talk=talk)
    envelope, opening = find_envelope(session, talk=talk), find_opening(session, talk=talk)
    if kept is None or envelope is None or opening is None:
        return None
    vault = vault_from(
        envelope.wrapped_key, dossier_id=dossier.id, content_key=bytes.fromhex(kept.content_key)
    )
    results = session.scalars(
        select(GroupResult).where(GroupResult.dossier_id == dossier.id).order_by(GroupResult.id)
    ).all()
    steps = session.scalars(
        select(ReconciliationStep)
        .where(ReconciliationStep.dossier_id == dossier.id)
        .order_by(ReconciliationStep.number)
    ).all()
    return RecordView(
        record=kept,
        envelope=envelope,
        opening=opening,
        results={
            row.group_name: json.loads(
                vault.open(row.sealed, purpose=f"{RESULT_PURPOSE} {row.group_name}")
            )
            for row in results
        },
        steps=[
            step_from(row, json.loads(vault.open(row.sealed, purpose=STEP_PURPOSE)))
            for row in steps
        ],
        people=[envelope.sealed_by, *(row.person_id for row in steps)],
    )
