"""The pool of a campaign: what deals commit, and a deal beyond it is on record and shown."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from pricing.session import EventKind
from procurement.audit.tables import AuditEntry
from procurement.database import snapshot
from procurement.negotiations.kinds import Party, Track
from procurement.negotiations.sessions.pool_standing import pool_course, unsigned_deals, warning_of
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import DURING, NegotiationWorld, some


def dealt(engine, *, pool, track=Track.RARE_DISEASE):
    """A deal at 120 yuan that nobody has signed: 201,600 and 407,232 yuan of fund spending."""
    world = NegotiationWorld(engine).open()
    world.do(lambda session: setattr(world.campaign(session), "pool", pool))
    world.start(track=track).fill().add_model().submit().review().declare().admit()
    world.compute().reconcile().schedule().seal().begin().unseal()
    world.act(EventKind.FIRST_QUOTE, "400").act(EventKind.SECOND_QUOTE, "150")
    return world.act(EventKind.OFFER, "120").act(EventKind.ACCEPT_OFFER)


def recorded(world):
    with snapshot(world.engine) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action.contains("pool")))
        return [(row.action, row.facts) for row in rows]


def test_a_signed_deal_is_committed_and_one_that_waits_is_counted_apart(engine):
    world = dealt(engine, pool=Decimal(500_000))
    with snapshot(engine) as session:
        course = some(pool_course(session, campaign=world.campaign(session)))
        assert sum(course.spend) == 0
        assert unsigned_deals(session, campaign=world.campaign(session)) == 1
    world.sign(Party.MAKER).sign(Party.BUREAU)
    with snapshot(engine) as session:
        course = some(pool_course(session, campaign=world.campaign(session)))
        assert course.spend == (Decimal(201_600), Decimal(407_232))
        assert [year.balance for year in some(course.carried)] == [298_400, 391_168]
        assert [year.balance for year in some(course.apart)] == [298_400, 92_768]
        assert unsigned_deals(session, campaign=world.campaign(session)) == 0
    assert recorded(world) == []


def test_a_deal_beyond_the_pool_goes_on_record_without_its_price(engine):
    world = dealt(engine, pool=Decimal(400_000))
    [(action, facts)] = recorded(world)
    assert action == "deal-beyond-pool"
    assert '"2"' in str(facts).replace("'", '"') and "pool.carries_over" in str(facts)
    assert "120" not in str(facts)
    with snapshot(engine) as session:
        assert some(warning_of(session, dossier=world.dossier(session))).beyond == (2,)


@pytest.mark.parametrize(
    ("pool", "track"), [(None, Track.RARE_DISEASE), (Decimal(1), Track.REGULAR)]
)
def test_without_a_pool_or_on_another_track_nothing_is_measured(engine, pool, track):
    world = dealt(engine, pool=pool, track=track)
    assert recorded(world) == []
    with snapshot(engine) as session:
        assert warning_of(session, dossier=world.dossier(session)) is None


def test_the_bureau_sees_the_pool_and_the_negotiators_the_warning(engine, tmp_path):
    world = dealt(engine, pool=Decimal(400_000))
    with visited(engine, tmp_path) as visits:
        visits.clock.moment = DURING
        assert "超出罕见病用药资金：第 2 年" in visits.get(world, "negotiator", "table").text
        assert "超出罕见病用药资金" not in visits.get(world, "maker", "quotes").text
        world.sign(Party.MAKER).sign(Party.BUREAU)
        campaign = f"/negotiations/{world.name}"
        for language, left, unknown in (
            ("zh", "不足", "pool.payment_ratio"),
            ("en", "not enough", "pool.carries_over"),
        ):
            page = visits.visitor(world, "officer").get(f"{campaign}?lang={language}").text
            assert "407,232.00" in page and left in page and unknown in page
        for name in ("maker", "rival", "stranger", "holder1"):
            assert "407,232.00" not in visits.visitor(world, name).get(campaign).text
