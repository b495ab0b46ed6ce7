"""Lists from files: places, points of counties, designated places, responsible doctors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.agreements.at_edge import typed_id
from procurement.catalogue.csv_lines import BYTES_MAX, Column
from procurement.catalogue.spreadsheets import as_csv
from procurement.errors import RefusedError
from procurement.orders.pages.sheets import CSV
from procurement.orders.pages.typed import GoodsReader, posted_content
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.pharmacies.designation import doctors, importing
from procurement.pharmacies.designation.tables import DesignatedDoctor
from procurement.pharmacies.pages.designation.words import answer, line_faults
from procurement.pharmacies.places import geography
from procurement.pharmacies.places import importing as places_importing
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place
from procurement.rounds.at_edge import attempt, faults_of
from procurement.volumes.at_edge import file_answer
from procurement.web import RowId, Visit, reads, redirect, writes

FIELDS = ("file", "source", "kind")


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of list that is read from a file.

    Attributes:
        action: Who may.
        zh: Its name in Chinese.
        en: Its name in English.
        columns: Of the file.
        take: Reads it, and says how it went in Chinese and English, with warnings.
    """

    action: Action
    zh: str
    en: str
    columns: tuple[Column, ...]
    take: Callable[[Visit, bytes], tuple[str, str, list[tuple[str, str]]]]


def _places(visit: Visit, content: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    done = places_importing.import_places(
        visit.session, content=content, actor=visit.actor, moment=visit.moment
    )
    zh = f"新增 {done.added} 家，变更 {done.changed} 家，{done.unchanged} 家没有变化。"
    en = f"{done.added} added, {done.changed} changed, {done.unchanged} as they were."
    return zh, en, done.warnings


def _counties(visit: Visit, content: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    count = geography.import_county_points(
        visit.session,
        content=content,
        source=visit.form.get("source", ""),
        actor=visit.actor,
        moment=visit.moment,
    )
    return f"已登记 {count} 个县区的坐标。", f"{count} counties have a point now.", []


def _designations(visit: Visit, content: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    count = importing.import_designations(
        visit.session, content=content, actor=visit.actor, moment=visit.moment
    )
    return f"已登记 {count} 家定点机构。", f"{count} places are designated.", []


def _doctors(visit: Visit, content: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    count = doctors.import_doctors(
        visit.session, content=content, actor=visit.actor, moment=visit.moment
    )
    return f"已登记 {count} 名责任医师。", f"{count} responsible doctors are named.", []


KINDS: Mapping[str, ListKind] = {
    "places": ListKind(
        Action.IMPORT_PLACES, "医药机构名单", "places", places_importing.COLUMNS, _places
    ),
    "counties": ListKind(
        Action.IMPORT_PLACES, "县区坐标", "points of counties", geography.COLUMNS, _counties
    ),
    "designated": ListKind(
        Action.OPEN_DESIGNATION,
        "已公布的定点名单",
        "published list of designated places",
        importing.COLUMNS,
        _designations,
    ),
    "doctors": ListKind(
        Action.DESIGNATE_DOCTOR, "责任医师名单", "responsible doctors", doctors.COLUMNS, _doctors
    ),
}
"""By the last part of the address."""


def _kind(visit: Visit, name: str) -> ListKind:
    kind = KINDS.get(name)
    if kind is None:
        raise NotFoundForActorError
    visit.require_ever(kind.action)
    visit.require(kind.action, Subject(regions=(visit.actor.region,)))
    return kind


@get("/designations/lists/{list_name:str}", include_in_schema=False)
@reads
def show_list_form(visit: Visit, list_name: FromPath[str]) -> Response[Any]:
    """Ask for a file."""
    return _page(visit, list_name, _kind(visit, list_name), None)


def _page(
    visit: Visit,
    name: str,
    kind: ListKind,
    refusal: RefusedError | None,
    done: tuple[str, str, list[tuple[str, str]]] | None = None,
) -> Response[Any]:
    found = faults_of(refusal)
    return answer(
        visit,
        "lists.html",
        refusal,
        name=name,
        kind=kind,
        title=visit.text(kind.zh, kind.en),
        others=[
            (other, visit.text(one.zh, one.en))
            for other, one in KINDS.items()
            if visit.may_ever(one.action)
        ],
        faults=[one for one in found if one.field in FIELDS],
        line_faults=line_faults(found, FIELDS),
        done=None if done is None else visit.text(done[0], done[1]),
        warnings=[] if done is None else [visit.text(*pair) for pair in done[2]],
    )


@get("/designations/lists/{list_name:str}/template.csv", include_in_schema=False)
@reads
def list_template(visit: Visit, list_name: FromPath[str]) -> Response[bytes]:
    """Give the heading of a list, to be filled in."""
    kind = _kind(visit, list_name)
    heading = [visit.text(column.zh, column.key) for column in kind.columns]
    return file_answer(as_csv([heading]), name=f"{list_name}.csv", media_type=CSV)


@post(
    "/designations/lists/{list_name:str}",
    include_in_schema=False,
    request_max_body_size=2 * BYTES_MAX,
)
@writes
def take_list(visit: Visit, list_name: FromPath[str]) -> Response[Any]:
    """Take over a list: all of its lines, or none."""
    kind = _kind(visit, list_name)
    done: list[tuple[str, str, list[tuple[str, str]]]] = []
    refusal = attempt(
        visit, lambda: done.append(kind.take(visit, posted_content(visit, "file", BYTES_MAX)))
    )
    return _page(visit, list_name, kind, refusal, done[0] if done else None)


@post("/designations/doctors/{doctor_id:int}/end", include_in_schema=False)
@writes
def end_one(visit: Visit, doctor_id: RowId) -> Response[Any]:
    """Say until when somebody is a responsible doctor."""
    visit.require_ever(Action.DESIGNATE_DOCTOR)
    doctor = visit.session.get(DesignatedDoctor, doctor_id)
    if doctor is None:
        raise NotFoundForActorError
    place = visit.session.get_one(Place, doctor.place_id)
    visit.require(Action.DESIGNATE_DOCTOR, place_subject(place))
    reader = GoodsReader(visit.form)
    ends_on = reader.day("ends_on")
    doctors.end_doctor(
        visit.session,
        doctor_id=doctor.id,
        ends_on=ends_on,
        version=reader.version,
        actor=visit.actor,
        moment=visit.moment,
    )
    back = typed_id(visit.form.get("back", "")) or 0
    return redirect(f"/designations/{back}" if back else "/designations")


ROUTES = (show_list_form, list_template, take_list, end_one)
"""Handlers of these pages."""
