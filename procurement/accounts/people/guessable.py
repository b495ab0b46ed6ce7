"""Passwords that are long and still among the first guesses: pure functions.

The commonest long passwords are made of few parts: a common word, a run over the keyboard or the
digits, a year, the user's own name. What is left after taking these away is what has to be guessed.
"""

import re
from collections.abc import Iterator

LEFT_OVER_MIN = 4
"""Fewer characters than this, besides common parts, are no obstacle."""

COMMON_WORDS = (
    "administrator",
    "beautiful",
    "butterfly",
    "changeme",
    "chocolate",
    "computer",
    "default",
    "dragon",
    "football",
    "freedom",
    "guest",
    "huawei",
    "hello",
    "hospital",
    "iloveyou",
    "internet",
    "jordan",
    "jicai",
    "letmein",
    "liverpool",
    "login",
    "love",
    "manchester",
    "master",
    "michael",
    "monkey",
    "password",
    "princess",
    "root",
    "secret",
    "shadow",
    "sunshine",
    "superman",
    "system",
    "test",
    "trustno1",
    "unbelievable",
    "united",
    "user",
    "welcome",
    "admin",
    "aini",
    "china",
    "mima",
    "qazwsx",
    "qwert",
    "asdf",
    "zxcv",
    "woaini",
    "woaiwo",
    "wangfang",
    "wangwei",
    "weixin",
    "wode",
    "yiyuan",
    "zhangwei",
    "zhongguo",
    "5201314",
    "1314520",
    "520",
    "1q2w3e4r5t",
    "1q2w3e4r",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "zaq1",
    "xsw2",
    "abc123",
    "a1b2c3d4",
)
"""Words and walks over the keyboard that most lists of leaked passwords begin with."""

_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
)
_LINES = tuple(line for row in _ROWS for line in (row, row[::-1]))

_RUN_MIN = 3
_LOOK_ALIKE = str.maketrans({"0": "o", "@": "a", "$": "s", "3": "e", "!": "i"})
# A year, a birthday, a mobile number.
_PERSONAL = re.compile(r"1[3-9]\d{9}|(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))?")
_REPEATED = re.compile(r"(.{1,6}?)\1{2,}")


def is_guessable(password: str, *, user: str = "") -> bool:
    """Tell whether a password has almost nothing besides common parts.

    Args:
        password: Any password.
        user: The name to sign in with, whose parts are common here.

    Examples:
        >>> [is_guessable(each) for each in ("Password2026!", "qwertyuiop123", "aaaaaaaaaaaa")]
        [True, True, True]
        >>> is_guessable("zhang.officer2026", user="zhang.officer@example.org")
        True
        >>> [is_guessable(each) for each in ("correct horse battery", "837261940182")]
        [False, False]
    """
    lowered = password.lower()
    words = sorted({*COMMON_WORDS, *_parts_of(user.lower())}, key=len, reverse=True)
    impersonal = _PERSONAL.sub(" ", lowered)
    spellings = (lowered, impersonal, impersonal.translate(_LOOK_ALIKE))
    return any(len(_left_over(spelling, words)) < LEFT_OVER_MIN for spelling in spellings)


def _parts_of(user: str) -> Iterator[str]:
    local_part = user.partition("@")[0]
    yield from (part for part in (user, local_part, *re.split(r"\W+", user)) if len(part) > 1)


def _left_over(password: str, words: list[str]) -> str:
    rest = _REPEATED.sub(r"\1", password)
    for word in words:
        rest = rest.replace(word, " ")
    return re.sub(r"[\W_]", "", _without_runs(rest))


def _without_runs(text: str) -> str:
    """Take away what runs along the digits, the alphabet or a row of the keyboard."""
    kept, place = [], 0
    while place < len(text):
        length = _run_at(text, place)
        if length < _RUN_MIN:
            kept.append(text[place])
            length = 1
        place += length
    return "".join(kept)


def _run_at(text: str, start: int) -> int:
    end = start + 1
    while end < len(text) and any(text[start : end + 1] in line for line in _LINES):
        end += 1
    return end - start
