"""A round of a side on notice, with objections of its organisations."""

import hashlib
import json
from datetime import timedelta

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from bidding.report_json import dumps
from procurement.accounts.tables import Organisation, Person
from procurement.awards.service import store_report
from procurement.awards.tables import AwardNotice, EvaluatedSheet, Objection, ObjectionFile
from procurement.database import database_moment, text_digest, transaction
from procurement.permissions import Role
from procurement.rounds.tables import Round, RoundStatus
from tests.procurement.app.cells.sides import Side, Value, opened_round, round_of

OBJECTING = (Role.MANUFACTURER, Role.HOSPITAL, Role.DISTRIBUTOR, Role.PHARMACY)

SCAN_DIGEST = hashlib.sha256(b"%PDF-1.7 a scan").hexdigest()
"""Of the file that the scene stores."""


def announce_round(engine: Engine, side: Side, *, letter: str, rulebook: str) -> None:
    """Give a side a round on notice, in which its maker lost, and objections to it."""
    name = opened_round(side, name=f"announced-{letter}", rulebook=rulebook)
    side.rounds["announced"] = name
    with transaction(engine) as session:
        round_ = round_of(session, name)
        notice = _notice(session, round_, side)
        session.execute(
            update(Round).where(Round.id == round_.id).values(status=RoundStatus.ANNOUNCED)
        )
        for role in OBJECTING:
            side.things[objection_name(role)] = _objection(
                session, round_, notice, side.people[role]
            ).id
        side.things |= _of_maker(session, int(side.things[objection_name(Role.MANUFACTURER)]))


def objection_name(role: Role) -> str:
    """Return what the objection of somebody of a role is called among a side's things."""
    return f"objection_{role.value}" if role in OBJECTING else "objection"


def _of_maker(session: Session, objection_id: int) -> dict[str, Value]:
    file = ObjectionFile(
        objection_id=objection_id,
        file_name="evidence.pdf",
        file_digest=SCAN_DIGEST,
        file_bytes=15,
        media_type="application/pdf",
    )
    session.add(file)
    session.flush()
    return {"objection": objection_id, "objection_file": file.id, "lot": "L01"}


def _notice(session: Session, round_: Round, side: Side) -> AwardNotice:
    now = database_moment(session)
    maker = session.get_one(Organisation, side.maker.id).name
    report = store_report(
        session,
        round_id=round_.id,
        report=dumps(_report(round_, maker)),
        rulebook_digest="0" * 64,
        code_version="tests",
        moment=now,
    )
    session.add(
        EvaluatedSheet(
            report_id=report.id,
            facts="{}",
            facts_digest=text_digest("{}"),
            owners=json.dumps([["L01", maker, side.maker.id]], ensure_ascii=False),
            left_out="[]",
        )
    )
    notice = AwardNotice(
        round_id=round_.id,
        number=1,
        report_id=report.id,
        announced_at=now,
        closes_at=now + timedelta(days=3),
        announced_by=side.people[Role.OFFICER].id,
    )
    session.add(notice)
    session.flush()
    return notice


def _report(round_: Round, maker: str) -> dict[str, object]:
    """A report in which the maker's only bid is beyond the places."""
    said = {"clause": "places.by_bidders", "zh": "排名第 2", "en": "rank 2"}
    figures = {"rank": 2, "places": 1}
    outcome = {
        "bid": maker,
        "manufacturer": maker,
        "strength": "1mg",
        "declared_price": "7.654",
        "comparable_price": "7.654",
        "rank": 2,
        "status": "rejected",
        "selected": False,
        "offer_price": None,
        "needed_price": "7.6",
        "needed_pack_price": None,
        "clause": said["clause"],
        "reason": said["zh"],
        "reason_en": said["en"],
        "regions": None,
        "region_names": None,
        "spare_regions": None,
        "agreed_volume": None,
    }
    lot = {
        "lot": "L01",
        "product": "阿那曲唑口服常释剂型",
        "bidders": 2,
        "places": 1,
        "share": "0.5",
        "cycle_years": 1,
        "ends_on": None,
        "base_volume": 0,
        "agreed_volume": 0,
        "outcomes": [outcome],
        "allocations": [],
        "pending": [],
        "steps": [{**said, "code": "beyond-places", "bid": maker, "numbers": figures}],
        "winners": [],
    }
    return {
        "title": round_.title,
        "rulebook": round_.rulebook,
        "rulebook_digest": "0" * 64,
        "lots": [lot],
        "pending": [],
    }


def _objection(session: Session, round_: Round, notice: AwardNotice, person: Person) -> Objection:
    objection = Objection(
        round_id=round_.id,
        notice_id=notice.id,
        organisation_id=person.organisation_id,
        organisation_name=session.get_one(Organisation, person.organisation_id).name,
        person_id=person.id,
        person_name=person.name,
        text="for tests",
        filed_at=database_moment(session),
    )
    session.add(objection)
    session.flush()
    return objection
