"""Everybody and everything that a grade bars, or marks, in one province: what orders ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import province_of
from procurement.catalogue.tables import Product
from procurement.credit_rating.grades import holds_on
from procurement.credit_rating.rules import consequences_of, name_of, reaches_holder
from procurement.credit_rating.tables import CreditMatter, InvolvedProduct
from procurement.credit_rating.words import Consequence, GradeWord
from rulebooks import Rulebook, load_rulebook


@dataclass(frozen=True, slots=True)
class Mark:
    """A grade that buyers are told of.

    Attributes:
        word: The grade.
        zh: Its name in Chinese, as its scale calls it.
        en: The same in English.
        since: First day.
    """

    word: GradeWord
    zh: str
    en: str
    since: date


@dataclass(frozen=True, slots=True)
class Barring:
    """What grades bring with them in a province on a day.

    Attributes:
        marks: The highest grade of each firm that has one there and is marked for it.
        firms: Firms all of whose products, or deliveries, are barred.
        products: Products that are barred, of any firm.
    """

    marks: Mapping[int, Mark] = field(default_factory=dict)
    firms: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()

    def bars(self, *, organisation_id: int, product_id: int | None) -> bool:
        """Whether a product of a firm lost its listing; only the firm counts where it is unknown.

        Examples:
            >>> Barring(firms=frozenset({7})).bars(organisation_id=7, product_id=None)
            True
        """
        return organisation_id in self.firms or product_id in self.products


def barring_in(session: Session, *, region: str, on_date: date) -> Barring:
    """Return what the grades in force bar and mark in a region on a day.

    Args:
        session: Any session.
        region: Division code; its province rates.
        on_date: The day.
    """
    province = province_of(region)
    rows = session.scalars(select(CreditMatter).where(*holds_on(on_date)).order_by(CreditMatter.id))
    matters = rows.all()
    scales = {matter.scale: load_rulebook(matter.scale) for matter in matters}
    consequences = {
        matter.id: consequences_of(GradeWord(matter.grade), scales[matter.scale])
        for matter in matters
    }
    here = [matter for matter in matters if matter.region == province]
    barring = [
        matter.id
        for matter in matters
        if Consequence.INVOLVED_BARRED_EVERYWHERE in consequences[matter.id]
        or (matter.region == province and Consequence.INVOLVED_BARRED in consequences[matter.id])
    ]
    return Barring(
        marks=_marks([one for one in here if Consequence.MARK in consequences[one.id]], scales),
        firms=frozenset(
            one.organisation_id for one in here if Consequence.ALL_BARRED in consequences[one.id]
        ),
        products=_products(session, barring, scales),
    )


def _marks(matters: Sequence[CreditMatter], scales: Mapping[str, Rulebook]) -> dict[int, Mark]:
    marks: dict[int, Mark] = {}
    for matter in sorted(matters, key=lambda one: GradeWord(one.grade).severity):
        word = GradeWord(matter.grade)
        zh, en = name_of(word, scales[matter.scale])
        marks[matter.organisation_id] = Mark(word, zh, en, matter.in_force_from)
    return marks


def _products(
    session: Session, matter_ids: Sequence[int], scales: Mapping[str, Rulebook]
) -> frozenset[int]:
    """Products of the firm itself, and those of other holders where the scale reaches them."""
    rows = session.execute(
        select(
            InvolvedProduct.product_id,
            Product.holder_id,
            CreditMatter.organisation_id,
            CreditMatter.scale,
        )
        .join(CreditMatter, CreditMatter.id == InvolvedProduct.matter_id)
        .join(Product, Product.id == InvolvedProduct.product_id)
        .where(InvolvedProduct.matter_id.in_(matter_ids))
    )
    return frozenset(
        product
        for product, holder, rated, scale in rows
        if holder == rated or reaches_holder(scales[scale])
    )
