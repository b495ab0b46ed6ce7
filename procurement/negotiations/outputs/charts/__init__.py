"""Charts of a negotiation model: each has a finding as its title and itself in words."""

from procurement.negotiations.outputs.charts.corridor import corridor
from procurement.negotiations.outputs.charts.curves import acceptability, overrun
from procurement.negotiations.outputs.charts.drawing import draw, draw_on_paper
from procurement.negotiations.outputs.charts.heat import heat
from procurement.negotiations.outputs.charts.marks import Picture
from procurement.negotiations.outputs.charts.plane import plane
from procurement.negotiations.outputs.charts.price_budget import price_budget, price_reach
from procurement.negotiations.outputs.charts.price_ratio import price_ratio
from procurement.negotiations.outputs.charts.standards import standards_line
from procurement.negotiations.outputs.charts.tornado import tornado

__all__ = [
    "Picture",
    "acceptability",
    "corridor",
    "draw",
    "draw_on_paper",
    "heat",
    "overrun",
    "plane",
    "price_budget",
    "price_ratio",
    "price_reach",
    "standards_line",
    "tornado",
]
