"""The letter to a bidder that was not selected: why, and at which price it would have been."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.awards.announcing import current_notice
from procurement.awards.disclosed import deciding_step, narrowed
from procurement.awards.evaluation import report_numbered
from procurement.awards.report_view import Fields, ReportView
from procurement.awards.tables import AwardNotice
from procurement.bids.opening.disclosure import Disclosure, disclosure_of
from procurement.errors import RefusedError
from procurement.permissions import NotFoundForActorError
from procurement.rounds.tables import Round

CONVERSIONS = ("converted", "not-converted")


class NoLetterYetError(RefusedError):
    """Letters are there from the first notice on."""

    def __init__(self) -> None:
        """Say when."""
        super().__init__(
            zh="拟中选结果公示后才有告知书。",
            en="Letters are there as soon as the selection is on notice.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterBid:
    """What a letter tells of one bid.

    Attributes:
        bid: Its identifier in the lot.
        status: Rejected, invalid, or left out of the evaluation.
        strength: The strength whose price stands.
        declared_price: Yuan per minimal unit, exact to 28 digits.
        comparable_price: As it was ranked.
        conversion: How the one became the other.
        rank: Among valid bids; None where it was not ranked.
        clause: The rule that decided.
        reason: What it decided.
        needed_price: The highest unit price that would have been selected, others unchanged; None
            where no price would have been.
        needed_pack_price: The same for the declared pack.
    """

    bid: str
    status: str
    strength: str | None
    declared_price: str | None
    comparable_price: str | None
    conversion: tuple[str, str]
    rank: int | None
    clause: str
    reason: tuple[str, str]
    needed_price: str | None
    needed_pack_price: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter about one lot; texts are pairs in Chinese and in English.

    Attributes:
        round_name: Name of the round.
        round_title: Its title.
        organisation_id: The addressee.
        organisation: Its name.
        lot: The lot's code.
        product: What the lot is.
        bidders: How many counted.
        places: How many could be shortlisted; None for no limit.
        bids: The addressee's bids that were not selected.
        notice: Number of the notice.
        issued_at: When the notice was issued, and with it the letter.
        objections_until: Until when objections are received.
        report_digest: SHA-256 of the report that it was read from.
        rulebook: The rulebook that was applied.
        rulebook_digest: SHA-256 of it.
        checks: How to check it, step by step.
    """

    round_name: str
    round_title: str
    organisation_id: int
    organisation: str
    lot: str
    product: str
    bidders: int
    places: int | None
    bids: tuple[LetterBid, ...]
    notice: int
    issued_at: datetime
    objections_until: datetime
    report_digest: str
    rulebook: str
    rulebook_digest: str
    checks: tuple[tuple[str, str], ...]


def letter_for(session: Session, *, round_: Round, organisation_id: int, lot: str) -> Letter:
    """Return the letter to a bidder about a lot in which bids of its were not selected.

    Args:
        session: Any session.
        round_: A round that was on notice.
        organisation_id: The addressee.
        lot: The lot's code.

    Raises:
        NoLetterYetError: There was no notice yet.
        NotFoundForActorError: It has no such bid in the lot.
    """
    notice, report = _on_notice(session, round_)
    bids = tuple(_bids(session, round_, report, organisation_id, lot))
    if not bids:
        raise NotFoundForActorError
    found = report.lot(lot)
    document = report.document
    return Letter(
        round_name=round_.name,
        round_title=round_.title,
        organisation_id=organisation_id,
        organisation=session.get_one(Organisation, organisation_id).name,
        lot=lot,
        product=found["product"],
        bidders=found["bidders"],
        places=found["places"],
        bids=bids,
        notice=notice.number,
        issued_at=notice.announced_at,
        objections_until=notice.closes_at,
        report_digest=report.row.report_digest,
        rulebook=document["rulebook"],
        rulebook_digest=document["rulebook_digest"],
        checks=_checks(round_, _is_whole(session, round_)),
    )


def letters_of(
    session: Session, *, round_: Round, organisation_id: int | None = None
) -> list[tuple[int, str]]:
    """Return which letters there are: addressee and lot, in order.

    Args:
        session: Any session.
        round_: The round.
        organisation_id: Only those to this addressee.
    """
    if current_notice(session, round_id=round_.id) is None:
        return []
    _, report = _on_notice(session, round_)
    found = {
        (report.owners[lot["lot"], one["bid"]], lot["lot"])
        for lot in report.lots
        for one in lot["outcomes"]
        if not one["selected"]
    }
    found |= {(one["organisation_id"], one["lot"]) for one in report.left_out if one["lot"]}
    return sorted(one for one in found if organisation_id in (None, one[0]))


