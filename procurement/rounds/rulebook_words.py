"""The values of rules in words, in Chinese or English."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.accounts.divisions import division_name
from procurement.credit_rating.words import ALL_WORDS
from procurement.rounds.fulfilment_words import (
    FULFILMENT_LABELS,
    FULFILMENT_UNITS,
    FULFILMENT_WORDS,
)
from procurement.rounds.payment_words import (
    PAYMENT_LABELS,
    PAYMENT_PERCENT_FIELDS,
    PAYMENT_UNITS,
    PAYMENT_WORDS,
    band_label,
    cut_table_lines,
)
from procurement.rounds.savings_words import SAVINGS_LABELS, SAVINGS_WORDS, score_label
from rulebooks import Bilingual
from rulebooks.vocabulary import ByNumber, Term
from rulebooks.vocabulary.kinds import share

LANGUAGES = ("zh", "en")

Pair = tuple[str, str]
"""A text in each of the languages."""

WORDS: Mapping[str, Pair] = {
    "firm": ("企业", "firm"),
    "product": ("产品", "product"),
    "unit-price": ("单位价格", "unit price"),
    "daily-cost": ("日均费用", "daily cost"),
    "price-cut": ("降幅", "price cut"),
    "regions-covered": ("覆盖地区多者优先", "more regions covered"),
    "prior-supply": ("供应量大者优先", "more supplied before"),
    "passed-on": ("通过一致性评价早者优先", "earlier consistency evaluation"),
    "quality-score": ("质量评分高者优先", "higher quality score"),
    "originator": ("原研药优先", "originator"),
    "shortlisted": ("入围企业的价格", "shortlisted prices"),
    "valid": ("全部有效申报价", "all valid prices"),
    "highest-winner": ("已中选的最高价", "the highest selected price"),
    "second-quote": ("二次报价", "a second quote"),
    "lowest": ("最低价", "the lowest price"),
    "anchor": ("锚点价", "the anchor price"),
    "regions": ("按地区供应", "by regions"),
    "rank-split": ("按名次分量", "split by rank"),
    "own-brand": ("按本企业报量", "each winner its own reported volume"),
    "first-pick-then-turns": (
        "最低价者先选一个地区，再按价格顺序轮流各选一个",
        "the cheapest picks one, then all take turns in price order",
    ),
    "spare-then-rank": ("先备供企业，再按名次", "spare supplier, then by rank"),
    "next-rank": ("按名次顺延", "the next in rank"),
    "main-supplier": ("该地区主供企业", "the region's main supplier"),
    "public": ("公开", "public"),
    "parties": ("仅当事各方", "the parties only"),
    "court": ("仅司法机关", "courts only"),
    **ALL_WORDS,
    **PAYMENT_WORDS,
    **SAVINGS_WORDS,
    **FULFILMENT_WORDS,
}
"""The words of the vocabulary."""

LABELS: Mapping[str, Pair] = {
    "general": ("一般品种", "general"),
    "restricted": ("抗菌药物等品种", "restricted"),
    "special": ("特殊使用级等品种", "special"),
    "any": ("各剂型", "any form"),
    "oral-solid": ("口服固体制剂", "oral solids"),
    "small-injection": ("小容量注射剂", "small-volume injections"),
    "large-injection": ("大容量注射剂", "large-volume injections"),
    "other": ("其他剂型", "other forms"),
    "A1": ("A1 类", "class A1"),
    "A": ("A", "A"),
    "B": ("B", "B"),
    "C": ("C", "C"),
    "a": ("A 类线", "line of class A"),
    "b": ("B 类线", "line of class B"),
    "cut": ("降幅", "cut"),
    "supply": ("供应", "supply"),
    "quality": ("质量", "quality"),
    "share": ("累计占比", "cumulative share"),
    "fill_to": ("不足时补至家数", "filled up to firms"),
    "price": ("价格", "price"),
    "single_winner_ratio": ("仅一家中选时的倍数", "ratio where there is one winner"),
    "of": ("倍数的基准", "ratio to"),
    "max_rise": ("涨幅上限", "highest rise"),
    "volume_at_least_mean": ("报量不低于各品牌均值", "reported volume at least the mean"),
    "not_highest": ("首次报价不是最高", "first price not the highest"),
    "direct": ("降幅排名直接中选数", "selected outright by rank of cut"),
    "floor_bidders": (
        "平均降幅取自申报企业不少于此数的品种",
        "mean cut of lots with at least bidders",
    ),
    "years": ("年数", "years"),
    "names": ("品种", "products"),
    "grade": ("等级", "grade"),
    "months_above": ("持续超过（月）", "months above"),
    "sales_above": ("销售额超过（元）", "sales above, yuan"),
    **ALL_WORDS,
    **PAYMENT_LABELS,
    **SAVINGS_LABELS,
    **FULFILMENT_LABELS,
}
"""Names of the entries of tables; others, such as strengths, stand as they are."""

UNITS: Mapping[str, Pair] = {
    "yuan": ("{} 元", "{} yuan"),
    "yuan per unit": ("{} 元/最小单位", "{} yuan per unit"),
    "years": ("{} 年", "{} yr"),
    "rank": ("第 {} 名", "rank {}"),
    "products": ("{} 个产品", "{} products"),
    "bids": ("{} 个申报", "{} bids"),
    "units": ("{} 个最小单位", "{} units"),
}

_PERCENT_TABLES = ("share.", "split.", "composite.weights", "simple.", "class_1.")
_PERCENT_FIELDS = ("share", "max_rise", "ratio", *PAYMENT_PERCENT_FIELDS)
_BANDS = {"ladder.passed": band_label, "bands": score_label}
_LISTS_OF_TEXT = ("requirements", "simple.major_changes")
_ENTRIES_A_LINE = 8


@dataclass(frozen=True, slots=True)
class Voice:
    """How a rulebook speaks to its reader.

    Attributes:
        language: One of ``LANGUAGES``.
        products: Whether products compete; else firms are counted.
    """

    language: str
    products: bool = False

    def __post_init__(self) -> None:
        """Refuse a language that nobody has written.

        Raises:
            ValueError: It is none of ``LANGUAGES``.
        """
        if self.language not in LANGUAGES:
            raise ValueError(f"{self.language!r}: expected {' or '.join(LANGUAGES)}")

    def say(self, pair: Pair | Bilingual) -> str:
        """The text in the reader's language."""
        texts = (pair.zh, pair.en) if isinstance(pair, Bilingual) else pair
        return texts[LANGUAGES.index(self.language)]

    def join(self, parts: list[str]) -> str:
        """Entries of a table, in one line."""
        return self.say(("；", "; ")).join(parts)


