"""The one line from reported need to the cent kept, and the forecast during the year."""

from decimal import Decimal
from typing import Any

from litestar import Response, get

from procurement.accounts.organisations.related import reports_for
from procurement.accounts.organisations.search import Wanted, organisations_matching
from procurement.accounts.organisations.service import organisations_by_id
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.at_edge import typed_id
from procurement.china_days import day_in_china
from procurement.errors import InvalidInputError, RefusedError
from procurement.permissions import Action, Role
from procurement.rounds.at_edge import FormReader, faults_of
from procurement.rounds.rulebook_words import Voice
from procurement.savings.at_edge import any_hospital
from procurement.savings.forecasts.forecasting import forecast_of
from procurement.savings.forecasts.shapes import HospitalForecast, LineForecast, TermForecast
from procurement.savings.one_line.reading import one_line_of
from procurement.savings.one_line.shapes import HospitalLines
from procurement.savings.pages.line_view import (
    Badge,
    LineWriter,
    Settled,
    finding_of,
    parsed_day,
    strip_of,
)
from procurement.savings.pages.statement_view import papers_of
from procurement.savings.pages.visiting import shown
from procurement.savings.pages.words import words
from procurement.savings.papers.words import money_words, ratio_words, reasons_words
from procurement.savings.rules.exact import cents
from procurement.savings.settlements.factor_values import FACTORS
from procurement.savings.settlements.reading import settlement_named
from procurement.savings.statements.content import statement_of
from procurement.web import Form, RowId, Visit, paginate, reads, render

HOSPITALS_MAX = 500


@get("/savings/line/{hospital_id:int}", include_in_schema=False)
@reads
def show_line(visit: Visit, hospital_id: RowId) -> Response[Any]:
    """Show every product of a hospital from the reported need to the cent that is kept."""
    hospital = any_hospital(visit, hospital_id)
    day = parsed_day(visit.query.get("day", ""), day_in_china(visit.moment))
    score, _ = _score(visit)
    found = one_line_of(visit.session, hospital_id=hospital.id, day=day, expected_score=score)
    forecast = forecast_of(visit.session, hospital_id=hospital.id, day=day, expected_score=score)
    settled = _settled(visit, hospital, found)
    writer = LineWriter(found, forecast, settled, text=visit.text)
    return shown(
        visit,
        "line.html",
        None,
        hospital=hospital,
        finding=finding_of(found, visit.text),
        strip=strip_of(found, settled, visit.text),
        products=writer.lines(),
        mismatches=[
            {"words": visit.text(one.zh, one.en), "link": one.link} for one in found.mismatches
        ],
        day=day,
    )


def _settled(visit: Visit, hospital: Organisation, found: HospitalLines) -> Settled:
    """Lines of the statements in which something of the hospital is settled."""
    names = sorted({one.statement for one in found.lines if one.statement is not None})
    lines = {}
    for name in names:
        settlement = settlement_named(visit.session, name=name)
        statement = statement_of(
            visit.session,
            settlement=settlement,
            hospital_id=hospital.id,
            with_unsent=False,
        )
        _, content = papers_of(visit, settlement, statement)
        for line, own in zip(statement.lines, content.lines, strict=True):
            lines[line.row.term_id, line.row.supply_id] = own
    return lines


@get("/savings/forecast", include_in_schema=False)
@reads
def show_forecast(visit: Visit) -> Response[Any]:
    """Show what a hospital keeps at today's pace, and what completes its volumes."""
    visit.require_ever(Action.READ_STATEMENT)
    choices = _hospitals(visit)
    asked = typed_id(visit.query.get("hospital", ""))
    own = visit.actor.organisation_id if Role.HOSPITAL in visit.actor.roles else 0
    if not (asked or own):
        return _forecast_page(visit, None, None, choices, None)
    hospital = any_hospital(visit, asked or own or 0)
    score, refusal = _score(visit)
    day = parsed_day(visit.query.get("day", ""), day_in_china(visit.moment))
    try:
        forecast = forecast_of(
            visit.session, hospital_id=hospital.id, day=day, expected_score=score
        )
    except InvalidInputError as wrong:
        refusal = wrong
        forecast = forecast_of(visit.session, hospital_id=hospital.id, day=day)
    return _forecast_page(visit, hospital, forecast, choices, refusal)


def _score(visit: Visit) -> tuple[Decimal | None, RefusedError | None]:
    """The points that are expected, as the address has them."""
    name = "expected_score"
    reader = FormReader(Form({name: (visit.query.get(name, ""),)}))
    value = reader.decimal(name)
    return value, InvalidInputError(reader.faults) if reader.faults else None


