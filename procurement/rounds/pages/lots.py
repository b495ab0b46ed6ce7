"""Pages: the lots of a round."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from bidding.bid_sheet import Category, DosageForm
from procurement.catalogue.generic_products import strengths_of as catalogued_strengths
from procurement.catalogue.listing import by_name, generic_product_list
from procurement.catalogue.tables import GenericProduct
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds import ending
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    round_for,
    status_of,
    whole_of,
)
from procurement.rounds.lots import (
    STRENGTHS_MAX,
    LotFacts,
    StrengthFacts,
    add_lot,
    change_lot,
    find_lot,
    lot_facts,
    remove_lot,
    strengths_of,
)
from procurement.rounds.pages.strength_rows import strengths_from, typed_rows, without_gaps
from procurement.rounds.progress import events_of
from procurement.rounds.rules import Part, may_change
from procurement.rounds.sheet import lots_of, strengths_by_lot
from procurement.rounds.tables import Lot, Round, RoundStatus
from procurement.web import Form, Visit, reads, redirect, render, writes

FORMS: dict[str, tuple[str, str]] = {
    DosageForm.ORAL_SOLID: ("口服固体制剂", "oral solid"),
    DosageForm.SMALL_INJECTION: ("小容量注射剂", "small-volume injection"),
    DosageForm.LARGE_INJECTION: ("大容量注射剂", "large-volume injection"),
    DosageForm.OTHER: ("其他剂型", "other form"),
}
CATEGORIES: dict[str, tuple[str, str]] = {
    Category.GENERAL: ("一般品种", "general"),
    Category.RESTRICTED: ("抗菌药物等品种", "restricted"),
    Category.SPECIAL: ("特殊使用级等品种", "special"),
}
STRENGTHS_SHOWN = 4
FOUND_MAX = 20

WITHDRAWN_BY_ONE = (RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS)


@get("/rounds/{name:str}/lots", include_in_schema=False)
@reads
def list_lots(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """List the lots with their strengths and ceilings."""
    round_, subject = round_for(visit, name, Action.READ_ROUND)
    may = visit.may(Action.CHANGE_ROUND, subject)
    return render(
        visit,
        "rounds/lots.html",
        round=round_,
        lots=lots_of(visit.session, round_id=round_.id),
        strengths=strengths_by_lot(visit.session, round_id=round_.id),
        categories={key: visit.text(*words) for key, words in CATEGORIES.items()},
        may_add=may and may_change(Part.LOTS, RoundStatus(round_.status)),
    )


@get("/rounds/{name:str}/lots/new", include_in_schema=False)
@reads
def new_lot(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Choose a product of the catalogue, then ask for the lot."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    words = visit.query.get("words", "").strip()[:100]
    chosen = _product(visit, visit.query.get("product", ""))
    values = _suggested(visit, round_, chosen)
    return _page(visit, round_, None, values, None, found=_found(visit, words), words=words)


@post("/rounds/{name:str}/lots/new", include_in_schema=False)
@writes
def create_lot(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Add a lot."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    reader = FormReader(without_gaps(visit.form))
    facts = facts_from(reader)

    def add() -> None:
        with reader.checked():
            add_lot(
                visit.session,
                round_=round_,
                facts=facts,
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, add)
    if refusal is not None:
        return _page(visit, round_, None, reader.form, refusal)
    return redirect(f"/rounds/{name}/lots")


@get("/rounds/{name:str}/lots/{code:str}", include_in_schema=False)
@reads
def show_lot(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Show a lot, and what happened to it."""
    round_, subject = round_for(visit, name, Action.READ_ROUND)
    lot = find_lot(visit.session, round_id=round_.id, code=code)
    events = [
        event for event in events_of(visit.session, round_id=round_.id) if event.lot_id == lot.id
    ]
    may = visit.may(Action.CHANGE_ROUND, subject)
    status = RoundStatus(round_.status)
    return render(
        visit,
        "rounds/lot.html",
        round=round_,
        lot=lot,
        strengths=strengths_of(visit.session, lot_id=lot.id),
        events=events,
        form=visit.text(*FORMS[lot.dosage_form]) if lot.dosage_form else "",
        category=visit.text(*CATEGORIES[lot.category]),
        may_edit=may and may_change(Part.PRICES, status),
        may_remove=may and may_change(Part.LOTS, status),
        may_withdraw=may and lot.failed_reason is None and status in WITHDRAWN_BY_ONE,
        may_propose=visit.may(Action.PROPOSE_STEP, subject)
        and lot.failed_reason is None
        and not may_change(Part.PRICES, status),
    )


