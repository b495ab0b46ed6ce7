"""Evaluation by the rules in force, the notice, and an objection that is answered."""

from datetime import datetime, timedelta

from procurement.awards.announcing import announce
from procurement.awards.answering import NewAnswer, answer_objection
from procurement.awards.evaluation import evaluate_round
from procurement.awards.objections import NewObjection, NoticeOverError, file_objection
from procurement.awards.states import Verdict
from procurement.cli.demo_platform.cast import BUREAU, LOSER, maker
from procurement.cli.demo_platform.scene import Scene
from procurement.errors import InvalidInputError
from procurement.rounds.tables import Round

NOTICE_MIN, TRIES = timedelta(seconds=2), 4
"""Short, so that nobody waits; how long a notice lasts no source at hand states."""


def evaluate(scene: Scene, round_: Round) -> None:
    """Apply the rules to the opened bids.

    The example has no equal prices on which a place depends, and asks nobody anything: no second
    answers are called for, and no tie is settled.
    """
    evaluate_round(scene.session, round_=round_, moment=scene.moment)


def announce_selection(scene: Scene, round_: Round) -> None:
    """Put the selection on notice; a firm that lost objects, and is answered; the notice ends.

    The notice must not have ended before the objection is filed; a slow machine gets a longer one.

    Raises:
        QuestionsOpenError: The example asks something after all.
        RefusedError: The machine is too slow even for the longest notice.
    """
    lasts = NOTICE_MIN
    for attempt in range(1, TRIES + 1):
        try:
            with scene.session.begin_nested():
                closes_at = _announce(scene, round_, lasts)
            break
        except (InvalidInputError, NoticeOverError):
            if attempt == TRIES:
                raise
            lasts *= 3
    scene.wait_for(closes_at)


def _announce(scene: Scene, round_: Round, lasts: timedelta) -> datetime:
    moment = scene.moment
    notice = announce(
        scene.session,
        round_=round_,
        closes_at=moment + lasts,
        actor=scene.actor(BUREAU),
        moment=moment,
    )
    _object(scene, round_)
    return notice.closes_at


def _object(scene: Scene, round_: Round) -> None:
    actor = scene.actor(maker(LOSER))
    (lot,) = {bid.lot for bid in scene.example.bids if bid.manufacturer == LOSER}
    objection = file_objection(
        scene.session,
        round_=round_,
        objection=NewObjection(
            text="请说明本企业产品单位可比价的换算过程和未中选的依据。",
            signed_by=actor.name,
            lot=lot,
        ),
        actor=actor,
        folder=scene.settings.data,
        moment=scene.moment,
    )
    answer_objection(
        scene.session,
        round_=round_,
        objection=objection,
        answer=NewAnswer(
            verdict=Verdict.REJECTED,
            text="换算、名次、所依条款和须报价格均列于未中选告知书，可据以自行复算；评审结果不变。",
        ),
        actor=scene.actor(BUREAU),
        moment=scene.moment,
    )
