"""Which function computes the cases of a kind."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from procurement.cli.cases import (
    budget_case,
    code_forms,
    counts_model,
    credit_grades,
    direct_settlement,
    dressing_tree,
    dual_channel,
    frontier_groups,
    fulfilment_cases,
    information,
    migraine_tree,
    payment_standards,
    rates_model,
    renewal_table,
    retained_savings,
    static_budgets,
    uncertain_counts_model,
)
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case
from procurement.cli.errors import BadCaseError

Adapter = Callable[[Case], Answers]


def _cohort(case: Case) -> Answers:
    """Cohort models are published with observed counts or with rates."""
    given = case.inputs if isinstance(case.inputs, Mapping) else {}
    if "counts" in given:
        return counts_model.answers(case)
    if "rates" in given:
        return rates_model.answers(case)
    raise BadCaseError(case.path, ["inputs: expected counts, or rates: no other cohort is known"])


ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        "cea_markov": _cohort,
        "cea_tree": migraine_tree.answers,
        "cost_tree": dressing_tree.answers,
        "frontier": frontier_groups.answers,
        "voi": information.answers,
        "psa": uncertain_counts_model.answers,
        "bia": budget_case.answers,
        "bia_static": static_budgets.drug_that_saves,
        "bia_biosimilar": static_budgets.biosimilar,
        "bia_components_pmpm": static_budgets.components,
        "nrdl_renewal_rule": renewal_table.answers,
        "payment_standard": payment_standards.answers,
        "retained_savings": retained_savings.answers,
        "direct_settlement": direct_settlement.answers,
        "fulfilment": fulfilment_cases.answers,
        "volume_rules": fulfilment_cases.answers,
        "codes": code_forms.answers,
        "credit_rating": credit_grades.answers,
        "dual_channel": dual_channel.answers,
    }
)


def adapter_of(case: Case) -> Adapter:
    """The adapter for the kind of a case: ``bia_x`` is a special ``bia`` where nobody knows it.

    Raises:
        BadCaseError: Its kind is unknown.
    """
    kind = case.kind.partition("+")[0].strip()
    while kind not in ADAPTERS and "_" in kind:
        kind = kind.rpartition("_")[0]
    if kind not in ADAPTERS:
        known = ", ".join(ADAPTERS)
        raise BadCaseError(case.path, [f"kind {case.kind!r} is unknown: expected one of {known}"])
    return ADAPTERS[kind]
