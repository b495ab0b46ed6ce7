"""A city with an agency that designates, a pharmacy and a hospital that apply, and strangers."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from procurement.accounts.tables import OrganisationKind, Person
from procurement.china_days import day_in_china
from procurement.database import snapshot, transaction
from procurement.permissions import Role
from procurement.pharmacies.designation.applying import (
    criteria_for,
    draft_application,
    save_statements,
    submit_application,
)
from procurement.pharmacies.designation.calls import GivenText, NewCall, open_call
from procurement.pharmacies.designation.checking import Checked, check_papers, record_visit
from procurement.pharmacies.designation.lasting import Agreed, sign_agreement
from procurement.pharmacies.designation.noticing import publish_notice
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.designation.tables import DesignationApplication, DesignationCall
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import CountyPoint, Place
from tests.procurement.rounds.world import actor_of, new_organisation, new_person

MOMENT = datetime(2027, 3, 1, 4, tzinfo=UTC)
TODAY = date(2027, 3, 1)
CITY, COUNTY = "440100", "440103"
SECRET = bytes(range(32))
SCAN = b"%PDF-1.7 evidence"

GIVEN = {
    "designation.pharmacists_min": GivenText(2, "穗医保函〔2027〕1号"),
    "designation.kinds_share_min": GivenText("0.3", "穗医保函〔2027〕1号"),
    "designation.area_min": GivenText({"urban": "80", "township": "60"}, "穗医保函〔2027〕1号"),
    "designation.pharmacy_needs": GivenText(["cold-chain", "stock-system"], "穗医保函〔2027〕1号"),
    "designation.hospital_needs": GivenText(["cold-chain"], "穗医保函〔2027〕1号"),
}
STATED = {
    "pharmacists_min": "2",
    "kinds_share_min": "35%",
    "area_min": "82",
    "site": "urban",
    "need.cold-chain": "yes",
    "need.stock-system": "yes",
}


@dataclass
class DesignationWorld:
    """Who and what is there.

    Attributes:
        people: By what they are.
        places: Ids, by what they are.
        codes: Institution codes of the places.
        moment: Now.
    """

    engine: Engine
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    moment: datetime = MOMENT

    def settle_in(self) -> "DesignationWorld":
        """Make everybody and every place."""
        kinds = {
            "agency": (OrganisationKind.FUND_AGENCY, Role.FUND_AGENCY, CITY),
            "officer": (OrganisationKind.BUREAU, Role.OFFICER, CITY),
            "pharmacy": (OrganisationKind.PHARMACY, Role.PHARMACY, COUNTY),
            "hospital": (OrganisationKind.HOSPITAL, Role.HOSPITAL, COUNTY),
            "stranger": (OrganisationKind.PHARMACY, Role.PHARMACY, COUNTY),
            "elsewhere": (OrganisationKind.BUREAU, Role.OFFICER, "320500"),
        }
        with transaction(self.engine) as session:
            for who, (kind, role, region) in kinds.items():
                organisation = new_organisation(session, kind, f"示例{who}", region=region)
                self.people[who] = new_person(session, organisation, role)
            session.add(
                CountyPoint(
                    county=COUNTY,
                    name="荔湾区",
                    latitude=23.12,
                    longitude=113.24,
                    radius_km=15,
                    imported_from="示例名单",
                    imported_at=MOMENT,
                )
            )
            for number, who in enumerate(("pharmacy", "hospital", "stranger"), start=1):
                self._place(session, who, number)
        return self

    def _place(self, session, who, number):
        letter = "H" if who == "hospital" else "P"
        code = f"{letter}{COUNTY}{number:05d}"
        place = Place(
            institution_code=code,
            kind=PlaceKind.HOSPITAL if letter == "H" else PlaceKind.PHARMACY,
            name=f"示例{'医院' if letter == 'H' else '药店'}{number}",
            organisation_id=self.people[who].organisation_id,
            county=COUNTY,
            address="示例路 1 号",
            latitude=23.12,
            longitude=113.25,
            changed_at=MOMENT,
        )
        session.add(place)
        session.flush()
        self.places[who], self.codes[who] = place.id, code

    def actor(self, who):
        with snapshot(self.engine) as session:
            return actor_of(session, self.people[who])

    def write(self):
        return transaction(self.engine)

    def read(self):
        return snapshot(self.engine)

    def later(self, **delta):
        self.moment += timedelta(**delta)

    def new_call(self, **changed):
        facts = {
            "scheme": DesignationScheme.DUAL_CHANNEL,
            "region": CITY,
            "title": "2027 年“双通道”定点申请",
            "rulebook": "dual-guangzhou-2022",
            "opens_on": TODAY,
            "closes_on": TODAY + timedelta(days=30),
            "document": "穗医保函〔2027〕1号",
            "given": GIVEN,
            **changed,
        }
        return NewCall(**facts)

    def open(self, who="agency", **changed) -> int:
        """Open a call and return its id."""
        with self.write() as session:
            call = open_call(
                session, new=self.new_call(**changed), actor=self.actor(who), moment=self.moment
            )
            return call.id

    def draft(self, call_id, who="pharmacy") -> int:
        with self.write() as session:
            application = draft_application(
                session,
                call=session.get_one(DesignationCall, call_id),
                place_id=self.places[who],
                actor=self.actor(who),
                moment=self.moment,
            )
            return application.id

    def version(self, session, application_id):
        return session.get_one(DesignationApplication, application_id).version

    def state(self, application_id, typed=None, who="pharmacy"):
        with self.write() as session:
            save_statements(
                session,
                application_id=application_id,
                typed=STATED if typed is None else typed,
                version=self.version(session, application_id),
                actor=self.actor(who),
                moment=self.moment,
            )

    def submit(self, application_id, who="pharmacy"):
        with self.write() as session:
            submit_application(
                session,
                application_id=application_id,
                version=self.version(session, application_id),
                actor=self.actor(who),
                moment=self.moment,
            )

    def handed_in(self, call_id, who="pharmacy") -> int:
        """Apply with statements that meet everything, and hand it in."""
        application_id = self.draft(call_id, who)
        self.state(application_id, who=who)
        self.submit(application_id, who)
        return application_id

    def all_met(self, session, application_id, **changed):
        application = session.get_one(DesignationApplication, application_id)
        names = [one.name for one in criteria_for(session, application).wanted]
        facts = {"met": dict.fromkeys(names, "yes"), "notes": {}, "is_passed": True, **changed}
        return Checked(**facts)

    def check(self, application_id, *, gives_back=False, **changed):
        with self.write() as session:
            check_papers(
                session,
                application_id=application_id,
                found=self.all_met(session, application_id, **changed),
                gives_back=gives_back,
                version=self.version(session, application_id),
                actor=self.actor("agency"),
                moment=self.moment,
            )

    def visit(self, application_id, visited_on=None, **changed):
        with self.write() as session:
            record_visit(
                session,
                application_id=application_id,
                visited_on=visited_on or day_in_china(self.moment),
                found=self.all_met(session, application_id, **changed),
                version=self.version(session, application_id),
                actor=self.actor("agency"),
                moment=self.moment,
            )

    def notice(self, call_id, *application_ids, until=None) -> int:
        with self.write() as session:
            notice = publish_notice(
                session,
                call=session.get_one(DesignationCall, call_id),
                application_ids=application_ids,
                objections_until=until,
                actor=self.actor("agency"),
                moment=self.moment,
            )
            return notice.id

    def noticed(self, call_id, who="pharmacy") -> int:
        """Bring an application onto a notice."""
        application_id = self.handed_in(call_id, who)
        self.check(application_id)
        self.visit(application_id)
        self.notice(call_id, application_id)
        return application_id

    def sign(self, application_id, **changed) -> int:
        agreed = {"number": "协议 2027-1", "starts_on": day_in_china(self.moment), **changed}
        with self.write() as session:
            designation = sign_agreement(
                session,
                application_id=application_id,
                agreed=Agreed(**agreed),
                version=self.version(session, application_id),
                actor=self.actor("agency"),
                moment=self.moment,
            )
            return designation.id

    def designated(self, who="pharmacy") -> int:
        """Go the whole way and return the designation."""
        application_id = self.noticed(self.open(), who)
        self.later(days=8)
        return self.sign(application_id)
