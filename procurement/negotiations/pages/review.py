"""Formal review, declarations of interest, expert opinions, admission, talks on record."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.errors import RefusedError
from procurement.negotiations.at_edge import (
    Reader,
    about,
    done_or_shown,
    dossier_for,
    one_of,
    shown,
)
from procurement.negotiations.campaigns.members import declare_interest, members_of
from procurement.negotiations.campaigns.service import find_campaign
from procurement.negotiations.dossiers.filing import find_dossier
from procurement.negotiations.dossiers.review import admit_dossier, review_dossier
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.experts.opinions import (
    DIMENSIONS,
    give_opinion,
    mean_scores,
    opinions_of,
)
from procurement.negotiations.experts.talks import (
    RECORDED_IN,
    NewTalk,
    answer_talk,
    find_talk,
    record_talk,
    talks_of,
)
from procurement.negotiations.kinds import (
    TALK_WORDS,
    VERDICT_WORDS,
    DossierStatus,
    Part,
    TalkKind,
    Verdict,
)
from procurement.negotiations.people_names import names_of
from procurement.negotiations.subjects import declarations, declaring_subject, dossier_subject
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action
from procurement.web import RowId, Visit, reads, writes

_BASE = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}"


@get(f"{_BASE}/review", include_in_schema=False)
@reads
def show_review(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show what the officers decide on: formal review, scores, admission."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.REVIEW_DOSSIER)
    return _review(visit, dossier, None)


@post(f"{_BASE}/review", include_in_schema=False)
@writes
def review(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """End the formal review of a dossier."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.REVIEW_DOSSIER)

    def change() -> None:
        reader = Reader(visit.form)
        verdict = one_of(tuple(Verdict), reader.text("verdict"), "verdict")
        due_at, product = reader.moment("due_at"), reader.whole("generic_product_id")
        with reader.checked():
            review_dossier(
                visit.session,
                dossier=dossier,
                verdict=verdict,
                reason=reader.long_text("reason"),
                due_at=due_at,
                generic_product_id=product if product and product < 2**31 else None,
                actor=visit.actor,
                moment=visit.moment,
            )

    return _then(visit, dossier, change, lambda refusal: _review(visit, dossier, refusal))


