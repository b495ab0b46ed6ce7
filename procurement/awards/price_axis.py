"""A lot's bids on one price axis, as an SVG picture: who is selected, and which line decided.

Horizontal places are percentages and everything else is pixels, so that text keeps its size while
the axis takes the width it is given. Labels are laid out for ``NARROWEST`` pixels, one to a row:
what is legible there is legible on anything wider.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bidding.report import LotReport, Outcome, Status
from bidding.wording import LANGUAGES, sentence, shown
from procurement.awards.price_lines import PriceLine, price_lines, price_ratios
from procurement.settings import resource_folder

NARROWEST = Decimal(360)
"""Width in pixels for which labels are laid out; the picture may be shown at any wider one."""

MARGIN = Decimal(4)
"""Per cent of the width that stay free at the left and at the right."""

LOGARITHMIC_FROM = Decimal(5)
"""The axis is logarithmic where the highest price is more than this multiple of the lowest."""

TITLE, LABEL, NOTE = 15, 14, 12
"""Sizes of text in pixels: the finding; a bid's label; its note, and everything small."""

_SPAN = 100 - 2 * MARGIN
_ROOM = NARROWEST * _SPAN / 100
_BOLD = Decimal("1.06")
_TICK_GAP = 12
_EMS = (
    (" .,:;'|il", Decimal("0.28")),
    ("()frtIj-", Decimal("0.42")),
    ("MWmw%@", Decimal("0.92")),
)
_BESIDE_LINE = 5

_WORDS: dict[str, tuple[str, str]] = {
    "linear": ("单位可比价（元）", "Comparable price, yuan"),
    "logarithmic": ("单位可比价（元，对数刻度）", "Comparable price, yuan (logarithmic axis)"),
    "selected": ("中选", "selected"),
    "other": ("未中选", "not selected"),
    "needed": ("须报价至", "needed price"),
    "places": ("以上入围（名额 {places} 个）", "end of the {places} places"),
    "price-unknown": ("报价不详", "price not known"),
    "none": ("{bids} 个报价，无一中选", "none of {bids} bids selected"),
    "some": ("{bids} 个报价中选 {selected} 个", "{selected} of {bids} bids selected"),
    "one-price": ("，中选价 {lowest} 元", ", at {lowest} yuan"),
    "same-price": ("；中选价均为 {lowest} 元", "; all at {lowest} yuan"),
    "times": (
        "；最高中选价是最低的 {ratio} 倍",
        "; highest winning price {ratio} times the lowest",
    ),
    "open": ("；{open} 个待定", "; {open} to be decided"),
    "declared": ("申报 {price}（{strength}）", "declared {price} ({strength})"),
    "needs": ("须报价至 {price}", "needed {price}"),
    "needs-pack": ("每盒须报价至 {price}", "needed {price} a pack"),
    "offer": ("可接受 {price}", "may accept {price}"),
    "title": ("{heading}：{finding}", "{heading}: {finding}"),
    "lines": ("价格线：{items}。", "Lines: {items}. "),
    "bids": ("报价：{items}。", "Bids: {items}."),
    "between": ("；", "; "),
    "comma": ("，", ", "),
}

_STATUS: dict[Status, tuple[str, str]] = {
    Status.SELECTED: ("", ""),
    Status.SELECTED_WITHOUT_VOLUME: ("不带量", "without volume"),
    Status.REVIVAL_OFFERED: ("待复活", "revival offered"),
    Status.TIED: ("同价待定", "tied, to be decided"),
    Status.REJECTED: ("未中选", "not selected"),
    Status.INVALID: ("报价无效", "invalid"),
}


