"""Until the quorum opens an envelope nobody reads its price, nor a group's model, nor a result."""

import logging
import re

import pytest

from procurement.audit import entries_about
from procurement.database import snapshot, transaction
from procurement.negotiations.errors import CalculationSealedError
from procurement.negotiations.groups.models import newest_copy, write_copy
from procurement.negotiations.groups.vault import vault_of
from procurement.negotiations.kinds import Group
from tests.procurement.bids.test_secrecy import dump, encodings, price_encodings
from tests.procurement.bids.world import SECRET
from tests.procurement.negotiations.visitors import address, visited
from tests.procurement.negotiations.world import MODEL, MOMENT, NegotiationWorld

PREMIUM = "0.1731904"
"""By which the economics group changes its copy; occurs nowhere by chance."""

PRICE = "281.56"
"""What the reference price then gives, rounded down: the price that is sealed."""

CAP = "9731904"
"""The fund group's cap."""

SHORT = 6
"""So many letters of a price occur by chance in a thousand digests."""

BY_CHANCE = re.compile(rb"[0-9A-Fa-f]{12,}|(?<=:[0-9]{2})\.[0-9]{3,6}")
"""What is as good as drawn by lot."""

PEOPLE = (
    "officer",
    "second",
    "supervisor",
    "reviewer",
    "economist",
    "actuary",
    "chair",
    "negotiator",
    "stranger",
    "maker",
    "rival",
    "holder1",
)

PATHS = (
    "",
    "review",
    "interest",
    "opinion",
    "talks",
    "groups/economics",
    "groups/fund",
    "chair",
    "session",
    "session/manifest",
    "session/envelopes",
    "quotes",
    "table",
    "record",
    "summary",
    "edit",
)


def change(world, group, name, old, new):
    """Let a group change its copy."""
    with transaction(world.engine) as session:
        dossier = world.dossier(session)
        about = {"dossier": dossier, "group": group, "secret_key": SECRET}
        copy = newest_copy(session, **about)
        assert copy is not None
        write_copy(
            session,
            files={"model.toml": copy.files["model.toml"].replace(old, new)},
            note="",
            number=copy.number,
            actor=world.people[name],
            moment=MOMENT,
            **about,
        )


@pytest.fixture
def worked(engine):
    """Both groups have changed their copies and computed again."""
    world = NegotiationWorld(engine).admitted().compute()
    change(world, Group.ECONOMICS, "economist", "premium = 0.1", f"premium = {PREMIUM}")
    change(world, Group.FUND, "actuary", "cap = 500_000", f"cap = {CAP}")
    return world.compute()


def needles():
    found = set()
    for text in (PREMIUM, CAP):
        found |= {coded for coded in encodings(text.encode()) if len(coded) > 6}
    return found | prices()


def prices():
    """The price in every encoding that is long enough not to occur by chance."""
    return {coded for coded in price_encodings(PRICE) if len(coded) > 3}


def found_in(places, wanted):
    """Where something stands; what is short, outside of digests, long numbers and split seconds."""
    found = []
    for where, content in places:
        told = BY_CHANCE.sub(b"", content)
        found += [(where, one) for one in wanted if one in (told if len(one) <= SHORT else content)]
    return found


def test_a_price_is_found_beside_a_digest_but_not_by_chance_in_one():
    digest = b"ab65182cd" * 8
    assert found_in([("audit", digest), ("time", b"06:05:59.651820")], {b"65182"}) == []
    assert found_in([("audit", digest + b' "65182"')], {b"65182"}) == [("audit", b"65182")]
    assert found_in([("audit", digest)], {b"65182cdab"}) == [("audit", b"65182cdab")]


def seen(visits, world):
    for name in PEOPLE:
        for path in PATHS:
            answer = visits.get(world, name, path)
            yield f"{name} {path}", answer.status_code, answer.content


