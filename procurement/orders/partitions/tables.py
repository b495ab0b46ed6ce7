"""The table of runs that wrote purchase lines as Parquet."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment


class RunStatus(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PartitionRun(Base):
    """One writing of partitions; its folder is never changed once it is done."""

    __tablename__ = "partition_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(6))
    """Division whose hospitals are written; ``000000`` = all."""
    years: Mapped[str] = mapped_column(String(200))
    """Calendar years, joined with spaces; empty for all that there are."""
    status: Mapped[RunStatus] = mapped_column(String(10))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    partitions: Mapped[int]
    rows: Mapped[int] = mapped_column(BigInteger)
    quantity: Mapped[str] = mapped_column(String(40))
    """Sum of minimal units; text, as it may be beyond 64 bits."""
    amount: Mapped[str] = mapped_column(String(40))
    """Sum of amounts in yuan."""
    manifest: Mapped[str | None] = mapped_column(Text)
    """JSON: each partition with its files, counts, sums and digests."""
    fault: Mapped[str | None] = mapped_column(String(500))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def total(self) -> Decimal:
        """Sum of amounts in yuan."""
        return Decimal(self.amount or "0")
