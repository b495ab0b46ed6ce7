"""Distributors (配送企业): winners nominate them by region, they confirm, hospitals choose."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.errors import (
    InUseError,
    NotConfirmedError,
    NotSuppliedError,
    RegionsNotChosenError,
)
from procurement.agreements.states import (
    AGREEMENT_NAMES,
    AgreementStatus,
    DistributionStatus,
    WrongStateError,
    check_distribution,
)
from procurement.agreements.tables import Agreement, AgreementTerm, Distribution
from procurement.agreements.terms import AGREED_IN
from procurement.audit import record
from procurement.awards.evaluation import require_report
from procurement.awards.fixing import awarded_bids
from procurement.awards.regions.choosers import region_name
from procurement.errors import FieldFault, InvalidInputError
from procurement.notices import notify
from procurement.permissions import Actor, NotFoundForActorError
from procurement.rounds.progress import lock_round
from procurement.rounds.tables import Round


def supplied_regions(session: Session, *, round_: Round, organisation_id: int) -> tuple[str, ...]:
    """Return the regions in which a winner has agreed volume, by the evaluation's report."""
    own = {
        (lot.code, bid.bid)
        for bid, lot in awarded_bids(session, round_id=round_.id)
        if bid.organisation_id == organisation_id
    }
    if round_.status not in AGREED_IN or not own:
        return ()
    report = require_report(session, round_id=round_.id)
    regions = {
        one["region"]
        for lot in report.lots
        for one in lot["allocations"]
        if one["agreed_volume"] and (lot["lot"], one["bid"]) in own
    }
    return tuple(sorted(regions))


def nominate_distributor(
    session: Session,
    *,
    round_: Round,
    region: str,
    distributor_id: int,
    actor: Actor,
    moment: datetime,
) -> Distribution:
    """Nominate a distributor for a region; it is asked to confirm.

    Args:
        session: Session of the caller's transaction.
        round_: A round whose regions are chosen.
        region: In which the actor's organisation supplies.
        distributor_id: An organisation of that kind.
        actor: Of the winner.
        moment: When.

    Raises:
        RegionsNotChosenError: The round is not that far.
        NotSuppliedError: The winner has no volume there.
        InvalidInputError: The organisation distributes nothing.
        WrongStateError: It is nominated already.
    """
    lock_round(session, round_=round_)
    if round_.status not in AGREED_IN:
        raise RegionsNotChosenError
    winner_id = actor.organisation_id
    if winner_id is None or region not in supplied_regions(
        session, round_=round_, organisation_id=winner_id
    ):
        raise NotSuppliedError
    _check_distributor(session, distributor_id)
    row = _nomination(session, round_, winner_id, region, distributor_id)
    row.nominated_by, row.nominated_at = actor.person_id, moment
    session.add(row)
    session.flush()
    _note(session, round_, actor, "nominate-distributor", row, moment)
    place = region_name(region)
    notify(
        session,
        organisation_id=distributor_id,
        zh=f"{round_.title}：{actor.organisation}提名贵单位配送{place[0]}，请确认。",
        en=f"{round_.title}: {actor.organisation} nominates you as distributor in {place[1]}. "
        "Please confirm.",
        link=f"/rounds/{round_.name}/distributors",
        moment=moment,
    )
    return row


def _check_distributor(session: Session, distributor_id: int) -> None:
    one = session.get(Organisation, distributor_id)
    if one is None or one.kind != OrganisationKind.DISTRIBUTOR or not one.is_active:
        fault = FieldFault("distributor_id", "请选择配送企业。", "Choose a distributor.")
        raise InvalidInputError([fault])


def _nomination(
    session: Session, round_: Round, winner_id: int, region: str, distributor_id: int
) -> Distribution:
    """A new nomination, or an old one that was declined or withdrawn and is made again."""
    row = session.scalars(
        select(Distribution).where(
            Distribution.round_id == round_.id,
            Distribution.organisation_id == winner_id,
            Distribution.region == region,
            Distribution.distributor_id == distributor_id,
        )
    ).one_or_none()
    if row is None:
        return Distribution(
            round_id=round_.id,
            organisation_id=winner_id,
            region=region,
            distributor_id=distributor_id,
            status=DistributionStatus.NOMINATED,
        )
    check_distribution(DistributionStatus(row.status), DistributionStatus.NOMINATED)
    row.status, row.decided_by, row.decided_at = DistributionStatus.NOMINATED, None, None
    return row


