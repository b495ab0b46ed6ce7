"""The facts of a round from the database, as far as everybody could know them at a moment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import division_name
from procurement.awards.tables import Award, AwardNotice
from procurement.bids.opening.disclosure import Disclosure, disclosure_of
from procurement.bids.periods import BIDS
from procurement.bids.submission.close import find_final_log
from procurement.bids.tables import Opening
from procurement.catalogue.tables import GenericProduct
from procurement.publication.ocds.reading_bids import award_facts, bid_facts, bidders_by_lot, party
from procurement.publication.ocds.rules.facts import (
    Dates,
    DocumentFacts,
    LotFacts,
    RoundFacts,
    StrengthFacts,
)
from procurement.publication.ocds.rules.seen import Seen, seen_at, tender_status
from procurement.publication.ocds.tables import OcdsRelease
from procurement.publication.ocds.telling import Told
from procurement.rounds.document.tables import DocumentKind, RoundDocument
from procurement.rounds.reading import bureau_of
from procurement.rounds.sheet import limit_of, lots_of, strengths_by_lot
from procurement.rounds.tables import (
    Lot,
    Round,
    RoundEvent,
    RoundEventKind,
    RoundRegion,
    RoundStatus,
)
from procurement.volumes.tables import AggregationRun, BaseVolume
from rulebooks import load_rulebook


def prices_are_public(session: Session, *, round_: Round) -> bool:
    """Tell whether the rules of a round disclose its prices to everybody."""
    return disclosure_of(session, round_=round_) is Disclosure.PUBLIC


def round_facts(session: Session, *, round_: Round, told: Told, address: str) -> RoundFacts:
    """Return what everybody could know of a round when something happened to it.

    Rows are read by their own moments. What is overwritten in its place (a date, a lot of a draft)
    is read as it is now.

    Args:
        session: Any session.
        round_: A round that the platform conducts.
        told: What happened.
        address: Where the platform is reached.
    """
    seen = seen_at(told.reached, prices_are_public=prices_are_public(session, round_=round_))
    lots = _lots(session, round_, told, seen)
    log = find_final_log(session, round_id=round_.id) if seen.bid_count else None
    bids = bid_facts(session, round_=round_, told=told) if seen.bids else None
    bureau = bureau_of(session, round_=round_)
    title = load_rulebook(round_.rulebook).title
    return RoundFacts(
        name=round_.name,
        title=round_.title,
        address=address,
        tender_status=tender_status(told.status),
        rulebook=f"{title.zh} / {title.en}",
        bureau=None if bureau is None else party(bureau),
        regions=_regions(session, round_.id),
        dates=_dates(session, round_, told),
        documents=_documents(session, round_.id, told, seen),
        lots=lots,
        bid_count=None if log is None else len(log.standing),
        bidders_by_lot=bidders_by_lot(session, round_=round_, told=told, bids=bids)
        if seen.bids or seen.awards
        else None,
        bids=bids,
        awards=award_facts(session, round_=round_, told=told, seen=seen, bids=bids)
        if seen.awards
        else None,
        follows=_follows(session, round_),
        cancelled_because=_cancelled(session, round_.id, told),
    )


def _regions(session: Session, round_id: int) -> Sequence[str]:
    regions = select(RoundRegion.region).where(RoundRegion.round_id == round_id)
    return [division_name(one)[0] for one in session.scalars(regions.order_by(RoundRegion.region))]


def _dates(session: Session, round_: Round, told: Told) -> Dates:
    about, until = round_.id, told.at
    opening = select(Opening.opened_at).where(
        Opening.round_id == about, Opening.sitting == BIDS, Opening.opened_at <= until
    )
    notice = session.scalars(
        select(AwardNotice)
        .where(AwardNotice.round_id == about, AwardNotice.announced_at <= until)
        .order_by(AwardNotice.number.desc())
        .limit(1)
    ).one_or_none()
    award = session.scalars(
        select(Award).where(Award.round_id == about, Award.awarded_at <= until)
    ).one_or_none()
    return Dates(
        volume_opens_at=round_.volume_opens_at,
        volume_closes_at=round_.volume_closes_at,
        comments_close_at=round_.comments_close_at,
        bidding_opens_at=round_.bidding_opens_at,
        closes_at=round_.closes_at,
        opens_at=round_.opens_at,
        opened_at=session.scalar(opening),
        notice_at=None if notice is None else notice.announced_at,
        objections_close_at=None if notice is None else notice.closes_at,
        awarded_at=None if award is None else award.awarded_at,
        starts_on=None if award is None else award.starts_on,
    )


def _documents(session: Session, round_id: int, told: Told, seen: Seen) -> Sequence[DocumentFacts]:
    if not seen.document:
        return []
    rows = session.scalars(
        select(RoundDocument)
        .where(RoundDocument.round_id == round_id, RoundDocument.made_at <= told.at)
        .order_by(RoundDocument.id)
    )
    return [
        DocumentFacts(one.kind, one.number, one.made_at, one.reason)
        for one in rows
        if one.kind == DocumentKind.DRAFT or RoundStatus.PUBLISHED in told.reached
    ]


def _lots(session: Session, round_: Round, told: Told, seen: Seen) -> Sequence[LotFacts]:
    strengths = strengths_by_lot(session, round_id=round_.id)
    volumes = _base_volumes(session, round_.id, told) if seen.base_volumes else {}
    failed = _failed(session, round_.id, told)
    generics = _generics(session, round_.id)
    found = []
    for lot in lots_of(session, round_id=round_.id):
        generic = None if lot.generic_product_id is None else generics[lot.generic_product_id]
        found.append(
            LotFacts(
                code=lot.code,
                product=lot.product,
                unit=lot.unit,
                strengths=[
                    StrengthFacts(
                        one.strength,
                        limit_of(one, is_inquiry=round_.is_inquiry) if seen.document else None,
                        volumes.get(one.id),
                    )
                    for one in strengths.get(lot.id, ())
                ],
                generic_name=None if generic is None else generic.name,
                dosage_form=lot.dosage_form or (None if generic is None else generic.dosage_form),
                failed_reason=failed.get(lot.id),
            )
        )
    return found


def _generics(session: Session, round_id: int) -> Mapping[int, GenericProduct]:
    named = select(GenericProduct).join(Lot, Lot.generic_product_id == GenericProduct.id)
    return {one.id: one for one in session.scalars(named.where(Lot.round_id == round_id))}


def _base_volumes(session: Session, round_id: int, told: Told) -> Mapping[int, int]:
    """Of the run that counted then, all regions and brands together."""
    newest = (
        select(AggregationRun.id)
        .where(AggregationRun.round_id == round_id, AggregationRun.made_at <= told.at)
        .order_by(AggregationRun.number.desc())
        .limit(1)
    )
    rows = session.execute(
        select(BaseVolume.lot_strength_id, func.sum(BaseVolume.volume))
        .where(BaseVolume.run_id == newest.scalar_subquery())
        .group_by(BaseVolume.lot_strength_id)
    )
    return {strength: int(volume) for strength, volume in rows}


def _failed(session: Session, round_id: int, told: Told) -> Mapping[int, str]:
    rows = session.execute(
        select(RoundEvent.lot_id, Lot.failed_reason, RoundEvent.reason)
        .join(Lot, Lot.id == RoundEvent.lot_id)
        .where(RoundEvent.round_id == round_id, RoundEvent.kind == RoundEventKind.LOT_FAILED)
        .where(RoundEvent.happened_at <= told.at)
    )
    reasons: dict[int, str] = defaultdict(str)
    for lot, said, reason in rows:
        if lot is not None:
            reasons[lot] = said or reason or ""
    return dict(reasons)


def _follows(session: Session, round_: Round) -> str | None:
    if round_.follows_id is None:
        return None
    ocid = select(OcdsRelease.ocid).where(OcdsRelease.round_id == round_.follows_id).limit(1)
    return session.scalar(ocid)


def _cancelled(session: Session, round_id: int, told: Told) -> str | None:
    if told.status is not RoundStatus.CANCELLED:
        return None
    return session.scalar(
        select(RoundEvent.reason).where(
            RoundEvent.round_id == round_id,
            RoundEvent.status_to == RoundStatus.CANCELLED,
            RoundEvent.kind == RoundEventKind.STATUS,
        )
    )
