"""Payment standards of products that did not win a round, by the rulebooks ``standard-…``."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import cast

from pricing.faults import Fault, ModelFaultsError
from pricing.money import EXACT
from pricing.stated_rules import RuleNotStatedError, StatedRules
from pricing.trailing_zeros import without_trailing_zeros
from rulebooks.vocabulary.standard import ABOVE

ZERO = Decimal(0)


class CatalogueClass(StrEnum):
    """The class of a drug in the catalogue."""

    A = "class-a"
    B = "class-b"

    @classmethod
    def of(cls, text: str) -> "CatalogueClass":
        """The class of a text: 甲 or 乙, A or B.

        Raises:
            ModelFaultsError: It is neither.

        Examples:
            >>> CatalogueClass.of("乙")
            <CatalogueClass.B: 'class-b'>
        """
        for member, names in _CLASS_NAMES.items():
            if text in names:
                return member
        zh, en = f"{text!r}：须为甲或乙", f"{text!r}: expected 甲 or 乙 (A or B)"
        raise ModelFaultsError([Fault("catalogue_class", zh, en)])


_CLASS_NAMES = {
    CatalogueClass.A: ("甲", "甲类", "A", "a", "class-a"),
    CatalogueClass.B: ("乙", "乙类", "B", "b", "class-b"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NonWinner:
    """A product that did not win.

    Attributes:
        price: Its price, in yuan.
        winning_price: Price of the winning product, in yuan.
        passed: An originator, a reference product, or a generic that passed the consistency
            evaluation.
        catalogue_class: Its class; None where it is not given.
    """

    price: Decimal
    winning_price: Decimal
    passed: bool = True
    catalogue_class: CatalogueClass | None = None

    def check(self) -> None:
        """Refuse prices that cannot be.

        Raises:
            ModelFaultsError: A price is not above zero.
        """
        faults = [
            Fault(name, f"{price}：须大于 0", f"{price}: expected a price above 0")
            for name, price in (("price", self.price), ("winning_price", self.winning_price))
            if not price.is_finite() or price <= 0
        ]
        if faults:
            raise ModelFaultsError(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What the fund pays for, and what the patient bears before the usual share.

    Attributes:
        standard: Payment standard in yuan, exact; None where the document states none for this
            band.
        band: Upper edge of the band as a multiple of the winning price, or ``above``; None where
            the ladder does not apply.
        first_self_paid: Part of the standard that the patient pays first; None where it differs by
            class and the class is not given.
        patient_share_added: Added to the patient's share.
        needs_agreement: The patient signs for what is above the standard.
        clauses: How the rules are cited.
        is_verified: Whether sources state them in full.
        zh: The decision in Chinese.
        en: The decision in English.
    """

    standard: Decimal | None
    band: str | None
    first_self_paid: Decimal | None
    patient_share_added: Decimal
    needs_agreement: bool
    clauses: tuple[str, ...]
    is_verified: bool
    zh: str
    en: str


def payment_standard(product: NonWinner, rules: StatedRules) -> Standard:
    """The payment standard of a product that did not win.

    Args:
        product: The product, with the winning price in the same unit.
        rules: A rulebook of kind ``standard`` with the options that complete it.

    Raises:
        ModelFaultsError: A price is not above zero.
        RuleNotStatedError: No source states the rule, and no option supplies it.

    Examples:
        >>> rules = StatedRules.of("standard-national-2019")
        >>> for price in ("5.00", "2.00", "2.01", "0.80"):
        ...     product = NonWinner(price=Decimal(price), winning_price=Decimal("1.00"))
        ...     print(payment_standard(product, rules).standard)
        3.5
        1
        1.407
        0.8
    """
    product.check()
    if not product.passed:
        return _not_passed(product, rules)
    key = "ladder.passed"
    band, entry = _band(product, rules.table(key))
    standard = _standard(product, entry)
    added = cast("Decimal | None", entry["patient_share_added"]) or ZERO
    zh, en = _told(product, band, standard)
    rule = rules.rule(key)
    return Standard(
        standard=standard,
        band=band,
        first_self_paid=_first_self_paid(product, entry),
        patient_share_added=added,
        needs_agreement=entry["self_pay_agreement"] is True,
        clauses=(rules.cite(key),),
        is_verified=rule is not None and rule.verified and band not in rule.unverified,
        zh=zh,
        en=en,
    )


def standard_that_is_stated(product: NonWinner, rules: StatedRules) -> Decimal:
    """The payment standard in yuan, for a settlement that cannot go without one.

    Raises:
        RuleNotStatedError: The document states none for the product's band.
    """
    found = payment_standard(product, rules)
    if found.standard is None:
        raise RuleNotStatedError(
            rules.rulebook.id,
            "ladder.passed",
            zh=f"{found.band} 档未载支付标准",
            en=f"no payment standard is stated for the band {found.band}",
        )
    return found.standard


def _not_passed(product: NonWinner, rules: StatedRules) -> Standard:
    key = "not_passed.standard"
    rules.required(key)
    standard = without_trailing_zeros(min(product.price, product.winning_price))
    return Standard(
        standard=standard,
        band=None,
        first_self_paid=ZERO,
        patient_share_added=ZERO,
        needs_agreement=False,
        clauses=(rules.cite(key),),
        is_verified=rules.is_verified(key),
        zh=f"未通过一致性评价，支付标准不高于中选价：{standard:f} 元。",
        en=f"not passed: the standard is not above the winning price: {standard:f} yuan.",
    )


def _band(product: NonWinner, bands: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    """The first band whose upper edge the product's price does not exceed."""
    for name, entry in bands.items():
        is_last = name == ABOVE
        if is_last or product.price <= EXACT.multiply(product.winning_price, Decimal(name)):
            return name, cast("Mapping[str, object]", entry)
    raise AssertionError("the last band of a ladder is open")


def _standard(product: NonWinner, entry: Mapping[str, object]) -> Decimal | None:
    kind = entry["standard"]
    if kind is None:
        return None
    if kind == "winning-price":
        return without_trailing_zeros(product.winning_price)
    cut = cast("Decimal | None", entry["cut"]) or ZERO
    return without_trailing_zeros(EXACT.multiply(product.price, Decimal(1) - cut))


def _first_self_paid(product: NonWinner, entry: Mapping[str, object]) -> Decimal | None:
    shares = cast("Mapping[str, Decimal] | None", entry["first_self_paid"])
    if shares is None:
        return ZERO
    if product.catalogue_class is None:
        return None
    return shares.get(product.catalogue_class.value, ZERO)


def _told(product: NonWinner, band: str, standard: Decimal | None) -> tuple[str, str]:
    is_last = band == ABOVE
    zh_place = "最高一档" if is_last else f"不高于中选价的 {band} 倍"
    en_place = "in the last band" if is_last else f"up to {band} times the winning price"
    zh_end = "未载支付标准" if standard is None else f"支付标准 {standard:f} 元"
    en_end = "no standard is stated" if standard is None else f"the standard is {standard:f} yuan"
    zh = f"价格 {product.price:f} 元，中选价 {product.winning_price:f} 元，{zh_place}：{zh_end}。"
    en = f"{product.price:f} against {product.winning_price:f} yuan, {en_place}: {en_end}."
    return zh, en
