"""The content of a quarterly report: every figure and sentence, in both languages; no database.

It is plain data, so that equal inputs give an equal digest. What fewer sources than the bureau's
least number support is left out and counted; without that number nothing about single drugs or
firms is said at all.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from procurement.china_days import Quarter
from procurement.monitoring.analytics.engine import Drug, QuarterSums
from procurement.monitoring.report.gathering import DeliveryRate, Gathered, RoundProgress
from procurement.monitoring.report.numbers_as_text import of_hundred, percent, plain, yuan
from procurement.monitoring.report.sentences import (
    delivery_finding,
    gap_finding,
    index_finding,
    mover_finding,
    progress_finding,
    shortage_finding,
)
from procurement.monitoring.rules.gaps import PriceRange, is_gap
from procurement.monitoring.rules.index import chain, half_up, link
from procurement.monitoring.rules.movers import Mover, movers
from procurement.monitoring.rules.parameters import MEANINGS, Name, Thresholds
from procurement.monitoring.rules.shortages import SupplySignals
from procurement.monitoring.states import LIGHT_NAMES, LINK_NAMES

Both = dict[str, str]
Json = dict[str, Any]

ROWS = 10
"""Of each list of movers, gaps and firms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a report is made of.

    Attributes:
        bureau: Its name.
        region: Division code.
        region_names: Chinese and English.
        quarter: Of which it speaks.
        asked_at: Until when facts count, as text.
        measures: The bureau's own words, Chinese and English.
        thresholds: That held.
        sums: Of the purchase lines.
        gathered: From the database.
        makers: Names by credit code.
        partitions: From which partitions the sums come.
        undisclosed: Drugs with a price that is not public.
    """

    bureau: str
    region: str
    region_names: tuple[str, str]
    quarter: Quarter
    asked_at: str
    measures: tuple[str, str]
    thresholds: Thresholds
    sums: QuarterSums
    gathered: Gathered
    makers: Mapping[str, str]
    partitions: Sequence[Mapping[str, object]]
    undisclosed: Collection[Drug]


def make_content(facts: Facts) -> Json:
    """Return the report as data that JSON can hold."""
    quarter = facts.quarter
    return {
        "title": both(
            f"{facts.region_names[0]}药品价格和供应监测报告（{quarter.year}年第{quarter.number}季度）",
            f"Prices and supply of medicines in {facts.region_names[1]}, {quarter}",
        ),
        "bureau": facts.bureau,
        "region": facts.region,
        "quarter": str(quarter),
        "asked_at": facts.asked_at,
        "index": _index(facts),
        "movers": _movers(facts),
        "gaps": _gaps(facts),
        "shares": _shares(facts.sums),
        "delivery": _delivery(facts),
        "progress": _progress(facts),
        "survey": _survey(facts),
        "shortages": _shortages(facts.gathered),
        "control": [
            {
                "title": title,
                "listed": one.listed,
                "above": one.above,
                "adjusted": one.adjusted,
                "left": one.left,
                "adjusted_percent": plain(one.adjusted_percent),
            }
            for title, one in facts.gathered.controls
        ],
        "linkage": {
            status.value: number for status, number in sorted(facts.gathered.proposals.items())
        },
        "measures": both(*facts.measures),
        "thresholds": _thresholds(facts.thresholds),
        "sources": {
            "lines": facts.sums.lines,
            "partitions": [dict(one) for one in facts.partitions],
        },
    }


def canonical(content: Json) -> str:
    """Write content as the text that its digest is of."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def both(zh: str, en: str) -> Both:
    """Put both languages together."""
    return {"zh": zh, "en": en}


def _index(facts: Facts) -> Json:
    quarter, sums = facts.quarter, facts.sums
    months = [*quarter.before.months, *quarter.months]
    points = chain([sums.months.get(month, {}) for month in months])
    whole = link(sums.bought_in(quarter.before), sums.bought_in(quarter))
    return {
        "finding": both(*index_finding(None if whole is None else whole.fisher, quarter)),
        "quarter": None
        if whole is None
        else {
            "laspeyres": of_hundred(half_up(whole.laspeyres)),
            "paasche": of_hundred(half_up(whole.paasche)),
            "fisher": of_hundred(whole.fisher),
            "matched": whole.matched,
            "share": percent(whole.share),
        },
        "points": [
            {
                "month": f"{month:%Y-%m}",
                "laspeyres": of_hundred(point.laspeyres),
                "paasche": of_hundred(point.paasche),
                "fisher": of_hundred(point.fisher),
                "matched": None if point.link is None else point.link.matched,
                "share": None if point.link is None else percent(point.link.share),
            }
            for month, point in zip(months, points, strict=True)
        ],
    }


