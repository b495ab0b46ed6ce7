"""Matters on both databases: recorded, counted in the right region and days, repaired, ended."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from procurement.accounts.tables import OrganisationKind
from procurement.audit import entries_about
from procurement.catalogue.products import add_product
from procurement.credit_rating import GradeWord, grade_of, grades_by_region
from procurement.credit_rating.matters import (
    NotCorrectableError,
    preview_matter,
    record_matter,
)
from procurement.credit_rating.promises import Signed, give_promise, promise_of, promises_of
from procurement.credit_rating.reading import credit_list, matter_card, matters_of
from procurement.credit_rating.repair import (
    AlreadyClearedError,
    RepairIncompleteError,
    clear_matter,
    record_measure,
    repair_state,
)
from procurement.credit_rating.tables import CreditMatter, CreditPromise
from procurement.credit_rating.words import ClearanceKind, Consequence
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.notices import notices_of
from procurement.permissions import Actor, NotFoundForActorError
from tests.procurement.world import MOMENT, new_organisation

TODAY = date(2026, 11, 22)
OFFICER = Actor()
MATTER = {
    "organisation": "甲药业",
    "region": "340000",
    "matter": "bribery",
    "cumulated": "600000",
    "basis": "judgement",
    "document": "（2026）皖01刑初1号",
    "found_on": "2026-01-05",
    "in_force_from": "2026-03-01",
}


@pytest.fixture
def session(engine):
    with transaction(engine) as opened:
        new_organisation(opened, OrganisationKind.MANUFACTURER, name="甲药业")
        yield opened


def recorded(session, replaces_id=None, **changes):
    raw = {**MATTER, **changes}
    return record_matter(session, raw=raw, actor=OFFICER, moment=MOMENT, replaces_id=replaces_id)


def product(session, number, holder="甲药业"):
    raw = {
        "name": f"品种{number}",
        "printed_form": "片剂",
        "unit": "片",
        "strength": "1mg",
        "pack_units": "14",
        "holder": holder,
        "approval_number": f"国药准字H{20200000 + number}",
    }
    return add_product(session, raw=raw, actor=OFFICER, moment=MOMENT)


def grade(session, matter, region="340000", day=TODAY):
    return grade_of(session, organisation_id=matter.organisation_id, region=region, on_date=day)


def refused(session, **changes):
    with pytest.raises(InvalidInputError) as refusal:
        recorded(session, **changes)
    return [fault.field for fault in refusal.value.faults]


def clear(session, matter, kind=ClearanceKind.WITHDRAWN, day=TODAY, reason="撤销决定书"):
    return clear_matter(
        session,
        matter_id=matter.id,
        kind=kind,
        cleared_on=day,
        reason=reason,
        actor=OFFICER,
        moment=MOMENT,
    )


def test_a_firm_without_matters_has_no_grade(session):
    found = grade_of(session, organisation_id=1, region="340000", on_date=TODAY)
    assert (found.word, found.bars_all, found.barred_products) == (
        GradeWord.NONE,
        False,
        frozenset(),
    )


def test_a_matter_is_graded_by_the_rule_and_holds_from_its_day(session):
    matter = recorded(session)
    assert (matter.grade, matter.scale, matter.is_by_rule) == ("serious", "credit-2025", True)
    assert matter.clause == "2.1 bribery.cumulated"
    found = grade(session, matter)
    assert (found.word, found.zh, found.since) == (
        GradeWord.SERIOUS,
        "严重失信",
        date(2026, 3, 1),
    )
    # How long a grade lasts is stated nowhere.
    assert found.ends_on is None
    assert grade(session, matter, day=date(2026, 2, 28)).word is GradeWord.NONE
    assert grade(session, matter, day=date(2026, 3, 1)).word is GradeWord.SERIOUS


def test_a_grade_counts_in_its_province_and_in_its_cities(session):
    matter = recorded(session)
    assert grade(session, matter, "341500").word is GradeWord.SERIOUS
    assert grade(session, matter, "330000").word is GradeWord.NONE
    assert grade(session, matter, "000000").word is GradeWord.SERIOUS


def test_the_scale_of_the_day_applies(session):
    matter = recorded(session, found_on="2025-01-05", in_force_from="2025-06-30")
    assert (matter.scale, matter.grade) == ("credit-2020", "serious")
    assert grade(session, matter).zh == "严重"


def test_a_last_day_that_the_decision_names_ends_the_grade(session):
    matter = recorded(session, ends_on="2026-12-31")
    assert grade(session, matter, day=date(2026, 12, 31)).word is GradeWord.SERIOUS
    assert grade(session, matter, day=date(2027, 1, 1)).word is GradeWord.NONE


def test_the_highest_grade_counts_and_grades_are_listed_by_province(session):
    recorded(session, cumulated="20000")
    worse = recorded(session, cumulated="1000000", region="330000")
    assert grade(session, worse, "340000").word is GradeWord.DISHONEST
    assert grade(session, worse, "000000").word is GradeWord.ESPECIALLY_SERIOUS
    by_region = grades_by_region(session, organisation_id=worse.organisation_id, on_date=TODAY)
    assert {region: found.word for region, found in by_region.items()} == {
        "330000": GradeWord.ESPECIALLY_SERIOUS,
        "340000": GradeWord.DISHONEST,
    }


def test_a_serious_grade_bars_the_products_involved_in_its_province(session):
    involved, other = product(session, 1), product(session, 2)
    matter = recorded(session, products=involved.approval_number)
    found = grade(session, matter)
    assert (found.bars(involved.id), found.bars(other.id)) == (True, False)
    assert not grade(session, matter, "330000").bars(involved.id)


def test_the_highest_grade_bars_all_in_its_province_and_the_involved_everywhere(session):
    involved, other = product(session, 1), product(session, 2)
    matter = recorded(session, cumulated="1000000", products=involved.approval_number)
    here, elsewhere = grade(session, matter), grade(session, matter, "330000")
    assert here.bars_all and here.bars(other.id)
    assert elsewhere.word is GradeWord.NONE
    assert (elsewhere.bars(involved.id), elsewhere.bars(other.id)) == (True, False)


def test_the_highest_grade_of_2020_bars_nothing_in_other_provinces(session):
    involved = product(session, 1)
    matter = recorded(
        session,
        cumulated="2000000",
        found_on="2024-01-05",
        in_force_from="2024-03-01",
        products=involved.approval_number,
    )
    assert grade(session, matter).bars_all
    assert not grade(session, matter, "330000").bars(involved.id)


def test_handling_reaches_the_holder_of_the_products_since_2025(session):
    agent = new_organisation(session, OrganisationKind.DISTRIBUTOR, name="乙配送")
    involved = product(session, 1)
    matter = recorded(session, organisation="乙配送", products=involved.approval_number)
    preview = preview_matter(
        session,
        raw={**MATTER, "organisation": "乙配送", "products": involved.approval_number},
    )
    assert [holder.name for holder in preview.other_holders] == ["甲药业"]
    assert matter.organisation_id == agent.id
    of_holder = grade_of(
        session, organisation_id=involved.holder_id, region="340000", on_date=TODAY
    )
    assert (of_holder.word, of_holder.bars(involved.id)) == (GradeWord.NONE, True)


def test_a_preview_stores_nothing_and_says_what_would_follow(session):
    preview = preview_matter(session, raw=MATTER)
    assert preview.grading.grade is GradeWord.SERIOUS
    assert Consequence.INVOLVED_BARRED in preview.consequences[GradeWord.SERIOUS]
    assert preview.earlier_bribes is None
    assert session.scalars(select(CreditMatter)).all() == []


def test_earlier_bribes_of_three_years_are_shown_under_the_scale_of_2020(session):
    days = {"found_on": "2023-05-01", "in_force_from": "2023-06-01"}
    recorded(session, cumulated="20000", largest_single="20000", **days)
    recorded(session, cumulated="30000", largest_single="30000", region="330000", **days)
    later = {**MATTER, "found_on": "2025-01-01", "in_force_from": "2025-02-01"}
    preview = preview_matter(session, raw=later)
    assert preview.earlier_bribes == Decimal(20000)


def test_where_the_criteria_do_not_decide_the_officer_does_and_says_why(session):
    changes = {"matter": "promise", "basis": "bureau", "cumulated": ""}
    assert refused(session, **changes) == ["grade", "reason"]
    assert refused(session, **changes, grade="especially-serious", reason="1.8") == ["grade"]
    matter = recorded(session, **changes, grade="serious", reason="第 2.8 条：拒不供货")
    assert (matter.grade, matter.is_by_rule, matter.reason) == (
        "serious",
        False,
        "第 2.8 条：拒不供货",
    )


def test_an_officer_cannot_give_another_grade_than_the_criteria(session):
    matter = recorded(session, grade="dishonest", reason="从轻")
    assert matter.grade == "serious"


def test_a_sum_below_the_lowest_bound_is_recorded_without_a_grade(session):
    matter = recorded(session, cumulated="9999.99")
    assert matter.grade == GradeWord.NONE
    assert grade(session, matter).word is GradeWord.NONE


def test_every_fault_of_a_matter_is_named(session):
    new_organisation(session, OrganisationKind.HOSPITAL, name="某医院")
    assert refused(session, organisation="某医院") == ["organisation"]
    assert refused(session, organisation="无此企业", products="国药准字H20209999") == [
        "organisation",
        "products",
    ]
    assert refused(session, region="341500") == ["region"]
    assert refused(session, region="000000") == ["region"]
    assert refused(session, cumulated="") == ["cumulated"]
    assert refused(session, cumulated="很多") == ["cumulated"]
    assert refused(session, cumulated="1.00001") == ["cumulated"]
    assert refused(session, largest_single="700000") == ["largest_single"]
    assert refused(session, basis="rumour", document="") == ["basis", "document"]
    assert refused(session, in_force_from="2026-01-04") == ["in_force_from"]
    assert refused(session, ends_on="2026-02-01") == ["ends_on"]
    assert refused(session, found_on="2019-01-01", in_force_from="2020-11-17") == ["in_force_from"]
    old = {"found_on": "2021-01-01", "in_force_from": "2021-02-01"}
    assert refused(session, basis="audit", **old) == ["basis"]


def test_a_correction_takes_the_place_of_the_matter_it_corrects(session):
    wrong = recorded(session, cumulated="1000000")
    right = recorded(session, replaces_id=wrong.id)
    assert grade(session, right).matter_id == right.id
    assert grade(session, right).word is GradeWord.SERIOUS
    assert matter_card(session, matter_id=wrong.id).replaced_by_id == right.id
    assert [matter.id for matter in matters_of(session, organisation_id=right.organisation_id)] == [
        right.id,
        wrong.id,
    ]
    new_organisation(session, OrganisationKind.MANUFACTURER, name="乙药业")
    with pytest.raises(NotCorrectableError):
        recorded(session, replaces_id=wrong.id)
    with pytest.raises(NotCorrectableError):
        recorded(session, replaces_id=right.id, organisation="乙药业")
    with pytest.raises(NotCorrectableError):
        recorded(session, replaces_id=right.id, region="330000")
    clear(session, right)
    with pytest.raises(NotCorrectableError):
        recorded(session, replaces_id=right.id)
    with pytest.raises(NotFoundForActorError):
        recorded(session, replaces_id=99)


def test_what_is_recorded_stays(session):
    matter = recorded(session)
    for statement in (
        update(CreditMatter).values(grade="none"),
        delete(CreditMatter).where(CreditMatter.id == matter.id),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(statement)


def take(session, matter, *measures):
    for measure in measures:
        record_measure(
            session,
            matter_id=matter.id,
            measure=measure,
            done_on=TODAY,
            evidence="整改报告",
            actor=OFFICER,
            moment=MOMENT,
        )


def test_a_grade_is_repaired_when_all_measures_are_taken(session):
    matter = recorded(session)
    take(session, matter, 1, 2, 4, 6, 6)
    assert repair_state(session, matter=matter).missing == (5,)
    with pytest.raises(RepairIncompleteError) as refusal:
        clear(session, matter, ClearanceKind.REPAIRED)
    assert "价格虚高" in refusal.value.zh
    take(session, matter, 5)
    clear(session, matter, ClearanceKind.REPAIRED)
    assert grade(session, matter, day=date(2026, 11, 21)).word is GradeWord.SERIOUS
    assert grade(session, matter).word is GradeWord.NONE
    card = matter_card(session, matter_id=matter.id)
    assert card.clearance is not None and card.clearance.kind == "repaired"
    assert [step.measure for step in card.steps] == [1, 2, 4, 5, 6]


def test_a_grade_that_is_over_is_not_cleared_or_repaired_again(session):
    matter = recorded(session)
    clear(session, matter)
    with pytest.raises(AlreadyClearedError):
        clear(session, matter)
    with pytest.raises(AlreadyClearedError):
        take(session, matter, 1)


def test_a_clearance_needs_a_reason_and_a_day_of_the_grade(session):
    matter = recorded(session)
    with pytest.raises(InvalidInputError) as refusal:
        clear(session, matter, day=date(2026, 2, 1), reason=" ")
    assert [fault.field for fault in refusal.value.faults] == ["reason", "cleared_on"]


def test_a_measure_must_be_one_of_the_scale_with_evidence_and_no_day_to_come(session):
    matter = recorded(session)
    with pytest.raises(InvalidInputError) as refusal:
        record_measure(
            session,
            matter_id=matter.id,
            measure=7,
            done_on=date(2026, 11, 23),
            evidence="",
            actor=OFFICER,
            moment=datetime(2026, 11, 22, 15, 59, tzinfo=UTC),
        )
    assert [fault.field for fault in refusal.value.faults] == ["evidence", "measure", "done_on"]


def test_measures_of_a_grade_of_2020_are_not_known_and_its_clearance_rests_on_the_reason(session):
    matter = recorded(session, found_on="2024-01-05", in_force_from="2024-03-01")
    assert repair_state(session, matter=matter).may_repair is None
    clear(session, matter, ClearanceKind.REPAIRED)
    assert grade(session, matter).word is GradeWord.NONE


def test_a_matter_that_is_not_there_cannot_be_found(session):
    with pytest.raises(NotFoundForActorError):
        matter_card(session, matter_id=9)
    with pytest.raises(NotFoundForActorError):
        clear_matter(
            session,
            matter_id=9,
            kind=ClearanceKind.ENDED,
            cleared_on=TODAY,
            reason="x",
            actor=OFFICER,
            moment=MOMENT,
        )


def test_the_firm_is_told_and_the_record_says_who_did_it(session):
    matter = recorded(session)
    clear(session, matter)
    notices = notices_of(session, organisation_id=matter.organisation_id)
    assert len(notices) == 2
    actions = [
        entry.action for entry in entries_about(session, subject=f"credit-matter/{matter.id}")
    ]
    assert actions == ["record-credit-matter", "clear-credit-matter"]


def listed(session, **wanted):
    return {row[0] for row in session.execute(credit_list(on_date=TODAY, **wanted))}


def test_the_list_shows_what_is_in_force_unless_all_is_asked_for(session):
    first, second = recorded(session), recorded(session, region="330000", cumulated="20000")
    none = recorded(session, cumulated="1")
    clear(session, second)
    assert listed(session) == {first.id}
    assert listed(session, in_force_only=False) == {first.id, second.id, none.id}
    assert listed(session, region="330000", in_force_only=False) == {second.id}
    assert listed(session, grade="serious") == {first.id}
    assert listed(session, matter="tax") == set()
    assert listed(session, text="甲药") == {first.id}
    assert listed(session, text="%") == set()


def test_a_promise_is_kept_for_each_province(session):
    firm = new_organisation(session, OrganisationKind.MANUFACTURER)
    signed = Signed(by="法定代表人", on=date(2026, 11, 1), wording="我方承诺……")
    give_promise(
        session,
        organisation_id=firm.id,
        regions=["340000", "330000", "340000"],
        signed=signed,
        actor=OFFICER,
        moment=MOMENT,
    )
    assert len(promises_of(session, organisation_id=firm.id)) == 2
    found = promise_of(session, organisation_id=firm.id, region="340000", on_date=TODAY)
    assert isinstance(found, CreditPromise) and found.signed_by == "法定代表人"
    assert promise_of(session, organisation_id=firm.id, region="110000", on_date=TODAY) is None
    earlier = date(2026, 10, 31)
    assert promise_of(session, organisation_id=firm.id, region="340000", on_date=earlier) is None


def test_a_promise_names_provinces_a_signer_and_what_is_promised(session):
    signed = Signed(by="", on=date(2026, 11, 23), wording=" ")
    with pytest.raises(InvalidInputError) as refusal:
        give_promise(
            session,
            organisation_id=1,
            regions=["341500"],
            signed=signed,
            actor=OFFICER,
            moment=MOMENT,
        )
    assert [fault.field for fault in refusal.value.faults] == [
        "regions",
        "signed_by",
        "wording",
        "signed_on",
    ]


def piece(session, holder="甲药业"):
    """A prepared piece: it has a code and no approval number."""
    raw = {
        "kind": "tcm-pieces",
        "name": "黄芪",
        "printed_form": "饮片",
        "unit": "克",
        "strength": "1g",
        "pack_units": "500",
        "holder": holder,
        "drug_code": "T123456789",
    }
    return add_product(session, raw=raw, actor=OFFICER, moment=MOMENT)


def test_a_label_without_its_number_names_no_product(session):
    piece(session)
    assert refused(session, products="批准文号：") == ["products"]
    number = product(session, 1).approval_number
    assert refused(session, products=f"批准文号： {number}") == ["products"]
    assert recorded(session, products=f"批准文号：{number}").id
