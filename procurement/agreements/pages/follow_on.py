"""Drafting a follow-on round: what was supplied last, and which of it is taken over."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.agreements.at_edge import lead_round
from procurement.agreements.follow_on.starting import (
    FOLLOWABLE,
    INQUIRY,
    FollowOnFacts,
    start_follow_on,
)
from procurement.agreements.follow_on.supplied import LastYear, supplied_last
from procurement.agreements.pages.words import words
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    filled_form,
    status_of,
    whole_of,
)
from procurement.rounds.options import round_rulebooks
from procurement.rounds.reading import neighbours
from procurement.rounds.tables import Round
from procurement.web import Form, Visit, reads, redirect, render, writes
from rulebooks import load_rulebook


@get("/rounds/{name:str}/follow-on", include_in_schema=False)
@reads
def show_follow_on(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show what was supplied last, with the form of a round that follows on."""
    return _page(visit, lead_round(visit, name, Action.FOLLOW_ON), None)


@post("/rounds/{name:str}/follow-on", include_in_schema=False)
@writes
def begin(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Draft a round that follows on."""
    round_ = lead_round(visit, name, Action.FOLLOW_ON)
    reader = FormReader(visit.form)
    facts = FollowOnFacts(
        name=reader.text("name").lower(),
        title=reader.text("title"),
        rulebook=reader.text("rulebook"),
        is_inquiry=visit.form.get("is_inquiry") == "yes",
        lots=tuple(visit.form.all("lots")),
    )

    def change() -> None:
        start_follow_on(
            visit.session,
            predecessor=round_,
            facts=facts,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, refusal)
    return redirect(f"/rounds/{facts.name}/draft")


def _page(visit: Visit, round_: Round, refusal: RefusedError | None) -> Response[Any]:
    last = supplied_last(visit.session, round_=round_)
    _, followers = neighbours(visit.session, round_=round_, actor=visit.actor)
    return render(
        visit,
        "agreements/follow_on.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        last=last,
        may_start=round_.status in FOLLOWABLE and last is not None,
        followers=followers,
        values=visit.form if refusal is not None else _suggested(round_, last),
        rulebooks=[
            (one, f"{visit.text(title.zh, title.en)} ({one})")
            for one in round_rulebooks()
            for title in [load_rulebook(one).title]
        ],
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        **words(visit),
    )


def _suggested(round_: Round, last: LastYear | None) -> Form:
    """All lots, by the rules of an inquiry."""
    return filled_form(
        {
            "title": (f"{round_.title}（接续）",),
            "rulebook": (INQUIRY,),
            "is_inquiry": ("yes",),
            "lots": () if last is None else tuple(one.lot.code for one in last.lots),
        }
    )


ROUTES = (show_follow_on, begin)
"""Handlers of these pages."""
