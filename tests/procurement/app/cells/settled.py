"""Settlements of a side's bureau: one with hospitals, one that is public, one of its region."""

import hashlib
from datetime import date
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.savings.states import (
    AssessmentStatus,
    RunKind,
    RunStatus,
    SettlementStatus,
    StatementStatus,
)
from procurement.savings.tables import (
    AssessmentEvidence,
    HospitalStatement,
    SavingsAssessment,
    SavingsPublication,
    SavingsRun,
    SavingsSettlement,
    SettlementReport,
    StatementObjection,
)
from rulebooks import load_rulebook
from tests.procurement.app.cells.sides import Side, Value
from tests.procurement.app.cells.things import SCAN

RULEBOOK = "savings-national-2020"
PARAMETERS = (
    '{"negative_base": "floor_each", "completion_unit": "product", "indicators": '
    '{"volume-completion": "100"}, "bands": {"0": {"ratio": "0"}}}'
)
NOTHING = Decimal(0)


def settle_savings(engine: Engine, side: Side, other: Side, *, letter: str) -> None:
    """Give a side settlements, with statements of its hospital, its member and the other's."""
    with transaction(engine) as session:
        own = _settlement(session, side, f"savings-{letter}", bureau=side)
        hospitals = {
            "": side.organisation_id(Role.HOSPITAL),
            "member_": int(side.things["member"]),
            "guest_": other.organisation_id(Role.HOSPITAL),
        }
        for name, hospital_id in hospitals.items():
            side.things |= _statement(session, own, hospital_id, name)
        public = _settlement(session, side, f"public-{letter}", bureau=side)
        _publish(session, public)
        # Led by the other side's bureau, in our region, with our hospital.
        regional = _settlement(session, side, f"regional-{letter}", bureau=other)
        side.things |= _statement(
            session, regional, side.organisation_id(Role.HOSPITAL), "regional_"
        )
        side.things |= {
            "settlement": own.name,
            "public_settlement": public.name,
            "regional_settlement": regional.name,
        }


def _settlement(session: Session, side: Side, name: str, *, bureau: Side) -> SavingsSettlement:
    now = database_moment(session)
    row = SavingsSettlement(
        name=name,
        title="for tests",
        bureau_id=bureau.bureau.id,
        agency_id=side.organisation_id(Role.FUND_AGENCY),
        region=f"{side.region[:3]}100",
        rulebook=RULEBOOK,
        rulebook_digest=load_rulebook(RULEBOOK).digest,
        parameters=PARAMETERS,
        status=SettlementStatus.WITH_HOSPITALS,
        drafted_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _statement(
    session: Session, settlement: SavingsSettlement, hospital_id: int, name: str
) -> dict[str, Value]:
    now = database_moment(session)
    run = SavingsRun(
        settlement_id=settlement.id,
        kind=RunKind.COMPUTE,
        number=hospital_id,
        status=RunStatus.DONE,
        asked_at=now,
    )
    assessment = SavingsAssessment(
        settlement_id=settlement.id, hospital_id=hospital_id, status=AssessmentStatus.OPEN
    )
    session.add_all([run, assessment])
    session.flush()
    statement = HospitalStatement(
        settlement_id=settlement.id,
        hospital_id=hospital_id,
        number=1,
        run_id=run.id,
        status=StatementStatus.OPEN,
        winning_volume=0,
        agreed_volume=0,
        savings_base=NOTHING,
        retained_exact=NOTHING,
        retained=NOTHING,
        payable=NOTHING,
        employee=NOTHING,
        resident=NOTHING,
        digest="0" * 64,
        computed_at=now,
        opened_at=now,
    )
    session.add(statement)
    session.flush()
    objection = StatementObjection(statement_id=statement.id, reason="for tests", filed_at=now)
    evidence = AssessmentEvidence(
        assessment_id=assessment.id,
        file_name="vouchers.pdf",
        file_digest=hashlib.sha256(SCAN).hexdigest(),
        file_bytes=len(SCAN),
        media_type="application/pdf",
        handed_in_at=now,
    )
    session.add_all([objection, evidence])
    session.flush()
    return {
        f"{name}savings_hospital": hospital_id,
        f"{name}assessment_id": assessment.id,
        f"{name}evidence_id": evidence.id,
        f"{name}savings_objection": objection.id,
    }


def _publish(session: Session, settlement: SavingsSettlement) -> None:
    now = database_moment(session)
    report = SettlementReport(
        settlement_id=settlement.id,
        number=1,
        hospitals=0,
        unanswered=0,
        amount=NOTHING,
        employee=NOTHING,
        resident=NOTHING,
        digest="0" * 64,
        note="",
        reported_at=now,
    )
    session.add(report)
    session.flush()
    settlement.status = SettlementStatus.PUBLISHED
    session.add(
        SavingsPublication(
            settlement_id=settlement.id,
            number=1,
            report_id=report.id,
            content='{"bureau": "", "title": "", "batches": [], "parameters": [], "rows": [], '
            '"bands": []}',
            digest="0" * 64,
            starts_on=date(2026, 1, 1),
            until=date(2026, 1, 2),
            basis="for tests",
            published_at=now,
        )
    )
    session.flush()