@dataclass(frozen=True, slots=True)
class _Axis:
    """Places prices between the margins, in per cent of the width."""

    lowest: Decimal
    highest: Decimal

    @property
    def is_logarithmic(self) -> bool:
        return self.highest > LOGARITHMIC_FROM * self.lowest

    def at(self, price: Decimal) -> Decimal:
        if not self.is_logarithmic:
            part = price / self.highest
        elif price <= self.lowest:
            part = Decimal(0)
        else:
            part = (price / self.lowest).ln() / (self.highest / self.lowest).ln()
        return (MARGIN + _SPAN * part).quantize(Decimal("0.01"))

    def ticks(self) -> list[tuple[Decimal, str]]:
        """Places and labels of round prices that do not touch each other."""
        for prices in self._round_prices():
            ticks = [(self.at(price), shown(price, 6)) for price in prices]
            if _apart(ticks):
                return ticks
        return []

    def _round_prices(self) -> Iterator[list[Decimal]]:
        """Sets of round prices on the axis, the closest first."""
        first, last = self.lowest.adjusted(), self.highest.adjusted()
        if not self.is_logarithmic:
            for power, digit in ((p, d) for p in (last - 1, last) for d in (1, 2, 5)):
                step = Decimal(digit).scaleb(power)
                yield [step * number for number in range(int(self.highest / step) + 1)]
            return
        for digits, every in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 4)):
            powers = range(first, last + 1)
            prices = [Decimal(d).scaleb(p) for p in powers if p % every == 0 for d in digits]
            yield [price for price in prices if self.lowest <= price <= self.highest]


class _Label(NamedTuple):
    """Lines of text that start (or end) so many pixels from a place of the axis."""

    x: Decimal
    dx: int
    anchor: str
    texts: tuple[str, ...]


class _Row(NamedTuple):
    """One bid: its label, its dot, and where the dot would have had to be."""

    label: _Label
    dot: Decimal | None
    needed: Decimal | None
    is_selected: bool
    places: str | None
    """What is written above the row, where the places end there."""


