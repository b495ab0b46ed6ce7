"""Quarterly needs: reported by pharmacies, summed for bureaus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.catalogue.tables import GenericProduct, ProductStrength
from procurement.china_days import Quarter, day_in_china, quarter_of
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.permissions import Actor
from procurement.volumes.quarterly.rules import due_at
from procurement.volumes.quarterly.tables import QuarterlyNeed, QuarterlyNeedLine
from procurement.volumes.rules import region_prefix

UNITS_MAX = 10**12
LINES_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Reporter:
    """Which pharmacy reports.

    Attributes:
        institution_code: Its code.
        organisation_id: Who keeps it.
        county: Where it lies.
    """

    institution_code: str
    organisation_id: int
    county: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a document wants it.

    Attributes:
        rulebook: The document.
        day_of_month: Last day, in the last month of the quarter before.
    """

    rulebook: str
    day_of_month: int


@dataclass(frozen=True, slots=True)
class NeedSum:
    """What pharmacies of a region need of a strength in a quarter.

    Attributes:
        generic: Name and form.
        strength: As printed.
        unit: Minimal unit.
        units: All of it.
        pharmacies: How many report it.
    """

    generic: str
    strength: str
    unit: str
    units: int
    pharmacies: int


def report_need(  # noqa: PLR0913 - what a pharmacy says; pages name each
    session: Session,
    *,
    reporter: Reporter,
    quarter: Quarter,
    deadline: Deadline,
    units: Mapping[int, int],
    version: int,
    actor: Actor,
    moment: datetime,
) -> QuarterlyNeed:
    """Keep what a pharmacy needs in a quarter; a second report takes the place of the first.

    A late report is kept, and stays late. After the quarter nothing is reported for it any more.

    Args:
        session: Session of the caller's transaction.
        reporter: Whose need it is.
        quarter: In which it is needed.
        deadline: Until when it is in time.
        units: Minimal units by strength of the catalogue.
        version: Of the report that the page showed; 0 for none.
        actor: Who reports.
        moment: When, aware.

    Raises:
        InvalidInputError: With every fault; nothing is kept.
        StaleError: Somebody reported since.
    """
    faults = _faults(session, quarter, units, moment)
    if faults:
        raise InvalidInputError(faults)
    need = need_of(session, institution_code=reporter.institution_code, quarter=quarter, lock=True)
    if (need.version if need is not None else 0) != version:
        raise StaleError
    if need is None:
        need = _kept_first(session, _first(reporter, quarter, deadline, moment))
    else:
        need.version += 1
    need.reported_by, need.reported_at = actor.person_id, moment
    session.flush()
    session.execute(delete(QuarterlyNeedLine).where(QuarterlyNeedLine.need_id == need.id))
    session.add_all(
        QuarterlyNeedLine(need_id=need.id, strength_id=strength_id, units=number)
        for strength_id, number in sorted(units.items())
    )
    session.flush()
    record(
        session,
        actor=actor,
        action="report-quarterly-need",
        subject=f"quarterly-need/{reporter.institution_code}/{quarter}",
        facts={
            "lines": str(len(units)),
            "in_time": str(need.is_in_time).lower(),
            "version": str(need.version),
        },
        moment=moment,
    )
    return need


def _kept_first(session: Session, need: QuarterlyNeed) -> QuarterlyNeed:
    """Keep a first report, unless another first one was faster: then what was shown is stale."""
    try:
        with session.begin_nested():
            session.add(need)
    except IntegrityError as error:
        raise StaleError from error
    return need


def _first(
    reporter: Reporter, quarter: Quarter, deadline: Deadline, moment: datetime
) -> QuarterlyNeed:
    return QuarterlyNeed(
        institution_code=reporter.institution_code,
        organisation_id=reporter.organisation_id,
        county=reporter.county,
        year=quarter.year,
        quarter=quarter.number,
        rulebook=deadline.rulebook,
        due_at=due_at(quarter, day_of_month=deadline.day_of_month),
        first_reported_at=moment,
        reported_at=moment,
        version=1,
    )


