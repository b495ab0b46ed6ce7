"""The finder's province with a listed drug, map points, and signs of convenience pharmacies."""

from datetime import date

from procurement.accounts.tables import Person
from procurement.database import snapshot, transaction
from procurement.pharmacies.designation.states import DesignationScheme, DesignationStatus
from procurement.pharmacies.designation.tables import (
    Designation,
    DesignationApplication,
    DesignationCall,
    DesignationEvent,
)
from procurement.pharmacies.listed.kinds import DrugState
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from procurement.pharmacies.places.tables import Place
from rulebooks import load_rulebook
from tests.procurement.pharmacies.finder.world import (
    FIRST,
    HOSPITAL,
    MOMENT,
    OTHER,
    SECOND,
    FinderWorld,
    designate,
)

JIANGSU = "pharmacy-jiangsu-2023"
POINTS = {
    HOSPITAL: (31.51, 116.51),
    FIRST: (31.50, 116.52),
    SECOND: (31.61, 116.50),
    OTHER: (31.70, 116.48),
}
SINCE = date(2026, 1, 1)


def list_drug(world: FinderWorld) -> int:
    """Put the first drug on the province's list and return the entry's id."""
    officer = world.actors["officer"]
    with transaction(world.engine) as session:
        decision = ListDecision(
            number="test-1",
            region="340000",
            bureau_id=officer.organisation_id,
            kind="published-list",
            status="confirmed",
            document="test",
            decided_on=SINCE,
            in_force_from=SINCE,
            rulebook="",
            rulebook_digest="",
            reason="",
            notice_title="",
            notice_text="",
            public_from=SINCE,
            proposed_by=officer.person_id,
            proposed_at=MOMENT,
        )
        drug = ListedDrug(generic_product_id=world.drugs["奥希替尼"], region="340000")
        session.add_all([decision, drug])
        session.flush()
        session.add(
            ListPeriod(
                listed_drug_id=drug.id,
                decision_id=decision.id,
                state=DrugState.DUAL,
                starts_on=SINCE,
                registration_needed=False,
                recorded_at=MOMENT,
            )
        )
        for code, (latitude, longitude) in POINTS.items():
            place = session.get_one(Place, world.places[code])
            place.latitude, place.longitude = latitude, longitude
        return drug.id


def designate_more(world: FinderWorld, *codes: str) -> None:
    """Designate further places for the dual channel."""
    with transaction(world.engine) as session:
        for code in codes:
            designate(session, place_id=world.places[code], bureau=world.actors["officer"])


def give_sign(world: FinderWorld, code: str, *, rulebook: str | None = JIANGSU) -> int:
    """Make a place a convenience pharmacy and return its designation's id."""
    officer = world.actors["officer"]
    with transaction(world.engine) as session:
        place = session.get_one(Place, world.places[code])
        application_id = None
        if rulebook is not None:
            call = DesignationCall(
                scheme=DesignationScheme.CONVENIENCE,
                region="340000",
                caller_id=officer.organisation_id,
                title="test",
                rulebook=rulebook,
                rulebook_digest=load_rulebook(rulebook).digest,
                opens_on=SINCE,
                closes_on=SINCE,
                opened_at=MOMENT,
            )
            session.add(call)
            session.flush()
            application = DesignationApplication(
                call_id=call.id,
                place_id=place.id,
                organisation_id=place.organisation_id,
                status="agreed",
                changed_at=MOMENT,
            )
            session.add(application)
            session.flush()
            application_id = application.id
        designation = Designation(
            place_id=place.id,
            scheme=DesignationScheme.CONVENIENCE,
            application_id=application_id,
            decider_id=officer.organisation_id,
            agreement="test",
            starts_on=SINCE,
            status=DesignationStatus.IN_FORCE,
            changed_at=MOMENT,
        )
        session.add(designation)
        session.flush()
        session.add(
            DesignationEvent(
                designation_id=designation.id, kind="agreed", happens_on=SINCE, decided_at=MOMENT
            )
        )
        return designation.id


def visitor_of(world, platform, name, *, machine=False):
    """Somebody of the world at a browser, or with a token."""
    with snapshot(world.engine) as session:
        person = session.get_one(Person, world.actors[name].person_id)
    return platform.with_token(person) if machine else platform.signed_in(person)
