"""What of a report somebody sees who may not see every price."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from procurement.awards.report_view import Fields

OF_THE_LOT = frozenset(
    {
        "bidders-counted",
        "bidders-counted-valid",
        "places",
        "places-unlimited",
        "cycle",
        "share",
        "rank-split",
        "regions",
        "left-to-hospitals",
        "no-valid-bid",
    }
)
"""Steps about a whole lot that tell no price."""

BEFORE_NOTICE = frozenset(
    {"bidders-counted", "bidders-counted-valid", "places", "places-unlimited", "no-valid-bid"}
)
"""Those that tell nothing of the winners, not even how many there are."""

OF_THE_WINNERS = ("share", "cycle_years", "ends_on", "agreed_volume")
"""What follows from the number of winners."""

OWN_FIGURES = frozenset(
    {
        "converted",
        "not-converted",
        "capacity-short",
        "price-unknown",
        "above-ceiling",
        "maker-cap",
        "beyond-places",
        "within-places",
        "tied",
        "tie-lost",
        "cut-suffices",
        "absolute-low",
        "reference-price",
        "highest-out",
        "scored",
        "revival-highest",
        "revival-volume",
        "revival-offered",
        "revival-declined",
        "revived",
        "revived-without-volume",
        "withdrawn",
        "direct",
        "talks-open",
        "talks-refused",
        "talks-agreed",
        "own-volume",
    }
)
"""Steps about a bid whose figures are its own, the document's, or told to the bidder already."""

NARROWED: Mapping[str, tuple[str, str]] = {
    "above-line": (
        "已入围，但单位可比价高于中选价格线，其他条件亦不满足",
        "shortlisted, but above the cut-off line, and passes nothing else",
    ),
    "above-line-and-cut": (
        "已入围，但单位可比价高于中选价格线，降幅和其他条件亦不满足",
        "shortlisted, but above the cut-off line; neither its cut nor anything else suffices",
    ),
    "above-band": ("单位可比价高于上限", "above the upper end of the band"),
    "technical-out": (
        "技术标得分低于入围线，不开启商务标",
        "its quality score is under the last place: price not opened",
    ),
    "united": (
        "与关联企业合并为一家，以其中另一家的报价为准",
        "holds one place with related firms, and the bid of another one stands",
    ),
    "joint-member": (
        "联合体成员，以另一成员的报价为准",
        "member of a joint bid; the bid of another member stands for it",
    ),
    "joint-selected": ("随联合体中选", "selected with its joint bid"),
    "within-line": (
        "在名额内，且单位可比价不高于中选价格线",
        "within the places and at most the cut-off line",
    ),
    "cost-statement-owed": ("须说明成本构成", "a statement of costs is owed"),
    "zero-volume": ("中选、不带量、不占名额", "selected without volume, and takes no place"),
}
"""Sentences with figures of rivals, said without them."""

BY_CLAUSE = ("依所列条款", "by the clause named")
"""Said of any other step."""

_OF_RIVALS = (
    "declared_price",
    "comparable_price",
    "offer_price",
    "needed_price",
    "needed_pack_price",
    "rank",
)


def seen_lots(
    lots: Iterable[Fields],
    own: Mapping[str, Sequence[str]],
    *,
    whole: bool,
    winners: bool = True,
) -> list[dict[str, Any]]:
    """Return the lots of a report as far as somebody may see them.

    Who does not see all prices sees the own bids, without figures of rivals, and of the others
    who is selected, without the price.

    Args:
        lots: Of a report.
        own: The own bids, by lot.
        whole: All prices may be seen.
        winners: It may be seen who is selected: the selection is on notice. Before, only lots
            with own bids are shown.
    """
    if whole:
        return [dict(lot) for lot in lots]
    return [
        _seen_lot(lot, frozenset(own.get(lot["lot"], ())), winners=winners)
        for lot in lots
        if winners or lot["lot"] in own
    ]


def _seen_lot(lot: Fields, own: frozenset[str], *, winners: bool) -> dict[str, Any]:
    told = OF_THE_LOT if winners else BEFORE_NOTICE
    hidden: dict[str, Any] = {} if winners else {**dict.fromkeys(OF_THE_WINNERS), "winners": []}
    return {
        **lot,
        **hidden,
        "outcomes": [
            _own_outcome(lot, one) if one["bid"] in own else _of_rival(one)
            for one in lot["outcomes"]
            if one["bid"] in own or (winners and one["selected"])
        ],
        "allocations": [one for one in lot["allocations"] if one["bid"] in own],
        "pending": [one for one in lot["pending"] if one["bid"] in own],
        "steps": [
            narrowed(step)
            for step in lot["steps"]
            if step["bid"] in own or (step["bid"] is None and step["code"] in told)
        ],
    }


def deciding_step(lot: Fields, outcome: Fields) -> Fields | None:
    """Return the step that decided about a bid, or None where the report holds none."""
    said = (outcome["bid"], outcome["clause"], outcome["reason"])
    found = (one for one in lot["steps"] if (one["bid"], one["clause"], one["zh"]) == said)
    return next(found, None)


def _own_outcome(lot: Fields, outcome: Fields) -> dict[str, Any]:
    step = deciding_step(lot, outcome)
    if step is None:
        return dict(outcome)
    told = narrowed(step)
    return {**outcome, "reason": told["zh"], "reason_en": told["en"]}


def _of_rival(outcome: Fields) -> dict[str, Any]:
    hidden = dict.fromkeys(_OF_RIVALS)
    said = {"clause": "", "reason": "中选", "reason_en": "selected"}
    return {**outcome, **hidden, **said}


def narrowed(step: Fields) -> dict[str, Any]:
    """Return a step without figures of rivals.

    Examples:
        >>> step = {"code": "above-line", "clause": "c", "bid": "甲", "numbers": {"base": "1"}}
        >>> narrowed(step)["numbers"], narrowed(step)["en"]
        ({}, 'shortlisted, but above the cut-off line, and passes nothing else')
    """
    if step["code"] in OWN_FIGURES or step["bid"] is None:
        return dict(step)
    zh, en = NARROWED.get(step["code"], BY_CLAUSE)
    return {**step, "numbers": {}, "zh": zh, "en": en}


def own_by_lot(places: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return bids by lot.

    Examples:
        >>> own_by_lot([("L01", "甲"), ("L02", "甲")])
        {'L01': ['甲'], 'L02': ['甲']}
    """
    by_lot: dict[str, list[str]] = {}
    for lot, bid in places:
        by_lot.setdefault(lot, []).append(bid)
    return by_lot
