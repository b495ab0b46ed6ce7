"""Non-exclusive bidding: sealed until all are opened, the lowest bid within the rules' bounds."""

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, Track
from procurement.negotiations.renewals.bidding import (
    bid,
    bidding_of,
    call_bidding,
    open_bidding,
    outcome_of,
)
from procurement.negotiations.sessions.standards import standards_of
from procurement.permissions import NotFoundForActorError
from tests.procurement.bids.test_secrecy import dump
from tests.procurement.bids.world import SECRET
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import MOMENT, TYPED, NegotiationWorld, some

CLOSES = MOMENT + timedelta(days=2)
PUBLIC = {key: TYPED[key] for key in list(TYPED)[:11]}


class TwoMakers(NegotiationWorld):
    """A world with a dossier of each of two makers."""

    first = 0
    second = 0


@pytest.fixture
def world(engine):
    """Two makers of one drug, admitted."""
    made = TwoMakers(engine)
    made.open()
    made.first, made.second = add(made, "maker"), add(made, "rival")
    return made


def add(world, name):
    own = world.people["maker"]
    world.people["maker"] = world.people[name]
    world.start(track=Track.NON_EXCLUSIVE).fill(PUBLIC).submit().review()
    world.people["maker"] = own
    world.declare("chair").admit()
    return world.dossier_id


def call(world, *, willingness="100.00", name="chair", closes_at=CLOSES):
    world.dossier_id = world.first
    with transaction(world.engine) as session:
        call_bidding(
            session,
            dossier=world.dossier(session),
            willingness=Decimal(willingness),
            closes_at=closes_at,
            actor=world.people[name],
            secret_key=SECRET,
            moment=MOMENT,
        )
    return world


def offer(world, which, price, *, moment=MOMENT):
    world.dossier_id = which
    with transaction(world.engine) as session:
        bid(
            session,
            dossier=world.dossier(session),
            price=Decimal(price),
            actor=world.people["maker"],
            secret_key=SECRET,
            moment=moment,
        )


def opened(world, *, moment=CLOSES):
    world.dossier_id = world.first
    with transaction(world.engine) as session:
        dossier = world.dossier(session)
        open_bidding(
            session,
            dossier=dossier,
            actor=world.people["officer"],
            secret_key=SECRET,
            moment=moment,
        )
        return outcome_of(some(bidding_of(session, dossier=dossier)))


def standards(world):
    with snapshot(world.engine) as session:
        rows = standards_of(session, campaign_id=world.campaign_id)
        return [(one.way, price.pack_price) for one, _, price in rows]


@pytest.mark.parametrize(
    ("bids", "standard"),
    [(("95", "82"), "82"), (("95", "60"), "70"), (("101", "102"), None)],
)
def test_the_lowest_bid_is_the_standard_within_its_bounds(world, bids, standard):
    call(world)
    for which, price in zip((world.first, world.second), bids, strict=True):
        offer(world, which, price)
    assert opened(world)["standard"] == standard
    expected = [] if standard is None else [("bidding", Decimal(standard))] * 2
    assert standards(world) == expected


def test_nobody_bids_and_the_drug_is_not_listed(world):
    assert opened(call(world))["standard"] is None
    with snapshot(world.engine) as session:
        assert world.dossier(session).status == DossierStatus.FAILED


def test_the_newest_bid_counts_and_who_did_not_bid_is_not_listed(world):
    call(world)
    offer(world, world.first, "95")
    offer(world, world.first, "90")
    assert opened(world)["standard"] == "90"
    assert standards(world) == [("bidding", Decimal(90))]


def test_bids_are_taken_and_opened_in_their_time_only(world):
    call(world)
    with pytest.raises(NotReadyError):
        offer(world, world.first, "95", moment=CLOSES)
    with pytest.raises(NotReadyError):
        opened(world, moment=CLOSES - timedelta(seconds=1))
    opened(world)
    with pytest.raises(NotReadyError):
        opened(world)


def test_a_bidding_is_called_once_and_by_the_chair(world):
    with pytest.raises(NotFoundForActorError):
        call(world, name="economist")
    call(world)
    with pytest.raises(NotReadyError):
        call(world)


@pytest.mark.parametrize("price", ["0", "-1", "1.234", "NaN", "1e12"])
def test_a_price_has_its_form(world, price):
    with pytest.raises(InvalidInputError):
        call(world, willingness=price)
    call(world)
    with pytest.raises(InvalidInputError):
        offer(world, world.first, price)


def test_neither_willingness_nor_bids_are_in_the_database_before_the_opening(world, tmp_path):
    call(world, willingness="173190.47")
    offer(world, world.first, "142857.19")
    for where, content in dump(world.engine, tmp_path):
        assert b"173190" not in content and b"142857" not in content, where


def test_it_is_played_on_the_pages(world, tmp_path):
    world.dossier_id = world.first
    closes = "2026-08-03T09:00"
    with visited(world.engine, tmp_path) as visits:
        form = {"willingness": "100", "closes_at": closes}
        assert visits.post(world, "chair", "bidding/call", **form).status_code == 303
        assert visits.post(world, "maker", "bidding/bids", price="88").status_code == 303
        assert "88" not in visits.get(world, "officer", "bidding").text.split("</header>")[1]
        assert visits.post(world, "rival", "bidding/bids", price="88").status_code == 404
        visits.clock.moment = CLOSES
        visits.known.clear()
        assert visits.post(world, "officer", "bidding/open").status_code == 303
        page = visits.get(world, "maker", "bidding?lang=en").text
        assert "The payment standard is 88 yuan." in page
        assert "100.00" not in page and "Willingness" not in page.split("<h2>")[1]