@get("/rounds/{name:str}/lots/{code:str}/edit", include_in_schema=False)
@reads
def edit_lot(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Show a lot, to be changed."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    lot = find_lot(visit.session, round_id=round_.id, code=code)
    return _page(visit, round_, lot, values_of(lot_facts(visit.session, lot=lot)), None)


@post("/rounds/{name:str}/lots/{code:str}/edit", include_in_schema=False)
@writes
def save_lot(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Change a lot."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    lot = find_lot(visit.session, round_id=round_.id, code=code)
    reader = FormReader(without_gaps(visit.form))
    present = lot_facts(visit.session, lot=lot)
    fixed = not may_change(Part.LOTS, RoundStatus(round_.status))
    facts = _prices_of(present, reader) if fixed else facts_from(reader, code=lot.code)

    def change() -> None:
        with reader.checked():
            change_lot(
                visit.session,
                round_=round_,
                lot=lot,
                facts=facts,
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, lot, reader.form, refusal)
    return redirect(f"/rounds/{name}/lots/{code}")


@post("/rounds/{name:str}/lots/{code:str}/remove", include_in_schema=False)
@writes
def drop_lot(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Take a lot out of a draft."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    lot = find_lot(visit.session, round_id=round_.id, code=code)
    refusal = attempt(
        visit,
        lambda: remove_lot(
            visit.session, round_=round_, lot=lot, actor=visit.actor, moment=visit.moment
        ),
    )
    if refusal is not None:
        lot = find_lot(visit.session, round_id=round_.id, code=code)
        values = values_of(lot_facts(visit.session, lot=lot))
        return _page(visit, round_, lot, values, refusal)
    return redirect(f"/rounds/{name}/lots")


@post("/rounds/{name:str}/lots/{code:str}/withdraw", include_in_schema=False)
@writes
def withdraw_lot(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Withdraw a lot before the publication, with its reason."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    lot = find_lot(visit.session, round_id=round_.id, code=code)
    refusal = attempt(
        visit,
        lambda: ending.withdraw_lot(
            visit.session,
            round_=round_,
            lot=lot,
            reason=visit.form.get("reason", ""),
            actor=visit.actor,
            moment=visit.moment,
        ),
    )
    if refusal is not None:
        values = {**values_of(lot_facts(visit.session, lot=lot)), **visit.form}
        return _page(visit, round_, lot, values, refusal)
    return redirect(f"/rounds/{name}/lots/{code}")


def facts_from(reader: FormReader, *, code: str | None = None) -> LotFacts:
    """Read a lot from a form; rows in which nothing was typed are left out."""
    return LotFacts(
        code=code or reader.text("code"),
        product=reader.text("product"),
        unit=reader.text("unit"),
        generic_product_id=reader.whole("generic_product_id"),
        dosage_form=reader.text("dosage_form") or None,
        category=reader.text("category") or Category.GENERAL,
        daily_dose=reader.decimal("daily_dose"),
        by_brand=reader.form.get("by_brand") == "yes",
        strengths=tuple(strengths_from(reader)),
    )


def _prices_of(present: LotFacts, reader: FormReader) -> LotFacts:
    """The lot as it stands with the prices that were typed."""
    typed = {one.strength: one for one in strengths_from(reader)}
    return LotFacts(
        code=present.code,
        product=present.product,
        unit=present.unit,
        generic_product_id=present.generic_product_id,
        dosage_form=present.dosage_form,
        category=present.category,
        daily_dose=present.daily_dose,
        by_brand=present.by_brand,
        strengths=tuple(
            StrengthFacts(
                strength=one.strength,
                ratio=one.ratio,
                price_ceiling=typed[one.strength].price_ceiling
                if one.strength in typed
                else one.price_ceiling,
                benchmark_price=typed[one.strength].benchmark_price
                if one.strength in typed
                else one.benchmark_price,
            )
            for one in present.strengths
        ),
    )


def values_of(facts: LotFacts) -> dict[str, str]:
    """Return a lot as its form shows it."""
    values = {
        "code": facts.code,
        "product": facts.product,
        "unit": facts.unit,
        "generic_product_id": _typed(facts.generic_product_id),
        "dosage_form": facts.dosage_form or "",
        "category": facts.category,
        "daily_dose": _typed(facts.daily_dose),
        "by_brand": "yes" if facts.by_brand else "",
    }
    for place, one in enumerate(facts.strengths, start=1):
        values |= {
            f"strength-{place}": one.strength,
            f"ratio-{place}": _typed(one.ratio),
            f"ceiling-{place}": _typed(one.price_ceiling),
            f"benchmark-{place}": _typed(one.benchmark_price),
        }
    return values


def _typed(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _product(visit: Visit, text: str) -> GenericProduct | None:
    known = text.isascii() and text.isdigit() and len(text) < 10
    return visit.session.get(GenericProduct, int(text)) if known else None


def _found(visit: Visit, words: str) -> list[GenericProduct]:
    if not words:
        return []
    found = by_name(generic_product_list(text=words)).limit(FOUND_MAX)
    return [product for _, product, _ in visit.session.execute(found)]


def _suggested(visit: Visit, round_: Round, product: GenericProduct | None) -> dict[str, str]:
    """What the catalogue knows of a product, for the form of a new lot."""
    number = len(lots_of(visit.session, round_id=round_.id)) + 1
    values = {"code": f"L{number:02}", "category": Category.GENERAL.value}
    if product is None:
        return values
    values |= {
        "generic_product_id": str(product.id),
        "product": f"{product.name}{product.printed_form}",
        "unit": product.unit,
        "dosage_form": product.dosage_form or "",
        "category": product.category,
    }
    known = catalogued_strengths(visit.session, generic_product_id=product.id)
    main = next((one for one in known if one.content), None)
    for place, one in enumerate(known, start=1):
        values[f"strength-{place}"] = one.label
        if main and main.content and one.content and one.content_unit == main.content_unit:
            values[f"ratio-{place}"] = _typed(one.content / main.content)
    return values


def _page(
    visit: Visit,
    round_: Round,
    lot: Lot | None,
    values: Mapping[str, str] | Form,
    refusal: RefusedError | None,
    *,
    found: list[GenericProduct] | None = None,
    words: str = "",
) -> Response[Any]:
    last = max(typed_rows(values), default=0)
    fixed = not may_change(Part.LOTS, RoundStatus(round_.status))
    # Where strengths stand, an empty row would take a price that belongs to none.
    shown = last if fixed else max(STRENGTHS_SHOWN, last + 2)
    return render(
        visit,
        "rounds/lot_form.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        lot=lot,
        values=values,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        forms=[(key, visit.text(*words_)) for key, words_ in FORMS.items()],
        categories=[(key, visit.text(*words_)) for key, words_ in CATEGORIES.items()],
        rows=range(1, min(STRENGTHS_MAX, shown) + 1),
        fixed=fixed,
        found=found or [],
        words=words,
    )


ROUTES = (
    list_lots,
    new_lot,
    create_lot,
    show_lot,
    edit_lot,
    save_lot,
    drop_lot,
    withdraw_lot,
)
"""Handlers of these pages."""
