"""Figures and days as a procurement document prints them, in Chinese and English."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from procurement.china_days import CHINA
from procurement.rounds.document.clause import OPEN, Grid
from rulebooks import Bilingual
from rulebooks.vocabulary import ByNumber

_DIGITS = "零一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FOLD_AFTER = 8


def same(text: str) -> Bilingual:
    """A text that is the same in both languages."""
    return Bilingual(text, text)


def halves(text: str) -> Bilingual:
    """The Chinese and the English half of a rulebook's text with `` / `` between them.

    Examples:
        >>> halves("能供应约定采购量 / able to supply the agreed volume").en
        'able to supply the agreed volume'
        >>> halves("only one").zh
        'only one'
    """
    zh, mark, en = text.partition(" / ")
    return Bilingual(zh, en) if mark else same(text)


def plain(value: Decimal) -> str:
    """A decimal as the rulebook writes it, without an exponent.

    Examples:
        >>> plain(Decimal("0.10"))
        '0.10'
    """
    return f"{value:f}"


def percent(value: Decimal) -> str:
    """A share in per cent, exactly.

    Examples:
        >>> percent(Decimal("0.5")), percent(Decimal("0.125")), percent(Decimal(1))
        ('50%', '12.5%', '100%')
    """
    return f"{(value * 100).normalize():f}%"


def whole(number: int) -> str:
    """A whole number with separators.

    Examples:
        >>> whole(9172400)
        '9,172,400'
    """
    return f"{number:,}"


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese, as sections are counted.

    Examples:
        >>> [numeral(number) for number in (1, 10, 12, 20, 35)]
        ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    head = "" if tens == 1 else _DIGITS[tens]
    return f"{head}十{_DIGITS[ones] if ones else ''}"


def day(value: date) -> Bilingual:
    """A day.

    Examples:
        >>> day(date(2026, 11, 22)).zh, day(date(2026, 11, 22)).en
        ('2026年11月22日', '22 Nov 2026')
    """
    zh = f"{value.year}年{value.month}月{value.day}日"
    return Bilingual(zh, f"{value.day} {_MONTHS[value.month - 1]} {value.year}")


def moment(value: datetime | None) -> Bilingual:
    """A moment in Beijing time, with its weekday; 待定 where there is none yet.

    Examples:
        >>> from datetime import UTC
        >>> moment(datetime(2026, 11, 22, 1, 0, tzinfo=UTC)).zh
        '2026年11月22日（星期日）09:00'
        >>> moment(None).zh
        '待定'
    """
    if value is None:
        return OPEN
    local = value.astimezone(CHINA)
    clock = f"{local:%H:%M}" if not local.second else f"{local:%H:%M:%S}"
    words = day(local.date())
    weekday = local.weekday()
    return Bilingual(
        f"{words.zh}（星期{_WEEKDAYS[weekday]}）{clock}",
        f"{_DAYS[weekday]} {words.en}, {clock} (Beijing time)",
    )


def number_label(number: int, *, last: bool) -> Bilingual:
    """The head of a row of a table by number.

    Examples:
        >>> number_label(16, last=True).zh
        '16 及以上'
    """
    return Bilingual(f"{number} 及以上", f"{number} or more") if last else same(str(number))


def number_grid(
    table: ByNumber, head: Bilingual, entry: Bilingual, show: Callable[[object], str]
) -> Grid:
    """A table by number; a long one is folded into two pairs of columns.

    Args:
        table: The entries.
        head: What is counted.
        entry: What is read off.
        show: Prints an entry.

    Examples:
        >>> grid = number_grid(ByNumber((1, 2)), same("n"), same("places"), str)
        >>> [[cell.zh for cell in row] for row in grid.rows]
        [['1', '1'], ['2 及以上', '2']]
    """
    entries = table.entries
    rows = [
        (number_label(number, last=number == len(entries)), same(show(value)))
        for number, value in enumerate(entries, start=1)
    ]
    if len(rows) <= _FOLD_AFTER:
        return Grid((head, entry), tuple(rows), (0, 1))
    height = (len(rows) + 1) // 2
    rows += [(same(""), same(""))] * (2 * height - len(rows))
    folded = tuple(
        (*left, *right) for left, right in zip(rows[:height], rows[height:], strict=True)
    )
    return Grid((head, entry, head, entry), folded, (0, 1, 2, 3))


def listed(names: tuple[str, ...]) -> Bilingual:
    """Names in one sentence.

    Examples:
        >>> listed(("北京", "上海")).zh
        '北京、上海'
    """
    return Bilingual("、".join(names), ", ".join(names))
