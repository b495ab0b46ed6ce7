"""What a convenience pharmacy needs in a quarter, by its document's deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.china_days import Quarter, day_in_china, quarter_of
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.convenience.documents import require_convenience, rules_for
from procurement.pharmacies.convenience.tables import ConvenienceCounter
from procurement.pharmacies.places.tables import Place
from procurement.volumes.quarterly.rules import due_at
from procurement.volumes.quarterly.service import (
    Deadline,
    Reporter,
    lines_of,
    need_of,
    report_need,
)
from procurement.volumes.quarterly.tables import QuarterlyNeed


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A strength that stands at the counter, with what is needed of it.

    Attributes:
        strength_id: In the catalogue.
        name: Name and form.
        strength: As printed.
        unit: Minimal unit.
        units: Reported so far; None where nothing was.
    """

    strength_id: int
    name: str
    strength: str
    unit: str
    units: int | None


@dataclass(frozen=True, slots=True)
class NeedSheet:
    """A pharmacy's need of a quarter, to be filled in.

    Attributes:
        quarter: In which it is needed.
        due_at: The first moment that is too late.
        report: What was reported, if anything.
        lines: Strengths at the counter.
    """

    quarter: Quarter
    due_at: datetime
    report: QuarterlyNeed | None
    lines: tuple[NeedLine, ...]

    @property
    def version(self) -> int:
        """Of the report; 0 where there is none."""
        return 0 if self.report is None else self.report.version


def need_sheet(
    session: Session, *, place: Place, moment: datetime, quarter: Quarter | None = None
) -> NeedSheet:
    """Return the need of a pharmacy, of the next quarter unless another is named.

    Raises:
        NotConvenienceError: It is no convenience pharmacy today.
        NoDocumentError: No document is known for the region.
        RuleNotStatedError: It does not say until when need is reported.
    """
    wanted = quarter or quarter_of(day_in_china(moment)).following
    deadline = _deadline(session, place, moment)
    report = need_of(session, institution_code=place.institution_code, quarter=wanted)
    known = {} if report is None else lines_of(session, need_id=report.id)
    lines = tuple(_lines(session, place, known))
    due = due_at(wanted, day_of_month=deadline.day_of_month)
    return NeedSheet(wanted, due, report, lines)


def report_needs(
    session: Session,
    *,
    place: Place,
    quarter: Quarter,
    units: Mapping[int, int],
    version: int,
    actor: Actor,
    moment: datetime,
) -> QuarterlyNeed:
    """Report what a pharmacy needs; only what stands at its counter can be needed.

    Args:
        session: Session of the caller's transaction.
        place: The pharmacy.
        quarter: In which it is needed.
        units: Minimal units by strength of the catalogue.
        version: Of the report that the page showed; 0 for none.
        actor: Who keeps the place.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault; nothing is kept.
        StaleError: Somebody reported since.
        NotConvenienceError: It is no convenience pharmacy today.
    """
    deadline = _deadline(session, place, moment)
    known = {line.strength_id for line in _lines(session, place, {})}
    zh, en = "柜台没有该药品。", "It does not stand at the counter."
    faults = [FieldFault(f"units-{one}", zh, en) for one in units if one not in known]
    if place.organisation_id is None:
        faults.append(FieldFault("place", "该药店没有账户。", "Nobody keeps the place here."))
    if faults or place.organisation_id is None:
        raise InvalidInputError(faults)
    return report_need(
        session,
        reporter=Reporter(place.institution_code, place.organisation_id, place.county),
        quarter=quarter,
        deadline=deadline,
        units=units,
        version=version,
        actor=actor,
        moment=moment,
    )


def _deadline(session: Session, place: Place, moment: datetime) -> Deadline:
    designation = require_convenience(session, place=place, day=day_in_china(moment))
    rules = rules_for(session, place=place, designation=designation)
    return Deadline(rules.rulebook.id, rules.count("demand.day"))


def _lines(session: Session, place: Place, known: Mapping[int, int]) -> Sequence[NeedLine]:
    rows = session.execute(
        select(ProductStrength, GenericProduct)
        .join(GenericProduct, GenericProduct.id == ProductStrength.generic_product_id)
        .where(
            ProductStrength.id.in_(
                select(Product.strength_id)
                .join(ConvenienceCounter, ConvenienceCounter.product_id == Product.id)
                .where(ConvenienceCounter.place_id == place.id)
            )
        )
        .order_by(GenericProduct.name, GenericProduct.printed_form, ProductStrength.label)
    )
    return [
        NeedLine(
            strength.id,
            f"{generic.name}{generic.printed_form}",
            strength.label,
            generic.unit,
            known.get(strength.id),
        )
        for strength, generic in rows
    ]