def answer_nomination(
    session: Session,
    *,
    round_: Round,
    distribution_id: int,
    confirms: bool,
    actor: Actor,
    moment: datetime,
) -> Distribution:
    """Confirm or decline a nomination, as the distributor that is nominated.

    Raises:
        NotFoundForActorError: It is another distributor's.
        WrongStateError: It is answered already.
    """
    row = _locked(session, round_, distribution_id)
    if row.distributor_id != actor.organisation_id:
        raise NotFoundForActorError
    wanted = DistributionStatus.CONFIRMED if confirms else DistributionStatus.DECLINED
    check_distribution(DistributionStatus(row.status), wanted)
    row.status, row.decided_by, row.decided_at = wanted, actor.person_id, moment
    session.flush()
    _note(session, round_, actor, f"distribution-{wanted.value}", row, moment)
    notify(
        session,
        organisation_id=row.organisation_id,
        zh=f"{round_.title}：{actor.organisation}已{'确认' if confirms else '谢绝'}配送"
        f"{region_name(row.region)[0]}。",
        en=f"{round_.title}: {actor.organisation} has {wanted.value} to distribute in "
        f"{region_name(row.region)[1]}.",
        link=f"/rounds/{round_.name}/distributors",
        moment=moment,
    )
    return row


def withdraw_nomination(
    session: Session, *, round_: Round, distribution_id: int, actor: Actor, moment: datetime
) -> Distribution:
    """Withdraw a nomination that no agreement rests on, as the winner that made it.

    Raises:
        NotFoundForActorError: It is another winner's.
        InUseError: A hospital has chosen this distributor.
        WrongStateError: It is withdrawn or declined already.
    """
    row = _locked(session, round_, distribution_id)
    if row.organisation_id != actor.organisation_id:
        raise NotFoundForActorError
    in_use = exists().where(
        Agreement.organisation_id == row.organisation_id,
        Agreement.distributor_id == row.distributor_id,
        Agreement.region == row.region,
        Agreement.term_id == AgreementTerm.id,
        AgreementTerm.round_id == round_.id,
    )
    if session.scalar(select(in_use)):
        raise InUseError
    check_distribution(DistributionStatus(row.status), DistributionStatus.WITHDRAWN)
    row.status, row.decided_by, row.decided_at = (
        DistributionStatus.WITHDRAWN,
        actor.person_id,
        moment,
    )
    session.flush()
    _note(session, round_, actor, "distribution-withdrawn", row, moment)
    return row


def choose_distributor(
    session: Session,
    *,
    round_: Round,
    agreement: Agreement,
    distributor_id: int,
    actor: Actor,
    moment: datetime,
) -> Agreement:
    """Choose who delivers, for a hospital: one of those that its winner named and that confirmed.

    It may be chosen anew until somebody signs.

    Raises:
        NotConfirmedError: The distributor is none of those.
        WrongStateError: Somebody has signed.
    """
    session.flush()
    session.refresh(agreement, with_for_update=True)
    _hold_nomination(session, round_, agreement, distributor_id)
    offered = confirmed_for(session, round_id=round_.id, agreements=[agreement])
    if distributor_id not in {one.id for one in offered[agreement.id]}:
        raise NotConfirmedError
    present = AgreementStatus(agreement.status)
    if present not in (AgreementStatus.WAITING, AgreementStatus.OPEN):
        # Only an approved change leads back from a signature.
        raise WrongStateError(AGREEMENT_NAMES[present], AGREEMENT_NAMES[AgreementStatus.OPEN])
    agreement.distributor_id, agreement.status = distributor_id, AgreementStatus.OPEN
    agreement.digest = None
    session.flush()
    record(
        session,
        actor=actor,
        action="choose-distributor",
        subject=f"round/{round_.name}/agreement/{agreement.id}",
        facts={"distributor": str(distributor_id)},
        moment=moment,
    )
    return agreement


def _hold_nomination(
    session: Session, round_: Round, agreement: Agreement, distributor_id: int
) -> None:
    """Let a nomination that is being withdrawn wait, or be seen withdrawn.

    Hospitals choose at the same time, so that they share the lock.
    """
    named = select(Distribution.id).where(
        Distribution.round_id == round_.id,
        Distribution.organisation_id == agreement.organisation_id,
        Distribution.region == agreement.region,
        Distribution.distributor_id == distributor_id,
    )
    session.execute(named.with_for_update(read=True))


