"""Public records in a real browser: open data, published grades, a lot's life, legal holds."""

import shutil

import pytest

from procurement.accounts.tables import OrganisationKind, Person
from procurement.audit.holds import place_hold
from procurement.credit_rating.applications import NewApplication, file_application
from procurement.credit_rating.publishing import publish_notice
from procurement.credit_rating.words import ApplicationKind
from procurement.database import make_engine, transaction
from procurement.permissions import Role
from tests.browser.in_process import seen_by
from tests.browser.looking import look
from tests.procurement.awards.world import awarded_round
from tests.procurement.credit_rating.test_service import recorded
from tests.procurement.platform import running_platform
from tests.procurement.publication.ocds.publishing import publish
from tests.procurement.world import MOMENT, actor_of, new_organisation, new_person


@pytest.fixture
def engine_of_records(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    yield engine
    engine.dispose()


def test_open_data_and_a_lots_life_read_well(engine_of_records, chromium, pictures, tmp_path):
    world = awarded_round(engine_of_records)
    publish(engine_of_records, world.name)
    with (
        running_platform(engine_of_records, tmp_path) as platform,
        seen_by(chromium, platform.nobody()) as page,
    ):
        for path, name in (
            ("/open-data", "open-data"),
            ("/open-data/dictionary", "dictionary"),
            (f"/rounds/{world.name}/lots/L03/life", "lot-life"),
            ("/publications", "publications"),
        ):
            look(page, path, pictures / f"records-{name}.png")


def test_grades_and_holds_read_well(engine_of_records, chromium, pictures, tmp_path):
    with transaction(engine_of_records) as session:
        bureau = new_organisation(session, OrganisationKind.BUREAU, region="340000")
        officer = new_person(session, bureau, roles=(Role.OFFICER,))
        supervisor = new_person(session, bureau, roles=(Role.SUPERVISOR,))
        firm = new_organisation(session, OrganisationKind.MANUFACTURER, name="甲药业")
        maker = new_person(session, firm, roles=(Role.MANUFACTURER,))
        matter_id = recorded(session).id
        said = NewApplication(
            kind=ApplicationKind.OBJECTION, text="判决已被再审撤销。", signed_by=maker.name
        )
        file_application(
            session,
            matter_id=matter_id,
            wanted=said,
            actor=actor_of(maker),
            folder=tmp_path,
            moment=MOMENT,
        )
        publish_notice(
            session,
            matter_id=matter_id,
            text="公告全文。",
            served_on=None,
            basis="",
            actor=actor_of(officer),
            moment=MOMENT,
        )
        place_hold(
            session,
            subject="round/anhui-2026-1",
            reason="诉讼",
            document="民初 1 号",
            actor=actor_of(supervisor),
            moment=MOMENT,
        )
        who = {"firm": maker.id, "officer": officer.id, "supervisor": supervisor.id}
    with running_platform(engine_of_records, tmp_path) as platform:
        for desk, path, name in (
            ("", "/credit/public", "grades"),
            ("firm", f"/credit/matters/{matter_id}", "matter-of-firm"),
            ("officer", f"/credit/matters/{matter_id}", "matter"),
            ("officer", "/credit", "matters"),
            ("supervisor", "/audit/holds", "holds"),
        ):
            visitor = platform.nobody()
            if desk:
                with transaction(engine_of_records) as session:
                    person = session.get_one(Person, who[desk])
                visitor = platform.signed_in(person)
            with seen_by(chromium, visitor) as page:
                look(page, path, pictures / f"records-{name}.png")
