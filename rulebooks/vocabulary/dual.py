"""The vocabulary of the dual channel: benefit, prescriptions, registration of patients."""

from rulebooks.vocabulary.kinds import by_key, count, flag, one_of, share
from rulebooks.vocabulary.term import Term

DUAL_TERMS: dict[str, Term] = {
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
    "registration.pharmacies": Term(
        count, "登记时选定的药店数", "pharmacies chosen at the registration"
    ),
    "registration.elsewhere": Term(
        one_of("self-paid"), "在其他药店购药", "what is bought in another pharmacy"
    ),
    "review.months_max": Term(
        count, "两次评估之间最长间隔", "longest time between two reviews", "months"
    ),
    "review.overdue": Term(one_of("suspended"), "逾期未评估", "where a review is overdue"),
}
"""By key, in the order of a patient's way."""
