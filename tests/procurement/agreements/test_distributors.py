"""Winners nominate distributors by region, they confirm, hospitals choose among them."""

import pytest

from procurement.agreements.distributors import (
    active_distributors,
    answer_nomination,
    choose_distributor,
    choose_only_distributors,
    confirmed_for,
    distributions_of,
    nominate_distributor,
    supplied_regions,
    waiting_nominations,
    withdraw_nomination,
)
from procurement.agreements.errors import (
    InUseError,
    NotConfirmedError,
    NotSuppliedError,
    RegionsNotChosenError,
)
from procurement.agreements.states import (
    AgreementStatus,
    DistributionStatus,
    Party,
    WrongStateError,
)
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.notices import notices_of
from procurement.permissions import NotFoundForActorError
from tests.procurement.awards.regions.world import awarded_round
from tests.procurement.rounds.world import REGIONS


def nominate(world, letter, region, distributor_id):
    with transaction(world.engine) as session:
        return nominate_distributor(
            session,
            round_=world.round(session),
            region=region,
            distributor_id=distributor_id,
            actor=world.maker(letter).actor,
            moment=database_moment(session),
        ).id


def answer(world, row, somebody, *, confirms=True):
    with transaction(world.engine) as session:
        answer_nomination(
            session,
            round_=world.round(session),
            distribution_id=row,
            confirms=confirms,
            actor=somebody.actor,
            moment=database_moment(session),
        )


def withdraw(world, row, letter):
    with transaction(world.engine) as session:
        withdraw_nomination(
            session,
            round_=world.round(session),
            distribution_id=row,
            actor=world.maker(letter).actor,
            moment=database_moment(session),
        )


def choose(world, agreement_id, distributor_id):
    with transaction(world.engine) as session:
        agreement = next(one for one in world.agreements(session) if one.id == agreement_id)
        choose_distributor(
            session,
            round_=world.round(session),
            agreement=agreement,
            distributor_id=distributor_id,
            actor=world.every_hospital()[0].actor,
            moment=database_moment(session),
        )


def own_agreement(world, letter="A"):
    """An agreement of the first hospital with a winner."""
    hospital = world.hospitals[REGIONS[0]][0]
    with world.read() as session:
        found = world.agreements(
            session, hospital_id=hospital.id, organisation_id=world.maker(letter).id
        )
    return found[0]


def test_a_winner_nominates_where_it_supplies_and_the_distributor_is_asked(world):
    with world.read() as session:
        regions = supplied_regions(
            session, round_=world.round(session), organisation_id=world.maker("A").id
        )
        assert len(active_distributors(session)) == 2
    first = world.distributors[0]
    nominate(world, "A", regions[0], first.id)
    with world.read() as session:
        told = notices_of(session, organisation_id=first.id)
        assert "请确认" in told[0].zh
        assert [number for _, number in waiting_nominations(session, distributor_id=first.id)] == [
            1
        ]


def test_a_stranger_to_the_region_or_to_distribution_is_refused(world):
    first = world.distributors[0]
    with pytest.raises(NotSuppliedError):
        nominate(world, "D", REGIONS[0], first.id)
    with pytest.raises(NotSuppliedError):
        nominate(world, "A", "990000", first.id)
    for other in (world.lead.id, 10**9):
        with pytest.raises(InvalidInputError):
            nominate(world, "E", REGIONS[0], other)


def test_nobody_is_nominated_before_regions_are_chosen(engine):
    world = awarded_round(engine)
    with pytest.raises(RegionsNotChosenError):
        nominate(world, "A", REGIONS[0], 1)


def test_only_the_nominated_distributor_answers_and_once(world):
    first, second = world.distributors
    row = nominate(world, "E", REGIONS[0], first.id)
    with pytest.raises(NotFoundForActorError):
        answer(world, row, second)
    with pytest.raises(WrongStateError):
        nominate(world, "E", REGIONS[0], first.id)
    answer(world, row, first, confirms=False)
    with pytest.raises(WrongStateError):
        answer(world, row, first)
    assert nominate(world, "E", REGIONS[0], first.id) == row
    answer(world, row, first)
    with world.read() as session:
        found = distributions_of(session, round_id=world.round_id, distributor_id=first.id)
    assert [one.status for one, _, _ in found] == [DistributionStatus.CONFIRMED]


def test_a_hospital_chooses_among_the_confirmed_only(world):
    agreement = own_agreement(world)
    first, second = world.distributors
    with pytest.raises(NotConfirmedError):
        choose(world, agreement.id, first.id)
    row = nominate(world, "A", REGIONS[0], first.id)
    with pytest.raises(NotConfirmedError):
        choose(world, agreement.id, first.id)
    answer(world, row, first)
    with pytest.raises(NotConfirmedError):
        choose(world, agreement.id, second.id)
    choose(world, agreement.id, first.id)
    chosen = own_agreement(world)
    assert (chosen.distributor_id, chosen.status) == (first.id, AgreementStatus.OPEN)
    with pytest.raises(InUseError):
        withdraw(world, row, "A")
    with pytest.raises(NotFoundForActorError):
        withdraw(world, row, "B")


def test_a_nomination_that_nobody_uses_can_be_withdrawn(world):
    row = nominate(world, "A", REGIONS[0], world.distributors[0].id)
    withdraw(world, row, "A")
    with pytest.raises(WrongStateError):
        withdraw(world, row, "A")


def test_after_a_signature_the_distributor_stays(world):
    world.nominate_everywhere()
    world.choose_distributors()
    agreement = own_agreement(world)
    hospital = world.hospitals[REGIONS[0]][0]
    world.sign(Party.HOSPITAL, hospital.id, hospital.actor)
    with pytest.raises(WrongStateError):
        choose(world, agreement.id, world.distributors[0].id)


def test_where_there_is_only_one_it_is_chosen_for_all_at_once(world):
    world.nominate_everywhere()
    hospital = world.hospitals[REGIONS[0]][0]
    with transaction(world.engine) as session:
        number = choose_only_distributors(
            session,
            round_=world.round(session),
            term=world.term(session),
            hospital_id=hospital.id,
            actor=hospital.actor,
            moment=database_moment(session),
        )
        own = world.agreements(session, hospital_id=hospital.id)
        offered = confirmed_for(session, round_id=world.round_id, agreements=own)
        assert number == len(own) == len(offered)
        assert {one.status for one in own} == {AgreementStatus.OPEN}
