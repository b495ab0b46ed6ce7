"""The payment standard in force of a product in a region on a day, with the step it comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from pricing.stated_rules import StatedRules
from procurement.catalogue.kinds import Evaluation, ProductStatus
from procurement.catalogue.tables import Product, ProductStrength
from procurement.permissions import Actor
from procurement.prices.following import TAKES
from procurement.prices.kinds import NEGOTIATED_WAYS, PriceKind, StandardStep
from procurement.prices.listing import PriceFilter, holds_on, price_list
from procurement.prices.service import EVERYWHERE
from procurement.prices.standard_rules import (
    Said,
    rules_of_region,
    said_of_non_winner,
    said_of_winner,
    unknown,
)
from procurement.prices.tables import Price

_PASSED = (Evaluation.PASSED, Evaluation.DEEMED)


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack of one firm.

    Attributes:
        organisation_id: The holder, or the firm whose price the chain has.
        strength: As printed.
        pack_units: Minimal units in it.
        product: In the catalogue; None where only the chain knows the pack.
        firms: Holder and maker: a price of either is its price.
    """

    organisation_id: int
    strength: str
    pack_units: int
    product: Product | None
    firms: frozenset[int]


@dataclass(frozen=True, slots=True)
class PackStandard:
    """The payment standard of a pack.

    Attributes:
        pack: The pack.
        said: What the chain and the rules say.
        basis: The prices that it rests on.
    """

    pack: Pack
    said: Said
    basis: Sequence[Price] = field(default=())


def standards_in_force(
    session: Session,
    *,
    generic_product_id: int,
    region: str,
    day: date,
    actor: Actor,
    product_id: int | None = None,
) -> list[PackStandard]:
    """Return the payment standards of a generic product's packs in a region on a day.

    A recorded standard goes first: a negotiated one, or the winning price that took its place.
    Then the product's own winning price, then the region's rules for products that did not win.
    Only prices of the same strength and pack are compared.

    Args:
        session: Any session.
        generic_product_id: The generic product.
        region: Division code, 6 digits; ``000000`` for the national rules.
        day: The day.
        actor: Who asks: what rests on a price that is not his to see is unknown to him.
        product_id: Only of this product.

    Returns:
        By strength, pack and firm.
    """
    # All prices decide: a product with a hidden winning price is no product that did not win.
    rows = _prices(session, generic_product_id, region, day)
    wanted = PriceFilter(generic_product_id=generic_product_id, day=day)
    seen = {one.id for one in session.scalars(price_list(wanted, actor=actor))}
    packs = _packs(
        session,
        generic_product_id,
        [] if product_id is not None else [one for one in rows if one.id in seen],
    )
    rules = rules_of_region(region, day)
    return [
        _told(_found(pack, rows, rules), seen)
        for pack in packs
        if product_id is None or (pack.product is not None and pack.product.id == product_id)
    ]


def _prices(session: Session, generic_product_id: int, region: str, day: date) -> list[Price]:
    """Prices that hold, those of the narrowest region first and the newest of a region first."""
    regions = (region, f"{region[:4]}00", f"{region[:2]}0000", EVERYWHERE)
    held = (
        select(Price)
        .where(Price.generic_product_id == generic_product_id, Price.hospital_id.is_(None))
        .where(Price.region.in_(regions), holds_on(day))
    )
    found = session.scalars(held).all()
    return sorted(found, key=lambda one: (regions.index(one.region), -one.id))


def _packs(session: Session, generic_product_id: int, prices: Iterable[Price]) -> list[Pack]:
    products = session.execute(
        select(Product, ProductStrength.label)
        .join(ProductStrength, ProductStrength.id == Product.strength_id)
        .where(Product.generic_product_id == generic_product_id)
        .where(Product.status == ProductStatus.ACTIVE)
    )
    packs = [
        Pack(
            product.holder_id,
            label,
            product.pack_units,
            product,
            frozenset({product.holder_id, product.maker_id or product.holder_id}),
        )
        for product, label in products
    ]
    known = {(firm, one.strength, one.pack_units) for one in packs for firm in one.firms}
    for firm, strength, units in sorted(
        {(one.organisation_id, one.strength, one.pack_units) for one in prices} - known
    ):
        packs.append(Pack(firm, strength, units, None, frozenset({firm})))
    return sorted(packs, key=_place)


