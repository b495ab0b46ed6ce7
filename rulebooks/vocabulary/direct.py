"""The vocabulary of direct settlement of fund and company (医保基金与医药企业直接结算)."""

from rulebooks.vocabulary.kinds import Kind, by_key, count, flag, list_of, one_of, text
from rulebooks.vocabulary.term import Term

_STEPS = (
    "company-applies",
    "hospital-checks",
    "agency-checks",
    "company-reconciles",
    "instruction",
)


def _day_of_month(raw: object) -> int:
    """A day that every month has."""
    value = count(raw)
    if value > 28:
        raise ValueError(f"{raw!r}: expected a day from 1 to 28")
    return value


_DAY: Kind = _day_of_month

DIRECT_TERMS: dict[str, Term] = {
    "direct.region": Term(text, "适用地区（行政区划代码）", "region, by division code"),
    "direct.scope": Term(
        list_of(
            one_of(
                "national-winners",
                "procured-drugs",
                "procured-consumables",
                "negotiated-drugs",
                "platform-drugs",
                "platform-consumables",
            )
        ),
        "适用的货款",
        "goods in scope",
    ),
    "direct.by_commission": Term(
        flag,
        "医疗机构付款责任不变，经办机构按委托协议代付",
        "the hospital's duty stays; the agency pays by commission agreement",
    ),
    "direct.offset": Term(
        flag,
        "货款与基金应付医疗机构的费用相冲抵",
        "set off against what the fund owes the hospital",
    ),
    "direct.steps": Term(list_of(one_of(*_STEPS)), "办理步骤", "steps, in order"),
    "direct.calendar": Term(
        by_key(_DAY, *_STEPS, "next-step"),
        "各步骤截止日（次月的日期）",
        "last day of a step in the month after that of the trade",
        "day of the month",
    ),
    "direct.working_days_max": Term(count, "全部步骤的时限", "time for all steps", "working days"),
    "direct.days_max": Term(count, "付款时限", "time to payment", "days"),
    "direct.reserve": Term(
        one_of("bridges-shortfall", "pays-first"),
        "备用金（周转金）的用法",
        "how the reserve is used: for what the fund's debt does not cover, or before all else",
    ),
    "direct.funds": Term(
        one_of("by-hospital-level"),
        "冲抵职工或居民基金的依据",
        "what decides which fund is set off",
    ),
    "direct.fund_order": Term(
        list_of(one_of("employee", "resident")),
        "冲抵哪个基金、先后顺序",
        "which funds are set off, in order",
    ),
    "direct.refill": Term(
        one_of("before-goods", "after-goods", "not-by-offset"),
        "归还备用金与支付本月货款的先后",
        "whether an older debt to the reserve is set off before or after the month's goods",
    ),
    "direct.account": Term(
        one_of("equal-to-insurance-account"),
        "收款账户的要求",
        "what the account must be",
    ),
    "direct.objections": Term(flag, "可提出异议并处理", "objections are raised and dealt with"),
    "direct.interest": Term(text, "逾期利息", "interest on overdue payment"),
}
"""By key."""
