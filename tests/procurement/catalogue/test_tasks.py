"""What waits for an officer who uploads files of the catalogue."""

from datetime import timedelta

import pytest

from procurement.accounts.tables import OrganisationKind
from procurement.catalogue.importing import apply_upload, upload_file
from procurement.catalogue.tasks import RECENT, waiting_for
from procurement.database import transaction
from procurement.permissions import Actor, Role
from tests.procurement.catalogue.builders import ANASTROZOLE, HOLDER, csv_file, new_holder
from tests.procurement.world import MOMENT, actor_of, new_organisation, new_person

LINE = {**ANASTROZOLE, "holder": HOLDER}


@pytest.fixture
def session(engine):
    with transaction(engine) as opened:
        new_holder(opened)
        yield opened


@pytest.fixture
def officer(session):
    bureau = new_organisation(session, OrganisationKind.BUREAU)
    return actor_of(new_person(session, bureau, roles=(Role.OFFICER,)))


def upload(session, actor, **changes):
    return upload_file(
        session,
        filename="目录.csv",
        content=csv_file({**LINE, **changes}).encode(),
        encoding="utf-8",
        actor=actor,
        moment=MOMENT,
    )


def waiting(session, actor, moment=MOMENT):
    return [task.link for task in waiting_for(session, actor=actor, moment=moment)]


def test_a_checked_file_waits_until_it_is_stored(session, officer):
    stored = upload(session, officer)
    assert waiting(session, officer) == [f"/catalogue/imports/{stored.id}"]
    apply_upload(session, upload_id=stored.id, actor=officer, moment=MOMENT)
    assert waiting(session, officer) == []


def test_a_faulty_file_waits_until_another_is_uploaded(session, officer):
    faulty = upload(session, officer, pack_units="0")
    assert waiting(session, officer) == [f"/catalogue/imports/{faulty.id}"]
    good = upload(session, officer)
    assert waiting(session, officer) == [f"/catalogue/imports/{good.id}"]


def test_old_files_and_those_of_others_do_not_wait(session, officer):
    upload(session, officer)
    assert waiting(session, officer, MOMENT + RECENT) == []
    assert waiting(session, officer, MOMENT + RECENT - timedelta(seconds=1)) != []
    assert waiting(session, Actor()) == []
    other = new_person(session, new_organisation(session, OrganisationKind.BUREAU))
    assert waiting(session, actor_of(other)) == []
