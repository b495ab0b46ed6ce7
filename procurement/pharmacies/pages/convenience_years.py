"""Years of convenience pharmacies: what is known, the judgement, the end of the sign."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from pricing.stated_rules import RuleNotStatedError
from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError, RefusedError
from procurement.permissions import Action, Subject
from procurement.pharmacies.convenience.documents import require_convenience
from procurement.pharmacies.convenience.judging import (
    KnownYear,
    Stated,
    judge_year,
    known_year,
    newest_year,
    remove_sign,
    years_of,
)
from procurement.pharmacies.places.service import find_place
from procurement.pharmacies.places.subjects import place_subject
from procurement.pharmacies.places.tables import Place
from procurement.web import Visit, reads, redirect, render, writes
from rulebooks.vocabulary.pharmacy import PHARMACY_TERMS

_NUMBER_LENGTH_MAX = 20


@get("/convenience/{code:str}/years", include_in_schema=False)
@reads
def show_years(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Show what is known of the year, and the judgements."""
    return _years(visit, _checked(visit, code))


def _checked(visit: Visit, code: str) -> Place:
    visit.require_ever(Action.CHECK_CONVENIENCE)
    place = find_place(visit.session, code=code)
    visit.require(Action.CHECK_CONVENIENCE, place_subject(place))
    return place


def _years(
    visit: Visit,
    place: Place,
    *,
    faults: tuple[Any, ...] = (),
    refusal: RefusedError | None = None,
) -> Response[Any]:
    today = day_in_china(visit.moment)
    designation = require_convenience(visit.session, place=place, day=today)
    year = _year(visit, today)
    try:
        known: KnownYear | None = known_year(
            visit.session, place=place, designation=designation, year=year, moment=visit.moment
        )
    except (RefusedError, RuleNotStatedError) as error:
        # A page that shows nothing would not say why.
        known, refusal = None, refusal or _refusal(error)
    newest = newest_year(visit.session, designation_id=designation.id)
    return render(
        visit,
        "pharmacies/convenience/years.html",
        status=422 if faults else 409 if refusal is not None else 200,
        place=place,
        year=year,
        known=known,
        years=years_of(visit.session, place_id=place.id),
        designation=designation,
        may_remove=newest is not None
        and not newest.keeps_sign
        and visit.may(
            Action.DECIDE_DESIGNATION,
            Subject(bureau_id=designation.decider_id, regions=(place.county,)),
        ),
        values=visit.form if faults else _suggested(known, year),
        faults=faults,
        refusal=refusal,
        term_names={key: visit.text(term.zh, term.en) for key, term in PHARMACY_TERMS.items()},
    )


def _refusal(error: RefusedError | RuleNotStatedError) -> RefusedError:
    if isinstance(error, RuleNotStatedError):
        return RefusedError(zh=error.zh, en=error.en)
    return error


def _year(visit: Visit, today: date) -> int:
    text = visit.query.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year


def _suggested(known: KnownYear | None, year: int) -> dict[str, str]:
    completion = None if known is None else known.completion
    return {
        "year": str(year),
        "completion": "" if completion is None else f"{completion:f}",
        "sales": "" if known is None or known.amount is None else f"{known.amount:f}",
    }


@post("/convenience/{code:str}/years", include_in_schema=False)
@writes
def judge(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Judge a year."""
    place = _checked(visit, code)
    year = visit.form.get("year", "")
    stated = Stated(
        completion=_decimal(visit.form.get("completion", "")),
        sales=_decimal(visit.form.get("sales", "")),
        basis=visit.form.get("basis", ""),
    )
    try:
        with visit.savepoint():
            judge_year(
                visit.session,
                place=place,
                year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
                stated=stated,
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as error:
        return _years(visit, place, faults=tuple(error.faults))
    except RuleNotStatedError as error:
        return _years(visit, place, refusal=_refusal(error))
    return redirect(f"/convenience/{place.institution_code}/years?year={year}")


def _decimal(text: str) -> Decimal:
    """A number; what cannot be read is below zero, which the service refuses."""
    try:
        number = Decimal(text) if len(text) <= _NUMBER_LENGTH_MAX else Decimal(-1)
    except InvalidOperation:
        return Decimal(-1)
    return number if number.is_finite() else Decimal(-1)


@post("/convenience/{code:str}/removal", include_in_schema=False)
@writes
def remove(visit: Visit, code: FromPath[str]) -> Response[Any]:
    """Take the sign from a pharmacy."""
    place = _checked(visit, code)
    designation = require_convenience(visit.session, place=place, day=day_in_china(visit.moment))
    visit.require(
        Action.DECIDE_DESIGNATION,
        Subject(bureau_id=designation.decider_id, regions=(place.county,)),
    )
    version = visit.form.get("version", "")
    try:
        with visit.savepoint():
            remove_sign(
                visit.session,
                place=place,
                document=visit.form.get("document", ""),
                happens_on=_day(visit.form.get("happens_on", "")),
                version=int(version) if version.isascii() and version.isdigit() else 0,
                actor=visit.actor,
                moment=visit.moment,
            )
    except InvalidInputError as error:
        return _years(visit, place, faults=tuple(error.faults))
    except RefusedError as error:
        return _years(visit, place, refusal=error)
    return redirect(f"/convenience/{place.institution_code}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ROUTES = (show_years, judge, remove)
"""Handlers of these pages."""
