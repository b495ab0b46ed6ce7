"""Renewal by the rulebook: one officer has it computed, another confirms, the price is recorded."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bidding.sealing import canonical_bytes
from pricing.faults import ModelError, ModelFaultsError
from pricing.renewal import RenewalFacts, Route, renew
from pricing.stated_rules import StatedRules
from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.database import text_digest
from procurement.errors import FieldFault, InvalidInputError
from procurement.negotiations.dossiers.filing import filed_content
from procurement.negotiations.dossiers.steps import (
    require_status,
    set_status,
    subject_of,
    tell_maker,
)
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, Track
from procurement.negotiations.renewals.present_price import standards_in_force
from procurement.negotiations.renewals.tables import Renewal
from procurement.negotiations.sessions.standards import record_standard
from procurement.negotiations.tables import Dossier
from procurement.permissions import Actor

HALVING = "halving.method"
HALVINGS = ("combined", "each")
_CENT = Decimal("0.01")


def propose_renewal(  # noqa: PLR0913 - what the officers establish, each by its name
    session: Session,
    *,
    dossier: Dossier,
    halving: str,
    asks_renegotiation: bool,
    major_change: bool,
    due_at: datetime | None,
    actor: Actor,
    moment: datetime,
) -> Renewal:
    """Apply the campaign's rulebook to a renewal, for another officer to confirm.

    Args:
        session: Session of the caller's transaction.
        dossier: An admitted dossier of the track for renewals.
        halving: How cuts are halved, where the rulebook leaves it open: combined or each; empty
            for no answer.
        asks_renegotiation: The maker asks to renegotiate.
        major_change: Experts have established a major change of the market.
        due_at: Until when the maker hands in a calculation file, should talks be needed.
        actor: An officer.
        moment: When.

    Raises:
        DossierStateError: It is not admitted.
        NotReadyError: It is no renewal, or one was confirmed.
        InvalidInputError: What the rules need and do not find, or a price that is not the payment
            standard in force.
    """
    require_status(dossier, DossierStatus.ADMITTED)
    known = find_renewal(session, dossier_id=dossier.id)
    if dossier.track != Track.RENEWAL or (known is not None and known.confirmed_at):
        raise NotReadyError(zh="不是待办的续约。", en="This is no renewal that waits.")
    content = filed_content(session, dossier_id=dossier.id)
    if content is None:
        raise NotReadyError(zh="没有提交申报材料。", en="No dossier was handed in.")
    _require_present_price(session, dossier, content, moment)
    facts = facts_from(content, asks_renegotiation=asks_renegotiation, major_change=major_change)
    outcome = _outcome(dossier, facts, halving)
    if outcome["route"] == Route.RENEGOTIATE.value and (due_at is None or due_at <= moment):
        fault = FieldFault(
            "due_at",
            "按规则须重新谈判：请填写企业提交测算资料的期限。",
            "By the rules it is renegotiated: give the deadline for the calculation file.",
        )
        raise InvalidInputError([fault])
    outcome["due_at"] = None if due_at is None else due_at.isoformat()
    facts_text = canonical_bytes({key: str(value) for key, value in content.items()}).decode()
    outcome_text = canonical_bytes(outcome).decode()
    row = known or Renewal(dossier_id=dossier.id)
    row.facts, row.outcome = facts_text, outcome_text
    row.digest = text_digest(facts_text + outcome_text + dossier.campaign.renewal_digest)
    row.proposed_by, row.proposed_at = actor.person_id or 0, moment
    session.add(row)
    session.flush()
    _note(session, dossier, "propose-renewal", row, actor, moment)
    return row


def confirm_renewal(
    session: Session, *, dossier: Dossier, digest: str, actor: Actor, moment: datetime
) -> Renewal:
    """Confirm a renewal as another officer: its standard is recorded, or talks follow.

    Raises:
        NotReadyError: There is none to confirm, it is another one than was seen, the same officer
            proposed it, or the deadline that the maker would get has passed.
        InvalidInputError: It does not start from the payment standard that is in force.
    """
    require_status(dossier, DossierStatus.ADMITTED)
    row = find_renewal(session, dossier_id=dossier.id)
    is_open = row is not None and row.confirmed_at is None
    if row is None or not is_open or row.digest != digest:
        raise NotReadyError(zh="没有待确认的续约。", en="No such renewal waits to be confirmed.")
    if row.proposed_by == actor.person_id:
        raise NotReadyError(zh="须由另一名经办人确认。", en="Another officer confirms it.")
    content = filed_content(session, dossier_id=dossier.id)
    if content is None:
        raise NotReadyError(zh="没有提交申报材料。", en="No dossier was handed in.")
    _require_present_price(session, dossier, content, moment)
    outcome = outcome_of(row)
    due_at = outcome["due_at"]
    talks_follow = outcome["route"] == Route.RENEGOTIATE.value
    if talks_follow and (due_at is None or datetime.fromisoformat(due_at) <= moment):
        raise NotReadyError(
            zh="企业提交测算资料的期限已过，须重新测算续约。",
            en="The deadline for the calculation file has passed: have the renewal computed again.",
        )
    row.confirmed_by, row.confirmed_at = actor.person_id, moment
    session.flush()
    _note(session, dossier, "confirm-renewal", row, actor, moment)
    if talks_follow:
        _send_to_talks(session, dossier, outcome, actor, moment)
        return row
    record_standard(
        session,
        dossier=dossier,
        way="renewal",
        price=Decimal(outcome["price"]),
        strength=content["strength"],
        pack_units=int(content["pack_units"]),
        moment=moment,
    )
    set_status(session, dossier=dossier, status=DossierStatus.AGREED, actor=actor, moment=moment)
    tell_maker(session, dossier, zh="已续约", en="it is renewed", moment=moment)
    return row


def find_renewal(session: Session, *, dossier_id: int) -> Renewal | None:
    """Return what was computed about a renewal."""
    return session.scalars(select(Renewal).where(Renewal.dossier_id == dossier_id)).one_or_none()


def outcome_of(row: Renewal) -> dict[str, Any]:
    """Return what the rules said."""
    outcome: dict[str, Any] = json.loads(row.outcome)
    return outcome


def facts_from(
    content: Mapping[str, str], *, asks_renegotiation: bool = False, major_change: bool = False
) -> RenewalFacts:
    """Read from a dossier what the rules ask about.

    Ratio A is spending over the budget, ratio B the budget that a new scope adds over the higher of
    the two; both stay as exact as decimals of 28 digits are.

    Examples:
        >>> facts = facts_from({
        ...     "price_before": "100", "fund_budget": "200", "fund_spend": "250",
        ...     "years_listed": "2", "scope_changes": "no",
        ... })
        >>> facts.ratio_a, facts.ratio_b
        (Decimal('1.25'), None)
    """
    budget, spend = Decimal(content["fund_budget"]), Decimal(content["fund_spend"])
    changes = content.get("scope_changes") == "yes"
    added = Decimal(content["budget_added"]) if changes else None
    following = content.get("budget_next")
    higher = max(budget, spend)
    return RenewalFacts(
        price=Decimal(content["price_before"]),
        ratio_a=spend / budget,
        spend=spend,
        years_listed=int(content["years_listed"]),
        ratio_b=None if added is None else added / higher,
        spend_increase=added,
        non_exclusive=content.get("is_non_exclusive") == "yes",
        class_1=content.get("is_class_1") == "yes",
        asks_renegotiation=asks_renegotiation,
        budget_growth=None if not following else (Decimal(following) - higher) / higher,
        major_change=major_change,
    )


def _require_present_price(
    session: Session, dossier: Dossier, content: Mapping[str, str], moment: datetime
) -> None:
    """Where the chain of prices knows the present standard, the dossier's must be that one."""
    present = standards_in_force(
        session,
        dossier=dossier,
        strength=content["strength"],
        pack_units=int(content["pack_units"]),
        day=day_in_china(moment),
    )
    stated = Decimal(content["price_before"])
    if not present or stated in present:
        return
    known = " / ".join(f"{price.normalize():f}" for price in sorted(present))
    fault = FieldFault(
        "facts",
        f"申报的现行支付标准为 {stated:f} 元，价格库中现行的为 {known} 元。",
        f"The dossier states a present payment standard of {stated:f} yuan; the one in force is "
        f"{known} yuan.",
    )
    raise InvalidInputError([fault])


