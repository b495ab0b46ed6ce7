"""How the actions of the choice of regions and of agreements are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, machine
from tests.procurement.app.cells.of_rounds import lead, ours, theirs
from tests.procurement.app.cells.sides import Side

OWN, GROUP, REGION = Condition.OWN, Condition.GROUP, Condition.REGION
LEAD, NAMED, PUBLISHED = Condition.LEAD, Condition.NAMED, Condition.PUBLISHED

_API = "/api/v1/rounds/{round}"
_PARTIES = {
    Role.HOSPITAL: "hospital",
    Role.MANUFACTURER: "manufacturer",
    Role.DISTRIBUTOR: "distributor",
}
_CHOICE = {"region": "340000"}
_TERM = {"starts_on": "2026-01-01", "ends_on": "2025-01-01"}
_NOMINATION = {"region": "340000", "distributor_id": 1}
_CHANGE = {"supply_id": 1, "volume": 0, "reason": ""}


def _of_hospitals(path: str, **how: object) -> dict[Condition, Make]:
    """Requests about a thing of a hospital, by why somebody may.

    ``{which}`` stands for nothing, or for the group's member or the hospital of the other side.
    """

    def named(which: str) -> str:
        return path.replace("{which}", which)

    def abroad(here: Side, there: Side, role: Role) -> Ask:
        # Our hospital in a round that the other side's bureau leads.
        return theirs("agreed", named("guest_"), **how)(here, there, role)

    return {
        OWN: ours("agreed", named(""), **how),
        GROUP: ours("agreed", named("member_"), **how),
        LEAD: ours("agreed", named("guest_"), **how),
        REGION: abroad,
    }


def _only(makes: Mapping[Condition, Make], *conditions: Condition) -> dict[Condition, Make]:
    return {one: makes[one] for one in conditions}


def _hospitals(path: str, *conditions: Condition, **how: object) -> Exemplar:
    foreign = theirs("agreed", path.replace("{which}", ""), **how)
    return Exemplar(_only(_of_hospitals(path, **how), *conditions), (foreign,))


def _signing(side: str, hospital: str) -> Make:
    """A request to sign for a hospital, or as what somebody is for the own organisation."""

    def make(here: Side, there: Side, role: Role) -> Ask:
        one = here if side == "ours" else there
        body: dict[str, object] = {"party": _PARTIES.get(role, "hospital")}
        if hospital == "member":
            body["organisation_id"] = one.things["member"]
        elif hospital == "our":
            body["organisation_id"] = here.organisation_id(Role.HOSPITAL)
        elif hospital == "their":
            body |= {
                "party": "hospital",
                "organisation_id": there.organisation_id(Role.HOSPITAL),
            }
        return machine(f"/api/v1/rounds/{one.rounds['agreed']}/agreements/signings", body)

    return make


AGREEMENTS: Mapping[Action, Exemplar] = {
    Action.READ_REGIONS: Exemplar(
        {
            PUBLISHED: theirs("agreed", f"GET {_API}/regions"),
            **dict.fromkeys((OWN, LEAD, NAMED), ours("awarded", f"GET {_API}/regions")),
        },
        (theirs("awarded", f"GET {_API}/regions"), theirs("draft", f"GET {_API}/regions")),
    ),
    Action.CHOOSE_REGION: Exemplar(
        {OWN: ours("awarded", f"POST {_API}/regions/L01/choices", json=_CHOICE)},
        (
            theirs("awarded", f"POST {_API}/regions/L01/choices", json=_CHOICE),
            theirs("draft", f"POST {_API}/regions/L01/choices", json=_CHOICE),
        ),
    ),
    Action.RUN_REGION_CHOICE: lead(
        "awarded", f"POST {_API}/regions/start", json={"minutes_per_turn": 0}
    ),
    Action.READ_AGREEMENT: _hospitals(
        f"GET {_API}/agreements/{{{{which}}agreement_id}}", OWN, GROUP, LEAD, REGION
    ),
    Action.MAKE_AGREEMENTS: lead("agreed", f"POST {_API}/agreements/terms", json=_TERM),
    Action.FOLLOW_ON: lead("agreed", f"GET {_API}/follow-on"),
    Action.NOMINATE_DISTRIBUTOR: Exemplar(
        {OWN: ours("agreed", f"POST {_API}/distributors", json=_NOMINATION)},
        (theirs("draft", f"POST {_API}/distributors", json=_NOMINATION),),
    ),
    Action.ANSWER_NOMINATION: Exemplar(
        {
            OWN: ours(
                "agreed",
                f"POST {_API}/distributors/{{distribution_id}}/answer",
                json={"confirms": True},
            )
        },
        (
            theirs(
                "agreed",
                f"POST {_API}/distributors/{{distribution_id}}/answer",
                json={"confirms": True},
            ),
        ),
    ),
    Action.CHOOSE_DISTRIBUTOR: _hospitals(
        f"POST {_API}/agreements/{{{{which}}agreement_id}}/distributor",
        OWN,
        GROUP,
        json={"distributor_id": 0},
    ),
    Action.SIGN_AGREEMENT: Exemplar(
        {
            OWN: _signing("ours", "own"),
            GROUP: _signing("ours", "member"),
            LEAD: _signing("ours", "their"),
            REGION: _signing("ours", "our"),
        },
        (_signing("theirs", "their"),),
    ),
    Action.ENTRUST_SIGNING: Exemplar(
        {OWN: ours("agreed", f"POST {_API}/agreements/entrustments", json={"agent_id": 0})},
        (theirs("draft", f"POST {_API}/agreements/entrustments", json={"agent_id": 0}),),
    ),
    Action.REQUEST_CHANGE: _hospitals(
        f"POST {_API}/agreements/{{{{which}}agreement_id}}/changes", OWN, GROUP, json=_CHANGE
    ),
    Action.DECIDE_CHANGE: _hospitals(
        f"POST {_API}/agreements/changes/{{{{which}}change_id}}/decision",
        LEAD,
        REGION,
        json={"approves": False},
    ),
}
