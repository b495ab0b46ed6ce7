"""Volume reports, purchase history and base volumes."""

import sqlalchemy as sa
from alembic import op

from procurement.database import DecimalText, Moment, Money, append_only_ddl, money_range

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("volume_event", "aggregation_run", "base_volume")


def upgrade() -> None:
    _create_history()
    _create_reports()
    _create_uploads()
    _create_lines()
    _create_events_and_papers()
    _create_base_volumes()
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)


def _key(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{referred}.id"], name=f"fk_{table}_{column}_{referred}"
    )


def _unique_by_brand(table: str, *columns: str) -> None:
    for name, where, others in (
        ("generic", "brand_id IS NULL", []),
        ("brand", "brand_id IS NOT NULL", ["brand_id"]),
    ):
        op.create_index(
            f"uq_{table}_{name}",
            table,
            [*columns, *others],
            unique=True,
            postgresql_where=sa.text(where),
            sqlite_where=sa.text(where),
        )


def _create_history() -> None:
    table = "purchase_history"
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("hospital_id", sa.Integer, nullable=False),
        sa.Column("strength_id", sa.Integer, nullable=False),
        sa.Column("brand_id", sa.Integer, nullable=True),
        sa.Column("year", sa.SmallInteger, nullable=False),
        sa.Column("quantity", sa.BigInteger, nullable=False),
        sa.Column("amount", Money, nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _key(table, "hospital_id", "organisation"),
        _key(table, "strength_id", "product_strength"),
        _key(table, "brand_id", "organisation"),
        sa.CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        money_range("amount"),
    )
    _unique_by_brand(table, "hospital_id", "strength_id", "year")
    op.create_index("ix_purchase_history_hospital_id", table, ["hospital_id"])


