"""The grade that a firm has in a region on a day: what eligibility asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from procurement.accounts.divisions import NATION, province_of
from procurement.catalogue.tables import Product
from procurement.credit_rating.rules import consequences_of, name_of, reaches_holder
from procurement.credit_rating.tables import CreditClearance, CreditMatter, InvolvedProduct
from procurement.credit_rating.words import Consequence, GradeWord, Matter
from rulebooks import load_rulebook


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of a firm, as far as one region is concerned.

    Attributes:
        word: The highest grade in force; `GradeWord.NONE` where there is none.
        zh: Its name in Chinese, as the scale that gave it calls it.
        en: The same in English.
        region: Province that gave it; the one asked for where there is none.
        matter_id: The matter that led to it.
        matter: Which kind of matter.
        since: First day of the grade.
        ends_on: Last day, where the decision names one. No published rule at hand says how long a
            grade lasts: None means until it is repaired or withdrawn.
        bars_all: No product of the firm may be bid in the region.
        barred_products: Ids of products that may not be bid in the region, for this grade or for
            one in another province.
    """

    word: GradeWord
    zh: str
    en: str
    region: str
    matter_id: int | None = None
    matter: Matter | None = None
    since: date | None = None
    ends_on: date | None = None
    bars_all: bool = False
    barred_products: frozenset[int] = frozenset()

    def bars(self, product_id: int) -> bool:
        """Whether that product may not be bid in the region."""
        return self.bars_all or product_id in self.barred_products


@dataclass(frozen=True, slots=True)
class MatterInForce:
    """A matter whose grade holds on a day, with the products it concerns."""

    matter: CreditMatter
    products: frozenset[int]

    @property
    def consequences(self) -> tuple[Consequence, ...]:
        """What its scale attaches to its grade."""
        return consequences_of(GradeWord(self.matter.grade), load_rulebook(self.matter.scale))


def grade_of(session: Session, *, organisation_id: int, region: str, on_date: date) -> Grade:
    """Return the grade of a firm that counts in a region on a day.

    Args:
        session: Any session.
        organisation_id: The firm.
        region: Division code; a city's is answered by its province, which does the rating.
            ``000000`` asks for the highest grade of all provinces.
        on_date: The day.

    Returns:
        The grade, with what it bars. A grade of another province counts in so far as its scale
        bars the products involved everywhere.

    Examples:
        >>> from procurement.database import make_engine, snapshot, upgrade
        >>> engine = make_engine("sqlite://")
        >>> upgrade(engine)
        >>> with snapshot(engine) as session:
        ...     grade_of(
        ...         session, organisation_id=1, region="340000", on_date=date(2026, 11, 22)
        ...     ).word
        <GradeWord.NONE: 'none'>
        >>> engine.dispose()
    """
    found = grades_in(session, organisation_id=organisation_id, regions=(region,), on_date=on_date)
    return found[region]


def grades_in(
    session: Session, *, organisation_id: int, regions: Iterable[str], on_date: date
) -> dict[str, Grade]:
    """Return what `grade_of` says of several regions, from one look at the matters of the firm."""
    in_force = matters_in_force(session, organisation_id=organisation_id, on_date=on_date)
    return {
        region: _grade(
            in_force, organisation_id, region if region == NATION else province_of(region)
        )
        for region in regions
    }


def grades_by_region(session: Session, *, organisation_id: int, on_date: date) -> dict[str, Grade]:
    """Return the grades of a firm on a day, by the provinces that gave one."""
    in_force = matters_in_force(session, organisation_id=organisation_id, on_date=on_date)
    own = [one.matter for one in in_force if one.matter.organisation_id == organisation_id]
    provinces = sorted({matter.region for matter in own if matter.grade != GradeWord.NONE})
    return {province: _grade(in_force, organisation_id, province) for province in provinces}


def matters_in_force(
    session: Session, *, organisation_id: int, on_date: date
) -> list[MatterInForce]:
    """Return the matters that concern a firm or its products and whose grade holds on a day."""
    involving = (
        select(InvolvedProduct.matter_id)
        .join(Product, Product.id == InvolvedProduct.product_id)
        .where(Product.holder_id == organisation_id)
    )
    concerns = or_(CreditMatter.organisation_id == organisation_id, CreditMatter.id.in_(involving))
    matters = session.scalars(
        select(CreditMatter).where(concerns, *holds_on(on_date)).order_by(CreditMatter.id)
    ).all()
    products = _products_of(session, matters)
    return [
        MatterInForce(matter, products[matter.id])
        for matter in matters
        if matter.organisation_id == organisation_id or reaches_holder(load_rulebook(matter.scale))
    ]


def holds_on(on_date: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions under which a row of `CreditMatter` holds on a day.

    A matter that was replaced by a correction never counts: the correction does.
    """
    # Aliases, as the list of bureaus joins the clearance itself.
    correction, clearance = aliased(CreditMatter), aliased(CreditClearance)
    replaced = select(correction.id).where(correction.replaces_id == CreditMatter.id)
    cleared = select(clearance.id).where(
        clearance.matter_id == CreditMatter.id, clearance.cleared_on <= on_date
    )
    return (
        CreditMatter.in_force_from <= on_date,
        or_(CreditMatter.ends_on.is_(None), CreditMatter.ends_on >= on_date),
        ~replaced.exists(),
        ~cleared.exists(),
    )


def _products_of(session: Session, matters: Sequence[CreditMatter]) -> dict[int, frozenset[int]]:
    ids = [matter.id for matter in matters]
    rows = session.execute(
        select(InvolvedProduct.matter_id, InvolvedProduct.product_id).where(
            InvolvedProduct.matter_id.in_(ids)
        )
    ).all()
    return {
        matter_id: frozenset(product for owner, product in rows if owner == matter_id)
        for matter_id in ids
    }


def _grade(in_force: Iterable[MatterInForce], organisation_id: int, province: str) -> Grade:
    ordered = list(in_force)
    here = [one for one in ordered if province in (NATION, one.matter.region)]
    own = [one for one in here if one.matter.organisation_id == organisation_id]
    bars_all = any(Consequence.ALL_BARRED in one.consequences for one in own)
    barred = frozenset[int]().union(
        *(one.products for one in here if Consequence.INVOLVED_BARRED in one.consequences),
        *(
            one.products
            for one in ordered
            if Consequence.INVOLVED_BARRED_EVERYWHERE in one.consequences
        ),
    )
    worst = max(own, key=_weight, default=None)
    if worst is None or worst.matter.grade == GradeWord.NONE:
        return Grade(GradeWord.NONE, "无失信评级", "no grade", province, barred_products=barred)
    matter = worst.matter
    zh, en = name_of(GradeWord(matter.grade), load_rulebook(matter.scale))
    return Grade(
        word=GradeWord(matter.grade),
        zh=zh,
        en=en,
        region=matter.region,
        matter_id=matter.id,
        matter=Matter(matter.matter),
        since=matter.in_force_from,
        ends_on=matter.ends_on,
        bars_all=bars_all,
        barred_products=barred,
    )


def _weight(one: MatterInForce) -> tuple[int, date, int]:
    matter = one.matter
    return (GradeWord(matter.grade).severity, matter.in_force_from, matter.id)
