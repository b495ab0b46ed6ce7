"""Bidding of many makers of one drug (竞价): willingness and bids are sealed until the opening."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bidding.sealing import canonical_bytes
from pricing.faults import ModelError
from pricing.payment_standard import BiddingResult, BrandBid, decide_bidding
from pricing.stated_rules import StatedRules
from procurement.audit import record
from procurement.bids.submission.at_rest import AtRest
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.filing import filed_content
from procurement.negotiations.dossiers.steps import (
    require_status,
    set_status,
    subject_of,
    tell_maker,
)
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, Part, Track
from procurement.negotiations.renewals.bidders import (
    dossiers_of,
    pack_in,
    require_impartial,
    takes_part,
)
from procurement.negotiations.renewals.tables import Bidding, BiddingBid
from procurement.negotiations.sessions.standards import record_standard
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Campaign, Dossier
from procurement.permissions import Actor

PRICE_MAX = Decimal(10) ** 9
_CENTS = -2


def call_bidding(
    session: Session,
    *,
    dossier: Dossier,
    willingness: Decimal | None,
    closes_at: datetime | None,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> Bidding:
    """Call the makers of a drug to bid; what the experts found the fund willing to pay is sealed.

    Args:
        session: Session of the caller's transaction.
        dossier: One of the drug's dossiers: its strength and pack are bid for.
        willingness: Yuan per priced unit, at most to the cent.
        closes_at: Bids are taken before this moment.
        actor: The chair.
        secret_key: `Settings.secret_key`.
        moment: When.

    Raises:
        NotFoundForActorError: Not the chair, or conflicted with one of the makers.
        DossierStateError: The dossier is not admitted.
        NotReadyError: It is of another track, or the pack's bidding was called already.
        InvalidInputError: Willingness or time.
    """
    require_member(session, dossier, actor=actor, part=Part.CHAIR)
    require_impartial(session, dossier=dossier, actor=actor)
    require_status(dossier, DossierStatus.ADMITTED)
    # One after the other: a pack is called once.
    session.execute(select(Campaign.id).where(Campaign.id == dossier.campaign_id).with_for_update())
    if dossier.track != Track.NON_EXCLUSIVE or bidding_of(session, dossier=dossier) is not None:
        raise NotReadyError(zh="不是待竞价的药品。", en="This drug does not wait for bidding.")
    faults = _price_faults("willingness", willingness)
    if closes_at is None or closes_at <= moment:
        faults.append(FieldFault("closes_at", "请填写今后的时间。", "Give a moment to come."))
    if faults:
        raise InvalidInputError(faults)
    content = filed_content(session, dossier_id=dossier.id) or {}
    bidding = Bidding(
        campaign_id=dossier.campaign_id,
        product=dossier.product,
        strength=content["strength"],
        pack_units=int(content["pack_units"]),
        closes_at=closes_at,
        willingness=AtRest(secret_key).seal(
            str(willingness).encode(), purpose=f"willingness {dossier.campaign_id}"
        ),
        called_by=actor.person_id,
        called_at=moment,
    )
    session.add(bidding)
    session.flush()
    _note(session, dossier, "call-bidding", actor, moment)
    for one in dossiers_of(session, bidding=bidding):
        tell_maker(session, one, zh="请在期限内报价", en="bid before the deadline", moment=moment)
    return bidding


def bid(
    session: Session,
    *,
    dossier: Dossier,
    price: Decimal | None,
    actor: Actor,
    secret_key: bytes,
    moment: datetime,
) -> BiddingBid:
    """Bid for one's own drug; a better bid is a new one, and the newest before the end counts.

    Raises:
        NotReadyError: No bidding is open for it, or it does not take part: it is not admitted, or
            of another track.
        InvalidInputError: The price.
    """
    bidding = bidding_of(session, dossier=dossier) if takes_part(dossier) else None
    if bidding is None or moment >= bidding.closes_at or bidding.opened_at is not None:
        raise NotReadyError(zh="现在不接收报价。", en="Bids are not taken now.")
    faults = _price_faults("price", price)
    if faults:
        raise InvalidInputError(faults)
    newest = select(func.max(BiddingBid.number)).where(
        BiddingBid.bidding_id == bidding.id, BiddingBid.dossier_id == dossier.id
    )
    kept = BiddingBid(
        bidding_id=bidding.id,
        dossier_id=dossier.id,
        number=(session.scalar(newest) or 0) + 1,
        sealed=AtRest(secret_key).seal(str(price).encode(), purpose=f"bid {dossier.id}"),
        person_id=actor.person_id,
        made_at=moment,
    )
    session.add(kept)
    session.flush()
    _note(session, dossier, "bid", actor, moment)
    return kept


def open_bidding(
    session: Session, *, dossier: Dossier, actor: Actor, secret_key: bytes, moment: datetime
) -> Bidding:
    """Open all bids of a drug at once, and record the payment standard that they lead to.

    Raises:
        NotFoundForActorError: A conflict of interest with one of the makers.
        NotReadyError: There is none, it is not over, or it was opened.
    """
    require_impartial(session, dossier=dossier, actor=actor)
    bidding = bidding_of(session, dossier=dossier)
    if bidding is None or moment < bidding.closes_at or bidding.opened_at is not None:
        raise NotReadyError(zh="没有到期待开启的竞价。", en="No bidding waits to be opened.")
    at_rest = AtRest(secret_key)
    sealed = at_rest.open(bidding.willingness, purpose=f"willingness {dossier.campaign_id}")
    willingness = Decimal(sealed.decode())
    dossiers = dossiers_of(session, bidding=bidding)
    bids = _bids(session, bidding, dossiers, at_rest)
    result = _decided(dossier, dossiers, willingness, bids)
    bidding.opened_at = moment
    bidding.outcome = canonical_bytes(_outcome(willingness, bids, result)).decode()
    session.flush()
    _note(session, dossier, "open-bids-of-drug", actor, moment)
    for one in dossiers:
        _conclude(session, bidding, one, bids, result, actor, moment)
    return bidding


def bidding_of(session: Session, *, dossier: Dossier) -> Bidding | None:
    """Return the bidding that a dossier takes part in."""
    strength, units = pack_in(session, dossier)
    if not units:
        return None
    rows = session.scalars(
        select(Bidding)
        .where(Bidding.campaign_id == dossier.campaign_id, Bidding.product == dossier.product)
        .where(Bidding.strength == strength, Bidding.pack_units == int(units))
        .order_by(Bidding.id.desc())
        .limit(1)
    )
    return rows.one_or_none()


def outcome_of(bidding: Bidding) -> dict[str, Any] | None:
    """Return what a bidding led to; None before it is opened."""
    if bidding.outcome is None:
        return None
    outcome: dict[str, Any] = json.loads(bidding.outcome)
    return outcome


def _bids(
    session: Session, bidding: Bidding, dossiers: Sequence[Dossier], at_rest: AtRest
) -> dict[int, Decimal]:
    """The newest bid of each dossier that takes part; nobody else's is even opened."""
    rows = session.scalars(
        select(BiddingBid)
        .where(BiddingBid.bidding_id == bidding.id)
        .where(BiddingBid.dossier_id.in_([one.id for one in dossiers]))
        .order_by(BiddingBid.id)
    )
    return {
        row.dossier_id: Decimal(at_rest.open(row.sealed, purpose=f"bid {row.dossier_id}").decode())
        for row in rows
    }


