"""How the actions of orders are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, machine
from tests.procurement.app.cells.sides import Side

OWN, GROUP = Condition.OWN, Condition.GROUP
REGION, LEAD = Condition.REGION, Condition.LEAD

_ORDERS = "/api/v1/orders"
_ORDER = f"{_ORDERS}/{{order_id}}"


def of_things(side: str, prefix: str, path: str, **how: object) -> Make:
    """A request about a side's things whose names begin with a prefix.

    Args:
        side: ours or theirs.
        prefix: Nothing for the own hospital's, ``member_`` or ``guest_`` for another's.
        path: Method and address; things are named in braces, without the prefix.
        how: What the client takes.
    """
    method, address = path.split(" ", 1)

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        named = {
            **one.things,
            **{
                name.removeprefix(prefix): value
                for name, value in one.things.items()
                if name.startswith(prefix)
            },
        }
        return Ask(method, address.format(**named), how)

    return make


def _own(path: str, **how: object) -> Make:
    """A request about the own order; a pharmacy's is another than the hospital's."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        prefix = "pharmacy_" if role is Role.PHARMACY else ""
        return of_things("ours", prefix, path, **how)(ours, theirs, role)

    return make


def of_parties(path: str, *conditions: Condition, **how: object) -> Exemplar:
    """A request about something of an order, by why somebody may.

    A thing of our hospital in a round that the other side's bureau leads is of our region; one of
    the other side's hospital in our round is our bureau's as its lead.
    """
    makes: Mapping[Condition, Make] = {
        OWN: _own(path, **how),
        GROUP: of_things("ours", "member_", path, **how),
        LEAD: of_things("ours", "guest_", path, **how),
        REGION: of_things("theirs", "guest_", path, **how),
    }
    return Exemplar(
        {one: makes[one] for one in conditions}, (of_things("theirs", "", path, **how),)
    )


def _placing(side: str, thing: str) -> Make:
    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        buyer = role if role is Role.PHARMACY else Role.HOSPITAL
        hospital = one.things[thing] if thing else one.organisation_id(buyer)
        return machine(_ORDERS, {"lines": [], "hospital_id": hospital})

    return make


def _shipping(ours: Side, theirs: Side, role: Role) -> Ask:
    """A manufacturer ships what it delivers on its own."""
    prefix = "direct_" if role is Role.MANUFACTURER else ""
    return of_things("ours", prefix, f"POST {_ORDER}/deliveries", json=_BATCHES)(ours, theirs, role)


_BATCHES = {"note_number": "", "lines": []}
_RETURN = {"packs": 0, "reason": ""}

ORDERS: Mapping[Action, Exemplar] = {
    Action.READ_ORDER: of_parties(f"GET {_ORDER}", OWN, GROUP, LEAD, REGION),
    Action.PLACE_ORDER: Exemplar(
        {OWN: _placing("ours", ""), GROUP: _placing("ours", "member")}, (_placing("theirs", ""),)
    ),
    Action.CONFIRM_ORDER: of_parties(f"POST {_ORDER}/confirmation", OWN, json={}),
    Action.DELIVER_ORDER: Exemplar(
        {OWN: _shipping},
        (of_things("theirs", "", f"POST {_ORDER}/deliveries", json=_BATCHES),),
    ),
    Action.ACCEPT_DELIVERY: of_parties(
        f"POST {_ORDER}/deliveries/{{delivery_id}}/receipt", OWN, GROUP, json={"lines": []}
    ),
    Action.RETURN_GOODS: of_parties(
        f"POST {_ORDER}/receipt-lines/{{receipt_line_id}}/returns", OWN, GROUP, json=_RETURN
    ),
}

LISTINGS: Mapping[Action, Exemplar] = {
    Action.RECORD_LISTING: Exemplar(
        {REGION: lambda ours, theirs, role: _listing(ours)},
        (lambda ours, theirs, role: _listing(theirs),),
    )
}


def _listing(side: Side) -> Ask:
    line = {
        "product": "0",
        "region": side.region,
        "pack_price": "1",
        "starts_on": "2027-01-01",
        "source": "x",
    }
    return machine("/api/v1/prices/listings", {"items": [line]})
