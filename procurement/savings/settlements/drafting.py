"""Drafting a settlement: batch-years, rulebook, and every open parameter by name."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.permissions.decide import covers
from procurement.savings.settlements.changing import (
    lock,
    noted,
    require_idle,
    require_status,
    set_status,
    touch,
)
from procurement.savings.settlements.elsewhere import lock_terms
from procurement.savings.settlements.errors import NameTakenError
from procurement.savings.settlements.parameters import (
    find_rulebook,
    parameter_faults,
    plain_parameters,
)
from procurement.savings.settlements.terms import terms_to_settle
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import REASON_LENGTH_MAX, SavingsSettlement, SettlementTerm
from rulebooks import Rulebook

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_RESERVED = frozenset({"new", "forecast", "line"})
TITLE_LENGTH_MAX = 300


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer decides about a settlement.

    Attributes:
        title: What it is called.
        region: Division code; its hospitals are settled.
        rulebook: Id of the document.
        term_ids: The batch-years.
        follow_on: Those of them whose round follows another one on.
        parameters: What texts leave open, by name.
        agency_id: The fund agency that pays; needed before anything is paid.
    """

    title: str
    region: str
    rulebook: str
    term_ids: tuple[int, ...]
    follow_on: frozenset[int] = frozenset()
    parameters: Mapping[str, object] = field(default_factory=dict)
    agency_id: int | None = None


def draft_settlement(
    session: Session, *, name: str, draft: Draft, actor: Actor, moment: datetime
) -> SavingsSettlement:
    """Draft a settlement; nothing that texts leave open has a default.

    Raises:
        InvalidInputError: With everything that is wrong or missing.
        NameTakenError: There is one of that name.
    """
    faults = [] if _is_name(name) else [_NAME_FAULT]
    rulebook, more = _check(session, draft, actor, own_id=0)
    if faults or more or rulebook is None or actor.organisation_id is None:
        raise InvalidInputError([*faults, *more])
    if session.scalar(select(SavingsSettlement.id).where(SavingsSettlement.name == name)):
        raise NameTakenError(name)
    settlement = SavingsSettlement(
        name=name,
        bureau_id=actor.organisation_id,
        status=SettlementStatus.DRAFTED,
        drafted_by=actor.person_id,
        drafted_at=moment,
        **_values(draft, rulebook, moment),
    )
    session.add(settlement)
    session.flush()
    _store_terms(session, settlement, draft)
    noted(session, settlement=settlement, action="draft-settlement", actor=actor, moment=moment)
    return settlement


def change_settlement(
    session: Session,
    *,
    settlement: SavingsSettlement,
    draft: Draft,
    version: int,
    actor: Actor,
    moment: datetime,
) -> None:
    """Change a draft.

    Raises:
        InvalidInputError: With everything that is wrong or missing.
        StaleError: Somebody else changed it.
        WrongStateError: Purchases are extracted already.
    """
    locked = lock(session, settlement=settlement, version=version)
    require_status(locked, SettlementStatus.DRAFTED)
    require_idle(session, settlement=locked)
    rulebook, faults = _check(session, draft, actor, own_id=locked.id)
    if faults or rulebook is None:
        raise InvalidInputError(faults)
    for name, value in _values(draft, rulebook, moment).items():
        setattr(locked, name, value)
    touch(locked, moment=moment)
    session.execute(delete(SettlementTerm).where(SettlementTerm.settlement_id == locked.id))
    _store_terms(session, locked, draft)
    noted(session, settlement=locked, action="change-settlement", actor=actor, moment=moment)


def name_agency(
    session: Session,
    *,
    settlement: SavingsSettlement,
    agency_id: int,
    actor: Actor,
    moment: datetime,
) -> None:
    """Name the fund agency that pays; possible until payments are instructed.

    Raises:
        InvalidInputError: It is no agency, or covers another region.
        WrongStateError: It is being paid already.
    """
    locked = lock(session, settlement=settlement)
    paid = (SettlementStatus.PAYING, SettlementStatus.SETTLED, SettlementStatus.WITHDRAWN)
    require_status(locked, *(one for one in SettlementStatus if one not in paid))
    fault = _agency_fault(session, agency_id, locked.region)
    if fault is not None:
        raise InvalidInputError([fault])
    locked.agency_id = agency_id
    touch(locked, moment=moment)
    facts = {"agency": str(agency_id)}
    noted(
        session,
        settlement=locked,
        action="name-agency",
        actor=actor,
        moment=moment,
        facts=facts,
    )


def withdraw_settlement(
    session: Session, *, settlement: SavingsSettlement, reason: str, actor: Actor, moment: datetime
) -> None:
    """Give a settlement up, before anything was computed.

    Raises:
        InvalidInputError: No reason is given.
        WrongStateError: It was computed already.
    """
    _end(session, settlement, SettlementStatus.WITHDRAWN, reason, actor, moment)


def back_to_draft(
    session: Session, *, settlement: SavingsSettlement, reason: str, actor: Actor, moment: datetime
) -> None:
    """Go back to the draft: batch-years or parameters were wrong; assessments stay.

    Raises:
        InvalidInputError: No reason is given.
        WrongStateError: Assessments are closed already.
    """
    _end(session, settlement, SettlementStatus.DRAFTED, reason, actor, moment)


def require_reason(reason: str, *, field_name: str = "reason") -> str:
    """Return a reason, or refuse an empty or overlong one.

    Raises:
        InvalidInputError: It is one of these.
    """
    text = reason.strip()
    if 0 < len(text) <= REASON_LENGTH_MAX:
        return text
    fault = FieldFault(
        field_name,
        f"请填写理由，最多 {REASON_LENGTH_MAX} 字。",
        f"Expected a reason of at most {REASON_LENGTH_MAX} characters.",
    )
    raise InvalidInputError([fault])


