"""The collusion screens, for evaluators of the lead bureau and nobody else."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from bidding.screens import Answer
from procurement.awards.evaluation import current_report
from procurement.awards.pages.screened import RATE, screen
from procurement.awards.pages.words import SCREEN_WORDS, SUBJECT_WORDS, say
from procurement.bids.at_edge import round_for
from procurement.permissions import Action
from procurement.web import Visit, reads, render

ANSWER_WORDS = {
    Answer.FLAGGED: ("提示查看", "look at it"),
    Answer.NOT_FLAGGED: ("未提示", "not flagged"),
    Answer.NOT_ASSESSABLE: ("无法判断", "not assessable"),
}


@get("/rounds/{name:str}/screens", include_in_schema=False)
@reads
def show_screens(visit: Visit, name: FromPath[str]) -> Response[Any]:
    """Show what the screens answer, in their own order and never by figure."""
    round_ = round_for(visit, name, Action.READ_SCREENS)
    report = current_report(visit.session, round_id=round_.id)
    results, draws, seed = ((), 0, 0) if report is None else screen(report)
    wanted = visit.query.get("answer", "")
    shown = [one for one in results if not wanted or one.answer == wanted]
    return render(
        visit,
        "awards/screens.html",
        round=round_,
        report=report,
        results=shown,
        total=len(results),
        flagged=sum(one.answer is Answer.FLAGGED for one in results),
        rate=RATE,
        draws=draws,
        seed=seed,
        answer_words={key: say(pair, visit.language) for key, pair in ANSWER_WORDS.items()},
        screen_words={key: say(pair, visit.language) for key, pair in SCREEN_WORDS.items()},
        subject_words={key: say(pair, visit.language) for key, pair in SUBJECT_WORDS.items()},
    )


ROUTES = (show_screens,)
"""Handlers of this page."""
