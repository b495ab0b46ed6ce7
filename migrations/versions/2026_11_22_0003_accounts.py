"""Organisations, people, sign-in, tokens and certificates."""

import sqlalchemy as sa
from alembic import op

from procurement.database import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "organisation",
    "organisation_relation",
    "directory",
    "person",
    "sign_in_session",
    "throttle",
    "recovery_code",
    "invitation",
    "api_token",
    "directory_sign_in",
    "certificate",
    "signing_key",
    "key_challenge",
)


def upgrade() -> None:
    _create_organisation()
    _create_organisation_relation()
    _create_directory()
    _create_person()
    _create_sign_in_session()
    _create_throttle()
    _create_recovery_code()
    _create_invitation()
    _create_api_token()
    _create_directory_sign_in()
    _create_certificate()
    _create_signing_key()
    _create_key_challenge()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("short_name", sa.String(100), nullable=False),
        sa.Column("credit_code", sa.String(18), nullable=True),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("level", sa.String(20), nullable=True),
        sa.Column("institution_code", sa.String(12), nullable=True),
        sa.Column("legal_representative", sa.String(100), nullable=True),
        sa.Column("authorised_person", sa.String(100), nullable=True),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("registered_at", Moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("credit_code", name="uq_organisation_credit_code"),
        sa.UniqueConstraint("institution_code", name="uq_organisation_institution_code"),
    )
    op.create_index("ix_organisation_kind", "organisation", ["kind"])
    op.create_index("ix_organisation_name", "organisation", ["name"])
    op.create_index("ix_organisation_region", "organisation", ["region"])


def _create_organisation_relation() -> None:
    op.create_table(
        "organisation_relation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=False),
        sa.Column("related_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("since_date", sa.Date, nullable=False),
        sa.Column("until_date", sa.Date, nullable=True),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_relation"),
        sa.ForeignKeyConstraint(
            ["related_id"],
            ["organisation.id"],
            name="fk_organisation_relation_related_id_organisation",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["organisation.id"],
            name="fk_organisation_relation_subject_id_organisation",
        ),
        sa.UniqueConstraint(
            "subject_id",
            "related_id",
            "kind",
            "product",
            "since_date",
            name="uq_organisation_relation_once",
        ),
    )
    op.create_index("ix_organisation_relation_related_id", "organisation_relation", ["related_id"])


def _create_directory() -> None:
    op.create_table(
        "directory",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("client_id", sa.String(200), nullable=False),
        sa.Column("client_secret", sa.Text, nullable=False),
        sa.Column("has_second_factor", sa.Boolean, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("configured_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directory"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_directory_organisation_id_organisation",
        ),
        sa.UniqueConstraint("organisation_id", name="uq_directory_organisation_id"),
    )


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("user", sa.String(200), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("totp_secret", sa.String(200), nullable=True),
        sa.Column("totp_last_step", sa.Integer, nullable=True),
        sa.Column("directory_id", sa.Integer, nullable=True),
        sa.Column("directory_subject", sa.String(255), nullable=True),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("joined_at", Moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name="fk_person_directory_id_directory"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_person_organisation_id_organisation"
        ),
        sa.UniqueConstraint(
            "directory_id", "directory_subject", name="uq_person_directory_id_directory_subject"
        ),
        sa.UniqueConstraint("user", name="uq_person_user"),
    )
    op.create_index("ix_person_organisation_id", "person", ["organisation_id"])


def _create_sign_in_session() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("confirmed_at", Moment, nullable=False),
        sa.Column("has_second_factor", sa.Boolean, nullable=False),
        sa.Column("by_directory", sa.Boolean, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_session"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_sign_in_session_person_id_person"
        ),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_session_token_hash"),
    )
    op.create_index("ix_sign_in_session_person_id", "sign_in_session", ["person_id"])


def _create_throttle() -> None:
    op.create_table(
        "throttle",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("window_ends_at", Moment, nullable=False),
        sa.Column("blocked_until", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_throttle"),
        sa.UniqueConstraint("key", name="uq_throttle_key"),
    )


def _create_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_recovery_code_person_id_person"
        ),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user", sa.String(200), nullable=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("invited_by", sa.Integer, nullable=True),
        sa.Column("invited_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("accepted_at", Moment, nullable=True),
        sa.Column("accepted_by", sa.Integer, nullable=True),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.Column("renews", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["person.id"], name="fk_invitation_accepted_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["person.id"], name="fk_invitation_invited_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_invitation_organisation_id_organisation",
        ),
        sa.ForeignKeyConstraint(["renews"], ["person.id"], name="fk_invitation_renews_person"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
    )
    op.create_index("ix_invitation_organisation_id", "invitation", ["organisation_id"])


def _create_api_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("token_start", sa.String(12), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_api_token_organisation_id_organisation",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_api_token_person_id_person"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
    )
    op.create_index("ix_api_token_organisation_id", "api_token", ["organisation_id"])
    op.create_index("ix_api_token_person_id", "api_token", ["person_id"])


def _create_directory_sign_in() -> None:
    op.create_table(
        "directory_sign_in",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("directory_id", sa.Integer, nullable=False),
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("return_to", sa.String(500), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("finished_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_directory_sign_in"),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name="fk_directory_sign_in_directory_id_directory"
        ),
        sa.UniqueConstraint("state_hash", name="uq_directory_sign_in_state_hash"),
    )


def _create_certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("suite", sa.String(10), nullable=False),
        sa.Column("certificate", sa.Text, nullable=False),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("valid_from", Moment, nullable=False),
        sa.Column("valid_until", Moment, nullable=False),
        sa.Column("bound_by", sa.Integer, nullable=False),
        sa.Column("bound_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.ForeignKeyConstraint(["bound_by"], ["person.id"], name="fk_certificate_bound_by_person"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_certificate_organisation_id_organisation",
        ),
        sa.UniqueConstraint("fingerprint", name="uq_certificate_fingerprint"),
    )
    op.create_index("ix_certificate_organisation_id", "certificate", ["organisation_id"])


def _create_signing_key() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("certificate_id", sa.Integer, nullable=False),
        sa.Column("suite", sa.String(10), nullable=False),
        sa.Column("public_key", sa.String(130), nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("key_signature", sa.Text, nullable=False),
        sa.Column("certificate_signature", sa.Text, nullable=False),
        sa.Column("bound_by", sa.Integer, nullable=False),
        sa.Column("bound_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_signing_key"),
        sa.ForeignKeyConstraint(["bound_by"], ["person.id"], name="fk_signing_key_bound_by_person"),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name="fk_signing_key_certificate_id_certificate"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_signing_key_organisation_id_organisation",
        ),
        sa.UniqueConstraint("suite", "public_key", name="uq_signing_key_suite_public_key"),
    )
    op.create_index("ix_signing_key_organisation_id", "signing_key", ["organisation_id"])


def _create_key_challenge() -> None:
    op.create_table(
        "key_challenge",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=False),
        sa.Column("challenge", sa.String(64), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_key_challenge"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_key_challenge_organisation_id_organisation",
        ),
        sa.UniqueConstraint("challenge", name="uq_key_challenge_challenge"),
    )
    op.create_index("ix_key_challenge_organisation_id", "key_challenge", ["organisation_id"])
