"""Objections to claims by machine, and what hospitals paid themselves."""

from litestar import post
from litestar.params import JSONBody

from procurement.payments.api.claim_shapes import (
    AnswerBody,
    EndBody,
    ObjectionBody,
    ObjectionEntry,
    OwnPaymentBody,
    OwnPaymentEntry,
    objection_entry,
)
from procurement.payments.at_edge import claim_for, hospital_for, known_id, written
from procurement.payments.objections import answer_objection, end_objection, raise_objection
from procurement.payments.own_payments import OwnPayment, record_own_payment
from procurement.payments.reading.claims import find_objection
from procurement.permissions import Action, Role
from procurement.web import RowId, Visit, writes

TAGS = ["payments"]
PATH = "/api/v1/payments/claims"
OBJECTORS = {
    Role.HOSPITAL: Action.CHECK_CLAIM,
    Role.FUND_AGENCY: Action.APPROVE_CLAIM,
    Role.MANUFACTURER: Action.CLAIM_SETTLEMENT,
    Role.DISTRIBUTOR: Action.CLAIM_SETTLEMENT,
}


@post(PATH + "/{claim_id:int}/objections", tags=TAGS, status_code=201)
@writes
def object_to(visit: Visit, claim_id: RowId, data: JSONBody[ObjectionBody]) -> ObjectionEntry:
    """Object to a claim or a line of it, as the hospital, the agency or the company."""
    objection = raise_objection(
        visit.session,
        claim=claim_for(visit, claim_id, _own_action(visit)),
        line_id=None if data.line_id is None else known_id(data.line_id, "line_id"),
        reason=data.reason,
        actor=visit.actor,
        moment=visit.moment,
    )
    return objection_entry(objection)


def _own_action(visit: Visit) -> Action:
    """The action that makes somebody a party of a claim."""
    own = (action for role, action in OBJECTORS.items() if role in visit.actor.roles)
    return next(own, Action.CHECK_CLAIM)


@post(PATH + "/{claim_id:int}/objections/{objection_id:int}/answer", tags=TAGS, status_code=200)
@writes
def answer(
    visit: Visit, claim_id: RowId, objection_id: RowId, data: JSONBody[AnswerBody]
) -> ObjectionEntry:
    """Answer an objection, as another party than the one that raised it."""
    claim = claim_for(visit, claim_id, _own_action(visit))
    objection = answer_objection(
        visit.session,
        objection=find_objection(visit.session, claim=claim, objection_id=objection_id),
        answer=data.answer,
        actor=visit.actor,
        moment=visit.moment,
    )
    return objection_entry(objection)


@post(PATH + "/{claim_id:int}/objections/{objection_id:int}/end", tags=TAGS, status_code=200)
@writes
def end(
    visit: Visit, claim_id: RowId, objection_id: RowId, data: JSONBody[EndBody]
) -> ObjectionEntry:
    """End an objection, as the party that raised it; or give in to it, as the company."""
    claim = claim_for(visit, claim_id, _own_action(visit))
    objection = end_objection(
        visit.session,
        objection=find_objection(visit.session, claim=claim, objection_id=objection_id),
        uphold=data.uphold,
        actor=visit.actor,
        moment=visit.moment,
    )
    return objection_entry(objection)


@post("/api/v1/payments/hospital-payments", tags=TAGS, status_code=201)
@writes
def add_own_payment(visit: Visit, data: JSONBody[OwnPaymentBody]) -> OwnPaymentEntry:
    """Record that one's hospital paid a seller itself."""
    hospital = known_id(data.hospital_id, "hospital_id")
    hospital_for(visit, hospital, Action.CHECK_CLAIM)
    payment = OwnPayment(
        hospital_id=hospital,
        seller_id=known_id(data.seller_id, "seller_id"),
        goods_ids=[known_id(one, "goods_ids") for one in data.goods_ids],
        paid_on=data.paid_on,
        voucher=data.voucher,
    )
    row = record_own_payment(visit.session, payment=payment, actor=visit.actor, moment=visit.moment)
    return OwnPaymentEntry(row.id, written(row.amount))


ROUTES = (object_to, answer, end, add_own_payment)
