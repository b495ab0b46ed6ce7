"""National negotiations: envelopes, sessions, deals, standards, renewals, bidding."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment, Money, append_only_ddl, money_range

revision = "0015b"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = (
    "negotiation_session",
    "negotiation_envelope",
    "negotiation_share_post",
    "negotiation_opening",
    "negotiation_session_event",
    "negotiation_deal",
    "negotiation_deal_signature",
    "negotiation_session_record",
    "negotiation_standard",
    "negotiation_renewal",
    "negotiation_bidding",
    "negotiation_bidding_bid",
)
# What may be changed: states, and what waits for a second officer or for its opening.
CHANGED = frozenset(
    {
        "negotiation_session",
        "negotiation_renewal",
        "negotiation_bidding",
    }
)


def upgrade() -> None:
    _sessions()
    _talks_in_sessions()
    _deals()
    _other_ways()
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


def _sessions() -> None:
    _table(
        "negotiation_session",
        _int("dossier_id"),
        _moment("starts_at"),
        _short("place", 200),
        _short("status", 20),
        _text("manifest"),
        _short("manifest_digest", 64),
        _int("scheduled_by"),
        _moment("scheduled_at"),
        _moment("ended_at", nullable=True),
        references=["dossier_id > negotiation_dossier", "scheduled_by > person"],
        unique=[("dossier_id",)],
    )
    _table(
        "negotiation_envelope",
        _int("session_id"),
        _text("document"),
        _short("digest", 64),
        _text("wrapped_key"),
        _int("sealed_by"),
        _moment("sealed_at"),
        references=["session_id > negotiation_session", "sealed_by > person"],
        unique=[("session_id",), ("digest",)],
    )
    _table(
        "negotiation_share_post",
        _int("session_id"),
        _int("organisation_id"),
        _int("person_id"),
        _int("seat"),
        _sealed(),
        _flag("fits"),
        _moment("posted_at"),
        references=[
            "session_id > negotiation_session",
            "organisation_id > organisation",
            "person_id > person",
        ],
        indexed=["session_id"],
    )
    _table(
        "negotiation_opening",
        _int("session_id"),
        _short("seats", 200),
        _sealed(),
        _moment("opened_at"),
        references=["session_id > negotiation_session"],
        unique=[("session_id",)],
    )


def _talks_in_sessions() -> None:
    _table(
        "negotiation_session_event",
        _int("session_id"),
        _int("number"),
        _short("kind", 20),
        *_money("negotiation_session_event", "price", nullable=True),
        _int("person_id", nullable=True),
        _moment("happened_at"),
        references=["session_id > negotiation_session", "person_id > person"],
        unique=[("session_id", "number")],
    )
    _table(
        "negotiation_session_record",
        _int("session_id"),
        _short("outcome", 20),
        _text("reason_zh"),
        _text("reason_en"),
        *_money("negotiation_session_record", "maximum_price"),
        _short("content_key", 130),
        _moment("closed_at"),
        references=["session_id > negotiation_session"],
        unique=[("session_id",)],
    )


def _deals() -> None:
    _table(
        "negotiation_deal",
        _int("session_id"),
        *_money("negotiation_deal", "price"),
        _text("content"),
        _short("digest", 64),
        _int("drafted_by"),
        _moment("drafted_at"),
        references=["session_id > negotiation_session", "drafted_by > person"],
        unique=[("session_id",)],
    )
    _table(
        "negotiation_deal_signature",
        _int("deal_id"),
        _short("party", 20),
        _int("person_id"),
        _short("digest", 64),
        _moment("signed_at"),
        references=["deal_id > negotiation_deal", "person_id > person"],
        unique=[("deal_id", "party")],
    )
    _table(
        "negotiation_standard",
        _int("dossier_id"),
        _short("way", 20),
        _int("price_id"),
        _day("starts_on"),
        _day("ends_on"),
        _moment("recorded_at"),
        references=["dossier_id > negotiation_dossier", "price_id > price"],
        unique=[("dossier_id",)],
    )


def _other_ways() -> None:
    _table(
        "negotiation_renewal",
        _int("dossier_id"),
        _text("facts"),
        _text("outcome"),
        _short("digest", 64),
        _int("proposed_by"),
        _moment("proposed_at"),
        _int("confirmed_by", nullable=True),
        _moment("confirmed_at", nullable=True),
        references=[
            "dossier_id > negotiation_dossier",
            "proposed_by > person",
            "confirmed_by > person",
        ],
        unique=[("dossier_id",)],
    )
    _table(
        "negotiation_bidding",
        _int("campaign_id"),
        _short("product", 200),
        _short("strength", 60),
        _int("pack_units"),
        _moment("closes_at"),
        _sealed("willingness"),
        _text("outcome", nullable=True),
        _int("called_by"),
        _moment("called_at"),
        _moment("opened_at", nullable=True),
        references=["campaign_id > negotiation_campaign", "called_by > person"],
        indexed=["campaign_id"],
    )
    _table(
        "negotiation_bidding_bid",
        _int("bidding_id"),
        _int("dossier_id"),
        _int("number"),
        _sealed(),
        _int("person_id"),
        _moment("made_at"),
        references=[
            "bidding_id > negotiation_bidding",
            "dossier_id > negotiation_dossier",
            "person_id > person",
        ],
        unique=[("bidding_id", "dossier_id", "number")],
    )
