"""How the actions of rounds, documents, volumes and bids are asked for."""

from collections.abc import Mapping

from procurement.permissions import Action, Condition, Role
from tests.procurement.app.cells.asking import Ask, Exemplar, Make, document, get, machine
from tests.procurement.app.cells.sides import Side

PUBLIC_OPENING = "opened-public"
"""A round of the other side whose rulebook lets everybody see the prices."""

NEW_ROUND = {
    "name": "fresh",
    "title": "药品集中带量采购文件",
    "rulebook": "national-3",
    "regions": ["340000"],
}

CHANGED_ROUND = {"version": 999, "title": "t", "rulebook": "national-3", "regions": ["340000"]}

OWN, GROUP, REGION = Condition.OWN, Condition.GROUP, Condition.REGION
LEAD, NAMED, SECOND = Condition.LEAD, Condition.NAMED, Condition.SECOND
PUBLISHED, ALWAYS = Condition.PUBLISHED, Condition.ALWAYS


def _of(side: str, stage: str, path: str, **how: object) -> Make:
    """A request about a side's round; things are named in braces."""
    method, address = path.split(" ", 1)

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        round_name = one.rounds[stage]
        named = {**one.things, "round": round_name}
        return Ask(method, address.format(**named), how)

    return make


def ours(stage: str, path: str, **how: object) -> Make:
    """A request about a round of our side."""
    return _of("ours", stage, path, **how)


def theirs(stage: str, path: str, **how: object) -> Make:
    """A request about a round of the other side."""
    return _of("theirs", stage, path, **how)


def lead(stage: str, path: str, **how: object) -> Exemplar:
    """For the lead bureau only; a round that everybody may read is no exception."""
    fails = (theirs(stage, path, **how), theirs("draft", path, **how))
    return Exemplar({LEAD: ours(stage, path, **how)}, fails)


def readable(path: str) -> Exemplar:
    """For everybody once it is published, and before for those concerned."""
    concerned = ours("draft", path)
    return Exemplar(
        {LEAD: concerned, NAMED: concerned, PUBLISHED: theirs("bidding", path)},
        (theirs("draft", path),),
    )


def _published(path: str, **how: object) -> Exemplar:
    return Exemplar({PUBLISHED: theirs("commenting", path, **how)}, (theirs("draft", path, **how),))


def _own_in_round(path: str, *fails: Make, **how: object) -> Exemplar:
    """Of the own firm in a round that is public; one that is not does not exist."""
    return Exemplar({OWN: ours("bidding", path, **how)}, (theirs("draft", path, **how), *fails))


def _named(path: str, **how: object) -> Exemplar:
    return Exemplar({NAMED: ours("bidding", path, **how)}, (theirs("bidding", path, **how),))


ROUNDS: Mapping[Action, Exemplar] = {
    Action.READ_ROUND: readable("GET /api/v1/rounds/{round}"),
    Action.DRAFT_ROUND: Exemplar(
        {ALWAYS: lambda ours, theirs, role: machine("/api/v1/rounds", NEW_ROUND)}
    ),
    Action.CHANGE_ROUND: lead("draft", "PUT /api/v1/rounds/{round}", json=CHANGED_ROUND),
    Action.SIMULATE_ROUND: lead("draft", "GET /api/v1/rounds/{round}/simulations"),
    Action.PROPOSE_STEP: lead(
        "commenting", "POST /api/v1/rounds/{round}/proposals", json={"step": "publish"}
    ),
    Action.CONFIRM_STEP: Exemplar(
        {
            SECOND: ours(
                "commenting",
                "POST /api/v1/rounds/{round}/proposals/{proposal_id}/confirm",
                json={"digest": "0" * 64},
            )
        },
        (
            # Whoever proposed it cannot confirm it.
            ours(
                "commenting",
                "POST /api/v1/rounds/{round}/proposals/{own_proposal}/confirm",
                json={"digest": "0" * 64},
            ),
            ours("commenting", "POST /rounds/{round}/proposals/{own_proposal}/confirm"),
            theirs("commenting", "POST /rounds/{round}/proposals/{proposal_id}/confirm"),
        ),
    ),
    Action.READ_DOCUMENT: readable("GET /rounds/{round}/document"),
    Action.COMMENT_DOCUMENT: _published(
        "POST /api/v1/rounds/{round}/document/comments", json={"version": "draft-1", "text": "?"}
    ),
    Action.ANSWER_COMMENT: lead(
        "commenting", "POST /rounds/{round}/document/comments/{comment_id}/answers"
    ),
    Action.AMEND_DOCUMENT: lead("commenting", "POST /rounds/{round}/document/drafts"),
    Action.ACKNOWLEDGE_DOCUMENT: _published(
        "POST /api/v1/rounds/{round}/document/acknowledgements", json={"version": "draft-1"}
    ),
}

_REPORT = "/rounds/{round}/volumes/reports/{report_id}"


def _guest(path: str) -> Make:
    """A request about the other side's hospital in our round."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        method, address = path.split(" ", 1)
        report_id = theirs.things["report_abroad"]
        address = address.format(round=ours.rounds["reporting"], report_id=report_id)
        return Ask(method, address)

    return make


def _abroad(path: str) -> Make:
    """A request about our hospital in the other side's round."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        method, address = path.split(" ", 1)
        report_id = ours.things["report_abroad"]
        address = address.format(round=theirs.rounds["reporting"], report_id=report_id)
        return Ask(method, address)

    return make


def _members(path: str) -> Make:
    """A request about a member of the group that our hospital leads."""
    return ours("reporting", path.replace("{report_id}", "{member_report}"))


