"""By which permissions the rows of each table may be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from procurement.negotiations.subjects import PUBLIC_FROM
from procurement.permissions import Action

Row = Mapping[str, Any]

NUMBERS = (
    ("purchase_order", "number"),
    ("settlement_claim", "number"),
    ("payment_instruction", "number"),
    ("prescription", "number"),
    ("registration", "number"),
    ("patient", "pseudonym"),
    ("complaint", "number"),
    ("person", "user"),
)
"""Columns whose values are unmistakable as they are."""


@dataclass(frozen=True)
class Reader:
    """Who may read the rows of a table.

    Attributes:
        actions: Any of them lets read it.
        is_public: Whether a row is published.
        is_shared: All people of its parties read it, in notices or as colleagues.
    """

    actions: tuple[Action, ...]
    is_public: Callable[[Row], bool] = lambda row: False
    is_shared: bool = False


def _of(*actions: Action) -> Reader:
    return Reader(actions)


READERS: Mapping[str, Reader] = {
    "objection": _of(Action.READ_OBJECTION),
    "objection_file": _of(Action.READ_OBJECTION),
    "api_token": _of(Action.MANAGE_TOKENS),
    "invitation": Reader((Action.INVITE_PERSON,), is_shared=True),
    "person": Reader((Action.MANAGE_PEOPLE,), is_shared=True),
    "eligibility_paper": _of(Action.READ_PAPERS),
    "credit_matter": _of(Action.READ_CREDIT),
    "credit_application": _of(Action.READ_CREDIT),
    "credit_evidence": _of(Action.READ_CREDIT),
    "legal_hold": _of(Action.HOLD_RECORDS),
    # The lead bureau's people read what is proposed to it.
    "step_proposal": Reader((Action.PROPOSE_STEP,), is_shared=True),
    "document_comment": Reader((Action.READ_DOCUMENT,), lambda row: True),
    "catalogue_import": _of(Action.IMPORT_CATALOGUE),
    "volume_paper": _of(Action.READ_REPORT),
    "volume_upload": _of(Action.READ_REPORT, Action.UPLOAD_VOLUMES),
    "price": Reader((Action.READ_PRICES,), lambda row: bool(row["is_public"])),
    "agreed_change": _of(Action.READ_AGREEMENT),
    # Its name is in the list and in the summary; all else is marked in the rows below.
    "negotiation_dossier": Reader(
        (Action.READ_DOSSIER, Action.READ_CAMPAIGN), lambda row: row["status"] in PUBLIC_FROM
    ),
    "negotiation_dossier_model": _of(Action.READ_DOSSIER),
    "negotiation_talk": _of(Action.READ_DOSSIER),
    "negotiation_session": _of(Action.READ_SESSION_RECORD, Action.READ_ENVELOPE),
    "list_decision": Reader((Action.READ_DRUG_LIST,), lambda row: row["status"] == "confirmed"),
    "list_import": _of(Action.IMPORT_DRUG_LIST),
    "patient_rules": _of(Action.SET_BENEFIT_TERMS, Action.READ_REGISTRATION),
    "benefit_terms": _of(Action.SET_BENEFIT_TERMS),
    "patient": _of(Action.READ_REGISTRATION),
    "registration": _of(Action.READ_REGISTRATION),
    "prescription": _of(Action.READ_PRESCRIPTION),
    "pharmacy_change": _of(Action.READ_REGISTRATION),
    "registration_review": _of(Action.READ_REGISTRATION),
    "designation_call": _of(Action.READ_DESIGNATIONS),
    "designation_evidence": _of(Action.READ_APPLICATION),
    "designation_objection": _of(Action.READ_APPLICATION),
    "designation": _of(Action.READ_DESIGNATIONS),
    "designated_doctor": _of(Action.READ_DESIGNATIONS),
    "duty_term": _of(Action.READ_DUTY),
    "invoice_line": _of(Action.READ_INVOICE),
    "movement_file": _of(Action.READ_MOVEMENTS),
    # What was done with them is in the audit, too.
    "purchase_order": Reader((Action.READ_ORDER, Action.READ_AUDIT), is_shared=True),
    "complaint": _of(Action.READ_COMPLAINT),
    "fulfilment_notice": _of(Action.READ_FULFILMENT),
    "fulfilment_exemption": _of(Action.READ_FULFILMENT),
    "supply_replacement": _of(Action.READ_FULFILMENT),
    # Whoever reads a file for the bank reads from which bank it is paid.
    "bank_account": _of(Action.MANAGE_BANK_ACCOUNT, Action.READ_LEDGER),
    "ledger_posting": _of(Action.READ_LEDGER),
    "settlement_claim": _of(Action.READ_LEDGER),
    "settlement_objection": _of(Action.READ_LEDGER),
    "payment_instruction": Reader((Action.READ_LEDGER, Action.READ_AUDIT), is_shared=True),
    "prepayment": _of(Action.READ_LEDGER),
    "reference_list": _of(Action.READ_MONITORING),
    "reference_price": _of(Action.READ_MONITORING),
    "linkage_proposal": _of(Action.READ_MONITORING),
    "savings_settlement": Reader(
        (Action.READ_SETTLEMENT, Action.READ_PUBLISHED_SAVINGS),
        lambda row: row["status"] == "published",
    ),
    "savings_assessment_evidence": _of(Action.READ_STATEMENT, Action.ASSESS_ON_SITE),
    "savings_objection": _of(Action.READ_STATEMENT),
    "savings_publication": Reader((Action.READ_PUBLISHED_SAVINGS,), lambda row: True),
    "stock_price_flag": _of(Action.READ_STOCK_FLAG),
}
"""For each table of which the scene has marked rows."""
