"""The tables of the list: drugs, their periods, decisions with their lines, and imported files.

A period is never changed: a decision that ends or corrects one writes another row that replaces
it. What is on the list today is what no other row replaces; `listed.periods` asks for that.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.catalogue.tables import GenericProduct
from procurement.database import Base, DecimalText, Moment
from procurement.pharmacies.listed.kinds import (
    ChangeKind,
    Control,
    DecisionKind,
    DecisionStatus,
    DrugState,
    Storage,
)


class ListedDrug(Base):
    """A generic product in its catalogue form on the list of a region.

    Generics and biosimilars of the same generic name and form are the same listed drug.
    """

    __tablename__ = "listed_drug"
    __table_args__ = (UniqueConstraint("region", "generic_product_id", "brand"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    generic_product_id: Mapped[int] = mapped_column(ForeignKey("generic_product.id"), index=True)
    generic_product: Mapped[GenericProduct] = relationship()
    catalogue_number: Mapped[str] = mapped_column(String(40), default="")
    """Number in the national reimbursement catalogue; empty where none was stated."""
    region: Mapped[str] = mapped_column(String(6))
    """Division code of the province or pooling area that made the list."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Marketing authorisation holder, where the state is that of one brand only."""
    brand: Mapped[str] = mapped_column(String(100), default="")
    """The one brand; empty where every product of the generic is covered."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts decisions, so that two at once cannot pass each other."""


class ListDecision(Base):
    """A dated decision on the list: proposed by one person, confirmed by another."""

    __tablename__ = "list_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    """In addresses and on its notice."""
    region: Mapped[str] = mapped_column(String(6), index=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[DecisionKind] = mapped_column(String(20))
    status: Mapped[DecisionStatus] = mapped_column(String(20), default=DecisionStatus.PROPOSED)
    document: Mapped[str] = mapped_column(String(200))
    """Number or title of the document that decided it."""
    decided_on: Mapped[date]
    in_force_from: Mapped[date]
    rulebook: Mapped[str] = mapped_column(String(60))
    """Id of the rulebook whose criteria were applied."""
    rulebook_digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    notice_title: Mapped[str] = mapped_column(String(200))
    notice_text: Mapped[str] = mapped_column(Text)
    """In Chinese, as the public reads it."""
    public_from: Mapped[date]
    """Day from which anybody may read the notice, once it is confirmed."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("list_decision.id"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who confirmed or withdrew it."""
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was withdrawn."""
    version: Mapped[int] = mapped_column(default=1)


class ListDecisionLine(Base):
    """What a decision says about one drug; it does not change after it was proposed."""

    __tablename__ = "list_decision_line"
    __table_args__ = (UniqueConstraint("decision_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("list_decision.id"), index=True)
    position: Mapped[int]
    """From 1, as in the document."""
    kind: Mapped[ChangeKind] = mapped_column(String(20))
    generic_product_id: Mapped[int] = mapped_column(ForeignKey("generic_product.id"), index=True)
    brand: Mapped[str] = mapped_column(String(100), default="")
    control: Mapped[Control] = mapped_column(String(20))
    """As stated by whoever proposed it."""
    terms: Mapped[str] = mapped_column(Text)
    """JSON: the terms that the drug gets, as `listed.terms` reads them; empty at a removal."""
    evidence: Mapped[str] = mapped_column(Text)
    """JSON: criteria that are met, each with what shows it."""


class ListPeriod(Base):
    """From when to when a drug is on the list, in which state and under which terms.

    Append-only. The row that no other row replaces holds, unless it is void.
    """

    __tablename__ = "listed_drug_period"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint(
            "agreement_ends_on IS NULL OR agreement_starts_on IS NULL"
            " OR agreement_ends_on >= agreement_starts_on",
            name="agreement_in_order",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    listed_drug_id: Mapped[int] = mapped_column(ForeignKey("listed_drug.id"), index=True)
    listed_drug: Mapped[ListedDrug] = relationship()
    decision_id: Mapped[int] = mapped_column(ForeignKey("list_decision.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("listed_drug_period.id"), unique=True
    )
    """The row that this one stands for from now on."""
    is_void: Mapped[bool] = mapped_column(default=False)
    """That which it replaces should never have been on the list."""
    state: Mapped[DrugState] = mapped_column(String(20))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day; None while no end is known."""
    indication_limits: Mapped[str] = mapped_column(Text, default="")
    """Restrictions of payment as the catalogue prints them; empty where there are none."""
    indication_codes: Mapped[str] = mapped_column(Text, default="")
    """Codes of diagnoses for which it is paid, one a line; empty where none were stated."""
    agreement_starts_on: Mapped[date | None]
    agreement_ends_on: Mapped[date | None]
    self_pay_share: Mapped[Decimal | None] = mapped_column(DecimalText)
    """Share of the price that the insured pays first (乙类先行自付); None where not stated."""
    employee_share: Mapped[Decimal | None] = mapped_column(DecimalText)
    resident_share: Mapped[Decimal | None] = mapped_column(DecimalText)
    """Share that each fund pays separately, where the decision states it."""
    registration_needed: Mapped[bool]
    papers: Mapped[str] = mapped_column(Text, default="")
    """What a patient brings to be registered, one a line."""
    reevaluation_months: Mapped[int | None]
    storage: Mapped[Storage | None] = mapped_column(String(20))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class ListImport(Base):
    """A published list as it was uploaded: read and checked; a second step proposes it."""

    __tablename__ = "list_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(6), index=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    filename: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    lines: Mapped[str] = mapped_column(Text)
    """JSON: the rows as read, each with its number in the file."""
    faults: Mapped[str] = mapped_column(Text)
    """JSON: what is wrong, with row and column; an empty list where it can be proposed."""
    line_count: Mapped[int]
    fault_count: Mapped[int]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("list_decision.id"))
    """The decision that it became; None until then."""
