"""All that a hospital may order on a day."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.orders.errors import CycleNotBegunError, CycleOverError, UnknownOfferError
from procurement.orders.offers.agreed import AGREED, agreed_offers
from procurement.orders.offers.buyers import may_buy_too
from procurement.orders.offers.credit import with_credit
from procurement.orders.offers.cycles import cycles_on
from procurement.orders.offers.listed import LISTED, NEGOTIATED, Pack, listed_offers
from procurement.orders.offers.offer import Offer
from procurement.orders.offers.replacing import REPLACEMENT, replacement_offers

_WORDS = (AGREED, REPLACEMENT, NEGOTIATED, LISTED)
_ID_DIGITS_MAX = 9


def require_hospital(session: Session, *, hospital_id: int, day: date) -> Organisation:
    """Return a hospital that may order, or a pharmacy that may on the day.

    Args:
        session: Any session.
        hospital_id: Who would order.
        day: In China.

    Raises:
        InvalidInputError: No hospital is registered with this id, or it is not active.
    """
    hospital = session.get(Organisation, hospital_id)
    if hospital is None or not hospital.is_active or not _may_buy(session, hospital, day):
        zh, en = "没有登记该医疗机构，或已停用。", "No such hospital is registered and active."
        raise InvalidInputError([FieldFault("hospital_id", zh, en)])
    return hospital


def _may_buy(session: Session, buyer: Organisation, day: date) -> bool:
    return buyer.kind == OrganisationKind.HOSPITAL or may_buy_too(session, buyer, day)


def offers_for(session: Session, *, hospital_id: int, day: date, query: str = "") -> list[Offer]:
    """Return what a hospital may order on a day; what it may not order yet says why.

    Supplies whose cycle does not run that day are left out.

    Args:
        session: Any session.
        hospital_id: Who would order.
        day: In China.
        query: Part of the product's or the manufacturer's name.

    Raises:
        InvalidInputError: There is no such hospital.
    """
    hospital = require_hospital(session, hospital_id=hospital_id, day=day)
    found = _all(session, hospital, day, _WORDS)
    return [one for one in found if not _is_out(one) and _matches(one, query)]


def offers_by_key(
    session: Session, *, hospital_id: int, day: date, keys: Collection[str]
) -> Mapping[str, Offer]:
    """Return what keys name, also where it cannot be ordered on the day: it says why.

    Args:
        session: Any session.
        hospital_id: Who would order.
        day: In China.
        keys: As `Offer.key` gives them; what names nothing is not in the answer.

    Raises:
        InvalidInputError: There is no such hospital.
    """
    hospital = require_hospital(session, hospital_id=hospital_id, day=day)
    words = {key.partition("-")[0] for key in keys}
    found = {one.key: one for one in _all(session, hospital, day, words)}
    for key in set(keys) - set(found):
        found |= {one.key: one for one in _of_another_term(session, hospital, day, key)}
    return {key: found[key] for key in keys if key in found}


def find_offer(session: Session, *, hospital_id: int, day: date, key: str) -> Offer:
    """Return what a key names, see `offers_by_key`.

    Raises:
        UnknownOfferError: Nothing that this hospital could order has this key.
        InvalidInputError: There is no such hospital.
    """
    found = offers_by_key(session, hospital_id=hospital_id, day=day, keys=[key])
    if key not in found:
        raise UnknownOfferError(key)
    return found[key]


def _all(
    session: Session, hospital: Organisation, day: date, words: Collection[str]
) -> list[Offer]:
    """All offers whose keys begin with some words; those of agreed supplies in any case."""
    cycles = cycles_on(session, day=day)
    found = agreed_offers(session, hospital=hospital, cycles=cycles)
    running = [one for one in found if not _is_out(one)]
    if REPLACEMENT in words:
        found += replacement_offers(session, agreed=running, day=day)
    if NEGOTIATED in words or LISTED in words:
        found += listed_offers(session, hospital=hospital, day=day, won=_won(running))
    return with_credit(session, found, region=hospital.region, day=day)


def _won(offers: Iterable[Offer]) -> set[Pack]:
    return {(one.organisation_id, one.generic_product_id, one.strength) for one in offers}


def _of_another_term(
    session: Session, hospital: Organisation, day: date, key: str
) -> Iterable[Offer]:
    """What a supply was or will be in a term that the day's orders do not fall into."""
    word, _, rest = key.partition("-")
    digits = rest.partition("-")[0]
    if word != AGREED or not (digits.isascii() and digits.isdigit()):
        return []
    row = session.get(AgreedSupply, int(digits)) if len(digits) <= _ID_DIGITS_MAX else None
    if row is None:
        return []
    term = session.get_one(AgreementTerm, row.term_id)
    cycles = cycles_on(session, day=day, term_id=term.id)
    found = agreed_offers(session, hospital=hospital, cycles=cycles, supply_id=row.id)
    begins = CycleNotBegunError(term.starts_on)
    why: RefusedError = CycleOverError(term.ends_on) if term.starts_on <= day else begins
    return [replace(one, refusal=why) for one in found]


def _is_out(offer: Offer) -> bool:
    return isinstance(offer.refusal, CycleOverError | CycleNotBegunError)


def _matches(offer: Offer, query: str) -> bool:
    wanted = query.strip().casefold()
    return any(wanted in text.casefold() for text in (offer.product, offer.manufacturer))
