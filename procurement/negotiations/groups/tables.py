"""The tables of the two groups: all that tells a ceiling is sealed under the dossier's work key."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.database import Base, Moment
from procurement.negotiations.kinds import Group


class WorkKey(Base):
    """The key under which a dossier's calculation is kept; the row goes when it is sealed."""

    __tablename__ = "negotiation_work_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"), unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    """Sealed with `Settings.secret_key`."""


class GroupModel(Base):
    """A version of a group's own copy of a dossier's model."""

    __tablename__ = "negotiation_group_model"
    __table_args__ = (UniqueConstraint("dossier_id", "group_name", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"))
    group_name: Mapped[Group] = mapped_column(String(20))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(Moment)


class GroupResult(Base):
    """What a group computed: model digest, seed, draws, ceilings; the newest counts."""

    __tablename__ = "negotiation_group_result"
    __table_args__ = (UniqueConstraint("dossier_id", "group_name", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"))
    group_name: Mapped[Group] = mapped_column(String(20))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class GroupSignature(Base):
    """A member's signature under a result."""

    __tablename__ = "negotiation_signature"
    __table_args__ = (UniqueConstraint("result_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("negotiation_group_result.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    tag: Mapped[str] = mapped_column(String(64))
    """Keyed digest of person and result: checked again when the work key comes back."""
    signed_at: Mapped[datetime] = mapped_column(Moment)


class ReconciliationStep(Base):
    """A step by which the chair reconciled the two results; the last one is sealed as the price."""

    __tablename__ = "negotiation_reconciling"
    __table_args__ = (UniqueConstraint("dossier_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Policy, the results that it joins, the price and the reason."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(Moment)
