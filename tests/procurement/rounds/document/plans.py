"""Plans of rounds for tests: complete, with invented ceilings."""

from datetime import UTC, datetime
from decimal import Decimal

from procurement.rounds.document.clause import Clause
from procurement.rounds.document.plan import (
    Keyholders,
    PlannedLot,
    PlannedStrength,
    RoundPlan,
)
from procurement.rounds.rules import Timetable
from rulebooks import Bilingual, Rulebook

HOLDERS = ("采购办公室", "监督机构", "审计机构", "公证处", "医疗机构代表")


def strength(label: str, ratio: str, ceiling: str | None = "12.5") -> PlannedStrength:
    price = None if ceiling is None else Decimal(ceiling)
    return PlannedStrength(label, Decimal(ratio), price, benchmark_price=price)


def lots(number: int = 3) -> tuple[PlannedLot, ...]:
    return tuple(
        PlannedLot(
            f"L{position:02}",
            f"示例药品{position}口服常释剂型",
            "片",
            (strength("0.25g", "1"), strength("0.5g", "2")),
            by_brand=position == 2,
        )
        for position in range(1, number + 1)
    )


def at(day: int, hour: int = 1) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def plan(number_of_lots: int = 3, **changed: object) -> RoundPlan:
    """A plan without any gap, but for the rules that a rulebook leaves open."""
    facts: dict[str, object] = {
        "name": "example-1",
        "title": "示例批次药品集中采购",
        "bureau": "示例采购办公室",
        "regions": (Bilingual("安徽", "Anhui"), Bilingual("上海", "Shanghai")),
        "lots": lots(number_of_lots),
        "timetable": Timetable(bidding_opens_at=at(10), closes_at=at(15), opens_at=at(15, 2)),
        "keyholders": Keyholders(HOLDERS, 3),
        "observers": ("示例公证处",),
    }
    return RoundPlan(**{**facts, **changed})  # type: ignore[arg-type]


def cells_of(clause: Clause) -> list[list[str]]:
    """The Chinese cells of a clause's table, without its heads."""
    assert clause.said.grid is not None
    return [[cell.zh for cell in row] for row in clause.said.grid.rows]


def without_open_rules(rulebook: Rulebook) -> dict[str, object]:
    """Options that say of every unknown rule that the document has none."""
    return dict.fromkeys(rulebook.unknown, "none")
