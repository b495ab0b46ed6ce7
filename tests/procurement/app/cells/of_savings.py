"""How the actions of retained savings are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition
from tests.procurement.app.cells.asking import Exemplar
from tests.procurement.app.cells.of_orders import of_things

OWN, GROUP = Condition.OWN, Condition.GROUP
REGION, LEAD, PUBLISHED = Condition.REGION, Condition.LEAD, Condition.PUBLISHED

_API = "/api/v1/savings/{settlement}"
_HOSPITAL = "{savings_hospital}"
_DIGEST = {"digest": "1" * 64}
_POINTS = {"points": {}, "version": 1}
_PLAN = {"basis": "", "parts": []}


def _of_bureau(path: str, **how: object) -> Exemplar:
    """Something that the bureau does that settles."""
    return Exemplar(
        {LEAD: of_things("ours", "", path, **how)},
        (of_things("theirs", "", path, **how), of_things("ours", "regional_", path, **how)),
    )


def _of_hospitals(path: str, *conditions: Condition, **how: object) -> Exemplar:
    """Something of a hospital in a settlement, by why somebody may."""
    makes = {
        OWN: of_things("ours", "", path, **how),
        GROUP: of_things("ours", "member_", path, **how),
        # The other side's hospital in a settlement of our bureau.
        LEAD: of_things("ours", "guest_", path, **how),
        # Ours in a settlement that the other side's bureau leads.
        REGION: of_things("ours", "regional_", path, **how),
    }
    return Exemplar(
        {one: makes[one] for one in conditions}, (of_things("theirs", "", path, **how),)
    )


SAVINGS: Mapping[Action, Exemplar] = {
    Action.DRAFT_SETTLEMENT: _of_bureau(f"POST {_API}/extracts"),
    Action.READ_SETTLEMENT: Exemplar(
        {
            LEAD: of_things("ours", "", f"GET {_API}"),
            OWN: of_things("ours", "", f"GET {_API}"),
            REGION: of_things("ours", "regional_", f"GET {_API}"),
        },
        (of_things("theirs", "public_", f"GET {_API}"),),
    ),
    Action.ASSESS_SELF: _of_hospitals(
        f"POST {_API}/assessments/{_HOSPITAL}/{{assessment_id}}/self", OWN, GROUP, json=_POINTS
    ),
    Action.ASSESS_ON_SITE: _of_bureau(
        f"POST {_API}/assessments/{_HOSPITAL}/{{assessment_id}}/on-site", json=_POINTS
    ),
    Action.READ_STATEMENT: _of_hospitals(
        f"GET {_API}/statements/{_HOSPITAL}", OWN, GROUP, LEAD, REGION
    ),
    Action.ANSWER_STATEMENT: _of_hospitals(
        f"POST {_API}/statements/{_HOSPITAL}/confirmed", OWN, GROUP, json=_DIGEST
    ),
    Action.DECIDE_OBJECTION: _of_bureau(
        f"POST {_API}/objections/{{savings_objection}}/decision",
        json={"upheld": False, "decision": ""},
    ),
    Action.REPORT_SETTLEMENT: _of_bureau(f"POST {_API}/reports", json={}),
    Action.PUBLISH_SETTLEMENT: _of_bureau(
        f"POST {_API}/publications", json={"until": "2026-01-01", "basis": ""}
    ),
    Action.READ_PUBLISHED_SAVINGS: Exemplar(
        {PUBLISHED: of_things("theirs", "public_", f"GET {_API}/publication")},
        (of_things("theirs", "", f"GET {_API}/publication"),),
    ),
    Action.PAY_RETAINED: Exemplar(
        {OWN: of_things("ours", "", f"POST {_API}/payments")},
        (of_things("theirs", "", f"POST {_API}/payments"),),
    ),
    Action.PLAN_DISTRIBUTION: _of_hospitals(
        f"POST {_API}/distribution/{_HOSPITAL}", OWN, GROUP, json=_PLAN
    ),
}
