"""Publishing: one release for each thing that happened, and for each batch of agreements.

Releases are numbered and get their position in the feed under one lock, which is held until the
transaction ends: positions have no gaps and come into sight in their order. A reader who has seen
a position has seen all before it, whatever else was committed meanwhile.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from procurement.database import text_digest
from procurement.publication.ocds.reading_contracts import (
    Changed,
    changed_agreements,
    contract_facts,
)
from procurement.publication.ocds.reading_round import prices_are_public, round_facts
from procurement.publication.ocds.rules.contracting import with_returned_payments
from procurement.publication.ocds.rules.identifiers import ocid_of, release_id
from procurement.publication.ocds.rules.json_text import Document, read_json, write_json
from procurement.publication.ocds.rules.merge import with_retractions
from procurement.publication.ocds.rules.release import Head, contract_release, round_release
from procurement.publication.ocds.rules.seen import tags_of
from procurement.publication.ocds.tables import OcdsContract, OcdsFeed, OcdsRelease
from procurement.publication.ocds.telling import Told, told_of
from procurement.rounds.tables import Round

CONTRACTS_MAX = 50
"""Agreements of one release."""

FIRST_TAGS = frozenset({"planning", "tender", "award", "contract", "implementation"})
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where releases are published.

    Attributes:
        prefix: Of ocids.
        address: Where the platform is reached.
    """

    prefix: str
    address: str


def publish_next(
    session: Session, *, round_: Round, place: Place, moment: datetime
) -> OcdsRelease | None:
    """Publish the oldest thing of a round that no release tells, and then changed agreements.

    Args:
        session: Session of the caller's transaction: one release in each.
        round_: A round that the platform conducts.
        place: Where it is published.
        moment: Now, aware.

    Returns:
        The release, or None where everything is told.
    """
    feed = _lock_feed(session)
    last = _last_release(session, round_.id)
    known = _known(session, round_.id)
    for told in told_of(session, round_id=round_.id):
        if (told.event_id, told.document_id) not in known:
            return _tell(session, feed, round_, told, place, last, moment)
    if last is None:
        return None
    changed = changed_agreements(session, round_id=round_.id, most=CONTRACTS_MAX)
    return _publish_contracts(session, feed, round_, changed, last, moment) if changed else None


def _lock_feed(session: Session) -> OcdsFeed:
    """Hold the feed until the transaction ends; whoever else publishes waits here."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(OcdsFeed).values(id=1, position=0)
    session.execute(first.on_conflict_do_nothing())
    return session.get_one(OcdsFeed, 1, with_for_update=True, populate_existing=True)


def _last_release(session: Session, round_id: int) -> OcdsRelease | None:
    newest = select(OcdsRelease).where(OcdsRelease.round_id == round_id)
    return session.scalars(newest.order_by(OcdsRelease.number.desc()).limit(1)).one_or_none()


def _known(session: Session, round_id: int) -> Collection[tuple[int | None, int | None]]:
    rows = session.execute(
        select(OcdsRelease.event_id, OcdsRelease.document_id).where(
            OcdsRelease.round_id == round_id
        )
    )
    return {(event, document) for event, document in rows}


def _first_tags(session: Session, round_id: int) -> frozenset[str]:
    """Tags that no release of the round has yet."""
    rows = session.scalars(
        select(OcdsRelease.tags).where(OcdsRelease.round_id == round_id).distinct()
    )
    return FIRST_TAGS - {tag for tags in rows for tag in tags.split()}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A release before it has its position."""

    head: Head
    document: Document
    stage: str
    event_id: int | None = None
    document_id: int | None = None


def _head(
    round_: Round, place: Place | None, last: OcdsRelease | None, at: datetime, tags: list[str]
) -> Head:
    if last is not None:
        # Dates of a process rise from release to release: merging sorts by them.
        return Head(last.ocid, last.number + 1, max(at, last.dated_at + _TICK), tags)
    if place is None:
        raise ValueError(f"{round_.name} has no release")
    return Head(ocid_of(place.prefix, round_.name), 1, at, tags)


def _tell(
    session: Session,
    feed: OcdsFeed,
    round_: Round,
    told: Told,
    place: Place,
    last: OcdsRelease | None,
    moment: datetime,
) -> OcdsRelease:
    first = _first_tags(session, round_.id)
    tags = tags_of(told.status, is_first=first, is_amendment=told.is_amendment)
    head = _head(round_, place, last, told.at, tags)
    facts = round_facts(session, round_=round_, told=told, address=place.address)
    document = round_release(head, facts)
    previous = _last_whole(session, round_.id)
    if previous is not None:
        document = with_retractions(previous, document)
    draft = _Draft(head, document, told.status, told.event_id, told.document_id)
    return _add(session, feed, round_, draft, moment)


