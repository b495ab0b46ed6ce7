"""Names and marks that these pages share."""

from typing import Any

from procurement.awards.regions.choosers import region_name
from procurement.savings.papers.words import money_words, percent_words
from procurement.savings.states import (
    ASSESSMENT_NAMES,
    RETAINED_NAMES,
    RUN_NAMES,
    SETTLEMENT_NAMES,
    STATEMENT_NAMES,
    VERDICT_NAMES,
    AssessmentStatus,
    RetainedStatus,
    SettlementStatus,
    StatementStatus,
    Verdict,
)
from procurement.web import Visit

SETTLEMENT_KINDS = {
    SettlementStatus.DRAFTED: "neutral",
    SettlementStatus.EXTRACTED: "info",
    SettlementStatus.ASSESSED: "info",
    SettlementStatus.COMPUTED: "info",
    SettlementStatus.WITH_HOSPITALS: "warning",
    SettlementStatus.REPORTED: "info",
    SettlementStatus.PUBLISHED: "info",
    SettlementStatus.PAYING: "info",
    SettlementStatus.SETTLED: "good",
    SettlementStatus.WITHDRAWN: "neutral",
}
STATEMENT_KINDS = {
    StatementStatus.COMPUTED: "neutral",
    StatementStatus.OPEN: "warning",
    StatementStatus.CONFIRMED: "good",
    StatementStatus.OBJECTED: "bad",
    StatementStatus.DECIDED: "warning",
    StatementStatus.REPLACED: "neutral",
}
ASSESSMENT_KINDS = {
    AssessmentStatus.OPEN: "warning",
    AssessmentStatus.SELF_ASSESSED: "info",
    AssessmentStatus.VISITED: "good",
}
RETAINED_KINDS = {
    RetainedStatus.WAITING: "warning",
    RetainedStatus.INSTRUCTED: "good",
    RetainedStatus.NOTHING: "neutral",
}
VERDICT_KINDS = {Verdict.UPHELD: "good", Verdict.REJECTED: "bad"}


def words(visit: Visit) -> dict[str, Any]:
    """What every page of this stage names things with."""

    def named(names: Any) -> dict[str, str]:  # noqa: ANN401 - any of the tables of names
        return {key: visit.text(*both) for key, both in names.items()}

    return {
        "settlement_names": named(SETTLEMENT_NAMES),
        "settlement_kinds": SETTLEMENT_KINDS,
        "statement_names": named(STATEMENT_NAMES),
        "statement_kinds": STATEMENT_KINDS,
        "assessment_names": named(ASSESSMENT_NAMES),
        "assessment_kinds": ASSESSMENT_KINDS,
        "run_names": named(RUN_NAMES),
        "retained_names": named(RETAINED_NAMES),
        "retained_kinds": RETAINED_KINDS,
        "verdict_names": named(VERDICT_NAMES),
        "verdict_kinds": VERDICT_KINDS,
        "region_name": lambda code: visit.text(*region_name(code)),
        "exact_money": money_words,
        "share": percent_words,
    }
