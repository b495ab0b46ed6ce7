"""A barring credit grade in a province of the round keeps a manufacturer from bidding."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bidding.sealing import check_postponement, read_postponement
from procurement.bids.keyholders.platform_keys import SERVER, bureau_owner, platform_key
from procurement.bids.keyholders.postponements import announce_postponement, find_postponement
from procurement.bids.papers.eligibility import NotEligibleError, obstacles_to_bidding
from procurement.bids.submission.at_rest import STEP_BYTES, AtRest, SealedRowError
from procurement.bids.tables import PlatformKey
from procurement.credit_rating.grades import Grade
from procurement.credit_rating.words import GradeWord
from procurement.database import database_moment, transaction
from tests.procurement.bids.world import SECRET


def barred_in(monkeypatch, *provinces):
    """Let the firm be barred there; what grades bar is the credit rating's own matter."""
    grades = {
        province: Grade(
            GradeWord.NONE, "特别严重失信", "especially serious", province, bars_all=True
        )
        for province in provinces
    }
    monkeypatch.setattr(
        "procurement.bids.papers.eligibility.grades_by_region", lambda *_args, **_kwargs: grades
    )


@pytest.mark.parametrize(("province", "is_barred"), [("340000", True), ("650000", False)])
def test_only_a_grade_in_a_province_of_the_round_bars(bidding, monkeypatch, province, is_barred):
    world, _ = bidding
    maker = world.new_maker()
    barred_in(monkeypatch, province)
    with world.read() as session:
        found = obstacles_to_bidding(
            session,
            round_=world.round(session),
            organisation_id=maker.id,
            moment=database_moment(session),
        )
    assert bool(found) == is_barred
    assert all("信用评级" in zh for zh, _ in found)


def test_who_is_not_eligible_is_told_every_reason():
    refusal = NotEligibleError([("材料未审核。", "Papers."), ("信用评级。", "Credit.")])
    assert (refusal.zh, refusal.en) == ("材料未审核。信用评级。", "Papers. Credit.")


@given(st.binary(max_size=3 * STEP_BYTES))
def test_a_sealed_row_opens_to_what_was_sealed_and_shows_only_its_steps(content):
    at_rest = AtRest(SECRET)
    row = at_rest.seal(content, purpose="leaf")
    assert at_rest.open(row, purpose="leaf") == content
    assert (len(row) - 28) % STEP_BYTES == 0
    with pytest.raises(SealedRowError):
        at_rest.open(row, purpose="shares")
    with pytest.raises(SealedRowError):
        AtRest(bytes(32)).open(row, purpose="leaf")


def test_each_owner_has_one_key_which_the_database_does_not_show(engine):
    with transaction(engine) as session:
        moment = database_moment(session)
        made = {
            owner: platform_key(
                session, owner=owner, suite="intl-1", secret_key=SECRET, moment=moment
            )
            for owner in (SERVER, bureau_owner(1), bureau_owner(2), SERVER)
        }
    assert len({key.seed for key in made.values()}) == 3
    with transaction(engine) as session:
        rows = session.scalars(select(PlatformKey)).all()
        again = platform_key(
            session, owner=SERVER, suite="intl-1", secret_key=SECRET, moment=moment
        )
    assert again == made[SERVER]
    assert len(rows) == 3
    assert all(key.seed.hex() not in row.sealed_key for row in rows for key in made.values())
    assert made[SERVER].seed.hex() not in repr(made[SERVER])


def test_the_outage_rule_is_announced_once_and_the_manifest_stays(bidding):
    world, manifest = bidding

    def announce():
        with transaction(world.engine) as session:
            return announce_postponement(session, round_=world.round(session), secret_key=SECRET)

    assert announce() is None
    with transaction(world.engine) as session:
        world.round(session).outage_shifted_at = database_moment(session)
    first = announce()
    assert announce().id == first.id
    notice = read_postponement(first.document)
    check_postponement(notice, manifest)
    shift = timedelta(minutes=manifest.outage_shift_minutes)
    assert notice.closes_at == manifest.closes_at + shift
    with world.read() as session:
        assert find_postponement(session, round_id=world.round_id) is not None
