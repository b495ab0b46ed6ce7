"""What everybody may know of credit grades: published decisions, and the firms in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.china_days import day_in_china
from procurement.credit_rating.grades import holds_on
from procurement.credit_rating.reading import lock_matter
from procurement.credit_rating.repair import note_on_matter
from procurement.credit_rating.tables import CreditMatter, CreditNotice
from procurement.credit_rating.words import GradeWord
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor

TEXT_MAX = 10_000
BASIS_MAX = 300

PUBLIC_GRADES = (GradeWord.SERIOUS, GradeWord.ESPECIALLY_SERIOUS)
"""Firms with these are announced, with number and names, by the administration."""


@dataclass(frozen=True, slots=True)
class PublicGrade:
    """A grade that everybody may read.

    Attributes:
        matter: The matter.
        organisation: The firm.
        notices: What was announced about it, the oldest first.
    """

    matter: CreditMatter
    organisation: Organisation
    notices: Sequence[CreditNotice]


def publish_notice(
    session: Session,
    *,
    matter_id: int,
    text: str,
    served_on: date | None,
    basis: str,
    actor: Actor,
    moment: datetime,
) -> CreditNotice:
    """Make a decision public from today on; it may serve it on a firm that cannot be reached.

    How many days after an announcement a decision counts as served no national rule at hand says
    (Qinghai counts 15): the officer gives the day and the rule.

    Args:
        session: Session of the caller's transaction.
        matter_id: The matter.
        text: What is announced.
        served_on: Day on which it counts as served; None where it was served otherwise.
        basis: The rule that says so.
        actor: The officer.
        moment: When.

    Raises:
        NotFoundForActorError: There is no such matter.
        InvalidInputError: With every fault.
    """
    matter = lock_matter(session, matter_id=matter_id)
    today = day_in_china(moment)
    faults = _faults(text, served_on, basis, today)
    if faults:
        raise InvalidInputError(faults)
    notice = CreditNotice(
        matter_id=matter_id,
        text=text.strip(),
        published_on=today,
        served_on=served_on,
        basis=basis.strip(),
        recorded_by=actor.person_id,
        recorded_at=moment,
    )
    session.add(notice)
    session.flush()
    facts = {"notice": str(notice.id), "served_on": served_on.isoformat() if served_on else ""}
    note_on_matter(session, "publish-credit-notice", matter, facts, actor, moment)
    return notice


def _faults(text: str, served_on: date | None, basis: str, today: date) -> list[FieldFault]:
    faults = []
    if not text.strip() or len(text) > TEXT_MAX:
        zh = f"请写明公告内容，最多 {TEXT_MAX} 字。"
        faults.append(FieldFault("text", zh, f"Write the notice, at most {TEXT_MAX} characters."))
    if served_on is not None and served_on < today:
        zh, en = "视为送达之日不能早于今天。", "It cannot count as served before today."
        faults.append(FieldFault("served_on", zh, en))
    if (served_on is not None) != bool(basis.strip()) or len(basis) > BASIS_MAX:
        zh = f"以公告送达的，须写明送达日和所依据的规定（最多 {BASIS_MAX} 字）；否则两项都不填。"
        en = "Give both the day on which it counts as served and the rule, or neither."
        faults.append(FieldFault("basis", zh, en))
    return faults


def notices_about(session: Session, *, matter_ids: Sequence[int]) -> Sequence[CreditNotice]:
    """Return what was announced about matters, the oldest first."""
    wanted = select(CreditNotice).where(CreditNotice.matter_id.in_(matter_ids))
    return session.scalars(wanted.order_by(CreditNotice.id)).all()


def public_grades(session: Session, *, on_date: date) -> list[PublicGrade]:
    """Return the two highest grades in force on a day, by province and firm."""
    rows = session.execute(
        select(CreditMatter, Organisation)
        .join(Organisation, Organisation.id == CreditMatter.organisation_id)
        .where(CreditMatter.grade.in_(PUBLIC_GRADES), *holds_on(on_date))
        .order_by(CreditMatter.region, Organisation.name, CreditMatter.id)
    ).all()
    notices = notices_about(session, matter_ids=[matter.id for matter, _ in rows])
    return [
        PublicGrade(matter, firm, [one for one in notices if one.matter_id == matter.id])
        for matter, firm in rows
    ]