def _outcome(dossier: Dossier, facts: RenewalFacts, halving: str) -> dict[str, Any]:
    options = {HALVING: halving} if halving else {}
    try:
        renewal = renew(facts, StatedRules.of(dossier.campaign.renewal_rulebook, options))
    except ModelFaultsError as refusal:
        raise InvalidInputError(
            [FieldFault("facts", f"{one.where}：{one.zh}", str(one)) for one in refusal.faults]
        ) from refusal
    except ModelError as refusal:
        zh = str(getattr(refusal, "zh", refusal))
        raise InvalidInputError([FieldFault("halving", zh, str(refusal))]) from refusal
    return {
        "route": renewal.route.value,
        "cut": None if renewal.cut is None else f"{renewal.cut:f}",
        "price": None if renewal.price is None else f"{renewal.price:f}",
        "halved": renewal.halved,
        "steps": [{"clause": one.clause, "zh": one.zh, "en": one.en} for one in renewal.steps],
    }


def _send_to_talks(
    session: Session,
    dossier: Dossier,
    outcome: Mapping[str, Any],
    actor: Actor,
    moment: datetime,
) -> None:
    """Return a dossier for the calculation file that talks need, as a negotiation from now on."""
    dossier.track = Track.REGULAR
    reason = "按续约规则须重新谈判，请补充谈判所需材料和测算资料。"
    set_status(
        session,
        dossier=dossier,
        status=DossierStatus.RETURNED,
        actor=actor,
        moment=moment,
        reason=reason,
        due_at=datetime.fromisoformat(outcome["due_at"]),
    )
    tell_maker(session, dossier, zh=reason, en="it is to be renegotiated", moment=moment)


def _note(
    session: Session,
    dossier: Dossier,
    action: str,
    row: Renewal,
    actor: Actor,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=subject_of(dossier),
        facts={"digest": row.digest},
        moment=moment,
    )
