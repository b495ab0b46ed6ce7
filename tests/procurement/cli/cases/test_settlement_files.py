"""Published and constructed cases of settlement, computed by the functions behind them."""

import pytest

from procurement.cli.cases import KNOWN, MISMATCH, NOT_DERIVABLE, WITHIN, compare, read_cases
from procurement.cli.cases.code_forms import allowed_masks

COMPUTED = {
    "codes": (14, 0),
    "credit_rating": (19, 4),
    "dual_channel": (39, 0),
    "direct_settlement_monitoring": (17, 0),
    "retained_savings_published": (19, 4),
    "retained_savings_constructed": (49, 0),
}
"""How many figures agree, and how many do not follow from what is given."""


@pytest.mark.parametrize("name", COMPUTED)
def test_every_figure_that_follows_from_its_inputs_is_computed(shared, name):
    found = [one.status for one in compare(read_cases(shared / f"cases/settlement/{name}.json"))]
    assert MISMATCH not in found
    assert KNOWN not in found
    assert (found.count(WITHIN), found.count(NOT_DERIVABLE)) == COMPUTED[name]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (r"^X\d{2}$", "^X[0-9][0-9]$", True),
        (r"^X\d{2}$", r"^X\d{3}$", False),
        (r"^C\d(\d{2})?$", r"C\d|C\d\d\d", True),
        (r"^H[YJ]$", "^H[JY]$", True),
        (r"^H[YJ]$", "^H[Y]$", False),
    ],
)
def test_forms_are_compared_by_the_codes_that_they_allow(one, other, same):
    assert (allowed_masks(one) == allowed_masks(other)) is same
