"""Decisions on the list: two persons, criteria, periods that never overlap, nothing overwritten."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.pharmacies.listed.changes import changes_between, life_of, summary_of
from procurement.pharmacies.listed.errors import (
    CityListError,
    LaterDecisionError,
    ListMovedError,
    OtherListError,
    SamePersonError,
    SettledError,
)
from procurement.pharmacies.listed.kinds import ChangeKind, Control, DecisionKind
from procurement.pharmacies.listed.periods import periods_of, rows_of
from procurement.pharmacies.listed.service import find_listed, listed_on, state_on
from procurement.pharmacies.listed.settling import confirm, withdraw
from procurement.pharmacies.listed.tables import ListedDrug
from procurement.pharmacies.listed.terms import Evidence
from tests.procurement.pharmacies.listed.world import (
    CHANGE,
    DUAL,
    JIANGSU,
    MOMENT,
    ORDINARY,
    SEPARATE,
    START,
    ListWorld,
)


def states(world, day, region=JIANGSU, known_on=None):
    with snapshot(world.engine) as session:
        found = listed_on(session, region=region, day=day, known_on=known_on)
        return {one.drug.generic_product.name[-2:]: one.period.state for one in found}


def faults_of(world, *lines, **more):
    with pytest.raises(InvalidInputError) as refused:
        world.propose(*lines, **more)
    return {fault.field: fault.en for fault in refused.value.faults}


def drug(world, number):
    with snapshot(world.engine) as session:
        return session.scalars(
            select(ListedDrug).where(ListedDrug.generic_product_id == world.drugs[number - 1])
        ).one()


def test_the_change_of_2022_05_01_is_replayed_six_out_of_separate_payment_and_two_in(world):
    world.list_of_2021()
    world.decide(
        *(world.line(number, DUAL, self_pay_share=Decimal("0.1")) for number in range(1, 7)),
        world.line(8, SEPARATE, self_pay_share=Decimal("0.1")),
        world.line(11, SEPARATE),
    )
    with snapshot(world.engine) as session:
        found = changes_between(session, region=JIANGSU, since=CHANGE, until=CHANGE)
        counted = summary_of(found)
        kinds = sorted(one.kind.value for one in found)
    assert (counted.out_of_separate, counted.into_separate) == (6, 2)
    assert kinds == ["downgrade"] * 6 + ["enter", "upgrade"]
    assert (counted.into_dual, counted.out_of_dual, counted.terms) == (1, 0, 0)
    before, after = states(world, date(2022, 4, 30)), states(world, CHANGE)
    assert [before[f"{n:02d}"] for n in (1, 7, 8)] == [SEPARATE, SEPARATE, DUAL]
    assert [after[f"{n:02d}"] for n in (1, 7, 8, 11)] == [DUAL, SEPARATE, SEPARATE, SEPARATE]


def test_a_decision_is_on_the_list_only_once_another_person_confirmed_it(world):
    decision_id = world.propose(world.line(1, DUAL))
    assert states(world, CHANGE) == {}
    with transaction(world.engine) as session, pytest.raises(SamePersonError):
        confirm(session, decision_id=decision_id, version=1, actor=world.officer, moment=MOMENT)
    with transaction(world.engine) as session, pytest.raises(StaleError):
        confirm(session, decision_id=decision_id, version=2, actor=world.second, moment=MOMENT)
    world.confirm(decision_id)
    assert states(world, CHANGE) == {"01": DUAL}
    with transaction(world.engine) as session, pytest.raises(SettledError):
        confirm(session, decision_id=decision_id, version=2, actor=world.second, moment=MOMENT)


def test_a_decision_that_is_withdrawn_with_a_reason_never_reaches_the_list(world):
    decision_id = world.propose(world.line(1, DUAL))
    with transaction(world.engine) as session, pytest.raises(InvalidInputError):
        withdraw(
            session,
            decision_id=decision_id,
            version=1,
            reason="",
            actor=world.second,
            moment=MOMENT,
        )
    with transaction(world.engine) as session:
        withdraw(
            session,
            decision_id=decision_id,
            version=1,
            reason="证据不足",
            actor=world.second,
            moment=MOMENT,
        )
    with pytest.raises(SettledError):
        world.confirm(decision_id)
    assert states(world, CHANGE) == {}


def test_periods_of_one_drug_that_overlap_are_refused_with_where_and_what(world):
    world.decide(
        world.line(1, DUAL, starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31)),
        kind=DecisionKind.PUBLISHED_LIST,
    )
    within = world.line(1, SEPARATE, starts_on=date(2022, 3, 1))
    faults = faults_of(world, within, kind=DecisionKind.PUBLISHED_LIST)
    assert faults == {
        "starts_on-1": "Entry 1: Overlaps the period 2022-01-01 to 2022-12-31; "
        "the new one is from 2022-03-01."
    }
    same_day = faults_of(world, world.line(1, SEPARATE), day=date(2022, 1, 1))
    assert "Both begin that day: correct the other" in same_day["starts_on-1"]
    earlier = faults_of(world, world.line(1, SEPARATE), day=date(2021, 9, 1))
    assert "Overlaps the period 2022-01-01 to 2022-12-31" in earlier["starts_on-1"]
    # One that ends the day before fits.
    world.decide(
        world.line(1, SEPARATE, starts_on=date(2021, 9, 1), ends_on=date(2021, 12, 31)),
        kind=DecisionKind.PUBLISHED_LIST,
    )


def test_two_lines_of_one_decision_may_not_overlap_either(world):
    faults = faults_of(
        world,
        world.line(1, DUAL, ends_on=date(2022, 12, 31)),
        world.line(2, DUAL),
        world.line(1, SEPARATE, starts_on=date(2022, 12, 31)),
        kind=DecisionKind.PUBLISHED_LIST,
    )
    assert "Overlaps entry 1 on the same drug" in faults["starts_on-3"]
    assert set(faults) == {"starts_on-3"}


def test_several_periods_of_a_drug_are_taken_over_in_one_decision(world):
    world.decide(
        world.line(1, DUAL, starts_on=date(2022, 5, 1)),
        world.line(1, SEPARATE, starts_on=START, ends_on=date(2022, 4, 30)),
        kind=DecisionKind.PUBLISHED_LIST,
    )
    with snapshot(world.engine) as session:
        found = life_of(session, drug=drug(world, 1))
    assert [(one.day, one.kind) for one in found] == [
        (START, ChangeKind.ENTER),
        (CHANGE, ChangeKind.DOWNGRADE),
    ]


def test_criteria_without_evidence_are_named_with_their_rule(world):
    faults = faults_of(
        world,
        world.line(1, DUAL, evidence=(Evidence("urgent-need", "临床意见"),)),
        world.line(2, SEPARATE, evidence=(Evidence("innovative", "新药证书"),)),
        world.line(3, ORDINARY, evidence=()),
    )
    assert set(faults) == {"evidence-1"}
    assert "together: high clinical value" in faults["evidence-1"]
    # What was decided elsewhere is taken over as it stands.
    world.decide(world.line(1, DUAL, evidence=()), kind=DecisionKind.PUBLISHED_LIST)


def test_drugs_under_special_control_states_and_brands_that_the_rules_exclude_are_refused(world):
    faults = faults_of(
        world,
        world.line(1, DUAL, control=Control.NARCOTIC),
        world.line(2, DUAL, brand="某品牌"),
        world.line(3, DUAL, employee_share=Decimal("0.8")),
        world.line(4, SEPARATE, employee_share=Decimal("0.69"), resident_share=Decimal("0.6")),
        world.line(5, None),
        kind=DecisionKind.PUBLISHED_LIST,
    )
    assert set(faults) == {
        "control-1",
        "brand-2",
        "employee_share-3",
        "employee_share-4",
        "state-5",
    }
    assert "list.excluded" in faults["control-1"]
    assert "70" in faults["employee_share-4"]


def test_a_drug_leaves_the_list_and_its_history_stays(world):
    world.list_of_2021()
    decision_id = world.decide(world.line(9, None), world.line(10, ORDINARY))
    assert "09" not in states(world, CHANGE)
    assert states(world, CHANGE)["10"] == ORDINARY
    with snapshot(world.engine) as session:
        left = drug(world, 9)
        assert state_on(session, listed_drug_id=left.id, day=CHANGE) is None
        before = state_on(session, listed_drug_id=left.id, day=date(2022, 4, 30))
        assert before is not None and before.state == DUAL
        assert len(rows_of(session, listed_drug_id=left.id)) == 2
        found = life_of(session, drug=left)
    assert [one.kind for one in found] == [ChangeKind.ENTER, ChangeKind.REMOVE]
    assert found[0].decision.document == "苏医保发〔2021〕40号"
    assert found[1].decision.id == decision_id


def test_a_correction_takes_the_place_of_what_a_decision_said(world):
    world.list_of_2021()
    wrong = world.decide(world.line(1, DUAL), world.line(11, SEPARATE), world.line(10, None))
    world.decide(
        # The downgrade began a month later, the entry never was, the removal neither.
        world.line(1, DUAL),
        day=date(2022, 6, 1),
        kind=DecisionKind.CORRECTION,
        corrects_id=wrong,
    )
    world.decide(
        world.line(11, None),
        world.line(10, None),
        day=date(2022, 6, 1),
        kind=DecisionKind.CORRECTION,
        corrects_id=wrong,
    )
    may, june = states(world, date(2022, 5, 31)), states(world, date(2022, 6, 1))
    assert (may["01"], june["01"]) == (SEPARATE, DUAL)
    assert "11" not in may and "11" not in june
    assert may["10"] == june["10"] == DUAL
    with snapshot(world.engine) as session:
        assert len(periods_of(session, listed_drug_id=drug(world, 1).id)) == 2


def test_what_a_later_decision_rests_on_is_corrected_after_that_one(world):
    world.list_of_2021()
    first = world.decide(world.line(1, DUAL))
    world.decide(world.line(1, SEPARATE), day=date(2022, 6, 1))
    with pytest.raises(LaterDecisionError):
        world.propose(
            world.line(1, ORDINARY),
            kind=DecisionKind.CORRECTION,
            corrects_id=first,
        )
    faults = faults_of(world, world.line(2, DUAL), kind=DecisionKind.CORRECTION, corrects_id=first)
    assert "says nothing about this drug" in faults["name-1"]


def test_a_decision_is_not_confirmed_on_another_list_than_it_was_proposed_on(world):
    world.list_of_2021()
    one, other = world.propose(world.line(8, SEPARATE)), world.propose(world.line(8, None))
    world.confirm(one)
    with pytest.raises(ListMovedError):
        world.confirm(other)


def test_a_county_reads_its_province_and_the_public_only_what_was_published(world):
    world.decide(world.line(1, DUAL), public_from=date(2022, 5, 10))
    assert states(world, CHANGE, region="320505") == {"01": DUAL}
    assert states(world, CHANGE, region="330100") == {}
    assert states(world, CHANGE, known_on=date(2022, 5, 9)) == {}
    assert states(world, CHANGE, known_on=date(2022, 5, 10)) == {"01": DUAL}
    with snapshot(world.engine) as session:
        found = find_listed(session, generic_product_id=world.drugs[0], region="320505", day=CHANGE)
        assert found is not None and found.is_dual
        asked = {"generic_product_id": world.drugs[1], "region": "320505", "day": CHANGE}
        assert find_listed(session, **asked) is None


def test_an_unpublished_removal_is_still_on_the_list_as_the_public_knows_it(world):
    world.decide(world.line(1, DUAL), day=START)
    world.decide(world.line(1, None), public_from=date(2022, 6, 1))
    assert states(world, CHANGE) == {}
    assert states(world, CHANGE, known_on=CHANGE) == {"01": DUAL}


def test_cities_of_jiangsu_may_not_change_the_list_and_no_bureau_that_of_another(engine):
    city = ListWorld(engine).settle_in(region="320500")
    with pytest.raises(CityListError):
        city.propose(city.line(1, DUAL), region="320500")
    with pytest.raises(OtherListError):
        city.propose(city.line(1, DUAL))


def test_hunan_lists_every_drug_within_its_agreement_and_selects_for_separate_payment(engine):
    hunan = ListWorld(engine).settle_in(region="430000")
    day = date(2025, 11, 1)
    agreed = {"agreement_starts_on": date(2025, 1, 1), "agreement_ends_on": date(2026, 12, 31)}
    sold = Evidence("sold-in-pharmacies", "药品流通管理规定")
    more = {"region": "430000", "day": day}
    faults = faults_of(
        hunan,
        hunan.line(1, DUAL, evidence=(sold,)),
        hunan.line(2, DUAL, evidence=(), **agreed),
        hunan.line(3, SEPARATE, evidence=(sold,), **agreed),
        **more,
    )
    assert "within the agreement" in faults["evidence-1"]
    assert "may be sold in pharmacies" in faults["evidence-2"]
    assert "evidence-3" in faults
    given = (
        sold,
        Evidence("other", "遴选公告"),
        Evidence("application", "企业申请"),
        Evidence("standard-promise", "承诺书"),
    )
    hunan.decide(hunan.line(3, SEPARATE, evidence=given, **agreed), **more)
    assert states(hunan, day, region="430102") == {"03": SEPARATE}


def test_the_head_of_a_decision_is_checked_together_with_its_lines(world):
    faults = faults_of(
        world,
        world.line(1, DUAL, control=Control.TOXIC),
        document="",
        notice_text="",
        decided_on=date(1900, 1, 1),
    )
    assert set(faults) == {"document", "notice_text", "decided_on", "control-1"}
    assert set(faults_of(world, kind=DecisionKind.CORRECTION)) == {"lines", "corrects"}
