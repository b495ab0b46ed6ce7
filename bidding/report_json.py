"""A report as one JSON document: the contract of ``jicai evaluate --json``."""

import json
from decimal import Decimal

from bidding.report import EvaluationReport, LotReport, Outcome, Question, Step
from bidding.wording import exact, sentence

Document = dict[str, object]


def report_document(report: EvaluationReport) -> Document:
    """The report as plain values: exact decimals as strings, counts as numbers, absent as null."""
    return {
        "title": report.title,
        "rulebook": report.rulebook,
        "rulebook_digest": report.rulebook_digest,
        "lots": [_lot(lot) for lot in report.lots],
        "pending": [_question(question) for question in report.pending],
    }


def dumps(document: Document | list[Document]) -> str:
    """A document as text: the same values give the same bytes."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _lot(lot: LotReport) -> Document:
    return {
        "lot": lot.lot,
        "product": lot.product,
        "bidders": lot.bidders,
        "places": lot.places,
        "share": _decimal(lot.share),
        "cycle_years": lot.cycle_years,
        "ends_on": lot.ends_on.isoformat() if lot.ends_on else None,
        "base_volume": lot.base_volume,
        "agreed_volume": lot.agreed_volume,
        "outcomes": [_outcome(outcome) for outcome in lot.outcomes],
        "allocations": [allocation._asdict() for allocation in lot.allocations],
        "pending": [_question(question) for question in lot.pending],
        "steps": [_step(step) for step in lot.steps],
        "winners": list(lot.winners),
    }


def _outcome(outcome: Outcome) -> Document:
    return {
        "bid": outcome.bid,
        "manufacturer": outcome.manufacturer,
        "strength": outcome.strength,
        "declared_price": _decimal(outcome.declared_price),
        "comparable_price": _decimal(outcome.comparable_price),
        "rank": outcome.rank,
        "status": outcome.status.value,
        "selected": outcome.status.is_selected,
        "offer_price": _decimal(outcome.offer_price),
        "needed_price": _decimal(outcome.needed_price),
        "needed_pack_price": _decimal(outcome.needed_pack_price),
        "clause": outcome.reason.clause,
        "reason": sentence(outcome.reason, "zh"),
        "reason_en": sentence(outcome.reason, "en"),
        "regions": outcome.regions,
        "region_names": _names(outcome.region_names),
        "spare_regions": _names(outcome.spare_regions),
        "agreed_volume": outcome.agreed_volume,
    }


def _names(names: tuple[str, ...] | None) -> list[str] | None:
    return None if names is None else list(names)


def _question(question: Question) -> Document:
    return {
        "lot": question.lot,
        "bid": question.bid,
        "question": str(question.question),
        "by": question.by,
        "price": _decimal(question.price),
        "until": question.until,
    }


def _step(step: Step) -> Document:
    return {
        "code": step.code,
        "clause": step.clause,
        "bid": step.bid,
        "numbers": {name: exact(number) for name, number in step.numbers.items()},
        "zh": sentence(step, "zh"),
        "en": sentence(step, "en"),
    }
