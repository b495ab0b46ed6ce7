"""What a side's bureau watches: a survey, reports, a list of prices and a proposal."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from procurement.database import database_moment, transaction
from procurement.monitoring.states import (
    Link,
    ListKind,
    ProposalStatus,
    ReportStatus,
    SurveyStatus,
)
from procurement.monitoring.tables import (
    LinkageProposal,
    MonitoringSurvey,
    QuarterlyReport,
    ReferenceList,
    ReferencePrice,
    SurveyAddressee,
)
from procurement.permissions import Role
from procurement.prices.tables import Price
from tests.procurement.app.cells.sides import Side

ASKED = {
    Role.MANUFACTURER: Link.MAKER,
    Role.DISTRIBUTOR: Link.DISTRIBUTOR,
    Role.HOSPITAL: Link.HOSPITAL,
    Role.PHARMACY: Link.PHARMACY,
}


def watch_prices(engine: Engine, side: Side, other: Side) -> None:
    """Give a side what is monitored in its region, by its own bureau and by the other's."""
    with transaction(engine) as session:
        own = _survey(session, side, bureau=side, month=1)
        for role, link in ASKED.items():
            session.add(
                SurveyAddressee(
                    survey_id=own, organisation_id=side.organisation_id(role), link=link, answers=0
                )
            )
        side.things |= {
            "survey_id": own,
            "regional_survey_id": _survey(session, side, bureau=other, month=2),
            "report_id": _report(session, side, bureau=side),
            "regional_report_id": _report(session, side, bureau=other),
            "public_report_id": _report(session, side, bureau=side, is_public=True),
            **_proposal(session, side),
        }


def _survey(session: Session, side: Side, *, bureau: Side, month: int) -> int:
    now = database_moment(session)
    survey = MonitoringSurvey(
        bureau_id=bureau.bureau.id,
        # Each bureau asks once about a month: the other side's own has another one.
        region=f"{side.region[:3]}100",
        month=date(2026, month, 1),
        status=SurveyStatus.OPEN,
        closes_at=now + timedelta(days=30),
        remind_days="",
        note="",
        opened_at=now,
    )
    session.add(survey)
    session.flush()
    return survey.id


def _report(session: Session, side: Side, *, bureau: Side, is_public: bool = False) -> int:
    now = database_moment(session)
    report = QuarterlyReport(
        bureau_id=bureau.bureau.id,
        region=f"{side.region[:3]}100",
        year=2026,
        quarter=1,
        measures="",
        measures_en="",
        status=ReportStatus.PUBLISHED if is_public else ReportStatus.MADE,
        asked_by=bureau.second_officer.id,
        asked_at=now,
        made_at=now,
        published_at=now if is_public else None,
    )
    session.add(report)
    session.flush()
    return report.id


def _proposal(session: Session, side: Side) -> dict[str, int | str]:
    now = database_moment(session)
    reference_list = ReferenceList(
        bureau_id=side.bureau.id,
        kind=ListKind.PROVINCE,
        title="for tests",
        place="for tests",
        document="for tests",
        valid_from=date(2026, 1, 1),
        digest="0" * 64,
        lines=1,
        matched=0,
        imported_at=now,
    )
    session.add(reference_list)
    session.flush()
    price = session.scalars(select(Price).order_by(Price.id).limit(1)).one()
    reference = ReferencePrice(
        list_id=reference_list.id,
        number=2,
        drug_code="",
        generic="x",
        form="",
        strength="x",
        maker="x",
        pack_units=1,
        pack_price=Decimal(1),
    )
    session.add(reference)
    session.flush()
    proposal = LinkageProposal(
        bureau_id=side.bureau.id,
        price_id=price.id,
        reference_id=reference.id,
        present_price=Decimal(2),
        proposed_price=Decimal(1),
        basis="for tests",
        status=ProposalStatus.PROPOSED,
        proposed_by=side.second_officer.id,
        proposed_at=now,
    )
    session.add(proposal)
    session.flush()
    return {"reference_list_id": reference_list.id, "linkage_proposal": proposal.id}
