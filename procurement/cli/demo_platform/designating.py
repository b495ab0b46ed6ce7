"""Places and a doctor of the dual channel: a list taken over, a call, an application, a patient."""

from datetime import timedelta

from procurement.catalogue.spreadsheets import as_csv
from procurement.china_days import day_in_china
from procurement.cli.demo_platform.carrying import (
    CLINIC,
    MADE_UP,
    PAPER,
    SHOPS,
    drug_of_lot,
)
from procurement.cli.demo_platform.cast import AGENCY, HOSPITAL, MARK, PHARMACIES, PROVINCE
from procurement.cli.demo_platform.papers import print_demo_paper
from procurement.cli.demo_platform.scene import Scene
from procurement.pharmacies.designation.applying import (
    criteria_for,
    draft_application,
    save_statements,
    submit_application,
)
from procurement.pharmacies.designation.calls import GivenText, NewCall, open_call
from procurement.pharmacies.designation.doctors import NewDoctor, designate_doctor
from procurement.pharmacies.designation.importing import COLUMNS, import_designations
from procurement.pharmacies.designation.states import DesignationScheme
from procurement.pharmacies.listed.service import find_listed
from procurement.pharmacies.patients.area_rules import Given, NewRules, give_rules
from procurement.pharmacies.patients.papers import add_paper
from procurement.pharmacies.patients.registering import (
    NewRegistration,
    apply_registration,
    draft_registration,
)
from procurement.pharmacies.places.service import find_place
from procurement.pharmacies.rules.benefit import Fund

DESIGNATED, APPLYING = (CLINIC, *SHOPS[:2]), SHOPS[2]
"""Places that the agency's list names, and the one that applies."""

CALL_LASTS = timedelta(days=60)

NOBODY = "DEMO000001"
"""Stands for the insured number of a patient who does not exist; no number here is kept."""

GIVEN = {
    "registration.approval_working_days": "1",
    "patient.retained_years": "3",
}
"""What the agency gives beside the national document, as typed; made up."""


def designate(scene: Scene) -> None:
    """Take designated places over, call for more, name a doctor, and let him register a patient.

    Args:
        scene: The set-up, with places and a drug list.
    """
    _take_over(scene)
    _apply(scene)
    _name_doctor(scene)
    _give_rules(scene)
    _register_patient(scene)


def _take_over(scene: Scene) -> None:
    """The agency takes over a list of places of its city."""
    today = day_in_china(scene.moment).isoformat()
    lines = [
        (one.code, DesignationScheme.DUAL_CHANNEL.value, f"{MADE_UP} {number} 号", today, "")
        for number, one in enumerate(DESIGNATED, start=1)
    ]
    import_designations(
        scene.session,
        content=as_csv([[column.key for column in COLUMNS], *lines]),
        actor=scene.actor(AGENCY),
        moment=scene.moment,
    )


def _apply(scene: Scene) -> None:
    """The province calls, and a pharmacy hands in an application."""
    session, today = scene.session, day_in_china(scene.moment)
    call = open_call(
        session,
        new=NewCall(
            scheme=DesignationScheme.DUAL_CHANNEL,
            region=PROVINCE.region,
            title=f"双通道定点申请{MARK}",
            rulebook="dual-national-2021",
            opens_on=today,
            closes_on=today + CALL_LASTS,
            document=MADE_UP,
            given={
                "designation.publicity_days": GivenText(7, MADE_UP),
                "designation.hospital_needs": GivenText(["cold-chain"], MADE_UP),
            },
        ),
        actor=scene.actor(PROVINCE),
        moment=scene.moment,
    )
    pharmacist = scene.actor(PHARMACIES)
    application = draft_application(
        session,
        call=call,
        place_id=find_place(session, code=APPLYING.code).id,
        actor=pharmacist,
        moment=scene.moment,
    )
    save_statements(
        session,
        application_id=application.id,
        typed={one.name: "yes" for one in criteria_for(session, application).wanted},
        version=application.version,
        actor=pharmacist,
        moment=scene.moment,
    )
    submit_application(
        session,
        application_id=application.id,
        version=application.version,
        actor=pharmacist,
        moment=scene.moment,
    )


def _name_doctor(scene: Scene) -> None:
    designate_doctor(
        scene.session,
        new=NewDoctor(
            hospital=CLINIC.code,
            code="DEMO0001",
            specialty="肿瘤科",
            starts_on=day_in_china(scene.moment),
            document=MADE_UP,
            user=HOSPITAL.people[1].user,
        ),
        actor=scene.actor(AGENCY),
        moment=scene.moment,
    )


def _give_rules(scene: Scene) -> None:
    """The agency says by which document it registers, and gives what that leaves open."""
    give_rules(
        scene.session,
        new=NewRules(
            region=AGENCY.region,
            rulebooks=("dual-national-2024",),
            parameters={key: Given(text, MADE_UP) for key, text in GIVEN.items()},
            starts_on=day_in_china(scene.moment),
            document=MADE_UP,
        ),
        actor=scene.actor(AGENCY),
        moment=scene.moment,
    )


def _register_patient(scene: Scene) -> None:
    """The doctor applies for a patient; the agency has to decide."""
    listed = find_listed(
        scene.session,
        generic_product_id=drug_of_lot(scene, "L01").id,
        region=AGENCY.region,
        day=day_in_china(scene.moment),
    )
    if listed is None:
        return
    doctor = scene.actor(HOSPITAL, 1)
    registration = draft_registration(
        scene.session,
        new=NewRegistration(
            insured_number=NOBODY,
            fund=Fund.EMPLOYEE,
            region=AGENCY.region,
            listed_drug_id=listed.drug.id,
            hospital_code=CLINIC.code,
            pharmacy_code=SHOPS[0].code,
            indication="C50.9",
        ),
        secret_key=scene.secret_key,
        actor=doctor,
        moment=scene.moment,
    )
    add_paper(
        scene.session,
        registration=registration,
        kind=PAPER,
        content=print_demo_paper("Certificate of diagnosis", scene.moment),
        secret_key=scene.secret_key,
        actor=doctor,
        moment=scene.moment,
    )
    apply_registration(
        scene.session,
        registration=registration,
        version=registration.version,
        actor=doctor,
        moment=scene.moment,
    )
