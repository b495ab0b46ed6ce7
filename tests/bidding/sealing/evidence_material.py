"""A small round played to its letters, and the bundle of evidence that a server makes of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bidding.bid_sheet import Answer, Bid, Lot, QuestionKind, Quote, Round, Strength, Volume
from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from bidding.sealing import (
    AnswerLine,
    BidLine,
    Manifest,
    ManifestLot,
    ManifestStrength,
    Purpose,
    log_document,
    sign_manifest,
)
from bidding.sealing import (
    Bid as SealedBid,
)
from bidding.sealing.canonical import canonical_bytes
from bidding.sealing.evidence.decision import (
    LETTER,
    LETTER_FIGURES,
    REPORT,
    SHEET,
    RulebookText,
    Statement,
    issue_statement,
)
from bidding.sealing.evidence.index import NAME, issue_index
from procurement.rounds.document.rulebook_text import text_of
from procurement.rounds.folder.facts import write_facts
from rulebooks import load_rulebook
from tests.bidding.sealing.material import OPENS_AT, Party, dice, make_party

RULES = load_rulebook("national-10")
PRICES = {"甲药业": "1.00", "乙药业": "1.20", "丙药业": "2.50", "丁药业": "3.10", "戊药业": "2.90"}
CODES = {name: f"9131000000000000{number}X" for number, name in enumerate(PRICES)}
STRENGTH, CEILING = "10mg", Decimal("4.00")

SHEET_LOT = Lot(
    "L01", "阿托伐他汀口服常释剂型", {STRENGTH: Strength(STRENGTH, Decimal(1), CEILING)}
)


@dataclass
class Played:
    """A round with its answers: what the bundle is made of, before it is signed."""

    party: Party
    answers: Party
    statements: dict[str, Statement]
    files: dict[str, bytes]

    def written(self) -> dict[str, bytes]:
        """Write the documents of the bundle without its list."""
        record, answered = self.party.record((1, 2, 3)), self.answers.record((1, 3, 5))
        envelope = self.party.submissions[0]
        files: dict[str, bytes] = {
            "manifest.json": self.party.manifest.to_bytes(),
            "answers-manifest.json": self.answers.manifest.to_bytes(),
            "log.json": canonical_bytes(log_document(record.checkpoint, record.leaves)),
            "opening.json": record.to_bytes(),
            "answers-opening.json": answered.to_bytes(),
            "receipt.json": self.party.receipt(envelope).to_bytes(),
            "proof.json": self.party.log.inclusion_proof(0).to_bytes(),
            "rulebook.json": RulebookText(RULES.id, text_of(RULES)).to_bytes(),
        }
        return files | {f"{name}.json": one.to_bytes() for name, one in self.statements.items()}

    def bundle(self, files: Mapping[str, bytes] | None = None) -> list[tuple[str, bytes]]:
        """The files with the list that the server signs."""
        listed = self.files if files is None else files
        index = issue_index(
            self.party.manifest,
            files=listed.items(),
            code_version="0.1.0",
            scope="whole",
            issued_at=OPENS_AT + timedelta(hours=1),
            key=self.party.server,
            random_bytes=dice("index"),
        )
        return [(NAME, index.to_bytes()), *sorted(listed.items())]

    def state(self, kind: str, content: Mapping[str, Any], *, seed: str = "state") -> Statement:
        """Sign a statement as the server."""
        return issue_statement(
            self.party.manifest,
            kind=kind,
            content=content,
            issued_at=OPENS_AT,
            key=self.party.server,
            random_bytes=dice(seed),
        )


def _signed(party: Party, key_of: Party, **changes: Any) -> Manifest:
    changed = replace(party.manifest, **changes, signature=b"")
    return sign_manifest(changed, key=key_of.bureau, random_bytes=dice("manifest"))


def sheet_of(prices: Mapping[str, str]) -> Round:
    """The bid sheet of the round with prices by firm."""
    bids = tuple(
        Bid(
            "L01", name, name, (Quote(STRENGTH, BidLine("L01", STRENGTH, Decimal(one)).unit_price),)
        )
        for name, one in sorted(prices.items())
    )
    volumes = (Volume("安徽", "L01", STRENGTH, Decimal(1), 1_000_000),)
    return Round("示例批次", RULES.id, OPENS_AT.date(), (SHEET_LOT,), bids, volumes)


def evaluated(sheet: Round, answers: Sequence[Answer]) -> str:
    """The report as it is written."""
    return dumps(report_document(evaluate(sheet, RULES, answers)))


def answer_entries(answers: Sequence[Answer], manifest: str, offered: str) -> list[dict[str, Any]]:
    """Answers of bidders as a sheet statement lists them."""
    return [
        {
            "lot": one.lot,
            "bid": one.bid,
            "question": str(one.question),
            "answer": one.answer,
            "price": None if one.price is None else str(one.price),
            "by": "bidder",
            "manifest": manifest,
            "product": None,
            "offered": offered,
        }
        for one in answers
    ]


def play(suite_name: str = "intl-1") -> Played:
    """Play a round: sealed bids, a revival that is accepted, a report, a letter."""
    party = make_party(suite_name, seed="evidence")
    lots = (ManifestLot("L01", SHEET_LOT.product, (ManifestStrength(STRENGTH, CEILING),)),)
    rules = {"rulebook": RULES.id, "rulebook_digest": RULES.digest, "lots": lots}
    party.manifest = _signed(party, party, **rules)
    for name, price in PRICES.items():
        party.submit(CODES[name], SealedBid((BidLine("L01", STRENGTH, Decimal(price)),)))
    sheet = sheet_of(PRICES)
    (question,) = (
        one for one in json.loads(evaluated(sheet, ()))["pending"] if one["question"] == "revive"
    )
    answers = replace(party, submissions=[], secrets={}, random_bytes=dice("answers"))
    later = {"closes_at": OPENS_AT - timedelta(minutes=30), "opens_at": OPENS_AT}
    answers.manifest = _signed(party, party, purpose=Purpose.ANSWERS, **later)
    line = AnswerLine("L01", "revive", answer=True)
    answers.submit(CODES[question["bid"]], SealedBid(answers=(line,)))
    played = Played(party, answers, {}, {})
    given = [Answer("L01", question["bid"], QuestionKind.REVIVE, True)]
    facts = write_facts(sheet, given)
    report = evaluated(sheet, given)
    played.statements["sheet"] = played.state(
        SHEET,
        {
            "rulebook": RULES.id,
            "rulebook_digest": RULES.digest,
            "facts": facts,
            "bids": [{"lot": "L01", "bid": one, "bidder": CODES[one]} for one in sorted(PRICES)],
            "left_out": [],
            "answers": answer_entries(given, answers.manifest.digest, question["price"]),
        },
    )
    played.statements["report"] = played.state(REPORT, report_content(report))
    loser = next(one for one in json.loads(report)["lots"][0]["outcomes"] if not one["selected"])
    played.statements["letter"] = played.state(LETTER, letter_content(report, loser["bid"]))
    played.files = played.written()
    return played


def report_content(text: str) -> dict[str, Any]:
    """A report statement's fields."""
    return {
        "text": text,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "rulebook_digest": RULES.digest,
        "code_version": "0.1.0",
        "evaluated_at": "2026-11-22T10:30:00.000000Z",
    }


def letter_content(report: str, bid: str) -> dict[str, Any]:
    """A letter's fields, read off the report."""
    outcomes = json.loads(report)["lots"][0]["outcomes"]
    outcome = next(one for one in outcomes if one["bid"] == bid)
    return {
        "report": hashlib.sha256(report.encode()).hexdigest(),
        "lot": "L01",
        "bid": bid,
        "bidder": CODES[bid],
        **{name: outcome[name] for name in LETTER_FIGURES},
    }