def _last_whole(session: Session, round_id: int) -> Document | None:
    """The last release that told the whole round, all but its contracts."""
    text = session.scalar(
        select(OcdsRelease.document)
        .where(
            OcdsRelease.round_id == round_id,
            func.coalesce(OcdsRelease.event_id, OcdsRelease.document_id).is_not(None),
        )
        .order_by(OcdsRelease.number.desc())
        .limit(1)
    )
    return None if text is None else read_json(text)


def _add(
    session: Session, feed: OcdsFeed, round_: Round, draft: _Draft, moment: datetime
) -> OcdsRelease:
    feed.position += 1
    text = write_json(draft.document)
    release = OcdsRelease(
        id=feed.position,
        round_id=round_.id,
        number=draft.head.number,
        release_id=release_id(draft.head.ocid, draft.head.number),
        ocid=draft.head.ocid,
        tags=" ".join(draft.head.tags),
        stage=draft.stage,
        event_id=draft.event_id,
        document_id=draft.document_id,
        dated_at=draft.head.date,
        document=text,
        digest=text_digest(text),
        made_at=moment,
    )
    session.add(release)
    session.flush()
    return release


def _publish_contracts(
    session: Session,
    feed: OcdsFeed,
    round_: Round,
    changed: list[Changed],
    last: OcdsRelease,
    moment: datetime,
) -> OcdsRelease:
    published = _published(session, changed)
    facts = contract_facts(
        session,
        round_=round_,
        changed=changed,
        with_prices=prices_are_public(session, round_=round_),
    )
    tags = _contract_tags(_first_tags(session, round_.id), changed, published)
    head = _head(round_, None, last, moment, tags)
    document = contract_release(head, facts)
    before = _previous(session, published)
    document["contracts"] = [
        _against(before.get(one["id"], {}), one, document["date"]) for one in document["contracts"]
    ]
    release = _add(session, feed, round_, _Draft(head, document, round_.status), moment)
    _keep(session, changed, published, release)
    return release


def _published(session: Session, changed: list[Changed]) -> dict[int, OcdsContract]:
    ids = [one.agreement.id for one in changed]
    rows = session.scalars(select(OcdsContract).where(OcdsContract.agreement_id.in_(ids)))
    return {one.agreement_id: one for one in rows}


def _contract_tags(
    first: frozenset[str], changed: list[Changed], published: dict[int, OcdsContract]
) -> list[str]:
    tags = []
    if any(one.agreement.id not in published for one in changed):
        tags.append("contract" if "contract" in first else "contractUpdate")
    elif any(_is_other(one, published[one.agreement.id]) for one in changed):
        tags.append("contractUpdate")
    if any(_has_paid(one, published.get(one.agreement.id)) for one in changed):
        tags.append("implementation" if "implementation" in first else "implementationUpdate")
    return tags


def _is_other(changed: Changed, published: OcdsContract) -> bool:
    agreement = changed.agreement
    return (agreement.status, agreement.revision) != (published.status, published.revision)


def _has_paid(changed: Changed, published: OcdsContract | None) -> bool:
    before = (0, Decimal(0)) if published is None else (published.payments, published.paid_amount)
    return (changed.paid.payments, changed.paid.amount) != before


def _previous(session: Session, published: dict[int, OcdsContract]) -> dict[str, Document]:
    """Contracts as the last release about each has them, by id."""
    positions = sorted({one.position for one in published.values()})
    texts = session.scalars(
        select(OcdsRelease.document).where(OcdsRelease.id.in_(positions)).order_by(OcdsRelease.id)
    )
    return {one["id"]: one for text in texts for one in read_json(text)["contracts"]}


def _against(previous: Document, contract: Document, date: str) -> Document:
    whole = with_returned_payments(previous, contract, date=date)
    return with_retractions(previous, whole)


def _keep(
    session: Session,
    changed: list[Changed],
    published: dict[int, OcdsContract],
    release: OcdsRelease,
) -> None:
    for one in changed:
        values = {
            "position": release.id,
            "status": one.agreement.status,
            "revision": one.agreement.revision,
            "payments": one.paid.payments,
            "paid_amount": one.paid.amount,
        }
        agreement_id = one.agreement.id
        if agreement_id in published:
            session.execute(
                update(OcdsContract)
                .where(OcdsContract.agreement_id == agreement_id)
                .values(**values)
            )
        else:
            session.add(OcdsContract(agreement_id=agreement_id, **values))
    session.flush()
