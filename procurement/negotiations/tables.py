"""The tables of a campaign and its dossiers; what was decided or said only grows."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.accounts.tables import Organisation
from procurement.database import Base, Moment, Money, money_range
from procurement.negotiations.kinds import CampaignStatus, DossierStatus, Part, TalkKind, Track


class Campaign(Base):
    """The negotiations of a catalogue year, run by the national bureau."""

    __tablename__ = "negotiation_campaign"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("files_until > files_from", name="files_in_order"),
        money_range("pool"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    """Short name in addresses."""
    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    rulebook: Mapped[str] = mapped_column(String(60))
    """Id of the rulebook of the talks."""
    rulebook_digest: Mapped[str] = mapped_column(String(64))
    renewal_rulebook: Mapped[str] = mapped_column(String(60))
    """Id of the rulebook for renewals."""
    renewal_digest: Mapped[str] = mapped_column(String(64))
    files_from: Mapped[datetime] = mapped_column(Moment)
    files_until: Mapped[datetime] = mapped_column(Moment)
    """Dossiers are taken before this moment; deficiencies have their own deadline."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """First and last day of the agreements and payment standards."""
    pool: Mapped[Decimal | None] = mapped_column(Money)
    """Yuan a year that the fund sets aside for rare diseases; None where no pool is set."""
    quorum: Mapped[int]
    """How many keyholders open an envelope together."""
    status: Mapped[CampaignStatus] = mapped_column(String(20), default=CampaignStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    drafted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(Moment)


class Member(Base):
    """Somebody of the bureau who was appointed for a campaign, or for one dossier of it."""

    __tablename__ = "negotiation_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("negotiation_campaign.id"), index=True)
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("negotiation_dossier.id"), index=True)
    """None: for every dossier of the campaign."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    part: Mapped[Part] = mapped_column(String(20))
    appointed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    appointed_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Seat(Base):
    """A keyholder of a campaign."""

    __tablename__ = "negotiation_seat"
    __table_args__ = (
        UniqueConstraint("campaign_id", "seat"),
        UniqueConstraint("campaign_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("negotiation_campaign.id"))
    seat: Mapped[int]
    """Share index, from 1."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    organisation: Mapped[Organisation] = relationship()


class HolderKey(Base):
    """The public keys that a keyholder made for a campaign; the newest of a seat counts."""

    __tablename__ = "negotiation_holder_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("negotiation_campaign.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seat: Mapped[int]
    suite: Mapped[str] = mapped_column(String(10))
    public_key: Mapped[str] = mapped_column(String(130))
    signing_key: Mapped[str] = mapped_column(String(130))
    proof: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Moment)


class Dossier(Base):
    """What a manufacturer applies with; the draft stands in ``content`` until it is handed in."""

    __tablename__ = "negotiation_dossier"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("negotiation_campaign.id"), index=True)
    campaign: Mapped[Campaign] = relationship()
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation: Mapped[Organisation] = relationship()
    track: Mapped[Track] = mapped_column(String(20))
    product: Mapped[str] = mapped_column(String(200))
    """Generic name."""
    generic_product_id: Mapped[int | None] = mapped_column(ForeignKey("generic_product.id"))
    status: Mapped[DossierStatus] = mapped_column(String(20), default=DossierStatus.DRAFT)
    content: Mapped[str] = mapped_column(Text)
    """JSON by field of the standard template, as typed."""
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    """Until when deficiencies can be made good."""
    version: Mapped[int] = mapped_column(default=1)
    started_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class DossierModel(Base):
    """A calculation file (测算资料) as it was handed in; the newest counts."""

    __tablename__ = "negotiation_dossier_model"
    __table_args__ = (UniqueConstraint("dossier_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    files: Mapped[str] = mapped_column(Text)
    """JSON: text of each file by its name; ``model.toml`` and the tables that it names."""
    digest: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)


class DossierVersion(Base):
    """A dossier as it was handed in."""

    __tablename__ = "negotiation_filing"
    __table_args__ = (UniqueConstraint("dossier_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of ``content``."""
    model_id: Mapped[int | None] = mapped_column(ForeignKey("negotiation_dossier_model.id"))
    submitted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)


class DossierEvent(Base):
    """A change of a dossier's status, with its reason: reviews, admission, the session's end."""

    __tablename__ = "negotiation_dossier_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"), index=True)
    status_from: Mapped[str] = mapped_column(String(20))
    status_to: Mapped[DossierStatus] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime] = mapped_column(Moment)


class Interest(Base):
    """What somebody declared about conflicts of interest with one dossier; the newest counts."""

    __tablename__ = "negotiation_interest"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    has_conflict: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(Moment)


class Opinion(Base):
    """A reviewer's scores (0 to 100) and comment; the newest of a person counts."""

    __tablename__ = "negotiation_opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    safety: Mapped[int]
    effectiveness: Mapped[int]
    economy: Mapped[int]
    innovation: Mapped[int]
    fairness: Mapped[int]
    comment: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(Moment)


class Talk(Base):
    """The record of a talk with the maker, on the reference drug or one to one."""

    __tablename__ = "negotiation_talk"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("negotiation_dossier.id"), index=True)
    kind: Mapped[TalkKind] = mapped_column(String(20))
    held_at: Mapped[datetime] = mapped_column(Moment)
    present: Mapped[str] = mapped_column(Text)
    reference_drug: Mapped[str] = mapped_column(String(200))
    """Which drug both sides compare with; empty in a meeting about other things."""
    text: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class TalkAnswer(Base):
    """Whether the maker agrees to a record, and what it adds."""

    __tablename__ = "negotiation_talk_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("negotiation_talk.id"), unique=True)
    agrees: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime] = mapped_column(Moment)
