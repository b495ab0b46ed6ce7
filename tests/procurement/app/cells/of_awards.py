"""How the actions of evaluation, notice, objections and letters are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, machine
from tests.procurement.app.cells.awards import objection_name
from tests.procurement.app.cells.of_rounds import lead, ours, readable, theirs
from tests.procurement.app.cells.sides import Side

OWN, LEAD, NAMED = Condition.OWN, Condition.LEAD, Condition.NAMED

_API = "/api/v1/rounds/{round}"
_OBJECTION = f"{_API}/objections/{{objection}}"
_ANSWER = {"verdict": "rejected", "text": "for tests"}
_DRAFT = {"lot": "L01", "question": "tie", "answers": {}, "reason": ""}
_FILED = {"text": "for tests", "signed_by": "x"}
_CLOSES = {"closes_at": "2020-01-01T00:00:00Z"}


def _of_role(path: str, side: str = "ours", other: Role | None = None) -> Make:
    """A request about the objection of who asks, or of somebody of another role."""

    def make(here: Side, there: Side, role: Role) -> Ask:
        one = here if side == "ours" else there
        named = objection_name(other or role)
        objection = one.things.get(named, one.things["objection"])
        address = f"/api/v1/rounds/{one.rounds['announced']}/objections/{objection}/{path}"
        return machine(address, {"text": "for tests"})

    return make


def _another(role: Role) -> Role:
    return Role.HOSPITAL if role is not Role.HOSPITAL else Role.PHARMACY


def _foreign(path: str) -> Make:
    """A request about the objection of another organisation of the same side."""
    return lambda here, there, role: _of_role(path, other=_another(role))(here, there, role)


AWARDS: Mapping[Action, Exemplar] = {
    Action.EVALUATE_ROUND: lead("announced", f"POST {_API}/evaluation"),
    Action.DRAFT_ANSWER: lead("announced", f"POST {_API}/bureau-answers", json=_DRAFT),
    Action.CALL_ANSWERS: lead("announced", f"POST {_API}/second-answers", json={"minutes": 1}),
    Action.ANNOUNCE_AWARD: lead("announced", f"POST {_API}/award-notices", json=_CLOSES),
    Action.READ_SCREENS: lead("opened", "GET /rounds/{round}/screens"),
    Action.READ_RESULT: readable(f"GET {_API}/award-notices"),
    Action.READ_LETTER: Exemplar(
        dict.fromkeys((OWN, LEAD), ours("announced", f"GET {_API}/letters")),
        (
            theirs("announced", f"GET {_API}/letters/{{lot}}"),
            theirs("draft", f"GET {_API}/letters"),
        ),
    ),
    Action.FILE_OBJECTION: Exemplar(
        {Condition.PUBLISHED: theirs("announced", f"POST {_API}/objections", json=_FILED)},
        (theirs("draft", f"POST {_API}/objections", json=_FILED),),
    ),
    Action.READ_OBJECTION: Exemplar(
        dict.fromkeys((OWN, LEAD, NAMED), ours("announced", f"GET {_API}/objections")),
        (theirs("announced", f"GET {_OBJECTION}"), theirs("draft", f"GET {_API}/objections")),
    ),
    Action.APPEAL_OBJECTION: Exemplar(
        {OWN: _of_role("appeal")}, (_of_role("appeal", "theirs"), _foreign("appeal"))
    ),
    Action.ANSWER_OBJECTION: Exemplar(
        {LEAD: ours("announced", f"POST {_OBJECTION}/answer", json=_ANSWER)},
        (theirs("announced", f"POST {_OBJECTION}/answer", json=_ANSWER),),
    ),
    Action.ANSWER_APPEAL: Exemplar(
        {LEAD: ours("announced", f"POST {_OBJECTION}/appeal/answer", json=_ANSWER)},
        (theirs("announced", f"POST {_OBJECTION}/appeal/answer", json=_ANSWER),),
    ),
}
