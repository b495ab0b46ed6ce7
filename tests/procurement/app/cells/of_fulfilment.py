"""How the actions of fulfilment are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make
from tests.procurement.app.cells.of_orders import of_things
from tests.procurement.app.cells.sides import Side

OWN, GROUP = Condition.OWN, Condition.GROUP
REGION, LEAD = Condition.REGION, Condition.LEAD

_PATH = "/api/v1/fulfilment"
_NOTICE = f"{_PATH}/notices/{{notice_id}}"
_PREFIXES = {Role.MANUFACTURER: "maker_", Role.DISTRIBUTOR: "carrier_"}

_READ = f"GET {_NOTICE}"
_ANSWER = f"POST {_NOTICE}/answers"
_DROP = f"POST {_NOTICE}/drop"
_CANDIDATES = f"GET {_PATH}/supplies/{{supply_id}}/candidates"


def _own(path: str, **how: object) -> Make:
    """About the notice to the role's own organisation."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        return of_things("ours", _PREFIXES.get(role, ""), path, **how)(ours, theirs, role)

    return make


FULFILMENT: Mapping[Action, Exemplar] = {
    Action.READ_FULFILMENT: Exemplar(
        {
            OWN: _own(_READ),
            GROUP: of_things("ours", "member_", _READ),
            LEAD: of_things("ours", "", f"GET {_PATH}/terms/{{term_id}}/progress"),
            REGION: of_things("ours", "", _READ),
        },
        (of_things("theirs", "", _READ),),
    ),
    Action.WARN_FULFILMENT: Exemplar(
        {REGION: of_things("ours", "found_", _DROP, json={"decision": ""})},
        (of_things("theirs", "found_", _DROP, json={"decision": ""}),),
    ),
    Action.ANSWER_WARNING: Exemplar(
        {
            OWN: _own(_ANSWER, json={"text": ""}),
            GROUP: of_things("ours", "member_", _ANSWER, json={"text": ""}),
        },
        (of_things("theirs", "", _ANSWER, json={"text": ""}),),
    ),
    Action.REPLACE_SUPPLIER: Exemplar(
        {
            LEAD: of_things("ours", "guest_", _CANDIDATES),
            REGION: of_things("theirs", "guest_", _CANDIDATES),
        },
        (of_things("theirs", "", _CANDIDATES),),
    ),
}
