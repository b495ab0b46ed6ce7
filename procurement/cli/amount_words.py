"""Amounts of yuan in words, as on a Chinese contract; the twin of ``static/js/amounts.js``."""

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_DECIMALS = ("角", "分", "厘", "毫", "丝", "忽")

WHOLE_DIGITS_MAX = 12


def in_words(amount: Decimal) -> str | None:
    """An amount of yuan in words; None where it is finer than a millionth or above 12 digits.

    Examples:
        >>> in_words(Decimal("0.01")), in_words(Decimal("12.05")), in_words(Decimal("10005"))
        ('壹分', '壹拾贰元零伍分', '壹万零伍元整')
    """
    whole, _, decimals = f"{amount:f}".partition(".")
    decimals = decimals.rstrip("0")
    if len(whole) > WHOLE_DIGITS_MAX or len(decimals) > len(_DECIMALS) or amount < 0:
        return None
    yuan = f"{_whole(whole)}元" if int(whole) else ""
    rest = _decimals(decimals, has_whole=bool(yuan))
    if rest:
        return yuan + rest
    return f"{yuan or '零元'}整"


def _whole(digits: str) -> str:
    padded = digits.zfill(-(-len(digits) // 4) * 4)
    groups = [padded[start : start + 4] for start in range(0, len(padded), 4)]
    words = ""
    for index, group in enumerate(groups):
        words += _group(group, index, groups, words)
    return words


def _group(group: str, index: int, groups: list[str], words: str) -> str:
    if group == "0000":
        return ""
    empty_before = index > 0 and groups[index - 1] == "0000"
    zero = "零" if words and (empty_before or group[0] == "0") else ""
    return zero + _four(group) + _GROUPS[len(groups) - 1 - index]


def _four(group: str) -> str:
    words = ""
    for place, digit in enumerate(group):
        if digit != "0":
            gap = "零" if words and group[place - 1] == "0" else ""
            words += gap + _DIGITS[int(digit)] + _PLACES[len(group) - 1 - place]
    return words


def _decimals(decimals: str, *, has_whole: bool) -> str:
    words = ""
    for place, digit in enumerate(decimals):
        if digit != "0":
            skipped = place > 0 and decimals[place - 1] == "0"
            gap = "零" if skipped and (has_whole or words) else ""
            words += gap + _DIGITS[int(digit)] + _DECIMALS[place]
    return words
