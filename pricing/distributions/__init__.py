"""Distributions of uncertain inputs, given by their mean and spread or by the usual arguments."""

from pricing.distributions.arguments import DistributionError
from pricing.distributions.dirichlet import Dirichlet
from pricing.distributions.distribution import KINDS, Distribution, make_distribution

__all__ = ["KINDS", "Dirichlet", "Distribution", "DistributionError", "make_distribution"]
