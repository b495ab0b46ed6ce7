"""By which rules a pooling area registers patients: documents, and what somebody gave beside them.

One document seldom states all: a city's guide says how patients register, the province's document
what separate payment is. The first of the chosen documents that states a rule holds; what none of
them states the agency gives, each with its basis.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION, is_division
from procurement.audit import record
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Actor
from procurement.pharmacies.errors import RuleMissingError
from procurement.pharmacies.listed.service import lists_above
from procurement.pharmacies.patients.errors import NoRulesError
from procurement.pharmacies.patients.tables import NOTE_LENGTH_MAX, PatientRules
from rulebooks import BadRulebookError, Rulebook, load_rulebook, rulebook_ids
from rulebooks.loader import read_value
from rulebooks.vocabulary import VOCABULARY

DUAL = "dual"

RETAINED = "patient.retained_years"
KEPT = "prescription.kept_years"
VALID_HOURS = "prescription.valid_hours"
LAST_MOMENT = "prescription.last_moment_counts"
DOCTOR_AREA = "prescription.doctor_area"
APPROVAL_DAYS = "registration.approval_working_days"
REVIEW_MONTHS = "review.months_max"

YEARS_MAX = 100
"""Beyond it a number of years is a slip of the pen."""

KEYS = (
    "registration.pharmacies",
    APPROVAL_DAYS,
    "registration.elsewhere",
    VALID_HOURS,
    LAST_MOMENT,
    DOCTOR_AREA,
    KEPT,
    REVIEW_MONTHS,
    "review.overdue",
    "separate.ratio_min",
    "separate.has_deductible",
    RETAINED,
)
"""Rules that a patient's way asks for, in its order."""

GIVEN_KEYS = (APPROVAL_DAYS, VALID_HOURS, LAST_MOMENT, DOCTOR_AREA, KEPT, REVIEW_MONTHS, RETAINED)
"""Those that an agency may give where no document states them."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value that an agency gives.

    Attributes:
        text: As typed.
        basis: The document or decision that it rests on.
    """

    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class NewRules:
    """The rules of a pooling area from a day on.

    Attributes:
        region: Its division code.
        rulebooks: Identifiers of documents, in the order in which they are asked.
        parameters: By key, what none of them states.
        starts_on: First day.
        document: What the agency bases its choice on.
    """

    region: str
    rulebooks: Sequence[str]
    parameters: Mapping[str, Given]
    starts_on: date
    document: str


class AreaRules:
    """The rules of a pooling area, asked by key."""

    def __init__(self, books: Sequence[Rulebook], given: Mapping[str, object]) -> None:
        """Take the documents in their order, and what was given beside them."""
        self._books = books
        self._given = given

    def value(self, key: str) -> object | None:
        """The value of a rule; None where nobody states or gives it.

        What somebody gave goes before a document's doubtful statement.
        """
        if key in self._given:
            return self._given[key]
        return next((book.rules[key].value for book in self._books if key in book.rules), None)

    def needed(self, key: str) -> object:
        """The value of a rule without which nothing can be decided.

        Raises:
            RuleMissingError: Nobody states it, and nobody gave it.
        """
        value = self.value(key)
        if value is None:
            term = VOCABULARY[DUAL][key]
            raise RuleMissingError(key, zh=term.zh, en=term.en)
        return value

    def count(self, key: str) -> int | None:
        """A whole number, or None."""
        value = self.value(key)
        return value if isinstance(value, int) else None

    @property
    def retained_years(self) -> int:
        """How long a patient's facts are kept: never shorter than prescriptions must be.

        Raises:
            RuleMissingError: Nobody says.
        """
        self.needed(RETAINED)
        return max(self.count(RETAINED) or 0, self.count(KEPT) or 0)


