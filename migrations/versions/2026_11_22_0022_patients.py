"""Registrations of patients, prescriptions, benefits."""

import sqlalchemy as sa
from alembic import op

from procurement.database import MONEY_MAX, Money, money_range
from procurement.database.making_tables import (
    day,
    flag,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    money,
    short,
)

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = (
    "patient_rules",
    "benefit_terms",
    "patient",
    "registration",
    "registration_event",
    "registration_review",
    "registration_paper",
    "pharmacy_change",
    "prescription",
    "prescription_report",
    "benefit_record",
)


def upgrade() -> None:
    _terms()
    _registrations()
    _requests()
    _prescriptions()
    _benefits()
    make_append_only(
        "patient_rules",
        "benefit_terms",
        "registration_event",
        "prescription_report",
        "benefit_record",
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _signed(name: str) -> tuple[sa.Column[object], sa.CheckConstraint]:
    allowed = money_range(name, minimum=-MONEY_MAX)
    return (
        sa.Column(name, Money, nullable=False),
        sa.CheckConstraint(allowed.sqltext, name=op.f(f"ck_benefit_record_{name}_range")),
    )


def _terms() -> None:
    make_table(
        "patient_rules",
        short("region", 6),
        long_text("rulebooks"),
        long_text("parameters"),
        day("starts_on"),
        short("document", 500),
        integer("given_by", nullable=True),
        moment("given_at"),
        references=("given_by > person",),
        indexed=("region",),
    )
    make_table(
        "benefit_terms",
        short("region", 6),
        short("fund", 10),
        short("drug_state", 20),
        short("fund_ratio", 40),
        *money("benefit_terms", "deductible"),
        *money("benefit_terms", "fund_cap", nullable=True),
        day("starts_on"),
        short("document", 500),
        integer("given_by", nullable=True),
        moment("given_at"),
        references=("given_by > person",),
        indexed=("region",),
    )


def _registrations() -> None:
    make_table(
        "patient",
        short("pseudonym", 64),
        short("fund", 10),
        short("region", 6),
        day("retain_until"),
        unique=(("pseudonym",),),
        indexed=("retain_until",),
    )
    make_table(
        "registration",
        short("number", 20),
        integer("patient_id", nullable=True),
        integer("live_patient_id", nullable=True),
        short("region", 6),
        integer("listed_drug_id"),
        integer("doctor_id"),
        integer("hospital_place_id"),
        integer("pharmacy_place_id"),
        integer("rules_id"),
        short("indication", 20, nullable=True),
        short("status", 20),
        moment("drafted_at"),
        moment("applied_at", nullable=True),
        day("due_on", nullable=True),
        integer("decided_by", nullable=True),
        moment("decided_at", nullable=True),
        short("decision_note", 500, nullable=True),
        day("starts_on", nullable=True),
        day("reviewed_on", nullable=True),
        day("review_due_on", nullable=True),
        day("ended_on", nullable=True),
        integer("version"),
        sa.CheckConstraint(
            "live_patient_id IS NULL OR live_patient_id = patient_id",
            name=op.f("ck_registration_live_is_the_same"),
        ),
        references=(
            "patient_id > patient",
            "live_patient_id > patient",
            "listed_drug_id > listed_drug",
            "doctor_id > person",
            "hospital_place_id > place",
            "pharmacy_place_id > place",
            "rules_id > patient_rules",
            "decided_by > person",
        ),
        unique=(("number",), ("live_patient_id", "listed_drug_id")),
        indexed=(
            "patient_id",
            "region",
            "listed_drug_id",
            "doctor_id",
            "hospital_place_id",
            "pharmacy_place_id",
            "status",
            "due_on",
            "review_due_on",
        ),
    )
    make_table(
        "registration_event",
        integer("registration_id"),
        short("step", 30),
        integer("person_id", nullable=True),
        moment("happened_at"),
        flag("is_late"),
        references=("registration_id > registration", "person_id > person"),
        indexed=("registration_id",),
    )


def _requests() -> None:
    make_table(
        "registration_review",
        integer("registration_id"),
        short("outcome", 10),
        short("status", 10),
        integer("made_by", nullable=True),
        day("made_on"),
        moment("made_at"),
        short("finding", 500, nullable=True),
        integer("decided_by", nullable=True),
        moment("decided_at", nullable=True),
        short("decision_note", 500, nullable=True),
        references=(
            "registration_id > registration",
            "made_by > person",
            "decided_by > person",
        ),
        indexed=("registration_id",),
    )
    make_table(
        "registration_paper",
        integer("registration_id"),
        integer("review_id", nullable=True),
        short("kind", 100),
        short("media_type", 60),
        integer("size"),
        long_text("sealed", nullable=True),
        integer("added_by", nullable=True),
        moment("added_at"),
        moment("deleted_at", nullable=True),
        references=(
            "registration_id > registration",
            "review_id > registration_review",
            "added_by > person",
        ),
        indexed=("registration_id",),
    )
    make_table(
        "pharmacy_change",
        integer("registration_id"),
        integer("from_place_id"),
        integer("to_place_id"),
        short("status", 10),
        short("reason", 500, nullable=True),
        integer("requested_by", nullable=True),
        moment("requested_at"),
        integer("decided_by", nullable=True),
        moment("decided_at", nullable=True),
        short("decision_note", 500, nullable=True),
        references=(
            "registration_id > registration",
            "from_place_id > place",
            "to_place_id > place",
            "requested_by > person",
            "decided_by > person",
        ),
        indexed=("registration_id",),
    )


def _prescriptions() -> None:
    make_table(
        "prescription",
        short("number", 20),
        short("rx_number", 60, nullable=True),
        integer("reported_by_id"),
        integer("registration_id", nullable=True),
        short("doctor_code", 20, nullable=True),
        short("indication", 20, nullable=True),
        moment("prescribed_at", nullable=True),
        moment("valid_until", nullable=True),
        flag("is_reusable"),
        integer("times_max"),
        integer("interval_days_min"),
        short("status", 20),
        moment("status_at"),
        integer("stock_check", nullable=True),
        integer("times_reported"),
        moment("last_dispensed_at", nullable=True),
        integer("place_id", nullable=True),
        integer("version"),
        sa.CheckConstraint(
            "stock_check BETWEEN -2 AND 1", name=op.f("ck_prescription_stock_check_known")
        ),
        references=(
            "reported_by_id > organisation",
            "registration_id > registration",
            "place_id > place",
        ),
        unique=(("number",), ("rx_number",)),
        indexed=("registration_id", "status", "status_at", "place_id"),
    )
    make_table(
        "prescription_report",
        integer("prescription_id"),
        short("event_number", 60),
        short("status", 20),
        integer("stock_check", nullable=True),
        integer("place_id", nullable=True),
        moment("happened_at"),
        moment("received_at"),
        references=("prescription_id > prescription", "place_id > place"),
        unique=(("event_number",),),
        indexed=("prescription_id",),
    )


def _benefits() -> None:
    make_table(
        "benefit_record",
        integer("registration_id"),
        integer("prescription_id", nullable=True),
        integer("place_id"),
        short("channel", 10),
        short("bill_number", 60),
        flag("is_reversal"),
        integer("reverses_id", nullable=True),
        moment("dispensed_at"),
        integer("year"),
        short("fund", 10),
        integer("terms_id"),
        short("first_self_pay", 40),
        *_signed("amount"),
        short("deductible_used", 40),
        *_signed("fund_amount"),
        *_signed("patient_amount"),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        references=(
            "registration_id > registration",
            "prescription_id > prescription",
            "place_id > place",
            "reverses_id > benefit_record",
            "terms_id > benefit_terms",
            "recorded_by > person",
        ),
        unique=(("place_id", "bill_number", "is_reversal"), ("reverses_id",)),
        indexed=("registration_id", "prescription_id"),
    )