def _movers(facts: Facts) -> Json:
    earlier, later = (facts.sums.bought_in(one) for one in (facts.quarter.before, facts.quarter))
    found = movers(earlier, later)
    shown = [
        one
        for one in found
        if _is_public(facts, one.drug)
        and _has_sources(facts, facts.sums.hospitals_before.get(one.drug, 0))
    ]
    up = [one for one in shown if one.change > 0]
    down = [one for one in shown if one.change < 0]
    return {
        "finding": both(*mover_finding(len(up), len(down))),
        "up": [_mover(facts, one) for one in up[:ROWS]],
        "down": [_mover(facts, one) for one in down[:ROWS]],
        "ups": len(up),
        "downs": len(down),
        "hidden": len(found) - len(shown),
    }


def _mover(facts: Facts, one: Mover[Drug]) -> Json:
    return {
        **_drug(facts, one.drug),
        "before": yuan(one.before),
        "after": yuan(one.after),
        "change": percent(one.change),
        "contribution": plain(half_up(one.contribution * 100, 4)),
    }


def _gaps(facts: Facts) -> Json:
    ratio_min = facts.thresholds.value(Name.GAP_RATIO)
    wide = {drug: one for drug, one in facts.sums.prices.items() if is_gap(one, ratio_min)}
    shown = {drug: one for drug, one in wide.items() if _is_public(facts, drug)}
    rows = sorted(shown.items(), key=lambda pair: (-pair[1].ratio, pair[0]))
    widest = rows[0][1].ratio if rows else None
    return {
        "finding": both(*gap_finding(len(wide), len(facts.sums.prices), widest)),
        "rows": [_gap(facts, drug, one) for drug, one in rows[:ROWS]],
        "count": len(wide),
        "drugs": len(facts.sums.prices),
        "ratio_min": plain(ratio_min),
        "hidden": len(wide) - len(shown),
    }


def _gap(facts: Facts, drug: Drug, one: PriceRange) -> Json:
    return {
        **_drug(facts, drug),
        "lowest": yuan(Fraction(one.lowest)),
        "mode": yuan(Fraction(one.mode)),
        "highest": yuan(Fraction(one.highest)),
        "ratio": plain(half_up(one.ratio, 2)),
        "hospitals": one.hospitals,
    }


def _is_public(facts: Facts, drug: Drug) -> bool:
    found = facts.sums.prices.get(drug)
    is_undisclosed = drug in facts.undisclosed
    return found is not None and not is_undisclosed and _has_sources(facts, found.hospitals)


def _drug(facts: Facts, drug: Drug) -> Json:
    maker = facts.makers.get(drug.maker, drug.maker)
    return {"drug": drug.generic, "strength": drug.strength, "maker": maker}


def _shares(sums: QuarterSums) -> list[Json]:
    found: dict[date, list[int]] = {}
    for one in sums.shares:
        amounts = found.setdefault(one.month, [0, 0, 0])
        amounts[0 if one.is_winning else 1] += one.amount
        amounts[2] += 0 if one.is_known else one.amount
    rows = []
    for month, (winning, other, unknown) in sorted(found.items()):
        whole = winning + other
        rows.append(
            {
                "month": f"{month:%Y-%m}",
                "amount": yuan(Fraction(whole), 2),
                "winning": percent(Fraction(winning, whole)) if whole > 0 else None,
                "unknown": percent(Fraction(unknown, whole)) if whole > 0 else None,
            }
        )
    return rows


def _delivery(facts: Facts) -> Json:
    makers, distributors = facts.gathered.makers, facts.gathered.distributors
    ordered, delivered = (
        sum(getattr(one, name) for one in makers) for name in ("ordered", "delivered")
    )
    whole = Fraction(delivered, ordered) if ordered else None
    return {
        "finding": both(*delivery_finding(whole, len(makers), len(distributors))),
        "ordered": ordered,
        "delivered": delivered,
        "rate": percent(whole),
        "makers": _rates(facts, makers),
        "distributors": _rates(facts, distributors),
        "hidden": sum(not _has_sources(facts, one.hospitals) for one in (*makers, *distributors)),
    }


