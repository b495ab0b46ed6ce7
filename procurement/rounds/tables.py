"""The table of rounds."""

from datetime import date, datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment


class Round(Base):
    """One round as it was published: the facts to evaluate, and the rules that apply to them."""

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)

    name: Mapped[str] = mapped_column(String(100), unique=True)
    """Short name that commands and addresses use, such as ``national-3-2020``."""

    title: Mapped[str] = mapped_column(String(300))
    """Title of the procurement document."""

    rulebook: Mapped[str] = mapped_column(String(100))
    """Id of the rulebook in force when the round was published."""

    rulebook_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of that rulebook's text: the round keeps these rules."""

    opened_on: Mapped[date]
    """Day of the opening (开标) in China."""

    facts: Mapped[str] = mapped_column(Text)
    """The whole round folder as one JSON document, as written."""

    facts_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``facts``."""

    imported_at: Mapped[datetime] = mapped_column(Moment)