def draw_price_axis(report: LotReport, *, ceiling: Decimal | None, language: str) -> str:
    """Draw a lot's bids on one price axis.

    Every line but the ceiling is read from a step of the report, so that the picture shows what
    decided and nothing else.

    Args:
        report: The report of the lot.
        ceiling: Maximum valid declared price of the main strength, as it compares; None where
            the lot has none. Ceilings that made a bid invalid are in the report.
        language: ``zh`` or ``en``.

    Returns:
        An SVG document, as wide as the place it is put in.

    Examples:
        >>> from bidding.evaluate import evaluate
        >>> from procurement.rounds.folder import read_folder
        >>> from rulebooks import load_rulebook
        >>> folder = read_folder(resource_folder("examples") / "national-3-eight-lots")
        >>> report = evaluate(folder.round, load_rulebook("national-3")).lots[0]
        >>> svg = draw_price_axis(report, ceiling=Decimal("8.8571"), language="en")
        >>> svg.partition('-title">')[2].partition("<")[0]
        'L01 阿那曲唑口服常释剂型: 4 of 5 bids selected; highest winning price 3.5 times the lowest'
    """
    at = LANGUAGES.index(language)
    lines = price_lines(report, ceiling=ceiling, language=language)
    axis = _axis(report.outcomes, lines)
    heading = f"{report.lot} {report.product}"
    finding = _finding(report.outcomes, at)
    legend = [_WORDS[word][at] for word in ("selected", "other", "needed")]
    return _template().render(
        id=re.sub(r"[^\w-]", "_", f"price-axis-{report.lot}"),
        language="zh-CN" if language == "zh" else "en",
        title=_WORDS["title"][at].format(heading=heading, finding=finding),
        description=_description(report, lines, language),
        heading=_shortened(heading, LABEL),
        finding=_wrapped(finding),
        scale=_WORDS["logarithmic" if axis and axis.is_logarithmic else "linear"][at],
        lines=_line_labels(lines, axis) if axis else [],
        rows=_rows(report, axis, at),
        ticks=axis.ticks() if axis else [],
        margin=MARGIN,
        legend=legend,
        legend_widths=[int(_width(word, NOTE)) + 1 for word in legend],
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(resource_folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("awards/price_axis.svg")


def _axis(outcomes: Iterable[Outcome], lines: Iterable[PriceLine]) -> _Axis | None:
    prices = [outcome.comparable_price or Decimal(0) for outcome in outcomes]
    known = [price for price in (*prices, *(line.price for line in lines)) if price > 0]
    return _Axis(min(known), max(known)) if known else None


def _line_labels(lines: Sequence[PriceLine], axis: _Axis) -> list[tuple[_Label, Decimal, bool]]:
    """Label, place and kind of each line, in an order in which few lines cross a label."""
    placed = [(axis.at(line.price), line) for line in lines]
    labels = [
        (_label(x, (line.label,), NOTE, beside=_BESIDE_LINE), x, line.is_ceiling)
        for x, line in placed
    ]
    to_the_left = [label for label in labels if label[0].anchor == "end"]
    return [*(label for label in labels if label not in to_the_left), *reversed(to_the_left)]


def _rows(report: LotReport, axis: _Axis | None, at: int) -> list[_Row]:
    ratios = price_ratios(report.steps)
    last = _last_of_the_places(report)
    places = _WORDS["places"][at].format(places=report.places)
    return [
        _row(outcome, ratios.get(outcome.bid), axis, at)._replace(
            places=places if number == last else None
        )
        for number, outcome in enumerate(report.outcomes)
    ]


def _row(outcome: Outcome, ratio: Decimal | None, axis: _Axis | None, at: int) -> _Row:
    price, needed = outcome.comparable_price, outcome.needed_price
    texts = (_headline(outcome, at), *_notes(outcome, ratio, at))
    if axis is None or price is None:
        label = _Label(MARGIN, 0, "start", texts)
        return _Row(label, None, None, outcome.status.is_selected, None)
    dot = axis.at(price)
    return _Row(
        label=_label(dot, texts, LABEL, beside=0),
        dot=dot,
        needed=None if needed is None else axis.at(needed / (ratio or 1)),
        is_selected=outcome.status.is_selected,
        places=None,
    )


def _headline(outcome: Outcome, at: int) -> str:
    """Rank, manufacturer and comparable price; a name that is too long is shortened."""
    price = outcome.comparable_price
    said = _WORDS["price-unknown"][at] if price is None else shown(price, 6)
    rank = "" if outcome.rank is None else f"{outcome.rank} "
    same = outcome.bid == outcome.manufacturer
    name = outcome.manufacturer if same else f"{outcome.manufacturer} {outcome.bid}"
    room = _ROOM - _width(f"{rank} {said}", LABEL)
    return f"{rank}{_shortened(name, LABEL, room)} {said}"


def _notes(outcome: Outcome, ratio: Decimal | None, at: int) -> list[str]:
    """What became of the bid, and at which declared price it would have been selected."""
    offered = outcome.status is Status.REVIVAL_OFFERED
    pack = outcome.needed_pack_price
    figures = (
        ("declared", None if ratio is None else outcome.declared_price),
        ("offer", outcome.offer_price if offered else None),
        ("needs-pack", pack),
        ("needs", outcome.needed_price if pack is None else None),
    )
    parts = [_STATUS[outcome.status][at]]
    parts += [
        _WORDS[word][at].format(price=shown(price, 6), strength=outcome.strength)
        for word, price in figures
        if price is not None
    ]
    return _filled(list(filter(None, parts)), _WORDS["comma"][at])


def _filled(parts: Sequence[str], comma: str) -> list[str]:
    """Parts joined to as few lines as the room allows."""
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]}{comma}{part}" if lines else part
        if lines and _width(joined, NOTE) <= _ROOM:
            lines[-1] = joined
        else:
            lines.append(_shortened(part, NOTE))
    return lines


def _last_of_the_places(report: LotReport) -> int | None:
    """The row above which the places end; None where no row parts those within from the rest."""
    beyond = {step.bid for step in report.steps if step.code == "beyond-places"}
    outside = [outcome.bid in beyond or outcome.rank is None for outcome in report.outcomes]
    counted = sum(step.code == "places" for step in report.steps)
    if not beyond or counted != 1 or outside != sorted(outside):
        return None
    return outside.index(True)


