"""Renewal by the rulebook: computed by one officer, confirmed by another."""

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.kinds import DossierStatus, Track
from procurement.negotiations.renewals.renewing import (
    confirm_renewal,
    find_renewal,
    outcome_of,
    propose_renewal,
)
from procurement.negotiations.sessions.standards import standards_of
from tests.procurement.negotiations.visitors import hidden, visited
from tests.procurement.negotiations.world import MOMENT, TYPED, NegotiationWorld, some

RENEWED = {
    **{key: TYPED[key] for key in list(TYPED)[:11]},
    "price_before": "100",
    "fund_budget": "100000000",
    "fund_spend": "125000000",
    "scope_changes": "no",
    "years_listed": "2",
    "is_class_1": "no",
    "is_non_exclusive": "no",
}
"""A = 125 %, up to 200 million yuan a year: 5 % in every rulebook with verified cells."""


def renewing(engine, **changed):
    world = NegotiationWorld(engine).open().start(track=Track.RENEWAL)
    return world.fill({**RENEWED, **changed}).submit().review().admit()


def propose(world, **how):
    with transaction(world.engine) as session:
        wanted = {
            "halving": "",
            "asks_renegotiation": False,
            "major_change": False,
            "due_at": None,
            "actor": world.people["officer"],
            **how,
        }
        propose_renewal(session, dossier=world.dossier(session), moment=MOMENT, **wanted)
    return world


def confirm(world, name="second", digest=None):
    with transaction(world.engine) as session:
        row = some(find_renewal(session, dossier_id=world.dossier_id))
        confirm_renewal(
            session,
            dossier=world.dossier(session),
            digest=digest or row.digest,
            actor=world.people[name],
            moment=MOMENT,
        )
    return world


def test_a_simple_renewal_is_recorded_with_its_cut(engine):
    world = confirm(propose(renewing(engine)))
    with snapshot(engine) as session:
        assert world.dossier(session).status == DossierStatus.AGREED
        [(standard, _, price)] = standards_of(session, campaign_id=world.campaign_id)
        assert (standard.way, price.pack_price) == ("renewal", Decimal(95))


def test_whoever_had_it_computed_does_not_confirm_it(engine):
    world = propose(renewing(engine))
    with pytest.raises(NotReadyError):
        confirm(world, "officer")


def test_what_is_confirmed_is_what_was_seen(engine):
    world = propose(renewing(engine))
    with pytest.raises(NotReadyError):
        confirm(world, digest="0" * 64)


def test_a_rule_that_is_not_stated_is_asked_for(engine):
    world = renewing(engine, years_listed="5", scope_changes="yes", budget_added="30000000")
    with pytest.raises(InvalidInputError) as refused:
        propose(world)
    assert [one.field for one in refused.value.faults] == ["halving"]
    propose(world, halving="each")
    with snapshot(engine) as session:
        outcome = outcome_of(some(find_renewal(session, dossier_id=world.dossier_id)))
    assert outcome["halved"] and outcome["route"] == "simple"


def test_what_must_be_renegotiated_goes_back_for_a_calculation_file(engine):
    world = renewing(engine, fund_spend="250000000")
    with pytest.raises(InvalidInputError) as refused:
        propose(world)
    assert [one.field for one in refused.value.faults] == ["due_at"]
    confirm(propose(world, due_at=MOMENT + timedelta(days=30)))
    with snapshot(engine) as session:
        dossier = world.dossier(session)
        assert (dossier.status, dossier.track) == (DossierStatus.RETURNED, Track.REGULAR)
    world.fill().add_model().submit()


def test_it_is_played_on_the_pages_by_two_officers(engine, tmp_path):
    world = renewing(engine)
    with visited(engine, tmp_path) as visits:
        assert visits.get(world, "officer", "renewal").status_code == 200
        assert visits.post(world, "officer", "renewal", halving="").status_code == 303
        page = visits.get(world, "second", "renewal").text
        digest = hidden(page, "digest")
        refused = visits.post(world, "officer", "renewal/confirm", digest=digest)
        assert refused.status_code == 404
        assert visits.post(world, "second", "renewal/confirm", digest=digest).status_code == 303
