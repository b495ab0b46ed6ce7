"""Campaigns: who runs one, what it needs before it opens, and who may take part together."""

from dataclasses import replace
from typing import Any

import pytest

from procurement.accounts.tables import OrganisationKind
from procurement.database import transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.negotiations.campaigns.members import appoint, declare_interest, end_appointment
from procurement.negotiations.campaigns.service import (
    change_campaign,
    draft_campaign,
    name_holders,
    open_campaign,
)
from procurement.negotiations.errors import CampaignStateError, NotDeclaredError, NotNationalError
from procurement.negotiations.kinds import Part
from procurement.negotiations.subjects import require_member
from procurement.permissions import NotFoundForActorError, Role
from tests.procurement.negotiations.world import FACTS, MOMENT, NegotiationWorld
from tests.procurement.rounds.world import actor_of, new_organisation, new_person


def fields(refused):
    return [fault.field for fault in refused.value.faults]


def test_only_the_national_bureau_runs_one(engine):
    with transaction(engine) as session:
        bureau = new_organisation(session, OrganisationKind.BUREAU, "省采购办", level="provincial")
        officer = actor_of(session, new_person(session, bureau, Role.OFFICER))
        with pytest.raises(NotNationalError):
            draft_campaign(session, name="x-1", facts=FACTS, actor=officer, moment=MOMENT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"year": 12}, "year"),
        ({"rulebook": "national-3"}, "rulebook"),
        ({"renewal_rulebook": "no-such"}, "renewal_rulebook"),
        ({"files_until": MOMENT}, "files_until"),
        ({"ends_on": FACTS.starts_on}, "ends_on"),
        ({"quorum": 1}, "quorum"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(engine, change, field):
    world = NegotiationWorld(engine)
    with transaction(engine) as session, pytest.raises(InvalidInputError) as refused:
        draft_campaign(
            session,
            name="nrdl-2026",
            facts=replace(FACTS, **change),
            actor=world.people["officer"],
            moment=MOMENT,
        )
    assert fields(refused) == [field]


def test_it_does_not_open_without_every_key(engine):
    world = NegotiationWorld(engine).draft()
    with transaction(engine) as session, pytest.raises(CampaignStateError):
        open_campaign(
            session,
            campaign=world.campaign(session),
            version=world.campaign(session).version,
            actor=world.people["officer"],
            moment=MOMENT,
        )


def test_an_open_campaign_and_its_keys_do_not_change(engine):
    world = NegotiationWorld(engine).open()
    with transaction(engine) as session:
        campaign, officer = world.campaign(session), world.people["officer"]
        about: dict[str, Any] = {"campaign": campaign, "actor": officer, "moment": MOMENT}
        with pytest.raises(CampaignStateError):
            change_campaign(session, facts=FACTS, version=campaign.version, **about)
        with pytest.raises(CampaignStateError):
            name_holders(session, organisation_ids=world.holder_ids, **about)
    with pytest.raises(CampaignStateError):
        world.hand_over_keys()


def test_a_stale_change_is_refused(engine):
    world = NegotiationWorld(engine).draft()
    with transaction(engine) as session, pytest.raises(StaleError):
        change_campaign(
            session,
            campaign=world.campaign(session),
            facts=FACTS,
            version=7,
            actor=world.people["officer"],
            moment=MOMENT,
        )


def test_there_is_one_keyholder_more_than_the_quorum(engine):
    world = NegotiationWorld(engine).draft()
    with transaction(engine) as session, pytest.raises(InvalidInputError):
        name_holders(
            session,
            campaign=world.campaign(session),
            organisation_ids=world.holder_ids[:2],
            actor=world.people["officer"],
            moment=MOMENT,
        )


@pytest.mark.parametrize("part", [Part.FUND, Part.CHAIR, Part.NEGOTIATOR])
def test_parts_that_are_kept_apart_go_to_different_people(engine, part):
    world = NegotiationWorld(engine).open()
    with pytest.raises(InvalidInputError) as refused:
        appoint_as(world, "economist", part)
    assert fields(refused) == ["part"]


def appoint_as(world, name, part):
    with transaction(world.engine) as session:
        return appoint(
            session,
            campaign=world.campaign(session),
            dossier=None,
            person_id=world.people[name].person_id,
            part=part,
            actor=world.people["officer"],
            moment=MOMENT,
        ).id


def test_a_reviewer_may_have_another_part(engine):
    assert appoint_as(NegotiationWorld(engine).open(), "economist", Part.REVIEWER)


def test_somebody_of_another_organisation_is_not_appointed(engine):
    with pytest.raises(InvalidInputError):
        appoint_as(NegotiationWorld(engine).open(), "maker", Part.REVIEWER)


def test_who_was_relieved_is_no_member_any_more(engine):
    world = NegotiationWorld(engine).file()
    member_id = appoint_as(world, "stranger", Part.REVIEWER)
    world.declare("stranger")
    with transaction(engine) as session:
        end_appointment(
            session,
            campaign=world.campaign(session),
            member_id=member_id,
            actor=world.people["officer"],
            moment=MOMENT,
        )
        with pytest.raises(NotFoundForActorError):
            require_member(
                session,
                world.dossier(session),
                actor=world.people["stranger"],
                part=Part.REVIEWER,
            )


def test_whoever_has_a_conflict_or_has_not_declared_does_not_act(engine):
    world = NegotiationWorld(engine).file()
    with transaction(engine) as session, pytest.raises(NotDeclaredError):
        require_member(
            session, world.dossier(session), actor=world.people["chair"], part=Part.CHAIR
        )
    world.declare("chair", has_conflict=True)
    with transaction(engine) as session, pytest.raises(NotFoundForActorError):
        require_member(
            session, world.dossier(session), actor=world.people["chair"], part=Part.CHAIR
        )


def test_a_conflict_is_not_taken_back_by_who_declared_it(engine):
    world = NegotiationWorld(engine).file().declare("chair", has_conflict=True)
    with pytest.raises(InvalidInputError):
        world.declare("chair")


def test_a_conflict_is_described(engine):
    world = NegotiationWorld(engine).file()
    with transaction(engine) as session, pytest.raises(InvalidInputError):
        declare_interest(
            session,
            dossier=world.dossier(session),
            has_conflict=True,
            text="",
            actor=world.people["chair"],
            moment=MOMENT,
        )
