"""One price is shared between fund and patient, and nothing is lost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.faults import ModelFaultsError
from pricing.payment_standard import added_share, split_price

MONEY = st.decimals(min_value=0, max_value=10_000, places=4)
SHARE = st.decimals(min_value=0, max_value=1, places=4)


def test_ibuprofen_at_ten_against_a_standard_of_eight():
    split = split_price(Decimal(10), standard=Decimal(8), fund_ratio=Decimal("0.80"))
    assert split.self_paid_difference == 2
    assert split.shared_part == 8
    assert (split.fund, split.patient_total) == (Decimal("6.40"), Decimal("3.60"))


def test_what_is_paid_first_is_not_shared():
    split = split_price(
        Decimal(10),
        standard=Decimal(8),
        fund_ratio=Decimal("0.80"),
        first_self_paid=Decimal("0.05"),
    )
    assert (split.first_self_paid, split.fund) == (Decimal("0.4"), Decimal("6.08"))


@given(price=MONEY, standard=MONEY, ratio=SHARE, first=SHARE)
def test_fund_and_patient_make_the_price(price, standard, ratio, first):
    split = split_price(price, standard=standard, fund_ratio=ratio, first_self_paid=first)
    assert split.fund + split.patient_total == price
    assert split.self_paid_difference + split.shared_part == price
    assert split.self_paid_difference == max(price - standard, 0)
    assert split.fund == min(price, standard) * (1 - first) * ratio
    assert 0 <= split.fund <= standard


@given(share=SHARE, points=SHARE)
def test_added_points_end_at_the_whole(share, points):
    assert added_share(share, points) == min(share + points, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("price", "-1"), ("standard", "NaN"), ("fund_ratio", "1.01"), ("first_self_paid", "-0.1")],
)
def test_what_cannot_be_is_refused_at_its_name(field, value):
    terms = {"standard": "8", "fund_ratio": "0.8", "first_self_paid": "0", "price": "10"}
    terms |= {field: value}
    price = terms.pop("price")
    with pytest.raises(ModelFaultsError) as refusal:
        split_price(Decimal(price), **{name: Decimal(term) for name, term in terms.items()})
    assert [fault.where for fault in refusal.value.faults] == [field]
    with pytest.raises(ModelFaultsError, match="patient_share"):
        added_share(Decimal("1.2"), Decimal("0.1"))
