"""Small models of every kind, with numbers of our own."""

import re

from pricing.model_file import parse_model

HEAD = """
title = "Model"
[negotiated]
name = "A"
price = 1_000
unit = "year"
[parameter.rr]
value = 0.6
unit = "ratio"
source = "our own"
[parameter.monitoring]
value = 100
unit = "yuan"
"""

FUND = """
[population]
years = 3
size = 100_000
growth = 0.01
funnel = { prevalence = 0.02, treated = 0.5 }
patient_rounding = "half-even"
[uptake]
curve = "logistic"
steepness = 1.5
half_at = 2
[fund]
payment_ratio = 0.7
[[treatment]]
name = "A"
units_a_year = 1.5
other_cost = "monitoring * rr"
offset = 30
share_without = 0.1
share_with = 0.5
[[treatment]]
name = "B"
price = 300
units_a_year = [1, 2, 3]
other_cost = 50
share_without = 0.9
share_with = 0.5
[scenario.more.share_with]
A = 0.6
B = 0.4
[[constraint]]
kind = "budget-every-year"
cap = 400_000
"""

OUTCOMES = """
[cost_effectiveness]
kind = "cohort"
reference = "old"
negotiated = "new"
cycles = 6
cycle_years = 0.5
discount_cost = 0.05
discount_effect = 0.03
count_cost = "half-cycle"
count_effect = "simpson"
states = ["well", "ill", "dead"]
start = { well = 0.9, ill = 0.1 }
[cost_effectiveness.strategy.old]
transitions = "old.csv"
cost = { well = 100, ill = 2_000, dead = 0 }
effect = { well = 0.5, ill = 0.2, dead = 0 }
[cost_effectiveness.strategy.new]
transitions = "new.csv"
cost = "cost.csv"
effect = { well = 0.5, ill = 0.25, dead = 0 }
one_off_cost = 500
negotiated_units = { well = 0.5, ill = 0.25, dead = 0 }
negotiated_units_once = 0.1
[[constraint]]
kind = "icer"
threshold = 20_000
"""

OTHERS = """
[[constraint]]
kind = "budget-cumulative"
cap = 900_000
[[constraint]]
kind = "cost-neutral"
[[constraint]]
kind = "reference-price"
price = 900
premium = 0.1
[[constraint]]
kind = "international-price"
prices = { X = 1_200, Y = 800.5, Z = 950 }
rule = "rank-2"
"""

TREE = """
[cost_effectiveness]
kind = "tree"
reference = "old"
negotiated = "new"
[cost_effectiveness.strategy.old]
tree = "old-tree.csv"
[cost_effectiveness.strategy.new]
tree = "new-tree.csv"
one_off_cost = 10
[[constraint]]
kind = "icer"
threshold = 5_000
"""

SURVIVAL = """
[cost_effectiveness]
kind = "partitioned-survival"
reference = "old"
negotiated = "new"
cycles = 8
cycle_years = 0.25
discount_cost = 0.05
discount_effect = 0.05
count = "half-cycle"
states = ["free", "progressed", "dead"]
[cost_effectiveness.strategy.old]
curves = [
    { kind = "weibull", shape = 1.2, scale = 1.0 },
    { kind = "gompertz", shape = 0.1, rate = 0.5 },
]
cost = { free = 100, progressed = 300, dead = 0 }
effect = { free = 0.2, progressed = 0.1, dead = 0 }
[cost_effectiveness.strategy.new]
curves = [
    { kind = "lognormal", meanlog = 0.2, sdlog = 0.9 },
    { kind = "gamma", shape = 1.1, rate = 0.3, hazard_ratio = "rr" },
]
crossing = "cap"
cost = { free = 100, progressed = 300, dead = 0 }
effect = { free = 0.2, progressed = 0.1, dead = 0 }
negotiated_units = { free = 0.25, progressed = 0, dead = 0 }
[[constraint]]
kind = "icer"
threshold = 30_000
"""

COHORTS = """
[population]
years = 3
cohorts = "cohorts.csv"
funnel = { treated = 0.5 }
[[treatment]]
name = "A"
share_with = 1.0
[[treatment]]
name = "B"
price = 100
share_without = 1.0
[[constraint]]
kind = "budget-cumulative"
cap = 900_000
"""

UNCERTAIN = """
[[constraint]]
kind = "budget-quantile"
cap = 500_000
overrun_probability = 0.1
[uncertain]
"population.size" = { distribution = "normal", mean = 100_000, sd = 5_000 }
"parameter.rr" = { distribution = "beta", mean = 0.6, sd = 0.1 }
"""

WHOLE = """
title = "Two indications"
[negotiated]
name = "A"
price = 1_000
unit = "year"
[[indication]]
name = "first"
model = "first.toml"
[[indication]]
name = "second"
model = "second.toml"
[[constraint]]
kind = "budget-every-year"
cap = 800_000
[[constraint]]
kind = "icer"
threshold = 20_000
[[constraint]]
kind = "reference-price"
price = 3_000
"""

AGREEMENT = """
[managed_entry]
cap = 300_000
"""

TABLES = {
    "old.csv": "cycle,from,to,probability\n,well,ill,0.2\n,well,dead,0.05\n,well,well,C\n"
    ",ill,dead,0.2\n,ill,ill,C\n,dead,dead,1\n",
    "new.csv": "cycle,from,to,probability\n,well,ill,0.2 * rr\n,well,dead,0.05\n,well,well,C\n"
    "2,well,ill,0.1 * rr\n,ill,dead,0.2 * exp(-0.05 * cycle)\n,ill,ill,C\n,dead,dead,1\n",
    "cost.csv": "cycle,state,value\n,well,100\n,ill,2000\n1,ill,2500\n",
    "old-tree.csv": "node,parent,probability,cost,effect,negotiated_units\nstart,,,20,,\n"
    "relief,start,0.4,,1,\nnone,start,C,100,,\n",
    "new-tree.csv": "node,parent,probability,cost,effect,negotiated_units\nstart,,,20,,1\n"
    "relief,start,rr,,1,\nnone,start,C,100,0.1,0.5\n",
    "cohorts.csv": "year,incident,prevalent,exits\n1,100,900,50\n2,110,,60\n3,120,,70\n",
}

MODELS = {
    "budget": HEAD + FUND + OTHERS,
    "outcomes": HEAD + OUTCOMES,
    "both": HEAD + FUND + OUTCOMES,
    "tree": HEAD + TREE,
    "survival": HEAD + SURVIVAL,
    "cohorts": HEAD + COHORTS,
    "agreement": HEAD + FUND + AGREEMENT,
    "indications": WHOLE,
}
"""Models by what they have."""

_EVERY = {**MODELS, "uncertain": HEAD + FUND.split("[[constraint]]")[0] + UNCERTAIN,
          "uncertain-outcomes": HEAD + FUND + OUTCOMES + UNCERTAIN}  # fmt: skip


def model_of(name, *changes):
    """One of the models, with some of its text replaced."""
    text = _EVERY[name]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    files = {"model.toml": text}
    if name == "indications":
        files |= {"first.toml": part_of("both"), "second.toml": part_of("survival")}
    whole = "".join(files.values())
    files |= {file: table for file, table in TABLES.items() if file in whole}
    return parse_model({file: content.encode() for file, content in files.items()})


def part_of(name):
    """One of the models as an indication of another: without constraints."""
    tables = re.split(r"(?m)^(?=\[)", _EVERY[name])
    kept = [one for one in tables if not one.startswith(("[[constraint]]", "[scenario"))]
    return "".join(kept)
