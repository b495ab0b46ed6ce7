"""From the call to the agreement: every step in its turn, by whom it is for, and with its rules."""

from datetime import date, timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import select

from procurement.audit.tables import AuditEntry
from procurement.errors import InvalidInputError, StaleError
from procurement.pharmacies.designation.applying import withdraw_application
from procurement.pharmacies.designation.calls import GivenText, rules_of
from procurement.pharmacies.designation.checking import refuse_application
from procurement.pharmacies.designation.errors import (
    AlreadyDesignatedError,
    ApplicationExistsError,
    CallClosedError,
    NoticeRunningError,
    ObjectionsClosedError,
    ObjectionUpheldError,
    PlaceNotEligibleError,
    RulebookChangedError,
)
from procurement.pharmacies.designation.evidence import (
    NewEvidence,
    add_evidence,
    evidence_of,
    remove_evidence,
)
from procurement.pharmacies.designation.noticing import (
    NewObjection,
    answer_objection,
    file_objection,
    notice_of,
    objector_of,
)
from procurement.pharmacies.designation.service import designated_on, designated_places
from procurement.pharmacies.designation.states import (
    ApplicationStatus,
    DesignationScheme,
    DesignationStatus,
    StepNotPossibleError,
)
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
    DesignationEvent,
)
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from tests.procurement.pharmacies.designation.world import (
    CITY,
    GIVEN,
    SCAN,
    SECRET,
    STATED,
    TODAY,
)

DUAL = DesignationScheme.DUAL_CHANNEL
OBJECTION = NewObjection("示例单位", "020-12393", "冷库没有备用电源。")


def fields_of(refusal):
    return [fault.field for fault in refusal.value.faults]


def status_of(world, application_id):
    with world.read() as session:
        return session.get_one(DesignationApplication, application_id).status


def test_a_pharmacy_is_designated_after_papers_visit_notice_and_agreement(world):
    designation_id = world.designated()
    day = TODAY + timedelta(days=8)
    with world.read() as session:
        row = designated_on(session, place_id=world.places["pharmacy"], scheme=DUAL, day=day)
        assert row is not None and row.id == designation_id and row.agreement == "协议 2027-1"
        before = day - timedelta(days=1)
        assert designated_on(session, place_id=row.place_id, scheme=DUAL, day=before) is None
        found = designated_places(session, scheme=DUAL, region="440000", day=day)
        assert [place.institution_code for place, _ in found] == [world.codes["pharmacy"]]
        assert designated_places(session, scheme=DUAL, region="320000", day=day) == []
        actions = set(session.scalars(select(AuditEntry.action)))
    assert {
        "open-designation-call",
        "designation-application-submitted",
        "designation-application-checked",
        "designation-application-visited",
        "designation-application-noticed",
        "designation-application-agreed",
        "designation-agreed",
    } <= actions


def test_a_call_without_days_of_notice_or_any_certain_criterion_is_refused(world):
    with pytest.raises(InvalidInputError) as refusal:
        world.open(rulebook="dual-samples-2021", given={})
    assert fields_of(refusal) == ["designation.publicity_days", "designation.pharmacy_needs"]


def test_every_fault_of_a_call_is_said_at_once(world):
    given = {
        "designation.publicity_days": GivenText(3, "某文件"),
        "designation.pharmacists_min": GivenText("two", ""),
        "benefit.channels": GivenText("same", "某文件"),
    }
    with pytest.raises(InvalidInputError) as refusal:
        world.open(title="", region="99", opens_on=TODAY, closes_on=date(2027, 2, 1), given=given)
    assert set(fields_of(refusal)) == {
        "closes_on",
        "region",
        "title",
        "designation.publicity_days",
        "designation.pharmacists_min",
        "benefit.channels",
    }


