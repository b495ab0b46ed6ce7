"""The decision: are the rules, the bids and the letters in it those of the round?

Whether the report follows from them is repeated elsewhere, by the evaluation itself.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from bidding.sealing.bid import Bid
from bidding.sealing.canonical import Json
from bidding.sealing.evidence.decision import (
    LETTER_FIGURES,
    RulebookText,
    Statement,
    check_statement,
)
from bidding.sealing.evidence.finding import (
    Blame,
    Finding,
    Findings,
    fails,
    holds,
    short,
    trial,
    unchecked,
)
from bidding.sealing.evidence.ground import Ground, without_manifest
from bidding.sealing.evidence.openings import Repeated
from bidding.sealing.manifest import Manifest, Purpose
from bidding.sealing.record import OpeningRecord

More = Callable[[Ground, Statement, Manifest], Findings]
Prices = tuple[tuple[str, str, int], ...]
"""Strength, pack price and pack units of each line, sorted."""


def decision_findings(ground: Ground, openings: Iterable[Repeated]) -> Findings:
    """Of the rules, the facts, the report and the letters: what holds between them.

    Args:
        ground: The documents that may be relied on.
        openings: Nobody is accused on account of one that does not hold.
    """
    records = [one.record for one in openings if one.holds]
    for text in ground.bundle.rulebooks:
        yield _rulebook_finding(ground, text)
    for sheet in ground.bundle.sheets:
        yield from _statement_findings(ground, sheet, partial(_sheet_findings, records))
    for report in ground.bundle.reports:
        yield from _statement_findings(ground, report, _report_findings)
    for letter in ground.bundle.letters:
        yield from _statement_findings(ground, letter, _letter_findings)


def statement_name(statement: Statement) -> str:
    """How findings name a statement."""
    kind = statement.kind.partition("/")[0]
    if kind == "letter":
        return f"letter {statement.text('lot')} {statement.text('bid')}"
    digest = statement.text("digest" if kind == "report" else "rulebook_digest")
    return f"{kind} {short(digest)}"


def _rulebook_finding(ground: Ground, text: RulebookText) -> Finding:
    about = f"rulebook {text.rulebook}"
    bids = [one for one in ground.manifests if one.purpose is Purpose.BIDS]
    if not bids:
        return without_manifest(about)
    if any((one.rulebook, one.rulebook_digest) == (text.rulebook, text.digest) for one in bids):
        return holds(
            about,
            "与清单所载规则的摘要一致。",
            "It has the digest that the manifest names.",
        )
    return fails(
        about,
        "与清单所载规则的摘要不符：平台提供的不是公布的规则。",
        "It has another digest than the manifest names: these are not the published rules.",
    )


def _statement_findings(ground: Ground, statement: Statement, more: More) -> Findings:
    about = statement_name(statement)
    manifest = ground.manifest(statement.manifest)
    if manifest is None:
        yield without_manifest(about)
        return
    signed = trial(
        about,
        partial(check_statement, statement, manifest),
        zh="由平台签名，未被改动。",
        en="Signed by the server, and not changed since.",
    )
    yield signed
    if signed.blame is None:
        yield from more(ground, statement, manifest)


def _sheet_findings(
    records: Sequence[OpeningRecord], ground: Ground, sheet: Statement, manifest: Manifest
) -> Findings:
    about = statement_name(sheet)
    try:
        facts: Mapping[str, Any] = json.loads(sheet.text("facts"))
        yield _same_lots(about, facts, manifest)
        yield from _same_bids(records, sheet, facts)
        yield from _same_answers(records, sheet, facts)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        yield fails(
            about,
            "评审所依据的事实无法读取。",
            "The facts that were evaluated cannot be read.",
            Blame.EVALUATION,
        )


def _same_lots(about: str, facts: Mapping[str, Any], manifest: Manifest) -> Finding:
    published = {
        (lot.lot, one.strength): None if one.price_ceiling is None else _plain(one.price_ceiling)
        for lot in manifest.lots
        for one in lot.strengths
    }
    evaluated = {
        (lot["lot"], one["label"]): None
        if one.get("price_ceiling") is None
        else _plain(one["price_ceiling"])
        for lot in facts["lots"]
        for one in lot["strengths"].values()
    }
    if all(key in published and published[key] == evaluated[key] for key in evaluated):
        return holds(
            about,
            "品种、规格和最高有效申报价与清单一致。",
            "Lots, strengths and ceilings are those of the manifest.",
        )
    return fails(
        about,
        "品种、规格或最高有效申报价与清单不符。",
        "Lots, strengths or ceilings are not those of the manifest.",
        Blame.EVALUATION,
    )


def _complete(
    records: Iterable[OpeningRecord], purpose: Purpose, round_name: str
) -> Iterator[OpeningRecord]:
    """Openings of a round from which every leaf is known."""
    for record in records:
        manifest = record.manifest
        whole = len(record.submissions) == record.checkpoint.size
        if whole and (manifest.purpose, manifest.round_name) == (purpose, round_name):
            yield record


def _same_bids(
    records: Sequence[OpeningRecord], sheet: Statement, facts: Mapping[str, Any]
) -> Findings:
    about = statement_name(sheet)
    complete = list(_complete(records, Purpose.BIDS, sheet.round_name))
    if not complete:
        yield unchecked(
            about,
            "未核对报价：材料中没有完整的开标记录。",
            "Prices are not checked: the bundle has no complete record of the opening.",
            is_lacking=True,
        )
        return
    opened = _opened_prices(complete, {lot["lot"] for lot in facts["lots"]})
    evaluated = _evaluated_prices(sheet, facts)
    wrong = sorted(
        key for key in {*opened, *evaluated} if opened[key] != evaluated.get(key, Counter())
    )
    for lot, bidder in wrong:
        yield fails(
            f"{about} {lot}",
            f"评审采用的报价与开标所得不符（品种 {lot}，企业 {bidder}）。",
            f"What was evaluated is not what was opened (lot {lot}, bidder {bidder}).",
            Blame.EVALUATION,
        )
    if not wrong:
        yield holds(
            about,
            "评审采用的每一报价都是开标所得。",
            "Every price that was evaluated is the one that was opened.",
        )


def _opened_prices(
    records: Sequence[OpeningRecord], lots: Container[str]
) -> dict[tuple[str, str], Counter[Prices]]:
    """What each bidder's envelope held for some lots: the prices of each product of it."""
    found: dict[tuple[str, str], Counter[Prices]] = defaultdict(Counter)
    for record in records:
        for result in record.results:
            for (lot, _product), prices in _lines_of(result.bid).items():
                if lot in lots:
                    found[lot, result.bidder][prices] += 1
    return found


