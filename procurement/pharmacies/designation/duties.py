"""The duty of designated hospitals to bring listed drugs in: made, answered, overdue, lifted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, StaleError
from procurement.permissions import Actor, NotFoundForActorError
from procurement.pharmacies.designation.duty_terms import term_for, terms_in
from procurement.pharmacies.designation.fields import reason_faults
from procurement.pharmacies.designation.service import designated_places, runs_on
from procurement.pharmacies.designation.states import (
    DesignationScheme,
    DutyStatus,
    require_duty_step,
)
from procurement.pharmacies.designation.tables import (
    Designation,
    DrugDuty,
    DutyReport,
    DutyTerm,
)
from procurement.pharmacies.listed.periods import periods_by_drug
from procurement.pharmacies.listed.service import DUAL, Listed, listed_on
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.registration import months_after

ANSWERS = (DutyStatus.BROUGHT_IN, DutyStatus.EXPLAINED)
"""What a hospital may report."""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hospital reports of a duty for a month.

    Attributes:
        month: Any day of it.
        status: One of `ANSWERS`.
        brought_in_on: The day on which the drug was there; needed where it was brought in.
        reason: Needed where it was not.
    """

    month: date | None
    status: DutyStatus | None
    brought_in_on: date | None = None
    reason: str = ""


def counties_with_duties(session: Session, *, day: date, region: str = "000000") -> list[str]:
    """Return the counties that have a hospital of the dual channel on a day."""
    found = designated_places(
        session, scheme=DesignationScheme.DUAL_CHANNEL, region=region, day=day
    )
    return sorted({place.county for place, _ in found if place.kind == PlaceKind.HOSPITAL})


def spread_duties(session: Session, *, county: str, moment: datetime) -> int:
    """Give the designated hospitals of a county their duties; what is there already stays.

    A duty counts from the drug's first day on the list, or from the hospital's designation where
    that came later. Drugs for whose first day nobody set a term get no duty. Duties whose drug
    left the list, or whose hospital's designation ended, are lifted, and hold again when both are
    back; a suspension lifts nothing.

    Returns:
        How many duties were made.
    """
    day = day_in_china(moment)
    hospitals = [
        (place, designation.starts_on)
        for place, designation in designated_places(
            session, scheme=DesignationScheme.DUAL_CHANNEL, region=county, day=day
        )
        if place.kind == PlaceKind.HOSPITAL and place.county == county
    ]
    terms = terms_in(session, region=county)
    if not terms and not _has_duties(session, county):
        return 0
    since = _dual_since(session, listed_on(session, region=county, day=day, states=DUAL))
    _lift(session, county, _not_ended(session, county, day), since, moment)
    _bring_back(session, county, {place.id: begun for place, begun in hospitals}, since, moment)
    present = _present(session, [place.id for place, _ in hospitals])
    rows = [
        row
        for place, designated_from in hospitals
        for row in _missing(place, designated_from, since, terms, present, day, moment)
    ]
    for start in range(0, len(rows), _BATCH):
        session.execute(insert(DrugDuty), rows[start : start + _BATCH])
    return len(rows)


def _has_duties(session: Session, county: str) -> bool:
    duty = exists().where(DrugDuty.place_id == Place.id, Place.county == county)
    return bool(session.scalar(select(duty)))


def _dual_since(session: Session, listed: Sequence[Listed]) -> dict[int, date]:
    """Since when each drug is in the dual channel without a break, whatever else changed."""
    periods = periods_by_drug(session, listed_drug_ids=[one.drug.id for one in listed])
    since = {}
    for one in listed:
        first = one.period.starts_on
        for period in reversed(periods[one.drug.id]):
            if period.ends_on == first - timedelta(days=1) and period.state in DUAL:
                first = period.starts_on
        since[one.drug.id] = first
    return since


