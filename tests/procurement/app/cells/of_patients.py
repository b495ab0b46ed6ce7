"""How the actions of a patient's way are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, form, machine
from tests.procurement.app.cells.of_orders import of_things
from tests.procurement.app.cells.sides import Side

OWN, REGION, APPOINTED = Condition.OWN, Condition.REGION, Condition.APPOINTED

_REGISTRATION = "/registrations/{registration_number}"
_PRESCRIPTION = "/prescriptions/{prescription_number}"


def _for(path: str, *conditions: Condition) -> Exemplar:
    """Of our side's patient; the other side's is not there."""
    return Exemplar(
        dict.fromkeys(conditions, of_things("ours", "", path)), (of_things("theirs", "", path),)
    )


def _terms(side: str) -> Make:
    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        return form("/registrations/terms", region=str(one.things["patient_region"]))

    return make


PATIENTS: Mapping[Action, Exemplar] = {
    Action.APPLY_REGISTRATION: _for(f"POST {_REGISTRATION}/apply", APPOINTED),
    Action.READ_REGISTRATION: _for(f"GET {_REGISTRATION}", APPOINTED, OWN, REGION),
    Action.DECIDE_REGISTRATION: _for(f"POST {_REGISTRATION}/decision", REGION),
    Action.REVIEW_REGISTRATION: _for(f"GET {_REGISTRATION}/review", APPOINTED),
    Action.READ_PRESCRIPTION: _for(f"GET {_PRESCRIPTION}", APPOINTED, OWN, REGION),
    # Which region each report is about is asked line by line.
    Action.REPORT_PRESCRIPTION: Exemplar(
        {
            REGION: lambda ours, theirs, role: machine(
                "/api/v1/prescription-reports", {"reports": []}
            )
        }
    ),
    Action.DISPENSE_PRESCRIPTION: _for(f"POST {_PRESCRIPTION}/bills", OWN, REGION),
    Action.SET_BENEFIT_TERMS: Exemplar({REGION: _terms("ours")}, (_terms("theirs"),)),
}
