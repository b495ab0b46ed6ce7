"""A pooling area: hospital and pharmacies, doctors, an agency, a listed drug, rules, patients."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.accounts.tables import OrganisationKind, Person
from procurement.catalogue.tables import GenericProduct
from procurement.china_days import day_in_china
from procurement.database import snapshot, transaction
from procurement.permissions import Role
from procurement.pharmacies.designation.states import DesignationScheme, DesignationStatus
from procurement.pharmacies.designation.tables import DesignatedDoctor, Designation
from procurement.pharmacies.listed.kinds import DecisionKind, DecisionStatus, DrugState
from procurement.pharmacies.listed.tables import ListDecision, ListedDrug, ListPeriod
from procurement.pharmacies.patients.area_rules import Given, NewRules, give_rules
from procurement.pharmacies.patients.deciding import decide_registration
from procurement.pharmacies.patients.dispensing import NewBill, settle_bill
from procurement.pharmacies.patients.incoming import Head, IncomingReport
from procurement.pharmacies.patients.listing import prescription_of, registration_of
from procurement.pharmacies.patients.papers import add_paper
from procurement.pharmacies.patients.pseudonyms import check_digit
from procurement.pharmacies.patients.registering import (
    NewRegistration,
    apply_registration,
    draft_registration,
)
from procurement.pharmacies.patients.reporting import take_reports
from procurement.pharmacies.patients.reviewing import (
    decide_review,
    make_review,
    waiting_review,
)
from procurement.pharmacies.patients.states import ReviewOutcome
from procurement.pharmacies.patients.terms import NewTerms, give_terms
from procurement.pharmacies.places.kinds import PlaceKind
from procurement.pharmacies.places.tables import Place
from procurement.pharmacies.rules.benefit import Fund
from tests.procurement.rounds.world import actor_of, new_organisation, new_person

# A Friday: the working day after is the Monday.
MOMENT = datetime(2026, 3, 6, 2, tzinfo=UTC)
AREA, PROVINCE = "320500", "320000"
SECRET = bytes(range(32))
PAPERS = ("病理报告", "基因检测报告")
SCAN = b"%PDF-1.7 evidence"
RULES = ("dual-suzhou-2022", "dual-jiangsu-2022", "dual-national-2024")


def insured(number: int) -> str:
    """An identity number of nobody: no region begins with 00."""
    digits = f"00000019900101{number:03d}"
    return digits + check_digit(digits)


@dataclass
class PatientWorld:
    """Who and what is there.

    Attributes:
        people: By what they are.
        places: By what they are.
        codes: Institution codes of the places.
        drug_id: A drug of the dual channel, class B, paid for C34 and C50.
        separate_id: One with separate payment, without codes.
        moment: Now.
    """

    engine: Engine
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    drug_id: int = 0
    separate_id: int = 0
    moment: datetime = MOMENT

    def actor(self, who):
        with snapshot(self.engine) as session:
            return actor_of(session, self.people[who])

    def write(self):
        return transaction(self.engine)

    def read(self):
        return snapshot(self.engine)

    def later(self, **delta):
        self.moment += timedelta(**delta)

    def entry(self, patient=1, **changed):
        facts = {
            "insured_number": insured(patient),
            "fund": "employee",
            "region": AREA,
            "listed_drug_id": self.drug_id,
            "hospital_code": self.codes["hospital"],
            "pharmacy_code": self.codes["pharmacy"],
            "indication": "C34.9",
            **changed,
        }
        return NewRegistration(**facts)

    def draft(self, patient=1, who="doctor", **changed):
        with self.write() as session:
            return draft_registration(
                session,
                new=self.entry(patient, **changed),
                secret_key=SECRET,
                actor=self.actor(who),
                moment=self.moment,
            ).number

    def add_papers(self, number, kinds=PAPERS):
        with self.write() as session:
            for kind in kinds:
                add_paper(
                    session,
                    registration=registration_of(session, number=number),
                    kind=kind,
                    content=SCAN,
                    secret_key=SECRET,
                    actor=self.actor("doctor"),
                    moment=self.moment,
                )

    def apply(self, patient=1, **changed):
        number = self.draft(patient, **changed)
        self.add_papers(number)
        with self.write() as session:
            row = registration_of(session, number=number)
            apply_registration(
                session,
                registration=row,
                version=row.version,
                actor=self.actor("doctor"),
                moment=self.moment,
            )
        return number

    def decide(self, number, is_approved=True, note=""):
        with self.write() as session:
            row = registration_of(session, number=number)
            return decide_registration(
                session,
                registration=row,
                version=row.version,
                is_approved=is_approved,
                note=note,
                actor=self.actor("agency"),
                moment=self.moment,
            ).status

    def approve(self, patient=1, **changed):
        number = self.apply(patient, **changed)
        self.decide(number)
        return number

    def review(self, number, outcome=ReviewOutcome.CONTINUE):
        """Let the doctor review the use."""
        with self.write() as session:
            row = registration_of(session, number=number)
            return make_review(
                session,
                registration=row,
                version=row.version,
                outcome=outcome,
                finding="疗效稳定",
                actor=self.actor("doctor"),
                moment=self.moment,
            )

    def decide_review(self, number, is_accepted=True, note=""):
        with self.write() as session:
            row = registration_of(session, number=number)
            waiting = waiting_review(session, registration_id=row.id)
            assert waiting is not None
            return decide_review(
                session,
                review=waiting,
                version=row.version,
                is_accepted=is_accepted,
                note=note,
                actor=self.actor("agency"),
                moment=self.moment,
            )

    def review_again(self, number):
        """Let the use be reviewed and accepted today."""
        self.review(number)
        self.decide_review(number)

    def head(self, number, **changed):
        return Head(
            **{
                "registration": number,
                "doctor_code": "D0001",
                "prescribed_at": self.moment,
                "indication": "C34.9",
                **changed,
            }
        )

    def report(self, event, status="uploaded", rx="RX1", head=None, at=None, **changed):
        return IncomingReport(event, rx, status, at or self.moment, head=head, **changed)

    def take(self, *reports):
        with self.write() as session:
            return take_reports(
                session, reports=reports, actor=self.actor("agency"), moment=self.moment
            )

    def prescribe(self, number, rx="RX1", **changed):
        """Let the centre report an uploaded prescription; returns its number here."""
        report = self.report(f"{rx}-up", rx=rx, head=self.head(number, **changed))
        return self.take(report).numbers[0]

    def settle(self, number, prescription=None, place="pharmacy", bill="B1", amount="1000.00"):
        with self.write() as session:
            row = None if prescription is None else prescription_of(session, number=prescription)
            return settle_bill(
                session,
                new=NewBill(
                    registration_of(session, number=number).id,
                    None if row is None else row.id,
                    self.places[place],
                    bill,
                    Decimal(amount),
                    self.moment,
                ),
                actor=self.actor("agency"),
                moment=self.moment,
            )


def patient_world(engine):
    """Build it."""
    world = PatientWorld(engine)
    with world.write() as session:
        _people(session, world)
        _places(session, world)
        _drugs(session, world)
    with world.write() as session:
        _rules(session, world)
    return world


def _people(session: Session, world: PatientWorld) -> None:
    kinds = {
        "hospital": OrganisationKind.HOSPITAL,
        "pharmacy": OrganisationKind.PHARMACY,
        "second": OrganisationKind.PHARMACY,
        "agency": OrganisationKind.FUND_AGENCY,
        "stranger": OrganisationKind.FUND_AGENCY,
        "bureau": OrganisationKind.BUREAU,
    }
    regions = {"stranger": "320100", "bureau": PROVINCE}
    homes = {
        name: new_organisation(session, kind, f"{name} 机构", region=regions.get(name, AREA))
        for name, kind in kinds.items()
    }
    roles = {
        "doctor": ("hospital", Role.DOCTOR),
        "colleague": ("hospital", Role.DOCTOR),
        "clerk": ("hospital", Role.HOSPITAL),
        "pharmacist": ("pharmacy", Role.PHARMACY),
        "other pharmacist": ("second", Role.PHARMACY),
        "agency": ("agency", Role.FUND_AGENCY),
        "stranger": ("stranger", Role.FUND_AGENCY),
        "officer": ("bureau", Role.OFFICER),
    }
    for name, (home, role) in roles.items():
        world.people[name] = new_person(session, homes[home], role)


def _places(session: Session, world: PatientWorld) -> None:
    agency = world.people["agency"].organisation_id
    for number, (name, kind, county, keeper) in enumerate(
        (
            ("hospital", PlaceKind.HOSPITAL, "320505", "clerk"),
            ("pharmacy", PlaceKind.PHARMACY, "320505", "pharmacist"),
            ("second", PlaceKind.PHARMACY, "320506", "other pharmacist"),
            ("off-site", PlaceKind.PHARMACY, "320102", None),
            ("abroad", PlaceKind.PHARMACY, "340104", None),
        ),
        start=1,
    ):
        letter = "H" if kind is PlaceKind.HOSPITAL else "P"
        place = Place(
            institution_code=f"{letter}{county}{number:05d}",
            kind=kind,
            name=f"示例{name}",
            organisation_id=None if keeper is None else world.people[keeper].organisation_id,
            county=county,
            changed_at=MOMENT,
        )
        session.add(place)
        session.flush()
        world.places[name], world.codes[name] = place.id, place.institution_code
        session.add(
            Designation(
                place_id=place.id,
                scheme=DesignationScheme.DUAL_CHANNEL,
                decider_id=agency,
                agreement="示例协议",
                starts_on=date(2025, 1, 1),
                status=DesignationStatus.IN_FORCE,
                changed_at=MOMENT,
            )
        )
    for number, name in enumerate(("doctor", "colleague"), start=1):
        session.add(
            DesignatedDoctor(
                place_id=world.places["hospital"],
                person_id=world.people[name].id,
                code=f"D{number:04d}",
                specialty="肿瘤科",
                starts_on=date(2025, 1, 1),
                changed_at=MOMENT,
            )
        )
    session.flush()


def _drugs(session: Session, world: PatientWorld) -> None:
    officer = world.people["officer"]
    decision = ListDecision(
        number="L1",
        region=PROVINCE,
        bureau_id=officer.organisation_id,
        kind=DecisionKind.PUBLISHED_LIST,
        status=DecisionStatus.CONFIRMED,
        document="示例名单",
        decided_on=date(2025, 1, 1),
        in_force_from=date(2025, 1, 1),
        rulebook="dual-jiangsu-2022",
        rulebook_digest="0" * 64,
        reason="",
        notice_title="名单",
        notice_text="名单",
        public_from=date(2025, 1, 1),
        proposed_by=officer.id,
        proposed_at=MOMENT,
    )
    session.add(decision)
    session.flush()
    ids = []
    for name, state, share, codes in (
        ("奥希替尼", DrugState.DUAL, Decimal("0.20"), "C34\nC50"),
        ("替雷利珠", DrugState.DUAL_SEPARATE, None, ""),
    ):
        generic = GenericProduct(name=name, printed_form="口服常释剂型", unit="片")
        session.add(generic)
        session.flush()
        drug = ListedDrug(generic_product_id=generic.id, region=PROVINCE)
        session.add(drug)
        session.flush()
        session.add(
            ListPeriod(
                listed_drug_id=drug.id,
                decision_id=decision.id,
                state=state,
                starts_on=date(2025, 1, 1),
                indication_limits="限非小细胞肺癌",
                indication_codes=codes,
                self_pay_share=share,
                registration_needed=True,
                papers="\n".join(PAPERS),
                reevaluation_months=6,
                recorded_at=MOMENT,
            )
        )
        ids.append(drug.id)
    world.drug_id, world.separate_id = ids


def _rules(session: Session, world: PatientWorld) -> None:
    agency = actor_of(session, world.people["agency"])
    start = date(2026, 1, 1)
    give_rules(
        session,
        new=NewRules(
            AREA,
            RULES,
            {
                "patient.retained_years": Given("3", "示例规定"),
                "prescription.valid_hours": Given("72", "示例规定"),
            },
            start,
            "示例通知",
        ),
        actor=agency,
        moment=world.moment,
    )
    for state in (DrugState.DUAL, DrugState.DUAL_SEPARATE):
        for fund in Fund:
            is_separate = state is DrugState.DUAL_SEPARATE
            give_terms(
                session,
                new=NewTerms(
                    AREA,
                    fund,
                    state,
                    Decimal("0.70"),
                    Decimal(0) if is_separate else Decimal(1200),
                    None if is_separate else Decimal(100000),
                    start,
                    "示例待遇文件",
                ),
                actor=agency,
                moment=world.moment,
            )


def today(world):
    """The day in China."""
    return day_in_china(world.moment)
