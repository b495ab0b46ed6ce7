"""Every document's variant of the settlement, on the platform."""

from decimal import Decimal
from typing import cast

import pytest

from procurement.errors import InvalidInputError
from procurement.savings.assessments.closing import NotAssessedError
from procurement.savings.assessments.reading import assessments_of
from procurement.savings.rules.exact import total
from procurement.savings.settlements.factors import missing_factors
from procurement.savings.settlements.parameters import savings_rulebooks
from procurement.savings.statements.content import statements_of
from rulebooks import load_rulebook
from tests.procurement.savings.world import INDICATORS, PARAMETERS


@pytest.mark.parametrize(
    ("rulebook", "layout"),
    [
        ("savings-national-2020", "budget-less-spend"),
        ("savings-hunan-2024", "budget-less-spend"),
        ("savings-shenzhen-2024", "budget-less-spend"),
        ("savings-ankang-2021", "price-drop"),
        ("savings-changning-2021", "budget-less-spend"),
    ],
)
def test_a_document_is_settled_by(world, rulebook, layout):
    world.buy_agreed()
    world.indicators = indicators_of(rulebook)
    world.draft(rulebook=rulebook, parameters={**PARAMETERS, "indicators": world.indicators})
    world.factors(payment_ratio_spend="0.55")
    world.extract().assess_all(tuple(world.indicators.values())).compute()
    for row in world.read(statements_of):
        statement = world.statement(row.hospital_id)
        assert statement.layout == layout
        assert total([line.row.paid_part for line in statement.lines]) == statement.payable
        for line in statement.lines:
            assert (line.row.budget is None) is (layout == "price-drop")


def indicators_of(rulebook):
    """Points for the indicators that a document states; invented ones for those that it leaves."""
    stated = load_rulebook(rulebook).rules.get("assessment.indicators")
    if stated is None or not stated.verified:
        return INDICATORS
    first, *others = cast("tuple[str, ...]", stated.value)
    return {first: str(100 - 10 * len(others)), **dict.fromkeys(others, "10")}


def test_indicators_that_contradict_the_document_are_refused(world):
    with pytest.raises(InvalidInputError):
        world.draft(rulebook="savings-ankang-2021")


def test_two_payment_ratios_are_needed_where_a_document_names_two(world):
    world.indicators = indicators_of("savings-changning-2021")
    parameters = {**PARAMETERS, "indicators": world.indicators}
    world.draft(rulebook="savings-changning-2021", parameters=parameters).factors()
    assert {one.factor for one in world.read(missing_factors)} == {"payment_ratio_spend"}


def test_products_are_scored_one_by_one_where_a_document_does(world):
    world.buy_agreed()
    world.draft(rulebook="savings-guangxi-2021").factors().extract()
    rows = world.read(assessments_of)
    assert len(rows) == len({(r.assessment.hospital_id, r.product) for r in rows}) > 6
    with pytest.raises(NotAssessedError):
        world.close()
    world.assess_all().compute()
    statement = world.statement(world.hospitals[0].id)
    assert all(line.row.score == Decimal(90) for line in statement.lines)


def test_every_rulebook_of_savings_can_be_chosen():
    assert len(savings_rulebooks()) == 7
