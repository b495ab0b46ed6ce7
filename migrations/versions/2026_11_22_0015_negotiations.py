"""National negotiations: campaigns, people, dossiers, reviews, the two groups."""

import sqlalchemy as sa
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


def _campaigns() -> None:
    table = "negotiation_campaign"
    make_table(
        table,
        short("name", 60),
        integer("year"),
        short("title", 200),
        integer("bureau_id"),
        short("rulebook", 60),
        short("rulebook_digest", 64),
        short("renewal_rulebook", 60),
        short("renewal_digest", 64),
        moment("files_from"),
        moment("files_until"),
        day("starts_on"),
        day("ends_on"),
        *money(table, "pool", nullable=True),
        integer("quorum"),
        short("status", 20),
        integer("version"),
        integer("drafted_by"),
        moment("drafted_at"),
        sa.CheckConstraint("ends_on > starts_on", name=op.f(f"ck_{table}_ends_after_start")),
        sa.CheckConstraint("files_until > files_from", name=op.f(f"ck_{table}_files_in_order")),
        references=["bureau_id > organisation", "drafted_by > person"],
        unique=[("name",)],
    )


def _dossiers() -> None:
    make_table(
        "negotiation_dossier",
        integer("campaign_id"),
        integer("organisation_id"),
        short("track", 20),
        short("product", 200),
        integer("generic_product_id", nullable=True),
        short("status", 20),
        long_text("content"),
        moment("due_at", nullable=True),
        integer("version"),
        integer("started_by"),
        moment("started_at"),
        moment("changed_at"),
        references=[
            "campaign_id > negotiation_campaign",
            "organisation_id > organisation",
            "generic_product_id > generic_product",
            "started_by > person",
        ],
        indexed=["campaign_id", "organisation_id"],
    )


def _members() -> None:
    make_table(
        "negotiation_member",
        integer("campaign_id"),
        integer("dossier_id", nullable=True),
        integer("person_id"),
        short("part", 20),
        integer("appointed_by"),
        moment("appointed_at"),
        moment("ended_at", nullable=True),
        references=[
            "campaign_id > negotiation_campaign",
            "dossier_id > negotiation_dossier",
            "person_id > person",
            "appointed_by > person",
        ],
        indexed=["campaign_id", "dossier_id", "person_id"],
    )
    make_table(
        "negotiation_seat",
        integer("campaign_id"),
        integer("seat"),
        integer("organisation_id"),
        references=["campaign_id > negotiation_campaign", "organisation_id > organisation"],
        unique=[("campaign_id", "seat"), ("campaign_id", "organisation_id")],
    )
    make_table(
        "negotiation_holder_key",
        integer("campaign_id"),
        integer("organisation_id"),
        integer("person_id"),
        integer("seat"),
        short("suite", 10),
        short("public_key", 130),
        short("signing_key", 130),
        long_text("proof"),
        moment("made_at"),
        references=[
            "campaign_id > negotiation_campaign",
            "organisation_id > organisation",
            "person_id > person",
        ],
        indexed=["campaign_id"],
    )


def _filings() -> None:
    make_table(
        "negotiation_dossier_model",
        integer("dossier_id"),
        integer("number"),
        short("title", 300),
        long_text("files"),
        short("digest", 64),
        integer("uploaded_by"),
        moment("uploaded_at"),
        references=["dossier_id > negotiation_dossier", "uploaded_by > person"],
        unique=[("dossier_id", "number")],
    )
    make_table(
        "negotiation_filing",
        integer("dossier_id"),
        integer("number"),
        long_text("content"),
        short("digest", 64),
        integer("model_id", nullable=True),
        integer("submitted_by"),
        moment("submitted_at"),
        references=[
            "dossier_id > negotiation_dossier",
            "model_id > negotiation_dossier_model",
            "submitted_by > person",
        ],
        unique=[("dossier_id", "number")],
    )
    make_table(
        "negotiation_dossier_event",
        integer("dossier_id"),
        short("status_from", 20),
        short("status_to", 20),
        long_text("reason"),
        moment("due_at", nullable=True),
        integer("person_id", nullable=True),
        moment("happened_at"),
        references=["dossier_id > negotiation_dossier", "person_id > person"],
        indexed=["dossier_id"],
    )


def _experts() -> None:
    make_table(
        "negotiation_interest",
        integer("dossier_id"),
        integer("person_id"),
        flag("has_conflict"),
        long_text("text"),
        moment("declared_at"),
        references=["dossier_id > negotiation_dossier", "person_id > person"],
        indexed=["dossier_id", "person_id"],
    )
    scores = ("safety", "effectiveness", "economy", "innovation", "fairness")
    make_table(
        "negotiation_opinion",
        integer("dossier_id"),
        integer("person_id"),
        *(integer(score) for score in scores),
        long_text("comment"),
        moment("given_at"),
        references=["dossier_id > negotiation_dossier", "person_id > person"],
        indexed=["dossier_id"],
    )
    make_table(
        "negotiation_talk",
        integer("dossier_id"),
        short("kind", 20),
        moment("held_at"),
        long_text("present"),
        short("reference_drug", 200),
        long_text("text"),
        integer("recorded_by"),
        moment("recorded_at"),
        references=["dossier_id > negotiation_dossier", "recorded_by > person"],
        indexed=["dossier_id"],
    )
    make_table(
        "negotiation_talk_answer",
        integer("talk_id"),
        flag("agrees"),
        long_text("text"),
        integer("person_id"),
        moment("answered_at"),
        references=["talk_id > negotiation_talk", "person_id > person"],
        unique=[("talk_id",)],
    )


def _groups() -> None:
    make_table(
        "negotiation_work_key",
        integer("dossier_id"),
        long_text("sealed"),
        references=["dossier_id > negotiation_dossier"],
        unique=[("dossier_id",)],
    )
    for name, by, at in (
        ("negotiation_group_model", "written_by", "written_at"),
        ("negotiation_group_result", "made_by", "made_at"),
    ):
        make_table(
            name,
            integer("dossier_id"),
            short("group_name", 20),
            integer("number"),
            blob("sealed"),
            integer(by),
            moment(at),
            references=["dossier_id > negotiation_dossier", f"{by} > person"],
            unique=[("dossier_id", "group_name", "number")],
        )
    make_table(
        "negotiation_signature",
        integer("result_id"),
        integer("person_id"),
        short("tag", 64),
        moment("signed_at"),
        references=["result_id > negotiation_group_result", "person_id > person"],
        unique=[("result_id", "person_id")],
    )
    make_table(
        "negotiation_reconciling",
        integer("dossier_id"),
        integer("number"),
        blob("sealed"),
        integer("person_id"),
        moment("taken_at"),
        references=["dossier_id > negotiation_dossier", "person_id > person"],
        unique=[("dossier_id", "number")],
    )
