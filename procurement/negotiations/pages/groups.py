"""A group's own copy, its result, and the chair's reconciliation: each for its people only."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from procurement.bids.at_edge import secret_key
from procurement.errors import RefusedError
from procurement.negotiations.at_edge import (
    Reader,
    about,
    done_or_shown,
    dossier_for,
    one_of,
    shown,
)
from procurement.negotiations.dossiers.steps import address_of
from procurement.negotiations.errors import CalculationSealedError
from procurement.negotiations.groups.calculating import DRAWS_MAX
from procurement.negotiations.groups.models import WORKED_IN, begin_copy, newest_copy, write_copy
from procurement.negotiations.groups.policies import POLICY_WORDS
from procurement.negotiations.groups.reconciling import Step, reconcile, signed_results, steps_of
from procurement.negotiations.groups.results import (
    ResultView,
    compute_result,
    newest_result,
    sign_result,
)
from procurement.negotiations.kinds import PART_WORDS, DossierStatus, Group, Part
from procurement.negotiations.outputs.limits import KINDS
from procurement.negotiations.people_names import names_of
from procurement.negotiations.sessions.sealing import seal_maximum_price
from procurement.negotiations.subjects import require_member
from procurement.negotiations.tables import Dossier
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import attempt
from procurement.web import RowId, Visit, reads, writes

_BASE = "/negotiations/{campaign:str}/dossiers/{dossier_id:int}"
_GROUP = f"{_BASE}/groups/{{group:str}}"
_FILE = "file:"


def group_for(visit: Visit, campaign: str, dossier_id: int, group: str) -> tuple[Dossier, Group]:
    """Return a dossier for a member of one of its groups; for anybody else there is none.

    Raises:
        NotPermittedError: Nobody is signed in.
        NotFoundForActorError: No such dossier or group, or not a member of it.
        NotDeclaredError: No interest declared yet.
    """
    if group not in tuple(Group):
        raise NotFoundForActorError
    found = Group(group)
    dossier = dossier_for(visit, campaign, dossier_id, Action.USE_GROUP_MODEL, parts=(found.part,))
    require_member(visit.session, dossier, actor=visit.actor, part=found.part)
    return dossier, found


def chair_for(visit: Visit, campaign: str, dossier_id: int) -> Dossier:
    """Return a dossier for its chair; for anybody else there is none."""
    dossier = dossier_for(
        visit, campaign, dossier_id, Action.RECONCILE_CEILINGS, parts=(Part.CHAIR,)
    )
    require_member(visit.session, dossier, actor=visit.actor, part=Part.CHAIR)
    return dossier


@get(_GROUP, include_in_schema=False)
@reads
def show_group(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, group: FromPath[str]
) -> Response[Any]:
    """Show a group's copy and result."""
    dossier, found = group_for(visit, campaign, dossier_id, group)
    return _group(visit, dossier, found, None)


@post(f"{_GROUP}/copy", include_in_schema=False)
@writes
def copy_model(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, group: FromPath[str]
) -> Response[Any]:
    """Copy the maker's calculation file for a group."""
    dossier, found = group_for(visit, campaign, dossier_id, group)
    return done_or_shown(
        visit,
        lambda: begin_copy(
            visit.session,
            dossier=dossier,
            group=found,
            actor=visit.actor,
            secret_key=secret_key(visit),
            moment=visit.moment,
        ),
        f"{address_of(dossier)}/groups/{group}",
        lambda refusal: _group(visit, dossier, found, refusal),
    )


@post(f"{_GROUP}/model", include_in_schema=False, request_max_body_size=16 * 2**20)
@writes
def save_model(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, group: FromPath[str]
) -> Response[Any]:
    """Write the next version of a group's copy."""
    dossier, found = group_for(visit, campaign, dossier_id, group)

    def change() -> None:
        reader = Reader(visit.form)
        files = {
            name.removeprefix(_FILE): visit.form[name].replace("\r\n", "\n") + "\n"
            for name in visit.form
            if name.startswith(_FILE)
        }
        write_copy(
            visit.session,
            dossier=dossier,
            group=found,
            files=files,
            note=reader.long_text("note"),
            number=reader.version,
            actor=visit.actor,
            secret_key=secret_key(visit),
            moment=visit.moment,
        )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/groups/{group}",
        lambda refusal: _group(visit, dossier, found, refusal),
    )


@post(f"{_GROUP}/result", include_in_schema=False)
@writes
def compute(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, group: FromPath[str]
) -> Response[Any]:
    """Compute a group's result from its copy as it stands."""
    dossier, found = group_for(visit, campaign, dossier_id, group)

    def change() -> None:
        reader = Reader(visit.form)
        draws, seed = reader.whole("draws"), reader.whole("seed")
        with reader.checked():
            compute_result(
                visit.session,
                dossier=dossier,
                group=found,
                draws=draws or 0,
                seed=-1 if seed is None else seed,
                actor=visit.actor,
                secret_key=secret_key(visit),
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/groups/{group}",
        lambda refusal: _group(visit, dossier, found, refusal),
    )


