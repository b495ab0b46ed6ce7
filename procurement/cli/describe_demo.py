"""Print the demo's outcome: who is selected, why, what it saves, and what was published."""

from decimal import Decimal

from bidding.bid_sheet import Round
from bidding.replay import ReplayReport
from bidding.report import EvaluationReport, LotReport
from bidding.savings import Savings, savings_of
from bidding.wording import LANGUAGES, sentence
from procurement.cli.aligned import table
from procurement.cli.describe_report import describe_lot

CONTENT_BASE = Decimal("1.7")


def describe_demo(
    report: EvaluationReport, round_: Round, replayed: ReplayReport, *, digest: str, language: str
) -> str:
    """The outcome in words.

    Args:
        report: The evaluation.
        round_: The bid sheet it was made from.
        replayed: The comparison with what was published.
        digest: SHA-256 of the report as it was stored.
        language: ``zh`` or ``en``.

    Returns:
        Text that ends in a line feed.
    """
    lots = {lot.lot: lot for lot in round_.lots}
    saved = {one.lot: savings_of(lots[one.lot], one, CONTENT_BASE) for one in report.lots}
    lines = [f"{report.title} · {report.rulebook}"]
    for lot_report in report.lots:
        lines += ["", *_lot(lot_report, replayed, saved[lot_report.lot], language)]
    lines += ["", *_totals(report, replayed, saved, language)]
    lines += [_in(language, f"报告摘要 SHA-256 {digest}", f"report kept, SHA-256 {digest}")]
    return "\n".join(lines) + "\n"


def _lot(
    report: LotReport, replayed: ReplayReport, saved: Savings | None, language: str
) -> list[str]:
    lines = describe_lot(report, language=language, steps=False)
    lines += [
        f"  {outcome.bid}: {sentence(outcome.reason, language)} [{outcome.reason.clause}]"
        for outcome in report.outcomes
        if outcome.status.is_selected
    ]
    if saved is not None:
        chinese = f"  首年节约 {_millions(saved.least)}–{_millions(saved.most)} 百万元"
        english = f"  saves {_millions(saved.least)}-{_millions(saved.most)} million yuan a year"
        lines.append(_in(language, chinese, english))
    missed = [miss for miss in replayed.misses if miss.lot == report.lot]
    lines.append(_in(language, "  与公布结果一致", "  as published") if not missed else "")
    for miss in missed:
        reason = _in(language, miss.reason, miss.reason_en)
        differs = _in(language, "  与公布结果不一致", "  published otherwise")
        lines[-1] = f"{differs}：{miss.manufacturer}：{reason}"
    return lines


def _totals(
    report: EvaluationReport,
    replayed: ReplayReport,
    saved: dict[str, Savings | None],
    language: str,
) -> list[str]:
    known = [savings for savings in saved.values() if savings is not None]
    winners = sum(outcome.status.is_selected for lot in report.lots for outcome in lot.outcomes)
    ceiling, least, most = (
        _millions(sum((getattr(savings, name) for savings in known), Decimal(0)))
        for name in ("at_ceiling", "least", "most")
    )
    lots = f"{replayed.lots_matched}/{replayed.lots}"
    bids = f"{replayed.bids_matched}/{replayed.bids}"
    regions = f"{replayed.regions_matched}/{replayed.region_lots}"
    chinese = [
        ["中选", f"{winners} 个"],
        ["首年按最高有效申报价", f"{ceiling} 百万元"],
        ["首年节约（视选区而定）", f"{least}–{most} 百万元"],
        ["与公布结果一致", f"品种 {lots}，报价 {bids}，供应地区数 {regions}"],
    ]
    english = [
        ["selected bids", str(winners)],
        ["first year at the ceilings", f"{ceiling} million yuan"],
        ["first year saved (by who takes which region)", f"{least}-{most} million yuan"],
        ["as published", f"lots {lots}, bids {bids}, numbers of regions {regions}"],
    ]
    return table(chinese if language == "zh" else english)


def _millions(amount: Decimal) -> str:
    return f"{amount / 1_000_000:,.1f}"


def _in(language: str, chinese: str, english: str) -> str:
    return (chinese, english)[LANGUAGES.index(language)]
