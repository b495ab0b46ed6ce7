"""Durable work of this stage: the evaluation of an opened round."""

from collections.abc import Mapping

from procurement.awards.evaluation import (
    EVALUATE_ROUND_JOB,
    EVALUATED_IN,
    NotEvaluableError,
    answers_are_opened,
    evaluate_round,
)
from procurement.jobs import Handler, JobRun
from procurement.notices import notify
from procurement.rounds.tables import Round


def evaluate_opened(run: JobRun) -> None:
    """Evaluate a round whose bids or second answers were opened, or that the bureau answered for.

    One transaction: after a crash it is done again from the start. A round that has gone on, as
    when it was cancelled or bidders are being asked, is left as it is. Where the rules cannot be
    applied the bureau is told, and asks again once it mended what is missing.
    """
    run.progress(0, 1)
    try:
        _evaluate(run)
    except NotEvaluableError as refusal:
        _tell_bureau(run, refusal)


def _evaluate(run: JobRun) -> None:
    with run.transaction() as session:
        round_ = session.get_one(Round, _round_id(run))
        if round_.status in EVALUATED_IN and answers_are_opened(session, round_id=round_.id):
            evaluate_round(session, round_=round_, moment=run.moment())
        run.progress(1, 1, session=session)


def _tell_bureau(run: JobRun, refusal: NotEvaluableError) -> None:
    with run.transaction() as session:
        round_ = session.get_one(Round, _round_id(run))
        if round_.bureau_id is None:
            return
        notify(
            session,
            organisation_id=round_.bureau_id,
            zh=f"“{round_.title}”：{refusal.zh}",
            en=f"“{round_.title}”: {refusal.en}",
            link=f"/rounds/{round_.name}/evaluation",
            moment=run.moment(),
            key=f"not-evaluable {run.job_id}",
        )


def _round_id(run: JobRun) -> int:
    return int(str(run.payload["round_id"]))


HANDLERS: Mapping[str, Handler] = {EVALUATE_ROUND_JOB: evaluate_opened}
"""Who carries out which kind of job."""
