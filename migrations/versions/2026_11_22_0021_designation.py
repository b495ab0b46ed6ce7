"""Places, their designation, doctors, duties to bring drugs in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from procurement.database.making_tables import (
    check,
    day,
    flag,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    short,
)

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

GROWING = (
    "designation_check",
    "designation_visit",
    "designation_notice",
    "noticed_application",
    "designation_event",
    "designation_assessment",
    "duty_term",
    "drug_duty_report",
)
"""Tables whose rows are never changed."""

TABLES = (
    "place",
    "county_point",
    "designation_call",
    "designation_application",
    "designation_evidence",
    "designation_check",
    "designation_visit",
    "designation_notice",
    "noticed_application",
    "designation_objection",
    "designation",
    "designation_event",
    "designation_assessment",
    "designated_doctor",
    "duty_term",
    "drug_duty",
    "drug_duty_report",
)


def upgrade() -> None:
    make_places()
    make_calls()
    make_applications()
    make_checks()
    make_notices()
    make_designations()
    make_doctors()
    make_duties()
    make_append_only(*GROWING)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def make_places() -> None:
    make_table(
        "place",
        short("institution_code", 12),
        short("kind", 10),
        short("name", 200),
        short("chain", 200),
        integer("organisation_id", nullable=True),
        short("county", 6),
        short("address", 300),
        sa.Column("latitude", sa.Double, nullable=True),
        sa.Column("longitude", sa.Double, nullable=True),
        short("phone", 60),
        json_text("opening_hours"),
        short("route_zh", 500),
        short("route_en", 500),
        sa.Column("is_barrier_free", sa.Boolean, nullable=True),
        short("status", 10),
        version(),
        moment("changed_at"),
        check("place", "latitude_range", "latitude BETWEEN 3 AND 54"),
        check("place", "longitude_range", "longitude BETWEEN 73 AND 136"),
        check("place", "point_is_whole_or_missing", "(latitude IS NULL) = (longitude IS NULL)"),
        references=("organisation_id > organisation",),
        unique=(("institution_code",),),
        indexed=("organisation_id",),
    )
    op.create_index(
        "ix_place_name", "place", ["name"], postgresql_ops={"name": "varchar_pattern_ops"}
    )
    op.create_index("ix_place_county", "place", ["county", "status", "name", "id"])
    make_table(
        "county_point",
        short("county", 6),
        short("name", 100),
        sa.Column("latitude", sa.Double, nullable=False),
        sa.Column("longitude", sa.Double, nullable=False),
        sa.Column("radius_km", sa.Double, nullable=True),
        short("imported_from", 200),
        moment("imported_at"),
        key=("county",),
    )


def make_calls() -> None:
    make_table(
        "designation_call",
        short("scheme", 20),
        short("region", 6),
        integer("caller_id"),
        short("title", 300),
        short("document", 200),
        short("rulebook", 100),
        short("rulebook_digest", 64),
        json_text("parameters"),
        day("opens_on"),
        day("closes_on"),
        integer("opened_by", nullable=True),
        moment("opened_at"),
        references=("caller_id > organisation", "opened_by > person"),
        indexed=("region", "caller_id"),
    )


def make_applications() -> None:
    make_table(
        "designation_application",
        integer("call_id"),
        integer("place_id"),
        integer("organisation_id"),
        short("status", 20),
        json_text("statements"),
        short("reason", 1000),
        integer("drafted_by", nullable=True),
        moment("submitted_at", nullable=True),
        version(),
        moment("changed_at"),
        references=(
            "call_id > designation_call",
            "place_id > place",
            "organisation_id > organisation",
            "drafted_by > person",
        ),
        indexed=("place_id", "organisation_id"),
    )
    unique_where(
        "uq_designation_application_open",
        "designation_application",
        ("call_id", "place_id"),
        "status <> 'withdrawn'",
    )
    make_table(
        "designation_evidence",
        integer("application_id"),
        short("criterion", 60),
        short("file_name", 200),
        short("file_digest", 64),
        integer("file_bytes"),
        short("media_type", 100),
        integer("handed_in_by", nullable=True),
        moment("handed_in_at"),
        references=("application_id > designation_application", "handed_in_by > person"),
        indexed=("application_id",),
    )


def make_checks() -> None:
    make_table(
        "designation_check",
        integer("application_id"),
        long_text("findings"),
        flag("is_passed"),
        short("reason", 1000),
        integer("checked_by", nullable=True),
        moment("checked_at"),
        references=("application_id > designation_application", "checked_by > person"),
        indexed=("application_id",),
    )
    make_table(
        "designation_visit",
        integer("application_id"),
        day("visited_on"),
        long_text("findings"),
        flag("is_passed"),
        short("reason", 1000),
        integer("recorded_by", nullable=True),
        moment("recorded_at"),
        references=("application_id > designation_application", "recorded_by > person"),
        indexed=("application_id",),
    )


def make_notices() -> None:
    make_table(
        "designation_notice",
        integer("call_id"),
        day("public_on"),
        day("objections_until"),
        integer("published_by", nullable=True),
        moment("published_at"),
        references=("call_id > designation_call", "published_by > person"),
        indexed=("call_id",),
    )
    make_table(
        "noticed_application",
        integer("notice_id"),
        integer("application_id"),
        references=(
            "notice_id > designation_notice",
            "application_id > designation_application",
        ),
        unique=(("application_id",),),
        indexed=("notice_id",),
    )
    make_table(
        "designation_objection",
        integer("application_id"),
        long_text("name_sealed"),
        long_text("statement"),
        short("status", 20),
        short("answer", 1000),
        moment("filed_at"),
        integer("answered_by", nullable=True),
        moment("answered_at", nullable=True),
        references=("application_id > designation_application", "answered_by > person"),
        indexed=("application_id",),
    )


def make_designations() -> None:
    make_table(
        "designation",
        integer("place_id"),
        short("scheme", 20),
        integer("application_id", nullable=True),
        integer("decider_id"),
        short("agreement", 200),
        day("starts_on"),
        day("ends_on", nullable=True),
        short("status", 20),
        version(),
        moment("changed_at"),
        references=(
            "place_id > place",
            "application_id > designation_application",
            "decider_id > organisation",
        ),
        indexed=("place_id", "application_id", "decider_id"),
    )
    op.create_index("ix_designation_scheme_place_id", "designation", ["scheme", "place_id"])
    unique_where(
        "uq_designation_present", "designation", ("place_id", "scheme"), "status <> 'ended'"
    )
    make_table(
        "designation_event",
        integer("designation_id"),
        short("kind", 20),
        day("happens_on"),
        short("reason", 1000),
        short("document", 200),
        integer("decided_by", nullable=True),
        moment("decided_at"),
        references=("designation_id > designation", "decided_by > person"),
        indexed=("designation_id",),
    )
    make_table(
        "designation_assessment",
        integer("designation_id"),
        integer("year"),
        long_text("findings"),
        short("outcome", 20),
        short("reason", 1000),
        integer("corrects_id", nullable=True),
        integer("assessed_by", nullable=True),
        moment("assessed_at"),
        references=(
            "designation_id > designation",
            "corrects_id > designation_assessment",
            "assessed_by > person",
        ),
        unique=(("corrects_id",),),
        indexed=("designation_id",),
    )


def make_doctors() -> None:
    make_table(
        "designated_doctor",
        integer("place_id"),
        integer("person_id", nullable=True),
        short("code", 20),
        short("name", 100),
        short("specialty", 100),
        day("starts_on"),
        day("ends_on", nullable=True),
        short("document", 200),
        version(),
        moment("changed_at"),
        references=("place_id > place", "person_id > person"),
        indexed=("place_id", "person_id"),
    )


def make_duties() -> None:
    make_table(
        "duty_term",
        short("region", 6),
        integer("months"),
        short("rulebook", 100),
        short("basis", 200),
        day("starts_on"),
        integer("set_by", nullable=True),
        moment("set_at"),
        references=("set_by > person",),
        indexed=("region",),
    )
    make_table(
        "drug_duty",
        integer("place_id"),
        integer("listed_drug_id"),
        day("listed_on"),
        day("due_on"),
        integer("term_id"),
        short("status", 20),
        day("brought_in_on", nullable=True),
        short("reason", 1000),
        version(),
        moment("changed_at"),
        references=(
            "place_id > place",
            "listed_drug_id > listed_drug",
            "term_id > duty_term",
        ),
        unique=(("place_id", "listed_drug_id", "listed_on"),),
        indexed=("listed_drug_id",),
    )
    op.create_index("ix_drug_duty_status_due_on", "drug_duty", ["status", "due_on"])
    make_table(
        "drug_duty_report",
        integer("duty_id"),
        day("month"),
        short("status", 20),
        short("reason", 1000),
        integer("reported_by", nullable=True),
        moment("reported_at"),
        references=("duty_id > drug_duty", "reported_by > person"),
        indexed=("duty_id",),
    )


def json_text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False, server_default="{}")


def version() -> sa.Column[object]:
    return sa.Column("version", sa.Integer, nullable=False, server_default="1")


def unique_where(name: str, table: str, columns: tuple[str, ...], condition: str) -> None:
    where: dict[str, Any] = {
        "sqlite_where": sa.text(condition),
        "postgresql_where": sa.text(condition),
    }
    op.create_index(name, table, list(columns), unique=True, **where)
