"""Which part of a round may still be changed, by its status."""

from collections.abc import Mapping
from enum import StrEnum

from procurement.errors import RefusedError
from procurement.rounds.status import STATUS_NAMES, RoundStatus


class Part(StrEnum):
    """A part of a round that is drafted by itself."""

    TITLE = "title"
    RULEBOOK = "rulebook"
    REGIONS = "regions"
    """Also whether the round is an inquiry, and which round it follows on."""
    LOTS = "lots"
    """Which lots there are, and their strengths."""
    PRICES = "prices"
    """Ceilings and benchmark prices."""
    TIMETABLE = "timetable"
    PARTICIPANTS = "participants"
    OPTIONS = "options"


_BEFORE_PUBLICATION = (RoundStatus.DRAFT, RoundStatus.VOLUME_REPORTING, RoundStatus.COMMENTS)
_AS_A_DRAFT = (RoundStatus.DRAFT,)

MAY_CHANGE: Mapping[Part, tuple[RoundStatus, ...]] = {
    Part.TITLE: _BEFORE_PUBLICATION,
    # Hospitals report for lots, strengths and regions: those stand while they do.
    Part.RULEBOOK: _AS_A_DRAFT,
    Part.REGIONS: _AS_A_DRAFT,
    Part.LOTS: _AS_A_DRAFT,
    Part.PRICES: _BEFORE_PUBLICATION,
    Part.TIMETABLE: _BEFORE_PUBLICATION,
    Part.PARTICIPANTS: _BEFORE_PUBLICATION,
    Part.OPTIONS: _BEFORE_PUBLICATION,
}
"""For each part, the statuses in which an officer may change it; later only amendments do."""

_PART_NAMES: Mapping[Part, tuple[str, str]] = {
    Part.TITLE: ("名称", "title"),
    Part.RULEBOOK: ("规则", "rulebook"),
    Part.REGIONS: ("参加地区", "regions"),
    Part.LOTS: ("品种和规格", "lots and strengths"),
    Part.PRICES: ("最高有效申报价", "ceilings"),
    Part.TIMETABLE: ("时间安排", "timetable"),
    Part.PARTICIPANTS: ("密钥持有人和见证人", "keyholders and observers"),
    Part.OPTIONS: ("待定规则", "open rules"),
}


class PartFixedError(RefusedError):
    """A part of a round can no longer be changed."""

    def __init__(self, part: Part, status: RoundStatus) -> None:
        """Keep the part and where the round stands."""
        (part_zh, part_en), (zh, en) = _PART_NAMES[part], STATUS_NAMES[status]
        super().__init__(
            zh=f"批次处于“{zh}”，{part_zh}已不能直接修改；发布之后的变更须发修改通知。",
            en=f"The round stands at “{en}”: its {part_en} can no longer be changed directly. "
            "After publication an amendment is needed.",
        )
        self.part = part
        self.status = status


def may_change(part: Part, status: RoundStatus) -> bool:
    """Tell whether an officer may change a part.

    Examples:
        >>> may_change(Part.PRICES, RoundStatus.COMMENTS)
        True
        >>> may_change(Part.LOTS, RoundStatus.COMMENTS)
        False
    """
    return status in MAY_CHANGE[part]


def check_may_change(part: Part, status: RoundStatus) -> None:
    """Let a change of a part pass, or raise.

    Raises:
        PartFixedError: It is fixed by now.
    """
    if not may_change(part, status):
        raise PartFixedError(part, status)