def _decided(
    dossier: Dossier,
    dossiers: Sequence[Dossier],
    willingness: Decimal,
    bids: dict[int, Decimal],
) -> BiddingResult | None:
    """What the rules say; None where nobody has bid."""
    if not bids:
        return None
    campaign = dossier.campaign
    makers = {one.id: f"{one.organisation.name} {one.id}" for one in dossiers}
    try:
        return decide_bidding(
            willingness,
            [BrandBid(makers[one], price) for one, price in bids.items()],
            StatedRules.of(campaign.rulebook),
            starts_on=campaign.starts_on,
        )
    except ModelError as refusal:
        zh = str(getattr(refusal, "zh", refusal))
        raise NotReadyError(zh=zh, en=str(refusal)) from refusal


def _outcome(
    willingness: Decimal, bids: dict[int, Decimal], result: BiddingResult | None
) -> dict[str, Any]:
    standard = None if result is None else result.standard
    return {
        "willingness": f"{willingness:f}",
        "bids": [{"dossier": one, "price": f"{price:f}"} for one, price in sorted(bids.items())],
        "standard": None if standard is None else f"{standard.normalize():f}",
        "clauses": [] if result is None else list(result.clauses),
        "zh": "没有企业报价，不纳入目录。" if result is None else result.zh,
        "en": "nobody has bid: not listed." if result is None else result.en,
    }


def _conclude(
    session: Session,
    bidding: Bidding,
    dossier: Dossier,
    bids: dict[int, Decimal],
    result: BiddingResult | None,
    actor: Actor,
    moment: datetime,
) -> None:
    standard = None if result is None else result.standard
    is_listed = standard is not None and dossier.id in bids
    status = DossierStatus.AGREED if is_listed else DossierStatus.FAILED
    # Makers read it: what the fund was willing to pay is not said.
    words = "未纳入目录 / not listed" if not is_listed else f"支付标准 {standard:f} 元"
    set_status(session, dossier=dossier, status=status, actor=actor, moment=moment, reason=words)
    tell_maker(session, dossier, zh="竞价已开启", en="the bids are open", moment=moment)
    if standard is not None and is_listed:
        record_standard(
            session,
            dossier=dossier,
            way="bidding",
            price=standard,
            strength=bidding.strength,
            pack_units=bidding.pack_units,
            moment=moment,
        )


def _price_faults(field: str, price: Decimal | None) -> list[FieldFault]:
    exponent = None if price is None or not price.is_finite() else price.as_tuple().exponent
    fine = isinstance(exponent, int) and exponent >= _CENTS
    if price is None or not fine or not 0 < price <= PRICE_MAX:
        return [
            FieldFault(
                field,
                "须为大于 0 的金额（元），最多两位小数。",
                "Expected an amount in yuan above 0 with at most two decimals.",
            )
        ]
    return []


def _note(session: Session, dossier: Dossier, action: str, actor: Actor, moment: datetime) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=subject_of(dossier),
        facts={},
        moment=moment,
    )
