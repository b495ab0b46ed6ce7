"""National negotiations: campaigns, people, dossiers, reviews, the two groups."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, Money, append_only_ddl, money_range

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = (
    "negotiation_campaign",
    "negotiation_dossier",
    "negotiation_member",
    "negotiation_seat",
    "negotiation_holder_key",
    "negotiation_dossier_model",
    "negotiation_filing",
    "negotiation_dossier_event",
    "negotiation_interest",
    "negotiation_opinion",
    "negotiation_talk",
    "negotiation_talk_answer",
    "negotiation_work_key",
    "negotiation_group_model",
    "negotiation_group_result",
    "negotiation_signature",
    "negotiation_reconciling",
)
# What may be changed: states, drafts, and the work key, which goes when a price is sealed.
CHANGED = frozenset(
    {
        "negotiation_campaign",
        "negotiation_dossier",
        "negotiation_member",
        "negotiation_seat",
        "negotiation_work_key",
    }
)


def upgrade() -> None:
    _campaigns()
    _dossiers()
    _members()
    _filings()
    _experts()
    _groups()
    for table in TABLES:
        if table not in CHANGED:
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
) -> None:
    """Create a table; ``references`` are written ``column > table``."""
    constraints: list[sa.Constraint] = [sa.PrimaryKeyConstraint("id", name=f"pk_{name}")]
    for reference in references:
        column, _, target = reference.partition(" > ")
        constraints.append(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{name}_{column}_{target}")
        )
    for names in unique:
        constraints.append(sa.UniqueConstraint(*names, name=f"uq_{name}_{'_'.join(names)}"))
    op.create_table(name, _int("id"), *columns, *constraints)
    for column in indexed:
        op.create_index(f"ix_{name}_{column}", name, [column])


def _int(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _flag(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _short(name: str, length: int, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _sealed(name: str = "sealed") -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Moment, nullable=nullable)


def _day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date, nullable=False)


def _money(
    table: str, name: str, *, nullable: bool = False
) -> Sequence[sa.Column[object] | sa.CheckConstraint]:
    allowed = money_range(name)
    return (
        sa.Column(name, Money, nullable=nullable),
        sa.CheckConstraint(allowed.sqltext, name=op.f(f"ck_{table}_{name}_range")),
    )


def _campaigns() -> None:
    table = "negotiation_campaign"
    _table(
        table,
        _short("name", 60),
        _int("year"),
        _short("title", 200),
        _int("bureau_id"),
        _short("rulebook", 60),
        _short("rulebook_digest", 64),
        _short("renewal_rulebook", 60),
        _short("renewal_digest", 64),
        _moment("files_from"),
        _moment("files_until"),
        _day("starts_on"),
        _day("ends_on"),
        *_money(table, "pool", nullable=True),
        _int("quorum"),
        _short("status", 20),
        _int("version"),
        _int("drafted_by"),
        _moment("drafted_at"),
        sa.CheckConstraint("ends_on > starts_on", name=op.f(f"ck_{table}_ends_after_start")),
        sa.CheckConstraint("files_until > files_from", name=op.f(f"ck_{table}_files_in_order")),
        references=["bureau_id > organisation", "drafted_by > person"],
        unique=[("name",)],
    )


def _dossiers() -> None:
    _table(
        "negotiation_dossier",
        _int("campaign_id"),
        _int("organisation_id"),
        _short("track", 20),
        _short("product", 200),
        _int("generic_product_id", nullable=True),
        _short("status", 20),
        _text("content"),
        _moment("due_at", nullable=True),
        _int("version"),
        _int("started_by"),
        _moment("started_at"),
        _moment("changed_at"),
        references=[
            "campaign_id > negotiation_campaign",
            "organisation_id > organisation",
            "generic_product_id > generic_product",
            "started_by > person",
        ],
        indexed=["campaign_id", "organisation_id"],
    )


def _members() -> None:
    _table(
        "negotiation_member",
        _int("campaign_id"),
        _int("dossier_id", nullable=True),
        _int("person_id"),
        _short("part", 20),
        _int("appointed_by"),
        _moment("appointed_at"),
        _moment("ended_at", nullable=True),
        references=[
            "campaign_id > negotiation_campaign",
            "dossier_id > negotiation_dossier",
            "person_id > person",
            "appointed_by > person",
        ],
        indexed=["campaign_id", "dossier_id", "person_id"],
    )
    _table(
        "negotiation_seat",
        _int("campaign_id"),
        _int("seat"),
        _int("organisation_id"),
        references=["campaign_id > negotiation_campaign", "organisation_id > organisation"],
        unique=[("campaign_id", "seat"), ("campaign_id", "organisation_id")],
    )
    _table(
        "negotiation_holder_key",
        _int("campaign_id"),
        _int("organisation_id"),
        _int("person_id"),
        _int("seat"),
        _short("suite", 10),
        _short("public_key", 130),
        _short("signing_key", 130),
        _text("proof"),
        _moment("made_at"),
        references=[
            "campaign_id > negotiation_campaign",
            "organisation_id > organisation",
            "person_id > person",
        ],
        indexed=["campaign_id"],
    )


def _filings() -> None:
    _table(
        "negotiation_dossier_model",
        _int("dossier_id"),
        _int("number"),
        _short("title", 300),
        _text("files"),
        _short("digest", 64),
        _int("uploaded_by"),
        _moment("uploaded_at"),
        references=["dossier_id > negotiation_dossier", "uploaded_by > person"],
        unique=[("dossier_id", "number")],
    )
    _table(
        "negotiation_filing",
        _int("dossier_id"),
        _int("number"),
        _text("content"),
        _short("digest", 64),
        _int("model_id", nullable=True),
        _int("submitted_by"),
        _moment("submitted_at"),
        references=[
            "dossier_id > negotiation_dossier",
            "model_id > negotiation_dossier_model",
            "submitted_by > person",
        ],
        unique=[("dossier_id", "number")],
    )
    _table(
        "negotiation_dossier_event",
        _int("dossier_id"),
        _short("status_from", 20),
        _short("status_to", 20),
        _text("reason"),
        _moment("due_at", nullable=True),
        _int("person_id", nullable=True),
        _moment("happened_at"),
        references=["dossier_id > negotiation_dossier", "person_id > person"],
        indexed=["dossier_id"],
    )


def _experts() -> None:
    _table(
        "negotiation_interest",
        _int("dossier_id"),
        _int("person_id"),
        _flag("has_conflict"),
        _text("text"),
        _moment("declared_at"),
        references=["dossier_id > negotiation_dossier", "person_id > person"],
        indexed=["dossier_id", "person_id"],
    )
    scores = ("safety", "effectiveness", "economy", "innovation", "fairness")
    _table(
        "negotiation_opinion",
        _int("dossier_id"),
        _int("person_id"),
        *(_int(score) for score in scores),
        _text("comment"),
        _moment("given_at"),
        references=["dossier_id > negotiation_dossier", "person_id > person"],
        indexed=["dossier_id"],
    )
    _table(
        "negotiation_talk",
        _int("dossier_id"),
        _short("kind", 20),
        _moment("held_at"),
        _text("present"),
        _short("reference_drug", 200),
        _text("text"),
        _int("recorded_by"),
        _moment("recorded_at"),
        references=["dossier_id > negotiation_dossier", "recorded_by > person"],
        indexed=["dossier_id"],
    )
    _table(
        "negotiation_talk_answer",
        _int("talk_id"),
        _flag("agrees"),
        _text("text"),
        _int("person_id"),
        _moment("answered_at"),
        references=["talk_id > negotiation_talk", "person_id > person"],
        unique=[("talk_id",)],
    )


def _groups() -> None:
    _table(
        "negotiation_work_key",
        _int("dossier_id"),
        _text("sealed"),
        references=["dossier_id > negotiation_dossier"],
        unique=[("dossier_id",)],
    )
    for name, by, at in (
        ("negotiation_group_model", "written_by", "written_at"),
        ("negotiation_group_result", "made_by", "made_at"),
    ):
        _table(
            name,
            _int("dossier_id"),
            _short("group_name", 20),
            _int("number"),
            _sealed(),
            _int(by),
            _moment(at),
            references=["dossier_id > negotiation_dossier", f"{by} > person"],
            unique=[("dossier_id", "group_name", "number")],
        )
    _table(
        "negotiation_signature",
        _int("result_id"),
        _int("person_id"),
        _short("tag", 64),
        _moment("signed_at"),
        references=["result_id > negotiation_group_result", "person_id > person"],
        unique=[("result_id", "person_id")],
    )
    _table(
        "negotiation_reconciling",
        _int("dossier_id"),
        _int("number"),
        _sealed(),
        _int("person_id"),
        _moment("taken_at"),
        references=["dossier_id > negotiation_dossier", "person_id > person"],
        unique=[("dossier_id", "number")],
    )
