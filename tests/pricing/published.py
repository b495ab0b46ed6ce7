"""The published cases: their inputs, and what was printed with its tolerance."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Expected:
    value: float
    tolerance: float
    is_known_miss: bool

    def is_met_by(self, found: float) -> bool:
        return abs(found - self.value) <= self.tolerance


@dataclass(frozen=True)
class Case:
    inputs: dict[str, Any]
    expected: dict[str, Expected]

    def misses(self, found: dict[str, float]) -> dict[str, float]:
        return {
            name: value for name, value in found.items() if not self.expected[name].is_met_by(value)
        }

    @property
    def known_misses(self) -> set[str]:
        return {name for name, one in self.expected.items() if one.is_known_miss}


def read_case(shared: Path, name: str) -> Case:
    raw = json.loads((shared / "cases" / "negotiation" / f"{name}.json").read_text("utf-8"))
    expected = {
        one["name"]: Expected(
            one["value"],
            one["tol"] * (abs(one["value"]) if one["tol_kind"] == "rel" else 1),
            one["known_mismatch"],
        )
        for one in raw["expected"]
    }
    return Case(raw["inputs"], expected)
