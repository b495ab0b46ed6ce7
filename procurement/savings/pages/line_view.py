"""The one line of each product as its page shows it: pictures, a sentence, a row of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.savings.forecasts.shapes import HospitalForecast, LineForecast
from procurement.savings.one_line.shapes import HospitalLines, OneLine
from procurement.savings.pages.bars import AMBER, GREEN, GREY, PALE, TEAL, Bar, Picture, draw_bars
from procurement.savings.pages.line_picture import (
    MoneyFacts,
    VolumeFacts,
    money_picture,
    volume_picture,
)
from procurement.savings.papers.content import LineContent
from procurement.savings.papers.words import Text, money_words, percent_words
from procurement.savings.rules.exact import cents, less, quotient, times, total
from procurement.web.printing import print_day

Settled = Mapping[tuple[int, int], LineContent]
"""Lines of statements by batch-year and supply."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word."""

    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line as the page shows it."""

    title: str
    subtitle: str
    mark: Badge
    volumes: Picture
    money: Picture | None
    bills: Picture | None
    sentence: str
    row: Sequence[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the strip on top."""

    label: str
    words: str
    note: str
    kind: str = ""


class LineWriter:
    """Writes the lines of a hospital in one language."""

    def __init__(
        self, found: HospitalLines, forecast: HospitalForecast, settled: Settled, *, text: Text
    ) -> None:
        """Keep what is known."""
        self._found, self._settled, self._text = found, settled, text
        self._paced = {
            (term.term.term_id, line.supply.supply_id): line
            for term in forecast.terms
            for line in term.lines
        }

    def lines(self) -> list[ShownLine]:
        """All lines."""
        return [self._line(one) for one in self._found.lines]

    def _line(self, one: OneLine) -> ShownLine:
        text, supply = self._text, one.supply
        key = (one.term.term_id, supply.supply_id)
        content, paced = self._settled.get(key), self._paced.get(key)
        language = text("zh", "en")
        days = (
            f"{print_day(one.term.starts_on, language)} – {print_day(one.term.ends_on, language)}"
        )
        pack = text(
            f"{money_words(supply.pack_price)} 元／{supply.pack_units} {supply.unit}",
            f"{money_words(supply.pack_price)} yuan for {supply.pack_units} {supply.unit}",
        )
        return ShownLine(
            title=f"{supply.product} {supply.strength}",
            subtitle=" · ".join((supply.winner, pack, one.term.batch, days)),
            mark=self._mark(one, paced),
            volumes=volume_picture(self._volumes(one, content), text),
            money=self._money(one, content, paced),
            bills=self._bills(one),
            sentence=self._sentence(one, content, paced),
            row=self._row(one, content),
        )

    def _volumes(self, one: OneLine, content: LineContent | None) -> VolumeFacts:
        term, today = one.term, self._found.day
        days = (term.ends_on - term.starts_on).days + 1
        elapsed = (today - term.starts_on).days + 1
        others = None if content is None else content.non_winning_volume
        return VolumeFacts(
            unit=one.supply.unit,
            need=term.base(one.base_volume) if one.base_volume else one.reported,
            agreed=one.agreed_volume,
            ordered=one.ordered,
            received=one.counted,
            others=others,
            expected=one.agreed_volume * elapsed // days if elapsed <= days else None,
        )

    def _mark(self, one: OneLine, paced: LineForecast | None) -> Badge:
        text = self._text
        if one.is_settled:
            kept = bool(one.kept)
            return Badge(
                text("已留用", "kept") if kept else text("不留用", "nothing kept"),
                "good" if kept else "bad",
            )
        if one.completed:
            return Badge(text("已完成", "completed"), "good")
        if paced is not None and paced.completes:
            return Badge(text("按进度可完成", "on the way"), "info")
        if paced is not None:
            return Badge(text("落后", "behind"), "warning")
        return Badge(text("未完成", "not completed"), "bad")

    def _money(
        self, one: OneLine, content: LineContent | None, paced: LineForecast | None
    ) -> Picture | None:
        if content is not None:
            return money_picture(settled_money(content), self._text)
        if paced is None or paced.at_pace is None:
            return None
        text, zero = self._text, Decimal(0)
        at_pace, if_completed = cents(paced.at_pace), cents(paced.if_completed or zero)
        pace = text("按目前进度可留", "kept at this pace")
        bars = [
            Bar(pace, money_words(at_pace), zero, at_pace, GREEN if at_pace > 0 else GREY),
            Bar(
                text("完成后可留", "kept if completed"),
                money_words(if_completed),
                zero,
                if_completed,
                TEAL,
            ),
        ]
        return draw_bars(
            text(f"{pace} {money_words(at_pace)} 元", f"{pace}: {money_words(at_pace)} yuan"), bars
        )

    def _bills(self, one: OneLine) -> Picture | None:
        if not one.invoiced_amount:
            return None
        text, zero = self._text, Decimal(0)
        paid = percent_words(quotient(one.paid_amount, one.invoiced_amount))
        open_ = less(one.invoiced_amount, one.paid_amount)
        bars = [
            Bar(
                text("已开票", "invoiced"),
                money_words(one.invoiced_amount),
                zero,
                one.invoiced_amount,
                PALE,
            ),
            Bar(
                text("已付款", "paid"),
                money_words(one.paid_amount),
                zero,
                one.paid_amount,
                GREEN if open_ <= 0 else AMBER,
                paid,
            ),
        ]
        owed = money_words(max(open_, zero))
        title = text(f"货款已付 {paid}，尚欠 {owed} 元", f"{paid} paid, {owed} yuan owed")
        return draw_bars(title, bars)

    def _sentence(
        self, one: OneLine, content: LineContent | None, paced: LineForecast | None
    ) -> str:
        text = self._text
        if not one.is_settled and paced is not None:
            return text(paced.zh, paced.en)
        why = text("；".join(one.why_zh), "; ".join(one.why_en))
        amount = one.kept if content is None else content.paid_part
        if amount is None:
            return why
        kept = money_words(amount)
        words = text(f"留用 {kept} 元", f"{kept} yuan are kept")
        return text("；", "; ").join(filter(None, (words, why))) + text("。", ".")

    def _row(self, one: OneLine, content: LineContent | None) -> Sequence[str]:
        unit = one.supply.unit
        base = None if content is None else content.savings_base
        return (
            f"{one.reported:,} {unit}",
            f"{one.agreed_volume:,}",
            f"{one.ordered:,}",
            f"{one.counted:,}",
            money_words(one.paid_amount),
            money_words(base),
            money_words(one.kept if content is None else content.paid_part),
        )