def _lines_of(bid: Bid | None) -> dict[tuple[str, str | None], Prices]:
    lines: dict[tuple[str, str | None], list[tuple[str, str, int]]] = defaultdict(list)
    for line in () if bid is None else bid.lines:
        price = line.unit_price
        shown = (line.strength, _plain(price.pack_price), price.pack_units)
        lines[line.lot, line.product].append(shown)
    return {key: tuple(sorted(prices)) for key, prices in lines.items()}


def _evaluated_prices(
    sheet: Statement, facts: Mapping[str, Any]
) -> dict[tuple[str, str], Counter[Prices]]:
    """What was evaluated, and what was left out with its reason, in the same form."""
    owners = {(one["lot"], one["bid"]): str(one["bidder"]) for one in sheet.entries("bids")}
    found: dict[tuple[str, str], Counter[Prices]] = defaultdict(Counter)
    for bid in facts["bids"]:
        owner = owners[bid["lot"], bid["bid"]]
        found[bid["lot"], owner][_quoted(bid["quotes"])] += 1
    for one in sheet.entries("left_out"):
        quotes = one["quotes"]
        assert not isinstance(quotes, str)  # noqa: S101 - read as a list of objects before
        found[str(one["lot"]), str(one["bidder"])][_quoted(quotes)] += 1
    return found


def _quoted(quotes: "Any") -> Prices:  # noqa: ANN401 - of facts or of what was left out
    prices = []
    for quote in quotes:
        price = quote["declared_price"]
        prices.append((quote["strength"], _plain(price["pack_price"]), int(price["pack_units"])))
    return tuple(sorted(prices))


