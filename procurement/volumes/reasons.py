"""Why a hospital reports less than it used, as a list of codes.

The procurement documents that were seen ask for a written explanation and give no list. The codes
only sort the explanations for the bureau's review; the written text is always asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in both languages."""

    code: str
    zh: str
    en: str


REASONS: tuple[Reason, ...] = (
    Reason("fewer-patients", "就诊量或相关病种减少", "fewer patients or cases"),
    Reason("substituted", "临床改用其他药品", "other medicines are used instead"),
    Reason("guideline", "诊疗指南或用药目录调整", "treatment guideline or formulary changed"),
    Reason("rational-use", "合理用药管理要求减少使用", "rational-use rules reduce its use"),
    Reason("stock", "现有库存可供使用", "stock at hand will be used"),
    Reason("department", "科室或机构职能调整", "department or duties of the hospital changed"),
    Reason("outpatients", "处方外流至零售药店", "prescriptions are filled at pharmacies"),
    Reason("exceptional", "往年用量含一次性或应急采购", "past use had one-off purchases"),
    Reason("history-wrong", "历史用量数据有误", "the recorded past use is wrong"),
    Reason("other", "其他", "other"),
)
"""In the order in which forms list them."""

REASON_BY_CODE: Mapping[str, Reason] = {reason.code: reason for reason in REASONS}
"""By code."""


def find_reason(text: str) -> Reason | None:
    """Find a reason by its code, or by its name in either language as a form's cell holds it.

    Examples:
        >>> found = find_reason("现有库存可供使用")
        >>> found.code if found else None
        'stock'
        >>> find_reason("STOCK") == found
        True
        >>> find_reason("no such reason") is None
        True
    """
    wanted = text.strip().casefold()
    for reason in REASONS:
        if wanted in (reason.code, reason.zh.casefold(), reason.en.casefold()):
            return reason
    return None
