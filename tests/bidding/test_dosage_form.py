"""The dosage form is given, or read from the standard name of the product."""

import pytest

from bidding.bid_sheet import DosageForm
from bidding.dosage_form import dosage_form_of, is_injection
from tests.bidding.sheets import lot, strengths

ORAL, SMALL = DosageForm.ORAL_SOLID, DosageForm.SMALL_INJECTION


@pytest.mark.parametrize(
    ("product", "form"),
    [
        ("阿那曲唑口服常释剂型", ORAL),
        ("二甲双胍缓释控释剂型", ORAL),
        ("奥美拉唑肠溶胶囊", ORAL),
        ("蒙脱石口服散剂", ORAL),
        ("孟鲁司特咀嚼片", ORAL),
        ("头孢克洛颗粒剂", ORAL),
        ("阿扎胞苷注射剂", SMALL),
        ("右美托咪定浓溶液", SMALL),
        ("氨溴索口服溶液", DosageForm.OTHER),
        ("布洛芬混悬液", DosageForm.OTHER),
        ("布地奈德吸入剂", DosageForm.OTHER),
        ("左氧氟沙星滴眼剂", DosageForm.OTHER),
        ("样品", None),
    ],
)
def test_the_form_is_read_from_the_name(product, form):
    assert dosage_form_of(lot(product=product)) == form


def test_what_is_given_stands_before_the_name():
    assert dosage_form_of(lot(product="阿扎胞苷注射剂", dosage_form=ORAL)) is ORAL


@pytest.mark.parametrize(
    ("labels", "form"),
    [
        (["49ml:1g"], SMALL),
        (["50ml:1g"], DosageForm.LARGE_INJECTION),
        (["100ML", "250ml"], DosageForm.LARGE_INJECTION),
        (["20ml", "100ml"], SMALL),
    ],
)
def test_injections_of_fifty_millilitres_and_more_are_large(labels, form):
    sheet = lot(product="葡萄糖注射剂", strengths=strengths(**dict.fromkeys(labels, "1")))
    assert dosage_form_of(sheet) is form


@pytest.mark.parametrize(
    ("sheet", "injection"),
    [
        (lot(product="莫西沙星氯化钠注射剂"), True),
        (lot(product="莫西沙星口服常释剂型"), False),
        (lot(product="莫西沙星注射剂", dosage_form=ORAL), False),
        (lot(product="样品", dosage_form=DosageForm.LARGE_INJECTION), True),
    ],
)
def test_an_injection_is_known_by_its_form_or_its_name(sheet, injection):
    assert is_injection(sheet) is injection
