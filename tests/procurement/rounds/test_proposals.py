"""Four eyes: two different officers, byte for byte the same, once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from procurement.accounts.tables import OrganisationKind, Person
from procurement.audit.service import entries_about
from procurement.database import text_digest, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.notices.service import notices_of
from procurement.rounds.advancing import advance_round
from procurement.rounds.ending import (
    cancel_draft,
    cancel_step,
    fail_lot_step,
    withdraw_lot,
)
from procurement.rounds.folder.stored import read_facts
from procurement.rounds.lots import find_lot
from procurement.rounds.open_rules import set_option
from procurement.rounds.progress import events_of
from procurement.rounds.proposals import (
    AlreadyProposedError,
    ProposalLapsedError,
    StepRequest,
    confirm_step,
    find_open,
    holds,
    lapse_proposal,
    propose_step,
    withdraw_proposal,
)
from procurement.rounds.publication import PublicationPart, publish_step
from procurement.rounds.readiness import Check, NotReadyError
from procurement.rounds.reading import life_of
from procurement.rounds.rules import FourEyesError, ProposalDecidedError
from procurement.rounds.scheduling import change_timetable, timetable_of
from procurement.rounds.tables import ProposalStatus, RoundStatus, Step, StepProposal
from tests.procurement.rounds import world

NOW = world.MOMENT
READY_AT = NOW + timedelta(days=13)
"""Reporting and comments are over, bidding lies ahead."""


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


@pytest.fixture
def round_(session):
    """A round that could be published."""
    round_ = world.start_reporting(session, world.new_round(session), moment=NOW)
    advance_round(
        session,
        round_=round_,
        status=RoundStatus.COMMENTS,
        version=round_.version,
        actor=drafter(session, round_),
        moment=NOW,
    )
    return round_


def drafter(session, round_):
    person = session.get_one(Person, round_.drafted_by)
    return world.actor_of(session, person)


def second(session, round_):
    return world.actor_of(session, world.second_officer(session, round_))


def request(round_, moment=READY_AT, **more):
    return StepRequest(round_=round_, moment=moment, **more)


def propose(session, round_, kind=None, **more):
    return propose_step(
        session,
        kind=kind or publish_step(),
        request=request(round_, **more),
        actor=drafter(session, round_),
    )


def confirm(session, round_, proposal, *, kind=None, actor=None, digest=None, moment=READY_AT):
    return confirm_step(
        session,
        kind=kind or publish_step(),
        proposal=proposal,
        digest=proposal.digest if digest is None else digest,
        actor=actor or second(session, round_),
        moment=moment,
    )


def test_two_officers_publish_and_the_facts_are_frozen(session, round_):
    proposal = propose(session, round_)
    assert round_.status == RoundStatus.COMMENTS
    confirm(session, round_, proposal)
    assert round_.status == RoundStatus.PUBLISHED
    assert proposal.status == ProposalStatus.CONFIRMED
    assert proposal.digest == text_digest(proposal.content)
    sheet = read_facts(round_.facts).round
    assert [lot.lot for lot in sheet.lots] == ["L01", "L02"]
    assert sheet.options == json.loads(world.OPTIONS)
    assert json.loads(proposal.content)["facts"] == round_.facts
    event = events_of(session, round_id=round_.id)[-1]
    assert (event.second_person_id, event.person_id) == (
        proposal.proposed_by,
        proposal.decided_by,
    )


def test_the_officer_who_proposed_cannot_confirm(session, round_):
    proposal = propose(session, round_)
    with pytest.raises(FourEyesError):
        confirm(session, round_, proposal, actor=drafter(session, round_))
    assert (round_.status, proposal.status) == (RoundStatus.COMMENTS, ProposalStatus.OPEN)


def change_a_date(session, round_):
    dates = timetable_of(round_)
    later = type(dates)(
        **{name: getattr(dates, name) for name in dates.__slots__ if name != "opens_at"},
        opens_at=world.date_of(round_, "opens_at") + timedelta(hours=1),
    )
    change_timetable(
        session,
        round_=round_,
        timetable=later,
        version=round_.version,
        actor=drafter(session, round_),
        moment=READY_AT,
    )


def change_a_rule(session, round_):
    set_option(
        session,
        round_=round_,
        key="ranking.tie_breaks",
        raw=["originator"],
        version=round_.version,
        actor=drafter(session, round_),
        moment=READY_AT,
    )


def change_a_ceiling(session, round_):
    session.execute(text("UPDATE lot_strength SET price_ceiling = price_ceiling + 1"))
    session.expire_all()


def change_a_keyholder(session, round_):
    session.execute(text("UPDATE organisation SET name = 'x' WHERE kind = 'keyholder'"))
    session.expire_all()


@pytest.mark.parametrize(
    "change", [change_a_date, change_a_rule, change_a_ceiling, change_a_keyholder]
)
def test_a_proposal_lapses_when_anything_changes(session, round_, change):
    proposal = propose(session, round_)
    assert holds(session, kind=publish_step(), proposal=proposal, moment=READY_AT)
    change(session, round_)
    assert not holds(session, kind=publish_step(), proposal=proposal, moment=READY_AT)
    with pytest.raises(ProposalLapsedError):
        confirm(session, round_, proposal)
    assert round_.status == RoundStatus.COMMENTS
    lapse_proposal(session, proposal=proposal, actor=second(session, round_), moment=READY_AT)
    assert (proposal.status, proposal.decided_by) == (ProposalStatus.LAPSED, None)
    confirm(session, round_, propose(session, round_))
    assert round_.status == RoundStatus.PUBLISHED


def test_what_the_page_showed_must_be_what_was_proposed(session, round_):
    proposal = propose(session, round_)
    with pytest.raises(ProposalLapsedError):
        confirm(session, round_, proposal, digest="0" * 64)


def test_a_tampered_proposal_is_not_carried_out(session, round_):
    proposal = propose(session, round_)
    session.execute(text("UPDATE step_proposal SET content = content || ' '"))
    with pytest.raises(ProposalLapsedError):
        confirm(session, round_, proposal, digest=proposal.digest)


def test_a_proposal_of_somebody_who_left_lapses(session, round_):
    proposal = propose(session, round_)
    session.get_one(Person, proposal.proposed_by).is_active = False
    with pytest.raises(ProposalLapsedError):
        confirm(session, round_, proposal)


def test_a_step_is_proposed_once_at_a_time(session, round_):
    proposal = propose(session, round_)
    with pytest.raises(AlreadyProposedError):
        propose(session, round_)
    withdraw_proposal(session, proposal=proposal, actor=drafter(session, round_), moment=READY_AT)
    again = propose(session, round_)
    assert find_open(session, round_id=round_.id, step=Step.PUBLISH, about="") is again


def test_the_database_keeps_one_open_proposal_of_a_step(engine):
    with transaction(engine) as session:
        round_ = world.new_round(session)
        ids = (round_.id, round_.drafted_by)

    def proposal(about=""):
        return StepProposal(
            round_id=ids[0],
            step=Step.FAIL_LOT,
            about=about,
            content="{}",
            digest="0" * 64,
            proposed_by=ids[1],
            proposed_at=NOW,
        )

    with transaction(engine) as session:
        session.add_all([proposal("L01"), proposal("L02")])
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(proposal("L01"))


@pytest.mark.parametrize("end", ["confirmed", "withdrawn", "lapsed"])
def test_a_decided_proposal_stays_decided(session, round_, end):
    proposal = propose(session, round_)
    other = second(session, round_)
    if end == "confirmed":
        confirm(session, round_, proposal)
    elif end == "withdrawn":
        withdraw_proposal(session, proposal=proposal, actor=other, moment=READY_AT)
    else:
        lapse_proposal(session, proposal=proposal, actor=other, moment=READY_AT)
    with pytest.raises(ProposalDecidedError):
        confirm(session, round_, proposal)
    with pytest.raises(ProposalDecidedError):
        withdraw_proposal(session, proposal=proposal, actor=other, moment=READY_AT)


def test_a_stale_page_proposes_nothing(session, round_):
    seen = round_.version
    change_a_rule(session, round_)
    with pytest.raises(StaleError):
        propose_step(
            session,
            kind=publish_step(),
            request=request(round_),
            actor=drafter(session, round_),
            version=seen,
        )


def test_another_stage_can_forbid_and_extend_a_publication(session, round_):
    carried: list[str] = []
    ready = {"is": False}
    part = PublicationPart(
        name="rehearsal",
        checks=lambda session, round_, moment: [
            Check(key="rehearsal", zh="演练", en="rehearsal", is_met=ready["is"])
        ],
        contents=lambda session, round_: {"manifest": "digest"},
        carry_out=lambda session, decision: carried.append(decision.round_.status),
    )
    kind = publish_step([part])
    with pytest.raises(NotReadyError) as refusal:
        propose(session, round_, kind=kind)
    assert [check.key for check in refusal.value.checks] == ["rehearsal"]
    ready["is"] = True
    proposal = propose(session, round_, kind=kind)
    assert json.loads(proposal.content)["parts"] == {"rehearsal": {"manifest": "digest"}}
    ready["is"] = False
    with pytest.raises(NotReadyError):
        confirm(session, round_, proposal, kind=kind)
    ready["is"] = True
    # Confirmed under another set of parts it is another text.
    with pytest.raises(ProposalLapsedError):
        confirm(session, round_, proposal, kind=publish_step())
    confirm(session, round_, proposal, kind=kind)
    assert carried == [RoundStatus.PUBLISHED]


def test_publication_too_late_for_its_own_dates_is_refused_at_the_confirmation(session, round_):
    proposal = propose(session, round_)
    with pytest.raises(NotReadyError):
        confirm(session, round_, proposal, moment=round_.bidding_opens_at)


def test_a_round_that_others_saw_is_cancelled_by_two_with_a_reason(session, round_):
    with pytest.raises(InvalidInputError):
        propose(session, round_, kind=cancel_step())
    proposal = propose(session, round_, kind=cancel_step(), reason="政策调整")
    confirm(session, round_, proposal, kind=cancel_step())
    event = events_of(session, round_id=round_.id)[-1]
    assert (round_.status, event.reason) == (RoundStatus.CANCELLED, "政策调整")
    with pytest.raises(NotReadyError):
        propose(session, round_, kind=cancel_step(), reason="再次")


def test_a_draft_is_cancelled_by_one(session):
    draft = world.new_round(session)
    officer = drafter(session, draft)
    with pytest.raises(InvalidInputError):
        cancel_draft(
            session,
            round_=draft,
            reason=" ",
            version=draft.version,
            actor=officer,
            moment=NOW,
        )
    cancel_draft(
        session,
        round_=draft,
        reason="重复起草",
        version=draft.version,
        actor=officer,
        moment=NOW,
    )
    assert draft.status == RoundStatus.CANCELLED


def test_one_officer_cannot_cancel_what_others_saw(session, round_):
    with pytest.raises(FourEyesError):
        cancel_draft(
            session,
            round_=round_,
            reason="x",
            version=round_.version,
            actor=drafter(session, round_),
            moment=NOW,
        )


def test_a_lot_of_a_published_round_fails_by_two_officers_and_never_the_last(session, round_):
    confirm(session, round_, propose(session, round_))
    kind = fail_lot_step()
    proposal = propose(session, round_, kind=kind, about="L01", reason="无企业申报")
    confirm(session, round_, proposal, kind=kind)
    lot = find_lot(session, round_id=round_.id, code="L01")
    assert lot.failed_reason == "无企业申报"
    event = events_of(session, round_id=round_.id)[-1]
    assert (event.lot_id, event.status_from) == (lot.id, event.status_to)
    with pytest.raises(NotReadyError):
        propose(session, round_, kind=kind, about="L01", reason="再次")
    with pytest.raises(NotReadyError):
        propose(session, round_, kind=kind, about="L02", reason="最后一个")


def test_every_step_is_audited_and_told_to_the_bureau(session, round_):
    confirm(session, round_, propose(session, round_))
    actions = [entry.action for entry in entries_about(session, subject=f"round/{round_.name}")]
    assert actions[-2:] == ["propose-step", "confirm-step"]
    told = notices_of(session, organisation_id=round_.bureau_id)
    assert len([notice for notice in told if "/proposals/" in notice.link]) == 2


def test_manufacturers_are_told_of_the_publication_and_of_what_is_withdrawn(session, round_):
    maker = world.new_organisation(session, OrganisationKind.MANUFACTURER, "示例制药有限公司")
    confirm(session, round_, propose(session, round_))
    kind = fail_lot_step()
    failing = propose(session, round_, kind=kind, about="L01", reason="无企业申报")
    confirm(session, round_, failing, kind=kind)
    told = [notice.zh for notice in notices_of(session, organisation_id=maker.id)]
    assert len(told) == 2
    assert ("L01" in told[0], "无企业申报" in told[0], "已发布" in told[1]) == (True, True, True)
    life = life_of(session, round_=round_, moment=READY_AT, with_names=False)
    assert any("品种撤出：L01" in one.zh for one in life)


def test_who_saw_a_round_is_told_that_it_is_cancelled(session, round_):
    (region, *_others) = world.REGIONS
    hospital = world.new_organisation(
        session, OrganisationKind.HOSPITAL, "第一医院", region=region[:4] + "01"
    )
    elsewhere = world.new_organisation(
        session, OrganisationKind.HOSPITAL, "外地医院", region="540100"
    )
    maker = world.new_organisation(session, OrganisationKind.MANUFACTURER, "示例制药有限公司")
    kind = cancel_step()
    confirm(session, round_, propose(session, round_, kind=kind, reason="政策调整"), kind=kind)
    for organisation in (hospital, maker):
        (notice,) = notices_of(session, organisation_id=organisation.id)
        assert ("政策调整" in notice.zh, "政策调整" in notice.en) == (True, True)
    assert notices_of(session, organisation_id=elsewhere.id) == []


def test_what_is_about_the_whole_round_is_open_once_whatever_a_page_sends(session, round_):
    kind = cancel_step()
    assert propose(session, round_, kind=kind, about="x", reason="政策调整").about == ""
    with pytest.raises(AlreadyProposedError):
        propose(session, round_, kind=kind, about="y", reason="政策调整")


def test_what_one_officer_ends_before_the_publication_is_audited(session, round_):
    by = drafter(session, round_)
    lot = find_lot(session, round_id=round_.id, code="L01")
    withdraw_lot(session, round_=round_, lot=lot, reason="无企业", actor=by, moment=NOW)
    draft = world.new_round(session, name="anhui-2026-9", keyholders=[])
    cancel_draft(session, round_=draft, reason="重复", version=draft.version, actor=by, moment=NOW)
    for changed, reason in ((round_, "无企业"), (draft, "重复")):
        entry = entries_about(session, subject=f"round/{changed.name}")[-1]
        assert (entry.action, reason in entry.facts) == ("change-round", True)
