"""The words of credit rating; tables and rules share them."""

from collections.abc import Mapping
from enum import StrEnum


class Matter(StrEnum):
    """What a firm may be rated for (失信事项)."""

    BRIBERY = "bribery"
    """Commercial bribery (商业贿赂)."""
    TAX = "tax"
    """False VAT invoices and other tax offences (涉税违法)."""
    MONOPOLY = "monopoly"
    """Monopoly prices (价格垄断)."""
    PRICING = "pricing"
    """Unfair pricing (价格违法)."""
    RESISTANCE = "resistance"
    """Resisting supervision (抗拒监管)."""
    TENDER = "tender"
    """Offences in procurement, such as collusion (违规竞标)."""
    PROMISE = "promise"
    """Breach of a promise or contract (违反承诺)."""


class GradeWord(StrEnum):
    """A grade, of either scale, from the lowest to the highest."""

    NONE = "none"
    MINOR = "minor"
    """一般, of the scale of 2020."""
    MEDIUM = "medium"
    """中等, of the scale of 2020."""
    DISHONEST = "dishonest"
    """失信, of the scale of 2025, where the two grades above became one."""
    SERIOUS = "serious"
    """严重, 严重失信."""
    ESPECIALLY_SERIOUS = "especially-serious"
    """特别严重, 特别严重失信."""

    @property
    def severity(self) -> int:
        """Rank among all grades, 0 for none."""
        return list(GradeWord).index(self)


class Circumstance(StrEnum):
    """What leads to the highest grade whatever the sum."""

    BRIBED_PROCUREMENT_STAFF = "bribed-procurement-staff"
    """Staff of the insurance bureau or of a procurement agency were bribed."""
    COLLUDED_IN_NATIONAL_ROUND = "colluded-in-national-round"
    """Bidders colluded in a national round."""


class Basis(StrEnum):
    """On whose finding a matter rests."""

    JUDGEMENT = "judgement"
    """A judgement (法院判决)."""
    PENALTY = "penalty"
    """A penalty by an enforcement body (执法部门行政处罚)."""
    AUDIT = "audit"
    """An audit report, or what came of clues that auditors passed on (审计)."""
    BUREAU = "bureau"
    """Found by the bureau itself: inquiries, breach of a promise (医保部门、采购机构)."""


class Consequence(StrEnum):
    """What a grade brings with it."""

    WARNING = "warning"
    """A written warning (书面提醒告诫)."""
    MARK = "mark"
    """A mark at the firm's products on the platform (失信标识)."""
    RISK_NOTICE = "risk-notice"
    """A notice of the risk to hospitals (提示风险)."""
    INVOLVED_BARRED = "involved-barred"
    """The products involved lose listing, bidding and delivery in the province that rated."""
    ALL_BARRED = "all-barred"
    """All products of the firm lose them in the province that rated."""
    INVOLVED_BARRED_EVERYWHERE = "involved-barred-everywhere"
    """The products involved lose them in all provinces."""


class ClearanceKind(StrEnum):
    """Why a grade no longer holds."""

    REPAIRED = "repaired"
    """The firm took the measures (信用修复)."""
    ENDED = "ended"
    """Its time was over."""
    WITHDRAWN = "withdrawn"
    """The finding on which it rested fell, or it was recorded in error."""


class ApplicationKind(StrEnum):
    """What a rated firm asks for."""

    OBJECTION = "objection"
    """That the rating is reviewed (异议)."""
    REPAIR = "repair"
    """That measures it took are accepted (信用修复申请)."""


Pair = tuple[str, str]
"""A text in Chinese and in English."""

MATTER_WORDS: Mapping[Matter, Pair] = {
    Matter.BRIBERY: ("商业贿赂", "commercial bribery"),
    Matter.TAX: ("涉税违法", "tax offence"),
    Matter.MONOPOLY: ("价格垄断", "price monopoly"),
    Matter.PRICING: ("价格违法", "unfair pricing"),
    Matter.RESISTANCE: ("抗拒监管", "resisting supervision"),
    Matter.TENDER: ("违规竞标", "offence in procurement"),
    Matter.PROMISE: ("违反承诺", "breach of promise"),
}
GRADE_WORDS: Mapping[GradeWord, Pair] = {
    GradeWord.NONE: ("无失信评级", "no grade"),
    GradeWord.MINOR: ("一般", "minor"),
    GradeWord.MEDIUM: ("中等", "medium"),
    GradeWord.DISHONEST: ("失信", "dishonest"),
    GradeWord.SERIOUS: ("严重失信", "seriously dishonest"),
    GradeWord.ESPECIALLY_SERIOUS: ("特别严重失信", "especially seriously dishonest"),
}
APPLICATION_WORDS: Mapping[ApplicationKind, Pair] = {
    ApplicationKind.OBJECTION: ("异议", "objection"),
    ApplicationKind.REPAIR: ("信用修复申请", "application for repair"),
}
BASIS_WORDS: Mapping[Basis, Pair] = {
    Basis.JUDGEMENT: ("法院判决", "judgement of a court"),
    Basis.PENALTY: ("行政处罚", "penalty by an enforcement body"),
    Basis.AUDIT: ("审计", "audit"),
    Basis.BUREAU: ("医保部门、采购机构查实", "found by the bureau or the procurement agency"),
}
CIRCUMSTANCE_WORDS: Mapping[Circumstance, Pair] = {
    Circumstance.BRIBED_PROCUREMENT_STAFF: (
        "向医保部门或采购机构工作人员行贿",
        "staff of an insurance bureau or procurement agency were bribed",
    ),
    Circumstance.COLLUDED_IN_NATIONAL_ROUND: (
        "在国家集采中围标串标",
        "collusion in a national round",
    ),
}
CONSEQUENCE_WORDS: Mapping[Consequence, Pair] = {
    Consequence.WARNING: ("书面提醒告诫", "written warning"),
    Consequence.MARK: ("失信标识", "a mark at its products"),
    Consequence.RISK_NOTICE: ("向医疗机构提示风险", "notice of the risk to hospitals"),
    Consequence.INVOLVED_BARRED: (
        "涉案产品在评价省份中止挂网、申报和配送",
        "products involved lose listing, bidding and delivery in the province",
    ),
    Consequence.ALL_BARRED: (
        "全部产品在评价省份中止挂网、申报和配送",
        "all products lose listing, bidding and delivery in the province",
    ),
    Consequence.INVOLVED_BARRED_EVERYWHERE: (
        "涉案产品在所有省份中止挂网和申报",
        "products involved lose listing and bidding in all provinces",
    ),
}
CLEARANCE_WORDS: Mapping[ClearanceKind, Pair] = {
    ClearanceKind.REPAIRED: ("已修复", "repaired"),
    ClearanceKind.ENDED: ("期满", "ended"),
    ClearanceKind.WITHDRAWN: ("撤销", "withdrawn"),
}

ALL_WORDS: Mapping[str, Pair] = {
    str(word): pair
    for words in (
        MATTER_WORDS,
        GRADE_WORDS,
        BASIS_WORDS,
        CIRCUMSTANCE_WORDS,
        CONSEQUENCE_WORDS,
    )
    for word, pair in words.items()
}
"""Each word that a credit rulebook may hold, in both languages."""
