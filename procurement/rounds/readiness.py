"""What is looked at before a round goes on: each point with its reason and where to mend it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.errors import RefusedError
from procurement.rounds.open_rules import open_rules_of
from procurement.rounds.participants import holders_of, participants_of
from procurement.rounds.probe import find_gap
from procurement.rounds.progress import events_of
from procurement.rounds.rules import DATE_NAMES, holder_faults, timetable_faults
from procurement.rounds.scheduling import timetable_of
from procurement.rounds.sheet import limit_of, lots_of, sheet_of, strengths_by_lot
from procurement.rounds.tables import Lot, ParticipantPart, Round, RoundStatus
from rulebooks import Rulebook, load_rulebook

CEILING_INVALIDATES, DEFAULT_CEILING = "ceiling.above_is_invalid", "ceiling.default"

NAMED_MAX = 5
"""How many lots a sentence names before it says how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One point that is looked at.

    Attributes:
        key: Distinguishes it.
        zh: What was found, in Chinese.
        en: The same in English.
        is_met: Whether it is as it must be.
        link: The page on which it is mended; empty where there is none.
    """

    key: str
    zh: str
    en: str
    is_met: bool
    link: str = ""


CheckRound = Callable[[Session, Round, datetime], Iterable[Check]]
"""Looks at a round as a stage sees it."""


class NotReadyError(RefusedError):
    """A round cannot take a step yet; the unmet points say why."""

    def __init__(self, checks: Sequence[Check]) -> None:
        """Keep the unmet points."""
        super().__init__(
            zh="尚不具备条件：" + "；".join(check.zh for check in checks),
            en="Not ready: " + "; ".join(check.en for check in checks),
        )
        self.checks = tuple(checks)


def refuse_unmet(checks: Iterable[Check]) -> None:
    """Raise if a point is not met.

    Raises:
        NotReadyError: With the points that are not.
    """
    unmet = [check for check in checks if not check.is_met]
    if unmet:
        raise NotReadyError(unmet)


def reporting_checks(session: Session, round_: Round, moment: datetime) -> Iterator[Check]:
    """Look at what hospitals need to see before they report."""
    yield from _lot_checks(session, round_)
    closes = round_.volume_closes_at
    yield Check(
        key="volume-dates",
        zh="报量起止时间已定，且尚未截止" if closes else "报量起止时间未定",
        en="volume reporting has its dates, and they are not past"
        if closes
        else "volume reporting has no dates",
        is_met=round_.volume_opens_at is not None and closes is not None and closes > moment,
        link=f"/rounds/{round_.name}/timetable",
    )


def publication_checks(session: Session, round_: Round, moment: datetime) -> Iterator[Check]:
    """Look at everything that this stage knows before a round is published."""
    yield from _course_checks(session, round_, moment)
    yield from _lot_checks(session, round_)
    yield _price_check(session, round_)
    yield from _date_checks(round_, moment)
    yield from _holder_checks(session, round_)
    yield from _rule_checks(session, round_)


def _course_checks(session: Session, round_: Round, moment: datetime) -> Iterator[Check]:
    """Has the round come to where it may be published?"""
    been_in = {event.status_to for event in events_of(session, round_id=round_.id)}
    reported = RoundStatus.VOLUME_REPORTING in been_in
    yield Check(
        key="reporting",
        zh="已组织报量" if reported else "尚未组织报量",
        en="volumes were reported" if reported else "volumes were not reported yet",
        is_met=reported,
        link=f"/rounds/{round_.name}",
    )
    in_comments = round_.status == RoundStatus.COMMENTS
    closes = round_.comments_close_at
    over = in_comments and closes is not None and closes <= moment
    yield Check(
        key="comments",
        zh="征求意见已结束" if over else "征求意见尚未结束",
        en="the comment period is over" if over else "the comment period is not over",
        is_met=over,
        link=f"/rounds/{round_.name}",
    )
    closed = round_.volume_closes_at is not None and round_.volume_closes_at <= moment
    yield Check(
        key="volumes-closed",
        zh="报量已截止" if closed else "报量尚未截止",
        en="volume reporting is closed" if closed else "volume reporting is not closed",
        is_met=closed,
        link=f"/rounds/{round_.name}/timetable",
    )


def _lot_checks(session: Session, round_: Round) -> Iterator[Check]:
    lots = lots_of(session, round_id=round_.id, standing=True)
    link = f"/rounds/{round_.name}/lots"
    yield Check(
        key="lots",
        zh=f"共 {len(lots)} 个品种" if lots else "没有品种",
        en=f"{len(lots)} lots" if lots else "there is no lot",
        is_met=bool(lots),
        link=link,
    )
    strengths = strengths_by_lot(session, round_id=round_.id)
    bare = [lot for lot in lots if not strengths.get(lot.id)]
    if bare:
        zh, en = named(bare)
        yield Check(
            key="strengths",
            zh=f"没有规格的品种：{zh}",
            en=f"lots without a strength: {en}",
            is_met=False,
            link=link,
        )


def _price_check(session: Session, round_: Round) -> Check:
    rules = load_rulebook(round_.rulebook).rules
    binds = CEILING_INVALIDATES in rules and rules[CEILING_INVALIDATES].value is True
    needed = round_.is_inquiry or (binds and DEFAULT_CEILING not in rules)
    strengths = strengths_by_lot(session, round_id=round_.id)
    open_lots = [
        lot
        for lot in lots_of(session, round_id=round_.id, standing=True)
        if any(
            limit_of(one, is_inquiry=round_.is_inquiry) is None for one in strengths.get(lot.id, [])
        )
    ]
    what = ("基准价", "benchmark price") if round_.is_inquiry else ("最高有效申报价", "ceiling")
    zh, en = named(open_lots)
    return Check(
        key="prices",
        zh=f"尚缺{what[0]}的品种：{zh}" if open_lots else f"各规格均有{what[0]}",
        en=f"lots that lack a {what[1]}: {en}" if open_lots else f"every strength has a {what[1]}",
        is_met=not (open_lots and needed),
        link=f"/rounds/{round_.name}/lots",
    )


def named(lots: Sequence[Lot]) -> tuple[str, str]:
    """Name some lots in a sentence, in Chinese and in English."""
    codes = [lot.code for lot in lots[:NAMED_MAX]]
    more = len(lots) - len(codes)
    zh = "、".join(codes) + (f" 等 {len(lots)} 个" if more else "")
    return zh, ", ".join(codes) + (f" and {more} more" if more else "")


def _date_checks(round_: Round, moment: datetime) -> Iterator[Check]:
    timetable = timetable_of(round_)
    link = f"/rounds/{round_.name}/timetable"
    missing = [names for field, names in DATE_NAMES.items() if getattr(timetable, field) is None]
    yield Check(
        key="dates",
        zh="尚未确定：" + "、".join(zh for zh, _ in missing) if missing else "各时间节点已定",
        en="not set yet: " + ", ".join(en for _, en in missing) if missing else "all dates are set",
        is_met=not missing,
        link=link,
    )
    ahead = ("bidding_opens_at", "closes_at", "opens_at")
    for fault in timetable_faults(timetable, moment=moment, unchanged=timetable):
        zh, en = DATE_NAMES[fault.field]
        yield Check(
            key=f"date-{fault.field}",
            zh=f"{zh}：{fault.zh}",
            en=f"{en}: {fault.en}",
            is_met=False,
            link=link,
        )
    past = [
        DATE_NAMES[field] for field in ahead if (at := getattr(timetable, field)) and at <= moment
    ]
    if past:
        yield Check(
            key="dates-ahead",
            zh="已经过去：" + "、".join(zh for zh, _ in past),
            en="past already: " + ", ".join(en for _, en in past),
            is_met=False,
            link=link,
        )


def _holder_checks(session: Session, round_: Round) -> Iterator[Check]:
    seated = participants_of(session, round_id=round_.id, part=ParticipantPart.KEYHOLDER)
    ids = [one.organisation.id for one in seated]
    faults = holder_faults(holders_of(session, organisation_ids=ids), round_.quorum)
    link = f"/rounds/{round_.name}/keyholders"
    for fault in faults:
        yield Check(key="keyholders", zh=fault.zh, en=fault.en, is_met=False, link=link)
    if not faults:
        yield Check(
            key="keyholders",
            zh=f"密钥由 {len(ids)} 方持有，{round_.quorum} 方共同开启",
            en=f"{len(ids)} keyholders, of whom {round_.quorum} open the bids together",
            is_met=True,
            link=link,
        )


def _rule_checks(session: Session, round_: Round) -> Iterator[Check]:
    link = f"/rounds/{round_.name}/rules"
    missing = missing_rules(session, round_, load_rulebook(round_.rulebook))
    for zh, en in missing:
        yield Check(
            key="rule", zh=f"规则待定：{zh}", en=f"to decide: {en}", is_met=False, link=link
        )
    if not missing:
        yield Check(
            key="rules",
            zh="所需规则均已明确（试算通过）",
            en="every rule that is needed is known: a trial evaluation went through",
            is_met=True,
            link=link,
        )


def missing_rules(session: Session, round_: Round, rulebook: Rulebook) -> list[tuple[str, str]]:
    """Name the rules and facts that an evaluation would miss, in Chinese and in English."""
    undecided = [rule for rule in open_rules_of(round_) if rule.is_missing]
    if undecided:
        return [
            (f"{rule.term.zh}（{rule.what.zh}）", f"{rule.term.en} ({rule.what.en})")
            for rule in undecided
            if rule.what is not None
        ]
    lots = lots_of(session, round_id=round_.id, standing=True)
    by_brand = frozenset(lot.code for lot in lots if lot.by_brand)
    gap = find_gap(sheet_of(session, round_=round_), rulebook, by_brand=by_brand)
    return [] if gap is None else [(gap.said.zh, gap.said.en)]