def _place(pack: Pack) -> tuple[str, int, int, int]:
    product_id = 0 if pack.product is None else pack.product.id
    return pack.strength, pack.pack_units, pack.organisation_id, product_id


def _found(pack: Pack, rows: Sequence[Price], rules: StatedRules | None) -> PackStandard:
    same = [one for one in rows if _is_same_pack(one, pack)]
    own = [one for one in same if one.organisation_id in pack.firms]
    recorded = _first(own, PriceKind.PAYMENT_STANDARD)
    if recorded is not None:
        return PackStandard(pack, _recorded(recorded), (recorded,))
    if rules is None:
        return PackStandard(
            pack,
            unknown("当日尚无支付标准规则。", "There are no rules for payment standards yet."),
        )
    won = _first(own, PriceKind.WINNING)
    if won is not None:
        return PackStandard(pack, said_of_winner(won.pack_price, rules), (won,))
    winners = [
        one
        for one in same
        if one.kind == PriceKind.WINNING and one.organisation_id not in pack.firms
    ]
    return _of_non_winner(pack, _first(own, PriceKind.LISTING), winners, rules)


def _is_same_pack(price: Price, pack: Pack) -> bool:
    return price.strength == pack.strength and price.pack_units == pack.pack_units


def _first(prices: Iterable[Price], kind: PriceKind) -> Price | None:
    return next((one for one in prices if one.kind == kind), None)


def _recorded(price: Price) -> Said:
    if price.clause in NEGOTIATED_WAYS:
        return Said(
            step=StandardStep.NEGOTIATED,
            standard=price.pack_price,
            clause=price.clause,
            is_verified=True,
            zh=f"谈判支付标准：{price.source}。",
            en=f"The negotiated standard: {price.source}.",
        )
    rulebook = price.clause.partition(" ")[0]
    return Said(
        step=StandardStep.WINNING,
        standard=price.pack_price,
        rulebook=rulebook,
        clause=price.clause.partition(" ")[2],
        is_verified=StatedRules.of(rulebook).is_verified(TAKES),
        zh=f"谈判药品中选，执行中选价：{price.source}。",
        en=f"A negotiated drug that won takes the winning price: {price.source}.",
    )


def _of_non_winner(
    pack: Pack, listed: Price | None, winners: Sequence[Price], rules: StatedRules
) -> PackStandard:
    passed = _has_passed(pack.product)
    for is_missing, zh, en in (
        (
            not winners,
            "没有谈判支付标准，同规格同包装也没有中选价。",
            "There is no negotiated standard and no winning price of the same strength and pack.",
        ),
        (listed is None, "该产品的挂网价未知。", "The product's listing price is not known."),
        (
            passed is None,
            "不知是否为原研药、参比制剂或通过一致性评价的仿制药。",
            "Whether it is an originator, a reference or a generic that passed is not known.",
        ),
    ):
        if is_missing:
            return PackStandard(pack, unknown(zh, en, rules=rules), tuple(winners))
    price = Decimal(0) if listed is None else listed.pack_price
    said = said_of_non_winner(
        price, [one.pack_price for one in winners], rules, passed=passed is True
    )
    return PackStandard(pack, said, (*([] if listed is None else [listed]), *winners))


def _has_passed(product: Product | None) -> bool | None:
    """Whether it is an originator, a reference, or passed; None where it is none of what counts."""
    if product is None:
        return None
    if product.is_originator or product.is_reference or product.evaluation in _PASSED:
        return True
    return False if product.evaluation == Evaluation.NOT_PASSED else None


def _told(found: PackStandard, seen: set[int]) -> PackStandard:
    if all(one.id in seen for one in found.basis):
        return found
    return PackStandard(
        found.pack,
        unknown("所依据的价格未公开。", "A price that it rests on is not disclosed."),
    )
