"""The vocabulary of retained savings, in the order of a settlement.

The five keys without a dot are what texts leave open; a settlement's ``scheme.toml`` gives them
under the same names.
"""

import re
from collections.abc import Mapping

from rulebooks.vocabulary.kinds import Kind, list_of, one_of, positive, record, share, text
from rulebooks.vocabulary.term import Term

_EDGE = re.compile(r"(>?)(\d{1,3}(?:\.\d{1,4})?)")
_BAND: Kind = record({"ratio": share}, {"grade": text})


def bands(raw: object) -> dict[str, object]:
    """Bands by score, from the highest to the lowest, which begins at 0.

    A name such as "80" is the lowest score of its band, ">80" the edge that lies below it.

    Examples:
        >>> bands({"80": {"ratio": "0.5"}, "0": {"ratio": "0"}})["80"]
        {'ratio': Decimal('0.5'), 'grade': None}
    """
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(
            f'{raw!r}: expected bands such as {{ "60" = {{ ratio = "0.4" }}, "0" = … }}'
        )
    read: dict[str, object] = {}
    lowest = None
    for name, entry in raw.items():
        match = _EDGE.fullmatch(name)
        if match is None:
            raise ValueError(f'{name!r}: expected a score such as "80", or ">80"')
        edge = (positive(match[2]) if match[2].strip("0.") else 0, bool(match[1]))
        if lowest is not None and edge >= lowest:
            raise ValueError(f"{name!r}: expected falling scores")
        lowest = edge
        try:
            read[name] = _BAND(entry)
        except ValueError as fault:
            raise ValueError(f"{name}: {fault}") from None
    if lowest != (0, False):
        raise ValueError(f'{", ".join(raw)}: expected the last band to begin at "0"')
    return read


_FORMULA = {
    "scope.products": Term(
        list_of(one_of("drugs", "consumables")), "适用的集采产品", "products in scope"
    ),
    "formula.layout": Term(
        one_of("budget-less-spend", "price-drop"), "结余测算基数的算式", "how the base is computed"
    ),
    "formula.winning_volume": Term(
        one_of("agreed-volume"),
        "中选产品支出按何数量计算（超出部分不计支出）",
        "volume that counts as spending on winning products; excess is no spending",
    ),
    "formula.non_winning": Term(
        one_of("subtracted", "not-counted"),
        "非中选产品采购金额",
        "money spent on products that did not win",
    ),
    "formula.payment_ratios": Term(
        one_of("one", "budget-and-spend"),
        "医保实际支付比例",
        "payment ratios of the fund",
    ),
    "formula.insured_share": Term(
        one_of("use-share", "person-time-share"),
        "参保人员占比的口径",
        "what the share of the insured measures",
    ),
}

_ASSESSMENT = {
    "assessment.unit": Term(
        one_of("institution", "product-specification"), "考核单元", "unit of the assessment"
    ),
    "assessment.indicators": Term(
        list_of(
            one_of(
                "volume-completion",
                "payment-in-time",
                "cost-growth",
                "off-line-share",
                "non-winning-share",
                "winning-use",
                "rules-kept",
                "reform-carried-out",
            )
        ),
        "考核指标",
        "indicators of the assessment",
    ),
    "assessment.weights": Term(
        list_of(text), "考核指标的分值", "points of each indicator", "points"
    ),
    "retention.conditions": Term(
        list_of(one_of("agreed-volume-completed", "assessment-passed")),
        "留用的条件",
        "conditions of keeping anything",
    ),
    "retention.ratio_max": Term(share, "留用比例上限", "highest share that is kept"),
}

_LEFT_OPEN = {
    "bands": Term(bands, "考核得分与留用比例", "score and share that is kept"),
    "negative_base": Term(
        one_of("floor_each", "net_batch"), "结余测算基数为负时", "where a base is negative"
    ),
    "completion_unit": Term(
        one_of("product", "institution", "institution_every_product", "group"),
        "完成约定采购量的考核单元",
        "unit whose agreed volume must be completed",
    ),
    "rounding": Term(
        one_of("half_up_cent", "half_up_cent_line", "not_rounded"),
        "金额的取舍",
        "rounding of amounts",
    ),
    "follow_on": Term(
        one_of("earns", "nothing"),
        "接续采购的品种是否仍可留用",
        "whether a product of a follow-on round still earns",
    ),
}

LEFT_OPEN = tuple(_LEFT_OPEN)
"""Keys that texts leave open, and that a scheme gives under the same names."""

SAVINGS_TERMS: dict[str, Term] = {**_FORMULA, **_ASSESSMENT, **_LEFT_OPEN}
"""By key, in the order of a settlement."""
