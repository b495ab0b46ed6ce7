"""Sending, taking back, accepting and returning reports by machine."""

from litestar import post
from litestar.params import FromPath, JSONBody

from procurement.errors import FieldFault, InvalidInputError
from procurement.permissions import Action
from procurement.volumes.api.reports import PATH, TAGS, answer_of
from procurement.volumes.api.shapes import ReportAnswer, ReturnBody, VersionBody
from procurement.volumes.at_edge import report_in_view
from procurement.volumes.reporting.papers import SIZE_MAX, keep_paper
from procurement.volumes.reporting.review import Correction, accept_report, return_report
from procurement.volumes.reporting.submit import submit_report, withdraw_report
from procurement.volumes.tables import PaperKind
from procurement.web import RowId, Visit, writes


@post(PATH + "/{report_id:int}/papers", tags=TAGS, request_max_body_size=SIZE_MAX + 2**20)
@writes
def post_paper(visit: Visit, name: FromPath[str], report_id: RowId) -> ReportAnswer:
    """Upload a stamped paper (multipart: ``file`` and ``kind``: commitment or stamped-form)."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    scan, kind = visit.form.files.get("file"), visit.form.get("kind", PaperKind.COMMITMENT)
    if scan is None or kind not in set(PaperKind):
        zh, en = "缺少文件，或类别不对。", "The file is missing, or its kind is unknown."
        raise InvalidInputError([FieldFault("file", zh, en)])
    keep_paper(
        visit.session,
        report=seen.report,
        kind=PaperKind(kind),
        filename=scan.filename,
        content=scan.file.read(SIZE_MAX + 1),
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, seen)


@post(PATH + "/{report_id:int}/submission", tags=TAGS)
@writes
def post_submission(
    visit: Visit, name: FromPath[str], report_id: RowId, data: JSONBody[VersionBody]
) -> ReportAnswer:
    """Send a report to the bureau; with it the hospital promises that its numbers are true."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    submit_report(
        visit.session,
        round_=seen.round,
        report=seen.report,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, seen)


@post(PATH + "/{report_id:int}/withdrawal", tags=TAGS)
@writes
def post_withdrawal(
    visit: Visit, name: FromPath[str], report_id: RowId, data: JSONBody[VersionBody]
) -> ReportAnswer:
    """Take a submitted report back to change it, while the window is open."""
    seen = report_in_view(visit, name, report_id, Action.REPORT_VOLUMES)
    withdraw_report(
        visit.session,
        round_=seen.round,
        report=seen.report,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, seen)


@post(PATH + "/{report_id:int}/acceptance", tags=TAGS)
@writes
def post_acceptance(
    visit: Visit, name: FromPath[str], report_id: RowId, data: JSONBody[VersionBody]
) -> ReportAnswer:
    """Accept a submitted report."""
    seen = report_in_view(visit, name, report_id, Action.REVIEW_REPORT)
    accept_report(
        visit.session,
        round_=seen.round,
        report=seen.report,
        version=data.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, seen)


@post(PATH + "/{report_id:int}/return", tags=TAGS)
@writes
def post_return(
    visit: Visit, name: FromPath[str], report_id: RowId, data: JSONBody[ReturnBody]
) -> ReportAnswer:
    """Return a report with a reason."""
    seen = report_in_view(visit, name, report_id, Action.REVIEW_REPORT)
    until = data.correct_until
    if until is not None and until.utcoffset() is None:
        zh, en = "时间须带时区。", "Expected a moment with its time zone."
        raise InvalidInputError([FieldFault("correct_until", zh, en)])
    return_report(
        visit.session,
        round_=seen.round,
        report=seen.report,
        version=data.version,
        correction=Correction(data.reason, until),
        actor=visit.actor,
        moment=visit.moment,
    )
    return answer_of(visit, seen)


ROUTES = (post_paper, post_submission, post_withdrawal, post_acceptance, post_return)
"""Handlers of the interface."""
