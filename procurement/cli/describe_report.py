"""Print an evaluation report as a person would read it, in Chinese or English."""

from decimal import Decimal

from bidding.report import EvaluationReport, LotReport, Outcome, Status
from bidding.wording import LANGUAGES, sentence, shown
from procurement.cli.aligned import table

STATUS_WORDS: dict[Status, tuple[str, str]] = {
    Status.SELECTED: ("拟中选", "selected"),
    Status.SELECTED_WITHOUT_VOLUME: ("拟中选（不带量）", "selected without volume"),
    Status.REVIVAL_OFFERED: ("待复活", "revival offered"),
    Status.TIED: ("同价待定", "tied"),
    Status.REJECTED: ("未中选", "not selected"),
    Status.INVALID: ("无效", "invalid"),
}
"""Status in Chinese and English; winners are provisional until the award is announced."""

_HEAD = (
    ("名次", "企业", "规格", "申报价", "可比价", "结果", "地区", "须报价至"),
    ("rank", "manufacturer", "strength", "declared", "comparable", "outcome", "regions", "needed"),
)
_RIGHT = (0, 3, 4, 6, 7)


def describe_report(report: EvaluationReport, *, language: str, lot: str | None = None) -> str:
    """The report in words: a table and the reasons for each lot.

    Args:
        report: The evaluation.
        language: ``zh`` or ``en``.
        lot: Print this lot only, with every step.

    Returns:
        Text that ends in a line feed.
    """
    lines = [f"{report.title} · {report.rulebook}"]
    for lot_report in report.lots:
        if lot in (None, lot_report.lot):
            lines += ["", *describe_lot(lot_report, language=language, steps=lot is not None)]
    if report.pending:
        counted = len(report.pending)
        lines += ["", (f"待答复：{counted} 项", f"still to be answered: {counted}")[_at(language)]]
    return "\n".join(lines) + "\n"


def describe_lot(report: LotReport, *, language: str, steps: bool) -> list[str]:
    """One lot in words.

    Args:
        report: The lot's report.
        language: ``zh`` or ``en``.
        steps: Whether to print every step, and not only the reason of each outcome.
    """
    rows = [list(_HEAD[_at(language)])]
    rows += [_row(outcome, language) for outcome in report.outcomes]
    lines = [f"{report.lot} {report.product}", _summary(report, language)]
    lines += table(rows, right=_RIGHT)
    if steps:
        lines += ["", *(_step_lines(report, language))]
        return lines
    for outcome in report.outcomes:
        if outcome.status is not Status.SELECTED:
            reason = sentence(outcome.reason, language)
            lines.append(f"  {outcome.bid}: {reason} [{outcome.reason.clause}]")
    return lines


def _step_lines(report: LotReport, language: str) -> list[str]:
    lines = []
    for number, step in enumerate(report.steps, start=1):
        about = f"{step.bid}: " if step.bid else ""
        lines.append(f"  {number:>3}. {about}{sentence(step, language)} [{step.clause}]")
    return lines


def _summary(report: LotReport, language: str) -> str:
    places = "∞" if report.places is None else report.places
    share = "" if report.share is None else f"{shown(report.share * 100, 2)}%"
    volume = "" if report.agreed_volume is None else f"{report.agreed_volume:,}"
    cycle = report.ends_on or report.cycle_years or ""
    chinese = f"申报 {report.bidders} 家 · 名额 {places} · 约定量 {share} {volume} · 周期 {cycle}"
    english = (
        f"{report.bidders} bidders · {places} places · agreed {share} {volume} · cycle {cycle}"
    )
    return (chinese, english)[_at(language)]


def _row(outcome: Outcome, language: str) -> list[str]:
    return [
        _text(outcome.rank),
        outcome.manufacturer if outcome.bid == outcome.manufacturer else outcome.bid,
        outcome.strength,
        _price(outcome.declared_price),
        _price(outcome.comparable_price),
        STATUS_WORDS[outcome.status][_at(language)],
        _text(outcome.regions),
        _price(outcome.needed_price),
    ]


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _price(price: Decimal | None) -> str:
    return "" if price is None else shown(price, 6)


def _at(language: str) -> int:
    return LANGUAGES.index(language)
