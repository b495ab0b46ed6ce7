"""Names and marks that these pages share."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from procurement.accounts.divisions import division_name
from procurement.pharmacies.listed.kinds import STATE_NAMES
from procurement.pharmacies.patients.states import (
    OUTCOME_NAMES,
    PRESCRIPTION_NAMES,
    REGISTRATION_NAMES,
    REQUEST_NAMES,
    STEP_NAMES,
    RegistrationStatus,
    RequestStatus,
)
from procurement.pharmacies.rules.benefit import Channel, Fund
from procurement.pharmacies.rules.following import PrescriptionStatus
from procurement.web import Visit

FUND_NAMES: Mapping[Fund, tuple[str, str]] = {
    Fund.EMPLOYEE: ("职工医保", "employee fund"),
    Fund.RESIDENT: ("居民医保", "resident fund"),
}
CHANNEL_NAMES: Mapping[Channel, tuple[str, str]] = {
    Channel.HOSPITAL: ("医院", "hospital"),
    Channel.PHARMACY: ("药店", "pharmacy"),
}
STOCK_NAMES: Mapping[int, tuple[str, str]] = {
    1: ("全部有货", "all in stock"),
    0: ("部分有货", "in part in stock"),
    -1: ("无货", "not in stock"),
    -2: ("查询失败", "the check failed"),
}
REGISTRATION_MARKS = {
    RegistrationStatus.DRAFTED: "neutral",
    RegistrationStatus.APPLIED: "info",
    RegistrationStatus.APPROVED: "good",
    RegistrationStatus.REFUSED: "bad",
    RegistrationStatus.SUSPENDED: "warning",
    RegistrationStatus.ENDED: "neutral",
    RegistrationStatus.WITHDRAWN: "neutral",
}
REQUEST_MARKS = {
    RequestStatus.REQUESTED: "info",
    RequestStatus.ACCEPTED: "good",
    RequestStatus.REFUSED: "bad",
    RequestStatus.LAPSED: "neutral",
}
PRESCRIPTION_MARKS = {
    **dict.fromkeys(PrescriptionStatus, "info"),
    PrescriptionStatus.DISPENSED: "good",
    PrescriptionStatus.SETTLED: "good",
    PrescriptionStatus.CLOSED: "good",
    PrescriptionStatus.UNDONE: "neutral",
    PrescriptionStatus.EXPIRED: "warning",
    PrescriptionStatus.REFUSED: "bad",
}

_Key = TypeVar("_Key", StrEnum, int)


def words(visit: Visit) -> dict[str, Any]:
    """Return names and marks for templates, in the visitor's language."""
    return {
        "registration_names": said(visit, REGISTRATION_NAMES),
        "registration_marks": REGISTRATION_MARKS,
        "request_names": said(visit, REQUEST_NAMES),
        "request_marks": REQUEST_MARKS,
        "outcome_names": said(visit, OUTCOME_NAMES),
        "prescription_names": said(visit, PRESCRIPTION_NAMES),
        "prescription_marks": PRESCRIPTION_MARKS,
        "step_names": said(visit, STEP_NAMES),
        "fund_names": said(visit, FUND_NAMES),
        "channel_names": said(visit, CHANNEL_NAMES),
        "state_names": said(visit, STATE_NAMES),
        "stock_names": said(visit, STOCK_NAMES),
        "region_name": lambda code: visit.text(*division_name(code)),
    }


def said(visit: Visit, names: Mapping[_Key, tuple[str, str]]) -> dict[_Key, str]:
    """Return names in the visitor's language."""
    return {key: visit.text(zh, en) for key, (zh, en) in names.items()}
