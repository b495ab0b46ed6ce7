"""Ways around the rules that a review found: each of them is closed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pricing.session import Event, EventKind
from procurement.audit import entries_about
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.negotiations.campaigns.members import appoint
from procurement.negotiations.campaigns.service import draft_campaign, open_campaign
from procurement.negotiations.dossiers.filing import events_of
from procurement.negotiations.dossiers.steps import subject_of
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, Part, Track
from procurement.negotiations.renewals.bidding import bid, bidding_of, call_bidding, open_bidding
from procurement.negotiations.sessions import table
from procurement.negotiations.sessions.acts import act_at_table
from procurement.permissions import NotFoundForActorError
from procurement.prices.kinds import PriceKind
from procurement.prices.service import record_price
from tests.procurement.bids.world import SECRET
from tests.procurement.negotiations.test_renewing import RENEWED, confirm, propose, renewing
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import (
    DURING,
    FACTS,
    MOMENT,
    TYPED,
    NegotiationWorld,
    some,
)

PUBLIC = {key: TYPED[key] for key in list(TYPED)[:11]}
CLOSES = MOMENT + timedelta(days=2)


def bidder(world, name, *, pack="30", track=Track.NON_EXCLUSIVE, admits=True):
    own = world.people["maker"]
    world.people["maker"] = world.people[name]
    typed = PUBLIC if track == Track.NON_EXCLUSIVE else TYPED
    world.start(track=track).fill({**typed, "pack_units": pack})
    if track != Track.NON_EXCLUSIVE:
        world.add_model()
    world.submit()
    world.people["maker"] = own
    if admits:
        world.review().declare("chair").admit()
    return world.dossier_id


def at(world, which, service, name, *, moment=MOMENT, **about):
    """Call a service of a bidding for one dossier."""
    world.dossier_id = which
    with transaction(world.engine) as session:
        return service(
            session,
            dossier=world.dossier(session),
            actor=world.people[name],
            secret_key=SECRET,
            moment=moment,
            **about,
        )


def call(world, which):
    return at(world, which, call_bidding, "chair", willingness=Decimal(100), closes_at=CLOSES)


def test_another_pack_has_a_bidding_of_its_own_and_none_is_called_twice(engine):
    world = NegotiationWorld(engine).open()
    first, second = bidder(world, "maker"), bidder(world, "rival", pack="14")
    call(world, first)
    call(world, second)
    for which, name, units in ((first, "maker", 30), (second, "rival", 14)):
        at(world, which, bid, name, price=Decimal(80))
        with snapshot(engine) as session:
            found = some(bidding_of(session, dossier=world.dossier(session)))
            assert found.pack_units == units
        with pytest.raises(NotReadyError):
            call(world, which)


@pytest.mark.parametrize("changed", [{"admits": False}, {"track": Track.REGULAR}])
def test_who_does_not_take_part_does_not_bid(engine, changed):
    world = NegotiationWorld(engine).open()
    first, other = bidder(world, "maker"), bidder(world, "rival", **changed)
    call(world, first)
    with pytest.raises(NotReadyError):
        at(world, other, bid, "rival", price=Decimal("0.01"))


def test_a_bid_of_who_no_longer_takes_part_is_not_opened(engine):
    world = NegotiationWorld(engine).open()
    first, other = bidder(world, "maker"), bidder(world, "rival")
    call(world, first)
    at(world, other, bid, "rival", price=Decimal("0.01"))
    with transaction(engine) as session:
        world.dossier(session).status = DossierStatus.FAILED
    opened = at(world, first, open_bidding, "officer", moment=CLOSES)
    assert '"standard":null' in opened.outcome


@pytest.mark.parametrize("name", ["chair", "officer"])
def test_a_conflict_with_one_maker_is_one_with_the_whole_bidding(engine, tmp_path, name):
    world = NegotiationWorld(engine).open()
    first, other = bidder(world, "maker"), bidder(world, "rival")
    world.dossier_id = other
    if name == "officer":
        call(world, first)
        world.dossier_id = other
        with transaction(engine) as session:
            appoint(
                session,
                campaign=world.campaign(session),
                dossier=world.dossier(session),
                person_id=world.people[name].person_id or 0,
                part=Part.REVIEWER,
                actor=world.people["second"],
                moment=MOMENT,
            )
    world.declare(name, has_conflict=True)
    with pytest.raises(NotFoundForActorError):
        if name == "chair":
            call(world, first)
        else:
            at(world, first, open_bidding, "officer", moment=CLOSES)
    world.dossier_id = first
    with visited(engine, tmp_path) as visits:
        assert visits.get(world, name, "bidding").status_code == 404
        assert visits.get(world, "second", "bidding").status_code == 200


def test_a_renewal_starts_from_the_payment_standard_in_force(engine):
    world = renewing(engine, price_before="160")
    with transaction(engine) as session:
        record_price(
            session,
            organisation_id=world.maker_id,
            generic_product_id=world.product_id,
            strength="10 MG",
            pack_units=30,
            pack_price=Decimal("100"),
            kind=PriceKind.PAYMENT_STANDARD,
            starts_on=date(2025, 1, 1),
            ends_on=date(2026, 12, 31),
            source="2024",
            moment=MOMENT,
        )
    with pytest.raises(InvalidInputError, match=r"160 yuan.* 100 yuan"):
        propose(world)


def test_a_pack_is_renewed_once_in_a_campaign(engine):
    world = confirm(propose(renewing(engine)))
    world.start(track=Track.RENEWAL).fill({**RENEWED, "price_before": "900"}).submit()
    with pytest.raises(NotReadyError, match="under way or agreed"):
        world.review()


def test_a_deadline_that_has_passed_is_not_confirmed(engine, monkeypatch):
    world = renewing(engine, fund_spend="250000000")
    propose(world, due_at=MOMENT + timedelta(days=1))
    later = MOMENT + timedelta(days=1)
    monkeypatch.setattr("tests.procurement.negotiations.test_renewing.MOMENT", later)
    with pytest.raises(NotReadyError, match="deadline"):
        confirm(world)


def leave(world, reason):
    with transaction(world.engine) as session:
        act_at_table(
            session,
            dossier=world.dossier(session),
            event=Event(EventKind.NEGOTIATORS_LEAVE),
            actor=world.people["negotiator"],
            secret_key=SECRET,
            moment=DURING,
            reason=reason,
        )


def test_a_session_to_which_nobody_comes_is_ended_with_a_reason(engine):
    world = NegotiationWorld(engine).sealed().begin()
    with pytest.raises(InvalidInputError):
        leave(world, "")
    leave(world, "企业未到场")
    with snapshot(engine) as session:
        assert world.dossier(session).status == DossierStatus.FAILED
        last = events_of(session, dossier_id=world.dossier_id)[-1]
        assert last.reason.endswith("企业未到场")


def test_a_maximum_that_the_rule_hides_is_not_looked_at(engine, monkeypatch):
    world = NegotiationWorld(engine).sealed().begin().unseal()
    stated = table.rules_of

    def hiding(dossier):
        return replace(stated(dossier), negotiators_see=frozenset({"quotes", "offers"}))

    monkeypatch.setattr(table, "rules_of", hiding)
    with pytest.raises(NotReadyError):
        at(world, world.dossier_id, table.look_at_maximum, "negotiator", moment=DURING)


@pytest.mark.parametrize("by_machine", [False, True])
def test_trying_prices_above_the_maximum_is_kept_without_the_price(engine, tmp_path, by_machine):
    world = NegotiationWorld(engine).sealed().begin().unseal()
    world.act(EventKind.FIRST_QUOTE, "300").act(EventKind.SECOND_QUOTE, "150")
    tried = {"kind": "offer", "price": "8765"}
    with visited(engine, tmp_path) as visits:
        visits.clock.moment = DURING
        if by_machine:
            one = f"/api/v1/negotiations/{world.name}/dossiers/{world.dossier_id}/table"
            machine = visits.platform.with_token(world.person("negotiator"))
            assert machine.post(one, json=tried).status_code == 409
        else:
            assert visits.post(world, "negotiator", "table", **tried).status_code == 409
    with snapshot(engine) as session:
        last = entries_about(session, subject=subject_of(world.dossier(session)))
        found = [one for one in last if one.action == "session-above-maximum"]
        assert len(found) == 1 and "8765" not in str(found[0].facts)


def test_a_stale_campaign_is_not_opened(engine, tmp_path):
    world = NegotiationWorld(engine).draft().hand_over_keys()
    with transaction(engine) as session, pytest.raises(StaleError):
        open_campaign(
            session,
            campaign=world.campaign(session),
            version=9,
            actor=world.people["officer"],
            moment=MOMENT,
        )
    with visited(engine, tmp_path) as visits:
        officer = visits.visitor(world, "officer")
        page = f"/negotiations/{world.name}/open"
        assert officer.post(page, data={"version": "9"}).status_code == 409
        assert officer.post(page, data={"version": "1"}).status_code == 303


def test_the_last_day_is_the_one_that_the_rulebook_gives(engine):
    world = NegotiationWorld(engine)
    about: dict[str, Any] = {
        "name": "longer",
        "actor": world.people["officer"],
        "moment": MOMENT,
    }
    with transaction(engine) as session:
        wrong = replace(FACTS, ends_on=date(2099, 12, 31))
        with pytest.raises(InvalidInputError, match=r"2028-12-31.*2099-12-31"):
            draft_campaign(session, facts=wrong, **about)
        unstated = replace(wrong, rulebook="negotiation-rare-disease-jiangsu-2022")
        assert draft_campaign(session, facts=unstated, **about).ends_on == wrong.ends_on