def _hospitals(visit: Visit) -> list[tuple[int, str]]:
    """Hospitals for a choice: a lead's own group, a bureau's region."""
    roles = visit.actor.roles
    if Role.HOSPITAL in roles:
        ids = reports_for(
            visit.session,
            hospital_id=visit.actor.organisation_id or 0,
            on_date=day_in_china(visit.moment),
        )
        found = organisations_by_id(visit.session, organisation_ids=ids)
        return [(one.id, one.name) for one in found.values()]
    wanted = Wanted(kind=OrganisationKind.HOSPITAL, region=visit.actor.region)
    page = paginate(visit.session, organisations_matching(wanted), number=1, size=HOSPITALS_MAX)
    return [(one.id, one.name) for one in page.rows]


def _forecast_page(
    visit: Visit,
    hospital: Organisation | None,
    forecast: HospitalForecast | None,
    choices: list[tuple[int, str]],
    refusal: RefusedError | None,
) -> Response[Any]:
    terms = () if forecast is None else forecast.terms
    return render(
        visit,
        "savings/forecast.html",
        **words(visit),
        hospital=hospital,
        choices=choices,
        values={**visit.query, "hospital": "" if hospital is None else str(hospital.id)},
        faults=faults_of(refusal),
        finding="" if forecast is None else _finding(visit, forecast),
        unknown=[said for term in terms for said in _unknown(visit, term)],
        rows=[_row(visit, term, line) for term in terms for line in term.lines],
        figures=() if forecast is None else _figures(visit, forecast),
    )


def _finding(visit: Visit, forecast: HospitalForecast) -> str:
    behind = sum(1 for term in forecast.terms for line in term.lines if not line.completes)
    if not forecast.terms:
        return ""
    lines = sum(len(term.lines) for term in forecast.terms)
    words = visit.text(
        f"按目前进度，{lines} 项中有 {behind} 项到期末完不成约定采购量",
        f"Lines that do not complete their volume at today's pace: {behind} of {lines}",
    )
    if forecast.at_pace is not None:
        kept, most = money_words(forecast.at_pace), money_words(forecast.if_completed)
        words += visit.text(
            f"；可留用 {kept} 元，全部完成可留用 {most} 元",
            f"; {kept} yuan are kept, {most} yuan if all are completed",
        )
    return words + visit.text("。", ".")


def _unknown(visit: Visit, term: TermForecast) -> list[str]:
    batch = term.term.batch
    if term.basis is None:
        return [
            visit.text(
                f"{batch}：经办机构还没有起草清算，支付比例等参数未知，只能预计数量。",
                f"{batch}: no settlement is drafted, so factors are unknown; only volumes are "
                "forecast.",
            )
        ]
    if term.assessed is None:
        return [
            visit.text(
                f"{batch}：没有预期的考核得分，请在上方填写。",
                f"{batch}: no score is expected; give one above.",
            )
        ]
    return []


def _figures(visit: Visit, forecast: HospitalForecast) -> list[tuple[str, str]]:
    figures = [
        (
            visit.text("按目前进度可留（元）", "Kept at this pace, yuan"),
            money_words(forecast.at_pace),
        ),
        (
            visit.text("全部完成可留（元）", "Kept if all are completed, yuan"),
            money_words(forecast.if_completed),
        ),
    ]
    for term in forecast.terms:
        words = f"{term.days_elapsed} / {term.days}"
        figures.append(
            (visit.text(f"{term.term.batch} 已过天数", f"{term.term.batch}: days"), words)
        )
    return figures


def _row(visit: Visit, term: TermForecast, line: LineForecast) -> dict[str, object]:
    supply, voice = line.supply, Voice(visit.language)
    lacking = voice.say(("、", ", ")).join(visit.text(*FACTORS[one]) for one in line.lacking)
    advice = []
    if lacking:
        advice.append(visit.text(f"未给出{lacking}", f"not given: {lacking}"))
    if line.reasons:
        advice.append(reasons_words(line.reasons, voice))
    if line.base_to_use is not None:
        times_ = ratio_words(round(line.base_to_use, 2))
        advice.append(
            visit.text(f"基数为使用量的 {times_} 倍", f"the base is {times_} times the use")
        )
    mark = Badge(visit.text("可完成", "on the way"), "good")
    if line.warned:
        mark = Badge(visit.text("基数偏高", "base far above use"), "warning")
    elif not line.completes:
        mark = Badge(visit.text("落后", "behind"), "warning")
    return {
        "title": f"{supply.product} {supply.strength}",
        "mark": mark,
        "batch": term.term.batch,
        "agreed": f"{line.agreed_volume:,} {supply.unit}",
        "received": f"{line.use.winning_volume:,}",
        "at_end": f"{line.projected:,}",
        "missing": f"{line.missing:,}",
        "at_pace": money_words(None if line.at_pace is None else cents(line.at_pace)),
        "if_completed": money_words(
            None if line.if_completed is None else cents(line.if_completed)
        ),
        "advice": " ".join([visit.text(line.zh, line.en), _ended(visit, advice)]).strip(),
    }


def _ended(visit: Visit, parts: list[str]) -> str:
    """Parts as one sentence; nothing where there is none."""
    return visit.text("；", "; ").join(parts) + visit.text("。", ".") if parts else ""


ROUTES = (show_line, show_forecast)
"""Handlers of these pages."""
