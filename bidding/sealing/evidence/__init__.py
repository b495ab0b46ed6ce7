"""Offline verification: what a bundle of documents proves, and what it leaves open."""

from bidding.sealing.evidence.bundle import Bundle, read_bundle
from bidding.sealing.evidence.examine import examine
from bidding.sealing.evidence.finding import Blame, Finding, Outcome
from bidding.sealing.evidence.whole import examine_files

__all__ = [
    "Blame",
    "Bundle",
    "Finding",
    "Outcome",
    "examine",
    "examine_files",
    "read_bundle",
]
