"""Proposals to link a price to a lower one elsewhere: two persons decide; no price changes here."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement import audit
from procurement.accounts.tables import Organisation
from procurement.catalogue.tables import GenericProduct
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.monitoring.comparison.comparing import Compared, compare
from procurement.monitoring.rules.comparison import linked_price
from procurement.monitoring.states import ProposalStatus, check_proposal
from procurement.monitoring.tables import (
    TEXT_LENGTH_MAX,
    LinkageProposal,
    ReferenceList,
    ReferencePrice,
)
from procurement.permissions import Actor
from procurement.prices.tables import Price

CHOSEN_MAX = 500


def propose_linkage(
    session: Session,
    *,
    source: ReferenceList,
    price_ids: Collection[int],
    basis: str,
    actor: Actor,
    moment: datetime,
) -> list[LinkageProposal]:
    """Propose that prices be linked to the lower ones of a list.

    Args:
        session: Session of the caller's transaction.
        source: The list.
        price_ids: Own prices; each must stand above its drug's price in the list.
        basis: Why this list may be taken.
        actor: An officer of the bureau.
        moment: Now.

    Raises:
        InvalidInputError: With every fault.
    """
    rows = _chosen(session, source, set(price_ids), basis, actor, moment)
    proposals = [
        LinkageProposal(
            bureau_id=actor.organisation_id,
            price_id=one.price.id,
            reference_id=one.reference.id,
            present_price=one.price.pack_price,
            proposed_price=linked_price(one.own, one.lowest),
            basis=basis,
            status=ProposalStatus.PROPOSED,
            proposed_by=actor.person_id,
            proposed_at=moment,
        )
        for one in rows
    ]
    try:
        with session.begin_nested():
            session.add_all(proposals)
    except IntegrityError as error:
        zh, en = "所选价格中有的已经提议过。", "Some of them were proposed before."
        raise InvalidInputError([FieldFault("price_ids", zh, en)]) from error
    _record(session, "propose-linkage", proposals, basis, actor, moment)
    return proposals


def _chosen(
    session: Session,
    source: ReferenceList,
    chosen: Collection[int],
    basis: str,
    actor: Actor,
    moment: datetime,
) -> list[Compared]:
    """The chosen prices that stand above the list; refuses where one does not."""
    faults = []
    if not 0 < len(basis) <= TEXT_LENGTH_MAX:
        zh, en = "请写明依据。", "Give the basis."
        faults.append(FieldFault("basis", zh, en))
    if not 0 < len(chosen) <= CHOSEN_MAX:
        zh, en = f"请选择 1 至 {CHOSEN_MAX} 个价格。", f"Choose 1 to {CHOSEN_MAX} prices."
        faults.append(FieldFault("price_ids", zh, en))
    day = day_in_china(moment)
    rows = [
        one
        for one in compare(session, lists=[source], region=actor.region, day=day)
        if one.price.id in chosen and one.excess > 0
    ]
    if len(rows) < len(chosen):
        zh, en = (
            "所选价格中有的现在不高于清单价格。",
            "Some of the chosen prices are not above the list now.",
        )
        faults.append(FieldFault("price_ids", zh, en))
    if faults:
        raise InvalidInputError(faults)
    return rows


def decide_linkage(
    session: Session,
    *,
    proposal_id: int,
    status: ProposalStatus,
    reason: str,
    version: int,
    actor: Actor,
    moment: datetime,
) -> LinkageProposal:
    """Confirm or reject a proposal; the price itself is left as it is.

    Args:
        session: Session of the caller's transaction.
        proposal_id: Which.
        status: Confirmed or rejected.
        reason: Needed.
        version: That the page showed.
        actor: Another officer than who proposed it: the permission asks.
        moment: Now.

    Raises:
        InvalidInputError: There is no reason.
        StaleError: Somebody decided since.
        WrongStateError: It is decided.
    """
    proposal = session.get_one(
        LinkageProposal, proposal_id, with_for_update=True, populate_existing=True
    )
    check_proposal(proposal.status, status)
    if version != proposal.version:
        raise StaleError
    if not 0 < len(reason) <= TEXT_LENGTH_MAX:
        raise InvalidInputError([FieldFault("reason", "请写明理由。", "Give the reason.")])
    proposal.status = status
    proposal.reason = reason
    proposal.decided_by = actor.person_id
    proposal.decided_at = moment
    proposal.version += 1
    _record(session, f"{status}-linkage", [proposal], reason, actor, moment)
    return proposal


def _record(
    session: Session,
    action: str,
    proposals: list[LinkageProposal],
    why: str,
    actor: Actor,
    moment: datetime,
) -> None:
    for one in proposals:
        audit.record(
            session,
            actor=actor,
            action=action,
            subject=f"linkage/{one.id}",
            facts={"price": str(one.price_id), "reference": str(one.reference_id), "why": why},
            moment=moment,
        )


def proposals_of(*, bureau_id: int | None) -> Select[*tuple[Any, ...]]:
    """Select a bureau's proposals with what they are about, those to be decided first."""
    is_open = LinkageProposal.status == ProposalStatus.PROPOSED
    return (
        select(
            LinkageProposal,
            Price,
            ReferencePrice,
            ReferenceList,
            GenericProduct.name,
            Organisation.name,
        )
        .join(Price, Price.id == LinkageProposal.price_id)
        .join(ReferencePrice, ReferencePrice.id == LinkageProposal.reference_id)
        .join(ReferenceList, ReferenceList.id == ReferencePrice.list_id)
        .join(GenericProduct, GenericProduct.id == ReferencePrice.generic_product_id)
        .join(Organisation, Organisation.id == Price.organisation_id)
        .where(LinkageProposal.bureau_id == bureau_id)
        .order_by(is_open.desc(), LinkageProposal.id.desc())
    )


def proposal_counts(
    session: Session, *, bureau_id: int, until: datetime | None = None
) -> dict[ProposalStatus, int]:
    """Count a bureau's proposals by where they stood at a moment."""
    rows = select(LinkageProposal.status, func.count()).where(
        LinkageProposal.bureau_id == bureau_id
    )
    if until is not None:
        rows = rows.where(LinkageProposal.proposed_at <= until)
    found = {
        status: int(number)
        for status, number in session.execute(rows.group_by(LinkageProposal.status))
    }
    return {status: found.get(status, 0) for status in ProposalStatus}