def give_rules(session: Session, *, new: NewRules, actor: Actor, moment: datetime) -> PatientRules:
    """Give the rules of a pooling area from a day on; earlier ones stay for what began under them.

    Raises:
        InvalidInputError: With every fault.
    """
    faults: list[FieldFault] = []
    if new.region == NATION or not is_division(new.region):
        faults.append(FieldFault("region", "须为省、市或县的代码。", "Expected a division code."))
    if not 0 < len(new.document) <= NOTE_LENGTH_MAX:
        faults.append(
            FieldFault("document", "须写明依据，至多 500 字。", "Expected 1 to 500 characters.")
        )
    books = _books(new.rulebooks, faults)
    given = _read_given(new.parameters, books, faults)
    rules = AreaRules(books, given)
    if books and rules.value(RETAINED) is None and RETAINED not in new.parameters:
        term = VOCABULARY[DUAL][RETAINED]
        zh = f"{term.zh}：没有文件载明，须由经办机构给出并写明依据。"
        en = f"{term.en}: no document states it; give it with its basis."
        faults.append(FieldFault(RETAINED, zh, en))
    if faults:
        raise InvalidInputError(faults)
    row = PatientRules(
        region=new.region,
        rulebooks=json.dumps([[book.id, book.digest] for book in books]),
        parameters=json.dumps(
            {key: {"text": one.text, "basis": one.basis} for key, one in new.parameters.items()},
            ensure_ascii=False,
        ),
        starts_on=new.starts_on,
        document=new.document,
        given_by=actor.person_id,
        given_at=moment,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor=actor,
        action="give-patient-rules",
        subject=f"region/{new.region}",
        facts={
            "rulebooks": ", ".join(book.id for book in books),
            "parameters": "; ".join(f"{key}={one.text}" for key, one in new.parameters.items()),
            "starts": new.starts_on.isoformat(),
            "document": new.document,
        },
        moment=moment,
    )
    return row


def rules_on(session: Session, *, region: str, day: date) -> PatientRules:
    """Return the rules of a pooling area on a day; a city without its own has its province's.

    Raises:
        NoRulesError: Nobody gave any.
    """
    for above in lists_above(region):
        found = session.scalars(
            select(PatientRules)
            .where(PatientRules.region == above, PatientRules.starts_on <= day)
            .order_by(PatientRules.starts_on.desc(), PatientRules.id.desc())
            .limit(1)
        ).one_or_none()
        if found is not None:
            return found
    raise NoRulesError(region)


def read_rules(row: PatientRules) -> AreaRules:
    """Return what a row of rules says."""
    books = [load_rulebook(name) for name, _digest in json.loads(row.rulebooks)]
    given = {key: _value(key, one["text"]) for key, one in json.loads(row.parameters).items()}
    return AreaRules(books, given)


def offered_documents() -> list[Rulebook]:
    """Return the documents on the dual channel, by identifier."""
    books = [load_rulebook(name) for name in rulebook_ids()]
    terms = VOCABULARY[DUAL].keys()
    return [book for book in books if {*book.rules, *book.unknown} <= terms]


def _books(wanted: Sequence[str], faults: list[FieldFault]) -> list[Rulebook]:
    known = {book.id: book for book in offered_documents()}
    unknown = [one for one in wanted if one not in known]
    if unknown or not wanted or len(set(wanted)) < len(wanted):
        expected = ", ".join(known)
        zh, en = f"须从下列文件中选取，不重复：{expected}。", f"Expected some of {expected}, once."
        faults.append(FieldFault("rulebooks", zh, en))
        return []
    return [known[one] for one in wanted]


def _read_given(
    parameters: Mapping[str, Given], books: Sequence[Rulebook], faults: list[FieldFault]
) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, given in parameters.items():
        stated = [book.id for book in books if key in book.rules and book.rules[key].verified]
        if key not in GIVEN_KEYS:
            faults.append(FieldFault(key, "不能给出此项。", "This cannot be given."))
        elif stated:
            zh, en = f"{stated[0]} 已载明此项。", f"{stated[0]} states it."
            faults.append(FieldFault(key, zh, en))
        elif not 0 < len(given.basis) <= NOTE_LENGTH_MAX:
            faults.append(FieldFault(key, "须写明依据。", "Expected its basis."))
        else:
            try:
                read[key] = _value(key, given.text)
            except ValueError as fault:
                faults.append(FieldFault(key, f"取值有误：{fault}", str(fault)))
                continue
            years = read[key] if key in (RETAINED, KEPT) else None
            if isinstance(years, int) and years > YEARS_MAX:
                zh, en = f"不能超过 {YEARS_MAX} 年。", f"Expected at most {YEARS_MAX} years."
                faults.append(FieldFault(key, zh, en))
    return read


def _value(key: str, text: str) -> object:
    """Read a value as somebody typed it.

    Raises:
        ValueError: It is not of the rule's kind.
    """
    raw: object = text
    if text.isascii() and text.isdigit() and len(text) <= 6:
        raw = int(text)
    elif text in ("true", "false"):
        raw = text == "true"
    try:
        return read_value("parameters", key, raw, VOCABULARY[DUAL])
    except BadRulebookError as fault:
        raise ValueError(fault.cause) from None
