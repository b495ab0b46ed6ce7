"""The tables of agreements.

A national round has 46,000 hospitals with some 60 products: 2.8 million agreed volumes, and almost
as many agreements. Their rows are narrow and written in bulk.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.agreements.states import (
    AgreementStatus,
    ChangeKind,
    ChangeStatus,
    DistributionStatus,
    Party,
    TermKind,
    TermStatus,
)
from procurement.database import Base, Moment

REASON_LENGTH_MAX = 500
REGION_LENGTH_MAX = 60


class AgreementTerm(Base):
    """A term of agreements of a round (a procurement year, an extension), and the run making it."""

    __tablename__ = "agreement_term"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("numerator > 0 AND denominator > 0", name="ratio_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    """From 1."""
    kind: Mapped[TermKind] = mapped_column(String(20))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    numerator: Mapped[int]
    """With ``denominator``: the part of the term before that is agreed; 1/1 in the first."""
    denominator: Mapped[int]
    basis: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    """The document that says so; empty for the first year, which the award decides."""
    report_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_report.id"))
    """The evaluation whose allocations it is made of; None for later terms."""
    status: Mapped[TermStatus] = mapped_column(String(10))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    """Regions that are finished; a restart goes on behind them."""
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    fault_zh: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    fault_en: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class AgreedSupply(Base):
    """What one winner supplies of a strength to a region in a term: an allocation."""

    __tablename__ = "agreed_supply"
    __table_args__ = (
        UniqueConstraint("term_id", "region", "lot_strength_id", "awarded_bid_id"),
        CheckConstraint("volume >= 0 AND by_brand BETWEEN 0 AND volume", name="parts_fit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("agreement_term.id"))
    region: Mapped[str] = mapped_column(String(REGION_LENGTH_MAX))
    lot_strength_id: Mapped[int] = mapped_column(ForeignKey("lot_strength.id"))
    awarded_bid_id: Mapped[int] = mapped_column(ForeignKey("awarded_bid.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The winner."""
    volume: Mapped[int] = mapped_column(BigInteger)
    """Minimal units in the term; the hospitals' volumes add up to it."""
    by_brand: Mapped[int] = mapped_column(BigInteger)
    """The part that was reported for the winner's brand."""


class AgreedVolume(Base):
    """What one hospital agrees with one winner in one strength (约定采购量)."""

    __tablename__ = "agreed_volume"
    __table_args__ = (
        CheckConstraint("volume >= 0 AND by_brand BETWEEN 0 AND volume", name="parts_fit"),
    )

    # No foreign keys: millions of rows are written at once from rows that have them, and checking
    # each again takes longer than writing it.
    supply_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hospital_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    base_volume: Mapped[int] = mapped_column(BigInteger)
    """What the hospital reported and this supplier got, in minimal units a year."""
    volume: Mapped[int] = mapped_column(BigInteger)
    """Minimal units in the term, with the changes that were approved."""
    by_brand: Mapped[int] = mapped_column(BigInteger)
    """The part that the hospital reported for the winner's brand."""


class Distribution(Base):
    """A distributor whom a winner nominates for a region."""

    __tablename__ = "distribution"
    __table_args__ = (UniqueConstraint("round_id", "organisation_id", "region", "distributor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The winner."""
    region: Mapped[str] = mapped_column(String(REGION_LENGTH_MAX))
    distributor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[DistributionStatus] = mapped_column(String(10))
    nominated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    nominated_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class Agreement(Base):
    """An agreement of a hospital, a winner and a distributor for a term (购销协议)."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("term_id", "hospital_id", "organisation_id"),
        Index("ix_agreement_winner", "organisation_id", "term_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # No foreign keys on these three, as in `AgreedVolume`.
    term_id: Mapped[int]
    region: Mapped[str] = mapped_column(String(REGION_LENGTH_MAX))
    hospital_id: Mapped[int]
    organisation_id: Mapped[int]
    """The winner."""
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[AgreementStatus] = mapped_column(
        String(10), default=AgreementStatus.WAITING, server_default="waiting"
    )
    revision: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    """Counts contents: an approved change after a signature makes the next."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the content that is signed; None until a distributor is chosen."""
    hospital_signed: Mapped[bool] = mapped_column(default=False, server_default=false())
    manufacturer_signed: Mapped[bool] = mapped_column(default=False, server_default=false())
    distributor_signed: Mapped[bool] = mapped_column(default=False, server_default=false())


class SigningEntrustment(Base):
    """An organisation lets another sign a round's agreements for it (委托签署)."""

    __tablename__ = "signing_entrustment"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    grantor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class AgreementSigning(Base):
    """One act of signing, of one agreement or of many; append-only."""

    __tablename__ = "agreement_signing"

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("agreement_term.id"))
    party: Mapped[Party] = mapped_column(String(20))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """The party that is bound."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Who signed for it, where it entrusted somebody."""
    entrustment_id: Mapped[int | None] = mapped_column(ForeignKey("signing_entrustment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(100))
    agreements: Mapped[int]
    list_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the list of numbers and digests that was signed."""
    seal: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Detached CMS signature on that list, where one was given."""
    seal_fingerprint: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the certificate that made it."""
    signed_at: Mapped[datetime] = mapped_column(Moment)


class AgreementSignature(Base):
    """That one agreement was signed by one party; append-only."""

    __tablename__ = "agreement_signature"
    __table_args__ = (UniqueConstraint("agreement_id", "revision", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    revision: Mapped[int] = mapped_column(SmallInteger)
    party: Mapped[Party] = mapped_column(String(20))
    signing_id: Mapped[int] = mapped_column(ForeignKey("agreement_signing.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    """Of the content that was signed."""


class AgreedChange(Base):
    """A request to transfer or reduce an agreed volume, and the bureau's decision."""

    __tablename__ = "agreed_change"
    __table_args__ = (CheckConstraint("volume > 0", name="volume_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    supply_id: Mapped[int] = mapped_column(ForeignKey("agreed_supply.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(String(10))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """Whose volume becomes less."""
    to_hospital_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Whose becomes more; None for a reduction."""
    volume: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH_MAX))
    status: Mapped[ChangeStatus] = mapped_column(String(10))
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision: Mapped[str | None] = mapped_column(String(REASON_LENGTH_MAX))
