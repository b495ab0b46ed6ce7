"""The life of a settlement as its page shows it: what was done, by whom, and what comes next."""

from collections.abc import Sequence
from typing import Any

from procurement.audit import entries_about
from procurement.savings.states import SettlementStatus
from procurement.savings.tables import SavingsSettlement
from procurement.web import Visit

_S = SettlementStatus

STEPS: Sequence[tuple[SettlementStatus, tuple[str, str], str, tuple[str, str]]] = (
    (
        _S.DRAFTED,
        ("起草，给定参数", "Draft, with parameters and factors"),
        "draft-settlement",
        (
            "选定批次年度和规则，写明文件没有规定的事项。",
            "Batch-years, rulebook, what texts leave open.",
        ),
    ),
    (
        _S.EXTRACTED,
        ("提取采购数据", "Extract the purchases"),
        "extract-purchases",
        ("按入库记录汇总到每一行。", "Receipts are summed by line."),
    ),
    (
        _S.ASSESSED,
        ("考核", "Assess"),
        "close-assessments",
        (
            "医疗机构自评，经办机构现场核查。",
            "Hospitals assess themselves; the bureau checks on site.",
        ),
    ),
    (
        _S.COMPUTED,
        ("测算", "Compute"),
        "compute-savings",
        (
            "逐行算出预算、支出、基数和留用金额。",
            "Budget, spend, base and what is kept, line by line.",
        ),
    ),
    (
        _S.WITH_HOSPITALS,
        ("医疗机构确认", "Hospitals confirm"),
        "send-statements",
        ("确认，或提出异议。", "They confirm, or object."),
    ),
    (
        _S.REPORTED,
        ("上报", "Report"),
        "report-settlement",
        ("金额报上级单位。", "The amounts go to the bureau above."),
    ),
    (
        _S.PUBLISHED,
        ("公示", "Publish"),
        "publish-settlement",
        ("公示表先核对自身的勾稽。", "The table's own arithmetic is checked first."),
    ),
    (
        _S.PAYING,
        ("拨付", "Pay"),
        "pay-retained",
        ("医保经办机构下达付款指令。", "The fund agency instructs the payments."),
    ),
    (
        _S.SETTLED,
        ("清算完毕", "Settled"),
        "close-settlement",
        ("银行已回报全部付款。", "The bank has reported every payment."),
    ),
)
"""Status, title, the act that is on record, and what it means; in order."""


def course_of(visit: Visit, settlement: SavingsSettlement) -> list[dict[str, Any]]:
    """The steps of a settlement as a timeline."""
    entries = entries_about(visit.session, subject=f"savings/{settlement.name}")
    latest = {entry.action: entry for entry in entries}
    order = [status for status, *_ in STEPS]
    present = settlement.status
    now = order.index(present) if present in order else -1
    return [
        {
            "title": visit.text(*title),
            "note": visit.text(*note),
            "state": _state(place, now),
            "moment": latest[action].happened_at if action in latest and place <= now else None,
        }
        for place, (_, title, action, note) in enumerate(STEPS)
    ]


def _state(place: int, now: int) -> str:
    if place < now or place == now == len(STEPS) - 1:
        return "done"
    return "now" if place == now else "next"
