"""Pages: who holds the keys of a round, and who observes it."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.accounts.organisations.service import organisation_with_code
from procurement.accounts.tables import Organisation
from procurement.errors import FieldFault, RefusedError
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
from procurement.rounds.participants import (
    may_hold_keys,
    may_observe,
    participants_of,
    set_keyholders,
    set_observers,
)
from procurement.rounds.rules import Part, may_change
from procurement.rounds.rules.keyholders import HOLDERS_MAX
from procurement.rounds.tables import ParticipantPart, Round, RoundStatus
from procurement.web import Visit, reads, redirect, render, writes

SEATS_SHOWN = 7


@get("/rounds/{name:str}/keyholders", include_in_schema=False)
@reads
def show_keyholders(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show keyholders and observers, to be chosen."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    seated = participants_of(visit.session, round_id=round_.id, part=ParticipantPart.KEYHOLDER)
    observing = participants_of(visit.session, round_id=round_.id, part=ParticipantPart.OBSERVER)
    values = filled_form(
        {
            **{f"seat-{one.seat}": (str(one.organisation.id),) for one in seated},
            "quorum": (str(round_.quorum or ""),),
            "observers": tuple(str(one.organisation.id) for one in observing),
        }
    )
    return _page(visit, round_, values, None)


@post("/rounds/{name:str}/keyholders", include_in_schema=False)
@writes
def save_keyholders(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Name keyholders and observers."""
    round_, _ = round_for(visit, name, Action.CHANGE_ROUND)
    reader = FormReader(visit.form)
    holders, observers = _seats(visit, reader), _ids(visit.form.all("observers"))
    quorum = reader.whole("quorum")

    def change() -> None:
        version = reader.version
        with reader.checked():
            set_keyholders(
                visit.session,
                round_=round_,
                organisation_ids=holders,
                quorum=quorum,
                version=version,
                actor=visit.actor,
                moment=visit.moment,
            )
        set_observers(
            visit.session,
            round_=round_,
            organisation_ids=observers,
            version=round_.version,
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _page(visit, round_, visit.form, refusal)
    return redirect(f"/rounds/{name}/draft")


def _seats(visit: Visit, reader: FormReader) -> list[int]:
    """The chosen organisations by seat; one may also be named by its credit code."""
    chosen = []
    for seat in range(1, HOLDERS_MAX + 1):
        code = reader.text(f"code-{seat}").upper()
        if code:
            found = organisation_with_code(visit.session, credit_code=code)
            if found is None:
                zh, en = "没有登记这个信用代码的机构。", "No organisation has this credit code."
                reader.faults.append(FieldFault(f"code-{seat}", zh, en))
            else:
                chosen.append(found.id)
        else:
            chosen += _ids(reader.form.all(f"seat-{seat}"))
    return chosen


def _ids(texts: tuple[str, ...]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def _page(
    visit: Visit, round_: Round, values: Mapping[str, str], refusal: RefusedError | None
) -> Response[Any]:
    offered = {one.id: one for one in may_hold_keys(visit.session)}
    seated = participants_of(visit.session, round_id=round_.id, part=ParticipantPart.KEYHOLDER)
    offered |= {one.organisation.id: one.organisation for one in seated}
    return render(
        visit,
        "rounds/keyholders.html",
        status=200 if refusal is None else status_of(refusal),
        round=round_,
        values=values,
        faults=faults_of(refusal),
        refusal=whole_of(refusal),
        holders=_options(list(offered.values())),
        observers=_options(list(may_observe(visit.session))),
        seats=range(1, min(HOLDERS_MAX, max(SEATS_SHOWN, len(seated) + 2)) + 1),
        is_open=may_change(Part.PARTICIPANTS, RoundStatus(round_.status)),
    )


def _options(organisations: list[Organisation]) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in organisations]


ROUTES = (show_keyholders, save_keyholders)
"""Handlers of these pages."""
