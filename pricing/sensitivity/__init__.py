"""How sure a result is: one input at a time, all together, and what knowing more is worth."""

from pricing.sensitivity.acceptability import (
    Acceptability,
    acceptability,
    acceptability_curves,
    evpi_of_normal,
    net_benefits,
)
from pricing.sensitivity.one_way import Bar, Range, one_way, tornado
from pricing.sensitivity.overrun import OverrunCurve, overrun_curve
from pricing.sensitivity.partial_information import EvppiMethod, PartialInformation, evppi
from pricing.sensitivity.plane import Plane, plane
from pricing.sensitivity.summary import Summary, summarise

__all__ = [
    "Acceptability",
    "Bar",
    "EvppiMethod",
    "OverrunCurve",
    "PartialInformation",
    "Plane",
    "Range",
    "Summary",
    "acceptability",
    "acceptability_curves",
    "evpi_of_normal",
    "evppi",
    "net_benefits",
    "one_way",
    "overrun_curve",
    "plane",
    "summarise",
    "tornado",
]
