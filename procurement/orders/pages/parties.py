"""Names that the pages of orders show beside numbers."""

from collections.abc import Iterable

from procurement.accounts.organisations.service import organisations_by_id
from procurement.accounts.tables import Person
from procurement.orders.tables import PurchaseOrder
from procurement.permissions import Action
from procurement.rounds.tables import Round
from procurement.web import Visit


def organisation_names(visit: Visit, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of organisations."""
    wanted = sorted({one for one in ids if one is not None})
    found = organisations_by_id(visit.session, organisation_ids=wanted)
    return {one: organisation.name for one, organisation in found.items()}


def person_name(visit: Visit, person_id: int | None) -> str:
    """Name of a person; empty for nobody."""
    person = None if person_id is None else visit.session.get(Person, person_id)
    return "" if person is None else person.name


def agreement_address(visit: Visit, order: PurchaseOrder) -> str:
    """Address of the agreement under which it was ordered; empty where the visitor sees none."""
    if order.agreement_id is None or order.round_id is None:
        return ""
    if not visit.may_ever(Action.READ_AGREEMENT):
        return ""
    round_ = visit.session.get_one(Round, order.round_id)
    return f"/rounds/{round_.name}/agreements/{order.agreement_id}"
