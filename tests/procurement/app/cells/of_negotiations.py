"""How the actions of negotiations are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, form
from tests.procurement.app.cells.sides import Side

OWN, LEAD, NAMED = Condition.OWN, Condition.LEAD, Condition.NAMED
APPOINTED, PUBLISHED = Condition.APPOINTED, Condition.PUBLISHED

_CAMPAIGN = "/negotiations/{campaign}"
_DOSSIER = "/negotiations/{campaign}/dossiers/{dossier_id}"
_OWN_RENEWAL = "/negotiations/{campaign}/dossiers/{own_renewal}/renewal/confirm"


def _of(side: str, path: str, **how: object) -> Make:
    method, address = path.split(" ", 1)

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        return Ask(method, address.format(**one.things), how)

    return make


def _for(path: str, *conditions: Condition, **how: object) -> Exemplar:
    """Of our side's things; the other side's are not there."""
    return Exemplar(
        dict.fromkeys(conditions, _of("ours", path, **how)), (_of("theirs", path, **how),)
    )


NEGOTIATIONS: Mapping[Action, Exemplar] = {
    Action.READ_CAMPAIGN: Exemplar(
        {
            **dict.fromkeys((LEAD, NAMED), _of("ours", "GET /negotiations/{draft_campaign}")),
            PUBLISHED: _of("theirs", f"GET {_CAMPAIGN}"),
        },
        (_of("theirs", "GET /negotiations/{draft_campaign}"),),
    ),
    Action.DRAFT_CAMPAIGN: Exemplar(
        {Condition.ALWAYS: lambda ours, theirs, role: form("/negotiations/new", name="fresh")}
    ),
    Action.CHANGE_CAMPAIGN: _for(f"GET {_CAMPAIGN}/members", LEAD),
    Action.MAKE_CAMPAIGN_KEY: _for(f"POST {_CAMPAIGN}/keys", NAMED, content=b"{}"),
    Action.READ_DOSSIER: _for(f"GET {_DOSSIER}", OWN, LEAD, APPOINTED),
    Action.SUBMIT_DOSSIER: _for(f"GET {_DOSSIER}/edit", OWN),
    Action.REVIEW_DOSSIER: _for(f"GET {_DOSSIER}/review", LEAD),
    Action.DECLARE_INTEREST: _for(f"GET {_DOSSIER}/interest", APPOINTED),
    Action.SCORE_DOSSIER: _for(f"GET {_DOSSIER}/opinion", APPOINTED),
    Action.RECORD_TALK: _for(f"POST {_DOSSIER}/talks", APPOINTED),
    Action.ANSWER_TALK: _for(f"POST {_DOSSIER}/talks/{{talk_id}}/answer", OWN),
    Action.USE_GROUP_MODEL: _for(f"GET {_DOSSIER}/groups/fund", APPOINTED),
    Action.RECONCILE_CEILINGS: _for(f"GET {_DOSSIER}/chair", APPOINTED),
    Action.READ_ENVELOPE: _for(f"GET {_DOSSIER}/session", OWN, LEAD, NAMED),
    Action.POST_ENVELOPE_SHARE: _for(f"POST {_DOSSIER}/session/shares", NAMED, content=b"{}"),
    Action.NEGOTIATE: _for(f"GET {_DOSSIER}/table", APPOINTED),
    Action.QUOTE_PRICE: _for(f"GET {_DOSSIER}/quotes", OWN),
    Action.READ_SESSION_RECORD: _for(f"GET {_DOSSIER}/record", LEAD, APPOINTED),
    Action.CONFIRM_RENEWAL: Exemplar(
        {Condition.SECOND: _of("ours", f"POST {_DOSSIER}/renewal/confirm")},
        (
            _of("theirs", f"POST {_DOSSIER}/renewal/confirm"),
            # Whoever had it computed cannot confirm it.
            _of("ours", f"POST {_OWN_RENEWAL}"),
        ),
    ),
}
