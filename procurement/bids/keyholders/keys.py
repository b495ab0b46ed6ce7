"""Keyholders' keys of a round: handed over before publication, frozen by the manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import Holder
from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.bids.keyholders.holder_proof import HolderStatement
from procurement.bids.subjects import signed_in
from procurement.bids.tables import KeyholderKey
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.progress import lock_round
from procurement.rounds.tables import ParticipantPart, Round, RoundParticipant, RoundStatus

MADE_IN = (RoundStatus.DRAFT, RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS)
"""Keys are made until the round is published."""

DEFAULT_SUITE = "intl-1"


class KeysFrozenError(RefusedError):
    """The round is published: its manifest names the keys."""

    def __init__(self) -> None:
        """Say why."""
        super().__init__(
            zh="采购文件已发布，密钥已写入清单，不能再更换。",
            en="The document is published and its manifest names the keys: they cannot change.",
        )


@dataclass(frozen=True, slots=True)
class Seat:
    """A keyholder's seat and the key on it, if one was made.

    Attributes:
        seat: From 1.
        organisation: Who sits there.
        key: The newest key; None while there is none.
    """

    seat: int
    organisation: Organisation
    key: KeyholderKey | None


def seats_of(session: Session, *, round_id: int) -> Sequence[Seat]:
    """Return a round's keyholders by seat, each with the newest key."""
    named = session.execute(
        select(RoundParticipant.seat, Organisation)
        .join(Organisation, Organisation.id == RoundParticipant.organisation_id)
        .where(RoundParticipant.round_id == round_id)
        .where(RoundParticipant.part == ParticipantPart.KEYHOLDER)
        .order_by(RoundParticipant.seat)
    ).all()
    made = session.scalars(
        select(KeyholderKey).where(KeyholderKey.round_id == round_id).order_by(KeyholderKey.id)
    )
    # A holder who was replaced on a seat leaves no key behind.
    newest = {(key.seat, key.organisation_id): key for key in made}
    return [
        Seat(seat, organisation, newest.get((seat, organisation.id)))
        for seat, organisation in named
    ]


def own_seat(session: Session, *, round_: Round, organisation_id: int) -> Seat:
    """Return the seat of an organisation.

    Raises:
        NotFoundForActorError: The round does not name it as keyholder.
    """
    for seat in seats_of(session, round_id=round_.id):
        if seat.organisation.id == organisation_id:
            return seat
    raise NotFoundForActorError


def hand_over_keys(
    session: Session,
    *,
    round_: Round,
    actor: Actor,
    statement: HolderStatement,
    moment: datetime,
) -> KeyholderKey:
    """Store the public keys that a keyholder made in the browser; the newest of a seat count.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        actor: The keyholder.
        statement: Signed by the keys' owner.
        moment: When.

    Raises:
        KeysFrozenError: The round is published.
        InvalidInputError: The statement is for another round or seat, or repeats another's key.
    """
    organisation_id, person_id = signed_in(actor)
    # Two officers who publish confirm these very keys, and two holders cannot hand over the same.
    lock_round(session, round_=round_)
    seat = own_seat(session, round_=round_, organisation_id=organisation_id)
    if round_.status not in MADE_IN:
        raise KeysFrozenError
    _check_statement(session, round_, seat, statement)
    key = KeyholderKey(
        round_id=round_.id,
        organisation_id=organisation_id,
        person_id=person_id,
        seat=seat.seat,
        suite=statement.suite_name,
        public_key=statement.sealing_key.hex(),
        signing_key=statement.signing_key.hex(),
        proof=statement.signature.hex(),
        made_at=moment,
    )
    session.add(key)
    session.flush()
    record(
        session,
        actor=actor,
        action="hand-over-keys",
        subject=f"round/{round_.name}/seat/{seat.seat}",
        facts={"sealing_key": key.public_key, "signing_key": key.signing_key},
        moment=moment,
    )
    return key


def _check_statement(
    session: Session, round_: Round, seat: Seat, statement: HolderStatement
) -> None:
    if (statement.round_name, statement.seat) != (round_.name, seat.seat):
        raise InvalidInputError(
            [
                FieldFault(
                    "keys",
                    "密钥声明不是为本批次、本席位所作。",
                    "The statement is for another round or another seat.",
                )
            ]
        )
    others = [
        one.key
        for one in seats_of(session, round_id=round_.id)
        if one.seat != seat.seat and one.key
    ]
    if any(key.suite != statement.suite_name for key in others):
        raise InvalidInputError(
            [
                FieldFault(
                    "keys",
                    f"同一批次须使用同一密码套件；其他持有人使用 {others[0].suite}。",
                    f"A round has one suite; the other holders use {others[0].suite}.",
                )
            ]
        )
    taken = {value for key in others for value in (key.public_key, key.signing_key)}
    if {statement.sealing_key.hex(), statement.signing_key.hex()} & taken:
        raise InvalidInputError(
            [
                FieldFault(
                    "keys",
                    "该密钥已用于另一席位；每名持有人须使用自己的密钥。",
                    "This key sits on another seat: every holder needs one of its own.",
                )
            ]
        )


def holders_of(seats: Sequence[Seat]) -> tuple[Holder, ...]:
    """Return the holders as a manifest names them, without the seats that have no key."""
    return tuple(
        Holder(
            seat.seat,
            seat.organisation.name,
            bytes.fromhex(seat.key.public_key),
            bytes.fromhex(seat.key.signing_key),
        )
        for seat in seats
        if seat.key is not None
    )
