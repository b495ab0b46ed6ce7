"""What happens at the table: every act is an event of `pricing.session`, kept and replayed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from pricing.session import (
    FINAL,
    Event,
    EventKind,
    SessionRefusedError,
    SessionRules,
    Side,
    State,
    replay,
    session_rules,
    take,
)
from pricing.session import Session as Talks
from pricing.stated_rules import StatedRules
from procurement.audit import record
from procurement.database import MONEY_MAX
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.negotiations.dossiers.steps import (
    require_status,
    set_status,
    subject_of,
    tell_holders,
)
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, Part, SessionStatus
from procurement.negotiations.sessions.opening import opened_price
from procurement.negotiations.sessions.scheduling import locked_session, require_session
from procurement.negotiations.sessions.tables import Session, SessionEvent
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor

DECIMALS_MAX = 4


class TableRefusedError(RefusedError):
    """The rules of the session do not allow it; the text is for the side that acted."""

    def __init__(self, refusal: SessionRefusedError) -> None:
        """Keep the rules' own words."""
        super().__init__(zh=refusal.zh, en=refusal.en)
        self.code = refusal.code
        self.kind = refusal.event.kind


ABOVE_MAXIMUM = frozenset({"offer-too-high", "quote-too-high"})
"""Refusals from which the negotiators learn where the maximum payable price lies."""


def begin_session(
    session: Database, *, dossier: Dossier, actor: Actor, moment: datetime
) -> Session:
    """Begin a session when its time has come and its price is sealed.

    Raises:
        NotFoundForActorError: Not a negotiator of it, or conflicted.
        DossierStateError: The price is not sealed, or the session has begun.
        NotReadyError: Its time has not come.
    """
    require_member(session, dossier, actor=actor, part=Part.NEGOTIATOR)
    require_status(dossier, DossierStatus.SEALED)
    talk = locked_session(session, require_session(session, dossier=dossier))
    if moment < talk.starts_at:
        raise NotReadyError(zh="谈判时间未到。", en="The session's time has not come.")
    talk.status = SessionStatus.OPEN
    set_status(session, dossier=dossier, status=DossierStatus.TALKS, actor=actor, moment=moment)
    tell_holders(
        session,
        dossier,
        zh="谈判已开始，请提交信封份额",
        en="the session has begun: post your share of the envelope",
        moment=moment,
    )
    return talk


def rules_of(dossier: Dossier) -> SessionRules:
    """Return the rules of a session, as the campaign's rulebook states them."""
    return session_rules(StatedRules.of(dossier.campaign.rulebook))


def talks_of(session: Database, *, talk: Session, secret_key: bytes) -> Talks:
    """Return a session as its record tells it; show its views, never itself."""
    opened = opened_price(session, talk=talk, secret_key=secret_key)
    ceiling = None if opened is None else opened.price
    events = [_event(row, ceiling) for row in events_of(session, talk=talk)]
    return replay(rules_of(talk.dossier), events)