def _on_notice(session: Session, round_: Round) -> tuple[AwardNotice, ReportView]:
    notice = current_notice(session, round_id=round_.id)
    if notice is None:
        raise NoLetterYetError
    return notice, report_numbered(session, report_id=notice.report_id)


def _is_whole(session: Session, round_: Round) -> bool:
    """Whether bidders may see all prices."""
    return disclosure_of(session, round_=round_) in (Disclosure.PUBLIC, Disclosure.PARTIES)


def _bids(
    session: Session, round_: Round, report: ReportView, organisation_id: int, code: str
) -> Iterator[LetterBid]:
    whole = _is_whole(session, round_)
    own = [bid for lot, bid in report.bids_of(organisation_id) if lot == code]
    for bid in own:
        outcome = report.outcome(code, bid)
        if not outcome["selected"]:
            yield _letter_bid(report.lot(code), outcome, whole=whole)
    for one in report.left_out:
        if one["lot"] == code and one["organisation_id"] == organisation_id:
            yield _left_out(one)


def _letter_bid(lot: Fields, outcome: Fields, *, whole: bool) -> LetterBid:
    steps = [step for step in lot["steps"] if step["bid"] == outcome["bid"]]
    reason = (outcome["reason"], outcome["reason_en"])
    step = deciding_step(lot, outcome)
    if not whole and step is not None:
        told = narrowed(step)
        reason = (told["zh"], told["en"])
    return LetterBid(
        bid=outcome["bid"],
        status=outcome["status"],
        strength=outcome["strength"],
        declared_price=outcome["declared_price"],
        comparable_price=outcome["comparable_price"],
        conversion=_conversion(steps),
        rank=outcome["rank"],
        clause=outcome["clause"],
        reason=reason,
        needed_price=outcome["needed_price"],
        needed_pack_price=outcome["needed_pack_price"],
    )


def _conversion(steps: Sequence[Fields]) -> tuple[str, str]:
    for step in steps:
        if step["code"] in CONVERSIONS:
            return (step["zh"], step["en"])
    return (
        "主规格，差比系数 1，按申报单位价直接比较",
        "main strength, price ratio 1: compared at the declared unit price",
    )


def _left_out(one: Fields) -> LetterBid:
    return LetterBid(
        bid=one["bid"],
        status="left-out",
        strength=None,
        declared_price=None,
        comparable_price=None,
        conversion=("未参加比价", "not compared"),
        rank=None,
        clause=one["code"],
        reason=(one["zh"], one["en"]),
        needed_price=None,
        needed_pack_price=None,
    )


def _checks(round_: Round, whole: bool) -> tuple[tuple[str, str], ...]:
    """How the addressee checks the letter, with what it may download."""
    address = f"/rounds/{round_.name}"
    own = (
        f"在“我的回执”（{address}/receipts）下载回执，在“开标”（{address}/opening）下载开标记录，"
        "断网运行 jicai verify 加这些文件名：核对报价未被改动、按时开启。",
        f"Download your receipts ({address}/receipts) and the record of the opening "
        f"({address}/opening), and run jicai verify with their names, offline: it proves that "
        "your bid was opened in time as you sealed it.",
    )
    report = (
        f"在“评审结果”（{address}/result）下载证据包，断网运行 jicai verify 加证据包文件名："
        "由公开的规则和报价重算全部名次和结果，并与本书所载报告摘要比对。",
        f"Download the evidence bundle ({address}/result) and run jicai verify with its name, "
        "offline: it computes every rank and result again from the published rules and the bids, "
        "and compares the digest of the report that this letter names.",
    )
    narrow = (
        "本批次价格不向申报企业公开：可核对本单位的换算、名次和依据条款；对结果有疑问的，"
        "可在公示期内实名提出质疑，由经办机构以全部报价重算。",
        "Prices of this round are not disclosed to bidders: check your own conversion, rank and "
        "clause. If you doubt the result, object in real name while the notice runs, and the "
        "bureau computes it again from all bids.",
    )
    return (own, report) if whole else (own, narrow)
