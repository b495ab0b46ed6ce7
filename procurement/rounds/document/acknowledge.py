"""Acknowledgements: manufacturers' word that they have the document and its amendments.

Who means to bid is nobody's business before bidding closes, since the number of bidders sets the
number of places. Reminders therefore go out by themselves; people see the list after closing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.notices import notify
from procurement.permissions import Action, Actor, NotFoundForActorError
from procurement.rounds.document.errors import NotPublishedError, SupersededError
from procurement.rounds.document.tables import (
    DocumentAcknowledgement,
    RoundDocument,
)
from procurement.rounds.document.versions import IN_FORCE, newest_version
from procurement.rounds.progress import record_change
from procurement.rounds.tables import Round, RoundStatus

_BEFORE_CLOSING = (
    RoundStatus.DRAFT,
    RoundStatus.VOLUME_REPORTING,
    RoundStatus.COMMENTS,
    RoundStatus.PUBLISHED,
    RoundStatus.BIDDING,
)


def acknowledge(
    session: Session,
    *,
    round_: Round,
    version: RoundDocument,
    actor: Actor,
    moment: datetime,
) -> DocumentAcknowledgement:
    """Acknowledge the document as it stands, with all its amendments.

    Doing it again changes nothing.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        version: The version that was read; it has to be the newest.
        actor: Who acknowledges, for a manufacturer.
        moment: When, aware.

    Raises:
        NotPublishedError: There is only a draft.
        SupersededError: An amendment has come out since.
    """
    if version.round_id != round_.id or actor.organisation_id is None or actor.person_id is None:
        raise NotFoundForActorError
    if version.kind not in IN_FORCE:
        raise NotPublishedError
    newest = newest_version(session, round_=round_)
    if newest is None or newest.id != version.id:
        raise SupersededError
    given = acknowledgement_of(session, version=version, organisation_id=actor.organisation_id)
    if given is not None:
        return given
    made = DocumentAcknowledgement(
        document_id=version.id,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        acknowledged_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        # Somebody else of the same organisation did so at the same moment.
        return session.scalars(_wanted(version, actor.organisation_id)).one()
    record_change(
        session,
        round_=round_,
        actor=actor,
        action=Action.ACKNOWLEDGE_DOCUMENT,
        facts={"document": version.content_digest},
        moment=moment,
    )
    return made


def acknowledgement_of(
    session: Session, *, version: RoundDocument, organisation_id: int
) -> DocumentAcknowledgement | None:
    """An organisation's acknowledgement of a version, if it gave one."""
    return session.scalars(_wanted(version, organisation_id)).one_or_none()


def _wanted(version: RoundDocument, organisation_id: int) -> Select[DocumentAcknowledgement]:
    return select(DocumentAcknowledgement).where(
        DocumentAcknowledgement.document_id == version.id,
        DocumentAcknowledgement.organisation_id == organisation_id,
    )


def has_acknowledged(session: Session, *, round_: Round, organisation_id: int) -> bool:
    """Tell whether an organisation has acknowledged the document as it stands now."""
    newest = newest_version(session, round_=round_)
    if newest is None or newest.kind not in IN_FORCE:
        return False
    given = acknowledgement_of(session, version=newest, organisation_id=organisation_id)
    return given is not None


def acknowledged_by(session: Session, *, version: RoundDocument) -> Sequence[Organisation]:
    """Who has acknowledged a version, by name; for the machine, see the module's words."""
    organisations = (
        select(Organisation)
        .join(DocumentAcknowledgement, DocumentAcknowledgement.organisation_id == Organisation.id)
        .where(DocumentAcknowledgement.document_id == version.id)
        .order_by(Organisation.name, Organisation.id)
    )
    return session.scalars(organisations).all()


def awaiting_acknowledgement(
    session: Session, *, round_: Round, organisation_ids: Collection[int] | None = None
) -> Sequence[Organisation]:
    """Who has not yet acknowledged the document as it stands, by name.

    Args:
        session: Any session.
        round_: A published round.
        organisation_ids: Who is to acknowledge it (bidders, or who handed in papers); None for
            all that acknowledged an earlier version.
    """
    newest = newest_version(session, round_=round_)
    if newest is None or newest.kind not in IN_FORCE:
        return []
    done = select(DocumentAcknowledgement.organisation_id).where(
        DocumentAcknowledgement.document_id == newest.id
    )
    expected = (
        select(DocumentAcknowledgement.organisation_id)
        .join(RoundDocument, RoundDocument.id == DocumentAcknowledgement.document_id)
        .where(RoundDocument.round_id == round_.id)
    )
    waiting = select(Organisation).where(Organisation.id.not_in(done))
    if organisation_ids is None:
        waiting = waiting.where(Organisation.id.in_(expected))
    else:
        waiting = waiting.where(Organisation.id.in_(list(organisation_ids)))
    return session.scalars(waiting.order_by(Organisation.name, Organisation.id)).all()


def may_list(round_: Round) -> bool:
    """Tell whether people may see who has acknowledged: not before bidding has closed."""
    return round_.status not in _BEFORE_CLOSING


def remind_to_acknowledge(
    session: Session,
    *,
    round_: Round,
    moment: datetime,
    organisation_ids: Collection[int] | None = None,
) -> int:
    """Remind everybody who has not acknowledged the newest amendment; each is told once.

    Args:
        session: Session of the caller's transaction.
        round_: A published round.
        moment: When, aware.
        organisation_ids: See `awaiting_acknowledgement`.

    Returns:
        How many were to be reminded.
    """
    newest = newest_version(session, round_=round_)
    waiting = awaiting_acknowledgement(session, round_=round_, organisation_ids=organisation_ids)
    for organisation in waiting:
        notify(
            session,
            organisation_id=organisation.id,
            zh=f"“{round_.title}”采购文件有新的补充文件，请阅读并确认收悉。",
            en=f"The document of “{round_.title}” has been amended: please read and acknowledge.",
            link=f"/rounds/{round_.name}/document",
            moment=moment,
            key=None if newest is None else f"document-{newest.id}",
        )
    return len(waiting)
