"""All that decides about a submission and needs no lock, read in one statement.

In the last minute thousands of bids arrive: the statement is built once, and a round's facts, which
may be megabytes, are left where they are.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, exists, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bidding.sealing import Manifest
from procurement.accounts.tables import Organisation
from procurement.bids.keyholders.manifests import NoManifestError, parsed_manifest
from procurement.bids.keyholders.platform_keys import SERVER
from procurement.bids.kinds import PaperStatus
from procurement.bids.periods import BIDS
from procurement.bids.submission.leaves import Chain
from procurement.bids.tables import Checkpoint, PaperStep, PlatformKey, Sitting, SittingQuestion
from procurement.bids.tables import Manifest as ManifestRow
from procurement.credit_rating.tables import CreditMatter
from procurement.database import Moment, shown_moment
from procurement.permissions import NotFoundForActorError
from procurement.rounds.rules import is_public
from procurement.rounds.tables import Round, RoundStatus

_ORGANISATION: BindParameter[int] = bindparam("organisation_id")


class _Clock(FunctionElement[datetime]):
    """The database's clock as a column: one way to the server less than `database_moment`."""

    type = Moment()
    inherit_cache = True


@compiles(_Clock, "postgresql")
def _postgresql_clock(element: _Clock, compiler: SQLCompiler, **_options: object) -> str:
    return "clock_timestamp()"


@compiles(_Clock, "sqlite")
def _sqlite_clock(element: _Clock, compiler: SQLCompiler, **_options: object) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f', 'now')"


# Tables and not entities: the ORM's part of a statement costs as much again.
_round, _manifest = Round.__table__.c, ManifestRow.__table__.c
_organisation, _step = Organisation.__table__.c, PaperStep.__table__.c
_sitting, _question = Sitting.__table__.c, SittingQuestion.__table__.c
_checkpoint = Checkpoint.__table__.c
_matter, _key = CreditMatter.__table__.c, PlatformKey.__table__.c

_GATE = (
    select(
        _round.id,
        _round.status,
        _round.bidding_opens_at,
        _round.closes_at,
        _organisation.credit_code,
        select(_manifest.digest)
        .where(_manifest.round_id == _round.id, _manifest.sitting == bindparam("sitting"))
        .order_by(_manifest.version.desc())
        .limit(1)
        .scalar_subquery(),
        select(_step.status)
        .where(_step.round_id == _round.id, _step.organisation_id == _ORGANISATION)
        .order_by(_step.id.desc())
        .limit(1)
        .scalar_subquery(),
        exists().where(_matter.organisation_id == _ORGANISATION),
        select(_key.sealed_key)
        .where(_key.owner == SERVER, _key.suite == bindparam("suite"))
        .scalar_subquery(),
        _Clock(),
    )
    .join_from(Round.__table__, Organisation.__table__, _organisation.id == _ORGANISATION)
    .where(_round.name == bindparam("name"))
)

_SITTING = select(
    _sitting.called_at,
    _sitting.closes_at,
    exists().where(_question.sitting_id == _sitting.id, _question.organisation_id == _ORGANISATION),
    exists().where(
        _checkpoint.round_id == _sitting.round_id, _checkpoint.sitting == _sitting.number
    ),
).where(_sitting.round_id == bindparam("round_id"), _sitting.number == bindparam("sitting"))

_DOCUMENT = select(_manifest.document).where(
    _manifest.round_id == bindparam("round_id"), _manifest.digest == bindparam("digest")
)

_KNOWN_MAX = 32
# A digest has one document: what is known of it never changes.
_known: dict[str, Manifest] = {}


