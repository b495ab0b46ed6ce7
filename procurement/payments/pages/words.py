"""Names and marks that these pages share."""

from collections.abc import Mapping
from typing import Any

from procurement.payments.account_kinds import ACCOUNT_NAMES, FUND_NAMES
from procurement.payments.bank_file.answers import OUTCOME_NAMES
from procurement.payments.bank_file.tables import FORMAT_NAMES
from procurement.payments.reading.goods import GOODS_NAMES, GoodsState
from procurement.payments.states import (
    ACCOUNT_STATUS_NAMES,
    CLAIM_NAMES,
    INSTRUCTION_KIND_NAMES,
    INSTRUCTION_NAMES,
    OBJECTION_NAMES,
    PASS_NAMES,
    WAY_NAMES,
    AccountStatus,
    ClaimStatus,
    InstructionStatus,
    ObjectionStatus,
)
from procurement.web import Visit

CLAIM_MARKS = {
    ClaimStatus.APPLIED: "info",
    ClaimStatus.HOSPITAL_CHECKED: "info",
    ClaimStatus.AGENCY_CHECKED: "info",
    ClaimStatus.RECONCILED: "info",
    ClaimStatus.INSTRUCTED: "info",
    ClaimStatus.PAID: "good",
    ClaimStatus.WITHDRAWN: "neutral",
}
OBJECTION_MARKS = {
    ObjectionStatus.OPEN: "warning",
    ObjectionStatus.ANSWERED: "warning",
    ObjectionStatus.UPHELD: "bad",
    ObjectionStatus.DROPPED: "neutral",
}
ACCOUNT_MARKS = {
    AccountStatus.PROPOSED: "warning",
    AccountStatus.CONFIRMED: "good",
    AccountStatus.CLOSED: "neutral",
}
INSTRUCTION_MARKS = {
    InstructionStatus.DRAFTED: "warning",
    InstructionStatus.CONFIRMED: "info",
    InstructionStatus.EXPORTED: "info",
    InstructionStatus.PAID: "good",
    InstructionStatus.RETURNED: "bad",
    InstructionStatus.CANCELLED: "neutral",
}
GOODS_MARKS = {GoodsState.OPEN: "warning", GoodsState.CLAIMED: "info", GoodsState.PAID: "good"}


def words(visit: Visit) -> dict[str, Any]:
    """What every page of this stage names things with."""

    def named(names: Mapping[Any, tuple[str, str]]) -> dict[str, str]:
        return {str(key): visit.text(*both) for key, both in names.items()}

    return {
        "claim_names": named(CLAIM_NAMES),
        "claim_marks": CLAIM_MARKS,
        "objection_names": named(OBJECTION_NAMES),
        "objection_marks": OBJECTION_MARKS,
        "account_names": named(ACCOUNT_STATUS_NAMES),
        "account_marks": ACCOUNT_MARKS,
        "instruction_names": named(INSTRUCTION_NAMES),
        "instruction_marks": INSTRUCTION_MARKS,
        "kind_names": named(INSTRUCTION_KIND_NAMES),
        "goods_names": named(GOODS_NAMES),
        "goods_marks": GOODS_MARKS,
        "fund_names": named(FUND_NAMES),
        "ledger_names": named(ACCOUNT_NAMES),
        "way_names": named(WAY_NAMES),
        "pass_names": named(PASS_NAMES),
        "format_names": named(FORMAT_NAMES),
        "outcome_names": named(OUTCOME_NAMES),
    }
