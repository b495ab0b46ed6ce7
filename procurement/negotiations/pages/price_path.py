"""The price path of a drug over 2, 4 and 8 years, from a forecast that is typed.

Its maker and the bureau see the path of what they typed; nothing of it is kept.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from pricing.money import round_half_up
from pricing.renewal import ROUTE_WORDS, Cell, PathStep, PricePath, Route
from pricing.renewal.outcome import percent, plain
from procurement.errors import RefusedError
from procurement.negotiations.at_edge import Reader, about, dossier_for, shown
from procurement.negotiations.dossiers.filing import filed_content
from procurement.negotiations.outputs.charts import draw, standards_line
from procurement.negotiations.outputs.said import Reader as Viewer
from procurement.negotiations.renewals.forecast import (
    YEARS,
    Forecast,
    forecast_path,
    present_standard,
    years_of_agreement,
)
from procurement.negotiations.renewals.renewing import HALVINGS
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.rounds.at_edge import attempt, filled_form
from procurement.web import Form, RowId, Visit, reads, writes

_PATH = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}/renewal/path"
_SHOWN_AFTER = (2, 4, 8)
_HALVING_WORDS = {
    "combined": ("合并降幅减半", "half of the combined cut"),
    "each": ("各项降幅分别减半", "half of each cut"),
}


@get(_PATH, include_in_schema=False)
@reads
def show_path(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the form of a forecast."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.READ_DOSSIER)
    return _page(visit, dossier, None, None, _known(visit, dossier))


@post(_PATH, include_in_schema=False, status_code=200)
@writes
def simulate(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the path of a forecast, which is not kept."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.READ_DOSSIER)
    found: list[PricePath] = []

    def work() -> None:
        reader = Reader(visit.form)
        forecast = _forecast(reader, years_of_agreement(dossier.campaign.renewal_rulebook))
        with reader.checked():
            found.append(forecast_path(forecast, rulebook=dossier.campaign.renewal_rulebook))

    refusal = attempt(visit, work)
    return _page(visit, dossier, refusal, found[0] if found else None, visit.form)


def _forecast(reader: Reader, years: int) -> Forecast:
    def amounts(name: str, count: int) -> dict[int, Decimal]:
        typed = ((number, reader.decimal(f"{name}_{number}")) for number in range(1, count + 1))
        return {number: amount for number, amount in typed if amount is not None}

    return Forecast(
        price=reader.decimal("price"),
        spends=amounts("spend", YEARS),
        budgets=amounts("budget", YEARS // years),
        added=amounts("added", YEARS // years),
        years_listed=reader.whole("years_listed") or 0,
        class_1=reader.form.get("class_1") == "yes",
        payment_ratio=reader.decimal("payment_ratio"),
        renegotiated_cut=reader.decimal("renegotiated_cut"),
        generic_from_year=reader.whole("generic_from_year"),
        halving=reader.text("halving"),
    )


def _known(visit: Visit, dossier: Dossier) -> Form:
    """What the dossier and its standard tell already."""
    content = filed_content(visit.session, dossier_id=dossier.id) or {}
    price = present_standard(visit.session, dossier=dossier)
    values = {
        "price": "" if price is None else plain(price),
        "years_listed": content.get("years_listed", "0"),
        "class_1": "yes" if content.get("is_class_1") == "yes" else "",
    }
    return filled_form({name: (value,) for name, value in values.items() if value})


def _page(
    visit: Visit,
    dossier: Dossier,
    refusal: RefusedError | None,
    path: PricePath | None,
    values: Form,
) -> Response[Any]:
    rulebook = dossier.campaign.renewal_rulebook
    years = years_of_agreement(rulebook)
    return shown(
        visit,
        "price_path.html",
        refusal,
        **about(visit, dossier),
        values=values,
        rulebook=rulebook,
        agreements=[
            (number, [(number - 1) * years + year for year in range(1, years + 1)])
            for number in range(1, YEARS // years + 1)
        ],
        halvings=[(one, visit.text(*_HALVING_WORDS[one])) for one in HALVINGS],
        path=path,
        **({} if path is None else _shown_path(visit, path)),
    )


def _shown_path(visit: Visit, path: PricePath) -> dict[str, object]:
    changes = [
        (step.year, None if step.price_after is None else float(step.price_after))
        for step in path.steps
    ]
    picture = standards_line(
        float(path.price), changes, years=path.years, reader=Viewer(visit.language)
    )
    return {
        "picture": picture,
        "drawn": draw(picture, language=visit.language),
        "steps": [_row(visit, step) for step in path.steps],
        "after": [
            (years, None if price is None else plain(price))
            for years in _SHOWN_AFTER
            if years <= path.years
            for price in (path.price_after(years),)
        ],
        "clauses": dict(_clauses(path)),
        "not_tested": any("budget_growth" in step.renewal.not_given for step in path.steps),
    }


def _row(visit: Visit, step: PathStep) -> dict[str, str]:
    """A renewal in words; cells are shown where they were hit."""
    renewal, facts = step.renewal, step.facts
    is_simple = renewal.route is Route.SIMPLE
    return {
        "year": str(step.year),
        "a": _percent(facts.ratio_a),
        "cell_a": _cell(visit, renewal.cell_a) if is_simple else "—",
        "b": "—" if facts.ratio_b is None else _percent(facts.ratio_b),
        "cell_b": _cell(visit, renewal.cell_b),
        "route": visit.text(*ROUTE_WORDS[renewal.route]),
        "cut": "—" if renewal.cut is None else percent(renewal.cut),
        "price": "—" if step.price_after is None else plain(step.price_after),
    }


def _percent(ratio: Decimal) -> str:
    """A computed ratio, which may have no end, to a hundredth of a percent."""
    return percent(round_half_up(ratio, 4))


def _cell(visit: Visit, cell: Cell | None) -> str:
    if cell is None:
        return "—"
    cut, row, column = percent(cell.cut), cell.row + 1, cell.column + 1
    above, until = percent(cell.ratio_above), percent(cell.ratio_until)
    return visit.text(
        f"第 {row} 行第 {column} 列（{above} 至 {until}）：{cut}",
        f"row {row}, column {column} ({above} to {until}): {cut}",
    )


def _clauses(path: PricePath) -> Iterator[tuple[str, bool]]:
    """The rules that were applied, and whether a source states each in full."""
    for step in path.steps:
        for rule in step.renewal.steps:
            yield rule.clause, rule.is_verified


ROUTES = (show_path, simulate)
"""Handlers of these pages."""
