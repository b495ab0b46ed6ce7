"""Region choice, agreed volumes, agreements and their signatures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, append_only_ddl

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


def _table(
    name: str,
    *columns: sa.Column[object] | sa.CheckConstraint,
    references: Sequence[str] = (),
    unique: Sequence[tuple[str, ...]] = (),
    indexed: Sequence[str] = (),
    key: Sequence[str] = (),
) -> None:
    """Create a table; ``references`` are written ``column > table``."""
    constraints: list[sa.Constraint] = [
        sa.PrimaryKeyConstraint(*(key or ("id",)), name=f"pk_{name}")
    ]
    for reference in references:
        column, _, target = reference.partition(" > ")
        constraints.append(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{name}_{column}_{target}")
        )
    for names in unique:
        constraints.append(sa.UniqueConstraint(*names, name=f"uq_{name}_{'_'.join(names)}"))
    own = () if key else (_int("id"),)
    op.create_table(name, *own, *columns, *constraints)
    for column in indexed:
        op.create_index(f"ix_{name}_{column}", name, [column])


def _int(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _big(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _short(name: str, length: int, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Moment, nullable=nullable)


def _regions() -> None:
    _table(
        "region_choice",
        _int("round_id"),
        _int("minutes_per_turn"),
        sa.Column("with_spare", sa.Boolean, nullable=False),
        _int("started_by", nullable=True),
        _moment("started_at"),
        _moment("ended_at", nullable=True),
        references=["round_id > round", "started_by > person"],
        unique=[("round_id",)],
    )
    _table(
        "region_preference",
        _int("awarded_bid_id"),
        sa.Column("spare", sa.Boolean, nullable=False),
        _int("position"),
        _short("region", 60),
        _int("person_id", nullable=True),
        _moment("handed_in_at"),
        references=["awarded_bid_id > awarded_bid", "person_id > person"],
        unique=[("awarded_bid_id", "spare", "position"), ("awarded_bid_id", "spare", "region")],
    )
    _table(
        "region_turn",
        _int("choice_id"),
        _int("lot_id"),
        _int("awarded_bid_id"),
        sa.Column("spare", sa.Boolean, nullable=False),
        _int("number"),
        _moment("opened_at"),
        _moment("due_at"),
        _short("way", 20),
        _short("region", 60, nullable=True),
        _int("person_id", nullable=True),
        _short("reason", 500, nullable=True),
        _moment("decided_at", nullable=True),
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
    _table(
        "agreement_term",
        _int("round_id"),
        sa.Column("number", sa.SmallInteger, nullable=False),
        _short("kind", 20),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        _int("numerator"),
        _int("denominator"),
        _short("basis", 500),
        _int("report_id", nullable=True),
        _short("status", 10),
        _int("job_id", nullable=True),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer, nullable=False, server_default="0"),
        _short("fault_zh", 500, nullable=True),
        _short("fault_en", 500, nullable=True),
        _int("asked_by", nullable=True),
        _moment("asked_at"),
        _moment("ended_at", nullable=True),
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
    _table(
        "agreed_supply",
        _int("term_id"),
        _short("region", 60),
        _int("lot_strength_id"),
        _int("awarded_bid_id"),
        _int("organisation_id"),
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
    _table(
        "agreed_volume",
        _int("supply_id"),
        _int("hospital_id"),
        _big("base_volume"),
        _big("volume"),
        _big("by_brand"),
        sa.CheckConstraint("volume >= 0 AND by_brand BETWEEN 0 AND volume", name="parts_fit"),
        indexed=["hospital_id"],
        key=["supply_id", "hospital_id"],
    )


def _agreements() -> None:
    _table(
        "distribution",
        _int("round_id"),
        _int("organisation_id"),
        _short("region", 60),
        _int("distributor_id"),
        _short("status", 10),
        _int("nominated_by", nullable=True),
        _moment("nominated_at"),
        _int("decided_by", nullable=True),
        _moment("decided_at", nullable=True),
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
    _table(
        "agreement",
        _int("term_id"),
        _short("region", 60),
        _int("hospital_id"),
        _int("organisation_id"),
        _int("distributor_id", nullable=True),
        sa.Column("status", sa.String(10), nullable=False, server_default="waiting"),
        sa.Column("revision", sa.SmallInteger, nullable=False, server_default="1"),
        _short("digest", 64, nullable=True),
        _flag("hospital_signed"),
        _flag("manufacturer_signed"),
        _flag("distributor_signed"),
        references=["distributor_id > organisation"],
        unique=[("term_id", "hospital_id", "organisation_id")],
        indexed=["distributor_id"],
    )
    op.create_index("ix_agreement_winner", "agreement", ["organisation_id", "term_id", "status"])


def _entrustments() -> None:
    _table(
        "signing_entrustment",
        _int("round_id"),
        _int("grantor_id"),
        _int("agent_id"),
        _int("given_by", nullable=True),
        _moment("given_at"),
        _int("ended_by", nullable=True),
        _moment("ended_at", nullable=True),
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
    _table(
        "agreement_signing",
        _int("term_id"),
        _short("party", 20),
        _int("organisation_id"),
        _int("agent_id", nullable=True),
        _int("entrustment_id", nullable=True),
        _int("person_id"),
        _short("person_name", 100),
        _int("agreements"),
        _short("list_digest", 64),
        sa.Column("seal", sa.LargeBinary, nullable=True),
        _short("seal_fingerprint", 64, nullable=True),
        _moment("signed_at"),
        references=[
            "term_id > agreement_term",
            "organisation_id > organisation",
            "agent_id > organisation",
            "entrustment_id > signing_entrustment",
            "person_id > person",
        ],
        indexed=["organisation_id"],
    )
    _table(
        "agreement_signature",
        _int("agreement_id"),
        sa.Column("revision", sa.SmallInteger, nullable=False),
        _short("party", 20),
        _int("signing_id"),
        _short("digest", 64),
        references=["agreement_id > agreement", "signing_id > agreement_signing"],
        unique=[("agreement_id", "revision", "party")],
        indexed=["signing_id"],
    )


def _changes() -> None:
    _table(
        "agreed_change",
        _int("supply_id"),
        _short("kind", 10),
        _int("hospital_id"),
        _int("to_hospital_id", nullable=True),
        _big("volume"),
        _short("reason", 500),
        _short("status", 10),
        _int("requested_by", nullable=True),
        _moment("requested_at"),
        _int("decided_by", nullable=True),
        _moment("decided_at", nullable=True),
        _short("decision", 500, nullable=True),
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
