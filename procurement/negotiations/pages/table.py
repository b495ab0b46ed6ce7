"""At the table: the maker's screen and the negotiators'; each shows what it may and no more."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from pricing.session import EVENT_WORDS, PRICED, EventKind, Side, maker_view, negotiators_view
from procurement.bids.at_edge import secret_key
from procurement.errors import RefusedError
from procurement.negotiations.at_edge import (
    Reader,
    about,
    done_or_shown,
    dossier_for,
    shown,
)
from procurement.negotiations.dossiers.filing import events_of as dossier_events
from procurement.negotiations.dossiers.steps import address_of, subject_of
from procurement.negotiations.kinds import (
    PARTY_WORDS,
    SESSION_WORDS,
    DossierStatus,
    Part,
    Party,
    SessionStatus,
)
from procurement.negotiations.pool.rules import PoolCourse
from procurement.negotiations.sessions.acts import act_at_table
from procurement.negotiations.sessions.deals import find_deal, sign_deal, signatures_of
from procurement.negotiations.sessions.opening import (
    find_opening,
)
from procurement.negotiations.sessions.pool_standing import warning_of
from procurement.negotiations.sessions.reading import deal_rows, event_from
from procurement.negotiations.sessions.refusing import end_unsigned
from procurement.negotiations.sessions.scheduling import (
    find_session,
    require_session,
)
from procurement.negotiations.sessions.table import (
    begin_session,
    events_of,
    look_at_maximum,
    note_refused,
    rules_of,
    talks_of,
)
from procurement.negotiations.sessions.tables import Session
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

_BASE = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}"


def table_for(visit: Visit, campaign: str, dossier_id: int) -> Dossier:
    """Return a dossier for a negotiator of it; for anybody else there is no table."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.NEGOTIATE, parts=(Part.NEGOTIATOR,))
    require_member(visit.session, dossier, actor=visit.actor, part=Part.NEGOTIATOR)
    return dossier


