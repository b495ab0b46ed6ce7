"""Publishing a round: from here on its rules, lots, dates and keyholders are frozen."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.database import text_digest
from procurement.notices import notify
from procurement.rounds.drafting import regions_of
from procurement.rounds.participants import Participant, participants_of
from procurement.rounds.progress import set_status
from procurement.rounds.proposals import StepDecision, StepKind, StepRequest
from procurement.rounds.readiness import Check, CheckRound, publication_checks
from procurement.rounds.rules import DATE_NAMES
from procurement.rounds.sheet import facts_of
from procurement.rounds.tables import ParticipantPart, Round, RoundStatus, Step
from procurement.rounds.telling import tell_manufacturers
from rulebooks import Bilingual, load_rulebook

Contents = Callable[[Session, Round], Mapping[str, object]]


def no_contents(session: Session, round_: Round) -> Mapping[str, object]:
    """Add nothing to what two officers confirm."""
    return {}


def nothing_more(session: Session, decision: StepDecision) -> None:
    """Do nothing more at publication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationPart:
    """What another stage adds to the publication of a round.

    The document's stage adds its text and freezes it; the stage of bids adds the manifest, and
    lets no round go live whose rehearsal envelope did not open.

    Attributes:
        name: Of the part; what it adds to the confirmed text stands under this name.
        checks: Points without which the round may not be published.
        contents: What is confirmed besides: digests and figures that JSON can hold, the same for
            the same state of the database.
        carry_out: What is done at the publication, after the round is frozen and published.
    """

    name: str
    checks: CheckRound
    contents: Contents = no_contents
    carry_out: Callable[[Session, StepDecision], None] = nothing_more


def publish_step(parts: Sequence[PublicationPart] = ()) -> StepKind:
    """Make the step that publishes a round.

    Args:
        parts: What other stages add, in the order in which they are carried out.
    """

    def checks(session: Session, request: StepRequest) -> Iterable[Check]:
        return all_checks(session, request.round_, request.moment, parts)

    def content(session: Session, request: StepRequest) -> str:
        return publication_content(session, round_=request.round_, parts=parts)

    def carry_out(session: Session, decision: StepDecision) -> None:
        publish_round(
            session,
            round_=decision.round_,
            person_id=decision.actor.person_id,
            second_person_id=decision.proposal.proposed_by,
            moment=decision.moment,
        )
        for part in parts:
            part.carry_out(session, decision)
        title = decision.round_.title
        tell_manufacturers(
            session,
            round_=decision.round_,
            said=Bilingual(
                f"“{title}”采购文件已发布。", f"The procurement document of “{title}” is published."
            ),
            moment=decision.moment,
            key=f"document-published-{decision.round_.id}",
        )

    return StepKind(
        step=Step.PUBLISH,
        sentence=_sentence,
        content=content,
        carry_out=carry_out,
        checks=checks,
    )


def all_checks(
    session: Session, round_: Round, moment: datetime, parts: Sequence[PublicationPart]
) -> Iterator[Check]:
    """Look at everything before a publication: this stage's points, then those of the parts."""
    yield from publication_checks(session, round_, moment)
    for part in parts:
        yield from part.checks(session, round_, moment)


def publication_content(
    session: Session, *, round_: Round, parts: Sequence[PublicationPart] = ()
) -> str:
    """Return what two officers confirm, as one canonical text.

    Args:
        session: Any session.
        round_: The round.
        parts: What other stages add.
    """
    content = {
        "round": round_.name,
        "title": round_.title,
        "rulebook": round_.rulebook,
        "rulebook_digest": load_rulebook(round_.rulebook).digest,
        "is_inquiry": round_.is_inquiry,
        "regions": list(regions_of(session, round_id=round_.id)),
        "timetable": {
            name: None if (at := getattr(round_, name)) is None else at.isoformat()
            for name in DATE_NAMES
        },
        "outage_shift_minutes": round_.outage_shift_minutes,
        "quorum": round_.quorum,
        "keyholders": _named(session, round_, ParticipantPart.KEYHOLDER),
        "observers": _named(session, round_, ParticipantPart.OBSERVER),
        "facts": facts_of(session, round_=round_),
        "parts": {part.name: dict(part.contents(session, round_)) for part in parts},
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _named(session: Session, round_: Round, part: ParticipantPart) -> list[dict[str, object]]:
    def described(one: Participant) -> dict[str, object]:
        organisation = one.organisation
        return {
            "seat": one.seat,
            "organisation": organisation.id,
            "name": organisation.name,
            "credit_code": organisation.credit_code,
        }

    return [described(one) for one in participants_of(session, round_id=round_.id, part=part)]


def publish_round(
    session: Session,
    *,
    round_: Round,
    person_id: int | None,
    second_person_id: int | None,
    moment: datetime,
) -> Round:
    """Freeze the facts and the rulebook's digest of a round, and publish it.

    The checks were made by the step; this only refuses what the table of transitions and the rule
    of four eyes refuse.

    Args:
        session: Session of the caller's transaction.
        round_: The round.
        person_id: The officer who confirmed.
        second_person_id: The officer who had proposed.
        moment: When.

    Raises:
        InvalidTransitionError: The round does not stand before its publication.
        FourEyesError: The officers are not two different ones.
    """
    freeze_facts(session, round_=round_)
    round_.rulebook_digest = load_rulebook(round_.rulebook).digest
    set_status(
        session,
        round_=round_,
        status=RoundStatus.PUBLISHED,
        moment=moment,
        person_id=person_id,
        second_person_id=second_person_id,
    )
    for part in ParticipantPart:
        for one in participants_of(session, round_id=round_.id, part=part):
            notify(
                session,
                organisation_id=one.organisation.id,
                zh=f"“{round_.title}”采购文件已发布。",
                en=f"The procurement document of “{round_.title}” is published.",
                link=f"/rounds/{round_.name}",
                moment=moment,
                key=f"published-{round_.id}",
            )
    return round_


def freeze_facts(session: Session, *, round_: Round) -> str:
    """Write the round's facts as they stand; at its publication, and by a confirmed amendment.

    Returns:
        The digest of the facts.
    """
    facts = facts_of(session, round_=round_)
    round_.facts = facts
    round_.facts_digest = text_digest(facts)
    session.flush()
    return round_.facts_digest


def _sentence(session: Session, request: StepRequest) -> Bilingual:
    title = request.round_.title
    return Bilingual(
        f"“{title}”的采购文件将向社会公布；规则、品种、最高有效申报价、时间安排和密钥持有人自此固定，"
        "只能以编号的修改通知变更。",
        f"The procurement document of “{title}” will be public; its rules, lots, ceilings, dates "
        "and keyholders are fixed from then on and change by numbered amendments only.",
    )