def _same_answers(
    records: Sequence[OpeningRecord], sheet: Statement, facts: Mapping[str, Any]
) -> Findings:
    about = statement_name(sheet)
    entries = sheet.entries("answers")
    owners = {(one["lot"], one["bid"]): one["bidder"] for one in sheet.entries("bids")}
    by_bidders = [one for one in entries if one["by"] == "bidder"]
    opened = {
        manifest.digest: _answers_in(record)
        for record in _complete(records, Purpose.ANSWERS, sheet.round_name)
        for manifest in record.manifests
    }
    named = Counter((str(one["lot"]), str(one["bid"]), *_said(one)) for one in entries)
    taken = Counter((one["lot"], one["bid"], *_said(one)) for one in facts["answers"])
    wrong = [
        one
        for one in by_bidders
        if one["manifest"] in opened
        and _said(one)[1:]
        != _heard(opened[str(one["manifest"])], owners.get((one["lot"], one["bid"])), one)
    ]
    if named != taken or wrong:
        yield fails(
            about,
            "企业的答复与开启所得不符。",
            "The answers of bidders are not those that were opened.",
            Blame.EVALUATION,
        )
    elif all(one["manifest"] in opened for one in by_bidders):
        yield holds(
            about,
            f"企业的答复（{len(by_bidders)} 项）都是开启所得。",
            f"The answers of bidders ({len(by_bidders)}) are those that were opened.",
        )
    else:
        yield unchecked(
            about,
            "未核对答复：材料中没有二次答复的完整开启记录。",
            "Answers are not checked: the bundle has no complete record of their opening.",
            is_lacking=True,
        )


Named = tuple[str, str, str, str | None]


def _answers_in(record: OpeningRecord) -> dict[Named, tuple[bool, Decimal | None]]:
    """What was answered in one sitting, by lot, bidder, question and product."""
    return {
        (line.lot, result.bidder, line.question, line.product): (line.answer, line.price)
        for result in record.results
        for line in (() if result.bid is None else result.bid.answers)
    }


def _heard(
    opened: Mapping[Named, tuple[bool, Decimal | None]], owner: Json, entry: Mapping[str, Json]
) -> tuple[bool, str | None]:
    """What counts: silence is no answer, and neither is a price above the one offered."""
    named: Any = (entry["lot"], owner, entry["question"], entry["product"])
    accepts, price = opened.get(named, (False, None))
    offered = entry["offered"]
    if price is not None and offered is not None and price > Decimal(str(offered)):
        accepts = False
    return accepts, _plain_or_none(price) if accepts else None


def _said(answer: Mapping[str, Any]) -> tuple[str, bool, str | None]:
    price = answer.get("price")
    return answer["question"], answer["answer"], None if price is None else _plain(price)


def _report_findings(ground: Ground, report: Statement, manifest: Manifest) -> Findings:
    about = statement_name(report)
    digest = hashlib.sha256(report.text("text").encode()).hexdigest()
    if digest != report.text("digest"):
        yield fails(
            about,
            "报告文本与其摘要不符。",
            "The text of the report has another digest than is said.",
            Blame.EVALUATION,
        )
    elif report.text("rulebook_digest") != manifest.rulebook_digest:
        yield fails(
            about,
            "报告依据的规则不是清单所载的规则。",
            "The report applies other rules than the manifest names.",
            Blame.EVALUATION,
        )
    else:
        yield holds(
            about,
            "报告文本与其摘要一致，依据清单所载规则。",
            "Its text has the digest that is said, and it applies the rules of the manifest.",
        )


def _letter_findings(ground: Ground, letter: Statement, manifest: Manifest) -> Findings:
    about = statement_name(letter)
    reports = [
        one
        for one in ground.bundle.reports
        if one.text("digest") == letter.text("report") and ground.holds(one)
    ]
    if not reports:
        yield unchecked(
            about,
            "未与报告核对：材料中没有该信所引用的报告。",
            "Not compared with the report: the one that it names is not in the bundle.",
        )
        return
    wrong = _wrong_figures(letter, reports[0])
    if wrong:
        names = ", ".join(wrong)
        yield fails(
            about,
            f"与报告不符（{names}）：平台出具的告知书不是报告所载。",
            f"It is not what the report says ({names}): the server signed a wrong letter.",
            Blame.SERVER,
        )
    else:
        yield holds(about, "与报告所载一致。", "It says what the report says.")


def _wrong_figures(letter: Statement, report: Statement) -> list[str]:
    try:
        document = json.loads(report.text("text"))
        (outcome,) = (
            one
            for lot in document["lots"]
            if lot["lot"] == letter.text("lot")
            for one in lot["outcomes"]
            if one["bid"] == letter.text("bid")
        )
    except (ValueError, KeyError, TypeError):
        return ["bid"]
    return [name for name in LETTER_FIGURES if outcome.get(name) != letter.content[name]]


def _plain(price: object) -> str:
    """A price in one spelling."""
    return f"{Decimal(str(price)).normalize():f}"


def _plain_or_none(price: Decimal | None) -> str | None:
    return None if price is None else _plain(price)
