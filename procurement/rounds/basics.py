"""What a round is: the first questions about it, and what is wrong with an answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION, is_division
from procurement.errors import FieldFault
from procurement.rounds.options import round_rulebooks
from procurement.rounds.service import find_round

TITLE_LENGTH_MAX = 300
SHIFT_MINUTES_MIN, SHIFT_MINUTES_MAX = 10, 24 * 60

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME_LENGTH = range(3, 61)
_RESERVED_NAMES = frozenset({"new", "drafts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Basics:
    """What a round is: the first group of questions about it.

    Attributes:
        name: Short name that addresses use; it is never changed.
        title: Title of the procurement document.
        rulebook: Id of the rulebook that it is drafted from.
        regions: Division codes of the regions that take part.
        is_inquiry: Declarations against a benchmark price instead of bids.
        follows: Name of the round that it follows on; empty for none.
        outage_shift_minutes: By how much the outage rule moves closing and opening.
    """

    name: str
    title: str
    rulebook: str
    regions: tuple[str, ...]
    is_inquiry: bool = False
    follows: str = ""
    outage_shift_minutes: int = 120


def name_faults(session: Session, *, name: str) -> Iterator[FieldFault]:
    """Find what is wrong with the name of a new round."""
    if not _NAME.fullmatch(name) or len(name) not in _NAME_LENGTH or name in _RESERVED_NAMES:
        yield FieldFault(
            "name",
            "须为 3 至 60 位小写字母、数字和连字符，例如 anhui-2026-1。",
            "Expected 3 to 60 small letters, digits and hyphens, such as anhui-2026-1.",
        )
    elif find_round(session, name=name) is not None:
        yield FieldFault("name", "该代号已被使用。", "This name is taken.")


def basics_faults(session: Session, *, basics: Basics) -> Iterator[FieldFault]:
    """Find what is wrong with the rest."""
    if not basics.title:
        yield FieldFault("title", "请填写采购文件名称。", "Enter the title of the document.")
    if len(basics.title) > TITLE_LENGTH_MAX:
        most = TITLE_LENGTH_MAX
        yield FieldFault("title", f"至多 {most} 字。", f"Expected at most {most} characters.")
    if basics.rulebook not in round_rulebooks():
        yield FieldFault("rulebook", "请选择一份规则。", "Choose a rulebook.")
    if not SHIFT_MINUTES_MIN <= basics.outage_shift_minutes <= SHIFT_MINUTES_MAX:
        low, high = SHIFT_MINUTES_MIN, SHIFT_MINUTES_MAX
        yield FieldFault(
            "outage_shift_minutes",
            f"须为 {low} 至 {high} 分钟。",
            f"Expected {low} to {high} minutes.",
        )
    if basics.follows and find_round(session, name=basics.follows) is None:
        yield FieldFault("follows", "没有这个批次。", "There is no such round.")
    if basics.follows == basics.name:
        yield FieldFault("follows", "不能接续自身。", "A round cannot follow on itself.")
    yield from _region_faults(basics.regions)


def _region_faults(regions: Sequence[str]) -> Iterator[FieldFault]:
    if not regions:
        yield FieldFault("regions", "请至少选择一个地区。", "Choose at least one region.")
    for region in regions:
        if not is_division(region) or region == NATION:
            yield FieldFault(
                "regions",
                f"{region} 不是省、市、县的区划代码。",
                f"{region} is not the code of a province, city or county.",
            )
    chosen = set(regions)
    for region in regions:
        for whole in {f"{region[:2]}0000", f"{region[:4]}00"} - {region}:
            if whole in chosen:
                zh, en = f"{whole} 已包含 {region}。", f"{whole} contains {region}."
                yield FieldFault("regions", zh, en)
    if len(set(regions)) < len(regions):
        yield FieldFault("regions", "有地区重复。", "A region is there twice.")
