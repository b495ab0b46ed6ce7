"""A drug against a migraine attack beside a cheaper one: a decision tree (Evans 1997).

The drug relieves or does not. After relief the pain may come back: a second dose, which costs the
same. Without relief the patient endures, or goes to the emergency department, where the pain is
relieved but for the few who are admitted and go on suffering. The horizon is a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pricing.cost_effectiveness import Increment, Outcome, TreeNode, run_tree
from pricing.draws import as_draws
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given
from procurement.cli.cases.price_at import price_at_threshold

DAYS_PER_YEAR = 365.0


@dataclass(frozen=True, slots=True)
class MigraineModel:
    """The inputs as read.

    Attributes:
        costs: Yuan: of both drugs, the emergency department and an admission.
        utilities: By what became of the attack.
        probabilities: Of relief and of no recurrence by drug, of going to the emergency
            department without relief, and of admission there.
        days: The horizon.
        days_per_year: Of a QALY.
    """

    costs: Mapping[str, float]
    utilities: Mapping[str, float]
    probabilities: Mapping[str, float]
    days: float
    days_per_year: float


def answers(case: Case) -> Answers:
    """Costs, utilities, ratio, one-way points and the price at a threshold.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    model = _read(case)
    price = model.costs["sumatriptan"]
    new, old = _new(model), _old(model)
    days = model.days_per_year
    named = {
        "cost_sumatriptan": float(new.cost_at(price)[0]),
        "cost_caffeine": float(old.cost[0]),
        "utility_sumatriptan": float(new.effect[0]) * days / model.days,
        "utility_caffeine": float(old.effect[0]) * days / model.days,
        "qaly_sumatriptan": float(new.effect[0]),
        "qaly_caffeine": float(old.effect[0]),
        "icer": _ratio(model),
    }
    return Answers(
        named,
        {
            r"icer_effect_(\d+(?:_\d+)?)pp": lambda name: _ratio_at(model, name[1]),
            r"max_price_at_(\d+)": lambda name: price_at_threshold(new, [old], float(name[1])),
        },
    )


def _ratio_at(model: MigraineModel, points: str) -> float:
    """With relief more frequent than under the old drug by so many percentage points."""
    relief = model.probabilities["relief_caff"] + float(points.replace("_", ".")) / 100
    changed = {**model.probabilities, "relief_suma": relief}
    return _ratio(replace(model, probabilities=changed))


def _ratio(model: MigraineModel) -> float:
    increment = Increment.between(_new(model), _old(model))
    return float(increment.ratio(model.costs["sumatriptan"])[0])


def _new(model: MigraineModel) -> Outcome:
    return run_tree(_nodes(model, "suma", dose_cost=0.0, dose_units=1.0), strategy="sumatriptan")


def _old(model: MigraineModel) -> Outcome:
    nodes = _nodes(model, "caff", dose_cost=model.costs["caffeine"], dose_units=0.0)
    return run_tree(nodes, strategy="caffeine")


def _nodes(
    model: MigraineModel, drug: str, *, dose_cost: float, dose_units: float
) -> list[TreeNode]:
    years = model.days / model.days_per_year
    chance = {name: as_draws(value) for name, value in model.probabilities.items()}
    gain = {name: as_draws(value * years) for name, value in model.utilities.items()}
    spent = {name: as_draws(value) for name, value in model.costs.items()}
    cost, units = as_draws(dose_cost), as_draws(dose_units)
    return [
        TreeNode("attack", cost=cost, negotiated_units=units),
        TreeNode("relief", "attack", chance[f"relief_{drug}"]),
        TreeNode("no recurrence", "relief", chance[f"norec_{drug}"], effect=gain["relief_norec"]),
        TreeNode(
            "recurrence", "relief", cost=cost, effect=gain["relief_rec"], negotiated_units=units
        ),
        TreeNode("no relief", "attack"),
        TreeNode("endures", "no relief", effect=gain["norelief_endures"]),
        TreeNode("emergency", "no relief", chance["er"], cost=spent["ed"]),
        TreeNode("relieved there", "emergency", effect=gain["norelief_er"]),
        TreeNode(
            "admission",
            "emergency",
            chance["admit"],
            cost=spent["admission"],
            effect=gain["norelief_endures"],
        ),
    ]


def _read(case: Case) -> MigraineModel:
    given = Given(case)
    table = given.table
    costs, utilities, probabilities = table.table("c"), table.table("u"), table.table("p")
    chances = ("norec_suma", "norec_caff", "relief_suma", "relief_caff", "er", "admit")
    outcomes = ("relief_norec", "relief_rec", "norelief_endures", "norelief_er")
    model = MigraineModel(
        costs={
            name: costs.number(name, at_least=0.0)
            for name in ("sumatriptan", "caffeine", "ed", "admission")
        },
        utilities={name: utilities.number(name) for name in outcomes},
        probabilities={
            name: probabilities.number(name, at_least=0.0, at_most=1.0) for name in chances
        },
        days=table.number("horizon_hours", default=24.0, above=0.0) / 24,
        days_per_year=table.number("days_per_year", default=DAYS_PER_YEAR, above=0.0),
    )
    given.check()
    return model