def _end(
    session: Session,
    settlement: SavingsSettlement,
    status: SettlementStatus,
    reason: str,
    actor: Actor,
    moment: datetime,
) -> None:
    text = require_reason(reason)
    locked = lock(session, settlement=settlement)
    require_idle(session, settlement=locked)
    set_status(session, settlement=locked, status=status, moment=moment)
    facts = {"reason": text, "status": status}
    noted(
        session, settlement=locked, action="set-settlement", actor=actor, moment=moment, facts=facts
    )


_NAME_FAULT = FieldFault(
    "name",
    "只能用小写字母、数字和连字符，且不能与已有地址重名。",
    "Expected lower-case letters, digits and hyphens, and not a word that addresses use.",
)


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name not in _RESERVED


def _values(draft: Draft, rulebook: Rulebook, moment: datetime) -> dict[str, object]:
    parameters = plain_parameters(draft.parameters)
    return {
        "title": draft.title.strip(),
        "region": draft.region,
        "rulebook": rulebook.id,
        "rulebook_digest": rulebook.digest,
        "parameters": json.dumps(parameters, ensure_ascii=False),
        "agency_id": draft.agency_id,
        "changed_at": moment,
    }


def _check(
    session: Session, draft: Draft, actor: Actor, *, own_id: int
) -> tuple[Rulebook | None, list[FieldFault]]:
    faults: list[FieldFault] = []
    if not 0 < len(draft.title.strip()) <= TITLE_LENGTH_MAX:
        faults.append(FieldFault("title", "请填写名称。", "Expected a title."))
    is_region = len(draft.region) == 6 and draft.region.isascii() and draft.region.isdigit()
    if not is_region or not covers(actor.region, draft.region):
        faults.append(
            FieldFault(
                "region",
                "须为本单位辖区内的六位行政区划代码。",
                "Expected the six-digit code of a division in your region.",
            )
        )
    if is_region:
        lock_terms(session, term_ids=draft.term_ids)
        faults += [*_term_faults(session, draft), *_settled_faults(session, draft, own_id)]
    if draft.agency_id is not None:
        fault = _agency_fault(session, draft.agency_id, draft.region)
        faults += [fault] if fault else []
    rulebook = find_rulebook(draft.rulebook)
    if rulebook is None:
        zh, en = "没有这部结余留用规则书。", "There is no such rulebook of retained savings."
        faults.append(FieldFault("rulebook", zh, en))
    else:
        given = plain_parameters(draft.parameters)
        faults += parameter_faults(rulebook, given, follow_on=bool(draft.follow_on))
    return rulebook, faults


def _term_faults(session: Session, draft: Draft) -> list[FieldFault]:
    known = {one.term_id: one for one in terms_to_settle(session, region=draft.region)}
    faults = []
    if not draft.term_ids:
        faults.append(
            FieldFault("term_ids", "请至少选择一个批次年度。", "Choose at least one batch-year.")
        )
    if len(set(draft.term_ids)) < len(draft.term_ids):
        faults.append(FieldFault("term_ids", "批次年度重复。", "A batch-year is there twice."))
    for term_id in draft.term_ids:
        if term_id not in known:
            zh = f"批次年度 {term_id} 在本地区没有约定采购量。"
            en = f"Nobody in the region agreed to anything in batch-year {term_id}."
            faults.append(FieldFault("term_ids", zh, en))
        elif known[term_id].follow_on and term_id not in draft.follow_on:
            zh = f"{known[term_id].batch} 是接续批次，须标明。"
            en = f"{known[term_id].batch} is a follow-on round's; it must be marked as such."
            faults.append(FieldFault("follow_on", zh, en))
    for term_id in draft.follow_on - set(draft.term_ids):
        zh, en = f"{term_id} 不在所选批次年度中。", f"{term_id} is not among the batch-years."
        faults.append(FieldFault("follow_on", zh, en))
    return faults


def _settled_faults(session: Session, draft: Draft, own_id: int) -> list[FieldFault]:
    """Batch-years that another settlement pays for in a part of the region: never twice."""
    others = session.execute(
        select(SavingsSettlement.name, SavingsSettlement.region, SettlementTerm.term_id)
        .join(SettlementTerm, SettlementTerm.settlement_id == SavingsSettlement.id)
        .where(SettlementTerm.term_id.in_(draft.term_ids))
        .where(SavingsSettlement.id != own_id)
        .where(SavingsSettlement.status != SettlementStatus.WITHDRAWN)
        .order_by(SavingsSettlement.id)
    )
    return [
        FieldFault(
            "term_ids",
            f"批次年度 {term_id} 在本地区已列入清算“{name}”。",
            f"Batch-year {term_id} is in settlement “{name}” for a part of this region already.",
        )
        for name, region, term_id in others
        if covers(region, draft.region) or covers(draft.region, region)
    ]


def _agency_fault(session: Session, agency_id: int, region: str) -> FieldFault | None:
    agency = session.get(Organisation, agency_id)
    is_agency = agency is not None and agency.kind == OrganisationKind.FUND_AGENCY
    if agency is not None and is_agency and covers(agency.region, region):
        return None
    return FieldFault(
        "agency_id",
        "须为覆盖本地区的医保经办机构。",
        "Expected a fund agency whose region covers this one.",
    )


def _store_terms(session: Session, settlement: SavingsSettlement, draft: Draft) -> None:
    session.add_all(
        SettlementTerm(
            settlement_id=settlement.id, term_id=term_id, follow_on=term_id in draft.follow_on
        )
        for term_id in draft.term_ids
    )
    session.flush()