Align = Callable[[Sequence[str]], Sequence[str]]
"""Brings labels that stand below each other to one width."""


def in_words(
    key: str, term: Term, value: object, voice: Voice, *, align: Align = lambda labels: labels
) -> list[str]:
    """The value of a rule in words, one or more lines.

    Args:
        key: The rule's key in the vocabulary.
        term: What the vocabulary says about it.
        value: Its value, as the loader reads it.
        voice: Whom the words are for.
        align: Of labels, where lines are printed with letters of one width.

    Examples:
        >>> from rulebooks.vocabulary.rounds import ROUND_TERMS
        >>> key = "selection.cut_from_ceiling"
        >>> in_words(key, ROUND_TERMS[key], Decimal("0.5"), Voice("zh"))
        ['50%']
        >>> key = "places.by_bidders"
        >>> in_words(key, ROUND_TERMS[key], ByNumber((1, 2, 2)), Voice("zh"))
        ['1 家 → 1；2 家 → 2；3 家及以上 → 2']
    """
    if isinstance(value, ByNumber):
        entries = _by_number(key, term, value, voice)
        cuts = range(0, len(entries), _ENTRIES_A_LINE)
        return [voice.join(entries[cut : cut + _ENTRIES_A_LINE]) for cut in cuts]
    if key in _LISTS_OF_TEXT and isinstance(value, tuple):
        return [f"- {voice.say(halves(str(entry)))}" for entry in value]
    if key == "cut.table" and isinstance(value, Mapping):
        return cut_table_lines(value, voice.say)
    label_of = _BANDS.get(key)
    if label_of is not None and isinstance(value, Mapping):
        colon = voice.say(("：", ": "))
        return [
            f"{label_of(name, voice.say)}{colon}{_phrase(key, term, band, voice)}"
            for name, band in value.items()
        ]
    if isinstance(value, Mapping) and any(isinstance(row, ByNumber) for row in value.values()):
        labels = align([_label(name, voice) for name in value])
        return [
            f"{label}  {_phrase(key, term, row, voice)}"
            for label, row in zip(labels, value.values(), strict=True)
        ]
    return [_phrase(key, term, value, voice)]


def halves(text: str) -> Pair:
    """The Chinese and the English half of a text with `` / `` between them.

    Examples:
        >>> halves("能供应约定采购量 / able to supply the agreed volume")
        ('能供应约定采购量', 'able to supply the agreed volume')
        >>> halves("one language only")
        ('one language only', 'one language only')
    """
    zh, mark, en = text.partition(" / ")
    return (zh, en) if mark else (text, text)


def _phrase(key: str, term: Term, value: object, voice: Voice, field: str = "") -> str:
    if isinstance(value, ByNumber):
        return voice.join(_by_number(key, term, value, voice))
    if isinstance(value, tuple):
        parts = [_phrase(key, term, entry, voice) for entry in value]
        return voice.say(("、", ", ")).join(parts)
    if isinstance(value, Mapping):
        colon = voice.say(("：", ": "))
        return voice.join(
            [
                f"{_label(name, voice)}{colon}{_phrase(key, term, entry, voice, name)}"
                for name, entry in value.items()
                if entry is not None
            ]
        )
    return _leaf(key, term, value, voice, field)


def _leaf(key: str, term: Term, value: object, voice: Voice, field: str) -> str:
    if isinstance(value, bool):
        return voice.say(("是", "yes") if value else ("否", "no"))
    if isinstance(value, str):
        if key == "scope.region":
            return voice.say(division_name(value))
        return voice.say(WORDS.get(value, halves(value)))
    if isinstance(value, date):
        return value.isoformat()
    percent = term.kind is share or key.startswith(_PERCENT_TABLES) or field in _PERCENT_FIELDS
    if isinstance(value, Decimal) and percent:
        return f"{(value * 100).normalize():f}%"
    units = {**UNITS, **PAYMENT_UNITS, **FULFILMENT_UNITS}
    return voice.say(units.get(term.unit, ("{}", "{}"))).format(value)


def _label(name: str, voice: Voice) -> str:
    return voice.say(LABELS.get(name, (name, name)))


def _by_number(key: str, term: Term, table: ByNumber, voice: Voice) -> list[str]:
    """Entries such as ``1 家 → 2``, the last standing for all above."""
    by_rank = key == "share.by_rank"
    count = "个" if voice.products else "家"
    entries = []
    for number, entry in enumerate(table.entries, start=1):
        zh = f"第 {number} 名" if by_rank else f"{number} {count}"
        en = f"rank {number}" if by_rank else f"{number}"
        if number == len(table.entries):
            zh += "及以后" if by_rank else "及以上"
            en += " and after" if by_rank else " and more"
        entries.append(f"{voice.say((zh, en))} → {_phrase(key, term, entry, voice)}")
    return entries
