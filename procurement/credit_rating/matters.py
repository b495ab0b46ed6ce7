"""Recording a matter with the grade it leads to, after a look at that grade."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.audit import record
from procurement.credit_rating.described import Described, described_matter
from procurement.credit_rating.grades import holds_on
from procurement.credit_rating.reading import lock_matter
from procurement.credit_rating.rules import (
    Grading,
    consequences_of,
    grade_matter,
    name_of,
    reaches_holder,
    scale_on,
    window_start,
)
from procurement.credit_rating.tables import CreditClearance, CreditMatter, InvolvedProduct
from procurement.credit_rating.words import Consequence, GradeWord, Matter
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.notices import notify
from procurement.permissions import Actor
from rulebooks import Rulebook


class NotCorrectableError(RefusedError):
    """The matter cannot be corrected by this one."""

    def __init__(self) -> None:
        """Say why it may be."""
        super().__init__(
            zh="只能更正同一企业、同一省份、未清零且未被更正过的事项。",
            en="Only a matter of the same firm and province can be corrected, whose grade is not "
            "over and which was not corrected before.",
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What a matter would lead to, before it is recorded.

    Attributes:
        described: The matter as it was understood.
        scale: The scale in force on the day of the decision.
        grading: The grade with clause and reason, or the grades to decide among.
        consequences: By each grade that is possible.
        earlier_bribes: Sums of bribery recorded for the firm in the province within the years
            over which they add up, in yuan; None where the scale adds up a case only.
        other_holders: Holders of products involved who are not the firm: where the scale
            reaches the holder, they are to be rated too.
    """

    described: Described
    scale: Rulebook
    grading: Grading
    consequences: Mapping[GradeWord, tuple[Consequence, ...]]
    earlier_bribes: Decimal | None
    other_holders: Sequence[Organisation]


def preview_matter(session: Session, *, raw: Mapping[str, str]) -> Preview:
    """Say which grade a matter would lead to; nothing is stored.

    Args:
        session: Any session.
        raw: Strings by the names of the form's fields, see `described_matter`.

    Returns:
        The preview.

    Raises:
        InvalidInputError: With every fault.
    """
    described = described_matter(session, raw)
    scale = scale_on(described.in_force_from)
    grading = grade_matter(described.facts, scale)
    return Preview(
        described,
        scale,
        grading,
        {grade: consequences_of(grade, scale) for grade in grading.among},
        _earlier_bribes(session, described, scale),
        _other_holders(session, described, scale),
    )


def record_matter(
    session: Session,
    *,
    raw: Mapping[str, str],
    actor: Actor,
    moment: datetime,
    replaces_id: int | None = None,
) -> CreditMatter:
    """Record a matter; where the published criteria decide, their grade is taken.

    Args:
        session: Session of the caller's transaction.
        raw: As for `preview_matter`; where the criteria do not decide also ``grade`` and
            ``reason``.
        actor: The officer.
        moment: When.
        replaces_id: The matter that this one corrects: of the same firm and province, whose grade
            is not over.

    Returns:
        The stored matter, with its id. The firm is told.

    Raises:
        InvalidInputError: With every fault.
        NotCorrectableError: The matter to be corrected is another firm's, over, or corrected.
    """
    preview = preview_matter(session, raw=raw)
    grade, reason = _decided(preview, raw)
    described = preview.described
    if replaces_id is not None:
        _refuse_uncorrectable(session, replaces_id, described)
    matter = CreditMatter(
        **described.columns(),
        scale=preview.scale.id,
        grade=grade,
        clause=preview.grading.clause,
        reason=reason,
        is_by_rule=preview.grading.grade is not None,
        replaces_id=replaces_id,
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(matter)
    session.flush()
    session.add_all(
        InvolvedProduct(matter_id=matter.id, product_id=product.id)
        for product in described.products
    )
    session.flush()
    _tell(session, matter, preview.scale, actor, moment)
    return matter


def _decided(preview: Preview, raw: Mapping[str, str]) -> tuple[GradeWord, str]:
    """The grade and why, by the criteria or by the officer."""
    grading = preview.grading
    if grading.grade is not None:
        return grading.grade, f"{grading.zh} / {grading.en}"
    faults = []
    chosen, reason = raw.get("grade", ""), raw.get("reason", "").strip()
    if chosen not in grading.among:
        words = [name_of(grade, preview.scale) for grade in grading.among]
        faults.append(
            FieldFault(
                "grade",
                f"公布的标准不能决定等级，请选择：{'、'.join(zh for zh, _ in words)}。",
                f"The published criteria do not decide: choose {', '.join(en for _, en in words)}.",
            )
        )
    if not reason:
        faults.append(
            FieldFault(
                "reason",
                "请写明评为该等级的理由和所依据的条款。",
                "Say why this grade, and by which clause.",
            )
        )
    if faults:
        raise InvalidInputError(faults)
    return GradeWord(chosen), reason


def _refuse_uncorrectable(session: Session, matter_id: int, described: Described) -> None:
    wrong = lock_matter(session, matter_id=matter_id)
    is_same = (
        wrong.organisation_id == described.organisation.id and wrong.region == described.region
    )
    over = select(CreditClearance.id).where(CreditClearance.matter_id == matter_id)
    corrected = select(CreditMatter.id).where(CreditMatter.replaces_id == matter_id)
    if not is_same or session.scalar(over) is not None or session.scalar(corrected) is not None:
        raise NotCorrectableError


def _earlier_bribes(session: Session, described: Described, scale: Rulebook) -> Decimal | None:
    start = window_start(scale, described.in_force_from)
    if start is None or described.facts.matter is not Matter.BRIBERY:
        return None
    total = session.scalar(
        select(func.sum(CreditMatter.cumulated)).where(
            CreditMatter.organisation_id == described.organisation.id,
            CreditMatter.region == described.region,
            CreditMatter.matter == Matter.BRIBERY,
            CreditMatter.found_on >= start,
            *holds_on(described.in_force_from),
        )
    )
    return total if total is not None else Decimal(0)


def _other_holders(
    session: Session, described: Described, scale: Rulebook
) -> Sequence[Organisation]:
    if not reaches_holder(scale):
        return ()
    ids = {product.holder_id for product in described.products} - {described.organisation.id}
    wanted = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)
    return session.scalars(wanted).all()


def _tell(
    session: Session, matter: CreditMatter, scale: Rulebook, actor: Actor, moment: datetime
) -> None:
    record(
        session,
        actor=actor,
        action="record-credit-matter",
        subject=f"credit-matter/{matter.id}",
        facts={
            "organisation": str(matter.organisation_id),
            "region": matter.region,
            "matter": matter.matter,
            "grade": matter.grade,
            "scale": matter.scale,
        },
        moment=moment,
    )
    zh, en = name_of(GradeWord(matter.grade), scale)
    notify(
        session,
        organisation_id=matter.organisation_id,
        zh=f"贵单位的一项信用事项已登记，评级：{zh}。",
        en=f"A matter of credit was recorded for your firm; grade: {en}.",
        link=f"/credit/matters/{matter.id}",
        moment=moment,
    )


__all__ = ["Preview", "preview_matter", "record_matter"]
