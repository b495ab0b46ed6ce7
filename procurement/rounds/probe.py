"""A trial evaluation before anybody has bid: does the round know all that its rules will ask?

The bids are made up for the purpose and thrown away; only what the engine refuses is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bidding.bid_sheet import Bid, Lot, Quote, Round, Volume
from bidding.errors import BadOptionError, MissingFactError, UnknownRuleError
from bidding.evaluate import evaluate
from pricing.money import UnitPrice
from rulebooks import Bilingual, Rulebook
from rulebooks.vocabulary import VOCABULARY

_REGIONS = ("110000", "310000", "340000")
_FACTORS = ("0.999", "0.9", "0.9", "0.6", "0.5", "0.3", "0.2", "0.1")
"""Declared price ÷ ceiling of the trial's bids: two equal ones, some high, some far below."""

_VOLUME = 100_000


@dataclass(frozen=True, slots=True)
class Gap:
    """What an evaluation of the round would be refused for.

    Attributes:
        key: The rule that is not known, or that needs a fact.
        lot: The lot that lacks the fact; None for a rule.
        said: What is missing.
    """

    key: str
    lot: str | None
    said: Bilingual


def find_gap(
    sheet: Round, rulebook: Rulebook, *, by_brand: frozenset[str] = frozenset()
) -> Gap | None:
    """Evaluate made-up bids for a round and return the first thing that is missing.

    Args:
        sheet: The round, without bids and volumes.
        rulebook: The document that is to govern it.
        by_brand: Lots for which hospitals may report by brand.

    Returns:
        None where the evaluation went through. Facts about bidders, which no draft can know, are
        given by the trial.

    Examples:
        >>> from bidding.bid_sheet import Strength
        >>> from rulebooks import load_rulebook
        >>> lot = Lot("L01", "阿那曲唑", {"1mg": Strength("1mg", Decimal(1), Decimal("2.5"))})
        >>> sheet = Round("t", "national-pilot-2018", None, (lot,), ())
        >>> find_gap(sheet, load_rulebook("national-pilot-2018")).key
        'share.by_winners'
    """
    trial = replace(
        sheet,
        # One lot of each kind asks all that the others would; many lots only take longer.
        lots=tuple(_one_of_each(sheet.lots, by_brand)),
    )
    trial = replace(
        trial,
        bids=tuple(bid for lot in trial.lots for bid in _bids(lot)),
        volumes=tuple(
            volume for lot in trial.lots for volume in _volumes(lot, lot.lot in by_brand)
        ),
    )
    try:
        evaluate(trial, rulebook)
    except UnknownRuleError as refusal:
        return Gap(refusal.key, None, _unknown(rulebook, refusal.key))
    except BadOptionError as refusal:
        return Gap(refusal.key, None, Bilingual(f"取值有误：{refusal}", str(refusal)))
    except MissingFactError as refusal:
        name = _FACT_NAMES.get(refusal.fact, (refusal.fact, refusal.fact))
        return Gap(
            refusal.key,
            refusal.lot,
            Bilingual(f"品种 {refusal.lot} 缺{name[0]}", f"lot {refusal.lot} lacks its {name[1]}"),
        )
    return None


_FACT_NAMES = {
    "price_ceiling": ("最高有效申报价", "ceiling"),
    "daily_dose": ("日剂量", "daily dose"),
    "dosage_form": ("剂型类别", "dosage form"),
}


def _unknown(rulebook: Rulebook, key: str) -> Bilingual:
    """The name of a rule, and what is not known of it."""
    term = VOCABULARY["round"][key]
    unknown = rulebook.unknown.get(key)
    if unknown is None:
        return Bilingual(f"{term.zh}：规则未载", f"{term.en}: the rulebook has no such rule")
    return Bilingual(f"{term.zh}：{unknown.what.zh}", f"{term.en}: {unknown.what.en}")


def _one_of_each(lots: Sequence[Lot], by_brand: frozenset[str]) -> Iterator[Lot]:
    seen: set[object] = set()
    for lot in lots:
        priced = all(one.price_ceiling is not None for one in lot.strengths.values())
        several = len(lot.strengths) > 1
        has_dose = lot.daily_dose is not None
        kind = (lot.dosage_form, lot.category, has_dose, priced, several, lot.lot in by_brand)
        if lot.strengths and kind not in seen:
            seen.add(kind)
            yield lot


def _bids(lot: Lot) -> Iterator[Bid]:
    label, main = next(iter(lot.strengths.items()))
    ceiling = main.price_ceiling or Decimal(10)
    for place, factor in enumerate(_FACTORS, start=1):
        yield Bid(
            lot=lot.lot,
            bid=f"{place}",
            manufacturer=f"{place}",
            quotes=(Quote(label, UnitPrice(ceiling * Decimal(factor))),),
            is_originator=place == 1,
            group="A",
            capacity=10**9,
            # One that cannot supply all strengths asks who steps in.
            supplies=frozenset({label}) if place == len(_FACTORS) else None,
            regions_covered=0,
            prior_supply=0,
            passed_on=date(2020, 1, 1),
            cost_statement=True,
            quality_score=Decimal(50),
        )


def _volumes(lot: Lot, by_brand: bool) -> Iterator[Volume]:
    for region in _REGIONS:
        for label, strength in lot.strengths.items():
            yield Volume(region, lot.lot, label, strength.ratio, _VOLUME)
            if by_brand:
                yield Volume(region, lot.lot, label, strength.ratio, _VOLUME, brand="1")
