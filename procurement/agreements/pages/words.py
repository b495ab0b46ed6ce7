"""Names and marks that these pages share."""

from typing import Any

from procurement.agreements.states import (
    AGREEMENT_NAMES,
    CHANGE_KIND_NAMES,
    CHANGE_NAMES,
    DISTRIBUTION_NAMES,
    KIND_NAMES,
    PARTY_NAMES,
    AgreementStatus,
    ChangeStatus,
    DistributionStatus,
)
from procurement.awards.regions.choosers import region_name
from procurement.web import Visit

AGREEMENT_KINDS = {
    AgreementStatus.WAITING: "warning",
    AgreementStatus.OPEN: "info",
    AgreementStatus.SIGNING: "info",
    AgreementStatus.SIGNED: "good",
    AgreementStatus.VOID: "neutral",
}
DISTRIBUTION_KINDS = {
    DistributionStatus.NOMINATED: "warning",
    DistributionStatus.CONFIRMED: "good",
    DistributionStatus.DECLINED: "bad",
    DistributionStatus.WITHDRAWN: "neutral",
}
CHANGE_KINDS = {
    ChangeStatus.REQUESTED: "warning",
    ChangeStatus.APPROVED: "good",
    ChangeStatus.REJECTED: "bad",
    ChangeStatus.WITHDRAWN: "neutral",
}


def words(visit: Visit) -> dict[str, Any]:
    """What every page of this stage names things with."""

    def named(names: Any) -> dict[str, str]:  # noqa: ANN401 - any of the tables of names
        return {key: visit.text(*both) for key, both in names.items()}

    return {
        "agreement_names": named(AGREEMENT_NAMES),
        "agreement_kinds": AGREEMENT_KINDS,
        "distribution_names": named(DISTRIBUTION_NAMES),
        "distribution_kinds": DISTRIBUTION_KINDS,
        "change_names": named(CHANGE_NAMES),
        "change_kinds": CHANGE_KINDS,
        "change_kind_names": named(CHANGE_KIND_NAMES),
        "term_names": named(KIND_NAMES),
        "party_names": named(PARTY_NAMES),
        "region_name": lambda code: visit.text(*region_name(code)),
    }
