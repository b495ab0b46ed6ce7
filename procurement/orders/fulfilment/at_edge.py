"""What pages and interface of fulfilment share: finding what the visitor may do something with."""

from procurement.accounts.divisions import NATION, is_division
from procurement.agreements.states import TermStatus
from procurement.agreements.tables import AgreedSupply, AgreementTerm
from procurement.awards.tables import AwardedBid
from procurement.china_days import day_in_china
from procurement.errors import FieldFault, InvalidInputError
from procurement.orders.fulfilment.listing import watched_by
from procurement.orders.fulfilment.scope import Scope
from procurement.orders.fulfilment.subjects import (
    award_subject,
    notice_subject,
    supply_subject,
    term_subject,
)
from procurement.orders.fulfilment.tables import (
    FulfilmentExemption,
    FulfilmentNotice,
    SupplyReplacement,
)
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.tables import Round
from procurement.web import Visit


def scope_for(
    visit: Visit, term_id: int, *, region: str = NATION, lot_id: int | None = None
) -> Scope:
    """Return what the visitor may look at of a term, within a region.

    Raises:
        NotFoundForActorError: There is no such term, or the region is not the visitor's concern.
        NotPermittedError: None of the visitor's roles may read fulfilment.
    """
    visit.require_ever(Action.READ_FULFILMENT)
    term = _term(visit, term_id)
    subject = term_subject(visit.session, term=term, actor=visit.actor)
    visit.require(Action.READ_FULFILMENT, subject)
    round_ = visit.session.get_one(Round, term.round_id)
    day = day_in_china(visit.moment)
    watched = watched_by(visit.session, actor=visit.actor, day=day, round_=round_)
    return watched.scope(term, day, region=require_division(region), lot_id=lot_id)


def term_to_search(visit: Visit, term_id: int, region: str) -> AgreementTerm:
    """Return a term in which the visitor may look for what crosses a threshold.

    Raises:
        NotFoundForActorError: There is no such term, or the region is not the visitor's.
        NotPermittedError: None of the visitor's roles warns.
    """
    visit.require_ever(Action.WARN_FULFILMENT)
    term = _term(visit, term_id)
    visit.require(Action.WARN_FULFILMENT, Subject(regions=(require_division(region),)))
    return term


def notice_for(visit: Visit, notice_id: int, action: Action) -> FulfilmentNotice:
    """Return a notice that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    notice = visit.session.get(FulfilmentNotice, notice_id)
    if notice is None:
        raise NotFoundForActorError
    visit.require(action, notice_subject(visit.session, notice=notice, moment=visit.moment))
    return notice


def exemption_for(visit: Visit, exemption_id: int) -> FulfilmentExemption:
    """Return an exemption that the visitor may end.

    Raises:
        NotFoundForActorError: There is none, or it is of another region.
        NotPermittedError: None of the visitor's roles grants exemptions.
    """
    visit.require_ever(Action.WARN_FULFILMENT)
    exemption = visit.session.get(FulfilmentExemption, exemption_id)
    if exemption is None:
        raise NotFoundForActorError
    visit.require(Action.WARN_FULFILMENT, Subject(regions=(exemption.region,)))
    return exemption


def supply_for(visit: Visit, supply_id: int, action: Action) -> AgreedSupply:
    """Return a supply that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's concern.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    supply = visit.session.get(AgreedSupply, supply_id)
    if supply is None:
        raise NotFoundForActorError
    visit.require(action, supply_subject(visit.session, supply=supply))
    return supply


def replacement_for(visit: Visit, replacement_id: int) -> SupplyReplacement:
    """Return a replacement that the visitor may end.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's concern.
        NotPermittedError: None of the visitor's roles replaces suppliers.
    """
    visit.require_ever(Action.REPLACE_SUPPLIER)
    replacement = visit.session.get(SupplyReplacement, replacement_id)
    if replacement is None:
        raise NotFoundForActorError
    supply_for(visit, replacement.supply_id, Action.REPLACE_SUPPLIER)
    return replacement


def bid_for(visit: Visit, awarded_bid_id: int) -> AwardedBid:
    """Return a selected bid whose joint bidders the visitor may record.

    Raises:
        NotFoundForActorError: There is none, or another bureau leads its round.
        NotPermittedError: None of the visitor's roles may.
    """
    visit.require_ever(Action.REPLACE_SUPPLIER)
    bid = visit.session.get(AwardedBid, awarded_bid_id)
    if bid is None:
        raise NotFoundForActorError
    visit.require(Action.REPLACE_SUPPLIER, award_subject(visit.session, bid=bid))
    return bid


def require_division(region: str) -> str:
    """Return a division code.

    Raises:
        InvalidInputError: It is none.
    """
    if not is_division(region):
        zh, en = "应为六位行政区划代码。", "Expected a division code of six digits."
        raise InvalidInputError([FieldFault("region", zh, en)])
    return region


def _term(visit: Visit, term_id: int) -> AgreementTerm:
    term = visit.session.get(AgreementTerm, term_id)
    if term is None or term.status != TermStatus.DONE:
        raise NotFoundForActorError
    return term
