"""One field for everything: drugs, places and counties by what somebody typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION
from procurement.catalogue.tables import GenericProduct, Product
from procurement.pharmacies.finder.cards import PlaceCard, cards_of
from procurement.pharmacies.finder.counties import County, counties_called, within
from procurement.pharmacies.places.kinds import PlaceStatus
from procurement.pharmacies.places.tables import Place

WORDS_MAX = 60
FOUND_MAX = 20
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """What fits what somebody typed.

    Attributes:
        drugs: By name.
        places: By name.
        counties: By code.
        only_beginnings: Names of places were compared from their beginning: no region was given.
    """

    drugs: Sequence[GenericProduct] = field(default=())
    places: Sequence[PlaceCard] = field(default=())
    counties: Sequence[County] = field(default=())
    only_beginnings: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing fits."""
        return not (self.drugs or self.places or self.counties)


def search(session: Session, *, words: str, region: str, moment: datetime) -> Found:
    """Look for drugs, places and counties.

    Within a region the name of a place may hold the words anywhere. In the whole country it must
    begin with them, so that an index answers however many places there are.

    Args:
        session: Any session.
        words: What somebody typed: part of a name, or a code.
        region: Of the places: a province, city or county; empty for the whole country.
        moment: Now.
    """
    # PostgreSQL takes no NUL in a text.
    words = " ".join(words.replace("\x00", " ").split())[:WORDS_MAX]
    if not words:
        return Found()
    places = session.scalars(_places(session, words, region)).all()
    return Found(
        drugs=drugs_called(session, words=words),
        places=cards_of(session, places=places, moment=moment),
        counties=counties_called(session, words=words, limit=FOUND_MAX),
        only_beginnings=not region,
    )


def drugs_called(session: Session, *, words: str) -> Sequence[GenericProduct]:
    """Return drugs whose generic name or a brand of which holds some words."""
    of_brand = select(Product.generic_product_id).where(
        Product.brand.contains(words, autoescape=True)
    )
    called = (
        select(GenericProduct)
        .where(
            or_(
                GenericProduct.name.contains(words, autoescape=True),
                GenericProduct.id.in_(of_brand),
            )
        )
        # Shorter names fit better: what was typed is most of them.
        .order_by(func.length(GenericProduct.name), GenericProduct.name, GenericProduct.id)
        .limit(FOUND_MAX)
    )
    return session.scalars(called).all()


def _places(session: Session, words: str, region: str) -> Select[Place]:
    """Places by code or name: an index answers each, so that few rows of the table are read."""
    is_open = select(Place.id).where(Place.status == PlaceStatus.OPEN)
    coded = is_open.where(Place.institution_code == words.upper())
    if region and region != NATION:
        is_here = within(Place.county, region)
        coded = coded.where(is_here)
        named = is_open.where(is_here, Place.name.contains(words, autoescape=True))
    else:
        named = is_open.where(_begins_with(session, words))
    named = named.order_by(Place.name, Place.id).limit(FOUND_MAX)
    found = named.subquery().select().union(coded)
    wanted = select(Place).where(Place.id.in_(found))
    return wanted.order_by(Place.name, Place.id).limit(FOUND_MAX)


def _begins_with(session: Session, words: str) -> ColumnElement[bool]:
    """A condition that the index of names answers on either database."""
    last = words + _LAST
    if session.get_bind().dialect.name == "sqlite":
        return (Place.name >= words) & (Place.name < last)
    # By characters, as the index is ordered, and not by the order of a language.
    return Place.name.bool_op("~>=~")(words) & Place.name.bool_op("~<~")(last)
