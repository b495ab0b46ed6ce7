"""Files for the bank, what stands in them, and who was given them."""

from alembic import op

from procurement.database.making_tables import (
    day,
    integer,
    long_text,
    make_append_only,
    make_table,
    moment,
    money,
    short,
)

revision = "0019"
down_revision = "0018b"
branch_labels = None
depends_on = None

TABLES = ("bank_file", "bank_file_line", "bank_file_download", "bank_file_withdrawal")


def upgrade() -> None:
    make_table(
        "bank_file",
        short("number", 35),
        integer("agency_id"),
        integer("bank_account_id"),
        short("format", 5),
        day("pay_on"),
        integer("transfers"),
        *money("bank_file", "total"),
        short("digest", 64),
        long_text("content_sealed"),
        integer("exported_by", nullable=True),
        moment("exported_at"),
        references=(
            "agency_id > organisation",
            "bank_account_id > bank_account",
            "exported_by > person",
        ),
        unique=(("number",),),
        indexed=("agency_id",),
    )
    make_table(
        "bank_file_line",
        integer("file_id"),
        integer("instruction_id"),
        short("sent_as", 35),
        references=("file_id > bank_file", "instruction_id > payment_instruction"),
        unique=(("file_id", "instruction_id"), ("sent_as",)),
        indexed=("instruction_id",),
    )
    make_table(
        "bank_file_download",
        integer("file_id"),
        integer("person_id", nullable=True),
        moment("downloaded_at"),
        references=("file_id > bank_file", "person_id > person"),
        indexed=("file_id",),
    )
    make_table(
        "bank_file_withdrawal",
        integer("file_id"),
        short("reason", 300),
        integer("withdrawn_by"),
        moment("withdrawn_at"),
        references=("file_id > bank_file", "withdrawn_by > person"),
        unique=(("file_id",),),
    )
    make_append_only(*TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