def choose_only_distributors(
    session: Session,
    *,
    round_: Round,
    term: AgreementTerm,
    hospital_id: int,
    actor: Actor,
    moment: datetime,
) -> int:
    """Choose, for all agreements of a hospital that wait, the distributor where there is only one.

    Returns:
        How many agreements were completed so.
    """
    waiting = session.scalars(
        select(Agreement)
        .where(Agreement.term_id == term.id, Agreement.hospital_id == hospital_id)
        .where(Agreement.status == AgreementStatus.WAITING)
        .order_by(Agreement.id)
    ).all()
    offered = confirmed_for(session, round_id=round_.id, agreements=waiting)
    chosen = 0
    for agreement in waiting:
        if len(offered[agreement.id]) == 1:
            choose_distributor(
                session,
                round_=round_,
                agreement=agreement,
                distributor_id=offered[agreement.id][0].id,
                actor=actor,
                moment=moment,
            )
            chosen += 1
    return chosen


def confirmed_for(
    session: Session, *, round_id: int, agreements: Sequence[Agreement]
) -> Mapping[int, list[Organisation]]:
    """Return the distributors that may be chosen, by agreement."""
    winners = {one.organisation_id for one in agreements}
    rows = session.execute(
        select(Distribution.organisation_id, Distribution.region, Organisation)
        .join(Organisation, Organisation.id == Distribution.distributor_id)
        .where(Distribution.round_id == round_id)
        .where(Distribution.status == DistributionStatus.CONFIRMED)
        .where(Distribution.organisation_id.in_(winners))
        .order_by(Organisation.name, Organisation.id)
    )
    by_place: dict[tuple[int, str], list[Organisation]] = {}
    for winner_id, region, distributor in rows:
        by_place.setdefault((winner_id, region), []).append(distributor)
    return {one.id: by_place.get((one.organisation_id, one.region), []) for one in agreements}


def distributions_of(
    session: Session,
    *,
    round_id: int,
    organisation_id: int | None = None,
    distributor_id: int | None = None,
) -> Sequence[tuple[Distribution, Organisation, Organisation]]:
    """Return nominations with winner and distributor, of one winner or to one distributor."""
    winner = Organisation.__table__.alias("winner")
    statement = (
        select(Distribution, winner.c.id, Organisation)
        .join(winner, winner.c.id == Distribution.organisation_id)
        .join(Organisation, Organisation.id == Distribution.distributor_id)
        .where(Distribution.round_id == round_id)
        .order_by(Distribution.region, winner.c.name, Organisation.name, Distribution.id)
    )
    if organisation_id is not None:
        statement = statement.where(Distribution.organisation_id == organisation_id)
    if distributor_id is not None:
        statement = statement.where(Distribution.distributor_id == distributor_id)
    return [
        (row, session.get_one(Organisation, winner_id), distributor)
        for row, winner_id, distributor in session.execute(statement)
    ]


def active_distributors(session: Session) -> Sequence[Organisation]:
    """Return all distributors that may be nominated, by name."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.DISTRIBUTOR, Organisation.is_active)
        .order_by(Organisation.name, Organisation.id)
    ).all()


def waiting_nominations(session: Session, *, distributor_id: int) -> Sequence[tuple[Round, int]]:
    """Return the rounds in which a distributor is asked to confirm, with how often."""
    rows = session.execute(
        select(Round, func.count(Distribution.id))
        .join(Distribution, Distribution.round_id == Round.id)
        .where(Distribution.distributor_id == distributor_id)
        .where(Distribution.status == DistributionStatus.NOMINATED)
        .group_by(Round.id)
        .order_by(Round.id)
    )
    return [(round_, number) for round_, number in rows]


def _locked(session: Session, round_: Round, distribution_id: int) -> Distribution:
    lock_round(session, round_=round_)
    row = session.get(Distribution, distribution_id, with_for_update=True)
    if row is None or row.round_id != round_.id:
        raise NotFoundForActorError
    return row


def _note(
    session: Session,
    round_: Round,
    actor: Actor,
    action: str,
    row: Distribution,
    moment: datetime,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"round/{round_.name}",
        facts={"region": row.region, "distributor": str(row.distributor_id)},
        moment=moment,
    )
