"""How the actions of the list of dual-channel drugs are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition
from tests.procurement.app.cells.asking import Exemplar
from tests.procurement.app.cells.of_orders import of_things

LEAD, PUBLISHED, SECOND = Condition.LEAD, Condition.PUBLISHED, Condition.SECOND

_READ = "GET /api/v1/dual-channel/notices"
_DECIDE = "GET /dual-channel/decisions/{decision_number}"
_CONFIRM = "POST /api/v1/dual-channel/decisions/{%s}/confirm"
_IMPORT = "GET /dual-channel/imports/{list_import}"

DRUG_LIST: Mapping[Action, Exemplar] = {
    Action.READ_DRUG_LIST: Exemplar(
        {
            LEAD: of_things("ours", "", f"{_READ}/{{decision_number}}"),
            PUBLISHED: of_things("theirs", "", f"{_READ}/{{public_decision}}"),
        },
        (of_things("theirs", "", f"{_READ}/{{decision_number}}"),),
    ),
    Action.DECIDE_DRUG_LIST: Exemplar(
        {LEAD: of_things("ours", "", _DECIDE)}, (of_things("theirs", "", _DECIDE),)
    ),
    Action.CONFIRM_DRUG_LIST: Exemplar(
        {SECOND: of_things("ours", "", _CONFIRM % "decision_number", json={"version": 1})},
        (
            of_things("theirs", "", _CONFIRM % "decision_number", json={"version": 1}),
            # Whoever proposed it cannot confirm it.
            of_things("ours", "", _CONFIRM % "own_decision", json={"version": 1}),
        ),
    ),
    Action.IMPORT_DRUG_LIST: Exemplar(
        {LEAD: of_things("ours", "", _IMPORT)}, (of_things("theirs", "", _IMPORT),)
    ),
}
