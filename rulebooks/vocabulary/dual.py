"""The vocabulary of the dual channel: benefit, prescriptions, registration of patients."""

from rulebooks.vocabulary.designation import DUTY_TERMS, designation_terms
from rulebooks.vocabulary.kinds import by_key, count, day, flag, list_of, one_of, share
from rulebooks.vocabulary.term import Term

CRITERIA = (
    "clinical-value",
    "urgent-need",
    "poorly-replaceable",
    "innovative",
    "long-use",
    "costly-course",
)
"""What a drug is chosen for."""
WAYS = ("together", "alone")
"""Criteria that count only together, and those of which each suffices."""

DUAL_TERMS: dict[str, Term] = {
    "list.made_by": Term(one_of("province", "pooling-area"), "名单制定层级", "who makes the list"),
    "list.cities_may_change": Term(
        flag, "市县可否调整省级名单", "whether cities may change the province's list"
    ),
    "list.states": Term(
        list_of(one_of("dual-separate", "dual", "ordinary")),
        "名单上的管理类别",
        "states of drugs on the list",
    ),
    "list.covers": Term(
        one_of("generic-and-form"),
        "名单条目涵盖的范围",
        "what an entry of the list covers",
    ),
    "list.excluded": Term(
        list_of(one_of("narcotic", "psychotropic", "toxic")),
        "不得列入的特殊管理药品",
        "drugs under special control that stay out",
    ),
    "list.dual_by": Term(
        one_of("selection", "agreement"),
        "如何成为双通道药品",
        "how a drug comes into the dual channel",
    ),
    "list.dual_criteria": Term(
        by_key(list_of(one_of(*CRITERIA)), *WAYS),
        "双通道药品遴选条件",
        "criteria of the dual channel",
    ),
    "list.separate_criteria": Term(
        by_key(list_of(one_of(*CRITERIA)), *WAYS),
        "单独支付药品遴选条件",
        "criteria of separate payment",
    ),
    "list.separate_needs": Term(
        list_of(one_of("application", "standard-promise")),
        "单独支付须由企业提供",
        "what the maker gives for separate payment",
    ),
    **designation_terms("designation"),
    **DUTY_TERMS,
    "benefit.channels": Term(
        one_of("same"), "医院和药店两个渠道的待遇", "benefit in hospital and pharmacy"
    ),
    "separate.ratio_min": Term(
        by_key(share, "employee", "resident"),
        "单独支付的基金支付比例下限",
        "least share the fund pays where it pays separately",
    ),
    "separate.has_deductible": Term(
        flag, "单独支付是否设起付线", "whether separate payment knows a deductible"
    ),
    "deductible.once_in": Term(
        one_of("natural-year"), "起付线计收一次的期间", "period in which the deductible counts once"
    ),
    "deductible.over": Term(
        one_of("both-channels"), "起付线合并计算的渠道", "channels that share the deductible"
    ),
    "prescription.valid_hours": Term(
        count, "外配处方有效时间", "how long a prescription is valid", "hours"
    ),
    "prescription.last_moment_counts": Term(
        flag, "有效期最后一刻是否有效", "whether its last moment still counts"
    ),
    "prescription.only_by_centre_from": Term(
        day, "外配处方只经电子处方中心流转的起始日", "day from which only the centre passes them on"
    ),
    "prescription.doctor_area": Term(
        one_of("same-pooling-area"), "开方医师所在地区", "where the prescriber works"
    ),
    "prescription.kept_years": Term(
        count, "处方至少保存年限", "how long prescriptions are kept at least", "years"
    ),
    "registration.pharmacies": Term(
        count, "登记时选定的药店数", "pharmacies chosen at the registration"
    ),
    "registration.approval_working_days": Term(
        count,
        "经办机构审核登记的时限",
        "time of the agency to decide a registration",
        "working days",
    ),
    "registration.elsewhere": Term(
        one_of("self-paid"), "在其他药店购药", "what is bought in another pharmacy"
    ),
    "review.months_max": Term(
        count, "两次评估之间最长间隔", "longest time between two reviews", "months"
    ),
    "review.overdue": Term(one_of("suspended"), "逾期未评估", "where a review is overdue"),
    "patient.retained_years": Term(
        count,
        "患者最后一次办理后资料保存年限",
        "how long a patient's facts are kept after the last step",
        "years",
    ),
}
"""By key, in the order of a patient's way."""
