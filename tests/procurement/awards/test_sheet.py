"""What the sheet says of bidders: groups, originators, grades, papers; and who is left out."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from procurement.accounts.tables import OrganisationRelation, RelationKind
from procurement.awards.sheet import read_sheet
from procurement.awards.sheet_facts import barring
from procurement.bids.kinds import BidVerdict, PaperStatus
from procurement.bids.tables import PaperStep
from procurement.catalogue.kinds import Evaluation
from procurement.catalogue.tables import Product, ProductStrength
from procurement.credit_rating.grades import Grade
from procurement.credit_rating.tables import CreditMatter
from procurement.credit_rating.words import Basis, GradeWord, Matter
from procurement.database import database_moment, transaction
from procurement.rounds.tables import Lot
from tests.procurement.awards.test_evaluation import add_opened
from tests.procurement.awards.world import BIDS, line, opened_round


@pytest.fixture
def world(engine):
    return opened_round(engine)


def sheet(world):
    with world.read() as session:
        return read_sheet(session, round_=world.round(session))


def bid_of(read, lot, name):
    return next(bid for bid in read.sheet.bids if (bid.lot, bid.bid) == (lot, name))


def relate(world, subject, related, kind=RelationKind.CONTROLLED_BY, until=None):
    with transaction(world.engine) as session:
        session.add(
            OrganisationRelation(
                subject_id=world.maker(subject).id,
                related_id=world.maker(related).id,
                kind=kind,
                product="",
                since_date=date(2020, 1, 1),
                until_date=until,
                recorded_at=database_moment(session),
            )
        )


def test_firms_under_one_control_are_a_group_named_like_its_head(world):
    relate(world, "B", "A")
    read = sheet(world)
    a, b, c = (world.maker(letter).name for letter in "ABC")
    assert bid_of(read, "L01", b).control_group == bid_of(read, "L01", a).control_group == a
    assert bid_of(read, "L01", c).control_group is None


def test_a_relation_that_has_ended_or_a_partner_who_did_not_bid_makes_no_group(world):
    relate(world, "B", "A", until=date(2021, 1, 1))
    relate(world, "A", "F")
    read = sheet(world)
    assert {bid.control_group for bid in read.sheet.bids if bid.lot == "L01"} == {None}


def test_the_catalogue_tells_originators_and_the_first_day_of_passing(world):
    with transaction(world.engine) as session:
        lot = session.scalars(
            select(Lot).where(Lot.round_id == world.round_id, Lot.code == "L01")
        ).one()
        strength = ProductStrength(generic_product_id=lot.generic_product_id, label="1mg")
        session.add(strength)
        session.flush()
        for units, day in ((14, date(2021, 5, 1)), (28, date(2020, 5, 1))):
            session.add(product(session, world.maker("A").id, lot, strength, units, day))
        session.add(product(session, world.maker("B").id, lot, strength, 7, None, first=True))
    read = sheet(world)
    a, b = (bid_of(read, "L01", world.maker(letter).name) for letter in "AB")
    assert (a.passed_on, a.is_originator) == (date(2020, 5, 1), False)
    assert (b.passed_on, b.is_originator) == (None, True)


def product(session, holder, lot, strength, units, day, *, first=False):
    moment = database_moment(session)
    return Product(
        generic_product_id=lot.generic_product_id,
        strength_id=strength.id,
        holder_id=holder,
        pack_units=units,
        evaluation=Evaluation.NOT_APPLICABLE if day is None else Evaluation.PASSED,
        evaluated_on=day,
        is_originator=first,
        recorded_at=moment,
        changed_at=moment,
    )


def test_who_is_barred_by_its_grade_is_left_out_with_the_reason(world, monkeypatch):
    barred = world.maker("A").id

    def grades(_session, *, organisation_id, regions, on_date):
        assert on_date is not None
        return {
            region: Grade(
                GradeWord.SERIOUS,
                "严重失信",
                "serious",
                region,
                bars_all=organisation_id == barred and region == "340000",
            )
            for region in regions
        }

    monkeypatch.setattr("procurement.awards.sheet_facts.grades_in", grades)
    monkeypatch.setattr("procurement.awards.sheet.rated_firms", lambda _session: {barred})
    read = sheet(world)
    assert world.maker("A").name not in {bid.bid for bid in read.sheet.bids}
    assert {(one.lot, one.organisation_id, one.reason.code) for one in read.left_out} == {
        ("L01", barred, "barred"),
        ("L02", barred, "barred"),
    }
    assert "安徽" in read.left_out[0].reason.zh and "严重失信" in read.left_out[0].reason.zh


def test_a_matter_on_record_bars_the_firm_on_the_day_of_the_opening(world):
    with transaction(world.engine) as session:
        moment = database_moment(session)
        session.add(
            CreditMatter(
                organisation_id=world.maker("B").id,
                region="340000",
                matter=Matter.BRIBERY,
                basis=Basis.JUDGEMENT,
                document="判决书",
                found_on=date(2026, 1, 1),
                scale="credit-2020",
                grade=GradeWord.ESPECIALLY_SERIOUS,
                clause="grades",
                reason="for tests",
                is_by_rule=True,
                in_force_from=date(2026, 1, 1),
                recorded_at=moment,
            )
        )
        # The other provinces of the round are not concerned, nor is a firm elsewhere.
        agent = OrganisationRelation(
            subject_id=world.maker("C").id,
            related_id=world.maker("F").id,
            kind=RelationKind.AGENT_OF,
            product="",
            since_date=date(2020, 1, 1),
            recorded_at=moment,
        )
        lot = session.scalars(
            select(Lot).where(Lot.round_id == world.round_id, Lot.code == "L01")
        ).one()
        strength = ProductStrength(generic_product_id=lot.generic_product_id, label="1mg")
        session.add_all([agent, strength])
        session.flush()
        session.add(product(session, world.maker("F").id, lot, strength, 14, None, first=True))
    read = sheet(world)
    assert {one.organisation_id for one in read.left_out} == {world.maker("B").id}
    # C bids as the agent of F, whose product is the originator.
    assert bid_of(read, "L01", world.maker("C").name).is_originator


def test_a_grade_that_bars_some_products_bars_a_lot_only_where_it_bars_all_of_them():
    grade = Grade(GradeWord.MEDIUM, "中等", "medium", "340000", barred_products=frozenset({1, 2}))
    assert barring({"340000": grade}, (1, 2)) is not None
    assert barring({"340000": grade}, (1, 3)) is None
    assert barring({"340000": grade}, ()) is None


def test_who_was_rejected_by_papers_after_all_is_left_out(world):
    with transaction(world.engine) as session:
        session.add(
            PaperStep(
                round_id=world.round_id,
                organisation_id=world.maker("F").id,
                status=PaperStatus.REJECTED,
                reason="证书已注销",
                person_id=world.evaluator.person_id,
                happened_at=database_moment(session),
            )
        )
    read = sheet(world)
    (left_out,) = read.left_out
    assert (left_out.lot, left_out.reason.code) == ("L03", "papers")


def test_envelopes_that_did_not_open_are_left_out_as_a_whole(world):
    with transaction(world.engine) as session:
        add_opened(session, world, "甲", (), BidVerdict.INCONSISTENT)
        add_opened(session, world, "乙", (), BidVerdict.NOT_REVEALED)
    read = sheet(world)
    assert {(one.lot, one.bid, one.reason.code) for one in read.left_out} == {
        ("", "甲", "inconsistent"),
        ("", "乙", "not-revealed"),
    }


def test_several_products_and_equal_names_are_told_apart(world):
    with transaction(world.engine) as session:
        tablet = line("L03", "80mg", "1.00")
        capsule = line("L03", "80mg", "1.10")
        first = add_opened(
            session,
            world,
            "同名药业",
            (_with_product(tablet, "片"), _with_product(capsule, "胶囊")),
        )
        first.credit_code = "A" * 18
        add_opened(session, world, "同名药业", (tablet,))
    read = sheet(world)
    names = {bid.bid for bid in read.sheet.bids if bid.manufacturer == "同名药业"}
    code = f"同名药业（{'A' * 18}）"
    assert {f"{code} · 片", f"{code} · 胶囊"} < names
    assert len(names) == 3


def _with_product(declared, product_):
    return replace(declared, product=product_)


def test_a_lot_that_failed_is_not_evaluated(world):
    with transaction(world.engine) as session:
        lot = session.scalars(
            select(Lot).where(Lot.round_id == world.round_id, Lot.code == "L02")
        ).one()
        lot.failed_reason = "撤出"
    read = sheet(world)
    assert {lot.lot for lot in read.sheet.lots} == {"L01", "L03"}
    assert {bid.lot for bid in read.sheet.bids} == {"L01", "L03"}
    assert {volume.lot for volume in read.sheet.volumes} == {"L01", "L03"}
    assert len(read.sheet.bids) == sum(one.lot != "L02" for lines in BIDS.values() for one in lines)