def act(
    session: Database,
    *,
    talk: Session,
    event: Event,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> Talks:
    """Take an event into the record of a session; the caller looked at whose act it is.

    Raises:
        NotReadyError: The session does not run.
        TableRefusedError: The rules do not allow it now.
        InvalidInputError: A price that cannot be written.
    """
    talk = locked_session(session, talk)
    if talk.status != SessionStatus.OPEN:
        raise NotReadyError(zh="谈判不在进行中。", en="The session does not run.")
    _check_price(event)
    before = talks_of(session, talk=talk, secret_key=secret_key)
    try:
        after = take(before, event)
    except SessionRefusedError as refusal:
        raise TableRefusedError(refusal) from refusal
    # The opened price stays where it is sealed: the event only says when.
    price = None if event.kind is EventKind.CEILING_OPENED else event.price
    session.add(
        SessionEvent(
            session_id=talk.id,
            number=len(before.events) + 1,
            kind=event.kind.value,
            price=price,
            person_id=actor.person_id,
            happened_at=moment,
        )
    )
    session.flush()
    record(
        session,
        actor=actor,
        action=f"session-{event.kind.value}",
        subject=subject_of(talk.dossier),
        facts={"number": str(len(after.events))},
        moment=moment,
    )
    return after


def note_opening(
    session: Database, *, talk: Session, actor: Actor, secret_key: bytes, moment: datetime
) -> Talks | None:
    """Let the session know that its envelope is open; None where it is not, or is over."""
    opened = opened_price(session, talk=talk, secret_key=secret_key)
    if opened is None or talk.status != SessionStatus.OPEN:
        return None
    present = talks_of(session, talk=talk, secret_key=secret_key)
    if present.state in FINAL or present.ceiling is not None:
        return None
    event = Event(EventKind.CEILING_OPENED, opened.price)
    return act(session, talk=talk, event=event, actor=actor, secret_key=secret_key, moment=moment)


def look_at_maximum(
    session: Database, *, dossier: Dossier, actor: Actor, secret_key: bytes, moment: datetime
) -> Decimal:
    """Return the maximum payable price to a negotiator of a running session; each look is noted.

    Raises:
        NotFoundForActorError: Not a negotiator of it, or conflicted.
        NotReadyError: The rules do not show it, the session does not run, or the envelope is not
            open.
    """
    require_member(session, dossier, actor=actor, part=Part.NEGOTIATOR)
    if "ceiling" not in rules_of(dossier).negotiators_see:
        raise NotReadyError(
            zh="按规则，谈判人员在谈判中看不到谈判底价。",
            en="By the rules the negotiators do not see the maximum payable price.",
        )
    talk = require_session(session, dossier=dossier)
    opened = opened_price(session, talk=talk, secret_key=secret_key)
    if opened is None or talk.status != SessionStatus.OPEN:
        raise NotReadyError(
            zh="信封尚未开启，或谈判已经结束。",
            en="The envelope is not open, or the session is over.",
        )
    record(
        session,
        actor=actor,
        action="look-at-maximum-price",
        subject=subject_of(dossier),
        facts={},
        moment=moment,
    )
    return opened.price


def note_refused(
    session: Database, *, subject: str, refusal: RefusedError, actor: Actor, moment: datetime
) -> None:
    """Note that the negotiators tried a price above the maximum; other refusals are not noted.

    Each such refusal says on which side of the maximum a price lies: like a look, it is kept.

    Args:
        session: Session of a transaction that is kept, though the act was refused.
        subject: What the act was about, as the audit names it.
        refusal: The refusal.
        actor: The negotiator.
        moment: When.
    """
    if isinstance(refusal, TableRefusedError) and refusal.code in ABOVE_MAXIMUM:
        record(
            session,
            actor=actor,
            action="session-above-maximum",
            subject=subject,
            facts={"kind": refusal.kind.value},
            moment=moment,
        )


def events_of(session: Database, *, talk: Session) -> Sequence[SessionEvent]:
    """Return what happened in a session, in order."""
    rows = select(SessionEvent).where(SessionEvent.session_id == talk.id)
    return session.scalars(rows.order_by(SessionEvent.number)).all()


def has_ended(talks: Talks) -> bool:
    """Tell whether the talks are over without a deal."""
    return talks.state in FINAL and talks.state is not State.AGREED


def side_of(kind: EventKind) -> Side:
    """Whose act a kind of event is."""
    return Event(kind).side


def _event(row: SessionEvent, ceiling: Decimal | None) -> Event:
    kind = EventKind(row.kind)
    return Event(kind, ceiling if kind is EventKind.CEILING_OPENED else row.price)


def _check_price(event: Event) -> None:
    price = event.price
    if price is None:
        return
    exponent = price.as_tuple().exponent if price.is_finite() else None
    fine = isinstance(exponent, int) and -exponent <= DECIMALS_MAX
    if not fine or not 0 < price <= MONEY_MAX:
        raise InvalidInputError(
            [
                FieldFault(
                    "price",
                    "须为大于 0 的金额（元），最多四位小数。",
                    "Expected an amount in yuan above 0 with at most four decimals.",
                )
            ]
        )