VOLUMES: Mapping[Action, Exemplar] = {
    Action.READ_CALENDAR: Exemplar({ALWAYS: lambda ours, theirs, role: get("/volumes")}),
    Action.READ_REPORT: Exemplar(
        {
            OWN: ours("reporting", f"GET {_REPORT}"),
            GROUP: _members(f"GET {_REPORT}"),
            LEAD: _guest(f"GET {_REPORT}"),
            REGION: _abroad(f"GET {_REPORT}"),
        },
        (theirs("reporting", f"GET {_REPORT}"),),
    ),
    Action.REPORT_VOLUMES: Exemplar(
        {
            OWN: ours("reporting", f"POST {_REPORT}/grid"),
            GROUP: _members(f"POST {_REPORT}/grid"),
        },
        (theirs("reporting", f"POST {_REPORT}/grid"), _guest(f"POST {_REPORT}/grid")),
    ),
    Action.SPLIT_VOLUMES: Exemplar(
        {OWN: ours("reporting", f"GET {_REPORT}/split")},
        (_members(f"GET {_REPORT}/split"), theirs("reporting", f"GET {_REPORT}/split")),
    ),
    Action.REVIEW_REPORT: Exemplar(
        {LEAD: _guest(f"POST {_REPORT}/accept"), REGION: _abroad(f"POST {_REPORT}/accept")},
        (theirs("reporting", f"POST {_REPORT}/accept"),),
    ),
    Action.UPLOAD_VOLUMES: Exemplar(
        {
            LEAD: ours("reporting", "GET /rounds/{round}/volumes/uploads"),
            REGION: theirs("reporting", "GET /rounds/{round}/volumes/uploads"),
        },
        (
            theirs("commenting", "GET /rounds/{round}/volumes/uploads"),
            theirs("reporting", "GET /volumes/uploads/{bulk}"),
        ),
    ),
    Action.IMPORT_HISTORY: Exemplar(
        {ALWAYS: lambda ours, theirs, role: get("/volumes/history")},
    ),
    Action.READ_BASE_VOLUMES: Exemplar(
        {
            PUBLISHED: theirs("bidding", "GET /rounds/{round}/volumes/base"),
            LEAD: ours("reporting", "GET /rounds/{round}/volumes/base"),
            REGION: theirs("reporting", "GET /rounds/{round}/volumes/base"),
        },
        (theirs("commenting", "GET /rounds/{round}/volumes/base"),),
    ),
    Action.AGGREGATE_VOLUMES: lead("reporting", "POST /rounds/{round}/volumes/base"),
}

_API = "/api/v1/rounds/{round}"
_FILE = "GET /rounds/{round}/papers/files/"
_REVEAL_CALL = {"due_at": "2026-01-01T00:00:00Z", "reason": "for tests"}


def _sealed(side: str, stage: str) -> Make:
    """Our firm's next envelope, sent to a round."""

    def make(ours: Side, theirs: Side, role: Role) -> Ask:
        one = ours if side == "ours" else theirs
        sealed = str(ours.things["envelope"]).encode()
        return document(f"/api/v1/rounds/{one.rounds[stage]}/bids", sealed)

    return make


BIDS: Mapping[Action, Exemplar] = {
    Action.READ_PAPERS: Exemplar(
        dict.fromkeys((OWN, LEAD, NAMED), ours("bidding", _FILE + "{paper}")),
        (
            theirs("bidding", _FILE + "{paper}"),
            theirs("opened", _FILE + "{paper_of_opened}"),
        ),
    ),
    Action.SUBMIT_PAPERS: _own_in_round(f"POST {_API}/papers/submission"),
    Action.REVIEW_PAPERS: lead(
        "bidding", f"POST {_API}/applicants/{{firm}}/reviews", json={"status": "admitted"}
    ),
    Action.MAKE_ROUND_KEY: _named(f"POST {_API}/keys", content=b"{}"),
    Action.REHEARSE: Exemplar(
        dict.fromkeys((NAMED, LEAD), ours("bidding", f"GET {_API}/rehearsal")),
        (theirs("bidding", f"GET {_API}/rehearsal"),),
    ),
    Action.READ_MANIFEST: readable(f"GET {_API}/manifests"),
    Action.SUBMIT_BID: Exemplar({OWN: _sealed("ours", "bidding")}, (_sealed("theirs", "draft"),)),
    Action.ANSWER_QUESTIONS: Exemplar(
        {OWN: ours("answering", f"GET {_API}/answers/1")},
        (
            theirs("draft", f"GET {_API}/answers/1"),
            ours("answering", f"GET {_API}/answers/2"),
        ),
    ),
    Action.READ_RECEIPT: _own_in_round(
        f"GET {_API}/receipts/{{digest}}",
        # A round where everybody may bid, and a receipt of somebody else's.
        theirs("bidding", f"GET {_API}/receipts/{{digest}}"),
    ),
    Action.READ_LOG: readable("GET /rounds/{round}/log"),
    Action.POST_SHARES: _named(f"POST {_API}/shares", content=b"{}"),
    Action.OPEN_BIDS: lead("bidding", f"POST {_API}/reveal-call", json=_REVEAL_CALL),
    Action.REVEAL_KEY: _own_in_round(f"POST {_API}/reveals", content=b"{}"),
    Action.READ_OPENED_BIDS: Exemplar(
        {
            **dict.fromkeys((OWN, LEAD, NAMED), ours("opened", f"GET {_API}/opening/record")),
            PUBLISHED: lambda ours, theirs, role: get(
                f"/api/v1/rounds/{PUBLIC_OPENING}/opening/record"
            ),
        },
        (theirs("opened", f"GET {_API}/opening/record"),),
    ),
}
