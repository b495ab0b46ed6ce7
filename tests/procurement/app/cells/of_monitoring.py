"""How the actions of monitoring are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition
from tests.procurement.app.cells.asking import Exemplar
from tests.procurement.app.cells.of_orders import of_things

OWN, REGION, LEAD = Condition.OWN, Condition.REGION, Condition.LEAD
SECOND, PUBLISHED = Condition.SECOND, Condition.PUBLISHED

_API = "/api/v1/monitoring"
_REPORT = f"{_API}/reports/{{report_id}}"
_SURVEY = "GET /monitoring/surveys/{survey_id}"
_ANSWER = f"POST {_API}/surveys/{{survey_id}}/answers"
_PROPOSE = f"POST {_API}/lists/{{reference_list_id}}/proposals"
_NOTHING: dict[str, object] = {"price_ids": [], "basis": ""}

MONITORING: Mapping[Action, Exemplar] = {
    Action.READ_MONITORING: Exemplar(
        {
            LEAD: of_things("ours", "", _SURVEY),
            REGION: of_things("ours", "regional_", _SURVEY),
        },
        (of_things("theirs", "", _SURVEY),),
    ),
    Action.RUN_MONITORING: Exemplar(
        {LEAD: of_things("ours", "", _PROPOSE, json=_NOTHING)},
        (of_things("theirs", "", _PROPOSE, json=_NOTHING),),
    ),
    Action.CONFIRM_MONITORING: Exemplar(
        {SECOND: of_things("ours", "", f"POST {_REPORT}/publication", json={"version": 9})},
        (of_things("theirs", "", f"POST {_REPORT}/publication", json={"version": 9}),),
    ),
    Action.ANSWER_SURVEY: Exemplar(
        {OWN: of_things("ours", "", _ANSWER, json={"lines": []})},
        (of_things("theirs", "", _ANSWER, json={"lines": []}),),
    ),
    Action.READ_MONITORING_REPORT: Exemplar(
        {
            LEAD: of_things("ours", "", f"GET {_REPORT}"),
            REGION: of_things("ours", "regional_", f"GET {_REPORT}"),
            PUBLISHED: of_things("theirs", "public_", f"GET {_REPORT}"),
        },
        (of_things("theirs", "", f"GET {_REPORT}"),),
    ),
}
