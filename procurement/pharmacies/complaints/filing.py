"""Filing a complaint: anybody may, without an account; every one gets a number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from procurement import audit
from procurement.accounts.sign_in.counted_attempts import network_of
from procurement.accounts.sign_in.throttle import (
    Counted,
    Limit,
    TooManyAttemptsError,
    count_failure,
    lock_counters,
    refuse_blocked,
)
from procurement.catalogue.tables import GenericProduct
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.permissions import Actor
from procurement.pharmacies.complaints.codes import code_digest, new_code, new_number
from procurement.pharmacies.complaints.states import About, ComplaintStatus, TextKind
from procurement.pharmacies.complaints.tables import Complaint, ComplaintEvent
from procurement.pharmacies.complaints.texts import write_text
from procurement.pharmacies.finder.counties import county_exists
from procurement.pharmacies.places.service import place_of_code
from procurement.pharmacies.places.tables import Place

TEXT_MAX = 2_000
CONTACT_MAX = 100

_LIMIT = Limit("complaint", 30, timedelta(hours=1), timedelta(hours=1))
"""From one address: a machine must not fill the bureau's list."""


class TooManyComplaintsError(RefusedError):
    """Too many complaints from one address within the hour."""

    def __init__(self, until: datetime) -> None:
        """Keep until when."""
        super().__init__(
            zh="这个网络一小时内提交的投诉太多，请稍后再试，或拨打医保服务热线 12393。",
            en="Too many complaints from this network within the hour: try later, or call 12393.",
        )
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wrote, as typed.

    Attributes:
        about: A value of `About`.
        text: What happened.
        place_code: Institution code of the place, if it is about one.
        county: Division code, where no place is named.
        drug_id: The drug, if it is about one.
        contact: How to reach whoever wrote; empty where that is not wanted.
    """

    about: str
    text: str
    place_code: str = ""
    county: str = ""
    drug_id: int | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """What whoever complained keeps.

    Attributes:
        number: Names the complaint.
        code: Shows its state; it is nowhere on the platform in clear.
    """

    number: str
    code: str


def file_complaint(
    session: Session, *, wanted: Wanted, address: str, key: bytes, moment: datetime
) -> Filed:
    """Receive a complaint or a question.

    Args:
        session: Session of the caller's transaction.
        wanted: As typed.
        address: Network address, counted and not kept.
        key: The installation's key.
        moment: Now.

    Raises:
        InvalidInputError: With every fault; nothing is stored.
        TooManyComplaintsError: From this address.
    """
    place = place_of_code(session, code=wanted.place_code) if wanted.place_code else None
    faults = _faults(session, wanted, place)
    if faults:
        raise InvalidInputError(faults)
    _count(session, address, moment)
    number, code = _free_number(session, moment), new_code()
    complaint = Complaint(
        number=number,
        code_hash=code_digest(code, number=number, key=key),
        about=About(wanted.about),
        county=wanted.county if place is None else place.county,
        place_id=None if place is None else place.id,
        generic_product_id=wanted.drug_id,
        status=ComplaintStatus.RECEIVED,
        received_at=moment,
    )
    session.add(complaint)
    session.flush()
    _write(session, complaint, wanted, key, moment)
    return Filed(number, code)


def _write(
    session: Session, complaint: Complaint, wanted: Wanted, key: bytes, moment: datetime
) -> None:
    texts = {TextKind.COMPLAINT: wanted.text, TextKind.CONTACT: wanted.contact}
    for kind, text in texts.items():
        if text:
            write_text(session, complaint=complaint, kind=kind, text=text, key=key, moment=moment)
    session.add(
        ComplaintEvent(
            complaint_id=complaint.id,
            status=ComplaintStatus.RECEIVED,
            reason="",
            happened_at=moment,
        )
    )
    session.flush()
    audit.record(
        session,
        actor=Actor(),
        action="file-complaint",
        subject=f"complaint/{complaint.number}",
        facts={"about": complaint.about, "county": complaint.county},
        moment=moment,
    )


def _faults(session: Session, wanted: Wanted, place: Place | None) -> list[FieldFault]:
    faults = []
    if wanted.about not in set(About):
        faults.append(FieldFault("about", "请选择是什么事。", "Choose what it is about."))
    if not wanted.text.strip() or len(wanted.text) > TEXT_MAX:
        zh = f"请写明情况（不超过 {TEXT_MAX:,} 字）。"
        en = f"Say what happened, in at most {TEXT_MAX:,} characters."
        faults.append(FieldFault("text", zh, en))
    if len(wanted.contact) > CONTACT_MAX:
        zh, en = f"不超过 {CONTACT_MAX} 字。", f"At most {CONTACT_MAX} characters."
        faults.append(FieldFault("contact", zh, en))
    if wanted.place_code and place is None:
        zh = f"没有代码为“{wanted.place_code[:20]}”的医院或药店。"
        en = f"There is no hospital or pharmacy “{wanted.place_code[:20]}”."
        faults.append(FieldFault("place", zh, en))
    if not wanted.place_code and not county_exists(session, code=wanted.county):
        faults.append(_no_county(wanted.county))
    if wanted.drug_id is not None and session.get(GenericProduct, wanted.drug_id) is None:
        faults.append(FieldFault("drug", "没有这种药。", "There is no such drug."))
    return faults


def _no_county(code: str) -> FieldFault:
    if not code:
        return FieldFault(
            "county",
            "请填写在哪个县（市、区）：由那里的医保部门办理。",
            "Give the county: its bureau handles it.",
        )
    return FieldFault(
        "county",
        f"没有代码为“{code[:20]}”的县（市、区）：应为 6 位行政区划代码，如 341523。",
        f"There is no county “{code[:20]}”: expected a division code such as 341523.",
    )


def _count(session: Session, address: str, moment: datetime) -> None:
    counters = lock_counters(session, counted=[Counted(_LIMIT, network_of(address))], moment=moment)
    try:
        refuse_blocked(counters, moment=moment)
    except TooManyAttemptsError as error:
        raise TooManyComplaintsError(error.until) from error
    count_failure(counters, moment=moment)


def _free_number(session: Session, moment: datetime) -> str:
    while True:
        number = new_number(day_in_china(moment))
        if not session.scalar(select(exists().where(Complaint.number == number))):
            return number
