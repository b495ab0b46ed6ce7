"""What comes out of a model: charts, a workbook with formulas, a dossier in PDF.

A group sees its own copy's, the maker its own calculation file's; for anybody else there is none.
"""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from pricing.model_file import Model
from pricing.negotiation_report import Report
from procurement.bids.at_edge import secret_key
from procurement.negotiations.at_edge import about, dossier_for, shown
from procurement.negotiations.dossiers.calculation import model_of
from procurement.negotiations.dossiers.filing import files_of, newest_model
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.groups.calculating import report_of
from procurement.negotiations.groups.models import require_copy
from procurement.negotiations.groups.results import newest_result
from procurement.negotiations.outputs import (
    PDF,
    XLSX,
    dossier_of,
    make_workbook,
    outputs_of,
    price_asked,
    print_dossier,
)
from procurement.negotiations.pages.groups import group_for
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action, NotFoundForActorError
from procurement.web import RowId, Visit, reads

_BASE = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}"
_GROUP = f"{_BASE}/groups/{{group:str}}"

DRAWS, SEED = 1_000, 1
"""Where nothing was computed and signed yet: enough for a picture, and soon drawn."""
DRAWS_OF_MAKER = 200
"""Anybody may be a maker, and hand in what takes long to draw."""


@get(f"{_GROUP}/outputs", include_in_schema=False)
@reads
def show_outputs_of_group(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, group: FromPath[str]
) -> Response[Any]:
    """Show what comes out of a group's copy."""
    dossier, model, report = _of_group(visit, campaign, dossier_id, group)
    return _page(visit, dossier, model, report, f"{address_of(dossier)}/groups/{group}")


@get(f"{_GROUP}/outputs/{{kind:str}}", include_in_schema=False)
@reads
def file_of_group(
    visit: Visit,
    campaign: FromPath[str],
    dossier_id: RowId,
    group: FromPath[str],
    kind: FromPath[str],
) -> Response[bytes]:
    """Send the workbook or the dossier of a group's copy."""
    _, model, report = _of_group(visit, campaign, dossier_id, group)
    return _file(visit, model, report, kind)


@get(f"{_BASE}/outputs", include_in_schema=False)
@reads
def show_own_outputs(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the maker what comes out of its calculation file."""
    dossier, model, report = _own(visit, campaign, dossier_id)
    return _page(visit, dossier, model, report, address_of(dossier))


@get(f"{_BASE}/outputs/{{kind:str}}", include_in_schema=False)
@reads
def own_file(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, kind: FromPath[str]
) -> Response[bytes]:
    """Send the maker the workbook or the dossier of its calculation file."""
    _, model, report = _own(visit, campaign, dossier_id)
    return _file(visit, model, report, kind)


def _of_group(
    visit: Visit, campaign: str, dossier_id: int, group: str
) -> tuple[Dossier, Model, Report]:
    dossier, found = group_for(visit, campaign, dossier_id, group)
    key = secret_key(visit)
    copy, model = require_copy(visit.session, dossier=dossier, group=found, secret_key=key)
    result = newest_result(visit.session, dossier=dossier, group=found, secret_key=key)
    if result is None or result.content["copy"] != copy.number:
        return dossier, model, report_of(model, draws=DRAWS, seed=SEED)
    draws, seed = result.content["draws"], result.content["seed"]
    return dossier, model, report_of(model, draws=draws, seed=seed)


def _own(visit: Visit, campaign: str, dossier_id: int) -> tuple[Dossier, Model, Report]:
    dossier = dossier_for(visit, campaign, dossier_id, Action.SUBMIT_DOSSIER)
    stored = newest_model(visit.session, dossier_id=dossier.id)
    if stored is None:
        raise NotFoundForActorError
    model = model_of(files_of(stored))
    return dossier, model, report_of(model, draws=DRAWS_OF_MAKER, seed=SEED)


def _page(visit: Visit, dossier: Dossier, model: Model, report: Report, here: str) -> Response[Any]:
    price = price_asked(visit.query.get("price"))
    files = [(f"{here}/outputs/xlsx", "Excel"), (f"{here}/outputs/pdf", "PDF")]
    outputs = outputs_of(dossier_of(model, report), language=visit.language, price=price)
    return shown(
        visit, "outputs.html", None, **about(visit, dossier), outputs_shown=outputs, files=files
    )


def _file(visit: Visit, model: Model, report: Report, kind: str) -> Response[bytes]:
    dossier, language, moment = dossier_of(model, report), visit.language, visit.moment
    if kind == "xlsx":
        media = XLSX
        content = make_workbook(model, report, dossier, language=language, moment=moment)
    elif kind == "pdf":
        media, content = PDF, print_dossier(dossier, language=language, moment=moment)
    else:
        raise NotFoundForActorError
    return Response(
        content,
        media_type=media,
        headers={"content-disposition": f'attachment; filename="model.{kind}"'},
    )


ROUTES = (show_outputs_of_group, file_of_group, show_own_outputs, own_file)
