"""What the organisations of a side own: a row of everything that an address can name."""

import hashlib
import json
import secrets
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bidding.sealing import new_signing_key
from procurement.accounts.sign_in.service import begin_session
from procurement.accounts.tables import (
    ApiToken,
    Invitation,
    KeyChallenge,
    Organisation,
    OrganisationKind,
    Person,
    RelationKind,
)
from procurement.audit.tables import LegalHold
from procurement.bids.keyholders.manifests import current_manifest
from procurement.bids.kinds import PaperKind, SealVerdict
from procurement.bids.tables import EligibilityPaper
from procurement.catalogue.tables import CatalogueImport, GenericProduct
from procurement.credit_rating.tables import CreditApplication, CreditEvidence, CreditMatter
from procurement.credit_rating.words import ApplicationKind, Basis, GradeWord, Matter
from procurement.database import database_moment, transaction
from procurement.permissions import Role
from procurement.rounds.document.amendment import Amendment, write_amendment
from procurement.rounds.document.as_json import read_json
from procurement.rounds.document.comments import comment
from procurement.rounds.document.files import printed
from procurement.rounds.document.tables import AmendmentDraft, DocumentFile
from procurement.rounds.document.versions import make_draft
from procurement.rounds.simulation import Assumptions
from procurement.rounds.tables import (
    Lot,
    ProposalStatus,
    Round,
    RoundSimulation,
    Step,
    StepProposal,
)
from procurement.volumes.states import UploadKind, UploadStatus
from procurement.volumes.tables import PaperKind as VolumePaperKind
from procurement.volumes.tables import VolumePaper, VolumeReport, VolumeUpload
from tests.procurement.app.cells.of_publication import prices_of
from tests.procurement.app.cells.sides import Side, Value, round_of
from tests.procurement.bids.world import bind_key
from tests.procurement.rounds.world import actor_of, new_organisation, new_person
from tests.procurement.world import relate

SCAN = b"%PDF-1.7 a scan"


def furnish(engine: Engine, side: Side, other: Side) -> None:
    """Give a side one of everything, and its hospital a report in the other side's round."""
    with transaction(engine) as session:
        side.things |= _of_accounts(session, side)
        side.things |= _of_firms(session, side)
        side.things |= _of_rounds(session, side)
        side.things |= _of_documents(session, side)
        side.things |= _of_volumes(session, side, other)
        side.things |= _of_bids(session, side)
        side.things |= prices_of(session, side)


def _of_bids(session: Session, side: Side) -> dict[str, Value]:
    """The manifest, and a better bid of the side's firm, sealed and not yet sent."""
    manifest = current_manifest(session, round_id=side.bidding.round_id)
    assert manifest is not None
    envelope = side.maker.seal(manifest)
    return {"manifest": manifest.digest, "envelope": envelope.to_bytes().decode()}


def _of_accounts(session: Session, side: Side) -> dict[str, Value]:
    now = database_moment(session)
    administrator = side.people[Role.ADMINISTRATOR]
    hospital = session.get_one(Organisation, administrator.organisation_id)
    region = hospital.region
    member = new_organisation(session, OrganisationKind.HOSPITAL, f"member {region}", region=region)
    relation = relate(session, member, RelationKind.MEMBER_OF_GROUP, hospital)
    challenge = secrets.token_hex(32)
    key = new_signing_key("intl-1", random_bytes=secrets.token_bytes)
    invitation = Invitation(
        organisation_id=hospital.id,
        token_hash=secrets.token_hex(32),
        name="somebody",
        roles=Role.HOSPITAL,
        invited_at=now,
        expires_at=now + timedelta(days=7),
    )
    token = ApiToken(
        organisation_id=hospital.id,
        person_id=administrator.id,
        name="machine",
        token_hash=secrets.token_hex(32),
        token_start="jicai",
        made_at=now,
        expires_at=now + timedelta(days=7),
    )
    session.add_all([invitation, token])
    session.add(
        KeyChallenge(
            organisation_id=hospital.id, challenge=challenge, expires_at=now + timedelta(days=7)
        )
    )
    session.flush()
    sign_in = begin_session(
        session,
        person=session.get_one(Person, administrator.id),
        address="127.0.0.2",
        moment=now,
        has_second_factor=True,
    )
    return {
        "organisation_id": hospital.id,
        "member": member.id,
        "person_id": new_person(session, hospital, Role.HOSPITAL).id,
        "relation_id": relation.id,
        "invitation_id": invitation.id,
        "challenge": challenge,
        "key_id": bind_key(session, hospital, administrator, key).id,
        "token_id": token.id,
        "session_id": sign_in.session_id,
    }


