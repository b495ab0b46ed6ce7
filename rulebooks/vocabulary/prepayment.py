"""The vocabulary of prepayment: of a round's goods, and of revolving money to hospitals."""

from rulebooks.vocabulary.kinds import by_key, count, flag, list_of, one_of, positive, share
from rulebooks.vocabulary.term import Term

PREPAYMENT_TERMS: dict[str, Term] = {
    "prepay.ratio_min": Term(
        share, "预付比例下限（占年度约定采购金额）", "least share of the agreed yearly amount"
    ),
    "prepay.ratio": Term(
        share, "预付比例（占年度约定采购金额）", "share of the agreed yearly amount"
    ),
    "prepay.way": Term(
        one_of("hospital", "seller"),
        "预付给谁",
        "to whom: the hospital, or the distributor on its behalf",
    ),
    "prepay.pass_on_working_days": Term(
        by_key(count, "hospital-to-distributor", "distributor-to-maker"),
        "转付时限",
        "time to pass it on",
        "working days",
    ),
    "prepay.vouchers": Term(flag, "须上传转付凭证", "vouchers of passing on are uploaded"),
    "prepay.fund": Term(one_of("employee", "resident"), "由哪个基金预付", "the fund that prepays"),
    "prepay.clearing": Term(
        one_of("against-fund-debt"),
        "预付款如何冲销",
        "how the prepayment is settled in the end",
    ),
    "revolving.basis": Term(
        list_of(one_of("agreement", "credit-grade")),
        "预付周转金的依据",
        "what revolving money is given by",
    ),
    "revolving.limit": Term(positive, "周转金额度", "most revolving money", "yuan"),
    "revolving.grades": Term(
        list_of(one_of("none", "minor", "medium", "dishonest", "serious", "especially-serious")),
        "可获周转金的信用等级",
        "credit grades at which it is given",
    ),
}
"""By key."""
