"""A draft as a list of tasks: what is done, what is open, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.rounds.readiness import Check
from procurement.rounds.rules import Part, may_change
from procurement.rounds.tables import Round, RoundStatus


@dataclass(frozen=True, slots=True)
class DraftSection:
    """One group of questions of a draft.

    Attributes:
        zh: Its name, in Chinese.
        en: The same in English.
        page: Its page, below the round's.
        is_done: Whether nothing is open in it.
        is_open: Whether it may still be changed directly.
        found: What is open in it, or what was found.
    """

    zh: str
    en: str
    page: str
    is_done: bool
    is_open: bool
    found: tuple[Check, ...]


_SECTIONS: tuple[tuple[str, str, str, Part, frozenset[str]], ...] = (
    ("基本情况", "Basics", "basics", Part.TITLE, frozenset()),
    (
        "品种和价格",
        "Lots and prices",
        "lots",
        Part.PRICES,
        frozenset({"lots", "strengths", "prices"}),
    ),
    (
        "时间安排",
        "Timetable",
        "timetable",
        Part.TIMETABLE,
        frozenset({"dates", "dates-ahead"}),
    ),
    (
        "密钥持有人和见证人",
        "Keyholders and observers",
        "keyholders",
        Part.PARTICIPANTS,
        frozenset({"keyholders"}),
    ),
    ("待定规则", "Open rules", "rules", Part.OPTIONS, frozenset({"rule", "rules"})),
)


def draft_sections(round_: Round, checks: Sequence[Check]) -> Sequence[DraftSection]:
    """Sort what was looked at into the groups of questions of a draft.

    Args:
        round_: The round.
        checks: What the publication looks at.
    """
    status = RoundStatus(round_.status)
    grouped: dict[str, list[Check]] = {}
    for check in checks:
        key = "dates" if check.key.startswith("date-") else check.key
        grouped.setdefault(key, []).append(check)
    return [
        DraftSection(
            zh=zh,
            en=en,
            page=page,
            is_done=all(check.is_met for key in keys for check in grouped.get(key, [])),
            is_open=may_change(part, status),
            found=tuple(check for key in sorted(keys) for check in grouped.get(key, [])),
        )
        for zh, en, page, part, keys in _SECTIONS
    ]