def _matter(side: Side, firm: int, now: datetime) -> CreditMatter:
    return CreditMatter(
        organisation_id=firm,
        region=side.region,
        matter=Matter.BRIBERY,
        basis=Basis.JUDGEMENT,
        document="judgement 1",
        found_on=date(2026, 1, 1),
        scale="credit-2020",
        grade=GradeWord.MINOR,
        clause="1",
        reason="for tests",
        is_by_rule=False,
        in_force_from=date(2026, 1, 1),
        recorded_at=now,
    )


def _of_firms(session: Session, side: Side) -> dict[str, Value]:
    now = database_moment(session)
    matters = {
        "matter_id": _matter(side, side.maker.id, now),
        "distributor_matter_id": _matter(side, side.organisation_id(Role.DISTRIBUTOR), now),
    }
    papers = {
        "paper": side.rounds["bidding"],
        "paper_of_opened": side.rounds["opened"],
    }
    rows = {
        name: EligibilityPaper(
            round_id=round_of(session, round_name).id,
            organisation_id=side.maker.id,
            kind=PaperKind.APPLICATION,
            title="application",
            file_name="application.pdf",
            file_digest=hashlib.sha256(SCAN).hexdigest(),
            file_bytes=len(SCAN),
            media_type="application/pdf",
            seal_verdict=SealVerdict.NONE,
            uploaded_by=side.maker.person_id,
            uploaded_at=now,
        )
        for name, round_name in papers.items()
    }
    session.add_all([*matters.values(), *rows.values()])
    session.flush()
    papers_by_name: dict[str, Value] = {name: row.id for name, row in rows.items()}
    by_name: dict[str, Value] = {name: matter.id for name, matter in matters.items()}
    application = CreditApplication(
        matter_id=matters["matter_id"].id,
        kind=ApplicationKind.OBJECTION,
        text="for tests",
        measures="",
        signed_by="for tests",
        filed_by=side.maker.person_id,
        filed_at=now,
    )
    hold = LegalHold(
        subject=f"round/{side.rounds['draft']}", reason="r", document="d", placed_at=now
    )
    session.add_all([application, hold])
    session.flush()
    evidence = CreditEvidence(
        application_id=application.id,
        file_name="scan.pdf",
        file_digest=hashlib.sha256(SCAN).hexdigest(),
        media_type="application/pdf",
    )
    session.add(evidence)
    session.flush()
    return {
        "firm": side.maker.id,
        "credit_application": application.id,
        "credit_evidence": evidence.id,
        "legal_hold": hold.id,
        **by_name,
        **papers_by_name,
    }


def _of_rounds(session: Session, side: Side) -> dict[str, Value]:
    now = database_moment(session)
    draft = round_of(session, side.rounds["draft"])
    officer, second = side.people[Role.OFFICER], side.second_officer
    assumptions = Assumptions(
        rulebooks=("national-3",),
        behaviour="past",
        bidders={"L01": 3, "L02": 3},
        originators={},
        volumes={},
        regions=1,
        draws=10,
        seed=1,
    )
    simulation = RoundSimulation(
        round_id=draft.id,
        asked_by=officer.id,
        asked_at=now,
        assumptions=json.dumps(asdict(assumptions)),
        sheet="{}",
    )
    commented = round_of(session, side.rounds["commenting"])
    by_second = _proposal(session, commented, Step.CANCEL, second)
    by_officer = _proposal(session, commented, Step.PUBLISH, officer)
    amendment = AmendmentDraft(
        round_id=commented.id,
        amendment=write_amendment(Amendment(reason="for tests")),
        written_by=second.id,
        written_at=now,
    )
    session.add(amendment)
    session.flush()
    amending = _proposal(session, commented, Step.AMEND, second)
    amending.about = str(amendment.id)
    session.add_all([simulation, by_second, by_officer, amending])
    session.flush()
    return {
        "code": "L01",
        "simulation_id": simulation.id,
        "proposal_id": by_second.id,
        "own_proposal": by_officer.id,
        "amending": amending.id,
    }