def _create_reports() -> None:
    table = "volume_report"
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("hospital_id", sa.Integer, nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("draft_page", sa.String(64), nullable=True),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("started_by", sa.Integer, nullable=True),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("submissions", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("return_reason", sa.String(500), nullable=True),
        sa.Column("correct_until", Moment, nullable=True),
        sa.Column("upload_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _key(table, "round_id", "round"),
        _key(table, "hospital_id", "organisation"),
        _key(table, "started_by", "person"),
        sa.UniqueConstraint(
            "round_id", "hospital_id", name="uq_volume_report_round_id_hospital_id"
        ),
    )
    op.create_index("ix_volume_report_hospital_id", table, ["hospital_id"])
    op.create_index("ix_volume_report_upload_id", table, ["upload_id"])
    order = ["changed_at", "id"]
    op.create_index("ix_volume_report_list", table, ["round_id", *order])
    op.create_index("ix_volume_report_status", table, ["round_id", "status", *order])
    op.create_index("ix_volume_report_region", table, ["round_id", "region", "status", *order])


def _create_uploads() -> None:
    table = "volume_upload"
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("round_id", sa.Integer, nullable=True),
        sa.Column("report_id", sa.Integer, nullable=True),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("encoding", sa.String(10), nullable=False),
        sa.Column("submits", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("stored", sa.Integer, nullable=False),
        sa.Column("faults", sa.Integer, nullable=False),
        sa.Column("submitted", sa.Integer, nullable=False),
        sa.Column("last_report_id", sa.Integer, nullable=False),
        sa.Column("refusal_zh", sa.String(500), nullable=True),
        sa.Column("refusal_en", sa.String(500), nullable=True),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _key(table, "round_id", "round"),
        _key(table, "report_id", "volume_report"),
        _key(table, "organisation_id", "organisation"),
        _key(table, "person_id", "person"),
    )
    op.create_index("ix_volume_upload_round_id_id", table, ["round_id", "id"])
    op.create_index("ix_volume_upload_sha256", table, ["sha256"])
    op.create_index("ix_volume_upload_report_id", table, ["report_id"])
    op.create_table(
        "volume_upload_part",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_volume_upload_part"),
        sa.UniqueConstraint("sha256", "number", name="uq_volume_upload_part_sha256_number"),
    )
    op.create_table(
        "volume_upload_fault",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("upload_id", sa.Integer, nullable=False),
        sa.Column("row_number", sa.Integer, nullable=False),
        sa.Column("hospital_id", sa.Integer, nullable=True),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("faults", sa.Text, nullable=False),
        sa.Column("mended_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_volume_upload_fault"),
        _key("volume_upload_fault", "upload_id", "volume_upload"),
        sa.UniqueConstraint(
            "upload_id", "row_number", name="uq_volume_upload_fault_upload_id_row_number"
        ),
    )


def _create_lines() -> None:
    table = "volume_line"
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.Column("lot_strength_id", sa.Integer, nullable=False),
        sa.Column("brand_id", sa.Integer, nullable=True),
        sa.Column("quantity", sa.BigInteger, nullable=False),
        sa.Column("demand", sa.BigInteger, nullable=False),
        sa.Column("is_prefilled", sa.Boolean, nullable=False),
        sa.Column("conversion_kind", sa.String(10), nullable=True),
        sa.Column("other_strength", sa.String(60), nullable=True),
        sa.Column("other_quantity", sa.BigInteger, nullable=True),
        sa.Column("conversion_ratio", DecimalText, nullable=True),
        sa.Column("conversion_text", sa.String(500), nullable=True),
        sa.Column("upload_id", sa.Integer, nullable=True),
        sa.Column("upload_row", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _key(table, "report_id", "volume_report"),
        _key(table, "lot_strength_id", "lot_strength"),
        _key(table, "brand_id", "organisation"),
        sa.CheckConstraint("quantity >= 0 AND demand >= quantity", name="demand_adds_up"),
    )
    _unique_by_brand(table, "report_id", "lot_strength_id")
    op.create_index("ix_volume_line_report_id", table, ["report_id"])
    op.create_table(
        "volume_explanation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.Column("lot_id", sa.Integer, nullable=False),
        sa.Column("reason_code", sa.String(20), nullable=False),
        sa.Column("reason_text", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_volume_explanation"),
        _key("volume_explanation", "report_id", "volume_report"),
        _key("volume_explanation", "lot_id", "lot"),
        sa.UniqueConstraint("report_id", "lot_id", name="uq_volume_explanation_report_id_lot_id"),
    )
    op.create_table(
        "volume_split",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("line_id", sa.Integer, nullable=False),
        sa.Column("member_id", sa.Integer, nullable=False),
        sa.Column("volume", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_volume_split"),
        _key("volume_split", "line_id", "volume_line"),
        _key("volume_split", "member_id", "organisation"),
        sa.UniqueConstraint("line_id", "member_id", name="uq_volume_split_line_id_member_id"),
        sa.CheckConstraint("volume >= 0", name="volume_not_negative"),
    )
    op.create_index("ix_volume_split_member_id", "volume_split", ["member_id"])


def _create_events_and_papers() -> None:
    op.create_table(
        "volume_event",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("submission", sa.Integer, nullable=True),
        sa.Column("content", sa.Text, nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("upload_id", sa.Integer, nullable=True),
        sa.Column("happened_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_volume_event"),
        _key("volume_event", "report_id", "volume_report"),
        _key("volume_event", "person_id", "person"),
        _key("volume_event", "upload_id", "volume_upload"),
    )
    op.create_index("ix_volume_event_report_id", "volume_event", ["report_id"])
    op.create_table(
        "volume_paper",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("uploaded_by", sa.Integer, nullable=True),
        sa.Column("uploaded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_volume_paper"),
        _key("volume_paper", "report_id", "volume_report"),
        _key("volume_paper", "uploaded_by", "person"),
    )
    op.create_index("ix_volume_paper_report_id", "volume_paper", ["report_id"])


def _create_base_volumes() -> None:
    op.create_table(
        "aggregation_run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.Column("hospitals", sa.Integer, nullable=False),
        sa.Column("missing", sa.Integer, nullable=False),
        sa.Column("missing_ids", sa.Text, nullable=False),
        sa.Column("made_by", sa.Integer, nullable=True),
        sa.Column("made_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aggregation_run"),
        _key("aggregation_run", "round_id", "round"),
        _key("aggregation_run", "made_by", "person"),
        sa.UniqueConstraint("round_id", "number", name="uq_aggregation_run_round_id_number"),
    )
    op.create_table(
        "base_volume",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("lot_strength_id", sa.Integer, nullable=False),
        sa.Column("brand_id", sa.Integer, nullable=True),
        sa.Column("volume", sa.BigInteger, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_base_volume"),
        _key("base_volume", "run_id", "aggregation_run"),
        _key("base_volume", "lot_strength_id", "lot_strength"),
        _key("base_volume", "brand_id", "organisation"),
    )
    _unique_by_brand("base_volume", "run_id", "region", "lot_strength_id")


def downgrade() -> None:
    for table in (
        *("base_volume", "aggregation_run", "volume_paper", "volume_event", "volume_split"),
        *("volume_explanation", "volume_line", "volume_upload_fault", "volume_upload_part"),
        *("volume_upload", "volume_report", "purchase_history"),
    ):
        op.drop_table(table)
