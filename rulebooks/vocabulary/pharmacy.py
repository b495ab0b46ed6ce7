"""The vocabulary of convenience pharmacies."""

from rulebooks.vocabulary.designation import designation_terms
from rulebooks.vocabulary.kinds import count, one_of, positive, share
from rulebooks.vocabulary.term import Term

PHARMACY_TERMS: dict[str, Term] = {
    **designation_terms("sign"),
    "demand.day": Term(
        count, "季末月报送下季度需求的最后一日", "last day of a quarter on which need is reported"
    ),
    "pharmacy.price_at_most": Term(
        one_of("winning-price"),
        "中选药品销售价不高于",
        "price that no winning product exceeds",
    ),
    "order.amount_min": Term(
        positive, "配送企业须响应的订单金额", "smallest order that must be answered", "yuan"
    ),
    "order.answer_hours": Term(count, "订单响应时限", "time to answer an order", "hours"),
    "order.delivery_days": Term(count, "配送时限", "time to deliver", "days"),
    "preference.completion_min": Term(
        share, "优先纳入的完成率", "completion from which a pharmacy is favoured"
    ),
    "preference.sales_min": Term(
        positive, "优先纳入的年销售额", "yearly sales from which a pharmacy is favoured", "yuan"
    ),
    "removal.silent_quarters": Term(
        count, "未报送需求几个季度即摘牌", "quarters without a report that cost the sign"
    ),
    "removal.years": Term(
        count, "摘牌后几年内不得再申请", "years in which it cannot apply again", "years"
    ),
}
"""By key, in the order of a year."""