def _proposal(session: Session, round_: Round, step: Step, person: Person) -> StepProposal:
    return StepProposal(
        round_id=round_.id,
        step=step,
        content="{}",
        digest="0" * 64,
        reason="for tests",
        status=ProposalStatus.OPEN,
        proposed_by=person.id,
        proposed_at=database_moment(session),
    )


def _of_documents(session: Session, side: Side) -> dict[str, Value]:
    now = database_moment(session)
    round_ = round_of(session, side.rounds["commenting"])
    officer = actor_of(session, side.people[Role.OFFICER])
    version = make_draft(session, round_=round_, actor=officer, moment=now)
    # A version that was issued has its files; without them each request would print one.
    body = printed(read_json(version.content), version, "docx", language="zh")
    digest = hashlib.sha256(body).hexdigest()
    session.add(DocumentFile(document_id=version.id, format="docx", body=body, digest=digest))
    made = comment(
        session,
        round_=round_,
        version=version,
        clause="",
        text="a question",
        actor=actor_of(session, side.people[Role.MANUFACTURER]),
        moment=now,
    )
    product = session.scalars(select(GenericProduct).limit(1)).one()
    upload = CatalogueImport(
        filename="products.csv",
        digest="0" * 64,
        lines="[]",
        faults="[]",
        line_count=0,
        fault_count=0,
        uploaded_by=officer.person_id,
        uploaded_at=now,
    )
    session.add(upload)
    session.flush()
    return {
        "comment_id": made.id,
        "generic_product_id": product.id,
        "catalogue_import": upload.id,
    }


def _of_volumes(session: Session, side: Side, other: Side) -> dict[str, Value]:
    now = database_moment(session)
    hospital = session.get_one(Organisation, side.organisation_id(Role.HOSPITAL))
    own = round_of(session, side.rounds["reporting"])
    abroad = round_of(session, other.rounds["reporting"])

    def report(round_: Round, hospital_id: int) -> VolumeReport:
        row = VolumeReport(
            round_id=round_.id,
            hospital_id=hospital_id,
            region=side.region,
            started_at=now,
            changed_at=now,
        )
        session.add(row)
        session.flush()
        return row

    reported = report(own, hospital.id)
    reports = {
        "report_id": reported.id,
        "member_report": report(own, int(side.things["member"])).id,
        "report_abroad": report(abroad, hospital.id).id,
    }
    bulk = _upload(session, side, own)
    form = _upload(session, side, own, report=reported)
    paper = VolumePaper(
        report_id=reported.id,
        kind=VolumePaperKind.COMMITMENT,
        filename="letter.pdf",
        media_type="application/pdf",
        sha256="0" * 64,
        size=len(SCAN),
        content=SCAN,
        uploaded_at=now,
    )
    session.add_all([bulk, form, paper])
    session.flush()
    lot = session.scalars(select(Lot).where(Lot.round_id == own.id).limit(1)).one()
    return {
        **reports,
        "bulk": bulk.id,
        "form": form.id,
        "volume_paper": paper.id,
        "lot_id": lot.id,
    }


def _upload(
    session: Session, side: Side, round_: Round, *, report: VolumeReport | None = None
) -> VolumeUpload:
    role = Role.OFFICER if report is None else Role.HOSPITAL
    return VolumeUpload(
        kind=UploadKind.BULK if report is None else UploadKind.FORM,
        round_id=round_.id,
        report_id=None if report is None else report.id,
        organisation_id=side.organisation_id(role),
        person_id=side.people[role].id,
        filename="volumes.csv",
        sha256="0" * 64,
        size=1,
        encoding="utf-8",
        status=UploadStatus.DONE,
        received_at=database_moment(session),
    )
