"""Drafting the rounds of the demo from the example: rules, lots, ceilings, dates, keyholders."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from procurement.cli.demo_platform.cast import BUREAU, KEYHOLDERS, OBSERVERS, QUORUM
from procurement.cli.demo_platform.catalogue import split_product
from procurement.cli.demo_platform.scene import Scene
from procurement.rounds.advancing import advance_round
from procurement.rounds.basics import Basics
from procurement.rounds.document.steps import comment_checks
from procurement.rounds.drafting import draft_round
from procurement.rounds.lot_import import import_lots
from procurement.rounds.lots import LotFacts, StrengthFacts
from procurement.rounds.open_rules import set_option
from procurement.rounds.participants import set_keyholders, set_observers
from procurement.rounds.rules import Timetable
from procurement.rounds.scheduling import change_timetable
from procurement.rounds.tables import Round, RoundStatus

Dated = Callable[[datetime], Timetable]

REGIONS = ("310000", "340000")
"""Of the example's 31 regions the two that have hospitals in the demo."""

OPTIONS: Mapping[str, object] = {
    # Equal prices go to a person: no source states the tie-breaks of the third round.
    "ranking.tie_breaks": "none",
    # The line of past use came with the eleventh round; the demo shows it.
    "reporting.minimum_share": {"as_in": "national-11"},
    "reporting.history_years": {"as_in": "national-11"},
}
"""What the example's rulebook leaves open, decided."""


def draft(
    scene: Scene, *, name: str, title: str, dated: Dated, regions: Sequence[str] = REGIONS
) -> Round:
    """Draft a round as the lead bureau's first officer does, step by step.

    Args:
        scene: The set-up.
        name: Its short name.
        title: Of its document.
        dated: Gives its dates from the present moment.
        regions: Codes of the regions that take part.

    Returns:
        A complete draft.
    """
    session, officer = scene.session, scene.actor(BUREAU)
    basics = Basics(name=name, title=title, rulebook=scene.example.rulebook, regions=tuple(regions))
    round_ = draft_round(session, actor=officer, basics=basics, moment=scene.moment)
    import_lots(
        session,
        round_=round_,
        lots=_lots(scene),
        version=round_.version,
        actor=officer,
        moment=scene.moment,
    )
    for key, raw in OPTIONS.items():
        set_option(
            session,
            round_=round_,
            key=key,
            raw=raw,
            version=round_.version,
            actor=officer,
            moment=scene.moment,
        )
    move_dates(scene, round_, dated)
    _name_participants(scene, round_)
    return round_


def _lots(scene: Scene) -> list[LotFacts]:
    return [
        LotFacts(
            code=lot.lot,
            product=lot.product,
            unit=split_product(lot.product)[2],
            dosage_form=lot.dosage_form,
            category=lot.category,
            daily_dose=lot.daily_dose,
            strengths=tuple(
                StrengthFacts(strength=one.label, ratio=one.ratio, price_ceiling=one.price_ceiling)
                for one in lot.strengths.values()
            ),
        )
        for lot in scene.example.lots
    ]


def _name_participants(scene: Scene, round_: Round) -> None:
    officer = scene.actor(BUREAU)
    set_keyholders(
        scene.session,
        round_=round_,
        organisation_ids=[scene.organisation(one).id for one in KEYHOLDERS],
        quorum=QUORUM,
        version=round_.version,
        actor=officer,
        moment=scene.moment,
    )
    set_observers(
        scene.session,
        round_=round_,
        organisation_ids=[scene.organisation(one).id for one in OBSERVERS],
        version=round_.version,
        actor=officer,
        moment=scene.moment,
    )


def move_dates(scene: Scene, round_: Round, dated: Dated) -> Timetable:
    """Set the dates of a round that is not published.

    Args:
        scene: The set-up.
        round_: The round.
        dated: Gives its dates from the present moment.

    Returns:
        The dates.
    """
    # One moment for both: on a busy machine a date just ahead may otherwise be past at the check.
    moment = scene.moment
    timetable = dated(moment)
    change_timetable(
        scene.session,
        round_=round_,
        timetable=timetable,
        version=round_.version,
        actor=scene.actor(BUREAU),
        moment=moment,
    )
    return timetable


def advance(scene: Scene, round_: Round, status: RoundStatus) -> None:
    """Bring a round to its next status, as one officer may."""
    advance_round(
        scene.session,
        round_=round_,
        status=status,
        version=round_.version,
        actor=scene.actor(BUREAU),
        moment=scene.moment,
        comment_checks=(comment_checks,),
    )
    if status == RoundStatus.VOLUME_REPORTING:
        # Hospitals report from then on, not before.
        scene.wait_for(round_.volume_opens_at)
