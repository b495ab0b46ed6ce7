"""How the actions of places and their designation are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, form, get, machine
from tests.procurement.app.cells.sides import Side

OWN, REGION, LEAD = Condition.OWN, Condition.REGION, Condition.LEAD
ALWAYS, PUBLISHED = Condition.ALWAYS, Condition.PUBLISHED

_PREFIXES = {Role.HOSPITAL: "hospital_", Role.FUND_AGENCY: "agency_"}
"""Whose things have names of their own: the hospital's place, the agency's calls."""


def _of(side: str, path: str, *, own: bool = True, prefix: str = "", **how: object) -> Make:
    """A request about a side's things.

    Args:
        side: ours or theirs.
        path: Method and address; things are named in braces.
        own: Hospital and agency ask about things of their own names, where there are.
        prefix: Of the things' names, instead.
        how: What the client takes.
    """
    method, address = path.split(" ", 1)

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        things = (ours if side == "ours" else theirs).things
        chosen = prefix or (_PREFIXES.get(role, "") if own else "")
        named = {
            name.removeprefix(chosen): value
            for name, value in things.items()
            if chosen and name.startswith(chosen)
        }
        return Ask(method, address.format(**{**things, **named}), how)

    return make


def _for(path: str, *conditions: Condition) -> Exemplar:
    return Exemplar(dict.fromkeys(conditions, _of("ours", path)), (_of("theirs", path),))


def _in_region(address: str, body: Mapping[str, object]) -> Exemplar:
    """A request whose body names the region that it is about."""

    def of(side: str) -> Make:
        def make(ours: Side, theirs: Side, role: Role) -> Ask:
            one = ours if side == "ours" else theirs
            return machine(address, {**body, "region": one.things["place_county"]})

        return make

    return Exemplar({REGION: of("ours")}, (of("theirs"),))


_APPLICATION = "/designations/applications/{application_id}"
_DESIGNATION = "/designations/{designation_id}"
_CALL = {
    "scheme": "dual-channel",
    "title": "",
    "rulebook": "",
    "opens_on": "2026-12-01",
    "closes_on": "2026-12-01",
}

DESIGNATION: Mapping[Action, Exemplar] = {
    Action.CHANGE_PLACE: _for("GET /places/{place_code}/edit", OWN, REGION),
    # Which regions a list is about is asked line by line.
    Action.IMPORT_PLACES: Exemplar(
        {REGION: lambda ours, theirs, role: get("/designations/lists/places")}
    ),
    Action.READ_DESIGNATIONS: Exemplar(
        {ALWAYS: lambda ours, theirs, role: get("/api/v1/designation-calls")}
    ),
    Action.OPEN_DESIGNATION: _in_region("/api/v1/designation-calls", _CALL),
    Action.READ_APPLICATION: Exemplar(
        {
            OWN: _of("ours", f"GET {_APPLICATION}"),
            LEAD: _of("ours", f"GET {_APPLICATION}"),
            REGION: _of("ours", f"GET {_APPLICATION}", prefix="guest_"),
        },
        (_of("theirs", f"GET {_APPLICATION}"),),
    ),
    Action.APPLY_DESIGNATION: _for(f"POST {_APPLICATION}/withdrawal", OWN),
    Action.CHECK_DESIGNATION: _for(f"POST {_APPLICATION}/check", LEAD),
    Action.OBJECT_DESIGNATION: Exemplar(
        {
            PUBLISHED: lambda ours, theirs, role: form(
                f"/designations/notices/{ours.things['designation_notice']}/objections",
                application=str(ours.things["application_id"]),
            )
        },
        # The other notice is public as well; an application that is not on it is not there.
        (
            lambda ours, theirs, role: form(
                f"/designations/notices/{ours.things['designation_notice']}/objections",
                application=str(theirs.things["application_id"]),
            ),
        ),
    ),
    Action.DECIDE_DESIGNATION: _for(f"POST {_DESIGNATION}/decisions", LEAD),
    Action.ASSESS_DESIGNATION: _for(f"POST {_DESIGNATION}/assessments", LEAD),
    Action.DESIGNATE_DOCTOR: _for("POST /designations/doctors/{doctor_id}/end", REGION),
    Action.READ_DUTY: _for("GET /api/v1/drug-duties/{duty_id}", OWN, REGION),
    Action.SET_DUTY: _in_region("/api/v1/drug-duty-terms", {"starts_on": "2026-12-01"}),
    Action.ANSWER_DUTY: _for("POST /designations/duties/{duty_id}", OWN),
}
