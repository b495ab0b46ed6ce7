"""A list of each side's bureau: a published drug, decisions that wait, an uploaded file."""

from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Person
from procurement.catalogue.tables import GenericProduct
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.pharmacies.listed.kinds import (
    ChangeKind,
    Control,
    DecisionKind,
    DecisionStatus,
    DrugState,
)
from procurement.pharmacies.listed.tables import (
    ListDecision,
    ListDecisionLine,
    ListedDrug,
    ListImport,
    ListPeriod,
)
from procurement.pharmacies.listed.terms import LineDraft, Terms, line_text
from tests.procurement.app.cells.sides import Side, Value

DAY = date(2022, 5, 1)


def list_drugs(engine: Engine, side: Side) -> None:
    """Give a side's bureau a list."""
    with transaction(engine) as session:
        side.things |= _listed(session, side)


def _listed(session: Session, side: Side) -> dict[str, Value]:
    generic_id = session.scalars(select(GenericProduct.id).order_by(GenericProduct.id)).first()
    own = side.people[Role.OFFICER]
    waiting = _decision(session, side, "1", side.second_officer)
    by_self = _decision(session, side, "2", own)
    public = _decision(session, side, "3", own)
    public.status, public.settled_by = DecisionStatus.CONFIRMED, side.second_officer.id
    drug = ListedDrug(generic_product_id=generic_id, region=side.region)
    now = database_moment(session)
    upload = ListImport(
        region=side.region,
        bureau_id=side.bureau.id,
        filename="for tests",
        digest="0" * 64,
        lines="[]",
        faults="[]",
        line_count=0,
        fault_count=0,
        uploaded_by=own.id,
        uploaded_at=now,
    )
    session.add_all([drug, upload])
    session.flush()
    period = ListPeriod(
        listed_drug_id=drug.id,
        decision_id=public.id,
        state=DrugState.DUAL,
        starts_on=DAY,
        registration_needed=False,
        recorded_at=now,
    )
    terms = Terms(state=DrugState.DUAL)
    line = LineDraft(generic_product_id=drug.generic_product_id, control=Control.NONE, terms=terms)
    lines = [
        ListDecisionLine(
            decision_id=one.id,
            position=1,
            kind=ChangeKind.ENTER,
            generic_product_id=drug.generic_product_id,
            control=Control.NONE,
            terms=line_text(line),
            evidence="[]",
        )
        for one in (waiting, by_self, public)
    ]
    session.add_all([period, *lines])
    session.flush()
    return {
        "listed_drug_id": drug.id,
        "decision_number": waiting.number,
        "own_decision": by_self.number,
        "public_decision": public.number,
        "list_import": upload.id,
    }


def _decision(session: Session, side: Side, number: str, proposer: Person) -> ListDecision:
    decision = ListDecision(
        number=f"SD-{side.region}-{number}",
        region=side.region,
        bureau_id=side.bureau.id,
        kind=DecisionKind.PUBLISHED_LIST,
        document="for tests",
        decided_on=DAY,
        in_force_from=DAY,
        rulebook="dual-national-2021",
        rulebook_digest="0" * 64,
        reason="for tests",
        notice_title="for tests",
        notice_text="for tests",
        public_from=DAY,
        proposed_by=proposer.id,
        proposed_at=database_moment(session),
    )
    session.add(decision)
    session.flush()
    return decision