def test_needs_that_a_rulebook_states_may_be_added_to_and_not_dropped(world):
    longer = ["qualified", "orderly", "trusted", "well-placed", "traceable", "cold-chain"]
    days = {"designation.publicity_days": GivenText(5, "某文件")}
    given = {**days, "designation.pharmacy_needs": GivenText(longer, "某文件")}
    call_id = world.open(rulebook="dual-national-2021", given=given)
    with world.read() as session:
        rules = rules_of(session.get_one(DesignationCall, call_id))
        assert len(rules.criteria(PlaceKind.PHARMACY).wanted) == 6 and rules.notice_days == 5
    given = {**days, "designation.pharmacy_needs": GivenText(["cold-chain"], "某文件")}
    with pytest.raises(InvalidInputError) as refusal:
        world.open(rulebook="dual-national-2021", given=given)
    assert fields_of(refusal) == ["designation.pharmacy_needs"]


def test_a_rulebook_that_changed_since_the_call_decides_nothing(world):
    call_id = world.open()
    with world.write() as session:
        session.get_one(DesignationCall, call_id).rulebook_digest = "0" * 64
    with pytest.raises(RulebookChangedError):
        world.draft(call_id)


def test_nobody_applies_before_or_after_the_call_twice_or_from_elsewhere(world):
    call_id = world.open(opens_on=TODAY + timedelta(days=1))
    with pytest.raises(CallClosedError):
        world.draft(call_id)
    world.later(days=1)
    world.draft(call_id)
    with pytest.raises(ApplicationExistsError):
        world.draft(call_id)
    with world.write() as session:
        session.get_one(Place, world.places["stranger"]).county = "440305"
    with pytest.raises(PlaceNotEligibleError):
        world.draft(call_id, "stranger")
    world.later(days=60)
    with pytest.raises(CallClosedError):
        world.draft(call_id, "hospital")


def test_what_is_missing_or_not_met_is_said_for_each_criterion(world):
    application_id = world.draft(world.open())
    world.state(application_id, {**STATED, "pharmacists_min": "1", "need.stock-system": ""})
    with pytest.raises(InvalidInputError) as refusal:
        world.submit(application_id)
    assert sorted(fields_of(refusal)) == ["need.stock-system", "pharmacists_min"]
    with pytest.raises(InvalidInputError) as refusal:
        world.state(application_id, {"pharmacists_min": "two", "area_min": "82", "site": "moon"})
    assert fields_of(refusal) == ["pharmacists_min", "site"]


def test_a_pharmacy_outside_its_county_cannot_hand_its_application_in(world):
    application_id = world.draft(world.open())
    world.state(application_id)
    with world.write() as session:
        session.get_one(Place, world.places["pharmacy"]).latitude = 24.12
    with pytest.raises(InvalidInputError) as refusal:
        world.submit(application_id)
    assert fields_of(refusal) == ["latitude"]


def test_evidence_belongs_to_a_criterion_and_is_fixed_once_handed_in(world, tmp_path):
    application_id = world.draft(world.open())

    def add(criterion="pharmacists_min", content=SCAN):
        with world.write() as session:
            evidence = NewEvidence(criterion, "扫描件.pdf", content)
            return add_evidence(
                session,
                application_id=application_id,
                evidence=evidence,
                data=tmp_path,
                actor=world.actor("pharmacy"),
                moment=world.moment,
            ).id

    first, _ = add(), add()
    for wrong in ({"criterion": "nothing"}, {"content": b""}, {"content": b"MZ program"}):
        with pytest.raises(InvalidInputError):
            add(**wrong)
    with world.write() as session:
        remove_evidence(
            session,
            application_id=application_id,
            evidence_id=first,
            actor=world.actor("pharmacy"),
            moment=world.moment,
        )
    world.state(application_id)
    world.submit(application_id)
    with pytest.raises(StepNotPossibleError):
        add()
    with world.read() as session:
        assert len(evidence_of(session, application_id=application_id)) == 1


