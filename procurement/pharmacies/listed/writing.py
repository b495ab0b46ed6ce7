"""Writing what a confirmed decision says: rows are added, none is ever changed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import Product
from procurement.pharmacies.listed.checking import correctable, plan_of
from procurement.pharmacies.listed.planning import Plan, drug_of_line, held_of
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from procurement.pharmacies.listed.terms import DecisionDraft, LineDraft, columns_of, terms_of


def write_line(
    session: Session,
    *,
    decision: ListDecision,
    draft: DecisionDraft,
    plan: Plan,
    moment: datetime,
) -> None:
    """Write one line of a decision.

    Args:
        session: Session of the caller's transaction, which holds the drug.
        decision: That is confirmed.
        draft: The same as a draft.
        plan: The line, as it was checked.
        moment: When, aware.
    """
    line = plan.line
    drug = drug_of_line(session, region=draft.region, line=line) or _new_drug(
        session, draft.region, line
    )
    if draft.corrects_id is not None:
        _undo(session, decision, drug, draft.corrects_id, moment)
        if line.terms is None:
            return
    # Planned again from what is written: a line before may have ended a period of the same drug.
    fresh = plan_of(draft=draft, line=line, held=held_of(session, drug=drug))
    _end(session, decision, fresh, moment)
    if line.terms is not None:
        _add(
            session,
            decision,
            drug,
            {
                **columns_of(line.terms),
                "starts_on": fresh.span.starts_on,
                "ends_on": fresh.span.ends_on,
            },
            moment,
        )
    drug.version += 1
    drug.catalogue_number = line.catalogue_number or drug.catalogue_number


def _new_drug(session: Session, region: str, line: LineDraft) -> ListedDrug:
    drug = ListedDrug(
        generic_product_id=line.generic_product_id,
        catalogue_number=line.catalogue_number,
        region=region,
        brand=line.brand,
        organisation_id=_holder(session, line) if line.brand else None,
    )
    session.add(drug)
    session.flush()
    return drug


def _holder(session: Session, line: LineDraft) -> int | None:
    return session.scalars(
        select(Product.holder_id)
        .where(Product.generic_product_id == line.generic_product_id, Product.brand == line.brand)
        .order_by(Product.id)
        .limit(1)
    ).first()


def _end(session: Session, decision: ListDecision, plan: Plan, moment: datetime) -> None:
    if plan.ends is None:
        return
    row = plan.ends.row
    _copy(session, decision, row, moment, replaces_id=row.id, ends_on=plan.ends_on)


def _undo(
    session: Session,
    decision: ListDecision,
    drug: ListedDrug,
    corrects_id: int,
    moment: datetime,
) -> None:
    """Write rows that stand for those of the corrected decision, as if it had not been.

    A line may come twice about the same drug: what is undone already is not undone again.
    """
    if _was_undone(session, decision, drug):
        return
    rows = correctable(session, drug=drug, corrects_id=corrects_id)
    written = {row.id: row for row in rows}
    replaced = {row.replaces_id for row in rows}
    for row in rows:
        if row.id in replaced:
            continue
        before = row
        while before.id in written and before.replaces_id is not None:
            before = session.get_one(ListPeriod, before.replaces_id)
        is_new = before.id in written
        _copy(
            session,
            decision,
            before,
            moment,
            replaces_id=row.id,
            ends_on=before.ends_on,
            is_void=is_new or before.is_void,
        )


def _was_undone(session: Session, decision: ListDecision, drug: ListedDrug) -> bool:
    own = select(ListPeriod.id).where(
        ListPeriod.decision_id == decision.id, ListPeriod.listed_drug_id == drug.id
    )
    return session.scalars(own.limit(1)).first() is not None


def _copy(
    session: Session,
    decision: ListDecision,
    row: ListPeriod,
    moment: datetime,
    **changed: object,
) -> None:
    columns = {
        **columns_of(terms_of(row)),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        **changed,
    }
    _add(session, decision, row.listed_drug, columns, moment)


def _add(
    session: Session,
    decision: ListDecision,
    drug: ListedDrug,
    columns: Mapping[str, object],
    moment: datetime,
) -> None:
    session.add(
        ListPeriod(listed_drug_id=drug.id, decision_id=decision.id, recorded_at=moment, **columns)
    )
    session.flush()