@dataclass(frozen=True, slots=True)
class Window:
    """When a sitting takes envelopes, and the database's clock at the same moment.

    Attributes:
        status: Of the round.
        opens_at: Envelopes are taken from this moment on.
        closes_at: And before this one.
        moment: By the database's clock.
        taken_in: Status of the round while the sitting takes envelopes.
        is_final: The log of the sitting is closed; for the bids the status says it.
        is_asked: The sitting asks this bidder; the bids are open to all.
    """

    status: RoundStatus
    opens_at: datetime | None
    closes_at: datetime | None
    moment: datetime
    taken_in: RoundStatus = RoundStatus.BIDDING
    is_final: bool = False
    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class Gate:
    """What decides about a submission, as it stood just before the lock.

    Attributes:
        round_id: The round.
        organisation_id: Who submits.
        bidder: How envelopes name it.
        manifest: Digest of the manifest in force.
        papers: Where the eligibility papers stand.
        has_credit_matters: The organisation has matters of credit rating at all.
        sealed_key: The server's signing key, sealed at rest; None until it is made.
        window: As it stood.
        sitting: 0 = the bids, from 1 on second answers.
    """

    round_id: int
    organisation_id: int
    bidder: str
    manifest: str
    papers: PaperStatus
    has_credit_matters: bool
    sealed_key: str | None
    window: Window
    sitting: int = BIDS

    @property
    def moment(self) -> datetime:
        """By the database's clock."""
        return self.window.moment


def gate_of(
    session: Session, *, round_name: str, organisation_id: int, suite: str, sitting: int = BIDS
) -> Gate:
    """Read what decides about a submission.

    Args:
        session: Any session.
        round_name: The round.
        organisation_id: Who submits.
        suite: The suite of the envelope.
        sitting: 0 = the bids, from 1 on second answers.

    Raises:
        NotFoundForActorError: There is no such round or sitting, or it is not public.
        NoManifestError: The round is published and its manifest is not signed yet.
    """
    row = session.execute(
        _GATE,
        {
            "name": round_name,
            "organisation_id": organisation_id,
            "suite": suite,
            "sitting": sitting,
        },
    ).one_or_none()
    if row is None:
        raise NotFoundForActorError
    round_id, status, opens_at, closes_at, credit_code, manifest, papers, *others = row
    has_matters, sealed_key, moment = others
    if manifest is None:
        # A round that was never published has none, and is nobody else's to know of.
        is_signed_soon = sitting == BIDS and is_public(RoundStatus(status))
        raise NoManifestError if is_signed_soon else NotFoundForActorError
    shown = shown_moment(session, moment)
    window = Window(RoundStatus(status), opens_at, closes_at, shown)
    if sitting != BIDS:
        chain = Chain(round_id, organisation_id, sitting)
        window = window_of_sitting(session, window, sitting=chain)
    return Gate(
        round_id=round_id,
        organisation_id=organisation_id,
        bidder=bidder_name(credit_code, organisation_id),
        manifest=manifest,
        papers=PaperStatus(papers or PaperStatus.COLLECTING),
        has_credit_matters=bool(has_matters),
        sealed_key=sealed_key,
        window=window,
        sitting=sitting,
    )


def window_of_sitting(session: Session, window: Window, *, sitting: Chain) -> Window:
    """Put the times of a sitting of second answers in the place of the round's.

    Args:
        session: Any session.
        window: Of the round; where it is locked, the sitting's log is not closed meanwhile.
        sitting: Which, and for which bidder.

    Raises:
        NotFoundForActorError: There is no such sitting.
    """
    about = {
        "round_id": sitting.round_id,
        "sitting": sitting.sitting,
        "organisation_id": sitting.organisation_id,
    }
    row = session.execute(_SITTING, about).one_or_none()
    if row is None:
        raise NotFoundForActorError
    called_at, closes_at, is_asked, is_final = row
    return Window(
        status=window.status,
        opens_at=called_at,
        closes_at=closes_at,
        moment=window.moment,
        taken_in=RoundStatus.SECOND_ANSWERS,
        is_final=bool(is_final),
        is_asked=bool(is_asked),
    )


def bidder_name(credit_code: str | None, organisation_id: int) -> str:
    """Return how envelopes name a bidder: its unified social credit code, if it has one.

    Examples:
        >>> bidder_name(None, 12)
        'jicai-12'
    """
    return credit_code or f"jicai-{organisation_id}"


def manifest_named(session: Session, *, round_id: int, digest: str) -> Manifest | None:
    """Return a round's manifest by its digest, or None."""
    known = _known.get(digest)
    if known is not None:
        return known
    document = session.scalar(_DOCUMENT, {"round_id": round_id, "digest": digest})
    if document is None:
        return None
    if len(_known) >= _KNOWN_MAX:
        _known.clear()
    # Not read back: another thread may clear it at any moment.
    parsed = _known[digest] = parsed_manifest(document)
    return parsed
