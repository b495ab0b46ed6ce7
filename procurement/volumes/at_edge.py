"""What the pages and the API of volumes share: finding the report, naming regions, files."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Response

from procurement.accounts.divisions import division_name
from procurement.accounts.tables import Organisation
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.reading import round_named
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import Round
from procurement.volumes.reporting.service import report_of
from procurement.volumes.states import STATUS_NAMES, ReportStatus
from procurement.volumes.subjects import base_volumes_subject, report_subject, volumes_subject
from procurement.volumes.tables import VolumeReport
from procurement.web import Visit

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
CSV = "text/csv; charset=utf-8"

STATUS_KINDS = {
    ReportStatus.DRAFT: "neutral",
    ReportStatus.SUBMITTED: "info",
    ReportStatus.RETURNED: "warning",
    ReportStatus.ACCEPTED: "good",
}
"""How a status is marked."""


@dataclass(frozen=True, slots=True)
class ReportVisit:
    """A report that the visitor may do something with."""

    round: Round
    report: VolumeReport
    hospital: Organisation
    subject: Subject

    @property
    def address(self) -> str:
        """Address of the report's page."""
        return report_address(self.round, self.report)


def report_address(round_: Round, report: VolumeReport) -> str:
    """Address of a report's page."""
    return f"/rounds/{round_.name}/volumes/reports/{report.id}"


def round_in_view(visit: Visit, name: str, action: Action) -> Round:
    """Return a round whose volumes the visitor may look at or work on.

    Raises:
        NotFoundForActorError: There is none of this name, or it is not the visitor's concern.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    _refuse_at_once(visit, action)
    round_ = round_named(visit.session, name=name)
    make = (
        base_volumes_subject
        if action in (Action.READ_BASE_VOLUMES, Action.AGGREGATE_VOLUMES)
        else volumes_subject
    )
    visit.require(action, make(visit.session, round_=round_, actor=visit.actor))
    return round_


def public_round(visit: Visit, name: str) -> Round:
    """Return a round that hospitals report for: one that is not public yet does not exist.

    Raises:
        NotFoundForActorError: There is none of this name, or it is not the visitor's to see.
    """
    round_ = round_named(visit.session, name=name)
    visit.require(Action.READ_ROUND, round_subject(visit.session, round_))
    return round_


def report_in_view(visit: Visit, name: str, report_id: int, action: Action) -> ReportVisit:
    """Return a report that the visitor may look at or work on.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's concern.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    _refuse_at_once(visit, action)
    round_ = round_named(visit.session, name=name)
    report = report_of(visit.session, round_=round_, report_id=report_id)
    subject = report_subject(visit.session, round_=round_, report=report, moment=visit.moment)
    visit.require(action, subject)
    hospital = visit.session.get_one(Organisation, report.hospital_id)
    return ReportVisit(round_, report, hospital, subject)


def _refuse_at_once(visit: Visit, action: Action) -> None:
    # Before looking: who may do it with nothing must not learn what there is.
    with suppress(NotFoundForActorError):
        visit.require(action)


def status_words(visit: Visit) -> dict[str, str]:
    """The name of each status in the visitor's language."""
    return {status: visit.text(*names) for status, names in STATUS_NAMES.items()}


def region_words(visit: Visit, code: str) -> str:
    """The name of a division in the visitor's language."""
    return visit.text(*division_name(code))


def file_answer(
    content: bytes, *, name: str, media_type: str, inline: bool = False
) -> Response[Any]:
    """Answer with a file; its name may be Chinese."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in name)
    plain = plain.replace('"', "_").replace("\\", "_")
    how = "inline" if inline else "attachment"
    return Response(
        content,
        media_type=media_type,
        headers={
            "content-disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
            "x-content-type-options": "nosniff",
        },
    )
