"""Reading what is recorded: a matter with all about it, and the lists of bureaus and firms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION
from procurement.accounts.tables import Organisation
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.credit_rating.grades import holds_on
from procurement.credit_rating.rules import consequences_of
from procurement.credit_rating.tables import (
    CreditClearance,
    CreditMatter,
    InvolvedProduct,
    RepairStep,
)
from procurement.credit_rating.words import Consequence, GradeWord
from procurement.permissions import NotFoundForActorError, Subject
from rulebooks import Rulebook, load_rulebook


@dataclass(frozen=True, slots=True)
class InvolvedLine:
    """A product that a matter concerns, as lists show it."""

    product: Product
    name: str
    printed_form: str
    strength: str


@dataclass(frozen=True, slots=True)
class MatterCard:
    """A matter with all that is recorded about it.

    Attributes:
        matter: What was found and which grade it led to.
        organisation: The firm that is rated.
        committed_by: The agent or distributor who did it, if not the firm.
        scale: The rulebook that applied.
        consequences: What the grade brings.
        products: Products involved.
        steps: Measures of repair that were accepted, by number.
        clearance: The end of the grade, if it is over.
        replaced_by_id: The matter that corrects this one, if there is one.
    """

    matter: CreditMatter
    organisation: Organisation
    committed_by: Organisation | None
    scale: Rulebook
    consequences: tuple[Consequence, ...]
    products: Sequence[InvolvedLine]
    steps: Sequence[RepairStep]
    clearance: CreditClearance | None
    replaced_by_id: int | None


def matter_card(session: Session, *, matter_id: int) -> MatterCard:
    """Read all about a matter.

    Raises:
        NotFoundForActorError: There is none.
    """
    matter = session.get(CreditMatter, matter_id)
    if matter is None:
        raise NotFoundForActorError
    scale = load_rulebook(matter.scale)
    steps = select(RepairStep).where(RepairStep.matter_id == matter_id).order_by(RepairStep.measure)
    cleared = select(CreditClearance).where(CreditClearance.matter_id == matter_id)
    correction = select(CreditMatter.id).where(CreditMatter.replaces_id == matter_id)
    did = matter.committed_by_id
    return MatterCard(
        matter,
        session.get_one(Organisation, matter.organisation_id),
        session.get_one(Organisation, did) if did is not None else None,
        scale,
        consequences_of(GradeWord(matter.grade), scale),
        _involved(session, matter_id),
        session.scalars(steps).all(),
        session.scalar(cleared),
        session.scalar(correction),
    )


def matter_subject(matter: CreditMatter) -> Subject:
    """Describe a matter for `procurement.permissions.permit`."""
    return Subject(organisation_id=matter.organisation_id, regions=(matter.region,))


def lock_matter(session: Session, *, matter_id: int) -> CreditMatter:
    """Read a matter for a change of what hangs on it, one at a time.

    Raises:
        NotFoundForActorError: There is none.
    """
    matter = session.get(CreditMatter, matter_id, with_for_update=True)
    if matter is None:
        raise NotFoundForActorError
    return matter


def measures_done(session: Session, *, matter_id: int) -> tuple[int, ...]:
    """Return the numbers of the measures that were accepted."""
    done = select(RepairStep.measure).where(RepairStep.matter_id == matter_id)
    return tuple(session.scalars(done))


def matters_of(session: Session, *, organisation_id: int) -> Sequence[CreditMatter]:
    """Return every matter of a firm, the newest first; corrected ones too."""
    wanted = select(CreditMatter).where(CreditMatter.organisation_id == organisation_id)
    return session.scalars(wanted.order_by(CreditMatter.id.desc())).all()


def credit_list(
    *,
    on_date: date,
    text: str = "",
    region: str = "",
    grade: str = "",
    matter: str = "",
    in_force_only: bool = True,
) -> Select[Any]:
    """Select matters with the names of their firms, for a list that filters and pages.

    Args:
        on_date: Day on which a grade has to hold.
        text: Part of a firm's name, or its credit code.
        region: Province; empty for all.
        grade: A value of `GradeWord`; empty for all.
        matter: A value of `Matter`; empty for all.
        in_force_only: Leave out what is cleared, over, corrected or without a grade.

    Returns:
        Rows of the matter's id, the matter, the firm's name and the day it was cleared, in no
        order.
    """
    statement: Any = (
        select(
            CreditMatter.id,
            CreditMatter,
            Organisation.name.label("firm"),
            CreditClearance.cleared_on,
        )
        .join(Organisation, Organisation.id == CreditMatter.organisation_id)
        .outerjoin(CreditClearance, CreditClearance.matter_id == CreditMatter.id)
    )
    if in_force_only:
        statement = statement.where(*holds_on(on_date), CreditMatter.grade != GradeWord.NONE)
    if text:
        like = f"%{_escaped(text)}%"
        statement = statement.where(
            or_(
                Organisation.name.ilike(like, escape="\\"),
                Organisation.credit_code == text.upper(),
            )
        )
    if region and region != NATION:
        statement = statement.where(CreditMatter.region == region)
    for column, value in ((CreditMatter.grade, grade), (CreditMatter.matter, matter)):
        if value:
            statement = statement.where(column == value)
    return cast("Select[Any]", statement)


def by_severity(statement: Select[Any]) -> Select[Any]:
    """Order a list of matters: the highest grade first, then the newest."""
    ranks = {grade.value: grade.severity for grade in GradeWord}
    return statement.order_by(
        case(ranks, value=CreditMatter.grade).desc(),
        CreditMatter.in_force_from.desc(),
        CreditMatter.id.desc(),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _involved(session: Session, matter_id: int) -> list[InvolvedLine]:
    rows = session.execute(
        select(Product, GenericProduct.name, GenericProduct.printed_form, ProductStrength.label)
        .join(InvolvedProduct, InvolvedProduct.product_id == Product.id)
        .join(GenericProduct, GenericProduct.id == Product.generic_product_id)
        .join(ProductStrength, ProductStrength.id == Product.strength_id)
        .where(InvolvedProduct.matter_id == matter_id)
        .order_by(GenericProduct.name, Product.id)
    ).all()
    return [InvolvedLine(*row) for row in rows]