def settled_money(content: LineContent) -> MoneyFacts:
    """The amounts of a settled line; the money spent on winners and on others apart."""
    winning = times(
        content.agreed_volume,
        content.winning_price,
        content.payment_ratio_spend,
        content.insured_share,
    )
    known = content.spend is not None
    others = less(content.spend, winning) if content.spend is not None else None
    return MoneyFacts(
        budget=content.budget,
        winning=winning if known else None,
        others=others,
        savings_base=content.savings_base,
        retained=content.retained if content.paid_part is None else content.paid_part,
        is_forecast=False,
    )


def strip_of(found: HospitalLines, settled: Settled, text: Text) -> list[Piece]:
    """The whole hospital in money: agreed, ordered, taken in, paid, base, kept."""
    lines = found.lines
    agreed = total([_worth(one, one.agreed_volume) for one in lines])
    ordered = total([_worth(one, one.ordered) for one in lines])
    received = total([_worth(one, one.counted) for one in lines])
    invoiced = total([one.invoiced_amount for one in lines])
    paid = total([one.paid_amount for one in lines])
    base = total([one.savings_base for one in settled.values()])
    done = sum(1 for one in lines if one.completed)
    kept = money_words(None if found.kept is None else cents(found.kept))
    of_agreed = text("为约定的", "of what is agreed:")
    return [
        Piece(
            text("约定金额", "agreed"),
            money_words(cents(agreed)),
            text("约定采购量 × 中选价", "agreed volume × price"),
        ),
        Piece(
            text("已下单", "ordered"),
            money_words(cents(ordered)),
            f"{of_agreed} {_share(ordered, agreed)}",
        ),
        Piece(
            text("已入库", "taken in"),
            money_words(cents(received)),
            text(f"{len(lines)} 项中完成 {done} 项", f"{done} of {len(lines)} completed"),
            "good" if done == len(lines) else "bad" if not done else "",
        ),
        Piece(
            text("已付款", "paid"),
            money_words(paid),
            text("为发票的", "of what is invoiced:") + f" {_share(paid, invoiced)}",
        ),
        Piece(
            text("结余测算基数", "savings base"),
            money_words(cents(base)) if settled else "—",
            text("预算 − 支出", "budget − spend"),
        ),
        Piece(
            text("留用", "kept"),
            kept,
            _kept_note(found, text),
            "good" if found.kept else "",
        ),
    ]


def _kept_note(found: HospitalLines, text: Text) -> str:
    if any(not one.is_settled for one in found.lines):
        return text("未清算的按目前进度", "what is not settled, at this pace")
    return text("已清算", "settled")


def _worth(one: OneLine, units: int) -> Decimal:
    """Units at the price of their pack."""
    return times(units, one.supply.winning_price)


def _share(part: Decimal, whole: Decimal) -> str:
    return percent_words(quotient(part, whole)) if whole else "—"


def finding_of(found: HospitalLines, text: Text) -> str:
    """The page in one sentence."""
    lines = found.lines
    done = sum(1 for one in lines if one.completed)
    missing = len(lines) - done
    kept = money_words(None if found.kept is None else cents(found.kept))
    if not lines:
        return text("还没有约定采购量。", "Nothing is agreed yet.")
    zh = f"{len(lines)} 项中已完成 {done} 项" + (f"，{missing} 项未完成" if missing else "")
    en = f"{done} of {len(lines)} lines are completed" + (f", {missing} are not" if missing else "")
    if found.kept is not None:
        zh, en = f"{zh}；留用 {kept} 元", f"{en}; {kept} yuan are kept"
    return text(f"{zh}。", f"{en}.")


def parsed_day(text: str, today: date) -> date:
    """The day of an address, never after today; today where there is none.

    Examples:
        >>> parsed_day("2027-01-31", date(2027, 2, 1)), parsed_day("x", date(2027, 2, 1))
        (datetime.date(2027, 1, 31), datetime.date(2027, 2, 1))
    """
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today
