"""Keyholders' keys of a campaign, made in the browser as for a round."""

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
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.errors import CampaignStateError
from procurement.negotiations.kinds import CampaignStatus
from procurement.negotiations.tables import Campaign, HolderKey, Seat
from procurement.permissions import Actor, NotFoundForActorError

PREFIX = "negotiation:"
"""Before a campaign's name in statements and manifests: no round is called so."""


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat and the key on it, if one was made."""

    seat: int
    organisation: Organisation
    key: HolderKey | None


def seats_of(session: Session, *, campaign_id: int) -> Sequence[HeldSeat]:
    """Return a campaign's keyholders by seat, each with the newest key."""
    rows = session.scalars(
        select(HolderKey).where(HolderKey.campaign_id == campaign_id).order_by(HolderKey.id)
    )
    # A holder who was replaced on a seat leaves no key behind.
    newest = {(row.seat, row.organisation_id): row for row in rows}
    seats = session.scalars(select(Seat).where(Seat.campaign_id == campaign_id).order_by(Seat.seat))
    return [
        HeldSeat(one.seat, one.organisation, newest.get((one.seat, one.organisation_id)))
        for one in seats
    ]


def own_seat(session: Session, *, campaign_id: int, organisation_id: int | None) -> HeldSeat:
    """Return the seat of an organisation.

    Raises:
        NotFoundForActorError: It has none.
    """
    for seat in seats_of(session, campaign_id=campaign_id):
        if seat.organisation.id == organisation_id:
            return seat
    raise NotFoundForActorError


def holders_in(seats: Sequence[HeldSeat]) -> tuple[Holder, ...]:
    """Return the holders as a manifest names them."""
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


def hand_over_key(
    session: Session,
    *,
    campaign: Campaign,
    actor: Actor,
    statement: HolderStatement,
    moment: datetime,
) -> HolderKey:
    """Store the public keys that a keyholder made for a campaign.

    Raises:
        CampaignStateError: The campaign is open: its keys are fixed.
        InvalidInputError: The statement is for another campaign or seat, or repeats a key.
        NotFoundForActorError: The actor's organisation has no seat.
    """
    organisation_id, person_id = signed_in(actor)
    seat = own_seat(session, campaign_id=campaign.id, organisation_id=organisation_id)
    if campaign.status != CampaignStatus.DRAFT:
        raise CampaignStateError(
            zh="谈判已经开始，密钥不能再更换。", en="The campaign is open: keys cannot change."
        )
    _check(session, campaign, seat, statement)
    key = HolderKey(
        campaign_id=campaign.id,
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
        subject=f"negotiation/{campaign.name}/seat/{seat.seat}",
        facts={"sealing_key": key.public_key, "signing_key": key.signing_key},
        moment=moment,
    )
    return key


def _check(
    session: Session, campaign: Campaign, seat: HeldSeat, statement: HolderStatement
) -> None:
    expected = (PREFIX + campaign.name, seat.seat)
    others = [
        one.key
        for one in seats_of(session, campaign_id=campaign.id)
        if one.seat != seat.seat and one.key is not None
    ]
    taken = {value for key in others for value in (key.public_key, key.signing_key)}
    if (statement.round_name, statement.seat) != expected:
        zh, en = "密钥声明不是为本次谈判、本席位所作。", "It is for another campaign or seat."
    elif any(key.suite != statement.suite_name for key in others):
        zh, en = "须与其他持有人使用同一密码套件。", "The other holders use another suite."
    elif {statement.sealing_key.hex(), statement.signing_key.hex()} & taken:
        zh, en = "该密钥已用于另一席位。", "This key sits on another seat."
    else:
        return
    raise InvalidInputError([FieldFault("keys", zh, en)])
