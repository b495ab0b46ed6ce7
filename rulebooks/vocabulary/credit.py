"""The vocabulary of credit rating of price and tender conduct, in the order of a rating."""

from rulebooks.vocabulary.kinds import by_key, count, flag, list_of, one_of, positive, record, text
from rulebooks.vocabulary.term import Term

GRADES = ("minor", "medium", "dishonest", "serious", "especially-serious")
MATTERS = ("bribery", "tax", "monopoly", "pricing", "resistance", "tender", "promise")
BASES = ("judgement", "penalty", "audit", "bureau")
CIRCUMSTANCES = ("bribed-procurement-staff", "colluded-in-national-round")
CONSEQUENCES = (
    "warning",
    "mark",
    "risk-notice",
    "involved-barred",
    "all-barred",
    "involved-barred-everywhere",
)

_LOWER_BOUNDS = by_key(positive, *GRADES)

CREDIT_TERMS: dict[str, Term] = {
    "grades.names": Term(by_key(text, *GRADES), "等级（由低到高）", "grades, from the lowest"),
    "grades.clauses": Term(
        by_key(by_key(text, *GRADES), *MATTERS),
        "各事项可评的等级及其条款",
        "grades that each matter may lead to, with their clauses",
    ),
    "basis.accepted": Term(
        list_of(one_of(*BASES)), "可作为评级依据的案源", "findings that a rating may rest on"
    ),
    "highest.circumstances": Term(
        list_of(one_of(*CIRCUMSTANCES)),
        "不论金额顶格评定的情形",
        "what leads to the highest grade whatever the sum",
    ),
    "bribery.single": Term(
        _LOWER_BOUNDS, "商业贿赂：单笔金额不低于", "bribery: single sum from", "yuan"
    ),
    "bribery.cumulated": Term(
        _LOWER_BOUNDS, "商业贿赂：累计金额不低于", "bribery: cumulated sum from", "yuan"
    ),
    "bribery.window_years": Term(
        count, "累计金额统计的年数", "years over which bribes add up", "years"
    ),
    "tax.amount": Term(_LOWER_BOUNDS, "涉税违法：金额不低于", "tax offences: sum from", "yuan"),
    "tax.rated_from": Term(
        positive,
        "涉税违法：达到此金额即评级，低档等级未载明",
        "tax offences: rated from this sum; which of the lower grades is not stated",
        "yuan",
    ),
    "pricing.unexplained": Term(
        record({"grade": one_of(*GRADES), "months_above": count, "sales_above": positive}),
        "价格异常经函询不能说明：持续时间或销售额超过",
        "abnormal price not explained after inquiry: lasting or sales above",
    ),
    "grades.bands_of_others": Term(
        by_key(text, *MATTERS), "其他事项的裁量标准", "criteria of the other matters"
    ),
    "grades.duration": Term(
        by_key(count, *GRADES), "各等级的有效期（年）", "how long each grade lasts", "years"
    ),
    "consequences": Term(
        by_key(list_of(one_of(*CONSEQUENCES)), *GRADES), "各等级的处置措施", "consequences by grade"
    ),
    "holder.reached": Term(
        flag, "处置穿透至上市许可持有人", "handling reaches the marketing authorisation holder"
    ),
    "repair.measures": Term(by_key(text), "修复措施", "measures that repair credit"),
    "repair.needed": Term(
        by_key(by_key(list_of(count), *GRADES), *MATTERS),
        "修复所需措施（按事项和等级）",
        "measures needed, by matter and grade",
    ),
}
"""By key. The criteria of other matters and the length of grades have a name so that a rulebook
can say that they are unknown."""
