"""Openings: repeated from their record, with the faults of bidders and holders in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from bidding.sealing.evidence.finding import (
    Blame,
    Finding,
    Findings,
    fails,
    holds,
    short,
    trial,
    unchecked,
)
from bidding.sealing.evidence.ground import Ground
from bidding.sealing.opening import Opened, Verdict
from bidding.sealing.record import OpeningRecord, check_record


@dataclass(frozen=True, slots=True)
class Repeated:
    """An opening that was repeated from its record.

    Attributes:
        record: As it was given.
        findings: What repeating it gave.
        holds: Whether it gave what was recorded.
    """

    record: OpeningRecord
    findings: tuple[Finding, ...]
    holds: bool


def repeat_openings(ground: Ground) -> tuple[Repeated, ...]:
    """Repeat each opening of a bundle, once: the slow part of an examination."""
    return tuple(_repeated(ground, record) for record in ground.bundle.openings)


def _repeated(ground: Ground, record: OpeningRecord) -> Repeated:
    about = f"opening {short(record.checkpoint.root)}"
    if not all(ground.manifest(one.digest) for one in record.manifests):
        finding = unchecked(
            about,
            "未核对：其中的清单不成立。",
            "Not checked: a manifest in it does not hold.",
        )
        return Repeated(record, (finding,), holds=False)
    repeated = trial(
        about,
        partial(check_record, record),
        zh=f"重复开启所得结果与记录一致（{len(record.results)} 份）。",
        en=f"Repeating it gives the recorded results ({len(record.results)}).",
    )
    return Repeated(record, (repeated, _completeness(record, about)), holds=repeated.blame is None)


def opening_findings(openings: Iterable[Repeated]) -> Findings:
    """Of each opening record: whether repeating it gives the same, and who did wrong in it."""
    for opening in openings:
        yield from opening.findings
        if opening.holds:
            for result in opening.record.results:
                yield from _result_findings(result)


def _completeness(record: OpeningRecord, about: str) -> Finding:
    shown, count = len(record.submissions), record.checkpoint.size
    if shown == count:
        return holds(
            about,
            "包含日志的全部叶子，哪份有效可以核对。",
            "It holds every leaf of the log, so that which ones count is checked too.",
        )
    return unchecked(
        about,
        f"只包含日志 {count} 个叶子中的 {shown} 个：其余未核对。",
        f"It holds {shown} of the log's {count} leaves: the others are not checked.",
    )


def _result_findings(result: Opened) -> Findings:
    about = f"envelope {short(result.envelope)}"
    for seat in result.wrong_seats:
        yield fails(
            about,
            f"第 {seat} 席持有人提交的份额不是密封给它的份额：该持有人之过。",
            f"The holder of seat {seat} posted another share than was sealed to it: its fault.",
            Blame.HOLDER,
            party=str(seat),
        )
    if result.verdict is Verdict.BIDDER_FAULT:
        yield fails(
            about,
            f"申报企业密封的内容与其签名不符（{result.fault}）：该企业之过。",
            f"What the bidder sealed does not fit what it signed ({result.fault}): its fault.",
            Blame.BIDDER,
            party=result.bidder,
        )
    elif result.verdict is Verdict.OPENED:
        yield holds(about, "开启结果与信封一致。", "What was opened is what was sealed.")
    else:
        yield unchecked(
            about,
            "未开启：正确的份额不足，也没有公布密钥。",
            "Not opened: too few right shares, and no revealed key.",
        )
