"""Bundles of evidence, valid and broken in every way, with who must be named for it.

``evidence_vectors.json`` holds them for other implementations. After a deliberate change of the
format write it again with ``.venv/bin/python -m tests.bidding.sealing.evidence_cases``.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from bidding.bid_sheet import Answer, QuestionKind
from bidding.sealing import Bid, BidLine, Log, Verdict, log_document, open_all, reveal_key
from bidding.sealing.canonical import canonical_bytes
from bidding.sealing.evidence.decision import LETTER, REPORT, SHEET, RulebookText
from bidding.sealing.evidence.index import NAME
from bidding.sealing.record import OpeningRecord
from bidding.sealing.signing import sign_document
from procurement.rounds.document.rulebook_text import text_of
from procurement.rounds.folder.facts import write_facts
from tests.bidding.sealing.evidence_material import (
    CODES,
    PRICES,
    RULES,
    STRENGTH,
    Played,
    evaluated,
    letter_content,
    play,
    report_content,
    sheet_of,
)
from tests.bidding.sealing.material import CLOSES_AT, altered, dice

FILE = Path(__file__).parent / "evidence_vectors.json"

Files = list[tuple[str, bytes]]
Named = tuple[str, str]
"""Who is at fault, and which of them."""

SERVER, PRESENTER, EVALUATION = ("server", ""), ("presenter", ""), ("evaluation", "")
THIRD = "丙药业"
"""Whose bid may be revived."""


@lru_cache(maxsize=1)
def played() -> Played:
    """The round of all cases."""
    return play()


def relisted(**changes: bytes | None) -> Files:
    """The bundle with changed files, listed and signed again by a server that changed them."""
    files: dict[str, bytes | None] = {**played().files}
    files |= {name.replace("_", "-") + ".json": content for name, content in changes.items()}
    return played().bundle({name: one for name, one in files.items() if one is not None})


def changed(name: str, old: bytes, new: bytes) -> Files:
    """The bundle with one file changed after it was signed."""
    files = dict(played().bundle())
    assert old in files[name], name
    files[name] = files[name].replace(old, new, 1)
    return list(files.items())


def flipped(name: str, field: str) -> Files:
    """The bundle with the last hexadecimal digit or Base64 letter of a field changed."""
    content = dict(played().bundle())[name]
    value = str(_found(json.loads(content), field)).encode()
    at = len(value) // 2
    other = b"0" if value[at : at + 1] != b"0" else b"1"
    return changed(name, value, value[:at] + other + value[at + 1 :])


def _found(document: Any, field: str) -> Any:
    for part in field.split("."):
        document = document[int(part)] if part.isdigit() else document[part]
    return document


def dropped_bid() -> Files:
    party = played().party
    log = Log("intl-1", party.log.leaves[1:])
    document = log_document(party.checkpoint(log), log.leaves)
    return relisted(log=canonical_bytes(document), opening=None, sheet=None, proof=None)


def rewritten_log() -> Files:
    party = played().party
    log = Log("intl-1", [*party.log.leaves[1:], "ab" * 32])
    return relisted(other_log=canonical_bytes(log_document(party.checkpoint(log), log.leaves)))


def late_receipt() -> Files:
    party = played().party
    late = party.receipt(party.submissions[0], CLOSES_AT + timedelta(minutes=1))
    return relisted(receipt=late.to_bytes())


def _record(**changes: Any) -> bytes:
    """The opening with changes, opened again."""
    party = played().party
    record = replace(_opening(), **changes)
    results = open_all(
        record.manifests,
        submissions=record.submissions,
        postings=record.postings,
        reveals=record.reveals,
    )
    return replace(record, results=results, checkpoint=party.checkpoint()).to_bytes()


def _opening() -> OpeningRecord:
    return played().party.record((1, 2, 3))


def wrong_share() -> Files:
    party = played().party
    envelope = party.submissions[0].digest
    posting = party.post(2)
    share = bytes([posting.shares[envelope][0] ^ 1]) + posting.shares[envelope][1:]
    hashes = {**posting.hashes, envelope: party.manifest.suite.hash(share).hex()}
    wrong = replace(
        posting, hashes=hashes, shares={**posting.shares, envelope: share}, signature=b""
    )
    key = party.holders[1].signing_key
    signature = sign_document(wrong.unsigned(), key=key, random_bytes=dice("wrong"))
    postings = (party.post(1), replace(wrong, signature=signature), party.post(3), party.post(4))
    return relisted(opening=_record(postings=postings))


def revealed_key() -> Files:
    """Too few holders came, and a bidder revealed its key: valid, the others are not opened."""
    party = played().party
    envelope = party.submissions[0]
    key = party.bidder(envelope.bidder)
    reveal = reveal_key(
        party.secrets[envelope.digest], signing_key=key, random_bytes=dice("reveal")
    )
    postings = (party.post(1), party.post(2))
    return relisted(
        opening=_record(postings=postings, reveals=(reveal,)), sheet=None, report=None, letter=None
    )


def inconsistent_shares() -> Files:
    """A bidder signs the hash of a share that is not on the polynomial of the others."""
    cheat = play()
    party = cheat.party
    envelope: Any = party.submissions[0]
    shares = list(envelope.shares)
    shares[4] = replace(shares[4], share_hash="ab" * 32)
    party.submissions[0] = altered(envelope, party.bidder(envelope.bidder), shares=tuple(shares))
    record = party.record((1, 2, 3))
    assert record.results[0].verdict is Verdict.BIDDER_FAULT
    files = {
        "manifest.json": party.manifest.to_bytes(),
        "opening.json": record.to_bytes(),
    }
    return cheat.bundle(files)


def false_result() -> Files:
    record = _opening()
    other = Bid((BidLine("L01", STRENGTH, Decimal("0.9")),))
    results = (replace(record.results[0], bid=other), *record.results[1:])
    return relisted(opening=replace(record, results=results).to_bytes())


def _sheet(**changes: Any) -> bytes:
    content = {**played().statements["sheet"].content, **changes}
    return played().state(SHEET, content, seed="again").to_bytes()


def _facts(prices: Mapping[str, str], *, accepts: bool = True) -> tuple[str, str]:
    """Facts with other prices or answers, and the report that follows from them."""
    sheet = sheet_of(prices)
    answers = [Answer("L01", THIRD, QuestionKind.REVIVE, accepts)]
    return write_facts(sheet, answers), evaluated(sheet, answers)


def other_price() -> Files:
    facts, report = _facts({**PRICES, "戊药业": "0.90"})
    stated = played().state(REPORT, report_content(report)).to_bytes()
    return relisted(sheet=_sheet(facts=facts), report=stated, letter=None)


def left_out(reason: str | None) -> Files:
    prices = {name: one for name, one in PRICES.items() if name != "戊药业"}
    facts, report = _facts(prices)
    stated = played().state(REPORT, report_content(report)).to_bytes()
    bids = [{"lot": "L01", "bid": one, "bidder": CODES[one]} for one in sorted(prices)]
    quote = {
        "strength": STRENGTH,
        "declared_price": {"pack_price": PRICES["戊药业"], "pack_units": 1},
    }
    one = {"lot": "L01", "bidder": CODES["戊药业"], "reason": reason, "quotes": [quote]}
    sheet = _sheet(facts=facts, bids=bids, left_out=[] if reason is None else [one])
    return relisted(sheet=sheet, report=stated, letter=None)


def other_answer() -> Files:
    facts, report = _facts(PRICES, accepts=False)
    stated = played().state(REPORT, report_content(report)).to_bytes()
    (entry,) = played().statements["sheet"].entries("answers")
    sheet = _sheet(facts=facts, answers=[{**entry, "answer": False}])
    return relisted(sheet=sheet, report=stated, letter=None)


def other_ceiling() -> Files:
    facts = (
        played()
        .statements["sheet"]
        .text("facts")
        .replace('"price_ceiling":"4.00"', '"price_ceiling":"5.00"')
    )
    return relisted(sheet=_sheet(facts=facts))


def other_report() -> Files:
    """A report that makes a loser win; rules and facts do not give it."""
    text = played().statements["report"].text("text").replace('"rejected"', '"selected"', 1)
    stated = played().state(REPORT, report_content(text)).to_bytes()
    return relisted(report=stated, letter=None)


def wrong_letter() -> Files:
    report = played().statements["report"].text("text")
    content = {**letter_content(report, "丁药业"), "needed_price": "0.01"}
    return relisted(letter=played().state(LETTER, content).to_bytes())


def other_rules() -> Files:
    text = text_of(RULES).replace('value = "1.8"', 'value = "1.9"')
    assert text != text_of(RULES)
    return relisted(rulebook=RulebookText(RULES.id, text).to_bytes())


def taken_out() -> Files:
    return [one for one in played().bundle() if one[0] != "receipt.json"]


def put_in() -> Files:
    party = played().party
    return [*played().bundle(), ("more.json", party.receipt(party.submissions[1]).to_bytes())]


def unreadable() -> Files:
    return relisted(receipt=b'{"type":"receipt/1"}')


def changed_proof() -> Files:
    proof = json.loads(played().files["proof.json"])
    proof["path"][0] = "ab" * 32
    return relisted(proof=canonical_bytes(proof))


CASES: Mapping[str, tuple[Callable[[], Files], frozenset[Named]]] = {
    "valid": (lambda: played().bundle(), frozenset()),
    "revealed-key": (revealed_key, frozenset()),
    "left-out-with-reason": (lambda: left_out("申报材料审核未通过。"), frozenset()),
    "dropped-bid": (dropped_bid, frozenset({SERVER})),
    "rewritten-log": (rewritten_log, frozenset({SERVER})),
    "late-receipt": (late_receipt, frozenset({SERVER})),
    "false-result": (false_result, frozenset({SERVER})),
    "wrong-letter": (wrong_letter, frozenset({SERVER})),
    "other-rules": (other_rules, frozenset({SERVER})),
    "unreadable-file": (unreadable, frozenset({SERVER})),
    "changed-proof": (changed_proof, frozenset({SERVER})),
    "wrong-share": (wrong_share, frozenset({("holder", "2")})),
    "inconsistent-shares": (inconsistent_shares, frozenset({("bidder", CODES["甲药业"])})),
    "other-price": (other_price, frozenset({EVALUATION})),
    "left-out-in-silence": (lambda: left_out(None), frozenset({EVALUATION})),
    "other-answer": (other_answer, frozenset({EVALUATION})),
    "other-ceiling": (other_ceiling, frozenset({EVALUATION})),
    "other-report": (other_report, frozenset({EVALUATION})),
    "file-taken-out": (taken_out, frozenset({PRESENTER})),
    "file-put-in": (put_in, frozenset({PRESENTER})),
    "bit-in-receipt": (lambda: flipped("receipt.json", "receipt_id"), frozenset({PRESENTER})),
    "bit-in-proof": (lambda: flipped("proof.json", "path.0"), frozenset({PRESENTER})),
    "bit-in-log": (lambda: flipped("log.json", "leaves.2"), frozenset({PRESENTER})),
    "bit-in-envelope": (
        lambda: flipped("opening.json", "submissions.1.ciphertext"),
        frozenset({PRESENTER}),
    ),
    "bit-in-report": (
        lambda: changed("report.json", b'\\"places\\": 3', b'\\"places\\": 2'),
        frozenset({PRESENTER}),
    ),
    "bit-in-letter": (
        lambda: changed("letter.json", b'"rank":', b'"rank":1'),
        frozenset({PRESENTER}),
    ),
    "bit-in-list": (lambda: flipped(NAME, "files.2.hash"), frozenset({PRESENTER})),
    "bit-in-manifest": (lambda: flipped("manifest.json", "server_key"), frozenset({PRESENTER})),
}
"""By name: the bundle, and who must be named; nobody where it is valid."""


def vectors() -> dict[str, Any]:
    """All cases as one document: files of the valid bundle, and what each case changes."""
    base = {name: content.decode() for name, content in played().bundle()}
    cases: dict[str, Any] = {}
    for name, (make, named) in CASES.items():
        files = {file: content.decode() for file, content in make()}
        differing: dict[str, str | None] = {
            file: text for file, text in files.items() if base.get(file) != text
        }
        differing |= {file: None for file in base if file not in files}
        cases[name] = {"files": differing, "named": sorted(map(list, named))}
    bureau = base64.b64encode(played().party.bureau.public).decode()
    return {"bureau_key": bureau, "files": base, "cases": cases}


def files_of(document: Mapping[str, Any], name: str) -> Files:
    """The files of one case of the document."""
    files = {**document["files"], **document["cases"][name]["files"]}
    return [(file, text.encode()) for file, text in files.items() if text is not None]


def write() -> None:
    """Write the document."""
    text = json.dumps(vectors(), ensure_ascii=False, indent=1, sort_keys=True)
    FILE.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
