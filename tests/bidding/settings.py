"""The rulebooks that random small rounds are drawn for, with the options that each needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tests.bidding.random_lots import DEVICE_LEVELS, Setting

ALL_CATEGORIES = ("general", "restricted", "special")
PLACES_4 = {"1": 1, "2": 2, "3": 2, "4": 3, "5": 4, "6": 4, "7": 5, "8": 6, "9": 7, "10+": 8}
PLACES_10 = {"1": 1, "2": 2, "3": 2, "4": 3, "5": 3, "6": 3, "7": 4, "8": 5, "9+": 6}
TIE_BREAKS = ["prior-supply", "passed-on"]
SHARES = {"general": {"1": "0.5", "2": "0.6", "3": "0.7", "4+": "0.8"}}
ANCHOR_REVIVAL = {"price": "highest-winner", "single_winner_ratio": "1.8", "of": "anchor"}

OPTIONS_12: dict[str, object] = {
    "places.by_bidders": {"1": 1, "2": 2, "3": 3, "4": 3, "5": 4, "6": 6, "7+": 7},
    "selection.ratio_to_anchor": "1.8",
    "selection.absolute_low": {"oral-solid": "0.1"},
    "revival.shortlisted": ANCHOR_REVIVAL,
    "brand.fallback": "main-supplier",
    "cycle.ends_on": date(2029, 12, 31),
    "regions.unsupplied_strength": "spare-then-rank",
}
INSULIN: dict[str, object] = {
    "classes.lines": {"L1": {"a": "700", "b": "1000"}},
    "revival.shortlisted": {"price": "highest-winner"},
    "revival.others": {"price": "highest-winner"},
}
DEVICES_6: dict[str, object] = {
    "groups.by_volume": {"share": "0.85", "fill_to": 2},
    "conversion.product_factors": {"L1/A": "1.1", "L1/C": "1.3"},
    "places.by_group": {"A": {"1": 1, "2": 1, "3": 2, "4+": 3}, "B": {"1+": 1}},
    "selection.ratio_to_anchor": "1.5",
    "anchor.extreme_below": "0.6",
    "revival.shortlisted": {"price": "second-quote", "max_rise": "0.1"},
    "revival.others": {"price": "second-quote", "not_highest": True},
    "volume.method": "own-brand",
    "share.own_brand": "0.8",
}
DEVICES_7: dict[str, object] = {
    "bidders.unit": "product",
    "groups.separate": False,
    "places.by_bidders": {"1": 1, "2": 2, "3": 2, "4": 3, "5": 4, "6": 5, "7+": 6},
    "band.prices": "valid",
    "volume.method": "own-brand",
    "share.own_brand": "0.9",
}
IOL: dict[str, object] = {
    "bidders.unit": "firm",
    "places.by_bidders": {"1": 1, "2": 2, "3": 3, "4+": 4},
    "cycle.by_winners": {"general": {"1+": 2}},
}
JOINTS: dict[str, object] = {
    "places.by_group": {"A": {"1": 1, "2": 2, "3": 2, "4+": 3}, "B": {"1": 1, "2+": 2}},
    "revival.others": {"price": "highest-winner"},
}
FOLLOW_ON: dict[str, object] = {
    "volume.method": "regions",
    "share.by_winners": SHARES,
    "regions.choice": "first-pick-then-turns",
    "cycle.ends_on": date(2028, 12, 31),
}

UNSUPPLIED: dict[str, object] = {"regions.unsupplied_strength": "spare-then-rank"}
NEXT_RANK: dict[str, object] = {"regions.unsupplied_strength": "next-rank"}
NORMAL, LOWER = ("general",), ("general", "restricted")
ONE_STRENGTH = ("m",)


def of_device(rulebook: str, options: Mapping[str, object]) -> Setting:
    """Devices have one strength, prices of hundreds of yuan, and need by brand."""
    return Setting(rulebook, options, tuple(DEVICE_LEVELS), strengths=ONE_STRENGTH, brands=True)


SETTINGS = {
    "pilot": Setting(
        "national-pilot-2018",
        {"share.by_winners": {"general": {"1+": "0.6"}}},
        lots=12,
        most_bids=4,
    ),
    "pilot-expansion": Setting("national-pilot-expansion-2019", {}),
    "national-2": Setting("national-2", {}, categories=NORMAL),
    "national-3": Setting("national-3", {"ranking.tie_breaks": TIE_BREAKS}, categories=LOWER),
    "national-4": Setting("national-4", {}, categories=LOWER),
    "national-5": Setting(
        "national-5",
        {"places.by_bidders": PLACES_4, **NEXT_RANK},
        categories=LOWER,
        supplies=True,
    ),
    "national-7": Setting(
        "national-7",
        {"places.by_bidders": PLACES_4, **UNSUPPLIED},
        categories=ALL_CATEGORIES,
        supplies=True,
        most_bids=12,
    ),
    "national-9": Setting(
        "national-9", {"conversion.main_pack": {"L1": 7}}, categories=ALL_CATEGORIES, most_bids=12
    ),
    "national-10": Setting(
        "national-10", UNSUPPLIED, categories=ALL_CATEGORIES, supplies=True, joint=True
    ),
    "national-11": Setting(
        "national-11", UNSUPPLIED, categories=ALL_CATEGORIES, brands=True, supplies=True, joint=True
    ),
    "national-12": Setting("national-12", OPTIONS_12, categories=ALL_CATEGORIES, brands=True),
    "insulin": of_device("insulin-renewal-2024", INSULIN),
    "stents-2020": replace(of_device("stents-2020", {}), most_bids=12),
    "stents-2022": of_device("stents-2022", {"share.own_brand": "0.95"}),
    "iol": Setting("iol-alliance-2020", IOL, strengths=ONE_STRENGTH),
    "joints": replace(of_device("joints-2021", JOINTS), groups=True, most_bids=10),
    "joints-by-volume": replace(
        of_device("joints-2021", JOINTS), grouped_by_brand=True, most_bids=10
    ),
    "devices-6": replace(of_device("devices-6-2026", DEVICES_6), groups=True, most_bids=10),
    "devices-7": of_device("devices-7-2026", DEVICES_7),
    "follow-on": Setting("follow-on-inquiry-2026", FOLLOW_ON),
}
