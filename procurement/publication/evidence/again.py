"""Evaluating again from a bundle: the report must come out byte for byte as it was written."""

import json
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from bidding.errors import BiddingError
from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from bidding.sealing.evidence.decision import RulebookText, Statement
from bidding.sealing.evidence.evaluation import Difference
from procurement.errors import JicaiError
from procurement.rounds.document.amended import amend_rules
from procurement.rounds.document.rulebook_text import frozen_rulebook
from procurement.rounds.folder.stored import read_facts
from rulebooks import Rulebook
from rulebooks.errors import RulebookError

_UNREADABLE = (BiddingError, RulebookError, JicaiError, ValueError, KeyError, TypeError)


def evaluate_again(rules: RulebookText, sheet: Statement, report: Statement) -> Difference | None:
    """Repeat an evaluation and compare.

    Args:
        rules: As the round froze them.
        sheet: What was evaluated.
        report: As it was written.

    Returns:
        The first difference, or None where the two reports are the same, byte for byte.
    """
    try:
        folder = read_facts(sheet.text("facts"))
        repeated = evaluate(folder.round, rulebook_of(rules), folder.answers)
    except _UNREADABLE as refusal:
        return Difference(f"不能重新评审（{refusal}）", f"it cannot be evaluated ({refusal})")
    written = dumps(report_document(repeated))
    given = report.text("text")
    return None if written == given else _first_difference(given, written)


def rulebook_of(rules: RulebookText) -> Rulebook:
    """The rules of a bundle as the evaluation takes them."""
    return amend_rules(
        frozen_rulebook(rules.rulebook, rules.text), {}, json.loads(rules.changes)
    ).rulebook


def _first_difference(given: str, written: str) -> Difference:
    try:
        lots = json.loads(given)["lots"]
    except (ValueError, KeyError, TypeError):
        return Difference("报告不是可读的文件", "the report cannot be read")
    for said, found in zip_longest(lots, json.loads(written)["lots"]):
        if said != found:
            return _in_lot(said, found)
    return Difference("品种之外的内容", "something outside of the lots")


def _in_lot(said: Mapping[str, Any] | None, found: Mapping[str, Any] | None) -> Difference:
    if said is None or found is None:
        return Difference("品种数量", "the number of lots")
    lot = found.get("lot")
    for name in found:
        if said.get(name) != found[name]:
            return Difference(f"品种 {lot} 的 {name}", f"{name} of lot {lot}")
    return Difference(f"品种 {lot}", f"lot {lot}")