def test_the_price_is_the_one_that_the_scan_looks_for(worked):
    with snapshot(worked.engine) as session:
        result = worked.result(session, Group.ECONOMICS)
        assert result is not None and result.content["price"] == PRICE


def test_before_the_sealing_the_database_holds_no_model_and_no_result(worked, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    worked.reconcile()
    places = [*dump(worked.engine, tmp_path), ("log", caplog.text.encode())]
    assert found_in(places, needles()) == []


def test_after_the_sealing_nobody_reads_price_model_or_result(worked, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    worked.reconcile().schedule().seal()
    with visited(worked.engine, tmp_path) as visits:
        places = [(where, content) for where, _, content in seen(visits, worked)]
    places += [*dump(worked.engine, tmp_path), ("log", caplog.text.encode())]
    assert len(places) > 100
    assert found_in(places, needles()) == []


def test_the_installations_key_alone_opens_nothing_after_the_sealing(worked):
    worked.reconcile().schedule().seal()
    with transaction(worked.engine) as session, pytest.raises(CalculationSealedError):
        vault_of(session, dossier_id=worked.dossier_id, secret_key=SECRET)


def test_while_the_groups_work_only_their_own_members_see_a_model(worked, tmp_path):
    own = {"economist groups/economics": PREMIUM, "actuary groups/fund": CAP}
    with visited(worked.engine, tmp_path) as visits:
        for where, status, content in seen(visits, worked):
            for needle in (PREMIUM, CAP, PRICE):
                allowed = own.get(where) == needle or where == "chair chair"
                allowed = allowed or (where == "economist groups/economics" and needle == PRICE)
                assert allowed or needle.encode() not in content, (where, needle)
            if where.split()[-1] in ("groups/economics", "groups/fund") and where not in own:
                assert status in (403, 404), (where, status)


def test_the_opened_price_is_shown_after_a_look_and_to_negotiators_only(worked, tmp_path, caplog):
    worked.reconcile().schedule().seal().begin().unseal()
    with visited(worked.engine, tmp_path) as visits:
        for where, _, content in seen(visits, worked):
            assert PRICE.encode() not in content, where
        for name in PEOPLE:
            answer = visits.post(worked, name, "table/look")
            if name == "negotiator":
                assert PRICE in answer.text
                assert answer.headers["cache-control"] == "no-store"
            else:
                assert answer.status_code in (403, 404), name
    assert found_in(dump(worked.engine, tmp_path), prices()) == []


def test_each_look_stands_in_the_audit_record_without_the_price(worked, tmp_path):
    worked.reconcile().schedule().seal().begin().unseal()
    with visited(worked.engine, tmp_path) as visits:
        visits.post(worked, "negotiator", "table/look")
        visits.post(worked, "negotiator", "table/look")
    with snapshot(worked.engine) as session:
        subject = f"negotiation/{worked.name}/dossier/{worked.dossier_id}"
        looks = [
            one
            for one in entries_about(session, subject=subject)
            if one.action == "look-at-maximum-price"
        ]
    assert [one.person_id for one in looks] == [worked.people["negotiator"].person_id] * 2


def test_the_makers_screen_is_the_same_whatever_the_maximum_price_is(engine, tmp_path):
    screens = []
    for number, price in enumerate(("240", "230")):
        world = NegotiationWorld(engine, name=f"nrdl-{number}")
        model = MODEL.replace("price = 240", f"price = {price}")
        world.open().start().fill().add_model(model).submit()
        world.review().declare().admit().compute().reconcile().schedule().seal().begin().unseal()
        with visited(engine, tmp_path) as visits:
            page = visits.get(world, "maker", "quotes").text
        main = page.split("<h1>", 1)[1].split("</main>")[0]
        screens.append(main.replace(address(world), ""))
    assert _plain(screens[0]) == _plain(screens[1])


def _plain(page):
    return re.sub(r'name="_csrf_token" value="[^"]*"', "", page)
