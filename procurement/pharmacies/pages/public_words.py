"""Plain words that the public pages of the finder share."""

from typing import Any

from procurement.accounts.divisions import PROVINCES
from procurement.pharmacies.finder.cards import PlaceCard
from procurement.pharmacies.finder.kinds import LEVEL_NAMES, SOURCE_NAMES, StockLevel
from procurement.pharmacies.listed.kinds import STORAGE_NAMES, DrugState
from procurement.pharmacies.listed.service import Listed
from procurement.pharmacies.places.kinds import PLACE_KIND_NAMES
from procurement.pharmacies.rules.opening_hours import hours_text
from procurement.web import Visit

HOTLINE = "12393"
"""The one number of medical insurance in all China (医保服务热线)."""

LEVEL_MARKS = {
    StockLevel.IN_STOCK: "good",
    StockLevel.FEW: "warning",
    StockLevel.ORDERED: "info",
    StockLevel.NONE: "neutral",
}

_STATES = {
    DrugState.DUAL_SEPARATE: (
        "可以在定点医院取，也可以在定点药店买，报销一样。医保单独支付。",
        "You can get it at a designated hospital or a designated pharmacy, with the same benefit. "
        "The fund pays for it separately.",
    ),
    DrugState.DUAL: (
        "可以在定点医院取，也可以在定点药店买，报销一样。",
        "You can get it at a designated hospital or a designated pharmacy, with the same benefit.",
    ),
    DrugState.ORDINARY: (
        "按乙类普通药品，在医院报销。",
        "An ordinary drug of class B: reimbursed at hospitals.",
    ),
}
_NOT_LISTED = (
    f"不在本地的双通道名单里。能不能报销，请问医保经办机构，或拨打 {HOTLINE}。",
    "It is not on the dual-channel list here. Whether it is reimbursed, ask the insurance agency "
    f"or call {HOTLINE}.",
)


def state_words(visit: Visit, listed: Listed | None) -> str:
    """Say in plain words how a drug is paid for."""
    return visit.text(*(_NOT_LISTED if listed is None else _STATES[DrugState(listed.period.state)]))


def age_words(visit: Visit, days: int) -> str:
    """Say how old a report of stock is."""
    if days <= 0:
        return visit.text("今天", "today")
    if days == 1:
        return visit.text("昨天", "yesterday")
    return visit.text(f"{days} 天前", f"{days} days ago")


def today_words(visit: Visit, card: PlaceCard) -> str:
    """Say when a place is open today."""
    if card.today is None:
        return visit.text("今天的营业时间没有填报，请先打电话。", "Not stated: call first.")
    if not card.today:
        return visit.text("今天休息", "closed today")
    return visit.text("今天 ", "today ") + visit.text("、", ", ").join(map(str, card.today))


def week_words(visit: Visit, card: PlaceCard) -> str:
    """Say when a place is open in the week; empty where nobody said."""
    return hours_text(card.week, language=visit.language)


def route_words(visit: Visit, card: PlaceCard) -> str:
    """Say how to get to a place; the Chinese text where there is no English one."""
    place = card.place
    return visit.text(place.route_zh, place.route_en or place.route_zh)


def regions_of(visit: Visit) -> list[tuple[str, str]]:
    """Code and name of every province."""
    return [(code, visit.text(*names)) for code, names in PROVINCES.items()]


def public_words(visit: Visit) -> dict[str, Any]:
    """What every public page of the finder says things with."""
    said: dict[str, Any] = {
        "hotline": HOTLINE,
        "level_names": {key: visit.text(*both) for key, both in LEVEL_NAMES.items()},
        "level_marks": LEVEL_MARKS,
        "source_names": {key: visit.text(*both) for key, both in SOURCE_NAMES.items()},
        "storage_names": {key: visit.text(*both) for key, both in STORAGE_NAMES.items()},
        "place_kinds": {key: visit.text(*both) for key, both in PLACE_KIND_NAMES.items()},
        "age_words": lambda days: age_words(visit, days),
        "today_words": lambda card: today_words(visit, card),
        "week_words": lambda card: week_words(visit, card),
        "route_words": lambda card: route_words(visit, card),
        "county_name": lambda county: visit.text(county.zh, county.en),
    }
    # Macros take them as one thing.
    return {**said, "words_of": said}
