"""A loser's letter as PDF, by Typst, in Chinese or in English."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from bidding.wording import shown
from pricing.money import UNIT_PRICE_STEP, floor_to_step
from procurement.awards.letters import Letter, LetterBid
from procurement.china_days import CHINA, day_in_china
from procurement.rounds.document.pdf import fill_template

TEMPLATE = "awards/letter.typ"


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """What is printed; every text is ready to be read.

    Attributes:
        title: Of the letter.
        round: Title of the round.
        addressee: To whom.
        lang: Of the typography.
        region: Of the typography.
        opening: What it is about, in a sentence.
        bids: For each bid label and value of what is told of it.
        checks_title: Above the ways to check it.
        checks: How to check it.
        closing: Until when to object.
        imprint: What stands at the foot of each page.
        day: Of the letter.
    """

    title: str
    round: str
    addressee: str
    lang: str
    region: str
    opening: str
    bids: Sequence[Sequence[tuple[str, str]]]
    checks_title: str
    checks: Sequence[str]
    closing: str
    imprint: str
    day: str


def print_letter(letter: Letter, *, language: str) -> bytes:
    """Print a letter; equal letters give equal bytes on one machine.

    Args:
        letter: The letter.
        language: ``zh`` or ``en``.

    Raises:
        FontsMissingError: The machine lacks the Chinese fonts.
    """
    return fill_template(
        TEMPLATE,
        inputs={"letter": asdict(written_letter(letter, language))},
        moment=letter.issued_at,
    )


def written_letter(letter: Letter, language: str) -> PrintedLetter:
    """Write a letter in one language."""
    at = 1 if language == "en" else 0
    places = "∞" if letter.places is None else str(letter.places)
    opening = (
        f"贵单位在品种 {letter.lot} {letter.product} 的下列申报未中选。本品种计入申报企业 "
        f"{letter.bidders} 家，最多入围 {places} 家。",
        f"The following bids of yours in lot {letter.lot} {letter.product} were not selected. "
        f"{letter.bidders} bidders count in this lot, for {places} places.",
    )
    until = _minute(letter.objections_until)
    closing = (
        f"对结果有异议的，请于 {until}（北京时间）前在平台实名提出质疑。",
        f"If you object, file an objection in real name on the platform before {until} (Beijing).",
    )
    report = letter.report_digest[:16]
    imprint = (
        f"第 {letter.notice} 次公示 · 评审报告 {report} · 规则 {letter.rulebook}",
        f"notice {letter.notice} · report {report} · rulebook {letter.rulebook}",
    )
    return PrintedLetter(
        title=("未中选告知书", "Letter to a bidder that was not selected")[at],
        round=letter.round_title,
        addressee=letter.organisation,
        lang=("zh", "en")[at],
        region=("cn", "gb")[at],
        opening=opening[at],
        bids=[_bid_facts(bid, at) for bid in letter.bids],
        checks_title=("如何核对", "How to check this letter")[at],
        checks=[check[at] for check in letter.checks],
        closing=closing[at],
        imprint=imprint[at],
        day=day_in_china(letter.issued_at).isoformat(),
    )


def _bid_facts(bid: LetterBid, at: int) -> list[tuple[str, str]]:
    """Label and value of what a letter tells of a bid."""
    none = ("无", "none")[at]
    needed = bid.needed_price
    facts = (
        (("申报", "bid"), bid.bid),
        (("规格", "strength"), bid.strength),
        (("申报单位价（元）", "declared unit price, yuan"), _figure(bid.declared_price)),
        (("换算", "conversion"), bid.conversion[at]),
        (("单位可比价（元）", "comparable price, yuan"), _figure(bid.comparable_price)),
        (("名次", "rank"), None if bid.rank is None else str(bid.rank)),
        (("依据条款", "clause"), bid.clause),
        (("原因", "reason"), bid.reason[at]),
        (
            ("其他报价不变时，可中选的最高单位价（元）", "highest unit price that would have won"),
            _highest(needed) or (None if bid.strength is None else none),
        ),
        (
            ("折合每包装（元）", "the same for the declared pack, yuan"),
            _figure(bid.needed_pack_price),
        ),
    )
    return [(label[at], value) for label, value in facts if value]


def _figure(price: str | None) -> str | None:
    return None if price is None else shown(Decimal(price), 6)


def _highest(price: str | None) -> str | None:
    """A price that would have won, never above itself by rounding."""
    return None if price is None else shown(floor_to_step(Decimal(price), UNIT_PRICE_STEP), 6)


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
