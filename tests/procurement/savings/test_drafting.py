"""Drafting a settlement: nothing has a default, and every fault is told at once."""

import pytest

from procurement.errors import InvalidInputError, StaleError
from procurement.savings.settlements.drafting import (
    back_to_draft,
    change_settlement,
    withdraw_settlement,
)
from procurement.savings.settlements.errors import NameTakenError, NothingToSettleError
from procurement.savings.settlements.extracting import start_extracting
from procurement.savings.settlements.parameters import parameter_views
from procurement.savings.settlements.reading import overview, settlements_for
from procurement.savings.states import WrongStateError
from tests.procurement.savings.world import INDICATORS, PARAMETERS


def fields_of(refusal):
    return [fault.field for fault in refusal.value.faults]


def test_everything_that_is_missing_is_told_at_once(world):
    with pytest.raises(InvalidInputError) as refusal:
        world.draft(name="Anhui 2027", title=" ", region="34", rulebook="national-3")
    assert fields_of(refusal) == ["name", "title", "region", "rulebook"]


def test_what_texts_leave_open_must_be_given_by_name(world):
    with pytest.raises(InvalidInputError) as refusal:
        world.draft(parameters={"rounding": "half_up_cent"})
    assert fields_of(refusal) == ["negative_base", "completion_unit", "bands", "indicators"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bands": {"80": "0.60", "0": "0"}}, "bands"),
        ({"bands": {"eighty": "0.5"}}, "bands"),
        ({"indicators": {"volume-completion": "60"}}, "indicators"),
        ({"indicators": {"volume-completion": "-1", "rules-kept": "101"}}, "indicators"),
        ({"indicators": ["volume-completion"]}, "indicators"),
        ({"negative_base": "perhaps"}, "negative_base"),
        ({"formula.layout": "price-drop"}, "formula.layout"),
        ({"base_to_use_warning": "0"}, "base_to_use_warning"),
        ({"lucky_number": "7"}, "lucky_number"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(world, changes, field):
    with pytest.raises(InvalidInputError) as refusal:
        world.draft(parameters={**PARAMETERS, **changes})
    assert fields_of(refusal) == [field]


def test_a_follow_on_round_needs_to_be_decided_about(world):
    with pytest.raises(InvalidInputError) as refusal:
        world.draft(follow_on=frozenset({world.orders.term_id}))
    assert fields_of(refusal) == ["follow_on"]
    world.draft(
        follow_on=frozenset({world.orders.term_id}),
        parameters={**PARAMETERS, "follow_on": "nothing"},
    )


def test_a_batch_year_is_settled_once_in_a_region(world):
    world.draft()
    with pytest.raises(InvalidInputError) as refusal:
        world.draft(name="again")
    assert fields_of(refusal) == ["term_ids"]
    with pytest.raises((NameTakenError, InvalidInputError)):
        world.draft()
    world.do(withdraw_settlement, reason="重新起草")
    world.draft(name="again")


def test_batch_years_must_be_agreed_on_in_the_region(world):
    with pytest.raises(InvalidInputError) as refusal:
        world.draft(term_ids=(), follow_on=frozenset({9}))
    assert fields_of(refusal) == ["term_ids", "follow_on", "follow_on"]
    with pytest.raises(InvalidInputError) as refusal:
        world.draft(term_ids=(999,))
    assert fields_of(refusal) == ["term_ids"]


def test_the_agency_must_cover_the_region(world):
    with pytest.raises(InvalidInputError) as refusal:
        world.draft(agency_id=world.hospitals[0].id)
    assert fields_of(refusal) == ["agency_id"]


def test_a_stale_page_changes_nothing(world):
    world.draft()
    draft = world.drafted(title="另一名称")
    world.do(change_settlement, draft=draft, version=1)
    with pytest.raises(StaleError):
        world.do(change_settlement, draft=draft, version=1)


def test_every_parameter_is_shown_with_who_decided_it(world):
    world.draft()
    views = {
        one.key: one for one in world.read(lambda session, settlement: parameter_views(settlement))
    }
    assert list(views) == [
        "bands",
        "negative_base",
        "completion_unit",
        "rounding",
        "follow_on",
        "indicators",
        "base_to_use_warning",
    ]
    assert views["negative_base"].is_given
    assert not views["rounding"].is_given
    assert all(one.value_zh and one.value_en and one.by_zh and one.by_en for one in views.values())
    for points in INDICATORS.values():
        assert points in views["indicators"].value_en


def test_a_settlement_is_seen_by_its_bureau_region_and_agency(world):
    world.draft()
    seen = [world.officer, world.national.actor, world.agency.actor]
    hidden = [world.hospitals[0].actor, world.orders.maker.actor, world.orders.agency.actor]
    for actor in seen:
        assert world.read(lambda session, settlement, a=actor: settlements_for(session, actor=a))
    for actor in hidden:
        assert not world.read(
            lambda session, settlement, a=actor: settlements_for(session, actor=a)
        )


def test_only_a_draft_is_changed_and_nothing_computed_is_withdrawn(world):
    world.draft().factors().extract()
    with pytest.raises(WrongStateError):
        version = world.read(overview).settlement.version
        world.do(change_settlement, draft=world.drafted(), version=version)
    world.do(back_to_draft, reason="参数有误")
    world.extract().assess_all().compute()
    with pytest.raises(WrongStateError):
        world.do(withdraw_settlement, reason="不要了")
    view = world.read(overview)
    assert [step.status for step in view.steps if step.is_present] == ["computed"]
    assert (view.hospitals, view.run.kind, view.run.status) == (6, "compute", "done")


def test_a_region_that_agreed_to_nothing_has_nothing_to_settle(world):
    with pytest.raises((InvalidInputError, NothingToSettleError)):
        world.draft(region="349900")
        world.start(start_extracting)
