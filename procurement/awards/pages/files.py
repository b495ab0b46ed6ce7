"""Sending what a page shows as a file."""

from collections.abc import Sequence

from litestar import Response

from procurement.awards.pages.tabled import XLSX, Head, Table, as_pdf, as_sheet
from procurement.awards.report_view import ReportView
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import Round
from procurement.web import Visit
from procurement.web.printing import print_moment

PDF = "application/pdf"
KINDS = {"xlsx": (as_sheet, XLSX), "pdf": (as_pdf, PDF)}


def head_of(visit: Visit, round_: Round, report: ReportView, title: str, scope: str) -> Head:
    """Return what stands above the tables: of which report they are, and whose view it is."""
    evaluated = print_moment(report.row.evaluated_at, visit.language)
    printed = print_moment(visit.moment, visit.language)
    digest = report.row.report_digest
    return Head(
        title=title,
        subtitle=f"{round_.title} ({round_.name})",
        lines=(
            scope,
            visit.text(
                f"评审时间 {evaluated}；评审报告摘要（SHA-256）{digest}",
                f"Evaluated {evaluated}; digest of the report (SHA-256) {digest}",
            ),
            visit.text(f"导出时间 {printed}", f"Exported {printed}"),
        ),
        language=visit.language,
    )


def file_answer(
    visit: Visit, kind: str, name: str, head: Head, tables: Sequence[Table]
) -> Response[bytes]:
    """Answer with tables as a file.

    Raises:
        NotFoundForActorError: There are no files of that kind.
        FontsMissingError: A PDF needs Chinese fonts that the machine lacks.
    """
    if kind not in KINDS:
        raise NotFoundForActorError
    make, media_type = KINDS[kind]
    content = make(head, tables, visit.moment)
    named = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return Response(
        content,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{named}.{kind}"'},
    )
