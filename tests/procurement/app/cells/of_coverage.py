"""How the actions of coverage and of convenience pharmacies are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, get
from tests.procurement.app.cells.sides import Side

OWN, REGION, ALWAYS = Condition.OWN, Condition.REGION, Condition.ALWAYS


def _of(side: str, path: str, **how: object) -> Make:
    method, address = path.split(" ", 1)

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        return Ask(method, address.format(**one.things), how)

    return make


def _for(path: str, condition: Condition, **how: object) -> Exemplar:
    return Exemplar({condition: _of("ours", path, **how)}, (_of("theirs", path, **how),))


_NEED: Mapping[str, list[object]] = {"lines": []}

COVERAGE: Mapping[Action, Exemplar] = {
    Action.READ_COVERAGE: _for("GET /api/v1/coverage/{place_county}", REGION),
    Action.PLAN_COVERAGE: _for("GET /coverage/plans/new?region={place_county}", REGION),
    Action.READ_CONVENIENCE: Exemplar({ALWAYS: lambda ours, theirs, role: get("/convenience")}),
    Action.KEEP_COUNTER: _for("GET /convenience/{place_code}/counter", OWN),
    Action.READ_QUARTERLY_NEED: _for("GET /convenience/needs?region={place_county}", REGION),
    Action.REPORT_QUARTERLY_NEED: _for(
        "POST /api/v1/convenience/pharmacies/{place_code}/needs/2027Q1", OWN, json=_NEED
    ),
    Action.CHECK_CONVENIENCE: _for("POST /convenience/{place_code}/check", REGION),
}
