"""Region choice, agreed volumes, agreements and their signatures."""

import sqlalchemy as sa
from alembic import op

from procurement.database import append_only_ddl
from procurement.database.making_tables import integer, make_table, moment, short

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    "region_choice",
    "region_preference",
    "region_turn",
    "agreement_term",
    "agreed_supply",
    "agreed_volume",
    "distribution",
    "agreement",
    "signing_entrustment",
    "agreement_signing",
    "agreement_signature",
    "agreed_change",
)
APPEND_ONLY = ("agreement_signing", "agreement_signature")


def upgrade() -> None:
    _regions()
    _terms()
    _supplies()
    _agreements()
    _entrustments()
    _signings()
    _changes()
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, dialect=op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _big(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _regions() -> None:
    make_table(
        "region_choice",
        integer("round_id"),
        integer("minutes_per_turn"),
        sa.Column("with_spare", sa.Boolean, nullable=False),
        integer("started_by", nullable=True),
        moment("started_at"),
        moment("ended_at", nullable=True),
        references=["round_id > round", "started_by > person"],
        unique=[("round_id",)],
    )
    make_table(
        "region_preference",
        integer("awarded_bid_id"),
        sa.Column("spare", sa.Boolean, nullable=False),
        integer("position"),
        short("region", 60),
        integer("person_id", nullable=True),
        moment("handed_in_at"),
        references=["awarded_bid_id > awarded_bid", "person_id > person"],
        unique=[("awarded_bid_id", "spare", "position"), ("awarded_bid_id", "spare", "region")],
    )
    make_table(
        "region_turn",
        integer("choice_id"),
        integer("lot_id"),
        integer("awarded_bid_id"),
        sa.Column("spare", sa.Boolean, nullable=False),
        integer("number"),
        moment("opened_at"),
        moment("due_at"),
        short("way", 20),
        short("region", 60, nullable=True),
        integer("person_id", nullable=True),
        short("reason", 500, nullable=True),
        moment("decided_at", nullable=True),
        references=[
            "choice_id > region_choice",
            "lot_id > lot",
            "awarded_bid_id > awarded_bid",
            "person_id > person",
        ],
        unique=[("lot_id", "spare", "number"), ("lot_id", "spare", "region")],
        indexed=["choice_id", "awarded_bid_id", "due_at"],
    )


def _terms() -> None:
    make_table(
        "agreement_term",
        integer("round_id"),
        sa.Column("number", sa.SmallInteger, nullable=False),
        short("kind", 20),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        integer("numerator"),
        integer("denominator"),
        short("basis", 500),
        integer("report_id", nullable=True),
        short("status", 10),
        integer("job_id", nullable=True),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer, nullable=False, server_default="0"),
        short("fault_zh", 500, nullable=True),
        short("fault_en", 500, nullable=True),
        integer("asked_by", nullable=True),
        moment("asked_at"),
        moment("ended_at", nullable=True),
        sa.CheckConstraint("numerator > 0 AND denominator > 0", name="ratio_positive"),
        references=[
            "round_id > round",
            "report_id > evaluation_report",
            "job_id > job",
            "asked_by > person",
        ],
        unique=[("round_id", "number")],
    )


def _supplies() -> None:
    make_table(
        "agreed_supply",
        integer("term_id"),
        short("region", 60),
        integer("lot_strength_id"),
        integer("awarded_bid_id"),
        integer("organisation_id"),
        _big("volume"),
        _big("by_brand"),
        sa.CheckConstraint("volume >= 0 AND by_brand BETWEEN 0 AND volume", name="parts_fit"),
        references=[
            "term_id > agreement_term",
            "lot_strength_id > lot_strength",
            "awarded_bid_id > awarded_bid",
            "organisation_id > organisation",
        ],
        unique=[("term_id", "region", "lot_strength_id", "awarded_bid_id")],
        indexed=["organisation_id"],
    )
    make_table(
        "agreed_volume",
        integer("supply_id"),
        integer("hospital_id"),
        _big("base_volume"),
        _big("volume"),
        _big("by_brand"),
        sa.CheckConstraint("volume >= 0 AND by_brand BETWEEN 0 AND volume", name="parts_fit"),
        indexed=["hospital_id"],
        key=["supply_id", "hospital_id"],
    )


