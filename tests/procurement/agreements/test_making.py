"""Agreements are drawn up region by region, and volumes add up to the unit."""

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import func, select, update

from procurement.agreements.errors import (
    NotAllSignedError,
    RegionsNotChosenError,
    TermUnfinishedError,
)
from procurement.agreements.making import make_region, prepare, regions_of
from procurement.agreements.states import AgreementStatus, TermKind, TermStatus
from procurement.agreements.tables import (
    AgreedSupply,
    AgreedVolume,
    Agreement,
    AgreementTerm,
)
from procurement.agreements.terms import (
    TermFacts,
    extension,
    latest_term,
    repeat_term,
    start_running,
    start_term,
    unsigned,
    year_from,
)
from procurement.awards.evaluation import require_report
from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.jobs.tables import Job
from procurement.rounds.tables import Lot, LotStrength, RoundStatus
from procurement.volumes.tables import VolumeLine
from tests.procurement.awards.regions.world import STARTS_ON, awarded_round
from tests.procurement.rounds.world import REGIONS

FIRST = TermFacts(kind=TermKind.FIRST, starts_on=STARTS_ON, ends_on=year_from(STARTS_ON))


def sums(session, term_id):
    """Volume and part by brand of each supply: as supplied, and as hospitals have it."""
    rows = session.execute(
        select(
            AgreedSupply.volume,
            AgreedSupply.by_brand,
            func.sum(AgreedVolume.volume),
            func.sum(AgreedVolume.by_brand),
        )
        .join(AgreedVolume, AgreedVolume.supply_id == AgreedSupply.id)
        .where(AgreedSupply.term_id == term_id)
        .group_by(AgreedSupply.id, AgreedSupply.volume, AgreedSupply.by_brand)
    )
    return [(volume, own, int(given), int(kept)) for volume, own, given, kept in rows]


def test_volumes_add_up_over_region_strength_hospital_and_brand(world):
    with world.read() as session:
        found = sums(session, world.term_id)
        assert found and all(row[:2] == row[2:] for row in found)
        assert any(own for _, own, *_ in found)
        report = require_report(session, round_id=world.round_id)
        by_place = session.execute(
            select(
                Lot.code, AgreedSupply.region, LotStrength.strength, func.sum(AgreedVolume.volume)
            )
            .join(AgreedVolume, AgreedVolume.supply_id == AgreedSupply.id)
            .join(LotStrength, LotStrength.id == AgreedSupply.lot_strength_id)
            .join(Lot, Lot.id == LotStrength.lot_id)
            .group_by(Lot.code, AgreedSupply.region, LotStrength.strength)
        )
        given = {(code, region, strength): int(total) for code, region, strength, total in by_place}
    wanted: dict[tuple[str, str, str], int] = {}
    for lot in report.lots:
        for one in lot["allocations"]:
            place = (lot["lot"], one["region"], one["strength"])
            wanted[place] = wanted.get(place, 0) + one["agreed_volume"]
    assert given == wanted


def test_each_hospital_has_one_agreement_with_each_of_its_suppliers(world):
    with world.read() as session:
        assert session.get_one(AgreementTerm, world.term_id).status == TermStatus.DONE
        assert world.round(session).status == RoundStatus.AGREEMENTS
        found = world.agreements(session)
        assert {one.status for one in found} == {AgreementStatus.WAITING}
        alone = world.hospitals[REGIONS[0]][1]
        own = [one for one in found if one.hospital_id == alone.id]
        # It asked for brand B in L01, which keeps it though A supplies the region.
        makers = {world.maker(letter).id for letter in "ABE"}
        assert {one.organisation_id for one in own} == makers
        members = {one.id for one in (world.lead, *world.members)}
        assert members <= {one.hospital_id for one in found}


def test_making_goes_on_behind_the_last_region_after_a_crash(chosen):
    term_id = chosen.start(FIRST)
    with transaction(chosen.engine) as session:
        term = session.get_one(AgreementTerm, term_id)
        prepare(session, term=term)
        make_region(session, term=term, region=regions_of(session, term=term)[0])
    chosen.run_job(term_id)
    chosen.run_job(term_id)
    with chosen.read() as session:
        assert all(row[:2] == row[2:] for row in sums(session, term_id))
        term = session.get_one(AgreementTerm, term_id)
        assert (term.done, term.total, term.status) == (3, 3, TermStatus.DONE)
        job = session.get_one(Job, term.job_id)
        assert (job.done, job.total) == (3, 3)


