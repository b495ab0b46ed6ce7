"""National negotiations: envelopes, sessions, deals, standards, renewals, bidding."""

from alembic import op

from procurement.database import append_only_ddl
from procurement.database.making_tables import (
    blob,
    day,
    flag,
    integer,
    long_text,
    make_table,
    moment,
    money,
    short,
)

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


def _sessions() -> None:
    make_table(
        "negotiation_session",
        integer("dossier_id"),
        moment("starts_at"),
        short("place", 200),
        short("status", 20),
        long_text("manifest"),
        short("manifest_digest", 64),
        integer("scheduled_by"),
        moment("scheduled_at"),
        moment("ended_at", nullable=True),
        references=["dossier_id > negotiation_dossier", "scheduled_by > person"],
        unique=[("dossier_id",)],
    )
    make_table(
        "negotiation_envelope",
        integer("session_id"),
        long_text("document"),
        short("digest", 64),
        long_text("wrapped_key"),
        integer("sealed_by"),
        moment("sealed_at"),
        references=["session_id > negotiation_session", "sealed_by > person"],
        unique=[("session_id",), ("digest",)],
    )
    make_table(
        "negotiation_share_post",
        integer("session_id"),
        integer("organisation_id"),
        integer("person_id"),
        integer("seat"),
        blob("sealed"),
        flag("fits"),
        moment("posted_at"),
        references=[
            "session_id > negotiation_session",
            "organisation_id > organisation",
            "person_id > person",
        ],
        indexed=["session_id"],
    )
    make_table(
        "negotiation_opening",
        integer("session_id"),
        short("seats", 200),
        blob("sealed"),
        moment("opened_at"),
        references=["session_id > negotiation_session"],
        unique=[("session_id",)],
    )


def _talks_in_sessions() -> None:
    make_table(
        "negotiation_session_event",
        integer("session_id"),
        integer("number"),
        short("kind", 20),
        *money("negotiation_session_event", "price", nullable=True),
        integer("person_id", nullable=True),
        moment("happened_at"),
        references=["session_id > negotiation_session", "person_id > person"],
        unique=[("session_id", "number")],
    )
    make_table(
        "negotiation_session_record",
        integer("session_id"),
        short("outcome", 20),
        long_text("reason_zh"),
        long_text("reason_en"),
        *money("negotiation_session_record", "maximum_price"),
        short("content_key", 130),
        moment("closed_at"),
        references=["session_id > negotiation_session"],
        unique=[("session_id",)],
    )


def _deals() -> None:
    make_table(
        "negotiation_deal",
        integer("session_id"),
        *money("negotiation_deal", "price"),
        long_text("content"),
        short("digest", 64),
        integer("drafted_by"),
        moment("drafted_at"),
        references=["session_id > negotiation_session", "drafted_by > person"],
        unique=[("session_id",)],
    )
    make_table(
        "negotiation_deal_signature",
        integer("deal_id"),
        short("party", 20),
        integer("person_id"),
        short("digest", 64),
        moment("signed_at"),
        references=["deal_id > negotiation_deal", "person_id > person"],
        unique=[("deal_id", "party")],
    )
    make_table(
        "negotiation_standard",
        integer("dossier_id"),
        short("way", 20),
        integer("price_id"),
        day("starts_on"),
        day("ends_on"),
        moment("recorded_at"),
        references=["dossier_id > negotiation_dossier", "price_id > price"],
        unique=[("dossier_id",)],
    )


def _other_ways() -> None:
    make_table(
        "negotiation_renewal",
        integer("dossier_id"),
        long_text("facts"),
        long_text("outcome"),
        short("digest", 64),
        integer("proposed_by"),
        moment("proposed_at"),
        integer("confirmed_by", nullable=True),
        moment("confirmed_at", nullable=True),
        references=[
            "dossier_id > negotiation_dossier",
            "proposed_by > person",
            "confirmed_by > person",
        ],
        unique=[("dossier_id",)],
    )
    make_table(
        "negotiation_bidding",
        integer("campaign_id"),
        short("product", 200),
        short("strength", 60),
        integer("pack_units"),
        moment("closes_at"),
        blob("willingness"),
        long_text("outcome", nullable=True),
        integer("called_by"),
        moment("called_at"),
        moment("opened_at", nullable=True),
        references=["campaign_id > negotiation_campaign", "called_by > person"],
        indexed=["campaign_id"],
    )
    make_table(
        "negotiation_bidding_bid",
        integer("bidding_id"),
        integer("dossier_id"),
        integer("number"),
        blob("sealed"),
        integer("person_id"),
        moment("made_at"),
        references=[
            "bidding_id > negotiation_bidding",
            "dossier_id > negotiation_dossier",
            "person_id > person",
        ],
        unique=[("bidding_id", "dossier_id", "number")],
    )
