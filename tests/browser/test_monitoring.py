"""Monitoring in a real browser: readable on a phone, in both languages, without grave findings."""

import shutil

import pytest

from procurement.accounts.tables import Person
from procurement.database import make_engine, transaction
from procurement.monitoring.comparison.importing import ListFacts, import_list
from procurement.monitoring.report.publishing import publish_report
from procurement.monitoring.shortages.deciding import ShortageChoice, decide_shortage
from procurement.monitoring.states import ListKind, ShortageStep
from tests.browser.in_process import seen_by
from tests.browser.looking import look
from tests.procurement.monitoring.test_report import BOUGHT, ask, report_of, work
from tests.procurement.monitoring.world import CODES, MonitoringWorld
from tests.procurement.platform import running_platform

PUBLIC = (
    ("/monitoring", "hub"),
    ("/monitoring/shortages", "shortages"),
    ("/monitoring/reports/{report}", "report"),
)
OFFICERS = (
    ("/monitoring/surveys", "surveys"),
    ("/monitoring/surveys/new", "survey-new"),
    ("/monitoring/surveys/{survey}", "survey"),
    ("/monitoring/thresholds", "thresholds"),
    ("/monitoring/reports/new", "report-new"),
    ("/monitoring/shortages/{generic}", "shortage"),
    ("/monitoring/lists", "lists"),
    ("/monitoring/lists/1", "list"),
    ("/monitoring/linkage", "linkage"),
)
HOSPITALS = (
    ("/monitoring/answers", "answers"),
    ("/monitoring/surveys/{survey}/answer", "answer"),
)
LIST = (
    "generic,form,strength,maker,pack_units,pack_price\n缬沙坦,口服常释剂型,80mg,甲药业,20,30.00\n"
)


@pytest.fixture
def world(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    yield MonitoringWorld(engine)
    engine.dispose()


@pytest.fixture
def things(world, tmp_path):
    """What there is to look at, by name."""
    world.buy(*BOUGHT)
    world.give(sources_min="2", rise_small="0.1", rise_red="0.5", out_of_stock_share="0.2")
    survey_id = world.open()
    out = {"drug_code": CODES[0], "out_of_stock": "是", "reason": "原料短缺，企业停产检修"}
    world.answer(survey_id, world.hospitals[0], out, {"drug_code": CODES[1], "price": "20.00"})
    world.answer(survey_id, world.hospitals[1], {"drug_code": CODES[0], "stock_days": "12"})
    with transaction(world.engine) as session:
        choice = ShortageChoice(
            step=ShortageStep.LISTED, reason="多家机构断货", number=0, has_substitute=True
        )
        who = {"actor": world.officer, "moment": world.moment}
        generic = world.generic_ids[0]
        decide_shortage(session, generic_product_id=generic, choice=choice, **who)
        facts = ListFacts(
            kind=ListKind.MONITORING,
            title="四同药品监测价",
            place="全国",
            document="〔2027〕1号",
            valid_from=BOUGHT[-1][2],
        )
        import_list(session, facts=facts, content=LIST.encode(), **who)
    report_id = ask(world, measures=("约谈企业。", "Firms were called in."))
    work(world, tmp_path)
    with transaction(world.engine) as session:
        publish_report(
            session, report_id=report_id, version=2, actor=world.second, moment=world.moment
        )
    return {"survey": survey_id, "report": report_id, "generic": generic}


def test_pages_of_monitoring_are_readable(world, things, chromium, pictures, tmp_path):
    assert report_of(world, things["report"]).digest
    with running_platform(world.engine, tmp_path, clock=lambda: world.moment) as platform:
        for actor, pages in (
            (None, PUBLIC),
            (world.officer, OFFICERS),
            (world.hospitals[0], HOSPITALS),
        ):
            visitor = platform.nobody() if actor is None else _desk(world, platform, actor)
            with seen_by(chromium, visitor) as page:
                for path, name in pages:
                    look(page, path.format(**things), pictures / f"monitoring-{name}.png")


def _desk(world, platform, actor):
    with transaction(world.engine) as session:
        person = session.get_one(Person, actor.person_id)
    return platform.signed_in(person)
