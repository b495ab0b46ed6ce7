"""No single person gathers what the parts of a negotiation keep apart."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.home.audit_record import entries
from procurement.negotiations.campaigns.members import (
    ConflictedOfficerError,
    appoint,
    end_appointment,
)
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.groups.reconciling import signed_results
from procurement.negotiations.groups.results import sign_result
from procurement.negotiations.kinds import Group, Part, Track
from procurement.negotiations.renewals.bidding import bid, call_bidding, open_bidding
from procurement.permissions import NotFoundForActorError
from tests.procurement.bids.world import SECRET
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import MOMENT, TYPED, NegotiationWorld, some

CLOSES = MOMENT + timedelta(days=2)


def appoint_as(world, name, part, *, by="officer", for_dossier=False):
    with transaction(world.engine) as session:
        return appoint(
            session,
            campaign=world.campaign(session),
            dossier=world.dossier(session) if for_dossier else None,
            person_id=world.people[name].person_id,
            part=part,
            actor=world.people[by],
            moment=MOMENT,
        ).id


def relieve(world, member_id, *, by="officer"):
    with transaction(world.engine) as session:
        end_appointment(
            session,
            campaign=world.campaign(session),
            member_id=member_id,
            actor=world.people[by],
            moment=MOMENT,
        )


def fields(refused):
    return [fault.field for fault in refused.value.faults]


@pytest.mark.parametrize("was_for_dossier", [True, False])
@pytest.mark.parametrize("is_for_dossier", [True, False])
@pytest.mark.parametrize("part", [Part.FUND, Part.CHAIR, Part.NEGOTIATOR])
def test_who_was_relieved_of_a_part_gets_none_of_those_apart_from_it(
    engine, part, was_for_dossier, is_for_dossier
):
    world = NegotiationWorld(engine).file()
    relieve(world, appoint_as(world, "stranger", Part.ECONOMICS, for_dossier=was_for_dossier))
    with pytest.raises(InvalidInputError) as refused:
        appoint_as(world, "stranger", part, for_dossier=is_for_dossier)
    assert fields(refused) == ["part"]


def test_who_was_relieved_may_come_back_to_the_same_part_or_review(engine):
    world = NegotiationWorld(engine).file()
    relieve(world, appoint_as(world, "stranger", Part.FUND))
    assert appoint_as(world, "stranger", Part.FUND)
    assert appoint_as(world, "stranger", Part.REVIEWER)
    with pytest.raises(InvalidInputError) as refused:
        appoint_as(world, "stranger", Part.FUND)
    assert fields(refused) == ["person_id"]


def test_an_ended_part_for_one_drug_bars_from_no_part_for_another(engine):
    world = NegotiationWorld(engine).file()
    relieve(world, appoint_as(world, "stranger", Part.FUND, for_dossier=True))
    world.start(product="另一药")
    assert appoint_as(world, "stranger", Part.CHAIR, for_dossier=True)


@pytest.mark.parametrize("part", list(Part))
def test_nobody_appoints_himself(engine, part):
    world = NegotiationWorld(engine).open()
    with pytest.raises(InvalidInputError) as refused:
        appoint_as(world, "officer", part)
    assert fields(refused) == ["person_id"]
    assert appoint_as(world, "officer", part, by="second")


def test_the_page_offers_an_officer_everybody_else_and_refuses_himself(engine, tmp_path):
    world = NegotiationWorld(engine).file()
    own, other = (world.people[name].person_id for name in ("officer", "second"))
    with visited(engine, tmp_path) as visits:
        officer = visits.visitor(world, "officer")
        page = officer.get(f"/negotiations/{world.name}/members").text
        select = some(re.search(r'<select[^>]* name="person_id".*?</select>', page, re.DOTALL))
        offered = re.findall(r'<option value="(\d+)"', select[0])
        assert str(other) in offered and str(own) not in offered
        typed = {"person_id": str(own), "part": "economics", "dossier_id": str(world.dossier_id)}
        answer = officer.post(f"/negotiations/{world.name}/members", data=typed)
        assert answer.status_code == 422 and 'id="fault-person_id"' in answer.text
        assert visits.get(world, "officer", "groups/economics").status_code == 404


def test_an_officer_with_a_conflict_neither_appoints_nor_relieves_for_the_dossier(engine):
    world = NegotiationWorld(engine).file()
    own = appoint_as(world, "officer", Part.REVIEWER, by="second", for_dossier=True)
    others = [
        appoint_as(world, "second", Part.REVIEWER, for_dossier=True),
        appoint_as(world, "stranger", Part.REVIEWER),
    ]
    world.declare("officer", has_conflict=True)
    relieve(world, own, by="second")
    for member_id in others:
        with pytest.raises(ConflictedOfficerError):
            relieve(world, member_id)
    for for_dossier in (True, False):
        with pytest.raises(ConflictedOfficerError):
            appoint_as(world, "stranger", Part.CHAIR, for_dossier=for_dossier)
    world.start(product="另一药")
    relieve(world, appoint_as(world, "stranger", Part.CHAIR, for_dossier=True))


def test_the_page_says_that_another_officer_must_appoint(engine, tmp_path):
    world = NegotiationWorld(engine).file()
    appoint_as(world, "officer", Part.REVIEWER, by="second")
    world.declare("officer", has_conflict=True)
    with visited(engine, tmp_path) as visits:
        typed = {"person_id": str(world.people["stranger"].person_id), "part": "chair"}
        answer = visits.visitor(world, "officer").post(
            f"/negotiations/{world.name}/members", data=typed
        )
    assert answer.status_code == 409 and "请由其他经办人指定" in answer.text


def result_of(world, group=Group.ECONOMICS):
    with snapshot(world.engine) as session:
        return some(world.result(session, group))


def sign(world, name, group=Group.ECONOMICS):
    digest = result_of(world, group).digest
    with transaction(world.engine) as session:
        return sign_result(
            session,
            dossier=world.dossier(session),
            group=group,
            digest=digest,
            actor=world.people[name],
            secret_key=SECRET,
            moment=MOMENT,
        )


def test_a_signature_counts_no_more_once_its_signer_declares_a_conflict(engine):
    world = NegotiationWorld(engine).admitted().compute()
    assert result_of(world).is_signed
    world.declare("economist", has_conflict=True)
    result = result_of(world)
    assert list(result.signed_by) == [world.people["economist2"].person_id]
    assert not result.missing and not result.is_signed
    with snapshot(engine) as session:
        assert not signed_results(session, dossier=world.dossier(session), secret_key=SECRET)
    with pytest.raises(NotReadyError):
        world.reconcile()
    with pytest.raises(NotFoundForActorError):
        sign(world, "economist")


def test_a_conflict_after_the_reconciliation_keeps_the_price_from_being_sealed(engine):
    world = NegotiationWorld(engine).admitted().compute().reconcile().schedule()
    world.declare("economist", has_conflict=True)
    with pytest.raises(NotReadyError):
        world.seal()
    # Somebody else takes the place, and signs the same result.
    appoint_as(world, "stranger", Part.ECONOMICS)
    world.declare("stranger")
    assert sign(world, "stranger").is_signed
    world.seal()


def test_a_member_who_has_not_declared_is_waited_for(engine):
    world = NegotiationWorld(engine).admitted()
    member_id = appoint_as(world, "stranger", Part.ECONOMICS)
    world.compute()
    result = result_of(world)
    assert list(result.missing) == [world.people["stranger"].person_id]
    assert not result.is_signed
    relieve(world, member_id)
    assert result_of(world).is_signed


PUBLIC = {key: TYPED[key] for key in list(TYPED)[:11]}


def bidding_world(engine):
    """A non-exclusive drug whose maker has bid."""
    world = NegotiationWorld(engine).open().start(track=Track.NON_EXCLUSIVE).fill(PUBLIC)
    world.submit().review().declare("chair").admit()
    with transaction(engine) as session:
        about: dict[str, Any] = {
            "dossier": world.dossier(session),
            "secret_key": SECRET,
            "moment": MOMENT,
        }
        call_bidding(
            session,
            willingness=Decimal(100),
            closes_at=CLOSES,
            actor=world.people["chair"],
            **about,
        )
        bid(session, price=Decimal(80), actor=world.people["maker"], **about)
    return world


def test_who_bids_is_not_in_the_audit_record_before_the_opening(engine):
    world = bidding_world(engine)

    def actions():
        with snapshot(engine) as session:
            subject = f"negotiation/{world.name}/dossier/{world.dossier_id}"
            found = session.scalars(entries(organisation_id=None, subject=subject)).all()
            return [one.action for one in found]

    assert "call-bidding" in actions() and "bid" not in actions()
    with transaction(engine) as session:
        open_bidding(
            session,
            dossier=world.dossier(session),
            actor=world.people["officer"],
            secret_key=SECRET,
            moment=CLOSES,
        )
    assert "bid" in actions()


def test_a_supervisor_reads_no_bidder_on_the_page_of_the_record(engine, tmp_path):
    world = bidding_world(engine)
    with visited(engine, tmp_path) as visits:
        page = visits.visitor(world, "supervisor").get("/audit", params={"subject": "negotiation/"})
    # Without the list of actions to choose from, which names every action there is.
    lines = " ".join(re.findall(r"<tr.*?</tr>", page.text, re.DOTALL))
    assert page.status_code == 200 and "开始竞价" in lines
    assert "提交竞价报价" not in lines
