"""Keyholders and observers: whom a round names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement.accounts.tables import (
    Organisation,
    OrganisationKind,
    OrganisationRelation,
    RelationKind,
)
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor
from procurement.rounds.progress import lock_version, record_part
from procurement.rounds.rules import (
    Holder,
    Part,
    check_may_change,
    controllers_of,
    holder_faults,
)
from procurement.rounds.tables import ParticipantPart, Round, RoundParticipant, RoundStatus

HOLDER_KINDS = (
    OrganisationKind.KEYHOLDER,
    OrganisationKind.OBSERVER,
    OrganisationKind.BUREAU,
    OrganisationKind.HOSPITAL,
    OrganisationKind.FUND_AGENCY,
)
"""Kinds that may hold a key: purchasing office, supervision, audit, notary, a hospital body."""


class ParticipantInUseError(RefusedError):
    """A participant cannot be left out any more: something of the round hangs on it."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            zh="有机构已在本批次留下记录（例如生成了密钥），不能移除。",
            en="An organisation has left a record in this round, such as a key: it cannot be "
            "removed.",
        )


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation that a round names.

    Attributes:
        organisation: The organisation.
        seat: From 1.
    """

    organisation: Organisation
    seat: int


def participants_of(
    session: Session, *, round_id: int, part: ParticipantPart
) -> Sequence[Participant]:
    """Return whom a round names for a part, by seat."""
    rows = session.execute(
        select(RoundParticipant.seat, Organisation)
        .join(Organisation, Organisation.id == RoundParticipant.organisation_id)
        .where(RoundParticipant.round_id == round_id, RoundParticipant.part == part)
        .order_by(RoundParticipant.seat)
    )
    return [Participant(organisation, seat) for seat, organisation in rows]


def may_hold_keys(session: Session) -> Sequence[Organisation]:
    """Return the organisations that a form offers as keyholders, by name."""
    offered = (
        select(Organisation)
        .where(Organisation.is_active, Organisation.kind.in_(HOLDER_KINDS))
        # Thousands of hospitals are registered; a hospital body is found by its code or name.
        .where(Organisation.kind != OrganisationKind.HOSPITAL)
        .order_by(Organisation.name, Organisation.id)
    )
    return session.scalars(offered).all()


def may_observe(session: Session) -> Sequence[Organisation]:
    """Return the organisations that a form offers as observers, by name."""
    offered = (
        select(Organisation)
        .where(Organisation.is_active, Organisation.kind == OrganisationKind.OBSERVER)
        .order_by(Organisation.name, Organisation.id)
    )
    return session.scalars(offered).all()


def set_keyholders(
    session: Session,
    *,
    round_: Round,
    organisation_ids: Sequence[int],
    quorum: int | None,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Round:
    """Name the keyholders of a round and how many of them open the bids together.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        organisation_ids: In the order of their seats.
        quorum: k of n.
        version: The version that the page showed.
        actor: The officer.
        moment: When.

    Raises:
        StaleError: Somebody else changed the round since.
        PartFixedError: The round is published.
        InvalidInputError: With every fault of `procurement.rounds.rules.holder_faults`.
        ParticipantInUseError: One that is left out has made a key already.
    """
    lock_version(session, round_=round_, version=version)
    check_may_change(Part.PARTICIPANTS, RoundStatus(round_.status))
    holders = holders_of(session, organisation_ids=organisation_ids)
    faults = list(holder_faults(holders, quorum))
    if len(holders) < len(organisation_ids):
        faults.append(_unknown("keyholders"))
    if faults:
        raise InvalidInputError(faults)
    round_.quorum = quorum
    _write(session, round_, ParticipantPart.KEYHOLDER, organisation_ids)
    record_part(session, round_=round_, actor=actor, part=Part.PARTICIPANTS, moment=moment)
    return round_


def set_observers(
    session: Session,
    *,
    round_: Round,
    organisation_ids: Sequence[int],
    version: int,
    actor: Actor,
    moment: datetime,
) -> Round:
    """Name the observers of a round: notary and discipline inspection.

    Raises:
        StaleError: Somebody else changed the round since.
        PartFixedError: The round is published.
        InvalidInputError: An organisation is no observer, or is there twice.
    """
    lock_version(session, round_=round_, version=version)
    check_may_change(Part.PARTICIPANTS, RoundStatus(round_.status))
    known = {organisation.id for organisation in may_observe(session)}
    if not known.issuperset(organisation_ids):
        raise InvalidInputError([_unknown("observers")])
    if len(set(organisation_ids)) < len(organisation_ids):
        fault = FieldFault("observers", "有机构出现两次。", "An organisation is there twice.")
        raise InvalidInputError([fault])
    _write(session, round_, ParticipantPart.OBSERVER, organisation_ids)
    record_part(session, round_=round_, actor=actor, part=Part.PARTICIPANTS, moment=moment)
    return round_


def holders_of(session: Session, *, organisation_ids: Sequence[int]) -> list[Holder]:
    """Return organisations as the rules about keyholders take them; unknown ids are left out."""
    found = {
        organisation.id: organisation
        for organisation in session.scalars(
            select(Organisation).where(Organisation.id.in_(organisation_ids))
        )
    }
    controlled_by = _controlled_by(session)
    return [
        Holder(
            organisation_id=wanted,
            name=found[wanted].name,
            kind=found[wanted].kind,
            is_active=found[wanted].is_active,
            controllers=controllers_of(wanted, controlled_by),
        )
        for wanted in organisation_ids
        if wanted in found
    ]


def _controlled_by(session: Session) -> Mapping[int, Sequence[int]]:
    relations = session.execute(
        select(OrganisationRelation.subject_id, OrganisationRelation.related_id).where(
            OrganisationRelation.kind == RelationKind.CONTROLLED_BY,
            OrganisationRelation.until_date.is_(None),
        )
    )
    controlled: dict[int, list[int]] = {}
    for subject_id, related_id in relations:
        controlled.setdefault(subject_id, []).append(related_id)
    return controlled


def _unknown(field: str) -> FieldFault:
    return FieldFault(field, "请从列表中选择机构。", "Choose organisations from the list.")


def _write(
    session: Session, round_: Round, part: ParticipantPart, organisation_ids: Sequence[int]
) -> None:
    """Bring the rows of a part to what is wanted; rows that stay keep their ids."""
    present = {
        row.organisation_id: row
        for row in session.scalars(
            select(RoundParticipant).where(
                RoundParticipant.round_id == round_.id, RoundParticipant.part == part
            )
        )
    }
    for seat, organisation_id in enumerate(organisation_ids, start=1):
        row = present.pop(organisation_id, None)
        if row is not None:
            row.seat = seat
        else:
            session.add(
                RoundParticipant(
                    round_id=round_.id, organisation_id=organisation_id, part=part, seat=seat
                )
            )
    session.flush()
    try:
        with session.begin_nested():
            for row in present.values():
                session.delete(row)
    except IntegrityError as refusal:
        raise ParticipantInUseError from refusal
