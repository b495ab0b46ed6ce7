"""Amendments: previewed, issued by two officers, and binding from then on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bidding.evaluate import evaluate
from procurement.errors import InvalidInputError
from procurement.notices import notices_of
from procurement.rounds.document.as_json import read_json
from procurement.rounds.document.clause import Document
from procurement.rounds.document.errors import (
    AmendmentTooLateError,
    NothingChangedError,
    NotPublishedError,
)
from procurement.rounds.document.service import (
    Amendment,
    acknowledge,
    amend,
    content_of,
    file_of,
    newest_version,
    preview_amendment,
    publish_document,
    rules_in_force,
)
from procurement.rounds.document.tables import DocumentKind, RoundDocument
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.rules import FourEyesError
from procurement.rounds.tables import LotStrength, RoundEvent, RoundEventKind, RoundStatus
from tests.procurement.rounds.document.plans import cells_of
from tests.procurement.rounds.world import lots_of

RATIO = "selection.ratio_to_lowest"


@pytest.fixture
def published(scene):
    scene.to_published()
    return publish_document(
        scene.session, round_=scene.round_, moment=scene.published_at, actor=scene.second
    )


def issue(scene, moment=None, **changes):
    return amend(
        scene.session,
        round_=scene.round_,
        amendment=Amendment(**{"reason": "更正", **changes}),
        actor=scene.second,
        second_person_id=scene.officer.person_id,
        moment=moment or scene.published_at,
    )


def notice_of(version: RoundDocument) -> Document:
    assert version.notice is not None
    return read_json(version.notice)


def test_an_amended_rule_binds_from_then_on(scene, published):
    version = issue(scene, rules={RATIO: "2"})
    assert (version.kind, version.number) == (DocumentKind.AMENDMENT, 1)
    newest = newest_version(scene.session, round_=scene.round_)
    assert newest is not None
    assert newest.id == version.id
    rules = rules_in_force(scene.session, round_=scene.round_)
    assert rules.rulebook.rules[RATIO].value == Decimal(2)
    assert "2 倍" in content_of(version).clause(RATIO).plain()
    assert content_of(version).kind.zh == "采购文件（含第1号补充文件）"
    assert "1.8 倍" in content_of(published).clause(RATIO).plain()


def test_the_notice_names_the_clause_before_and_after(scene, published):
    notice = notice_of(issue(scene, rules={RATIO: "2"}))
    assert notice.kind.zh == "第1号补充文件"
    clause = notice.clause(RATIO)
    number = content_of(published).clause(RATIO).number
    assert clause.title.zh.startswith(f"第 {number} 条")
    before, after = cells_of(clause)[0]
    assert ("1.8 倍" in before, "2 倍" in after) == (True, True)
    assert [one.id for one in notice.sections[1].clauses] == [RATIO]


def test_amendments_are_numbered_and_add_up(scene, published):
    issue(scene, rules={RATIO: "2"})
    second = issue(scene, rules={"comparable.decimals": 3})
    assert second.number == 2
    rules = rules_in_force(scene.session, round_=scene.round_).rulebook.rules
    assert (rules[RATIO].value, rules["comparable.decimals"].value) == (Decimal(2), 3)
    assert [one.id for one in notice_of(second).sections[1].clauses] == ["comparable.decimals"]


def test_the_preview_shows_the_effect_on_real_fields_and_stores_nothing(scene, published):
    preview = preview_amendment(
        scene.session,
        round_=scene.round_,
        amendment=Amendment(reason="更正", rules={RATIO: "3"}),
        moment=scene.published_at,
    )
    (effect,) = (one for one in preview.effects if one.name == "national-3-eight-lots")
    assert [lot.lot for lot in effect.changed] == ["L05"]
    assert newest_version(scene.session, round_=scene.round_) is published


def test_dates_move_with_an_event_and_need_no_effect(scene, published):
    closes = scene.round_.closes_at + timedelta(days=1)
    opens = scene.round_.opens_at + timedelta(days=1)
    version = issue(scene, dates={"closes_at": closes, "opens_at": opens})
    assert scene.round_.closes_at == closes
    assert version.effect == "[]"
    changed = [one.id for one in notice_of(version).sections[1].clauses]
    assert changed == ["general.timetable", "sealing.submit", "opening.time"]
    events = scene.session.scalars(
        select(RoundEvent).where(RoundEvent.kind == RoundEventKind.TIMETABLE)
    ).all()
    assert (events[-1].person_id, events[-1].second_person_id) == (
        scene.second.person_id,
        scene.officer.person_id,
    )


def test_ceilings_change_in_the_rounds_facts(scene, published):
    before = scene.round_.facts_digest
    issue(scene, prices={("L02", "500mg"): Decimal("0.6")})
    prices = scene.session.scalars(
        select(LotStrength.price_ceiling).where(LotStrength.strength == "500mg")
    ).all()
    assert prices == [Decimal("0.6")]
    assert scene.round_.facts_digest != before
    sheet = read_facts(scene.round_.facts).round
    assert sheet.lots[1].strengths["500mg"].price_ceiling == Decimal("0.6")


def test_a_lot_that_was_withdrawn_since_is_part_of_the_next_amendment(scene, published):
    lots_of(scene.session, scene.round_)[0].failed_reason = "竞争不足"
    version = issue(scene)
    changed = {one.id for one in notice_of(version).sections[1].clauses}
    assert {"products.lots", "products.withdrawn"} <= changed


def test_the_engine_evaluates_by_rules_and_facts_as_amended(scene, published):
    issue(scene, rules={"ranking.tie_breaks": ["originator"], RATIO: "2"})
    rules = rules_in_force(scene.session, round_=scene.round_)
    sheet = read_facts(scene.round_.facts).round
    assert evaluate(sheet, rules.rulebook).rulebook_digest == rules.rulebook.digest


def test_it_takes_two_officers(scene, published):
    with pytest.raises(FourEyesError):
        amend(
            scene.session,
            round_=scene.round_,
            amendment=Amendment(reason="更正", rules={RATIO: "2"}),
            actor=scene.officer,
            second_person_id=scene.officer.person_id,
            moment=scene.published_at,
        )


def test_only_a_published_document_is_amended(scene):
    with pytest.raises(NotPublishedError):
        issue(scene, rules={RATIO: "2"})


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=3)])
def test_no_amendment_after_closing(scene, published, late):
    with pytest.raises(AmendmentTooLateError):
        issue(scene, moment=scene.round_.closes_at + late, rules={RATIO: "2"})


def test_no_amendment_of_a_closed_round(scene, published):
    scene.round_.status = RoundStatus.CLOSED
    with pytest.raises(AmendmentTooLateError):
        issue(scene, rules={RATIO: "2"})


def test_an_amendment_that_changes_nothing_is_refused(scene, published):
    with pytest.raises(NothingChangedError):
        issue(scene, rules={RATIO: "1.8"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "长" * 2001}, "reason"),
        ({"rules": {RATIO: "much"}}, f"rule-{RATIO}"),
        ({"rules": {"no.such": "1"}}, "rule-no.such"),
        ({"rules": {"places.by_bidders": "none"}}, "rule-places.by_bidders"),
        ({"prices": {("L09", "1mg"): Decimal(1)}}, "L09 1mg"),
        ({"prices": {("L01", "1mg"): Decimal("0.00001")}}, "L01 1mg"),
        ({"prices": {("L01", "1mg"): Decimal(0)}}, "L01 1mg"),
    ],
)
def test_faults_stand_at_their_fields(scene, published, changes, field):
    with pytest.raises(InvalidInputError) as refusal:
        issue(scene, **{"rules": {RATIO: "2"}, **changes})
    assert field in [fault.field for fault in refusal.value.faults]
    assert newest_version(scene.session, round_=scene.round_) is published


def test_dates_out_of_order_are_refused(scene, published):
    with pytest.raises(InvalidInputError) as refusal:
        issue(scene, dates={"opens_at": scene.round_.closes_at - timedelta(hours=1)})
    assert [fault.field for fault in refusal.value.faults] == ["opens_at"]


def test_who_acknowledged_the_document_is_told_of_its_amendment(scene, published):
    acknowledge(
        scene.session,
        round_=scene.round_,
        version=published,
        actor=scene.maker,
        moment=scene.published_at,
    )
    issue(scene, rules={RATIO: "2"})
    told = notices_of(scene.session, organisation_id=scene.maker.organisation_id)
    assert "补充文件" in told[0].zh
    assert notices_of(scene.session, organisation_id=scene.rival.organisation_id) == []


def test_the_files_of_an_amendment_are_its_notice_and_the_whole_document(scene, published):
    version = issue(scene, rules={RATIO: "2"})
    notice = file_of(scene.session, version=version, form="docx")
    whole = file_of(scene.session, version=version, form="docx", whole=True)
    assert len(notice) < len(whole)
