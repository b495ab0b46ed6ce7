"""Registrations by machine: listing, entering, deciding, reviewing, another pharmacy, bills.

An insured number is sent in bodies only, is turned into a pseudonym and kept nowhere: neither in
answers nor in what is remembered of requests.
"""

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from procurement.bids.at_edge import secret_key
from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action, NotFoundForActorError
from procurement.pharmacies.api.registration_shapes import (
    BenefitEntry,
    ChangeBody,
    DecisionBody,
    HospitalBillBody,
    LookupBody,
    RegistrationBody,
    RegistrationEntry,
    RegistrationList,
    ReviewBody,
    VersionBody,
    benefit_entry,
)
from procurement.pharmacies.patients.at_edge import place_for, registration_for, yuan
from procurement.pharmacies.patients.changing_pharmacy import (
    decide_change,
    request_change,
    waiting_change,
)
from procurement.pharmacies.patients.deciding import decide_registration
from procurement.pharmacies.patients.dispensing import NewBill, settle_bill
from procurement.pharmacies.patients.listing import (
    RegistrationFilter,
    find_registrations,
    places_by_id,
    registrations_seen,
)
from procurement.pharmacies.patients.registering import (
    NewRegistration,
    apply_registration,
    draft_registration,
    withdraw_registration,
)
from procurement.pharmacies.patients.reviewing import decide_review, make_review, waiting_review
from procurement.pharmacies.patients.states import RegistrationStatus, ReviewOutcome
from procurement.pharmacies.patients.subjects import doctor_subject
from procurement.pharmacies.patients.tables import Registration
from procurement.web import OWN_IDEMPOTENCY, Cursor, PageSize, Visit, paginate_by_key, reads, writes

TAGS = ["patients"]
PATH = "/api/v1/registrations"
NO_MEMORY = {OWN_IDEMPOTENCY: True}
"""Nothing of a request that holds an insured number is kept; a registration is unique anyway."""

_ID_MAX = 2**31 - 1


def _entries(visit: Visit, rows: list[Registration]) -> list[RegistrationEntry]:
    places = places_by_id(visit.session, registrations=rows)
    return [
        RegistrationEntry(
            number=row.number,
            status=row.status,
            region=row.region,
            listed_drug_id=row.listed_drug_id,
            hospital=places[row.hospital_place_id].institution_code,
            pharmacy=places[row.pharmacy_place_id].institution_code,
            due_on=row.due_on,
            starts_on=row.starts_on,
            review_due_on=row.review_due_on,
            ended_on=row.ended_on,
            version=row.version,
        )
        for row in rows
    ]


def _entry(visit: Visit, row: Registration) -> RegistrationEntry:
    return _entries(visit, [row])[0]


@get(PATH, tags=TAGS)
@reads
def list_registrations(
    visit: Visit,
    status: FromQuery[RegistrationStatus | None] = None,
    page_size: PageSize = 50,
    cursor: Cursor = None,
) -> RegistrationList:
    """List the registrations that one sees, as doctor, agency or pharmacy."""
    visit.require_ever(Action.READ_REGISTRATION)
    wanted = RegistrationFilter(status="" if status is None else status.value)
    page = paginate_by_key(
        visit.session,
        registrations_seen(actor=visit.actor, moment=visit.moment, wanted=wanted),
        key=Registration.id.expression,
        cursor=cursor,
        size=page_size,
    )
    return RegistrationList(_entries(visit, list(page.rows)), page.next_cursor)


@get(PATH + "/{registration_number:str}", tags=TAGS)
@reads
def show(visit: Visit, registration_number: FromPath[str]) -> RegistrationEntry:
    """Return a registration."""
    return _entry(visit, registration_for(visit, registration_number, Action.READ_REGISTRATION))


@post(PATH, tags=TAGS, status_code=201, opt=NO_MEMORY)
@writes
def draft(visit: Visit, data: JSONBody[RegistrationBody]) -> RegistrationEntry:
    """Draft a registration, as a responsible doctor; papers are added on its page."""
    visit.require(Action.APPLY_REGISTRATION, doctor_subject(visit.actor.person_id))
    new = NewRegistration(
        insured_number=data.insured_number,
        fund=data.fund,
        region=data.region,
        listed_drug_id=max(0, min(data.listed_drug_id, _ID_MAX)),
        hospital_code=data.hospital,
        pharmacy_code=data.pharmacy,
        indication=data.indication,
    )
    row = draft_registration(
        visit.session,
        new=new,
        secret_key=secret_key(visit),
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, row)


@post("/api/v1/registration-lookups", tags=TAGS, status_code=200, opt=NO_MEMORY)
@writes
def look_up(visit: Visit, data: JSONBody[LookupBody]) -> RegistrationList:
    """Return a patient's registrations that one sees, by the number on the card."""
    visit.require_ever(Action.READ_REGISTRATION)
    found = find_registrations(
        visit.session,
        insured_number=data.insured_number,
        secret_key=secret_key(visit),
        actor=visit.actor,
        moment=visit.moment,
    )
    return RegistrationList(_entries(visit, found))