def test_papers_that_are_given_back_are_handed_in_again_after_the_call_has_closed(world):
    application_id = world.handed_in(world.open())
    world.later(days=40)
    with pytest.raises(InvalidInputError) as refusal:
        world.check(application_id, is_passed=False, gives_back=True)
    assert fields_of(refusal) == ["reason"]
    world.check(application_id, is_passed=False, gives_back=True, reason="缺药师注册证")
    assert status_of(world, application_id) == ApplicationStatus.DRAFTED
    world.submit(application_id)
    assert status_of(world, application_id) == ApplicationStatus.SUBMITTED


def test_no_application_passes_with_a_criterion_that_is_not_met(world):
    application_id = world.handed_in(world.open())
    met = MappingProxyType({**dict.fromkeys(STATED, "yes"), "pharmacists_min": "no"})
    with pytest.raises(InvalidInputError) as refusal:
        world.check(application_id, met=met)
    assert fields_of(refusal) == ["pharmacists_min"]
    world.check(application_id, met=met, is_passed=False, reason="药师只有一人")
    assert status_of(world, application_id) == ApplicationStatus.REFUSED


def test_steps_are_not_left_out(world):
    call_id = world.open()
    application_id = world.handed_in(call_id)
    for step in (
        lambda: world.visit(application_id),
        lambda: world.notice(call_id, application_id),
        lambda: world.sign(application_id),
    ):
        with pytest.raises(StepNotPossibleError):
            step()


def test_a_visit_lies_between_application_and_today(world):
    application_id = world.handed_in(world.open())
    world.check(application_id)
    for wrong in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(InvalidInputError) as refusal:
            world.visit(application_id, wrong)
        assert fields_of(refusal) == ["visited_on"]


def test_a_notice_runs_at_least_as_long_as_the_rulebook_says(world):
    call_id = world.open()
    application_id = world.handed_in(call_id)
    world.check(application_id)
    world.visit(application_id)
    with pytest.raises(InvalidInputError):
        world.notice(call_id, application_id, until=TODAY + timedelta(days=6))
    with pytest.raises(InvalidInputError):
        world.notice(call_id)
    world.notice(call_id, application_id)
    with world.read() as session:
        notice = notice_of(session, application_id=application_id)
        assert notice is not None and notice.objections_until == TODAY + timedelta(days=7)


def object_to(world, application_id, objection=OBJECTION):
    with world.write() as session:
        return file_objection(
            session,
            application_id=application_id,
            objection=objection,
            secret_key=SECRET,
            moment=world.moment,
        ).id


def answer(world, objection_id, *, upheld):
    with world.write() as session:
        answer_objection(
            session,
            objection_id=objection_id,
            is_upheld=upheld,
            answer="已现场核实。",
            actor=world.actor("agency"),
            moment=world.moment,
        )


def test_objections_are_in_a_real_name_that_only_deciders_read(world):
    application_id = world.noticed(world.open())
    with pytest.raises(InvalidInputError) as refusal:
        object_to(world, application_id, NewObjection(" ", "", "x"))
    assert fields_of(refusal) == ["name", "contact"]
    objection_id = object_to(world, application_id)
    with world.read() as session:
        row = session.get_one(type(session.get_one(DesignationApplication, 1)), application_id)
        assert row.status == ApplicationStatus.NOTICED
        texts = [entry.facts for entry in session.scalars(select(AuditEntry))]
    assert not any("示例单位" in text or "冷库" in text for text in texts)
    with world.write() as session:
        from_table = answer_objection(
            session,
            objection_id=objection_id,
            is_upheld=False,
            answer="备用电源在用。",
            actor=world.actor("agency"),
            moment=world.moment,
        )
        assert "示例单位" not in from_table.name_sealed
        assert objector_of(from_table, secret_key=SECRET) == ("示例单位", "020-12393")
    with pytest.raises(StepNotPossibleError):
        answer(world, objection_id, upheld=True)


