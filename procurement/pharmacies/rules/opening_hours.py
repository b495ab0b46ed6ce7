"""Opening hours: how people write them, how they are kept, what they say of a day; pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from procurement.errors import FieldFault

WEEKDAYS: tuple[tuple[str, str], ...] = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)
"""From Monday, in Chinese and English."""

_NUMBERS: Mapping[str, int] = {
    **{name.lower(): number for number, names in enumerate(WEEKDAYS, 1) for name in names},
    "周天": 7,
    "星期日": 7,
    "星期天": 7,
    **{f"星期{digit}": number for number, digit in enumerate("一二三四五六", 1)},
}
_CLOSED = frozenset({"closed", "休息", "不营业", "停业"})
_ALL_DAY = frozenset({"24h", "24小时", "全天"})
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})")
_PART = re.compile(r"(\S+)\s+(.+)")
_DAY_MINUTES = 24 * 60
TEXT_LENGTH_MAX = 400


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A time of a day in which a place is open, in minutes from midnight.

    Examples:
        >>> str(Span(480, 1080))
        '08:00-18:00'
    """

    begins: int
    ends: int

    def __str__(self) -> str:
        """As people write it."""
        return "-".join(f"{at // 60:02}:{at % 60:02}" for at in (self.begins, self.ends))


Week = Mapping[int, tuple[Span, ...]]
"""By weekday, 1 = Monday: spans in their order; none where it is closed, no entry if unknown."""


def parse_opening_hours(text: str) -> tuple[Week, tuple[FieldFault, ...]]:
    """Read opening hours as people write them, and say all that is wrong with them.

    Args:
        text: Parts with ``;`` between them, each of weekdays and times: ``周一至周五
            08:00-12:00,14:00-18:00; 周六 09:00-12:00; 周日 休息``, or ``Mon-Sun 24h``.

    Returns:
        The week, and the faults; with faults the week holds what could be read.

    Examples:
        >>> week, faults = parse_opening_hours("Mon-Fri 8:00-18:00; Sat 09:00-12:00")
        >>> hours_text(week), faults
        ('周一至周五 08:00-18:00; 周六 09:00-12:00', ())
        >>> parse_opening_hours("周一 18:00-08:00")[1][0].en[:43]
        '18:00-08:00 ends before it begins; write a '
    """
    week: dict[int, tuple[Span, ...]] = {}
    faults: list[FieldFault] = []
    if len(text) > TEXT_LENGTH_MAX:
        return {}, (_fault(f"不得超过 {TEXT_LENGTH_MAX} 字。", "It is too long."),)
    for part in re.split(r"[;；\n]", text):
        if part.strip():
            _read_part(part.strip(), week, faults)
    return dict(sorted(week.items())), tuple(faults)


def _read_part(part: str, week: dict[int, tuple[Span, ...]], faults: list[FieldFault]) -> None:
    match = _PART.fullmatch(part)
    days = _days(match[1]) if match else ()
    if match is None or not days:
        faults.append(
            _fault(
                f"“{part}”读不出星期：应写成“周一至周五 08:00-18:00”。",
                f"“{part}” names no weekdays; expected such as “Mon-Fri 08:00-18:00”.",
            )
        )
        return
    twice = [day for day in days if day in week]
    if twice:
        zh, en = WEEKDAYS[twice[0] - 1]
        faults.append(_fault(f"{zh}写了两次。", f"{en} is given twice."))
    spans = _spans(match[2].strip(), faults)
    week.update(dict.fromkeys(days, spans))


def _days(text: str) -> tuple[int, ...]:
    days: list[int] = []
    for piece in re.split(r"[,，、]", text):
        ends = [_NUMBERS.get(name.lower()) for name in re.split(r"[-–—~至到]", piece)]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or first is None or last is None or first > last:
            return ()
        days.extend(range(first, last + 1))
    return tuple(days)


def _spans(text: str, faults: list[FieldFault]) -> tuple[Span, ...]:
    if text.lower() in _CLOSED:
        return ()
    if text.lower() in _ALL_DAY:
        return (Span(0, _DAY_MINUTES),)
    read = [_span(piece.strip(), faults) for piece in re.split(r"[,，、]", text)]
    spans = sorted(span for span in read if span is not None)
    for before, after in pairwise(spans):
        if after.begins < before.ends:
            faults.append(_fault(f"{before} 与 {after} 重叠。", f"{before} and {after} overlap."))
    return tuple(spans)


def _span(text: str, faults: list[FieldFault]) -> Span | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        faults.append(
            _fault(
                f"“{text}”不是时间段：应写成“08:00-18:00”，休息写“休息”。",
                f"“{text}” is no time span; expected such as “08:00-18:00”, or “closed”.",
            )
        )
        return None
    hours, minutes, hours_end, minutes_end = map(int, match.groups())
    span = Span(hours * 60 + minutes, hours_end * 60 + minutes_end)
    if max(minutes, minutes_end) > 59 or max(span.begins, span.ends) > _DAY_MINUTES:
        faults.append(
            _fault(
                f"{text}：一天只有 00:00 至 24:00。",
                f"{text}: a day lasts from 00:00 to 24:00.",
            )
        )
        return None
    if span.ends <= span.begins:
        faults.append(
            _fault(
                f"{text} 结束早于开始；过夜的请按两天写，如 22:00-24:00 与次日 00:00-06:00。",
                f"{text} ends before it begins; write a night as two spans, 22:00-24:00 and "
                "00:00-06:00 of the next day.",
            )
        )
        return None
    return span


def _fault(zh: str, en: str) -> FieldFault:
    return FieldFault("opening_hours", zh, en)


def hours_json(week: Week) -> str:
    """Write opening hours as the database keeps them.

    Examples:
        >>> hours_json({1: (Span(480, 1080),), 7: ()})
        '{"1": [[480, 1080]], "7": []}'
    """
    return json.dumps(
        {str(day): [[span.begins, span.ends] for span in spans] for day, spans in week.items()}
    )


def hours_of_json(kept: str) -> Week:
    """Read what `hours_json` wrote.

    Examples:
        >>> hours_of_json('{"7": []}')
        {7: ()}
    """
    return {
        int(day): tuple(Span(*span) for span in spans) for day, spans in json.loads(kept).items()
    }


def hours_on(week: Week, day: date) -> tuple[Span, ...] | None:
    """Return the spans of a day; none if closed, None where nobody said.

    Public holidays are not known here: a place says so in its route or by telephone.

    Examples:
        >>> hours_on({7: ()}, date(2026, 11, 22)), hours_on({7: ()}, date(2026, 11, 23))
        ((), None)
    """
    return week.get(day.isoweekday())


def hours_text(week: Week, *, language: str = "zh") -> str:
    """Write opening hours as people do, days with the same hours together.

    The text reads back as the same week.

    Examples:
        >>> hours_text({6: (), 7: ()}, language="en")
        'Sat-Sun closed'
    """
    column, joint, closed = (0, "至", "休息") if language == "zh" else (1, "-", "closed")
    parts = []
    for run in _runs(week):
        names = [WEEKDAYS[day - 1][column] for day in (run[0], run[-1])]
        days = names[0] if len(run) == 1 else joint.join(names)
        parts.append(f"{days} {','.join(map(str, week[run[0]])) or closed}")
    return "; ".join(parts)


def _runs(week: Week) -> Sequence[Sequence[int]]:
    """Weekdays that follow each other with the same hours."""
    days = sorted(week)
    return [
        [day for _, day in group]
        for _, group in groupby(enumerate(days), key=lambda at: (at[1] - at[0], week[at[1]]))
    ]
