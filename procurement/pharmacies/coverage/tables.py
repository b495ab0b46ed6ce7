"""The table of coverage plans."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment
from procurement.pharmacies.coverage.states import PlanScope, PlanStatus


class CoveragePlan(Base):
    """A choice of pharmacies for the counties of a region, with what it was made from."""

    __tablename__ = "coverage_plan"
    __table_args__ = (
        CheckConstraint("within_km IS NULL OR within_km > 0", name="within_km_positive"),
        CheckConstraint("per_county > 0", name="per_county_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The bureau or fund agency that asked for it."""
    region: Mapped[str] = mapped_column(String(6))
    """Division code; the plan is for all its counties."""
    scope: Mapped[PlanScope] = mapped_column(String(20))
    listed_drug_id: Mapped[int | None] = mapped_column(ForeignKey("listed_drug.id"), index=True)
    """The drug of a plan for one; None for designation in general."""
    within_km: Mapped[float | None]
    """None: a pharmacy covers its own county only."""
    per_county: Mapped[int]
    inputs: Mapped[str] = mapped_column(Text)
    """JSON: the counties and pharmacies as they were when it was asked for."""
    inputs_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``inputs``."""
    status: Mapped[PlanStatus] = mapped_column(String(10))
    job_id: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    """JSON of `procurement.pharmacies.coverage.document`; None until it is done."""
    optimal: Mapped[bool | None]
    gap: Mapped[float | None]
    further: Mapped[int | None]
    """How many pharmacies it adds."""
    uncovered: Mapped[int | None]
    """How many counties nobody can cover."""
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
