"""A pharmacy's year: what the platform knows of it, what the document says, and the sign's end."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.audit import record
from procurement.china_days import Quarter, day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor
from procurement.pharmacies.convenience.checking import too_dear_in_year
from procurement.pharmacies.convenience.documents import require_convenience, rules_for
from procurement.pharmacies.convenience.purchases import bought_in_year
from procurement.pharmacies.convenience.tables import ConvenienceYear
from procurement.pharmacies.designation.lasting import Happened, decide
from procurement.pharmacies.designation.states import DesignationEventKind
from procurement.pharmacies.designation.tables import Designation
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.convenience import PharmacyYear, standing
from procurement.volumes.quarterly.rules import due_at
from procurement.volumes.quarterly.service import lines_of, needs_of_year

BASIS_MAX = 300
_SALES_MAX = Decimal(10) ** 12


class SignStaysError(RefusedError):
    """Nothing that was found costs the sign."""

    def __init__(self) -> None:
        """Say what is missing."""
        super().__init__(
            zh="该药店最近的年度评价没有应当摘牌的情形。",
            en="The newest judgement of the pharmacy's year does not cost it the sign.",
        )


@dataclass(frozen=True, slots=True)
class KnownYear:
    """What the platform knows of a pharmacy's year.

    Attributes:
        quarters: Quarters of the year for which it had to report, and whether it did in time.
        needed: Minimal units that it reported to need.
        bought: Minimal units of winning products that its keeper accepted; None where the keeper
            has further places, for which orders do not say what went where.
        amount: Yuan of those purchases; None likewise.
        price: The dearest excess that a check found: sale and winning price; None without one.
    """

    quarters: tuple[tuple[int, bool], ...]
    needed: int
    bought: int | None
    amount: Decimal | None
    price: tuple[Decimal, Decimal] | None

    @property
    def completion(self) -> Decimal | None:
        """Bought of what was reported to be needed, cut to four decimals; None if not known."""
        if not self.needed or self.bought is None:
            return None
        return (Decimal(self.bought) / self.needed).quantize(Decimal("0.0001"), "ROUND_DOWN")


def known_year(
    session: Session, *, place: Place, designation: Designation, year: int, moment: datetime
) -> KnownYear:
    """Return what the platform knows of a pharmacy's year.

    A quarter counts when its report fell due while the place was designated, and by now.

    Raises:
        NoDocumentError: No document is known for the region.
        RuleNotStatedError: It does not say until when need is reported.
    """
    day_of_month = rules_for(session, place=place, designation=designation).count("demand.day")
    reports = needs_of_year(session, institution_code=place.institution_code, year=year)
    quarters = []
    for number in range(1, 5):
        due = due_at(Quarter(year, number), day_of_month=day_of_month)
        if due <= moment and designation.starts_on < day_in_china(due):
            report = reports.get(number)
            quarters.append((number, report is not None and report.is_in_time))
    needed = sum(sum(lines_of(session, need_id=one.id).values()) for one in reports.values())
    bought, amount = _bought(session, place, year)
    excess = next(iter(too_dear_in_year(session, place_id=place.id, year=year)), None)
    price = None
    if excess is not None and excess.limit_price is not None:
        price = (excess.sale_price, excess.limit_price)
    return KnownYear(tuple(quarters), needed, bought, amount, price)


def _bought(session: Session, place: Place, year: int) -> tuple[int | None, Decimal | None]:
    """What the keeper bought in a year, where all of it was for this place."""
    kept = select(func.count()).where(Place.organisation_id == place.organisation_id)
    if place.organisation_id is None or session.scalar(kept) != 1:
        return None, None
    return bought_in_year(session, organisation_id=place.organisation_id, year=year)


@dataclass(frozen=True, slots=True)
class Stated:
    """What an officer states of a year.

    Attributes:
        completion: Of what it agreed to, as a ratio.
        sales: Yearly sales of winning products, in yuan.
        basis: What both rest on.
    """

    completion: Decimal
    sales: Decimal
    basis: str


def judge_year(
    session: Session, *, place: Place, year: int, stated: Stated, actor: Actor, moment: datetime
) -> ConvenienceYear:
    """Judge a pharmacy's year by its document; a later judgement of the year replaces this one.

    Args:
        session: Session of the caller's transaction.
        place: The pharmacy.
        year: Of the calendar; not in the future.
        stated: What an officer states.
        actor: Who judges.
        moment: When, aware.

    Raises:
        InvalidInputError: A figure or its basis is wrong.
        NotConvenienceError: It is no convenience pharmacy today.
        NoDocumentError: No document is known for the region.
        RuleNotStatedError: The document leaves open what is needed.
    """
    today = day_in_china(moment)
    designation = require_convenience(session, place=place, day=today)
    faults = _faults(year, stated, designation, today)
    if faults:
        raise InvalidInputError(faults)
    rules = rules_for(session, place=place, designation=designation)
    known = known_year(session, place=place, designation=designation, year=year, moment=moment)
    price, limit = known.price or (Decimal(0), Decimal(0))
    reported = [in_time for _, in_time in known.quarters]
    judged = standing(PharmacyYear(reported, stated.completion, stated.sales, price, limit), rules)
    row = ConvenienceYear(
        place_id=place.id,
        designation_id=designation.id,
        year=year,
        rulebook=rules.rulebook.id,
        rulebook_digest=rules.rulebook.digest,
        facts=_facts(known, stated),
        keeps_sign=judged.keeps_sign,
        is_preferred=judged.is_preferred,
        blocked_years=judged.blocked_years,
        because="\n".join(judged.because),
        judged_by=actor.person_id,
        judged_at=moment,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor=actor,
        action="judge-convenience-year",
        subject=f"place/{place.institution_code}",
        facts={
            "year": str(year),
            "keeps_sign": str(judged.keeps_sign).lower(),
            "because": ", ".join(judged.because),
            "basis": stated.basis,
        },
        moment=moment,
    )
    return row


def remove_sign(
    session: Session,
    *,
    place: Place,
    document: str,
    happens_on: date | None,
    version: int,
    actor: Actor,
    moment: datetime,
) -> Designation:
    """Take the sign from a pharmacy whose newest judgement costs it.

    Args:
        session: Session of the caller's transaction.
        place: The pharmacy.
        document: Number of the decision.
        happens_on: First day without the sign.
        version: Of the designation, as the page showed it.
        actor: Who decides.
        moment: When, aware.

    Raises:
        SignStaysError: Its newest judgement does not cost it the sign.
        InvalidInputError: Document or day is missing or wrong.
        StaleError: Somebody changed the designation since.
    """
    designation = require_convenience(session, place=place, day=day_in_china(moment))
    row = newest_year(session, designation_id=designation.id)
    if row is None or row.keeps_sign:
        raise SignStaysError
    reason = f"{row.year} 年度：{row.because.replace(chr(10), '、')}（{row.rulebook}）"
    happened = Happened(DesignationEventKind.TERMINATED, happens_on, reason, document)
    return decide(
        session,
        designation_id=designation.id,
        happened=happened,
        version=version,
        actor=actor,
        moment=moment,
    )


def newest_year(session: Session, *, designation_id: int) -> ConvenienceYear | None:
    """Return the newest judgement under a designation, or None."""
    wanted = select(ConvenienceYear).where(ConvenienceYear.designation_id == designation_id)
    return session.scalars(wanted.order_by(ConvenienceYear.id.desc()).limit(1)).one_or_none()


def years_of(session: Session, *, place_id: int) -> Sequence[ConvenienceYear]:
    """Return the judgement that counts for each year of a pharmacy, the newest year first."""
    wanted = select(ConvenienceYear).where(ConvenienceYear.place_id == place_id)
    newest = {row.year: row for row in session.scalars(wanted.order_by(ConvenienceYear.id))}
    return [newest[year] for year in sorted(newest, reverse=True)]


def _facts(known: KnownYear, stated: Stated) -> str:
    facts = {
        "quarters": {str(number): in_time for number, in_time in known.quarters},
        "needed": known.needed,
        "bought": known.bought,
        "amount": None if known.amount is None else str(known.amount),
        "completion": str(stated.completion),
        "sales": str(stated.sales),
        "basis": stated.basis,
        "price": None if known.price is None else [str(one) for one in known.price],
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _faults(year: int, stated: Stated, designation: Designation, today: date) -> list[FieldFault]:
    faults = []
    if not designation.starts_on.year <= year <= today.year:
        zh = f"须为 {designation.starts_on.year} 至 {today.year} 年。"
        en = f"Expected {designation.starts_on.year} to {today.year}."
        faults.append(FieldFault("year", zh, en))
    if not 0 <= stated.completion <= _COMPLETION_MAX:
        zh, en = "须为 0 以上的比例，如 0.85。", "Expected a ratio such as 0.85."
        faults.append(FieldFault("completion", zh, en))
    if not 0 <= stated.sales < _SALES_MAX:
        faults.append(FieldFault("sales", "须为 0 以上的金额（元）。", "Expected yuan, 0 or more."))
    if not 0 < len(stated.basis) <= BASIS_MAX:
        zh, en = f"请写明依据，不超过 {BASIS_MAX} 字。", "Say what the figures rest on."
        faults.append(FieldFault("basis", zh, en))
    return faults


_COMPLETION_MAX = 100
