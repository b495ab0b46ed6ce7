"""Distributors and agreements: made for all hospitals, signed as far as somebody of them acts."""

from collections.abc import Mapping
from datetime import date

from procurement.accounts.tables import Organisation
from procurement.agreements.distributors import (
    answer_nomination,
    choose_only_distributors,
    nominate_distributor,
    supplied_regions,
)
from procurement.agreements.making import finish, make_region, prepare, regions_of
from procurement.agreements.signing import Wanted, sign_agreements, signable
from procurement.agreements.states import Party, TermKind
from procurement.agreements.tables import AgreementTerm
from procurement.agreements.terms import TermFacts, start_term, year_from
from procurement.awards.fixing import awarded_bids
from procurement.cli.demo_platform.cast import (
    BUREAU,
    DISTRIBUTORS,
    HOSPITAL,
    MARK,
    OTHER_HOSPITAL,
    SEALED,
    Institution,
    maker,
)
from procurement.cli.demo_platform.scene import Scene
from procurement.rounds.tables import Round

DELIVERS, ASKED = DISTRIBUTORS
"""The first delivers wherever a hospital signs; the second is asked by one winner, and has still
to answer."""

NOMINATED_IN: Mapping[str, Institution] = {"310000": OTHER_HOSPITAL, "340000": HOSPITAL}
"""Regions for which winners nominate a distributor, with the hospital that chooses it."""


def agree(scene: Scene, round_: Round, *, first_day: date) -> None:
    """Nominate distributors, make the agreements of the first year, sign those of one hospital.

    One hospital and its suppliers sign; another one has chosen its distributor and still to sign;
    the rest has still to choose.

    Args:
        scene: The set-up.
        round_: A round whose regions are chosen.
        first_day: Of the first procurement year.
    """
    winners = _winners(scene, round_)
    for number, winner in enumerate(winners, start=1):
        _nominate(scene, round_, winner)
        scene.progress.part(number, 2 * len(winners))
    term = _make(scene, round_, first_day)
    for hospital in NOMINATED_IN.values():
        choose_only_distributors(
            scene.session,
            round_=round_,
            term=term,
            hospital_id=scene.organisation(hospital).id,
            actor=scene.actor(hospital),
            moment=scene.moment,
        )
    _sign(scene, round_, term, Party.HOSPITAL, HOSPITAL)
    for winner in winners:
        _sign(scene, round_, term, Party.MANUFACTURER, winner)
    _sign(scene, round_, term, Party.DISTRIBUTOR, DELIVERS)


def _winners(scene: Scene, round_: Round) -> list[Institution]:
    """All manufacturers of which a bid won, by name."""
    names = {
        scene.session.get_one(Organisation, bid.organisation_id).name.removesuffix(MARK)
        for bid, _lot in awarded_bids(scene.session, round_id=round_.id)
    }
    return [maker(name) for name in sorted(names)]


def _nominate(scene: Scene, round_: Round, winner: Institution) -> None:
    """Nominate the distributor of the demo where hospitals of the demo choose one."""
    supplied = supplied_regions(
        scene.session, round_=round_, organisation_id=scene.organisation(winner).id
    )
    for region in supplied:
        if region in NOMINATED_IN:
            _ask(scene, round_, winner, region, DELIVERS, is_answered=True)
        elif winner.name == SEALED:
            _ask(scene, round_, winner, region, ASKED, is_answered=False)


def _ask(
    scene: Scene,
    round_: Round,
    winner: Institution,
    region: str,
    distributor: Institution,
    *,
    is_answered: bool,
) -> None:
    nominated = nominate_distributor(
        scene.session,
        round_=round_,
        region=region,
        distributor_id=scene.organisation(distributor).id,
        actor=scene.actor(winner),
        moment=scene.moment,
    )
    if is_answered:
        answer_nomination(
            scene.session,
            round_=round_,
            distribution_id=nominated.id,
            confirms=True,
            actor=scene.actor(distributor),
            moment=scene.moment,
        )


def _make(scene: Scene, round_: Round, first_day: date) -> AgreementTerm:
    """Make the agreements, as a worker does region by region."""
    facts = TermFacts(kind=TermKind.FIRST, starts_on=first_day, ends_on=year_from(first_day))
    term = start_term(
        scene.session,
        round_=round_,
        facts=facts,
        actor=scene.actor(BUREAU),
        moment=scene.moment,
    )
    prepare(scene.session, term=term)
    for region in regions_of(scene.session, term=term):
        make_region(scene.session, term=term, region=region)
    finish(scene.session, term=term, moment=scene.moment)
    return term


def _sign(
    scene: Scene, round_: Round, term: AgreementTerm, party: Party, signer: Institution
) -> None:
    """Sign all that can be signed, if anything can."""
    wanted = Wanted(party=party, organisation_id=scene.organisation(signer).id)
    if signable(scene.session, term=term, wanted=wanted):
        sign_agreements(
            scene.session,
            round_=round_,
            term=term,
            wanted=wanted,
            actor=scene.actor(signer),
            moment=scene.moment,
        )
