"""How the actions of the finder and of complaints are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, get, machine
from tests.procurement.app.cells.sides import Side

ALWAYS, OWN, REGION = Condition.ALWAYS, Condition.OWN, Condition.REGION

_COMPLAINTS = "/api/v1/complaints"
_FLAGS = "/api/v1/stock-flags"


def _stock(side: str) -> Make:
    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        place = one.things["hospital_place" if role is Role.HOSPITAL else "pharmacy_place"]
        return machine(f"/api/v1/find/places/{place}/stock", {"lines": []})

    return make


def _always(ask: Ask) -> Exemplar:
    return Exemplar({ALWAYS: lambda ours, theirs, role: ask})


def _flag(side: str, body: dict[str, str] | None = None) -> Make:
    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        address = f"{_FLAGS}/{(ours if side == 'ours' else theirs).things['flag_id']}"
        return get(address) if body is None else machine(f"{address}/settlement", body)

    return make


def _of_region(side: str, step: str = "", body: dict[str, str] | None = None) -> Make:
    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        number = (ours if side == "ours" else theirs).things["complaint_number"]
        return _ask(number, step, body)

    return make


def _assigned(step: str = "", body: dict[str, str] | None = None) -> Make:
    """A complaint that was assigned to the own agency, or from elsewhere to the own bureau."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        name = "agency_complaint" if role is Role.FUND_AGENCY else "bureau_complaint"
        return _ask(ours.things[name], step, body)

    return make


def _ask(number: object, step: str, body: dict[str, str] | None) -> Ask:
    address = f"{_COMPLAINTS}/{number}{step}"
    return get(address) if body is None else machine(address, body)


_ANSWER = ("/answer", {"text": ""})
_GRADE = ("/grade", {"grade": "x"})

FINDER: Mapping[Action, Exemplar] = {
    Action.FIND_DRUG: _always(get("/api/v1/find?q=x")),
    Action.UPLOAD_STOCK: Exemplar({OWN: _stock("ours")}, (_stock("theirs"),)),
    Action.READ_STOCK_FLAG: Exemplar({REGION: _flag("ours")}, (_flag("theirs"),)),
    Action.WATCH_STOCK: Exemplar(
        {REGION: _flag("ours", {"why": ""})}, (_flag("theirs", {"why": ""}),)
    ),
    Action.FILE_COMPLAINT: _always(machine(_COMPLAINTS, {"about": "x", "text": ""})),
    Action.FOLLOW_COMPLAINT: _always(
        machine("/api/v1/complaint-lookups", {"number": "x", "code": "x"})
    ),
    Action.READ_COMPLAINT: Exemplar(
        {REGION: _of_region("ours"), OWN: _assigned()}, (_of_region("theirs"),)
    ),
    Action.ASSIGN_COMPLAINT: Exemplar(
        {REGION: _of_region("ours", *_GRADE)}, (_of_region("theirs", *_GRADE),)
    ),
    Action.HANDLE_COMPLAINT: Exemplar(
        {REGION: _of_region("ours", *_ANSWER), OWN: _assigned(*_ANSWER)},
        (_of_region("theirs", *_ANSWER),),
    ),
}
