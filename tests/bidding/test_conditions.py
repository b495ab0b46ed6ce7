"""The conditions of a lot are read from the rules, and unknown ones are refused by name."""

from decimal import Decimal

import pytest

from bidding.bid_sheet import DosageForm
from bidding.conditions import conditions_of
from bidding.errors import UnknownRuleError
from tests.bidding.sheets import lot, rules_of


def conditions(rulebook, sheet=None, **options):
    return conditions_of(sheet or lot(), rules_of(rulebook, **options))


def test_the_second_to_ninth_rounds_have_three_conditions_each_of_which_suffices():
    found = conditions("national-4")
    assert (found.ratio_to_lowest, found.cut, found.low) == (
        Decimal("1.8"),
        Decimal("0.5"),
        Decimal("0.10"),
    )
    assert found.is_bounded


@pytest.mark.parametrize(
    ("form", "low"),
    [
        (DosageForm.ORAL_SOLID, Decimal("0.1")),
        (DosageForm.SMALL_INJECTION, Decimal(1)),
        (DosageForm.LARGE_INJECTION, Decimal(2)),
        (DosageForm.OTHER, None),
        (None, None),
    ],
)
def test_the_low_price_of_the_tenth_round_goes_by_dosage_form(form, low):
    assert conditions("national-10", lot(dosage_form=form)).low == low


def test_the_dosage_form_is_read_from_the_products_name_where_it_is_not_given():
    assert conditions("national-10", lot(product="阿扎胞苷注射剂")).low == Decimal(1)


def test_an_anchor_of_the_mean_still_has_a_closed_solution():
    found = conditions("national-11")
    assert found.has_anchor
    assert found.is_bounded


def test_lines_of_deviations_are_moved_by_the_bid_itself():
    options = {"selection__ratio_to_anchor": "1.8", "selection__absolute_low": {"any": "0.1"}}
    found = conditions("national-12", **options)
    assert (found.sds_below_mean, found.zero_volume_sds, found.out_above_sds) == (1, 2, None)
    assert not found.is_bounded
    assert not found.band_of_all


def test_the_band_of_the_seventh_device_round_may_be_that_of_all_valid_bids():
    assert conditions("devices-7-2026", band__prices="valid").band_of_all


def test_class_lines_are_those_of_the_lot():
    lines = {"L1": {"a": "10", "b": "20"}, "L2": {"a": "1", "b": "2"}}
    found = conditions("insulin-renewal-2024", classes__lines=lines)
    assert (found.class_a, found.class_b) == (10, 20)


@pytest.mark.parametrize(
    ("rulebook", "key"),
    [
        ("national-12", "selection.ratio_to_anchor"),
        ("devices-6-2026", "selection.ratio_to_anchor"),
        ("devices-7-2026", "band.prices"),
    ],
)
def test_an_unknown_line_is_refused_by_name(rulebook, key):
    with pytest.raises(UnknownRuleError, match=f"{rulebook}: {key} is unknown"):
        conditions(rulebook)


def test_an_unknown_condition_that_suffices_is_kept_until_a_bid_needs_it():
    found = conditions("insulin-renewal-2024")
    assert found.class_b is None
    assert [refusal.key for refusal in found.unknown] == ["classes.lines"]
