"""Answers to cases by the form of their inputs; published files are run by the command."""

import pytest

from pricing.faults import ModelFaultsError
from procurement.orders.fulfilment.cases import answer_fulfilment_case as answer


def test_days_alone_are_compared_with_the_progress_before_them():
    days = {"days_elapsed": 189, "days_year": 366}
    assert answer(days) == {"time_progress_pct": "51.64"}
    before = [{"planned_wan": "23192.54", "actual_wan": "19960.73"}]
    assert answer(days, earlier=before)["lag_points"] == "34.43"


def test_a_talk_is_held_from_twenty_five_points_behind():
    found = answer({"progress_pct": "25", "time_progress_pct": "50"})
    assert found == {"lag_points": "-25.00", "interview": True}
    assert not answer({"progress_pct": "25.01", "time_progress_pct": "50"})["interview"]


def test_half_of_the_use_is_enough_and_less_is_not():
    found = answer({"winning_qty": "50", "non_winning_qty": "50"})
    assert found["winning_share_pct"] == "50.00"
    assert found["guangdong_ok"] and found["fujian_ok"] and found["shanghai_ok"]
    assert not answer({"winning_qty": "49", "non_winning_qty": "51"})["fujian_ok"]


def test_every_rule_on_delivery_answers_for_itself():
    found = answer({"delivery_months": ["0.69", "0.95"]})
    assert (found["hainan_flag"], found["hainan_first_flag_month"]) == (True, 1)
    assert (found["qinghai_flag"], found["first_flag_month"]) == (False, None)


def test_joints_go_by_rank():
    found = answer({"base_qty": "100"}, title="joints 2021")
    assert (found["1"], found["2"], found[">=6"]) == ("100", "90", "70")


def test_a_base_without_a_batch_and_an_unknown_form_are_refused():
    with pytest.raises(ModelFaultsError, match="batch"):
        answer({"base_qty": "100"}, title="some round")
    with pytest.raises(ModelFaultsError, match="expected"):
        answer({"weather": "fine"})
    with pytest.raises(ValueError, match="whole number"):
        answer({"agreed_year": "0.5", "months": 1})
