"""A running platform with a bureau, a hospital and a manufacturer."""

from dataclasses import dataclass

import pytest

from procurement.accounts.tables import Organisation, Person
from procurement.database import transaction
from tests.procurement.platform import Platform, Visitor, running_platform
from tests.procurement.world import MOMENT, PASSWORD, new_organisation, new_person


@dataclass
class World:
    """The platform and who is on it."""

    platform: Platform
    bureau: Organisation
    hospital: Organisation
    maker: Organisation
    officer: Person
    hospital_person: Person
    maker_person: Person

    def nobody(self) -> Visitor:
        return self.platform.nobody()

    def as_officer(self) -> Visitor:
        return self.platform.signed_in(self.officer)

    def as_hospital(self) -> Visitor:
        return self.platform.signed_in(self.hospital_person)

    def as_maker(self) -> Visitor:
        return self.platform.signed_in(self.maker_person)

    @property
    def engine(self):
        return self.platform.engine


@pytest.fixture
def world(engine, tmp_path):
    """A national bureau's officer, a hospital and a manufacturer, each with an administrator."""
    with transaction(engine) as session:
        bureau = new_organisation(session, "bureau", name="联合采购办公室", region="000000")
        hospital = new_organisation(session, "hospital", name="某县人民医院", region="341523")
        maker = new_organisation(session, "manufacturer", name="演示制药有限公司", region="320000")
        officer = new_person(session, bureau, user="officer@example.org", password=PASSWORD)
        hospital_person = new_person(session, hospital, user="hospital@example.org")
        maker_person = new_person(session, maker, user="maker@example.org", password=PASSWORD)
    with running_platform(engine, tmp_path, clock=lambda: MOMENT) as platform:
        yield World(platform, bureau, hospital, maker, officer, hospital_person, maker_person)