def _agreements() -> None:
    make_table(
        "distribution",
        integer("round_id"),
        integer("organisation_id"),
        short("region", 60),
        integer("distributor_id"),
        short("status", 10),
        integer("nominated_by", nullable=True),
        moment("nominated_at"),
        integer("decided_by", nullable=True),
        moment("decided_at", nullable=True),
        references=[
            "round_id > round",
            "organisation_id > organisation",
            "distributor_id > organisation",
            "nominated_by > person",
            "decided_by > person",
        ],
        unique=[("round_id", "organisation_id", "region", "distributor_id")],
        indexed=["organisation_id", "distributor_id"],
    )
    make_table(
        "agreement",
        integer("term_id"),
        short("region", 60),
        integer("hospital_id"),
        integer("organisation_id"),
        integer("distributor_id", nullable=True),
        sa.Column("status", sa.String(10), nullable=False, server_default="waiting"),
        sa.Column("revision", sa.SmallInteger, nullable=False, server_default="1"),
        short("digest", 64, nullable=True),
        _flag("hospital_signed"),
        _flag("manufacturer_signed"),
        _flag("distributor_signed"),
        references=["distributor_id > organisation"],
        unique=[("term_id", "hospital_id", "organisation_id")],
        indexed=["distributor_id"],
    )
    op.create_index("ix_agreement_winner", "agreement", ["organisation_id", "term_id", "status"])


def _entrustments() -> None:
    make_table(
        "signing_entrustment",
        integer("round_id"),
        integer("grantor_id"),
        integer("agent_id"),
        integer("given_by", nullable=True),
        moment("given_at"),
        integer("ended_by", nullable=True),
        moment("ended_at", nullable=True),
        references=[
            "round_id > round",
            "grantor_id > organisation",
            "agent_id > organisation",
            "given_by > person",
            "ended_by > person",
        ],
        indexed=["grantor_id", "agent_id"],
    )


def _signings() -> None:
    make_table(
        "agreement_signing",
        integer("term_id"),
        short("party", 20),
        integer("organisation_id"),
        integer("agent_id", nullable=True),
        integer("entrustment_id", nullable=True),
        integer("person_id"),
        short("person_name", 100),
        integer("agreements"),
        short("list_digest", 64),
        sa.Column("seal", sa.LargeBinary, nullable=True),
        short("seal_fingerprint", 64, nullable=True),
        moment("signed_at"),
        references=[
            "term_id > agreement_term",
            "organisation_id > organisation",
            "agent_id > organisation",
            "entrustment_id > signing_entrustment",
            "person_id > person",
        ],
        indexed=["organisation_id"],
    )
    make_table(
        "agreement_signature",
        integer("agreement_id"),
        sa.Column("revision", sa.SmallInteger, nullable=False),
        short("party", 20),
        integer("signing_id"),
        short("digest", 64),
        references=["agreement_id > agreement", "signing_id > agreement_signing"],
        unique=[("agreement_id", "revision", "party")],
        indexed=["signing_id"],
    )


def _changes() -> None:
    make_table(
        "agreed_change",
        integer("supply_id"),
        short("kind", 10),
        integer("hospital_id"),
        integer("to_hospital_id", nullable=True),
        _big("volume"),
        short("reason", 500),
        short("status", 10),
        integer("requested_by", nullable=True),
        moment("requested_at"),
        integer("decided_by", nullable=True),
        moment("decided_at", nullable=True),
        short("decision", 500, nullable=True),
        sa.CheckConstraint("volume > 0", name="volume_positive"),
        references=[
            "supply_id > agreed_supply",
            "hospital_id > organisation",
            "to_hospital_id > organisation",
            "requested_by > person",
            "decided_by > person",
        ],
        indexed=["supply_id", "hospital_id"],
    )
