"""What the server states of a decision: the facts, the report and the letters, signed."""

import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from bidding.sealing import OpeningRecord, SigningKey
from bidding.sealing.bid import Bid
from bidding.sealing.canonical import Json
from bidding.sealing.evidence.decision import (
    LETTER,
    LETTER_FIGURES,
    REPORT,
    SHEET,
    Statement,
    issue_statement,
)
from bidding.sealing.reading import moment_text
from procurement.awards.report_view import Fields, ReportView
from procurement.awards.tables import EvaluatedSheet
from procurement.bids.periods import BIDS
from procurement.bids.tables import Opening, Sitting, SittingQuestion
from procurement.publication.evidence.sources import Ground

Quotes = tuple[tuple[str, str, int], ...]


class Signer:
    """Signs statements of one round at one moment."""

    def __init__(self, ground: Ground, key: SigningKey, moment: datetime) -> None:
        """Keep the round, the server's key and the moment."""
        self.ground, self._key, self._moment = ground, key, moment
        self._manifest = ground.manifest

    def state(self, kind: str, content: Mapping[str, Json]) -> Statement:
        """Sign one statement."""
        return issue_statement(
            self._manifest,
            kind=kind,
            content=content,
            issued_at=self._moment,
            key=self._key,
            random_bytes=secrets.token_bytes,
        )

    def report(self, report: ReportView) -> Statement:
        """State a report as it was written."""
        row = report.row
        content: dict[str, Json] = {
            "text": row.report,
            "digest": row.report_digest,
            "rulebook_digest": row.rulebook_digest,
            "code_version": row.code_version,
            "evaluated_at": moment_text(row.evaluated_at),
        }
        return self.state(REPORT, content)

    def sheet(
        self,
        report: ReportView,
        evaluated: EvaluatedSheet,
        records: Mapping[int, OpeningRecord],
    ) -> Statement:
        """State the facts that a report was made of."""
        facts = json.loads(evaluated.facts)
        content: dict[str, Json] = {
            "rulebook": facts["rulebook"],
            "rulebook_digest": report.row.rulebook_digest,
            "facts": evaluated.facts,
            "bids": [
                {"lot": lot, "bid": bid, "bidder": self.ground.bidder(owner)}
                for (lot, bid), owner in sorted(report.owners.items())
            ],
            "left_out": list(self._left_out(report, facts, records[BIDS])),
            "answers": list(_answers(self.ground, facts, records)),
        }
        return self.state(SHEET, content)

    def letters(self, report: ReportView, organisation_id: int) -> Iterator[Statement]:
        """State what became of each bid of one bidder that was not selected."""
        for lot, bid in report.bids_of(organisation_id):
            outcome = report.outcome(lot, bid)
            if not outcome["selected"]:
                yield self.letter(report, lot, outcome, self.ground.bidder(organisation_id))

    def letter(self, report: ReportView, lot: str, outcome: Fields, bidder: str) -> Statement:
        """State what became of one bid."""
        content: dict[str, Json] = {
            "report": report.row.report_digest,
            "lot": lot,
            "bid": outcome["bid"],
            "bidder": bidder,
            **{name: outcome[name] for name in LETTER_FIGURES},
        }
        return self.state(LETTER, content)

    def _left_out(
        self, report: ReportView, facts: Mapping[str, Any], record: OpeningRecord
    ) -> Iterator[dict[str, Json]]:
        """Opened prices that were not evaluated, each with the reason that was given."""
        rest = _opened(record, {lot["lot"] for lot in facts["lots"]})
        for bid in facts["bids"]:
            owner = self.ground.bidder(report.owners[bid["lot"], bid["bid"]])
            rest[bid["lot"], owner][_quoted(bid["quotes"])] -= 1
        reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
        for one in report.left_out:
            bidder = self.ground.bidder(one["organisation_id"])
            reasons[one["lot"], bidder].append(f"{one['zh']} / {one['en']}")
        for (lot, bidder), quotes in sorted(rest.items()):
            given = reasons[lot, bidder]
            # Without a reason nothing is listed: whoever verifies then finds that it is missing.
            for prices, reason in zip(sorted((+quotes).elements()), given, strict=False):
                yield {
                    "lot": lot,
                    "bidder": bidder,
                    "reason": reason,
                    "quotes": [_quote(*price) for price in prices],
                }


def _opened(record: OpeningRecord, lots: set[str]) -> dict[tuple[str, str], Counter[Quotes]]:
    found: dict[tuple[str, str], Counter[Quotes]] = defaultdict(Counter)
    for result in record.results:
        for lot, quotes in _by_product(result.bid):
            if lot in lots:
                found[lot, result.bidder][quotes] += 1
    return found


def _by_product(bid: Bid | None) -> Iterator[tuple[str, Quotes]]:
    products: dict[tuple[str, str | None], list[tuple[str, str, int]]] = defaultdict(list)
    for line in () if bid is None else bid.lines:
        price = line.unit_price
        quote = (line.strength, _plain(price.pack_price), price.pack_units)
        products[line.lot, line.product].append(quote)
    for (lot, _product), quotes in products.items():
        yield lot, tuple(sorted(quotes))


def _quoted(quotes: list[dict[str, Any]]) -> Quotes:
    return tuple(
        sorted(
            (
                one["strength"],
                _plain(one["declared_price"]["pack_price"]),
                one["declared_price"]["pack_units"],
            )
            for one in quotes
        )
    )


def _quote(strength: str, pack_price: str, pack_units: int) -> dict[str, Json]:
    price: dict[str, Json] = {"pack_price": pack_price, "pack_units": pack_units}
    return {"strength": strength, "declared_price": price}


def _plain(price: Decimal | str) -> str:
    return f"{Decimal(price).normalize():f}"


def _answers(
    ground: Ground, facts: Mapping[str, Any], records: Mapping[int, OpeningRecord]
) -> Iterator[dict[str, Json]]:
    """Answers as they were evaluated; a bidder's with the sitting that asked it last."""
    asked = _asked(ground)
    for one in facts["answers"]:
        sitting, question = asked.get((one["lot"], one["bid"], one["question"]), (None, None))
        is_bidders = sitting is not None and question is not None and sitting in records
        offered = question.price if is_bidders and question is not None else None
        yield {
            "lot": one["lot"],
            "bid": one["bid"],
            "question": one["question"],
            "answer": one["answer"],
            "price": one.get("price"),
            "by": "bidder" if is_bidders else "bureau",
            "manifest": records[sitting].manifest.digest
            if is_bidders and sitting is not None
            else None,
            "product": question.product if is_bidders and question is not None else None,
            "offered": None if offered is None else f"{offered:f}",
        }


def _asked(ground: Ground) -> dict[tuple[str, str, str], tuple[int, SittingQuestion]]:
    """The opened sitting in which each question was asked last."""
    rows = ground.session.execute(
        select(Sitting.number, SittingQuestion)
        .join(Sitting, Sitting.id == SittingQuestion.sitting_id)
        .join(
            Opening,
            (Opening.round_id == Sitting.round_id) & (Opening.sitting == Sitting.number),
        )
        .where(Sitting.round_id == ground.round_.id)
        .order_by(Sitting.number, SittingQuestion.id)
    )
    return {(one.lot, one.bid, one.question): (number, one) for number, one in rows}
