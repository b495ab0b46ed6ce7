"""From the draft document to its publication: comments, keys, rehearsal, four eyes."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bidding.sealing import HolderKey, Manifest, post_shares
from bidding.sealing.signing import sign_document
from procurement.bids.keyholders import checks as bids_checks
from procurement.bids.keyholders.holder_proof import HolderStatement
from procurement.bids.keyholders.keys import hand_over_keys
from procurement.bids.keyholders.manifests import write_manifest
from procurement.bids.keyholders.rehearsals import (
    post_rehearsal_share,
    rehearsal_documents,
    start_rehearsal,
)
from procurement.cli.demo_platform.cast import (
    ADMITTED,
    BUREAU,
    HOSPITAL,
    KEYHOLDERS,
    maker,
)
from procurement.cli.demo_platform.drafting import advance, move_dates
from procurement.cli.demo_platform.four_eyes import by_two
from procurement.cli.demo_platform.scene import Scene
from procurement.rounds.document import steps as document_steps
from procurement.rounds.document.amendment import Amendment
from procurement.rounds.document.comments import answer_comment, comment
from procurement.rounds.document.versions import make_draft
from procurement.rounds.hooks import make_hooks
from procurement.rounds.proposals import StepRequest, propose_step
from procurement.rounds.readiness import NotReadyError
from procurement.rounds.rules import Timetable
from procurement.rounds.scheduling import timetable_of
from procurement.rounds.tables import Round, RoundStatus, Step
from procurement.timetable.service import advance as advance_by_clock
from procurement.volumes import steps as volumes_steps

HOOKS = make_hooks(
    publication=(
        document_steps.publication_part(),
        volumes_steps.PUBLICATION,
        bids_checks.PUBLICATION,
    )
)
"""What stages add to a publication: those of the application, which the command line need not load
with all its pages; a test compares the two."""

SOON = timedelta(milliseconds=300)
FIRST_MARGIN = timedelta(seconds=2)
TRIES = 4

COMMENTS = (
    (maker(ADMITTED), "请明确申报截止后收到的申报信息如何处理。", True, "采纳：逾期一律书面拒收。"),
    (HOSPITAL, "建议明确约定采购量按规格折算的口径。", False, "未采纳：规格折算按规则所列公式。"),
)
"""Who comments on the draft, with what, whether it is adopted, and the answer."""


def open_comments(scene: Scene, round_: Round) -> None:
    """Put a draft of the document on record and open it; take comments and answer them."""
    officer = scene.actor(BUREAU)
    draft = make_draft(scene.session, round_=round_, actor=officer, moment=scene.moment)
    advance(scene, round_, RoundStatus.COMMENTS)
    for author, text, is_adopted, answer in COMMENTS:
        made = comment(
            scene.session,
            round_=round_,
            version=draft,
            clause="",
            text=text,
            actor=scene.actor(author),
            moment=scene.moment,
        )
        answer_comment(
            scene.session,
            round_=round_,
            comment_id=made.id,
            is_adopted=is_adopted,
            text=answer,
            actor=officer,
            moment=scene.moment,
        )


def hand_over(scene: Scene, round_: Round, keys: Sequence[HolderKey]) -> None:
    """Let every keyholder hand the public halves of its key over, in the order of the seats."""
    for seat, (holder, key) in enumerate(zip(KEYHOLDERS, keys, strict=True), start=1):
        hand_over_keys(
            scene.session,
            round_=round_,
            actor=scene.actor(holder),
            statement=_statement(key, round_.name, seat),
            moment=scene.moment,
        )


def _statement(key: HolderKey, round_name: str, seat: int) -> HolderStatement:
    unsigned = HolderStatement(
        suite_name=key.suite_name,
        round_name=round_name,
        seat=seat,
        sealing_key=key.sealing_pair.public,
        signing_key=key.signing_key.public,
    )
    signature = sign_document(
        unsigned.unsigned(), key=key.signing_key, random_bytes=secrets.token_bytes
    )
    return replace(unsigned, signature=signature)


def rehearse(scene: Scene, round_: Round, keys: Sequence[HolderKey]) -> None:
    """Seal an envelope without a bid, and let all keyholders open it."""
    rehearsal = start_rehearsal(
        scene.session,
        round_=round_,
        actor=scene.actor(BUREAU),
        secret_key=scene.secret_key,
        moment=scene.moment,
    )
    manifest, envelope = rehearsal_documents(rehearsal)
    for seat, (holder, key) in enumerate(zip(KEYHOLDERS, keys, strict=True), start=1):
        posting = post_shares(
            manifest,
            envelopes=[envelope],
            seat=seat,
            key=key,
            moment=scene.moment,
            random_bytes=secrets.token_bytes,
        )
        post_rehearsal_share(
            scene.session,
            round_=round_,
            actor=scene.actor(holder),
            post=posting.to_bytes(),
            moment=scene.moment,
        )


def publish(scene: Scene, round_: Round, *, lasts: timedelta | None = None) -> Manifest:
    """Publish by two officers, sign the manifest, and let bidding open by the clock.

    Bidding must not have opened when the second officer confirms; a slow machine gets a later
    moment.

    Args:
        scene: The set-up.
        round_: A round whose document was open to comments.
        lasts: How long bids are taken, and opened soon after; as the round's dates say if None.

    Returns:
        The manifest in force.

    Raises:
        NotReadyError: The machine is too slow even for the last moment, or a point is not met.
    """
    margin = FIRST_MARGIN
    for attempt in range(1, TRIES + 1):
        dates = move_dates(scene, round_, partial(_comments_end, round_, margin, lasts))
        scene.wait_for(dates.comments_close_at)
        try:
            with scene.session.begin_nested():
                by_two(scene, round_, HOOKS.steps[Step.PUBLISH])
            break
        except NotReadyError:
            if attempt == TRIES:
                raise
            margin *= 3
    manifest = write_manifest(
        scene.session,
        round_=round_,
        actor=scene.actor(BUREAU, 1),
        secret_key=scene.secret_key,
        moment=scene.moment,
    )
    scene.wait_for(round_.bidding_opens_at)
    advance_by_clock(scene.session, round_id=round_.id, secret_key=scene.secret_key)
    return manifest


def _comments_end(
    round_: Round, margin: timedelta, lasts: timedelta | None, moment: datetime
) -> Timetable:
    over = moment + SOON
    opens = over + margin
    dates = replace(timetable_of(round_), comments_close_at=over, bidding_opens_at=opens)
    if lasts is None:
        return dates
    return replace(dates, closes_at=opens + lasts, opens_at=opens + lasts + SOON)


def propose_amendment(scene: Scene, round_: Round) -> None:
    """Propose to close a day later; the second officer finds it waiting for him."""
    dates = {
        name: at + timedelta(days=1)
        for name in ("closes_at", "opens_at")
        if (at := getattr(round_, name)) is not None
    }
    officer = scene.actor(BUREAU)
    written = document_steps.write_amendment_draft(
        scene.session,
        round_=round_,
        amendment=Amendment(reason="应申报企业要求，申报时间延长一天。", dates=dates),
        actor=officer,
        moment=scene.moment,
    )
    propose_step(
        scene.session,
        kind=document_steps.amend_step(),
        request=StepRequest(round_=round_, about=str(written.id), moment=scene.moment),
        actor=officer,
    )


def close_reporting(scene: Scene, round_: Round) -> None:
    """Move the end of volume reporting to now, and wait for it."""

    def dated(moment: datetime) -> Timetable:
        timetable = timetable_of(round_)
        # Reporting may have been opened for a moment that is still ahead.
        opens_at = timetable.volume_opens_at or moment
        return replace(timetable, volume_closes_at=max(moment, opens_at) + SOON)

    scene.wait_for(move_dates(scene, round_, dated).volume_closes_at)
