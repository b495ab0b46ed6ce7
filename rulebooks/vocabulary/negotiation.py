"""The vocabulary of the talks, of bidding for drugs that are not exclusive, and of money pools."""

from rulebooks.vocabulary.kinds import count, flag, list_of, one_of, positive, share
from rulebooks.vocabulary.term import Term

NEGOTIATION_TERMS: dict[str, Term] = {
    "session.quotes": Term(count, "企业报价次数", "quotes of the maker", "quotes"),
    "session.ends_above": Term(
        positive,
        "第二次报价高于谈判底价的若干倍即终止谈判（等于不终止）",
        "the talks end where the second quote is above this multiple of the maximum payable price",
    ),
    "session.first_within": Term(
        one_of("second-quote", "bargaining"),
        "第一次报价已在该范围内时",
        "what follows where the first quote is within it",
    ),
    "session.deal_at_most": Term(
        positive,
        "成交价不高于谈判底价的倍数",
        "a deal is at most this multiple of the maximum payable price",
    ),
    "session.negotiators_see": Term(
        list_of(one_of("quotes", "offers", "ceiling")),
        "谈判组现场可见的内容",
        "what the negotiators see during the session",
    ),
    "session.signed_on_spot": Term(flag, "现场确认价格", "the price is fixed on the spot"),
    "standard.years": Term(
        count, "谈判药品支付标准有效期", "how long a negotiated payment standard lasts", "years"
    ),
    "bidding.standard": Term(
        one_of("lowest-bid"), "竞价药品的支付标准", "payment standard of drugs that were bid for"
    ),
    "bidding.needs_bid_within": Term(
        flag,
        "至少一家报价不高于医保支付意愿，否则不纳入",
        "at least one bid must not be above the fund's willingness to pay",
    ),
    "bidding.floor_share": Term(
        share,
        "支付标准不低于医保支付意愿的比例",
        "the standard is at least this share of the willingness to pay",
    ),
    "bidding.listing_until": Term(
        one_of("own-bid"), "参加企业的挂网价上限", "highest listing price of a bidder"
    ),
    "bidding.excess_paid_by": Term(
        one_of("patient"), "超出支付标准的部分由谁负担", "who pays what is above the standard"
    ),
    "bidding.years": Term(
        count, "竞价支付标准有效期", "how long a payment standard by bidding lasts", "years"
    ),
    "pool.own": Term(
        flag, "罕见病用药单独筹资", "rare-disease drugs have a money pool of their own"
    ),
    "pool.level": Term(one_of("province"), "统筹层次", "level of the pool"),
    "pool.price_by": Term(one_of("negotiation"), "价格形成方式", "how the price is found"),
    "pool.patients": Term(count, "保障患者人数（约）", "patients covered, about", "patients"),
    "pool.yearly_amount": Term(positive, "年度筹资额", "money of the pool in a year", "yuan"),
    "pool.payment_ratio": Term(share, "资金池支付比例", "part of the cost that the pool pays"),
    "pool.carries_over": Term(
        flag, "年末结余结转下年", "what is left of a year is carried over to the next"
    ),
}
"""By key, in the order of the procedure."""
