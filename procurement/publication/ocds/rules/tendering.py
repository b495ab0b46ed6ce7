"""The planning and tender sections: dates, documents, lots and items."""

from collections.abc import Sequence
from datetime import datetime

from procurement.publication.ocds.rules.facts import (
    Dates,
    DocumentFacts,
    LotFacts,
    RoundFacts,
    StrengthFacts,
)
from procurement.publication.ocds.rules.json_text import Document
from procurement.publication.ocds.rules.medicine import medicine_fields
from procurement.publication.ocds.rules.values import (
    day_of,
    given,
    moment_of,
    reference,
    value_of,
)

METHOD_DETAILS = "药品集中带量采购 / volume-based drug procurement, sealed bids"

RATIONALE = "按医疗机构报告的需求量采购 / bought by the volumes that hospitals report"

_DOCUMENT_TYPES = {
    "draft": "plannedProcurementNotice",
    "published": "biddingDocuments",
    "amendment": "clarifications",
}
_DOCUMENT_TITLES = {
    "draft": "采购文件征求意见稿第 {number} 稿",
    "published": "采购文件",
    "amendment": "第 {number} 号补充文件",
}


def item_id(lot: str, strength: str) -> str:
    """Return the id of a strength within a round.

    Examples:
        >>> item_id("L01", "10mg")
        'L01/10mg'
    """
    return f"{lot}/{strength}"


def planning_of(facts: RoundFacts) -> Document:
    """Return the planning section: when needs were reported, and drafts commented on."""
    dates = facts.dates
    milestones = [
        _milestone("volume-reporting", "报量截止 / volume reporting ends", dates.volume_closes_at),
        _milestone("comments", "征求意见截止 / comments close", dates.comments_close_at),
    ]
    return given(
        rationale=RATIONALE,
        documents=_documents(facts, of_planning=True),
        milestones=[one for one in milestones if one is not None],
    )


def _milestone(name: str, title: str, due_at: datetime | None) -> Document | None:
    if due_at is None:
        return None
    return given(id=name, title=title, type="preProcurement", dueDate=moment_of(due_at))


def tender_of(facts: RoundFacts) -> Document:
    """Return the tender section."""
    dates = facts.dates
    return given(
        id=facts.name,
        title=facts.title,
        description=_description(facts),
        status=facts.tender_status,
        procuringEntity=None if facts.bureau is None else reference(facts.bureau),
        items=[_item(lot, one) for lot in facts.lots for one in lot.strengths],
        lots=[_lot(lot, facts) for lot in facts.lots],
        procurementMethod="open",
        procurementMethodDetails=METHOD_DETAILS,
        mainProcurementCategory="goods",
        awardCriteria="priceOnly",
        awardCriteriaDetails=facts.rulebook,
        submissionMethod=["electronicSubmission"],
        tenderPeriod=_period(dates.bidding_opens_at, dates.closes_at),
        awardPeriod=_period(dates.notice_at, dates.objections_close_at),
        contractPeriod=given(startDate=day_of(dates.starts_on)) or None,
        numberOfTenderers=facts.bid_count,
        documents=_documents(facts, of_planning=False),
        milestones=_opening(dates),
    )


def _description(facts: RoundFacts) -> str | None:
    said = [f"参加地区：{'、'.join(facts.regions)}"] if facts.regions else []
    if facts.cancelled_because:
        said.append(f"取消原因：{facts.cancelled_because}")
    return "；".join(said) or None


def _period(start: datetime | None, end: datetime | None) -> Document | None:
    return given(startDate=moment_of(start), endDate=moment_of(end)) or None


def _opening(dates: Dates) -> list[Document]:
    if dates.opens_at is None:
        return []
    return [
        given(
            id="opening",
            title="公开申报信息 / bids are opened",
            type="assessment",
            dueDate=moment_of(dates.opens_at),
            dateMet=moment_of(dates.opened_at),
            status="scheduled" if dates.opened_at is None else "met",
        )
    ]


def _lot(lot: LotFacts, facts: RoundFacts) -> Document:
    status = facts.tender_status if lot.failed_reason is None else "unsuccessful"
    if lot.failed_reason is not None and facts.bid_count is None:
        status = "withdrawn"
    return given(id=lot.code, title=lot.product, description=lot.failed_reason, status=status)


def _item(lot: LotFacts, strength: StrengthFacts) -> Document:
    unit = given(name=lot.unit, value=value_of(strength.ceiling))
    return given(
        id=item_id(lot.code, strength.label),
        description=f"{lot.product} {strength.label}",
        quantity=strength.base_volume,
        unit=unit or None,
        relatedLot=lot.code,
        **medicine_fields(lot, strength.label),
    )


def _documents(facts: RoundFacts, *, of_planning: bool) -> Sequence[Document]:
    address = f"{facts.address}/rounds/{facts.name}/document"
    return [
        _document(one, address) for one in facts.documents if (one.kind == "draft") == of_planning
    ]


def _document(one: DocumentFacts, address: str) -> Document:
    return given(
        id=f"{one.kind}-{one.number}",
        documentType=_DOCUMENT_TYPES[one.kind],
        title=_DOCUMENT_TITLES[one.kind].format(number=one.number),
        description=one.reason,
        url=address,
        datePublished=moment_of(one.made_at),
        language="zh",
    )
