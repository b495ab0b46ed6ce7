"""The pages of retained savings in a real browser: every width, both languages, no finding.

The world's year lies ahead of the clock of a served platform: pages are asked for at the world's
own time, and shown under the content security policy.
"""

import shutil
from decimal import Decimal

import pytest

from procurement.database import make_engine
from tests.browser.accessibility import grave_findings, overflow
from tests.browser.looking import WIDTHS
from tests.browser.pictures import keep_picture
from tests.browser.site import Site
from tests.procurement.savings.test_pages_of_money import AFTER_PUBLICITY, HALF_A_YEAR
from tests.procurement.savings.visitors import ROOT, ok, visited
from tests.procurement.savings.world import YEAR_END, savings_world


@pytest.fixture
def world(sqlite_template, tmp_path):
    file = shutil.copy(sqlite_template, tmp_path / "jicai.sqlite3")
    engine = make_engine(f"sqlite:///{file}")
    made = savings_world(engine, tmp_path)
    shares = (Decimal("1.1"), Decimal("0.5"), Decimal(1), Decimal("0.93"))
    made.buy_agreed(lambda hospital, supply: shares[(hospital + supply) % len(shares)])
    first = made.agreed()[0]
    made.spend_on_others(first.hospital_id, first.supply_id, 50, "2.00")
    yield made
    engine.dispose()


def collected(world):
    """Pages by name, asked for as the settlement goes on."""
    own = world.hospitals[0].id
    pages = {}
    with visited(world) as visits:

        def keep(name, visitor, path):
            for language in ("zh", "en"):
                mark = "&" if "?" in path else "?"
                pages[f"{name}-{language}"] = ok(visitor.get(f"{path}{mark}lang={language}")).text

        keep("new", visits.officer, "/savings/new?rulebook=savings-guangxi-2021")
        world.draft().factors()
        world.moment = HALF_A_YEAR
        keep("forecast", visits.hospital(), "/savings/forecast?expected_score=91")
        keep("line-in-the-year", visits.hospital(), f"/savings/line/{own}?expected_score=91")
        world.moment = YEAR_END
        keep("factors", visits.officer, f"{ROOT}/factors")
        world.extract()
        keep("own-points", visits.hospital(), f"{ROOT}/assessments/{own}")
        keep("visit", visits.officer, f"{ROOT}/assessments/{own}")
        world.assess_all().compute().send()
        keep("settlement", visits.officer, ROOT)
        keep("statement", visits.hospital(), f"{ROOT}/statements/{own}")
        keep("line", visits.hospital(), f"/savings/line/{own}")
        world.confirm_all().report()
        keep("before-publication", visits.officer, f"{ROOT}/publication")
        world.publish()
        keep("publication", visits.platform.nobody(), f"{ROOT}/publication")
        keep("distribution", visits.hospital(), f"{ROOT}/statements/{own}/distribution")
        world.moment = AFTER_PUBLICITY
        keep("payments", visits.agency, f"{ROOT}/payments")
        keep("list", visits.officer, "/savings")
    return pages


def test_every_page_can_be_read_at_each_width_without_grave_findings(world, context, pictures):
    site = Site(context.new_page())
    for name, html in collected(world).items():
        for width in WIDTHS:
            site.page.set_viewport_size({"width": width, "height": 900})
            page = site.show(html)
            assert overflow(page) == [], (name, width)
            if width == WIDTHS[0] and name.endswith("-zh"):
                assert grave_findings(page) == [], name
            keep_picture(page, pictures / f"savings-{name}-{width}.png")
    assert site.complaints == []
