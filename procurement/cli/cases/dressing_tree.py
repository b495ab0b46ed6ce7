"""Two dressings for catheters: costs of infections that one of them prevents (Jenks 2016).

Infections of the blood and of the site and dermatitis happen independently of each other. The
price is that of a dressing; the ceiling is the price at which the new one costs nothing more.
"""

from collections.abc import Sequence

from pricing.cost_effectiveness import Outcome, TreeNode, run_tree
from pricing.draws import as_draws
from procurement.cli.cases.answers import Answers
from procurement.cli.cases.case_file import Case
from procurement.cli.cases.given import Given
from procurement.cli.cases.price_at import price_without_extra_cost

Event = tuple[str, float, float]
"""Name, probability and cost in yuan."""


def independent_events(events: Sequence[Event], *, units: float, cost: float) -> list[TreeNode]:
    """A tree in which each event happens or not, whatever the others do.

    Args:
        events: In any order.
        units: Units of the negotiated product that everybody uses.
        cost: Yuan that everybody costs.

    Examples:
        >>> nodes = independent_events([("a", 0.5, 10.0), ("b", 0.1, 100.0)], units=3, cost=1)
        >>> len(nodes), run_tree(nodes, strategy="one").cost
        (7, array([16.]))
    """
    nodes = [TreeNode("start", cost=as_draws(cost), negotiated_units=as_draws(units))]
    ends = ["start"]
    for name, probability, event_cost in events:
        happens = [
            TreeNode(f"{end}, {name}", end, as_draws(probability), cost=as_draws(event_cost))
            for end in ends
        ]
        not_so = [TreeNode(f"{end}, no {name}", end) for end in ends]
        nodes += [*happens, *not_so]
        ends = [node.node for node in (*happens, *not_so)]
    return nodes


def answers(case: Case) -> Answers:
    """Costs, saving and the cost-neutral price.

    Raises:
        BadCaseError: An input is missing or impossible.
    """
    old, new, price = _outcomes(case)
    saving = float(old.cost[0] - new.cost_at(price)[0])
    return Answers(
        {
            "cost_standard": float(old.cost[0]),
            "cost_tegaderm": float(new.cost_at(price)[0]),
            "saving": saving,
            "breakeven_price_per_dressing": price_without_extra_cost(new, old),
        }
    )


def _outcomes(case: Case) -> tuple[Outcome, Outcome, float]:
    given = Given(case)
    table = given.table
    costs = table.table("costs")
    days = table.number("cath_days", at_least=0.0) / 1000
    crbsi = days * table.number("crbsi_per_1000d", at_least=0.0)
    lsi = days * table.number("lsi_per_1000d", at_least=0.0)
    derm = table.number("derm_per_catheter", at_least=0.0, at_most=1.0)
    spent = {name: costs.number(name, at_least=0.0) for name in ("crbsi", "lsi", "derm")}
    ratios = {
        "crbsi": table.number("hr_crbsi", default=1.0, at_least=0.0),
        "lsi": table.number("hr_lsi", default=1.0, at_least=0.0),
        "derm": table.number("rr_derm", default=1.0, at_least=0.0),
    }
    dressings = table.number("dressings", at_least=0.0)
    standard = dressings * table.number("price_standard", at_least=0.0)
    price = table.number("price_tegaderm", at_least=0.0)
    given.check()
    chances = {"crbsi": crbsi, "lsi": lsi, "derm": derm}
    usual = [(name, chance, spent[name]) for name, chance in chances.items()]
    fewer = [(name, chance * ratios[name], spent[name]) for name, chance in chances.items()]
    old = run_tree(independent_events(usual, units=0.0, cost=standard), strategy="standard")
    new = run_tree(independent_events(fewer, units=dressings, cost=0.0), strategy="tegaderm")
    return old, new, price