def test_nothing_is_agreed_while_the_notice_runs_or_an_objection_waits_or_holds(world):
    application_id = world.noticed(world.open())
    with pytest.raises(NoticeRunningError):
        world.sign(application_id)
    objection_id = object_to(world, application_id)
    world.later(days=8)
    with pytest.raises(ObjectionsClosedError):
        object_to(world, application_id)
    with pytest.raises(NoticeRunningError):
        world.sign(application_id)
    answer(world, objection_id, upheld=True)
    with pytest.raises(ObjectionUpheldError):
        world.sign(application_id)
    with world.write() as session:
        refuse_application(
            session,
            application_id=application_id,
            reason="异议成立",
            version=world.version(session, application_id),
            actor=world.actor("agency"),
            moment=world.moment,
        )
    assert status_of(world, application_id) == ApplicationStatus.REFUSED


def test_an_agreement_has_a_number_and_does_not_end_before_it_begins(world):
    application_id = world.noticed(world.open())
    world.later(days=8)
    with pytest.raises(InvalidInputError) as refusal:
        world.sign(application_id, number=" ", ends_on=TODAY)
    assert fields_of(refusal) == ["ends_on", "agreement"]


def test_a_designated_place_does_not_apply_again(world):
    world.designated()
    with pytest.raises(AlreadyDesignatedError):
        world.draft(world.open(opens_on=TODAY, closes_on=TODAY + timedelta(days=90)))


def test_a_withdrawn_application_may_be_made_anew(world):
    call_id = world.open()
    application_id = world.handed_in(call_id)
    with world.write() as session:
        withdraw_application(
            session,
            application_id=application_id,
            reason="",
            version=world.version(session, application_id),
            actor=world.actor("pharmacy"),
            moment=world.moment,
        )
    assert world.draft(call_id) != application_id


def test_a_stale_page_changes_nothing(world):
    application_id = world.draft(world.open())
    world.state(application_id)
    with pytest.raises(StaleError), world.write() as session:
        withdraw_application(
            session,
            application_id=application_id,
            reason="",
            version=1,
            actor=world.actor("pharmacy"),
            moment=world.moment,
        )


def test_a_hospital_is_asked_for_other_things_than_a_pharmacy(world):
    call_id = world.open()
    application_id = world.draft(call_id, "hospital")
    world.state(application_id, {"need.cold-chain": "yes"}, "hospital")
    world.submit(application_id, "hospital")
    assert status_of(world, application_id) == ApplicationStatus.SUBMITTED


def test_a_removed_sign_keeps_a_convenience_pharmacy_out_for_two_years(world):
    given = {
        "sign.publicity_days": GivenText(5, "某文件"),
        "sign.pharmacy_needs": GivenText(["township"], "某文件"),
    }
    scheme = DesignationScheme.CONVENIENCE
    facts = {"scheme": scheme, "rulebook": "pharmacy-jiangsu-2023", "given": given, "region": CITY}
    with world.write() as session:
        row = Designation(
            place_id=world.places["pharmacy"],
            scheme=scheme,
            decider_id=world.people["agency"].organisation_id,
            agreement="x",
            starts_on=date(2024, 1, 1),
            ends_on=date(2025, 6, 30),
            status=DesignationStatus.ENDED,
            changed_at=world.moment,
        )
        session.add(row)
        session.flush()
        session.add(
            DesignationEvent(
                designation_id=row.id,
                kind="terminated",
                happens_on=date(2025, 7, 1),
                decided_at=world.moment,
            )
        )
    call_id = world.open(**facts, closes_on=date(2027, 12, 31))
    with pytest.raises(PlaceNotEligibleError) as refusal:
        world.draft(call_id)
    assert "2027-07-01" in str(refusal.value)
    world.later(days=122)
    assert world.draft(call_id)


def test_what_a_call_gives_is_kept_with_its_basis(world):
    call_id = world.open()
    with world.read() as session:
        rules = rules_of(session.get_one(DesignationCall, call_id))
    assert {key: one.basis for key, one in rules.given.items()} == {
        key: one.basis for key, one in GIVEN.items()
    }
