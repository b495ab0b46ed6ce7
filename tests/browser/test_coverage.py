"""Coverage of counties and convenience pharmacies in a real browser, as officers see them."""

import shutil

import pytest

from procurement.accounts.tables import Person
from procurement.database import make_engine, snapshot
from tests.browser.in_process import seen_by
from tests.browser.looking import look
from tests.procurement.pharmacies.coverage.test_coverage import STOCK, WANTED, ask, work
from tests.procurement.pharmacies.coverage.world import designate_more, give_sign, list_drug
from tests.procurement.pharmacies.finder.world import FIRST, HOSPITAL, MOMENT, finder_world
from tests.procurement.platform import running_platform


@pytest.fixture
def world(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    yield finder_world(engine)
    engine.dispose()


def test_pages_of_coverage_read_well(world, chromium, pictures, tmp_path):
    drug = list_drug(world)
    designate_more(world, HOSPITAL)
    give_sign(world, FIRST)
    world.report(STOCK)
    plan = ask(world, WANTED)
    work(world, tmp_path)
    with snapshot(world.engine) as session:
        person = session.get_one(Person, world.actors["officer"].person_id)
    with (
        running_platform(world.engine, tmp_path, clock=lambda: MOMENT) as platform,
        seen_by(chromium, platform.signed_in(person)) as page,
    ):
        for path, name in (
            ("/coverage", "drugs"),
            (f"/coverage/drugs/{drug}?region=340000", "drug"),
            ("/coverage/plans/new?region=340000", "plan-new"),
            (f"/coverage/plans/{plan}", "plan"),
            ("/convenience/checks", "checks"),
            (f"/convenience/{FIRST}", "pharmacy"),
        ):
            look(page, path, pictures / f"coverage-{name}.png")