def test_reports_that_are_not_what_was_aggregated_make_no_agreements(chosen):
    chosen.forget_reports()
    term_id = chosen.start(FIRST)
    chosen.run_job(term_id)
    with chosen.read() as session:
        term = session.get_one(AgreementTerm, term_id)
        assert term.status == TermStatus.FAILED and "采购基数" in (term.fault_zh or "")
        assert session.scalar(select(func.count()).select_from(Agreement)) == 0
        assert chosen.round(session).status == RoundStatus.REGIONS_CHOSEN
    with transaction(chosen.engine) as session:
        session.execute(update(VolumeLine).values(demand=VolumeLine.demand - 1))
        repeat_term(
            session,
            round_=chosen.round(session),
            term=session.get_one(AgreementTerm, term_id),
            actor=chosen.officer,
            moment=database_moment(session),
        )
    chosen.run_job(term_id)
    with chosen.read() as session:
        assert session.get_one(AgreementTerm, term_id).status == TermStatus.DONE


def test_no_agreements_before_regions_are_chosen(engine):
    world = awarded_round(engine)
    with transaction(engine) as session, pytest.raises(RegionsNotChosenError):
        start_term(
            session,
            round_=world.round(session),
            facts=FIRST,
            actor=world.officer,
            moment=database_moment(session),
        )


def test_a_term_begins_once_and_after_the_one_before(world):
    with pytest.raises(TermUnfinishedError):
        world.start(FIRST)
    with pytest.raises(InvalidInputError) as refusal:
        world.start(TermFacts(kind=TermKind.NEXT_YEAR, starts_on=STARTS_ON, ends_on=STARTS_ON))
    assert {fault.field for fault in refusal.value.faults} == {"starts_on", "basis"}


def test_a_second_year_keeps_distributors_and_an_extension_goes_pro_rata(world):
    world.nominate_everywhere()
    world.choose_distributors()
    second = TermFacts(
        kind=TermKind.NEXT_YEAR,
        starts_on=date(2028, 1, 1),
        ends_on=date(2028, 12, 31),
        ratio=Fraction(11, 10),
        basis="续约通知",
    )
    second_id = world.start(second)
    world.run_job(second_id)
    with world.read() as session:
        first_total = sum(row[0] for row in sums(session, world.term_id))
        found = sums(session, second_id)
        assert all(row[:2] == row[2:] for row in found)
        assert abs(sum(row[0] for row in found) - first_total * 1.1) <= len(found)
        following = session.scalars(select(Agreement).where(Agreement.term_id == second_id)).all()
        assert {one.status for one in following} == {AgreementStatus.OPEN}
        last = latest_term(session, round_id=world.round_id)
        assert last is not None
        facts = extension(last, months=6, basis="延期通知")
    assert (facts.starts_on, facts.ends_on) == (date(2029, 1, 1), date(2029, 6, 30))
    third_id = world.start(facts)
    world.run_job(third_id)
    with world.read() as session:
        halves = sums(session, third_id)
        assert all(row[:2] == row[2:] for row in halves)
        assert abs(2 * sum(row[0] for row in halves) - sum(row[0] for row in found)) <= len(found)
        last = latest_term(session, round_id=world.round_id)
        assert last is not None and extension(last, months=6, basis="x").ratio == 1


@pytest.mark.parametrize("months", [0, 25])
def test_the_months_of_an_extension_are_bounded(world, months):
    with world.read() as session:
        last = latest_term(session, round_id=world.round_id)
        assert last is not None
        with pytest.raises(InvalidInputError):
            extension(last, months=months, basis="x")


def test_the_cycle_begins_when_all_have_signed_or_an_officer_says_why(world):
    def run(reason=""):
        with transaction(world.engine) as session:
            start_running(
                session,
                round_=world.round(session),
                reason=reason,
                actor=world.officer,
                moment=database_moment(session),
            )

    with pytest.raises(NotAllSignedError):
        run()
    world.nominate_everywhere()
    world.choose_distributors()
    world.sign_all()
    with world.read() as session:
        assert unsigned(session, term_id=world.term_id) == 0
        assert all(one.status == AgreementStatus.SIGNED for one in world.agreements(session))
    run()
    with world.read() as session:
        assert world.round(session).status == RoundStatus.RUNNING
    with pytest.raises(RegionsNotChosenError):
        run()


def test_a_reason_lets_the_cycle_begin_without_all_signatures(world):
    with transaction(world.engine) as session:
        start_running(
            session,
            round_=world.round(session),
            reason="个别机构已停业",
            actor=world.officer,
            moment=database_moment(session),
        )
        assert world.round(session).status == RoundStatus.RUNNING