def _rates(facts: Facts, rates: Iterable[DeliveryRate]) -> list[Json]:
    shown = [one for one in rates if _has_sources(facts, one.hospitals)]
    return [
        {
            "name": one.name,
            "hospitals": one.hospitals,
            "ordered": one.ordered,
            "delivered": one.delivered,
            "rate": percent(one.rate),
            "in_time": percent(one.in_time_rate)
            if _has_sources(facts, one.limited_hospitals)
            else None,
        }
        for one in shown[:ROWS]
    ]


def _has_sources(facts: Facts, sources: int) -> bool:
    least = facts.thresholds.sources_min
    return least is not None and sources >= least


def _progress(facts: Facts) -> Json:
    terms = facts.gathered.progress
    rows = [_term(facts, one) for one in terms]
    known = [
        one.row.gap for one, row in zip(terms, rows, strict=True) if row["completion"] is not None
    ]
    hidden = sum(one.row.gap is not None for one in terms) - len(known)
    behind = sum(gap is not None and gap < 0 for gap in known)
    return {
        "finding": both(*progress_finding(len(rows), behind, hidden)),
        "rows": rows,
        "hidden": hidden,
    }


def _term(facts: Facts, one: RoundProgress) -> Json:
    is_agreed = _has_sources(facts, one.agreeing)
    # That nothing was taken in is what all say that agreed a volume.
    is_received = _has_sources(facts, one.receiving or one.agreeing)
    completion = plain(one.row.completion_percent)
    return {
        "round": one.title,
        "term": one.number,
        "agreed": one.row.progress.agreed if is_agreed else None,
        "received": one.row.progress.received if is_received else None,
        "completion": completion if is_agreed and is_received else None,
        "target": plain(one.row.target_percent),
    }


def _survey(facts: Facts) -> Json:
    signals = facts.gathered.signals
    shown = {drug: one for drug, one in signals.items() if _has_sources(facts, one.institutions)}
    short = {drug: one for drug, one in shown.items() if one.out_of_stock}
    order = sorted(short.items(), key=lambda pair: (-(pair[1].out_of_stock_share or 0), pair[0]))
    return {
        "finding": both(*shortage_finding(len(short), len(shown))),
        "months": [
            {
                "month": f"{month:%Y-%m}",
                "links": [
                    {
                        "link": both(*LINK_NAMES[one.link]),
                        "asked": one.asked,
                        "answered": one.answered,
                        "lines": one.lines,
                    }
                    for one in rows
                ],
            }
            for month, rows in sorted(facts.gathered.turnout.items())
        ],
        "drugs": [
            {
                "drug": drug,
                "institutions": one.institutions,
                "out_of_stock": one.out_of_stock,
                "share": percent(one.out_of_stock_share),
                "days": _days(one) if _has_sources(facts, one.stated_days) else None,
                "rate": percent(one.delivery_rate)
                if _has_sources(facts, one.stated_deliveries)
                else None,
            }
            for drug, one in order[:ROWS]
        ],
        "leads": len(facts.gathered.leads),
        "hidden": len(signals) - len(shown),
    }


def _days(one: SupplySignals) -> str | None:
    return plain(None if one.median_days is None else half_up(one.median_days, 1))


def _shortages(gathered: Gathered) -> list[Json]:
    return [
        {
            "drug": " · ".join(filter(None, (one.generic.name, one.generic.printed_form))),
            "light": one.decision.light,
            "light_name": both(*LIGHT_NAMES[one.decision.light]),
            "since": one.since.date().isoformat(),
            "reason": one.decision.reason,
        }
        for one in gathered.shortages
    ]


def _thresholds(thresholds: Thresholds) -> list[Json]:
    return [
        {
            "name": both(MEANINGS[name].zh, MEANINGS[name].en),
            "value": plain(thresholds.value(name)),
            "basis": thresholds[name].basis if name in thresholds else None,
        }
        for name in Name
    ]
