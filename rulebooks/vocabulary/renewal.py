"""The vocabulary of catalogue renewal, in the order of a decision."""

from typing import cast

from rulebooks.vocabulary.kinds import (
    Kind,
    count,
    day_of_year,
    flag,
    list_of,
    one_of,
    positive,
    record,
    rising,
    row_of,
    share,
    text,
)
from rulebooks.vocabulary.term import Term

Rows = tuple[tuple[object, ...], ...]

_CUTS = record(
    {
        "columns": rising,
        "ratio_a": rising,
        "ratio_b": rising,
        "cuts": row_of(row_of(share)),
    }
)


def cut_table(raw: object) -> dict[str, object]:
    """A table of cuts: rows by ratio, columns by yuan a year, upper edges inclusive.

    There is one column more than edges (the last is open) and one row for each edge of the ratios;
    beyond the last edge the table says nothing.
    """
    fields = cast("dict[str, object]", _CUTS(raw))
    columns, a, b = (cast("Rows", fields[name]) for name in ("columns", "ratio_a", "ratio_b"))
    rows = cast("Rows", fields["cuts"])
    if not len(rows) == len(a) == len(b):
        raise ValueError(f"cuts: {len(rows)} rows: expected one for each edge of the ratios")
    for row in rows:
        if len(row) != len(columns) + 1:
            raise ValueError(f"cuts: a row of {len(row)}: expected {len(columns) + 1} columns")
    return fields


CUT_TABLE: Kind = cut_table

_ROUTES = {
    "regular.non_exclusive": Term(
        flag, "非独家药品纳入常规目录", "drugs that are not exclusive enter the regular list"
    ),
    "regular.non_exclusive_on": Term(
        day_of_year, "是否独家的认定日", "day on which a drug is exclusive or not"
    ),
    "regular.unchanged_cycles": Term(
        count,
        "独家药品连续若干协议期支付范围和标准未调整的，纳入常规目录",
        "exclusive drugs with scope and standard unchanged for so many agreements in a row "
        "enter the regular list",
        "agreements",
    ),
    "regular.years": Term(
        count,
        "连续在协议期内谈判药品目录达到若干年的，纳入常规目录",
        "drugs on the negotiated list for so many years enter the regular list",
        "years",
    ),
    "regular.years_on": Term(day_of_year, "年数的计算日", "day up to which years count"),
    "regular.standard": Term(
        one_of("unchanged"),
        "纳入常规目录时的支付标准",
        "payment standard on entering the regular list",
    ),
    "simple.ratio_a_until": Term(
        positive,
        "简易续约：实际支出与预算之比 A 不超过",
        "simple renewal: ratio A of actual spending to budget at most",
    ),
    "simple.growth_until": Term(
        positive,
        "简易续约：未来两年预算增幅不超过",
        "simple renewal: growth of the budget of the next two years at most",
    ),
    "simple.scope_growth_until": Term(
        positive,
        "简易续约：调整支付范围所致预算增幅 B 不超过",
        "simple renewal: growth B of the budget by a change of scope at most",
    ),
    "simple.original_scope_first": Term(
        flag,
        "调整支付范围的，先按原支付范围核定",
        "with a change of scope the original scope must pass the test first",
    ),
    "simple.major_changes": Term(
        list_of(text),
        "市场环境重大变化（由专家核定）",
        "major changes of the market, which experts establish",
    ),
    "scope_change.after_failure": Term(
        one_of("original-scope"),
        "调整支付范围未获通过时",
        "where a change of scope fails",
    ),
    "renegotiation.at_wish": Term(
        flag, "企业可要求重新谈判", "the company may choose to renegotiate"
    ),
    "class_1.may_ask": Term(
        record({"above": positive, "until": positive}),
        "一类新药可申请重新谈判的 A 值范围",
        "Class-1 drugs may ask to renegotiate where A is",
    ),
    "class_1.cut_at_most": Term(
        one_of("simple-renewal"),
        "一类新药重新谈判的降幅上限",
        "largest cut in the renegotiation of a Class-1 drug",
    ),
    "class_1.after_failure": Term(
        one_of("simple-renewal", "removal"),
        "一类新药重新谈判未成功时",
        "where the renegotiation of a Class-1 drug fails",
    ),
}

_PRICE = {
    "cut.base": Term(
        one_of("fund-spend", "in-scope-cost"),
        "降幅表的费用口径",
        "what the columns of the table measure",
    ),
    "cut.spend_share_of_sales": Term(
        share, "基金支出按销售额折算的比例", "fund spending as a share of sales"
    ),
    "cut.table": Term(CUT_TABLE, "降幅表", "table of cuts"),
    "cut.combination": Term(
        one_of("one-after-another"), "两项降幅的合并方法", "how the cuts by A and by B combine"
    ),
    "halving.from_years": Term(
        count,
        "在目录内达到若干年的，降幅减半",
        "cuts are halved for drugs listed so many years",
        "years",
    ),
    "halving.method": Term(
        one_of("combined", "each"),
        "减半的对象：合并后的降幅，或每项降幅",
        "what is halved: the combined cut, or each",
    ),
    "price.decimals": Term(
        count, "支付标准保留小数位（四舍五入）", "decimals of the payment standard, half up"
    ),
    "agreement.years": Term(count, "协议期", "length of the agreement", "years"),
}

RENEWAL_TERMS: dict[str, Term] = {**_ROUTES, **_PRICE}
"""By key, in the order of a decision."""
