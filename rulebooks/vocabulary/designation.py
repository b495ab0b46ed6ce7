"""The vocabulary of designation: what a place must show, and how it is decided.

The dual channel and convenience pharmacies ask the same kinds of things under keys of their own.
"""

from rulebooks.vocabulary.kinds import by_key, count, list_of, one_of, positive, share
from rulebooks.vocabulary.term import Term

NEEDS: dict[str, tuple[str, str]] = {
    "qualified": ("资质合规", "qualified by its licences"),
    "orderly": ("管理规范", "orderly management"),
    "trusted": ("信誉良好", "trusted"),
    "well-placed": ("布局合理", "well placed"),
    "traceable": ("药品电子追溯", "electronic tracing of drugs"),
    "cold-chain": ("冷链储运条件", "cold chain"),
    "pharmacist": ("配备药师", "a pharmacist"),
    "stock-system": ("进销存系统联网", "stock system on line"),
    "sells-at-standard": ("按支付标准销售", "sells at the payment standard"),
    "township": ("设在乡镇（街道）", "lies in a township or street"),
    "hardware": ("设施设备达标", "fitting rooms and equipment"),
    "safe-management": ("安全管理", "safe management"),
    "service": ("服务能力", "good service"),
    "counters": ("集采、谈判药品专柜", "counters for procured and negotiated drugs"),
    "zero-markup": ("零差率销售", "sells without markup"),
}
"""What a place either has or has not, in Chinese and English."""

SITES: dict[str, tuple[str, str]] = {
    "all": ("各类地点", "anywhere"),
    "urban": ("城区", "in a city district"),
    "county": ("县城", "in a county town"),
    "township": ("乡镇", "in a township"),
}
"""Kinds of site for which the least area may differ."""


def designation_terms(prefix: str) -> dict[str, Term]:
    """Return the words of designation under a prefix.

    Args:
        prefix: ``designation`` for the dual channel, ``sign`` for convenience pharmacies.

    Examples:
        >>> designation_terms("sign")["sign.pharmacists_min"].unit
        'people'
    """
    needs = list_of(one_of(*NEEDS))
    return {
        f"{prefix}.{name}": term
        for name, term in {
            "hospital_needs": Term(needs, "对定点医院的要求", "what a hospital must show"),
            "pharmacy_needs": Term(needs, "对定点药店的要求", "what a pharmacy must show"),
            "designated_years_min": Term(
                count, "取得医保定点至少年限", "years as a designated institution", "years"
            ),
            "breach_free_years_min": Term(
                count, "无违规记录至少年限", "years without any breach", "years"
            ),
            "pharmacists_min": Term(
                count, "专职药师至少人数", "pharmacists with no other job", "people"
            ),
            "area_min": Term(
                by_key(positive, *SITES), "营业面积下限", "least area by kind of site", "m2"
            ),
            "camera_months_min": Term(
                count, "监控录像至少保存", "how long cameras' records are kept", "months"
            ),
            "kinds_share_min": Term(
                share, "配备谈判药品品种比例下限", "least share of negotiated kinds held"
            ),
            "supply_rate_min": Term(share, "药品供应率下限", "least rate of supply"),
            "publicity_days": Term(
                count, "拟定点名单公示天数", "days of the public notice", "days"
            ),
            "objections_by": Term(one_of("real-name"), "异议的提出方式", "how objections are made"),
        }.items()
    }


DUTY_TERMS: dict[str, Term] = {
    "duty.months_max": Term(
        count,
        "医疗机构自药品列入后召开药事会的时限",
        "time of a hospital to decide on a newly listed drug",
        "months",
    ),
}
"""The duty of hospitals to bring listed drugs in."""
