"""Who sees which prices in what is published, for each value of the rule."""

import io
import zipfile

import pytest

from bidding.rules import RoundRules
from procurement.accounts.tables import Person
from procurement.bids.opening import disclosure
from procurement.bids.opening.disclosure import Disclosure
from procurement.database import snapshot
from tests.procurement.awards.world import awarded_round
from tests.procurement.platform import running_platform

BIDDER, STRANGER, LEAD, WINNER = "bidder", "stranger", "lead", "winner"

SEES_ALL = {
    Disclosure.PUBLIC: {STRANGER, BIDDER, WINNER, LEAD},
    Disclosure.PARTIES: {BIDDER, WINNER, LEAD},
    Disclosure.COURT: {LEAD},
    Disclosure.UNKNOWN: {LEAD},
}


@pytest.fixture(params=SEES_ALL, ids=str)
def site(request, engine, tmp_path, monkeypatch):
    """A round whose rulebook says so, and visitors by what they are."""

    class Told(RoundRules):
        """Rules that say this about prices."""

        def knows(self, key):
            if key == disclosure.RULE:
                return request.param is not Disclosure.UNKNOWN
            return super().knows(key)

        def word(self, key):
            return request.param.value if key == disclosure.RULE else super().word(key)

    monkeypatch.setattr(disclosure, "RoundRules", Told)
    world = awarded_round(engine, name="anhui-2026-9")
    with snapshot(engine) as session:
        people = {
            BIDDER: session.get_one(Person, world.maker("E").person_id),
            WINNER: session.get_one(Person, world.maker("A").person_id),
            LEAD: session.get_one(Person, world.supervisor.person_id),
        }
        session.expunge_all()
    with running_platform(engine, tmp_path) as platform:
        visitors = {name: platform.with_token(person) for name, person in people.items()}
        yield world, {**visitors, STRANGER: platform.nobody()}, SEES_ALL[request.param]


def names_in(answer):
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def check_standing(world, visitors, sees_all):
    for name, visitor in visitors.items():
        won = visitor.get(f"/api/v1/manufacturers/{world.maker('A').id}").json()["won"]
        expected = name in sees_all or name == WINNER
        assert [one["pack_price"] is not None for one in won] == [expected] * len(won), name


def check_evidence(world, visitors, sees_all):
    for name, visitor in visitors.items():
        files = names_in(visitor.get(f"/api/v1/rounds/{world.name}/evidence"))
        assert ("report.json" in files) == (name in sees_all), name
        everything = "".join(files.values())
        assert ('"56.00"' in everything) == (name in sees_all), name
        own = {BIDDER: '"13.00"', WINNER: '"28.00"'}.get(name)
        assert own is None or own in everything, name


def check_chain_of_prices(world, visitors, sees_all):
    is_public = STRANGER in sees_all
    for name, visitor in visitors.items():
        prices = visitor.get("/api/v1/prices?page_size=500").json()["items"]
        owners = {one["organisation_id"] for one in prices}
        if name == LEAD or is_public:
            assert len(owners) > 2, name
        else:
            own = {BIDDER: world.maker("E").id, WINNER: world.maker("A").id}.get(name)
            assert owners <= {own}, name


def check_letters(world, visitors):
    address = f"/api/v1/rounds/{world.name}/evidence/letters"
    letters = names_in(visitors[BIDDER].get(address))
    assert {one for one in letters if one.startswith("letter")} != set()
    assert visitors[STRANGER].get(address).status_code == 404
    assert visitors[LEAD].get(address).status_code == 404


def test_prices_are_told_to_those_whom_the_rule_names_and_to_nobody_else(site):
    world, visitors, sees_all = site
    check_standing(world, visitors, sees_all)
    check_evidence(world, visitors, sees_all)
    check_chain_of_prices(world, visitors, sees_all)
    check_letters(world, visitors)
