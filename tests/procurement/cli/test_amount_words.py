from decimal import Decimal

import pytest

from procurement.cli.amount_words import in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角"),
        ("0.0912", "玖分壹厘贰毫"),
        ("1", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("1.005", "壹元零伍厘"),
        ("10", "壹拾元整"),
        ("105.20", "壹佰零伍元贰角"),
        ("10005", "壹万零伍元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100200030.4", "壹亿零贰拾万零叁拾元肆角"),
        ("999999999999", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整"),
        ("0.000001", "壹忽"),
    ],
)
def test_amounts_are_written_as_on_a_contract(amount, words):
    assert in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["0.0000001", "1000000000000", "-1"])
def test_amounts_without_words_have_none(amount):
    assert in_words(Decimal(amount)) is None
