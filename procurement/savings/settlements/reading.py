"""Finding settlements and telling how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from procurement.permissions import Actor, NotFoundForActorError, Role
from procurement.savings.settlements.parameters import ParameterView, parameter_views, rules_of
from procurement.savings.settlements.runs import latest_run
from procurement.savings.settlements.terms import TermView, terms_of
from procurement.savings.states import (
    SETTLEMENT_NAMES,
    RunKind,
    RunStatus,
    SettlementStatus,
)
from procurement.savings.tables import (
    ExtractedLine,
    LeftOut,
    SavingsAssessment,
    SavingsRun,
    SavingsSettlement,
    SettlementReport,
)
from procurement.volumes.rules import region_prefix

_BUREAU = frozenset({Role.OFFICER, Role.SUPERVISOR})
_CHAIN = tuple(one for one in SettlementStatus if one is not SettlementStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a settlement.

    Attributes:
        status: The status that it leads to.
        zh: How it is called.
        en: The same in English.
        is_done: Whether it is behind.
        is_present: Whether the settlement stands there.
    """

    status: SettlementStatus
    zh: str
    en: str
    is_done: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """A settlement at a glance.

    Attributes:
        settlement: The row.
        terms: Its batch-years.
        parameters: What texts leave open, and who decided it.
        unverified: Rules of the rulebook that no source states.
        hospitals: How many are settled; 0 before the extract.
        lines: How many lines.
        left_out: How many sums of purchases belong to no line.
        run: The newest run, if any.
        steps: All steps, in order.
    """

    settlement: SavingsSettlement
    terms: tuple[TermView, ...]
    parameters: tuple[ParameterView, ...]
    unverified: tuple[str, ...]
    hospitals: int
    lines: int
    left_out: int
    run: SavingsRun | None
    steps: tuple[StepView, ...]


def settlement_named(session: Session, *, name: str) -> SavingsSettlement:
    """Return a settlement.

    Raises:
        NotFoundForActorError: There is none of that name.
    """
    found = session.scalars(
        select(SavingsSettlement).where(SavingsSettlement.name == name)
    ).one_or_none()
    if found is None:
        raise NotFoundForActorError
    return found


def settlements_for(session: Session, *, actor: Actor) -> Sequence[SavingsSettlement]:
    """Return the settlements that somebody may see, the newest first.

    A bureau sees its own, those of its region and those that are reported to it; an agency those
    of its region; a hospital those in which it is assessed.
    """
    conditions = []
    own = actor.organisation_id or 0
    prefix = SavingsSettlement.region.startswith(region_prefix(actor.region))
    if _BUREAU & actor.roles:
        conditions += [SavingsSettlement.bureau_id == own, prefix]
        conditions.append(
            exists().where(
                SettlementReport.settlement_id == SavingsSettlement.id,
                SettlementReport.to_bureau_id == own,
            )
        )
    if Role.FUND_AGENCY in actor.roles:
        conditions += [SavingsSettlement.agency_id == own, prefix]
    if Role.HOSPITAL in actor.roles:
        takes_part = exists().where(
            SavingsAssessment.settlement_id == SavingsSettlement.id,
            SavingsAssessment.hospital_id == own,
        )
        standing = SavingsSettlement.status != SettlementStatus.WITHDRAWN
        conditions.append(and_(takes_part, standing))
    if not conditions:
        return []
    wanted = select(SavingsSettlement).where(or_(*conditions))
    return session.scalars(wanted.order_by(SavingsSettlement.id.desc())).all()


def overview(session: Session, *, settlement: SavingsSettlement) -> Overview:
    """Return a settlement at a glance."""
    extract = latest_extract(session, settlement=settlement)
    hospitals = lines = left = 0
    if extract is not None:
        hospitals, lines = session.execute(
            select(func.count(func.distinct(ExtractedLine.hospital_id)), func.count()).where(
                ExtractedLine.run_id == extract.id
            )
        ).one()
        own = LeftOut.run_id == extract.id
        left = session.scalar(select(func.count()).select_from(LeftOut).where(own)) or 0
    return Overview(
        settlement=settlement,
        terms=tuple(terms_of(session, settlement=settlement)),
        parameters=parameter_views(settlement),
        unverified=rules_of(settlement).scheme.unverified,
        hospitals=hospitals,
        lines=lines,
        left_out=left,
        run=latest_run(session, settlement=settlement),
        steps=steps_of(SettlementStatus(settlement.status)),
    )


def latest_extract(session: Session, *, settlement: SavingsSettlement) -> SavingsRun | None:
    """Return the newest extract that is done, if any."""
    return latest_run(session, settlement=settlement, kind=RunKind.EXTRACT, status=RunStatus.DONE)


def left_out_of(session: Session, *, settlement: SavingsSettlement) -> Sequence[LeftOut]:
    """Return the purchases that no line covers, of the newest extract: the largest first."""
    extract = latest_extract(session, settlement=settlement)
    if extract is None:
        return []
    own = LeftOut.run_id == extract.id
    return session.scalars(
        select(LeftOut).where(own).order_by(LeftOut.amount.desc(), LeftOut.id)
    ).all()


def steps_of(status: SettlementStatus) -> tuple[StepView, ...]:
    """Return all steps, and where a settlement stands.

    Examples:
        >>> [str(one.status) for one in steps_of(SettlementStatus.ASSESSED) if one.is_done]
        ['drafted', 'extracted']
    """
    place = _CHAIN.index(status) if status in _CHAIN else -1
    return tuple(
        StepView(one, *SETTLEMENT_NAMES[one], number < place, number == place)
        for number, one in enumerate(_CHAIN)
    )