def _finding(outcomes: Sequence[Outcome], at: int) -> str:
    """What the picture shows, in one sentence."""
    prices = [one.comparable_price for one in outcomes if one.status.is_selected]
    known = [price for price in prices if price is not None and price > 0]
    waiting = sum(one.status in (Status.TIED, Status.REVIVAL_OFFERED) for one in outcomes)
    words = ["some" if prices else "none"]
    figures = {"bids": str(len(outcomes)), "selected": str(len(prices)), "open": str(waiting)}
    if known:
        figures |= {"lowest": shown(min(known), 6), "ratio": _ratio(max(known) / min(known))}
        several = "same-price" if max(known) == min(known) else "times"
        words.append(several if len(known) > 1 else "one-price")
    if waiting:
        words.append("open")
    return "".join(_WORDS[word][at].format(**figures) for word in words)


def _ratio(ratio: Decimal) -> str:
    """A ratio to one decimal, or to as many as tell it from 1."""
    texts = (shown(ratio, decimals) for decimals in range(1, 28))
    return next((text for text in texts if text != "1"), "1")


def _description(report: LotReport, lines: Iterable[PriceLine], language: str) -> str:
    """The picture in words, for those who do not see it."""
    at = LANGUAGES.index(language)
    bids = [
        f"{_headline(outcome, at)}{_WORDS['comma'][at]}{sentence(outcome.reason, language)}"
        for outcome in report.outcomes
    ]
    parts: Mapping[str, list[str]] = {"lines": [line.label for line in lines], "bids": bids}
    return "".join(
        _WORDS[word][at].format(items=_WORDS["between"][at].join(items))
        for word, items in parts.items()
        if items
    )


def _label(x: Decimal, texts: tuple[str, ...], size: int, *, beside: int) -> _Label:
    """Put a label beside a place, where it stays within the margins at the narrowest width."""
    widths = [_width(text, size if row == 0 else NOTE) for row, text in enumerate(texts)]
    place = NARROWEST * (x - MARGIN) / 100
    beyond = place + beside + max(widths) - _ROOM
    if beyond <= 0:
        return _Label(x, beside, "start", texts)
    if max(widths) + beside <= place:
        return _Label(x, -beside, "end", texts)
    # Neither side has room: as far back as the narrowest width needs.
    return _Label(x, beside - int(beyond) - 1, "start", texts)


def _apart(ticks: Sequence[tuple[Decimal, str]]) -> bool:
    """Whether the labels of ticks, centred on them, keep a gap at the narrowest width."""
    end = Decimal(-_TICK_GAP)
    for x, text in ticks:
        half = _width(text, NOTE) / 2
        if NARROWEST * x / 100 - half < end + _TICK_GAP:
            return False
        end = NARROWEST * x / 100 + half
    return True


def _width(text: str, size: int) -> Decimal:
    """An upper estimate of a text's width in pixels, for the usual sans-serif fonts."""
    return size * sum((_em(mark) for mark in text), Decimal(0))


def _em(mark: str) -> Decimal:
    if unicodedata.east_asian_width(mark) in "WFA":
        return Decimal(1)
    for marks, width in _EMS:
        if mark in marks:
            return width
    return Decimal("0.68" if mark.isupper() else "0.56")


def _shortened(text: str, size: int, room: Decimal = _ROOM) -> str:
    """A text, cut off where it would leave the room."""
    if _width(text, size) <= room:
        return text
    while text and _width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text}…"


def _wrapped(text: str) -> list[str]:
    """A bold sentence as lines: a new one after a semicolon, and where the room ends."""
    lines = [""]
    for part in re.findall(r"[^\s，；]*(?:[，；]|\s+|$)", text):
        width = _width(f"{lines[-1]}{part.rstrip()}", TITLE) * _BOLD
        if lines[-1] and (width > _ROOM or lines[-1].rstrip()[-1] in ";；"):
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines if line]
