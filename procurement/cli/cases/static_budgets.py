"""Budget impacts published as a few figures for one year: identities between them."""

from dataclasses import dataclass

import numpy as np

from pricing.budget_impact import (
    BudgetModel,
    BudgetTreatment,
    budget_impact,
    per_member_per_month,
)
from pricing.ceilings import Basis, CostNeutral, Indication, ceiling_of
from pricing.draws import as_draws
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given

YI = 1e8


def drug_that_saves(case: Case) -> Answers:
    """A drug that keeps patients out of hospital, in one year.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    given = Given(case)
    table = given.table
    burden = table.number("hf_hospital_burden_yi_cny", at_least=0.0)
    reduction = table.number("readmission_reduction", at_least=0.0, at_most=1.0)
    total = table.number("drug_total_yi_cny", at_least=0.0)
    price = table.number("drug_cost_per_patient_year", above=0.0)
    saved = table.number("hospital_saving_per_case", at_least=0.0)
    given.check()
    treated = total * YI / price
    model = _mix(treated, [_Priced("with", price, 1.0, saved), _Priced("without", 0.0, 0.0, 0.0)])
    basis = Basis(price=price, indications=(Indication(budget=model),))
    return Answers(
        {
            "saving_yi": burden * reduction,
            "net_saving_yi": burden * reduction - total,
            "net_saving_per_case": float(-budget_impact(model).impact[0, 0]) / treated,
            "implied_treated_million": treated / 1e6,
            "breakeven_annual_price": ceiling_of(basis, CostNeutral()).exact,
        }
    )


def biosimilar(case: Case) -> Answers:
    """A cheaper copy that takes a share: what is saved, and who can be treated for it.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    given = Given(case)
    table = given.table
    share = table.number("share_y1", above=0.0, at_most=1.0)
    ratio = table.number("price_ratio", at_least=0.0)
    other_share = table.number("share_scenario2", at_least=0.0, at_most=1.0)
    shares = given.row(table, "shares_3y") if table.has("shares_3y") else [share]
    saving = table.number("saving_y1_meur")
    patients = table.number("extra_patients_y1", default=0.0)
    percent = table.number("pct_y1", default=0.0)
    given.check()
    spend = saving / (share * (1 - ratio))
    in_years = _savings(spend, ratio, shares)
    (in_scenario,) = _savings(spend, ratio, [other_share])
    return Answers(
        {
            "saving_y1_meur": saving,
            "saving_scenario2_meur": in_scenario,
            "extra_patients_scenario2": patients * in_scenario / saving,
            "pct_scenario2": percent * in_scenario / saving,
            "saving_3y_meur_sum_of_shares": sum(in_years),
            "extra_patients_3y_sum_of_shares": patients * sum(in_years) / saving,
        },
        {
            r"saving_3y_meur_factor_(\d+)_(\d+)": lambda name: (
                saving * float(name[1]) / float(name[2])
            ),
            r"extra_patients_3y_factor_(\d+)_(\d+)": lambda name: (
                patients * float(name[1]) / float(name[2])
            ),
            r"implied_\w+_spend_meur": lambda _: spend,
        },
    )


def components(case: Case) -> Answers:
    """A plan's budget by component, with and without the new drug.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    given = Given(case)
    table = given.table
    members = table.number("members", above=0.0)
    with_ = sum(table.named_numbers("with_new").values())
    without = sum(table.named_numbers("without").values())
    given.check()
    difference = with_ - without
    monthly = per_member_per_month(as_draws(difference), as_draws(members))
    return Answers(
        {
            "total_with": with_,
            "total_without": without,
            "difference": difference,
            "pmpm": float(monthly[0]),
        }
    )


@dataclass(frozen=True, slots=True)
class _Priced:
    name: str
    price: float
    share_with: float
    offset: float


def _mix(eligible: float, drugs: list[_Priced]) -> BudgetModel:
    """One year in which the first drug, the negotiated one, replaces the last."""
    return BudgetModel(
        years=1,
        eligible=np.array([[eligible]]),
        curve=np.ones((1, 1)),
        payment_ratio=as_draws(1),
        treatments=tuple(
            BudgetTreatment(
                name=one.name,
                price=as_draws(one.price),
                units_a_year=as_draws(1),
                other_cost=as_draws(0),
                offset=as_draws(one.offset),
                share_without=as_draws(float(one is drugs[-1])),
                share_with=as_draws(one.share_with),
            )
            for one in drugs
        ),
        patient_rounding="none",
        negotiated=drugs[0].name,
    )


def _savings(spend: float, ratio: float, shares: list[float]) -> list[float]:
    """Saved in each year, where the copy costs a part of the original's price."""
    found = []
    for share in shares:
        drugs = [_Priced("copy", ratio, share, 0.0), _Priced("original", 1.0, 1.0 - share, 0.0)]
        found.append(float(-budget_impact(_mix(spend, drugs)).impact[0, 0]))
    return found
