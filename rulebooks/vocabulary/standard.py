"""The vocabulary of payment standards beside a procurement round."""

from collections.abc import Mapping
from itertools import pairwise
from typing import cast

from rulebooks.vocabulary.kinds import by_key, count, flag, one_of, positive, record, share
from rulebooks.vocabulary.term import Term

ABOVE = "above"
"""Name of the last band of a ladder, which is open."""

CLASSES = ("class-a", "class-b")

_BAND = record(
    {},
    {
        "standard": one_of("own-price", "winning-price", "own-price-cut"),
        "cut": share,
        "first_self_paid": by_key(share, *CLASSES),
        "self_pay_agreement": flag,
        "patient_share_added": share,
    },
)


def ladder(raw: object) -> dict[str, object]:
    """Bands by the ratio of a product's price to the winning price.

    Each is named by its upper edge, which belongs to it; the last is named "above".
    """
    if not isinstance(raw, Mapping) or list(raw)[-1:] != [ABOVE]:
        raise ValueError(f'{raw!r}: expected bands such as {{ "1" = …, "2" = …, above = … }}')
    edges = [positive(edge) for edge in list(raw)[:-1]]
    if any(low >= high for low, high in pairwise(edges)):
        raise ValueError(f"{', '.join(raw)}: expected rising edges")
    bands: dict[str, object] = {}
    for name, entry in raw.items():
        try:
            band = cast("dict[str, object]", _BAND(entry))
        except ValueError as fault:
            raise ValueError(f"{name}: {fault}") from None
        if (band["standard"] == "own-price-cut") != (band["cut"] is not None):
            raise ValueError(f"{name}: cut: expected with own-price-cut, and with nothing else")
        bands[name] = band
    return bands


STANDARD_TERMS: dict[str, Term] = {
    "winner.standard": Term(
        one_of("winning-price"), "中选药品的支付标准", "payment standard of a winning product"
    ),
    "ladder.passed": Term(
        ladder,
        "未中选的原研药、参比制剂和通过一致性评价的仿制药（按与中选价之比）",
        "originators, reference products and passed generics that did not win, "
        "by ratio to the winning price",
    ),
    "not_passed.standard": Term(
        one_of("at-most-winning-price"),
        "未通过一致性评价的仿制药的支付标准",
        "payment standard of generics that have not passed",
    ),
    "excess.paid_by": Term(
        one_of("patient"), "超出支付标准的部分由谁负担", "who pays what is above the standard"
    ),
    "transition.years": Term(
        record({"least": count, "most": count}),
        "过渡到统一标准的年数",
        "years until the standards converge",
        "years",
    ),
    "winner.zero_markup": Term(
        flag, "中选药品零差率销售", "winning products are sold at zero markup"
    ),
    "unit_price.rounding": Term(
        one_of("half-up"),
        "最小制剂单位价格的取舍",
        "rounding of the price of the smallest unit",
    ),
    "unit_price.decimals": Term(
        count, "最小制剂单位价格保留小数位", "decimals of the price of the smallest unit"
    ),
    "negotiated.takes": Term(
        one_of("winning-price"),
        "谈判药品在国家集采中选后的价格",
        "price of a negotiated drug that wins in a national round",
    ),
}
"""By key, in the order of a decision."""
