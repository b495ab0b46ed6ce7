"""Which fulfilment somebody sees: the own one, that of the led group, or a region's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION
from procurement.accounts.tables import Organisation
from procurement.agreements.states import TermStatus
from procurement.agreements.tables import AgreementTerm
from procurement.orders.fulfilment.rules.region_rules import contains, significant
from procurement.orders.fulfilment.scope import Scope
from procurement.orders.fulfilment.subjects import UNSEEN
from procurement.orders.fulfilment.tables import FulfilmentNotice
from procurement.permissions import Actor, NotFoundForActorError, Role
from procurement.rounds.tables import Round
from procurement.volumes.groups import members_of

OVERSEERS = frozenset({Role.OFFICER, Role.EVALUATOR, Role.SUPERVISOR, Role.FUND_AGENCY})


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose fulfilment somebody may look at.

    Attributes:
        region: Hospitals of this division; the nation for the lead bureau of the round.
        hospital_ids: Only these, for a hospital and its group; None for all.
        organisation_id: Only what this winner supplies; None for all.
        distributor_id: Only what this distributor delivers; None for all.
    """

    region: str = NATION
    hospital_ids: tuple[int, ...] | None = None
    organisation_id: int | None = None
    distributor_id: int | None = None

    def scope(
        self, term: AgreementTerm, day: date, *, region: str = NATION, lot_id: int | None = None
    ) -> Scope:
        """What is measured of a term, within a division that was asked for.

        Raises:
            NotFoundForActorError: The division lies outside of what may be looked at.
        """
        if not (contains(self.region, region) or contains(region, self.region)):
            raise NotFoundForActorError
        narrower = region if contains(self.region, region) else self.region
        return Scope(
            term=term,
            day=day,
            region=narrower,
            hospital_ids=self.hospital_ids,
            organisation_id=self.organisation_id,
            lot_id=lot_id,
        )


def watched_by(
    session: Session, *, actor: Actor, day: date, round_: Round | None = None
) -> Watched:
    """Say whose fulfilment somebody may look at.

    Bureaus and agencies look at their region, everybody else at the own things wherever they are.

    Args:
        session: Any session.
        actor: Who looks.
        day: The day in China: who belongs to a group on it.
        round_: The round looked at; its lead bureau sees all of it.
    """
    own = actor.organisation_id
    if OVERSEERS & actor.roles:
        leads = round_ is not None and own == round_.bureau_id
        return Watched(region=NATION if leads else actor.region)
    if Role.HOSPITAL in actor.roles and own is not None:
        led = members_of(session, lead_id=own, day=day)
        return Watched(hospital_ids=(own, *(one.id for one in led)))
    if Role.MANUFACTURER in actor.roles and own is not None:
        return Watched(organisation_id=own)
    if Role.DISTRIBUTOR in actor.roles and own is not None:
        return Watched(distributor_id=own, hospital_ids=())
    return Watched(hospital_ids=())


def running_terms(session: Session) -> Sequence[tuple[Round, AgreementTerm]]:
    """Return the terms whose agreements are made, the newest first."""
    rows = session.execute(
        select(Round, AgreementTerm)
        .join(AgreementTerm, AgreementTerm.round_id == Round.id)
        .where(AgreementTerm.status == TermStatus.DONE)
        .order_by(AgreementTerm.starts_on.desc(), AgreementTerm.id.desc())
    )
    return [(round_, term) for round_, term in rows]


def notices_seen(
    session: Session, *, actor: Actor, day: date, status: str = "", about: str = ""
) -> Select[FulfilmentNotice]:
    """Select the notices that somebody sees; who is warned does not see what is only found."""
    wanted = select(FulfilmentNotice)
    if OVERSEERS & actor.roles:
        digits = significant(actor.region)
        if digits:
            wanted = wanted.where(FulfilmentNotice.region.startswith(digits))
    else:
        watched = watched_by(session, actor=actor, day=day)
        own = watched.hospital_ids or (actor.organisation_id,)
        wanted = wanted.where(FulfilmentNotice.status.not_in(UNSEEN))
        is_own = FulfilmentNotice.organisation_id.in_([one for one in own if one is not None])
        wanted = wanted.where(is_own if actor.organisation_id is not None else false())
    if status:
        wanted = wanted.where(FulfilmentNotice.status == status)
    if about:
        wanted = wanted.where(FulfilmentNotice.about == about)
    return wanted


def names_of_addressees(session: Session, *, notices: Sequence[FulfilmentNotice]) -> dict[int, str]:
    """Return the names of those whom notices are about, by organisation."""
    ids = {one.organisation_id for one in notices}
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    )
    return {one: name for one, name in rows}
