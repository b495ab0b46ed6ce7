"""Pages: beginning a round, and what it is."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.divisions import PROVINCES
from procurement.errors import RefusedError
from procurement.permissions import Action
from procurement.rounds.at_edge import (
    FormReader,
    attempt,
    faults_of,
    filled_form,
    round_for,
    status_of,
    whole_of,
)
from procurement.rounds.basics import Basics
from procurement.rounds.drafting import basics_of, change_basics, draft_round
from procurement.rounds.options import round_rulebooks
from procurement.rounds.reading import rounds_for
from procurement.rounds.rules import Part, may_change
from procurement.rounds.tables import Round, RoundStatus
from procurement.web import Form, Visit, reads, redirect, render, writes
from rulebooks import load_rulebook

FOLLOWED_SHOWN = 50


@get("/rounds/new", include_in_schema=False)
@reads
def new_round(visit: Visit) -> Response[Any]:
    """Ask what the round is."""
    visit.require(Action.DRAFT_ROUND)
    return _page(visit, None, {"outage_shift_minutes": "120"}, None)


@post("/rounds/new", include_in_schema=False)
@writes
def begin_round(visit: Visit) -> Response[Any]:
    """Begin a round."""
    visit.require(Action.DRAFT_ROUND)
    reader = FormReader(visit.form)
    basics = basics_from(reader)

    def begin() -> None:
        with reader.checked():
            draft_round(visit.session, actor=visit.actor, basics=basics, moment=visit.moment)

    refusal = attempt(visit, begin)
    if refusal is not None:
        return _page(visit, None, visit.form, refusal)
    return redirect(f"/rounds/{basics.name}/draft")


@get("/rounds/{name:str}/basics", include_in_schema=False)
@reads
def show_basics(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show what the round is, to be changed."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    return _page(visit, round_, _values(basics_of(visit.session, round_=round_)), None)


@post("/rounds/{name:str}/basics", include_in_schema=False)
@writes
def save_basics(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Change what the round is."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    reader = FormReader(visit.form)
    basics = basics_from(reader)

    def change() -> None:
        with reader.checked():
            change_basics(
                visit.session,
                round_=round_,
                basics=basics,
                version=reader.version,
                actor=visit.actor,
                moment=visit.moment,
            )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, visit.form, refusal)
    return redirect(f"/rounds/{name}/draft")


def basics_from(reader: FormReader) -> Basics:
    """Read what a round is from a form."""
    others = reader.text("other_regions").replace("，", " ").replace(",", " ").split()
    regions = tuple(sorted({*reader.form.all("regions"), *others}))
    return Basics(
        name=reader.text("name").lower(),
        title=reader.text("title"),
        rulebook=reader.text("rulebook"),
        regions=regions,
        is_inquiry=reader.form.get("is_inquiry") == "yes",
        follows=reader.text("follows"),
        outage_shift_minutes=reader.whole("outage_shift_minutes") or 0,
    )


def _values(basics: Basics) -> Form:
    others = [region for region in basics.regions if region not in PROVINCES]
    return filled_form(
        {
            "name": (basics.name,),
            "title": (basics.title,),
            "rulebook": (basics.rulebook,),
            "regions": tuple(region for region in basics.regions if region in PROVINCES),
            "other_regions": (" ".join(others),),
            "is_inquiry": ("yes",) if basics.is_inquiry else (),
            "follows": (basics.follows,),
            "outage_shift_minutes": (str(basics.outage_shift_minutes),),
        }
    )


def _page(
    visit: Visit,
    round_: Round | None,
    values: Mapping[str, str],
    refusal: RefusedError | None,
) -> Response[Any]:
    status = RoundStatus.DRAFT if round_ is None else RoundStatus(round_.status)
    earlier = visit.session.scalars(rounds_for(visit.actor).limit(FOLLOWED_SHOWN))
    return render(
        visit,
        "rounds/basics.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        values=values,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        rulebooks=[
            (one, f"{visit.text(title.zh, title.en)} ({one})")
            for one in round_rulebooks()
            for title in [load_rulebook(one).title]
        ],
        provinces=[(code, visit.text(*names)) for code, names in PROVINCES.items()],
        earlier=[
            (one.name, f"{one.title} ({one.name})")
            for one in earlier
            if round_ is None or one.id != round_.id
        ],
        may={part: may_change(part, status) for part in Part},
    )


ROUTES = (new_round, begin_round, show_basics, save_basics)
"""Handlers of these pages."""