@post(PATH + "/{registration_number:str}/application", tags=TAGS, status_code=200)
@writes
def apply(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[VersionBody]
) -> RegistrationEntry:
    """Hand a registration in, as its doctor."""
    row = registration_for(visit, registration_number, Action.APPLY_REGISTRATION)
    held = apply_registration(
        visit.session,
        registration=row,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, held)


@post(PATH + "/{registration_number:str}/withdrawal", tags=TAGS, status_code=200)
@writes
def withdraw(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[VersionBody]
) -> RegistrationEntry:
    """Take a registration back before it is decided, as its doctor."""
    row = registration_for(visit, registration_number, Action.APPLY_REGISTRATION)
    held = withdraw_registration(
        visit.session,
        registration=row,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, held)


@post(PATH + "/{registration_number:str}/decision", tags=TAGS, status_code=200)
@writes
def decide(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[DecisionBody]
) -> RegistrationEntry:
    """Approve or refuse a registration, as the agency of the pooling area."""
    row = registration_for(visit, registration_number, Action.DECIDE_REGISTRATION)
    held = decide_registration(
        visit.session,
        registration=row,
        version=data.version,
        is_approved=data.is_accepted,
        note=data.note,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, held)


@post(PATH + "/{registration_number:str}/reviews", tags=TAGS, status_code=201)
@writes
def review(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[ReviewBody]
) -> RegistrationEntry:
    """Hand in a review of the use, as the doctor."""
    row = registration_for(visit, registration_number, Action.REVIEW_REGISTRATION)
    if data.outcome not in set(ReviewOutcome):
        fault = FieldFault("outcome", "须为 continue 或 stop。", "Expected continue or stop.")
        raise InvalidInputError([fault])
    make_review(
        visit.session,
        registration=row,
        version=data.version,
        outcome=ReviewOutcome(data.outcome),
        finding=data.finding,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, row)


@post(PATH + "/{registration_number:str}/review-decision", tags=TAGS, status_code=200)
@writes
def decide_waiting_review(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[DecisionBody]
) -> RegistrationEntry:
    """Accept or refuse the review that waits, as the agency."""
    row = registration_for(visit, registration_number, Action.DECIDE_REGISTRATION)
    waiting = waiting_review(visit.session, registration_id=row.id)
    if waiting is None:
        raise NotFoundForActorError
    decide_review(
        visit.session,
        review=waiting,
        version=data.version,
        is_accepted=data.is_accepted,
        note=data.note,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, row)


@post(PATH + "/{registration_number:str}/pharmacy-changes", tags=TAGS, status_code=201)
@writes
def ask_for_change(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[ChangeBody]
) -> RegistrationEntry:
    """Ask for another pharmacy, as the doctor."""
    row = registration_for(visit, registration_number, Action.REVIEW_REGISTRATION)
    request_change(
        visit.session,
        registration=row,
        version=data.version,
        pharmacy_code=data.pharmacy,
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, row)


@post(PATH + "/{registration_number:str}/pharmacy-decision", tags=TAGS, status_code=200)
@writes
def decide_waiting_change(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[DecisionBody]
) -> RegistrationEntry:
    """Accept or refuse the change of pharmacy that waits, as the agency."""
    row = registration_for(visit, registration_number, Action.DECIDE_REGISTRATION)
    waiting = waiting_change(visit.session, registration_id=row.id)
    if waiting is None:
        raise NotFoundForActorError
    decide_change(
        visit.session,
        change=waiting,
        version=data.version,
        is_accepted=data.is_accepted,
        note=data.note,
        actor=visit.actor,
        moment=visit.moment,
    )
    return _entry(visit, row)


@post(PATH + "/{registration_number:str}/bills", tags=TAGS, status_code=201)
@writes
def record_bill(
    visit: Visit, registration_number: FromPath[str], data: JSONBody[HospitalBillBody]
) -> BenefitEntry:
    """Record a bill of the registered hospital, as the agency."""
    row = registration_for(visit, registration_number, Action.DECIDE_REGISTRATION)
    new = NewBill(
        registration_id=row.id,
        prescription_id=None,
        place_id=place_for(visit, data.place, row).id,
        bill_number=data.bill_number,
        amount=yuan(data.amount),
        dispensed_at=data.dispensed_at,
    )
    return benefit_entry(
        settle_bill(visit.session, new=new, actor=visit.actor, moment=visit.moment)
    )


ROUTES = (
    list_registrations,
    show,
    draft,
    look_up,
    apply,
    withdraw,
    decide,
    review,
    decide_waiting_review,
    ask_for_change,
    decide_waiting_change,
    record_bill,
)
"""Handlers of the interface."""