def _faults(
    session: Session, quarter: Quarter, units: Mapping[int, int], moment: datetime
) -> list[FieldFault]:
    faults = []
    present = quarter_of(day_in_china(moment))
    if not present <= quarter <= present.following:
        zh = f"只能填报 {present} 或 {present.following} 的需求。"
        en = f"Only the need of {present} or {present.following} can be reported."
        faults.append(FieldFault("quarter", zh, en))
    if not units or len(units) > LINES_MAX:
        zh, en = f"须有 1 至 {LINES_MAX} 个品种。", f"Expected 1 to {LINES_MAX} strengths."
        faults.append(FieldFault("units", zh, en))
    known = set(
        session.scalars(select(ProductStrength.id).where(ProductStrength.id.in_(list(units))))
    )
    for strength_id, number in units.items():
        if strength_id not in known:
            zh, en = "药品目录中没有该规格。", "The catalogue has no such strength."
            faults.append(FieldFault(f"units-{strength_id}", zh, en))
        if not 0 < number <= UNITS_MAX:
            zh, en = "须为大于 0 的最小单位数。", "Expected minimal units above 0."
            faults.append(FieldFault(f"units-{strength_id}", zh, en))
    return faults


def need_of(
    session: Session, *, institution_code: str, quarter: Quarter, lock: bool = False
) -> QuarterlyNeed | None:
    """Return what a pharmacy reported for a quarter, or None.

    Args:
        session: Any session.
        institution_code: Of the pharmacy.
        quarter: In which it is needed.
        lock: Hold it until the transaction ends.
    """
    wanted = select(QuarterlyNeed).where(
        QuarterlyNeed.institution_code == institution_code,
        QuarterlyNeed.year == quarter.year,
        QuarterlyNeed.quarter == quarter.number,
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def lines_of(session: Session, *, need_id: int) -> dict[int, int]:
    """Return the minimal units of a report by strength."""
    wanted = select(QuarterlyNeedLine.strength_id, QuarterlyNeedLine.units)
    rows = session.execute(wanted.where(QuarterlyNeedLine.need_id == need_id))
    return {strength_id: units for strength_id, units in rows}


def needs_of_year(
    session: Session, *, institution_code: str, year: int
) -> dict[int, QuarterlyNeed]:
    """Return a pharmacy's reports of a year, by quarter."""
    wanted = select(QuarterlyNeed).where(
        QuarterlyNeed.institution_code == institution_code, QuarterlyNeed.year == year
    )
    return {need.quarter: need for need in session.scalars(wanted)}


def sums_of(session: Session, *, region: str, quarter: Quarter) -> Sequence[NeedSum]:
    """Return what all pharmacies of a region need in a quarter, by generic product and strength.

    Args:
        session: Any session.
        region: Division code.
        quarter: In which it is needed.
    """
    rows = session.execute(
        select(
            GenericProduct.name,
            GenericProduct.printed_form,
            ProductStrength.label,
            GenericProduct.unit,
            func.sum(QuarterlyNeedLine.units),
            func.count(QuarterlyNeedLine.id),
        )
        .join(QuarterlyNeed, QuarterlyNeed.id == QuarterlyNeedLine.need_id)
        .join(ProductStrength, ProductStrength.id == QuarterlyNeedLine.strength_id)
        .join(GenericProduct, GenericProduct.id == ProductStrength.generic_product_id)
        .where(QuarterlyNeed.year == quarter.year, QuarterlyNeed.quarter == quarter.number)
        .where(QuarterlyNeed.county.startswith(region_prefix(region)))
        .group_by(
            GenericProduct.id,
            GenericProduct.name,
            GenericProduct.printed_form,
            ProductStrength.id,
            ProductStrength.label,
            GenericProduct.unit,
        )
        .order_by(GenericProduct.name, GenericProduct.printed_form, ProductStrength.label)
    )
    return [
        NeedSum(f"{name}{form}", strength, unit, int(units), pharmacies)
        for name, form, strength, unit, units, pharmacies in rows
    ]
