"""The table of evaluation reports; it only grows."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base, Moment
from procurement.rounds.tables import Round


class EvaluationReport(Base):
    """One evaluation of a round (评审报告), kept as written; triggers refuse any change."""

    __tablename__ = "evaluation_report"

    id: Mapped[int] = mapped_column(primary_key=True)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)

    round: Mapped[Round] = relationship()

    report: Mapped[str] = mapped_column(Text)
    """The report as one JSON document, byte for byte as the evaluation wrote it."""

    report_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``report``."""

    rulebook_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the rulebook that was applied."""

    code_version: Mapped[str] = mapped_column(String(100))
    """Version of the code that evaluated."""

    evaluated_at: Mapped[datetime] = mapped_column(Moment)
