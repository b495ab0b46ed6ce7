"""What was decided: all lots of a round, and one lot with its picture and its explanation."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from markupsafe import Markup

from procurement.awards.evaluation import current_report
from procurement.awards.pages.access import Sight, seen_round
from procurement.awards.pages.clauses import Clauses
from procurement.awards.pages.files import file_answer, head_of
from procurement.awards.pages.kept import Given
from procurement.awards.pages.lot_report import read_lot
from procurement.awards.pages.shown import (
    ShownLot,
    left_out_for,
    shown_lot,
    shown_lots,
)
from procurement.awards.pages.strip import strip_of
from procurement.awards.pages.tabled import lot_tables, round_tables
from procurement.awards.pages.words import (
    DISCLOSURE_WORDS,
    SCOPE_WORDS,
    STATUS_KINDS,
    STATUS_WORDS,
    say,
)
from procurement.awards.price_axis import draw_price_axis
from procurement.awards.report_view import ReportView
from procurement.permissions import NotFoundForActorError
from procurement.rounds.document.versions import rules_in_force
from procurement.rounds.sheet import limit_of, lots_of, strengths_by_lot
from procurement.rounds.tables import Round
from procurement.web import Visit, reads, render


@get("/rounds/{name:str}/result", include_in_schema=False)
@reads
def show_result(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show all lots with their outcomes, as far as the visitor may see them."""
    round_, sight = seen_round(visit, name)
    report = current_report(visit.session, round_id=round_.id)
    lots = () if report is None else shown_lots(report, sight)
    return render(
        visit,
        "awards/result.html",
        round=round_,
        report=report,
        lots=_filtered(visit, lots),
        has_lots=bool(lots),
        left_out=() if report is None else left_out_for(report, sight),
        **_said(visit, sight),
    )


def _filtered(visit: Visit, lots: tuple[ShownLot, ...]) -> list[ShownLot]:
    """The lots whose code, product or bidder holds the words asked for."""
    words = visit.query.get("q", "").strip().casefold()
    return [lot for lot in lots if _holds(lot, words)]


def _holds(lot: ShownLot, words: str) -> bool:
    texts = (lot.code, lot.product, *(bid.bid for bid in lot.bids))
    return any(words in text.casefold() for text in texts)


@get("/rounds/{name:str}/result/file/{kind:str}", include_in_schema=False)
@reads
def result_file(visit: Visit, name: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """Send the table of the round as Excel or PDF, for the words asked for."""
    round_, sight = seen_round(visit, name)
    report = _report(visit, round_)
    lots = shown_lots(report, sight)
    if not lots:
        raise NotFoundForActorError
    title = visit.text("评审结果", "Results of the evaluation")
    head = head_of(visit, round_, report, title, say(SCOPE_WORDS[sight.scope], visit.language))
    return file_answer(
        visit, kind, f"{name}-result", head, round_tables(_filtered(visit, lots), head)
    )


@get("/rounds/{name:str}/result/{code:str}", include_in_schema=False)
@reads
def show_lot(visit: Visit, name: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Show a lot: its bids on a price axis, places and shares, and how it was decided."""
    round_, sight = seen_round(visit, name)
    report = _report(visit, round_)
    lot = shown_lot(report, code, sight)
    whole = report.lot(code)
    codes = [one["lot"] for one in report.lots]
    at = codes.index(code)
    return render(
        visit,
        "awards/lot.html",
        round=round_,
        report=report,
        lot=lot,
        picture=_picture(visit, round_, report, code) if sight.sees_all and lot.bids else None,
        strip=strip_of(lot),
        clauses=Clauses(rules_in_force(visit.session, round_=round_), visit.language),
        previous=codes[at - 1] if at else None,
        following=codes[at + 1] if at + 1 < len(codes) else None,
        questions=whole["pending"] if sight.conducts else (),
        left_out=[one for one in left_out_for(report, sight) if one["lot"] == code],
        **_said(visit, sight),
    )


@get("/rounds/{name:str}/result/{code:str}/file/{kind:str}", include_in_schema=False)
@reads
def lot_file(
    visit: Visit, name: FromPath[str], code: FromPath[str], kind: FromPath[str]
) -> Response[bytes]:
    """Send the tables of a lot as Excel or PDF."""
    round_, sight = seen_round(visit, name)
    report = _report(visit, round_)
    lot = shown_lot(report, code, sight)
    title = f"{lot.code} {lot.product}"
    head = head_of(visit, round_, report, title, say(SCOPE_WORDS[sight.scope], visit.language))
    return file_answer(visit, kind, f"{name}-{code}", head, lot_tables(lot, head))


def _report(visit: Visit, round_: Round) -> ReportView:
    report = current_report(visit.session, round_id=round_.id)
    if report is None:
        raise NotFoundForActorError
    return report


def _picture(visit: Visit, round_: Round, report: ReportView, code: str) -> Markup:
    ceiling = _ceiling(visit, round_, code)
    drawn = _drawn(report.row.report_digest, code, ceiling, visit.language, Given(report))
    # It escapes every text itself.
    return Markup(drawn)  # noqa: S704


@lru_cache(maxsize=256)
def _drawn(
    digest: str, code: str, ceiling: Decimal | None, language: str, report: Given[ReportView]
) -> str:
    return draw_price_axis(read_lot(report.value.lot(code)), ceiling=ceiling, language=language)


def _ceiling(visit: Visit, round_: Round, code: str) -> Decimal | None:
    """The ceiling of the main strength, whose price compares as it is declared."""
    lots = lots_of(visit.session, round_id=round_.id)
    lot = next((one for one in lots if one.code == code), None)
    if lot is None:
        return None
    strengths = strengths_by_lot(visit.session, round_id=round_.id).get(lot.id, [])
    main = next((one for one in strengths if one.strength_ratio == 1), None)
    return None if main is None else limit_of(main, is_inquiry=round_.is_inquiry)


def _said(visit: Visit, sight: Sight) -> dict[str, Any]:
    """What both pages print in words."""
    return {
        "sight": sight,
        "scope": say(SCOPE_WORDS[sight.scope], visit.language),
        "disclosed": say(DISCLOSURE_WORDS[sight.disclosure], visit.language),
        "status_words": {key: say(pair, visit.language) for key, pair in STATUS_WORDS.items()},
        "status_kinds": STATUS_KINDS,
    }


ROUTES = (show_result, result_file, show_lot, lot_file)
"""Handlers of these pages."""