def _present(session: Session, place_ids: Sequence[int]) -> set[tuple[int, int, date]]:
    found: set[tuple[int, int, date]] = set()
    for start in range(0, len(place_ids), _BATCH):
        rows = session.execute(
            select(DrugDuty.place_id, DrugDuty.listed_drug_id, DrugDuty.listed_on).where(
                DrugDuty.place_id.in_(place_ids[start : start + _BATCH])
            )
        )
        found.update((place_id, drug_id, since) for place_id, drug_id, since in rows)
    return found


def _missing(
    place: Place,
    designated_from: date,
    since: Mapping[int, date],
    terms: Sequence[DutyTerm],
    present: set[tuple[int, int, date]],
    day: date,
    moment: datetime,
) -> Iterable[dict[str, object]]:
    for drug_id, first in since.items():
        term = term_for(terms, county=place.county, listed_on=first)
        if term is None or (place.id, drug_id, first) in present:
            continue
        due_on = months_after(max(first, designated_from), term.months)
        yield {
            "place_id": place.id,
            "listed_drug_id": drug_id,
            "listed_on": first,
            "due_on": due_on,
            "term_id": term.id,
            "status": DutyStatus.OVERDUE if due_on < day else DutyStatus.DUE,
            "reason": "",
            "version": 1,
            "changed_at": moment,
        }


def _not_ended(session: Session, county: str, day: date) -> set[int]:
    """Places whose designation runs: one that is only suspended keeps its duties."""
    running = (
        select(Designation.place_id)
        .join(Place, Place.id == Designation.place_id)
        .where(
            Place.county == county,
            Designation.scheme == DesignationScheme.DUAL_CHANNEL,
            runs_on(day),
        )
    )
    return set(session.scalars(running))


def _lift(
    session: Session,
    county: str,
    hospitals: set[int],
    since: Mapping[int, date],
    moment: datetime,
) -> None:
    standing = session.scalars(
        select(DrugDuty)
        .join(Place, Place.id == DrugDuty.place_id)
        .where(Place.county == county, DrugDuty.status != DutyStatus.LIFTED)
    )
    for duty in standing:
        holds = duty.place_id in hospitals and since.get(duty.listed_drug_id) == duty.listed_on
        if not holds:
            duty.status = DutyStatus.LIFTED
            duty.version += 1
            duty.changed_at = moment
    session.flush()


def _bring_back(
    session: Session,
    county: str,
    designated_from: Mapping[int, date],
    since: Mapping[int, date],
    moment: datetime,
) -> None:
    day = day_in_china(moment)
    lifted = session.execute(
        select(DrugDuty, DutyTerm.months)
        .join(DutyTerm, DutyTerm.id == DrugDuty.term_id)
        .join(Place, Place.id == DrugDuty.place_id)
        .where(Place.county == county, DrugDuty.status == DutyStatus.LIFTED)
    )
    for duty, months in lifted.all():
        begun = designated_from.get(duty.place_id)
        if begun is None or since.get(duty.listed_drug_id) != duty.listed_on:
            continue
        duty.due_on = months_after(max(duty.listed_on, begun), months)
        _step(duty, DutyStatus.OVERDUE if duty.due_on < day else DutyStatus.DUE)
        # What the hospital reported before still stands, as the months' tables show it.
        reported = _newest_report(session, duty)
        if reported is not None:
            _step(duty, DutyStatus(reported.status))
        duty.version += 1
        duty.changed_at = moment
    session.flush()


def _step(duty: DrugDuty, wanted: DutyStatus) -> None:
    require_duty_step(DutyStatus(duty.status), wanted)
    duty.status = wanted