@post(f"{_BASE}/admission", include_in_schema=False)
@writes
def admit(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Admit a dossier to the negotiation, or not."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.REVIEW_DOSSIER)

    def change() -> None:
        reader = Reader(visit.form)
        admits = one_of(("yes", "no"), reader.text("admits"), "admits") == "yes"
        admit_dossier(
            visit.session,
            dossier=dossier,
            admits=admits,
            reason=reader.long_text("reason"),
            actor=visit.actor,
            moment=visit.moment,
        )

    return _then(visit, dossier, change, lambda refusal: _review(visit, dossier, refusal))


def _then(
    visit: Visit,
    dossier: Dossier,
    change: Callable[[], object],
    page: Callable[[RefusedError | None], Response[Any]],
) -> Response[Any]:
    return done_or_shown(visit, change, address_of(dossier), page)


def _review(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    given = opinions_of(visit.session, dossier_id=dossier.id)
    declared = declarations(visit.session, dossier_id=dossier.id)
    people = members_of(visit.session, campaign_id=dossier.campaign_id, dossier_id=dossier.id)
    return shown(
        visit,
        "review.html",
        refusal,
        **about(visit, dossier),
        verdicts=[(one.value, visit.text(*words)) for one, words in VERDICT_WORDS.items()],
        dimensions=[(key, visit.text(*words)) for key, words in DIMENSIONS.items()],
        opinions=given,
        means={key: f"{float(mean):.1f}" for key, mean in mean_scores(given).items()},
        in_review=dossier.status == DossierStatus.SUBMITTED,
        in_opinion=dossier.status == DossierStatus.PASSED,
        declared=[(one.person.name, declared.get(one.person.id)) for one in people],
    )


@get(f"{_BASE}/interest", include_in_schema=False)
@reads
def show_interest(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the declaration of interests; of the dossier only the drug and its maker."""
    return _interest(visit, _declaring(visit, campaign, dossier_id), None)


@post(f"{_BASE}/interest", include_in_schema=False)
@writes
def declare(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Declare a conflict of interest, or that there is none."""
    dossier = _declaring(visit, campaign, dossier_id)

    def change() -> None:
        reader = Reader(visit.form)
        answer = one_of(("yes", "no"), reader.text("has_conflict"), "has_conflict")
        declare_interest(
            visit.session,
            dossier=dossier,
            has_conflict=answer == "yes",
            text=reader.long_text("text"),
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/interest",
        lambda refusal: _interest(visit, dossier, refusal),
    )


def _declaring(visit: Visit, campaign: str, dossier_id: int) -> Dossier:
    visit.require_ever(Action.DECLARE_INTEREST)
    found = find_campaign(visit.session, name=campaign)
    dossier = find_dossier(visit.session, campaign=found, dossier_id=dossier_id)
    visit.require(Action.DECLARE_INTEREST, declaring_subject(visit.session, dossier))
    return dossier


def _interest(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    declared = declarations(visit.session, dossier_id=dossier.id)
    return shown(
        visit,
        "interest.html",
        refusal,
        **about(visit, dossier),
        maker=dossier.organisation.name,
        own=declared.get(visit.actor.person_id or 0),
    )


@get(f"{_BASE}/opinion", include_in_schema=False)
@reads
def show_opinion(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the reviewer's own opinion and the form of a new one."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SCORE_DOSSIER, parts=(Part.REVIEWER,))
    return _opinion(visit, dossier, None)


@post(f"{_BASE}/opinion", include_in_schema=False)
@writes
def opine(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Give an opinion."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.SCORE_DOSSIER, parts=(Part.REVIEWER,))

    def change() -> None:
        reader = Reader(visit.form)
        scores = {name: reader.whole(name) for name in DIMENSIONS}
        with reader.checked():
            give_opinion(
                visit.session,
                dossier=dossier,
                scores=scores,
                comment=reader.long_text("comment"),
                actor=visit.actor,
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/opinion",
        lambda refusal: _opinion(visit, dossier, refusal),
    )


def _opinion(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    given = opinions_of(visit.session, dossier_id=dossier.id)
    own = next((one for one in given if one.opinion.person_id == visit.actor.person_id), None)
    return shown(
        visit,
        "opinion.html",
        refusal,
        **about(visit, dossier),
        dimensions=[(key, visit.text(*words)) for key, words in DIMENSIONS.items()],
        own=own,
        may_score=dossier.status == DossierStatus.PASSED,
    )


@get(f"{_BASE}/talks", include_in_schema=False)
@reads
def show_talks(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show the talks that are on record."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.READ_DOSSIER)
    return _talks(visit, dossier, None)


@post(f"{_BASE}/talks", include_in_schema=False)
@writes
def add_talk(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Put a talk on record."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.RECORD_TALK)

    def change() -> None:
        reader = Reader(visit.form)
        kind = one_of(tuple(TalkKind), reader.text("kind"), "kind")
        held_at = reader.moment("held_at")
        with reader.checked():
            talk = NewTalk(
                kind=kind,
                held_at=held_at,
                present=reader.long_text("present"),
                text=reader.long_text("text"),
                reference_drug=reader.text("reference_drug"),
            )
            record_talk(
                visit.session,
                dossier=dossier,
                talk=talk,
                actor=visit.actor,
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/talks",
        lambda refusal: _talks(visit, dossier, refusal),
    )


@post(f"{_BASE}/talks/{{talk_id:int}}/answer", include_in_schema=False)
@writes
def answer(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, talk_id: RowId
) -> Response[Any]:
    """Say, as the maker, whether a record is agreed to."""
    dossier = dossier_for(visit, campaign, dossier_id, Action.ANSWER_TALK)
    find_talk(visit.session, dossier=dossier, talk_id=talk_id)

    def change() -> None:
        reader = Reader(visit.form)
        agrees = one_of(("yes", "no"), reader.text("agrees"), "agrees") == "yes"
        answer_talk(
            visit.session,
            dossier=dossier,
            talk_id=talk_id,
            agrees=agrees,
            text=reader.long_text("text"),
            actor=visit.actor,
            moment=visit.moment,
        )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/talks",
        lambda refusal: _talks(visit, dossier, refusal),
    )


def _talks(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    rows = talks_of(visit.session, dossier_id=dossier.id)
    subject = dossier_subject(visit.session, dossier)
    return shown(
        visit,
        "talks.html",
        refusal,
        **about(visit, dossier),
        rows=rows,
        names=names_of(visit.session, [talk.recorded_by for talk, _ in rows]),
        kinds={one.value: visit.text(*words) for one, words in TALK_WORDS.items()},
        may_record=dossier.status in RECORDED_IN and visit.may(Action.RECORD_TALK, subject),
        may_answer=visit.may(Action.ANSWER_TALK, subject),
    )


ROUTES = (
    show_review,
    review,
    admit,
    show_interest,
    declare,
    show_opinion,
    opine,
    show_talks,
    add_talk,
    answer,
)
"""Handlers of these pages."""
