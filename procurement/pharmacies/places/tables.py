"""The tables of places, and of the points of counties."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment
from procurement.pharmacies.places.kinds import PlaceKind, PlaceStatus

NAME_LENGTH_MAX = 200
ADDRESS_LENGTH_MAX = 300
PHONE_LENGTH_MAX = 60
ROUTE_LENGTH_MAX = 500


class Place(Base):
    """A hospital or pharmacy at one address; it may exist without any account."""

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN 3 AND 54", name="latitude_range"),
        CheckConstraint("longitude BETWEEN 73 AND 136", name="longitude_range"),
        CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole_or_missing"
        ),
        # For the beginning of a name, whatever order PostgreSQL's language gives to texts.
        Index("ix_place_name", "name", postgresql_ops={"name": "varchar_pattern_ops"}),
        # All that is asked of a county's places before some are chosen: one index answers.
        Index("ix_place_county", "county", "status", "name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_code: Mapped[str] = mapped_column(String(12), unique=True)
    """Code of a designated institution: H or P and 11 digits."""
    kind: Mapped[PlaceKind] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    chain: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX), default="")
    """Chain that it belongs to; empty where it stands alone."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Who keeps it; a chain keeps many. None where nobody has an account."""
    county: Mapped[str] = mapped_column(String(6))
    """Division code of the county, 6 digits."""
    address: Mapped[str] = mapped_column(String(ADDRESS_LENGTH_MAX), default="")
    latitude: Mapped[float | None]
    """Degrees north."""
    longitude: Mapped[float | None]
    """Degrees east."""
    phone: Mapped[str] = mapped_column(String(PHONE_LENGTH_MAX), default="")
    opening_hours: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    """JSON of `procurement.pharmacies.rules.opening_hours`: by weekday, spans of a day."""
    route_zh: Mapped[str] = mapped_column(String(ROUTE_LENGTH_MAX), default="")
    """How to get there."""
    route_en: Mapped[str] = mapped_column(String(ROUTE_LENGTH_MAX), default="")
    is_barrier_free: Mapped[bool | None]
    """None where nobody said."""
    status: Mapped[PlaceStatus] = mapped_column(String(10), default=PlaceStatus.OPEN)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts changes, so that a stale page cannot overwrite a newer one."""
    changed_at: Mapped[datetime] = mapped_column(Moment)


class CountyPoint(Base):
    """A point that stands for a county, and how far its places may lie from it."""

    __tablename__ = "county_point"

    county: Mapped[str] = mapped_column(String(6), primary_key=True)
    """Division code, 6 digits."""
    name: Mapped[str] = mapped_column(String(100))
    latitude: Mapped[float]
    longitude: Mapped[float]
    radius_km: Mapped[float | None]
    """A place of the county lies within; None where nobody said."""
    imported_from: Mapped[str] = mapped_column(String(200))
    """The list that it was read from, as its importer names it."""
    imported_at: Mapped[datetime] = mapped_column(Moment)