def mark_overdue(session: Session, *, moment: datetime) -> int:
    """Mark duties whose last day has passed without drug and without reason; for the daily job.

    Returns:
        How many were marked.
    """
    late = (
        update(DrugDuty)
        .where(DrugDuty.status == DutyStatus.DUE, DrugDuty.due_on < day_in_china(moment))
        .values(status=DutyStatus.OVERDUE, version=DrugDuty.version + 1, changed_at=moment)
        .returning(DrugDuty.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(late).all())


def answer_duty(
    session: Session,
    *,
    duty_id: int,
    answer: Answer,
    version: int,
    actor: Actor,
    moment: datetime,
) -> DrugDuty:
    """Report for a month that a drug was brought in, or why not.

    Args:
        session: Session of the caller's transaction.
        duty_id: The duty.
        answer: What is reported; the newest report of a month counts.
        version: As the page showed it.
        actor: Of the hospital.
        moment: When, aware.

    Raises:
        InvalidInputError: The month lies in the future or before the duty, the day is wrong, or
            a reason is missing.
        StepNotPossibleError: The duty was lifted.
        StaleError: Somebody changed it since.
    """
    duty = _lock(session, duty_id, version)
    faults = _answer_faults(duty, answer, day_in_china(moment))
    if faults or answer.status is None or answer.month is None:
        raise InvalidInputError(faults)
    before = DutyStatus(duty.status)
    require_duty_step(before, answer.status)
    session.add(
        DutyReport(
            duty_id=duty.id,
            month=answer.month.replace(day=1),
            status=answer.status,
            reason=answer.reason.strip(),
            reported_by=actor.person_id,
            reported_at=moment,
        )
    )
    _take_newest(session, duty, answer)
    duty.version += 1
    duty.changed_at = moment
    session.flush()
    record(
        session,
        actor=actor,
        action="answer-drug-duty",
        subject=f"drug-duty/{duty.id}",
        facts={
            "month": f"{answer.month:%Y-%m}",
            "before": before.value,
            "after": answer.status.value,
            "reason": answer.reason.strip(),
        },
        moment=moment,
    )
    return duty


def _take_newest(session: Session, duty: DrugDuty, answer: Answer) -> None:
    """A report of an earlier month corrects that month; the duty stands as the latest month."""
    latest = _newest_report(session, duty)
    if answer.month is None or answer.status is None:
        return
    if latest is None or answer.month.replace(day=1) >= latest.month:
        duty.status, duty.reason = answer.status, answer.reason.strip()
        if answer.brought_in_on is not None:
            duty.brought_in_on = answer.brought_in_on


def _newest_report(session: Session, duty: DrugDuty) -> DutyReport | None:
    return session.scalar(
        select(DutyReport)
        .where(DutyReport.duty_id == duty.id)
        .order_by(DutyReport.month.desc(), DutyReport.id.desc())
        .limit(1)
    )


def _lock(session: Session, duty_id: int, version: int) -> DrugDuty:
    held = select(DrugDuty).where(DrugDuty.id == duty_id).with_for_update()
    duty = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if duty is None:
        raise NotFoundForActorError
    if duty.version != version:
        raise StaleError
    return duty


def _answer_faults(duty: DrugDuty, answer: Answer, today: date) -> list[FieldFault]:
    faults = []
    if answer.month is None or not (
        duty.listed_on.replace(day=1) <= answer.month.replace(day=1) <= today
    ):
        zh = f"月份须在 {duty.listed_on:%Y-%m} 至 {today:%Y-%m} 之间。"
        en = f"Expected a month from {duty.listed_on:%Y-%m} to {today:%Y-%m}."
        faults.append(FieldFault("month", zh, en))
    if answer.status not in ANSWERS:
        faults.append(FieldFault("status", "请选择是否已配备。", "Say whether it is there."))
    elif answer.status is DutyStatus.EXPLAINED:
        faults += reason_faults(answer.reason)
    elif answer.brought_in_on is None or answer.brought_in_on > today:
        zh, en = "请填写配备日期，不得晚于今天。", "Give the day, not after today."
        faults.append(FieldFault("brought_in_on", zh, en))
    return faults


def find_duty(session: Session, *, duty_id: int) -> DrugDuty:
    """Return a duty.

    Raises:
        NotFoundForActorError: There is none.
    """
    duty = session.get(DrugDuty, duty_id)
    if duty is None:
        raise NotFoundForActorError
    return duty


def reports_of(session: Session, *, duty_id: int) -> Sequence[DutyReport]:
    """Return what was reported of a duty, oldest first."""
    own = select(DutyReport).where(DutyReport.duty_id == duty_id)
    return session.scalars(own.order_by(DutyReport.month, DutyReport.id)).all()
