"""Facts about bidders that the catalogue, their relations, papers and grades tell, by lot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION, PROVINCES, province_of
from procurement.accounts.organisations.related import (
    RELATED_KINDS,
    control_groups,
    holders_of_agent,
)
from procurement.accounts.tables import Organisation, OrganisationRelation, RelationKind
from procurement.bids.kinds import PaperStatus
from procurement.bids.tables import PaperStep
from procurement.catalogue.kinds import Evaluation
from procurement.catalogue.tables import GenericProduct, Product
from procurement.credit_rating.grades import Grade, grades_in
from procurement.credit_rating.tables import CreditMatter, InvolvedProduct
from procurement.rounds.tables import Lot, RoundRegion

PASSED = (Evaluation.PASSED, Evaluation.DEEMED)


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What the catalogue says of a bidder's products in a lot.

    Attributes:
        products: Ids of its products of the lot's generic product.
        is_originator: One of them is the originator or the reference preparation.
        passed_on: First day on which one of them passed the consistency evaluation.
    """

    products: tuple[int, ...] = ()
    is_originator: bool = False
    passed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a bid that was opened does not count.

    Attributes:
        code: Distinguishes it.
        zh: In Chinese.
        en: In English.
    """

    code: str
    zh: str
    en: str


def product_facts(
    session: Session, *, organisation_ids: Iterable[int], lot: Lot, on_date: date
) -> dict[int, ProductFacts]:
    """Return what the catalogue says of the products of a lot's bidders.

    A domestic agent bids the products of its overseas holders.

    Args:
        session: Any session.
        organisation_ids: The bidders of the lot.
        lot: The lot; one that no generic product is named for has no facts.
        on_date: Day on which the bidder must be the holder's agent.
    """
    bidders = sorted(set(organisation_ids))
    if lot.generic_product_id is None:
        return dict.fromkeys(bidders, ProductFacts())
    name = session.get_one(GenericProduct, lot.generic_product_id).name
    agents = _with_relation(session, bidders, (RelationKind.AGENT_OF,))
    held = {one: {one} for one in bidders}
    for agent in agents:
        found = holders_of_agent(session, organisation_id=agent, on_date=on_date, product=name)
        held[agent] |= {holder.id for holder in found}
    products = session.scalars(
        select(Product)
        .where(Product.generic_product_id == lot.generic_product_id)
        .where(Product.holder_id.in_(sorted(set[int]().union(*held.values()))))
        .order_by(Product.id)
    ).all()
    return {
        bidder: _facts([one for one in products if one.holder_id in holders])
        for bidder, holders in held.items()
    }


def _facts(products: Sequence[Product]) -> ProductFacts:
    days = [one.evaluated_on for one in products if one.evaluation in PASSED and one.evaluated_on]
    return ProductFacts(
        products=tuple(one.id for one in products),
        is_originator=any(one.is_originator or one.is_reference for one in products),
        passed_on=min(days, default=None),
    )


def _with_relation(
    session: Session, organisation_ids: Sequence[int], kinds: Sequence[RelationKind]
) -> list[int]:
    """Those that have a relation of such a kind at all: most firms have none."""
    relation = OrganisationRelation
    pairs = session.execute(
        select(relation.subject_id, relation.related_id).where(
            relation.kind.in_(kinds),
            or_(
                relation.subject_id.in_(organisation_ids),
                relation.related_id.in_(organisation_ids),
            ),
        )
    )
    concerned = {one for pair in pairs for one in pair}
    return [one for one in organisation_ids if one in concerned]


def group_names(
    session: Session, *, organisation_ids: Sequence[int], lot: Lot, on_date: date
) -> dict[int, str]:
    """Return the name of the control group of each bidder of a lot that shares one with another.

    A group is called like the firm in it that no other one controls.

    Args:
        session: Any session.
        organisation_ids: The bidders of the lot.
        lot: Relations limited to other products do not count.
        on_date: The day of the opening.
    """
    product = None
    if lot.generic_product_id is not None:
        product = session.get_one(GenericProduct, lot.generic_product_id).name
    related = _with_relation(session, organisation_ids, RELATED_KINDS)
    groups = control_groups(session, organisation_ids=related, on_date=on_date, product=product)
    bidding = set(organisation_ids)
    shared = {groups[one] for one in related if len(groups[one] & bidding) > 1}
    names = {group: _head_of(session, group, on_date) for group in shared}
    return {one: names[groups[one]] for one in related if groups[one] in names}


def _head_of(session: Session, group: frozenset[int], on_date: date) -> str:
    controlled = session.scalars(
        select(OrganisationRelation.subject_id)
        .where(OrganisationRelation.kind == RelationKind.CONTROLLED_BY)
        .where(OrganisationRelation.subject_id.in_(group))
        .where(OrganisationRelation.related_id.in_(group))
        .where(OrganisationRelation.since_date <= on_date)
        .where(func.coalesce(OrganisationRelation.until_date, on_date) >= on_date)
    )
    heads = group - set(controlled) or group
    names = session.scalars(
        select(Organisation.name).where(Organisation.id.in_(heads)).order_by(Organisation.name)
    )
    return names.all()[0]


def rejected_papers(session: Session, *, round_id: int) -> frozenset[int]:
    """Return the bidders whose papers were rejected after all."""
    newest = (
        select(func.max(PaperStep.id))
        .where(PaperStep.round_id == round_id)
        .group_by(PaperStep.organisation_id)
    )
    rejected = select(PaperStep.organisation_id).where(
        PaperStep.id.in_(newest), PaperStep.status == PaperStatus.REJECTED
    )
    return frozenset(session.scalars(rejected))


def rated_firms(session: Session) -> frozenset[int]:
    """Return the firms that were ever rated, themselves or for a product of theirs."""
    involved = (
        select(Product.holder_id)
        .join(InvolvedProduct, InvolvedProduct.product_id == Product.id)
        .distinct()
    )
    own = select(CreditMatter.organisation_id).distinct()
    return frozenset((*session.scalars(own), *session.scalars(involved)))


def grades_here(
    session: Session, *, round_id: int, organisation_id: int, on_date: date
) -> Mapping[str, Grade]:
    """Return a bidder's grade in each province of a round; in all of them for a national one."""
    regions = session.scalars(select(RoundRegion.region).where(RoundRegion.round_id == round_id))
    provinces = {province_of(region) for region in regions} - {NATION} or {NATION}
    return grades_in(
        session, organisation_id=organisation_id, regions=sorted(provinces), on_date=on_date
    )


def barring(grades: Mapping[str, Grade], products: Iterable[int]) -> Reason | None:
    """Return the grade that keeps a bidder out of a lot, or None.

    Args:
        grades: By province, from `grades_here`.
        products: The bidder's products in the lot; all of them must be barred.
    """
    own = tuple(products)
    for province, grade in grades.items():
        if grade.bars_all or (own and all(grade.bars(one) for one in own)):
            zh, en = PROVINCES.get(province, ("全国", "the nation"))
            return Reason(
                "barred",
                f"在{zh}的信用评级为“{grade.zh}”，开标时不得参加本品种。",
                f"Its credit grade in {en} is “{grade.en}”, which barred it from this lot when "
                "the bids were opened.",
            )
    return None
