"""What permissions ask about things of monitoring."""

from sqlalchemy.orm import Session

from procurement.monitoring.states import ReportStatus
from procurement.monitoring.tables import (
    LinkageProposal,
    MonitoringSurvey,
    QuarterlyReport,
    ReferenceList,
)
from procurement.permissions import Actor, NotFoundForActorError, Subject


def own_monitoring(actor: Actor) -> Subject:
    """What the actor's own bureau watches."""
    return Subject(bureau_id=actor.organisation_id, regions=(actor.region,))


def survey_subject(survey: MonitoringSurvey) -> Subject:
    """A survey: the bureau's that runs it, and of the bureaus that its region lies in."""
    return Subject(bureau_id=survey.bureau_id, regions=(survey.region,))


def report_subject(report: QuarterlyReport) -> Subject:
    """A report; whoever asked for it does not publish it."""
    return Subject(
        bureau_id=report.bureau_id,
        regions=(report.region,),
        proposed_by=report.asked_by,
        is_public=report.status == ReportStatus.PUBLISHED,
    )


def proposal_subject(proposal: LinkageProposal) -> Subject:
    """A proposal; whoever made it does not decide it."""
    return Subject(bureau_id=proposal.bureau_id, proposed_by=proposal.proposed_by)


def list_subject(found: ReferenceList) -> Subject:
    """An imported list of prices."""
    return Subject(bureau_id=found.bureau_id)


def find_report(session: Session, *, report_id: int) -> QuarterlyReport:
    """Return a report.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.get(QuarterlyReport, report_id)
    if found is None:
        raise NotFoundForActorError
    return found


def find_survey(session: Session, *, survey_id: int) -> MonitoringSurvey:
    """Return a survey.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.get(MonitoringSurvey, survey_id)
    if found is None:
        raise NotFoundForActorError
    return found


def find_proposal(session: Session, *, proposal_id: int) -> LinkageProposal:
    """Return a proposal.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.get(LinkageProposal, proposal_id)
    if found is None:
        raise NotFoundForActorError
    return found


def find_list(session: Session, *, list_id: int) -> ReferenceList:
    """Return an imported list.

    Raises:
        NotFoundForActorError: There is none.
    """
    found = session.get(ReferenceList, list_id)
    if found is None:
        raise NotFoundForActorError
    return found