@post(f"{_GROUP}/signature", include_in_schema=False)
@writes
def sign(
    visit: Visit, campaign: FromPath[str], dossier_id: RowId, group: FromPath[str]
) -> Response[Any]:
    """Sign a group's result."""
    dossier, found = group_for(visit, campaign, dossier_id, group)
    return done_or_shown(
        visit,
        lambda: sign_result(
            visit.session,
            dossier=dossier,
            group=found,
            digest=visit.form.get("digest", ""),
            actor=visit.actor,
            secret_key=secret_key(visit),
            moment=visit.moment,
        ),
        f"{address_of(dossier)}/groups/{group}",
        lambda refusal: _group(visit, dossier, found, refusal),
    )


def _group(
    visit: Visit, dossier: Dossier, group: Group, refusal: RefusedError | None
) -> Response[Any]:
    key = secret_key(visit)
    copy, result, sealed = None, None, False
    try:
        copy = newest_copy(visit.session, dossier=dossier, group=group, secret_key=key)
        result = newest_result(visit.session, dossier=dossier, group=group, secret_key=key)
    except CalculationSealedError:
        sealed = True
    people = [] if result is None else [*result.signed_by, *result.missing]
    typed = {name.removeprefix(_FILE): visit.form[name] for name in visit.form if _FILE in name}
    return shown(
        visit,
        "group.html",
        refusal,
        **about(visit, dossier),
        group=group,
        group_name=visit.text(*PART_WORDS[group.part]),
        kinds={kind: visit.text(said.zh, said.en) for kind, said in KINDS.items()},
        copy=copy,
        files={} if copy is None else {**copy.files, **typed},
        result=result,
        names=names_of(visit.session, people),
        is_sealed=sealed,
        may_work=not sealed and dossier.status in WORKED_IN,
        draws_max=DRAWS_MAX,
        has_signed=result is not None and visit.actor.person_id in result.signed_by,
    )


@get(f"{_BASE}/chair", include_in_schema=False)
@reads
def show_chair(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Show both groups' signed results, the steps of reconciliation, and the sealing."""
    return _chair(visit, chair_for(visit, campaign, dossier_id), None)


@post(f"{_BASE}/chair", include_in_schema=False)
@writes
def take_step(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Reconcile the two results by a policy."""
    dossier = chair_for(visit, campaign, dossier_id)

    def change() -> None:
        reader = Reader(visit.form)
        policy = one_of(tuple(POLICY_WORDS), reader.text("policy"), "policy")
        weight = reader.decimal("weight")
        with reader.checked():
            reconcile(
                visit.session,
                dossier=dossier,
                policy=policy,
                weight=weight,
                reason=reader.long_text("reason"),
                actor=visit.actor,
                secret_key=secret_key(visit),
                moment=visit.moment,
            )

    return done_or_shown(
        visit,
        change,
        f"{address_of(dossier)}/chair",
        lambda refusal: _chair(visit, dossier, refusal),
    )


@post(f"{_BASE}/seal", include_in_schema=False)
@writes
def seal(visit: Visit, campaign: FromPath[str], dossier_id: RowId) -> Response[Any]:
    """Seal the maximum payable price."""
    dossier = chair_for(visit, campaign, dossier_id)
    refusal = attempt(
        visit,
        lambda: seal_maximum_price(
            visit.session,
            dossier=dossier,
            actor=visit.actor,
            secret_key=secret_key(visit),
            moment=visit.moment,
        ),
    )
    return _chair(visit, dossier, refusal)


def _chair(visit: Visit, dossier: Dossier, refusal: RefusedError | None) -> Response[Any]:
    key = secret_key(visit)
    results: dict[Group, ResultView] = {}
    steps: list[Step] = []
    sealed = False
    try:
        results = signed_results(visit.session, dossier=dossier, secret_key=key)
        steps = list(steps_of(visit.session, dossier=dossier, secret_key=key))
    except CalculationSealedError:
        sealed = True
    return shown(
        visit,
        "chair.html",
        refusal,
        **about(visit, dossier),
        results=results,
        steps=steps,
        is_sealed=sealed,
        policies=[(key, visit.text(*words)) for key, words in POLICY_WORDS.items()],
        policy_words={key: visit.text(*words) for key, words in POLICY_WORDS.items()},
        group_words={one.value: visit.text(*PART_WORDS[one.part]) for one in Group},
        may_work=not sealed and dossier.status in WORKED_IN,
        may_seal=bool(steps) and dossier.status == DossierStatus.SCHEDULED,
    )


ROUTES = (
    show_group,
    copy_model,
    save_model,
    compute,
    sign,
    show_chair,
    take_step,
    seal,
)
"""Handlers of these pages."""
