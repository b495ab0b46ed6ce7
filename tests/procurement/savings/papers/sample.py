"""Settled hospitals for tests of statements, made by the rules themselves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from procurement.savings.papers.content import (
    FindingContent,
    SettlementContent,
    StatementContent,
)
from procurement.savings.papers.from_folder import settled_statements
from procurement.savings.rules import (
    Assessed,
    Choices,
    Formula,
    SchemeRules,
    Terms,
    Use,
    settle,
)
from rulebooks import load_rulebook

MOMENT = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
GIVEN: Mapping[str, object] = {
    "negative_base": "floor_each",
    "completion_unit": "product",
    "follow_on": "earns",
    "bands": {
        "80": {"ratio": "0.50", "grade": "优秀"},
        "60": {"ratio": "0.40", "grade": "合格"},
        "0": {"ratio": "0", "grade": "不合格"},
    },
}
PRODUCTS = ("奥美拉唑肠溶胶囊", "注射用头孢唑林", "=HYPERLINK(1)")


def sample(
    rulebook: str = "savings-national-2020", *, layout: str = "budget-less-spend", **given: object
) -> tuple[SettlementContent, tuple[StatementContent, ...]]:
    """Three hospitals, two of them a group, in two batches; parameters may be given."""
    values = {**GIVEN, **given}
    rules = SchemeRules(load_rulebook(rulebook), values)
    choices = Choices(
        formula=Formula(layout, subtracts_non_winning=layout == "budget-less-spend"),
        negative_base=str(values["negative_base"]),
        completion_unit=str(values["completion_unit"]),
        rounding=str(values.get("rounding", "half_up_cent")),
        follow_on_earns=values["follow_on"] == "earns",
    )
    lines = list(_lines())
    assessed = {
        terms.key: Assessed(Decimal("0.4"), True, Decimal("72.5"), "合格")
        if terms.hospital == "城关镇卫生院"
        else Assessed(Decimal("0.5"), True, Decimal(91), "优秀")
        for terms, _ in lines
    }
    settlement = SettlementContent(
        title="某县 2026 年度结余留用",
        number="county-2026",
        bureau="某县采购办",
        years=("b7y2 2026-01-01–2026-12-31",),
        rules=rules,
        choices=choices,
        computed_at=MOMENT,
        run="1",
    )
    found = settled_statements(settle(lines, assessed, choices), choices)
    return settlement, tuple(map(_finished, found))


def _lines():
    for number, hospital in enumerate(("县人民医院", "县中医医院", "城关镇卫生院")):
        for batch in ("b4y3", "b7y2"):
            for place, product in enumerate(PRODUCTS):
                base = 1_000 * (number + 1) * (place + 3) + 7
                agreed = 0 if (number, place) == (2, 1) else base * 7 // 10
                dear = Decimal("0.031") if (number + place) % 3 == 0 else Decimal("3.2001")
                terms = Terms(
                    hospital,
                    product,
                    base,
                    agreed,
                    price_before=dear,
                    winning_price=Decimal("0.2023"),
                    payment_ratio=Decimal("0.6123"),
                    insured_share=Decimal("0.87"),
                    payment_ratio_spend=Decimal("0.62"),
                    batch=batch,
                    group="县医共体" if number < 2 else None,
                    fund_share_employee=Fraction("2.89") / Fraction("16.09"),
                    follow_on=batch == "b7y2",
                )
                winning = agreed + (11 if (number + place) % 2 else -3 * (number == 0))
                yield terms, Use(max(winning, 0), Decimal(100 * place), 30 * place)


def _finished(one: StatementContent) -> StatementContent:
    lines = [replace(line, strength="20mg", supplier="甲药业", unit="粒") for line in one.lines]
    findings = (
        FindingContent("volume-completion", Decimal(60), Decimal(60), Decimal(55), "平台数据"),
        FindingContent("payment-in-time", Decimal(40), Decimal(36), None),
    )
    return replace(
        one, code="12340000MB0000001X", lines=lines, findings=findings, score=Decimal(91)
    )
