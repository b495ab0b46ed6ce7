"""Factors that a bureau gives: stored for all lines, hospitals, strengths, or one line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.savings.settlements.changing import (
    lock,
    noted,
    require_idle,
    require_status,
    touch,
)
from procurement.savings.settlements.factor_values import (
    FACTORS,
    PAYMENT_RATIO_SPEND,
    PRICE_BEFORE,
    FactorValues,
    read_factors,
)
from procurement.savings.settlements.lines import Agreed, Supply, agreed_of, supplies_of
from procurement.savings.settlements.parameters import rules_of
from procurement.savings.settlements.terms import terms_of
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import SavingsSettlement, SettlementFactor

CHANGEABLE = (
    SettlementStatus.DRAFTED,
    SettlementStatus.EXTRACTED,
    SettlementStatus.ASSESSED,
    # What is changed now counts where an objection is upheld.
    SettlementStatus.COMPUTED,
    SettlementStatus.WITH_HOSPITALS,
)
ALL = 0

Place = tuple[int, int, int]
"""Hospital, batch-year and strength that a factor is for; 0 stands for all."""


@dataclass(frozen=True, slots=True)
class MissingFactor:
    """A factor that a line needs, and that nothing gives, or two things give differently.

    Attributes:
        hospital_id: The hospital.
        supply: The supply.
        factor: Name of the factor.
        is_ambiguous: Whether two rows that name equally much give different values.
    """

    hospital_id: int
    supply: Supply
    factor: str
    is_ambiguous: bool


class FactorTable:
    """The factors of a settlement; finds those of a line."""

    def __init__(self, rows: Iterable[SettlementFactor], *, two_ratios: bool) -> None:
        """Keep the rows by what they are for."""
        self._rows = {(row.hospital_id, row.term_id, row.strength_id): row for row in rows}
        self._needed = tuple(name for name in FACTORS if two_ratios or name != PAYMENT_RATIO_SPEND)

    def values_of(self, hospital_id: int, supply: Supply) -> tuple[FactorValues, dict[str, bool]]:
        """The factors of a line.

        Returns:
            The factors, and those that are missing: True where two rows contradict each other.
        """
        found: dict[str, object] = {}
        missing: dict[str, bool] = {}
        places = _places(hospital_id, supply)
        for name in FACTORS:
            value, is_ambiguous = self._value(name, places)
            if is_ambiguous or (value is None and name in self._needed):
                missing[name] = is_ambiguous
            found[name] = value
        return FactorValues(**found), missing  # type: ignore[arg-type]

    def _value(self, name: str, places: Sequence[Sequence[Place]]) -> tuple[object, bool]:
        """The value of the rows that name most; and whether these contradict each other."""
        for alike in places:
            rows = (self._rows.get(place) for place in alike)
            values = {getattr(row, name) for row in rows if row is not None} - {None}
            if values:
                return (next(iter(values)), False) if len(values) == 1 else (None, True)
        return None, False


def _places(hospital_id: int, supply: Supply) -> Sequence[Sequence[Place]]:
    """What rows may be for, from those that name most; equally much stands together."""
    term, strength = supply.term_id, supply.strength_id
    return (
        [(hospital_id, term, strength)],
        [(hospital_id, ALL, strength), (hospital_id, term, ALL), (ALL, term, strength)],
        [(hospital_id, ALL, ALL), (ALL, ALL, strength), (ALL, term, ALL)],
        [(ALL, ALL, ALL)],
    )


def factor_table(session: Session, *, settlement: SavingsSettlement) -> FactorTable:
    """Load the factors of a settlement."""
    rules = rules_of(settlement)
    return FactorTable(
        factors_of(session, settlement=settlement), two_ratios=rules.scheme.formula.two_ratios
    )


def factors_of(session: Session, *, settlement: SavingsSettlement) -> Sequence[SettlementFactor]:
    """Return what was given, from the row for all lines to those for one."""
    return session.scalars(
        select(SettlementFactor)
        .where(SettlementFactor.settlement_id == settlement.id)
        .order_by(
            SettlementFactor.hospital_id,
            SettlementFactor.term_id,
            SettlementFactor.strength_id,
        )
    ).all()


def missing_factors(session: Session, *, settlement: SavingsSettlement) -> list[MissingFactor]:
    """Return every factor that a line needs and that is not given, or given twice."""
    table = factor_table(session, settlement=settlement)
    ids = [one.term_id for one in terms_of(session, settlement=settlement)]
    supplies = supplies_of(session, term_ids=ids)
    return missing_in(table, agreed_of(session, settlement=settlement), supplies)


def missing_in(
    table: FactorTable, agreed: Iterable[Agreed], supplies: Mapping[int, Supply]
) -> list[MissingFactor]:
    """As `missing_factors`, of lines that are loaded already."""
    return [
        MissingFactor(line.hospital_id, supplies[line.supply_id], name, is_ambiguous)
        for line in agreed
        for name, is_ambiguous in table.values_of(line.hospital_id, supplies[line.supply_id])[
            1
        ].items()
    ]


def give_factors(
    session: Session,
    *,
    settlement: SavingsSettlement,
    place: Place,
    texts: Mapping[str, str],
    actor: Actor,
    moment: datetime,
) -> None:
    """Give factors by a form; empty fields take a factor away that was given there.

    Args:
        session: Session of the caller's transaction.
        settlement: The settlement.
        place: Hospital, batch-year and strength; 0 for all.
        texts: As typed, by the names of `FACTORS`.
        actor: Who gives them.
        moment: Now, aware.

    Raises:
        InvalidInputError: With everything that is wrong.
        WrongStateError: The settlement is reported already.
    """
    locked = open_for_factors(session, settlement)
    values, faults = read_factors(texts)
    faults += place_faults(session, settlement=locked, place=place)
    if values.price_before is not None and not place[2]:
        faults.append(PRICE_WITHOUT_STRENGTH)
    if faults:
        raise InvalidInputError(faults)
    store_factors(session, settlement=locked, rows={place: values}, actor=actor, moment=moment)


PRICE_WITHOUT_STRENGTH = FieldFault(
    PRICE_BEFORE, "集采前价格须按品规给出。", "A price before is given for a strength."
)


def open_for_factors(session: Session, settlement: SavingsSettlement) -> SavingsSettlement:
    """Lock a settlement whose factors may be changed.

    Raises:
        WrongStateError: It is reported already.
        RunUnderWayError: A job is at work.
    """
    locked = lock(session, settlement=settlement)
    require_status(locked, *CHANGEABLE)
    require_idle(session, settlement=locked)
    return locked


def store_factors(
    session: Session,
    *,
    settlement: SavingsSettlement,
    rows: Mapping[Place, FactorValues],
    actor: Actor,
    moment: datetime,
) -> None:
    """Store factors: they are what is given for their places from now on."""
    known = {
        (row.hospital_id, row.term_id, row.strength_id): row
        for row in factors_of(session, settlement=settlement)
    }
    for place, values in rows.items():
        row = known.get(place)
        if values.is_empty:
            if row is not None:
                session.delete(row)
            continue
        if row is None:
            row = SettlementFactor(settlement_id=settlement.id)
            row.hospital_id, row.term_id, row.strength_id = place
            session.add(row)
        for one in fields(values):
            setattr(row, one.name, getattr(values, one.name))
        row.given_by, row.given_at = actor.person_id, moment
    touch(settlement, moment=moment)
    session.flush()
    facts = {"rows": str(len(rows))}
    noted(
        session,
        settlement=settlement,
        action="give-factors",
        actor=actor,
        moment=moment,
        facts=facts,
    )


def with_known(
    session: Session, *, settlement: SavingsSettlement, rows: Mapping[Place, FactorValues]
) -> dict[Place, FactorValues]:
    """Complete factors by those that were given for the same places before."""
    known = {
        (row.hospital_id, row.term_id, row.strength_id): row
        for row in factors_of(session, settlement=settlement)
    }
    found = {}
    for place, values in rows.items():
        row = known.get(place)
        given = {one.name: getattr(values, one.name) for one in fields(values)}
        if row is not None:
            kept = {name: getattr(row, name) for name, value in given.items() if value is None}
            given |= kept
        found[place] = FactorValues(**given)
    return found


def place_faults(
    session: Session, *, settlement: SavingsSettlement, place: Place
) -> list[FieldFault]:
    """What is wrong with the hospital, batch-year or strength that factors are for."""
    hospital_id, term_id, strength_id = place
    ids = [one.term_id for one in terms_of(session, settlement=settlement)]
    faults = []
    if hospital_id and session.get(Organisation, hospital_id) is None:
        faults.append(FieldFault("hospital", "没有该医疗机构。", "There is no such hospital."))
    if term_id and term_id not in ids:
        zh, en = "不是本次清算的批次年度。", "It is no batch-year of this settlement."
        faults.append(FieldFault("batch", zh, en))
    strengths = {one.strength_id for one in supplies_of(session, term_ids=ids).values()}
    if strength_id and strength_id not in strengths:
        zh, en = "不是本次清算的品规。", "It is no strength of this settlement."
        faults.append(FieldFault("strength", zh, en))
    return faults