@get(f"{_BASE}/quotes", include_in_schema=False)
@reads
def show_quotes(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the maker's screen: the prices that both sides named, and nothing else."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE)
    return _quotes(visit, dossier, None)


@post(f"{_BASE}/quotes", include_in_schema=False)
@writes
def quote(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Let the maker quote, accept or leave."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE)
    return done_or_shown(
        visit,
        lambda: _act(visit, dossier, Side.MAKER),
        f"{address_of(dossier)}/quotes",
        lambda refusal: _quotes(visit, dossier, refusal),
    )


def _act(visit: Visit, dossier: Dossier, side: Side) -> None:
    reader = Reader(visit.form)
    price = reader.decimal("price")
    with reader.checked():
        act_at_table(
            visit.session,
            dossier=dossier,
            event=event_from(visit.form.get("kind", ""), price, side=side),
            actor=visit.actor,
            secret_key=secret_key(visit),
            moment=visit.moment,
            reason=reader.long_text("reason"),
        )


@post(f"{_BASE}/quotes/signature", include_in_schema=False)
@writes
def sign_as_maker(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Sign the deal for the maker."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE)
    return done_or_shown(
        visit,
        lambda: _sign(visit, dossier, Party.MAKER),
        f"{address_of(dossier)}/quotes",
        lambda refusal: _quotes(visit, dossier, refusal),
    )


def _sign(visit: Visit, dossier: Dossier, party: Party) -> None:
    sign_deal(
        visit.session,
        talk=require_session(visit.session, dossier=dossier),
        party=party,
        digest=visit.form.get("digest", ""),
        signed_by=visit.form.get("signed_by", ""),
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )


def _quotes(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    talk = find_session(visit.session, dossier_id=dossier.id)
    runs = talk is not None and talk.status != SessionStatus.SCHEDULED
    view = (
        maker_view(talks_of(visit.session, talk=talk, secret_key=secret_key(visit)))
        if talk is not None and runs
        else None
    )
    return shown(
        visit,
        "quotes.html",
        refusal,
        **about(visit, dossier),
        **_at_table(visit, talk, Party.MAKER),
        view=view,
        may=[] if view is None else _choices(visit, view.may),
    )


def _choices(visit: Visit, kinds: tuple[EventKind, ...]) -> list[tuple[str, str, bool]]:
    """What a side may do now: word, label, and whether it names a price."""
    return [(one.value, visit.text(*EVENT_WORDS[one]), one in PRICED) for one in kinds]


def _at_table(visit: Visit, talk: Session | None, party: Party) -> dict[str, object]:
    """What both screens show: time, what was named by whom, the deal and its signatures."""
    deal = None if talk is None else find_deal(visit.session, talk=talk)
    signed = {} if deal is None else signatures_of(visit.session, deal=deal)
    rows = [] if talk is None else events_of(visit.session, talk=talk)
    is_open = talk is not None and talk.status == SessionStatus.OPEN
    return {
        "talk": talk,
        "session_status": ""
        if talk is None
        else visit.text(*SESSION_WORDS[SessionStatus(talk.status)]),
        "events": [
            (visit.text(*EVENT_WORDS[EventKind(one.kind)]), one.price, one.happened_at)
            for one in rows
            if one.kind != EventKind.CEILING_OPENED
        ],
        "deal": deal,
        "terms": [] if deal is None else deal_rows(visit.language, deal),
        "signatures": [
            (visit.text(*PARTY_WORDS[side]), one.signed_at) for side, one in signed.items()
        ],
        "may_sign": deal is not None and party not in signed and is_open,
        "may_end": deal is not None and is_open,
        "ended": _ended(visit, talk),
    }


def _ended(visit: Visit, talk: Session | None) -> str:
    """Why a deal was ended unsigned; empty where it was not."""
    if talk is None or talk.status != SessionStatus.UNSIGNED:
        return ""
    return dossier_events(visit.session, dossier_id=talk.dossier_id)[-1].reason


@post(f"{_BASE}/quotes/unsigned", include_in_schema=False)
@writes
def end_as_maker(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """End the deal for the maker before both have signed."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.QUOTE_PRICE)
    return done_or_shown(
        visit,
        lambda: _end(visit, dossier, Party.MAKER),
        f"{address_of(dossier)}/quotes",
        lambda refusal: _quotes(visit, dossier, refusal),
    )


@post(f"{_BASE}/table/unsigned", include_in_schema=False)
@writes
def end_as_bureau(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """End the deal for the bureau before both have signed."""
    dossier = table_for(visit, campaign, dossier_id)
    return done_or_shown(
        visit,
        lambda: _end(visit, dossier, Party.BUREAU),
        f"{address_of(dossier)}/table",
        lambda refusal: _table(visit, dossier, refusal),
    )


def _end(visit: Visit, dossier: Dossier, party: Party) -> None:
    end_unsigned(
        visit.session,
        talk=require_session(visit.session, dossier=dossier),
        party=party,
        reason=Reader(visit.form).long_text("reason"),
        actor=visit.actor,
        secret_key=secret_key(visit),
        moment=visit.moment,
    )


@get(f"{_BASE}/table", include_in_schema=False)
@reads
def show_table(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the negotiators' screen; the maximum price only after a look that is noted."""
    dossier = table_for(visit, campaign, dossier_id)
    return _table(visit, dossier, None)


@post(f"{_BASE}/table/begin", include_in_schema=False)
@writes
def begin(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Begin the session."""
    dossier = table_for(visit, campaign, dossier_id)
    return done_or_shown(
        visit,
        lambda: begin_session(
            visit.session, dossier=dossier, actor=visit.actor, moment=visit.moment
        ),
        f"{address_of(dossier)}/table",
        lambda refusal: _table(visit, dossier, refusal),
    )


@post(f"{_BASE}/table/look", include_in_schema=False, status_code=200)
@writes
def look(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the screen with the maximum price, and note who looked."""
    dossier = table_for(visit, campaign, dossier_id)
    seen: list[object] = []

    def change() -> None:
        seen.append(
            look_at_maximum(
                visit.session,
                dossier=dossier,
                actor=visit.actor,
                secret_key=secret_key(visit),
                moment=visit.moment,
            )
        )

    try:
        with visit.savepoint():
            change()
    except RefusedError as refusal:
        return _table(visit, dossier, refusal)
    answer = _table(visit, dossier, None, shows_maximum=True)
    answer.headers["cache-control"] = "no-store"
    return answer


@post(f"{_BASE}/table", include_in_schema=False)
@writes
def act_as_bureau(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Let the negotiators offer, accept or leave."""
    dossier = table_for(visit, campaign, dossier_id)

    def refused(refusal: RefusedError | None) -> Response[Any]:
        if refusal is not None:
            note_refused(
                visit.session,
                subject=subject_of(dossier),
                refusal=refusal,
                actor=visit.actor,
                moment=visit.moment,
            )
        return _table(visit, dossier, refusal)

    return done_or_shown(
        visit,
        lambda: _act(visit, dossier, Side.NEGOTIATORS),
        f"{address_of(dossier)}/table",
        refused,
    )


@post(f"{_BASE}/table/signature", include_in_schema=False)
@writes
def sign_as_bureau(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Sign the deal for the bureau."""
    dossier = table_for(visit, campaign, dossier_id)
    return done_or_shown(
        visit,
        lambda: _sign(visit, dossier, Party.BUREAU),
        f"{address_of(dossier)}/table",
        lambda refusal: _table(visit, dossier, refusal),
    )


def _table(
    visit: Visit, dossier: Dossier, refusal: RefusedError | None, *, shows_maximum: bool = False
) -> Response[Any]:
    talk = find_session(visit.session, dossier_id=dossier.id)
    runs = talk is not None and talk.status != SessionStatus.SCHEDULED
    view = (
        negotiators_view(talks_of(visit.session, talk=talk, secret_key=secret_key(visit)))
        if talk is not None and runs
        else None
    )
    rules = rules_of(dossier)
    return shown(
        visit,
        "table.html",
        refusal,
        **about(visit, dossier),
        **_at_table(visit, talk, Party.BUREAU),
        view=view,
        maximum=view.ceiling if view is not None and shows_maximum else None,
        limit=view.limit if view is not None and shows_maximum else None,
        is_open=talk is not None and find_opening(visit.session, talk=talk) is not None,
        may_look=view is not None
        and view.ceiling is not None
        and talk is not None
        and talk.status == SessionStatus.OPEN,
        may=[] if view is None else _choices(visit, view.may),
        may_begin=dossier.status == DossierStatus.SEALED,
        pool=_pool_warning(visit, dossier, talk),
        ends_above=rules.ends_above,
        clauses=rules.clauses,
    )


def _pool_warning(visit: Visit, dossier: Dossier, talk: Session | None) -> PoolCourse | None:
    """The pool, where a deal is made and may be beyond it."""
    if talk is None or find_deal(visit.session, talk=talk) is None:
        return None
    return warning_of(visit.session, dossier=dossier)


ROUTES = (
    show_quotes,
    quote,
    sign_as_maker,
    end_as_maker,
    show_table,
    begin,
    look,
    act_as_bureau,
    sign_as_bureau,
    end_as_bureau,
)
"""Handlers of these pages."""
