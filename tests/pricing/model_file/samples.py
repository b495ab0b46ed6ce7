"""Small models that the tests change in one place."""

from pricing.budget_impact import BudgetModel
from pricing.faults import ModelFaultsError
from pricing.model_file import Evaluated, Files, Model, parse_model

BUDGET = """\
title = "a drug"
[negotiated]
name = "A"
price = 100
unit = "year"
[parameter.rr]
value = 0.5
unit = "ratio"
[parameter.visit]
value = 20
unit = "yuan per visit"
[population]
years = 2
size = 1000
growth = 0.1
funnel = { prevalence = 0.5, treated = 0.2 }
[uptake]
curve = "linear"
years_to_full = 2
[fund]
payment_ratio = 0.75
[[treatment]]
name = "A"
other_cost = "2 * visit"
offset = 10
share_without = 0
share_with = 0.5
[[treatment]]
name = "B"
price = 40
share_without = 1
share_with = 0.5
[scenario.high.share_with]
A = 0.8
B = 0.2
[[constraint]]
kind = "budget-every-year"
cap = 5000
[uncertain]
"population.funnel.prevalence" = { distribution = "beta", mean = 0.5, se = 0.05 }
"negotiated.price" = { distribution = "lognormal", mean = 100, cv = 0.1 }
"""

COHORT = """\
title = "a cohort"
[negotiated]
price = 50
[parameter.rr]
value = 0.5
[cost_effectiveness]
kind = "cohort"
reference = "old"
negotiated = "new"
cycles = 3
discount_cost = 0.03
discount_effect = 0.03
count = "end"
states = ["well", "ill", "dead"]
start = { well = 1 }
[cost_effectiveness.strategy.old]
counts = "counts.csv"
cost = { well = 10, ill = 100 }
effect = { well = 1, ill = 0.5 }
[cost_effectiveness.strategy.new]
transitions = "new.csv"
cost = "cost.csv"
effect = { well = 1, ill = 0.5, dead = 0 }
negotiated_units = { well = 1 }
one_off_cost = 7
"""

COHORT_TABLES = {
    "counts.csv": "from,to,count\nwell,well,6\nwell,ill,3\nwell,dead,1\nill,ill,1\nill,dead,1\n",
    "new.csv": (
        "cycle,from,to,probability\n"
        "1,well,well,C\n1,well,ill,rr * old.well.ill\n1,well,dead,0.1\n"
        ",well,well,0.6\n,well,ill,0.3\n,well,dead,0.1\n"
        ",ill,ill,C\n,ill,dead,0.5\n"
    ),
    "cost.csv": "cycle,state,value\n,well,10\n,ill,100\n2,ill,80\n",
}


def files(toml: str, tables: dict[str, str] | None = None) -> Files:
    texts = {"model.toml": toml, **(tables or {})}
    return {name: text.encode() for name, text in texts.items()}


def model(toml: str, tables: dict[str, str] | None = None) -> Model:
    return parse_model(files(toml, tables))


def faults(toml: str, tables: dict[str, str] | None = None) -> list[str]:
    try:
        model(toml, tables)
    except ModelFaultsError as error:
        return [str(fault) for fault in error.faults]
    return []


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def budget_of(evaluated: Evaluated) -> BudgetModel:
    assert evaluated.budget is not None
    return evaluated.budget
