"""What pages and interface of this stage share."""

from litestar import Response

from procurement.awards.pages.access import Sight, sight_of
from procurement.bids.at_edge import public_round, secret_key, subject_for
from procurement.bids.opening.kept import FOLDER
from procurement.china_days import day_in_china
from procurement.permissions import Action
from procurement.publication.evidence.build import evidence_bundle, letters_bundle
from procurement.publication.evidence.sources import Reader
from procurement.publication.standing import (
    Standing,
    require_manufacturer,
    standing_of,
    won_bids,
)
from procurement.rounds.tables import Round
from procurement.web import Visit

ZIP = "application/zip"


def reader_of(visit: Visit, round_: Round) -> Reader:
    """Tell how much of a round's evidence a visitor gets."""
    sight = sight_of(visit, round_)
    own = subject_for(visit, round_, organisation_id=visit.actor.organisation_id)
    is_bidder = visit.actor.organisation_id is not None and visit.may(Action.READ_RECEIPT, own)
    return Reader(
        sees_all=sight.sees_all,
        conducts=sight.conducts,
        organisation_id=visit.actor.organisation_id if is_bidder else None,
    )


def evidence_answer(visit: Visit, name: str) -> Response[bytes]:
    """Send the bundle of a closed round, as far as the visitor may see it."""
    round_ = public_round(visit, name, Action.READ_LOG)
    content = evidence_bundle(
        visit.session,
        round_=round_,
        reader=reader_of(visit, round_),
        moment=visit.moment,
        secret_key=secret_key(visit),
        folder=visit.settings.data / FOLDER,
    )
    return _archive(content, f"{round_.name}-evidence.zip")


def letters_answer(visit: Visit, name: str) -> Response[bytes]:
    """Send the visitor's own letters, signed."""
    round_ = public_round(visit, name, Action.READ_LOG)
    content = letters_bundle(
        visit.session,
        round_=round_,
        reader=reader_of(visit, round_),
        moment=visit.moment,
        secret_key=secret_key(visit),
        folder=visit.settings.data / FOLDER,
    )
    return _archive(content, f"{round_.name}-letters.zip")


def _archive(content: bytes, file: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{file}"'}
    return Response(content, media_type=ZIP, headers=headers)


def seen_standing(visit: Visit, organisation_id: int) -> Standing:
    """Return the standing of a manufacturer as far as the visitor may see it.

    Raises:
        NotFoundForActorError: There is no such manufacturer.
    """
    visit.require(Action.READ_STANDING)
    require_manufacturer(visit.session, organisation_id=organisation_id)
    rounds = {
        round_.id: round_
        for round_, _, _ in won_bids(visit.session, organisation_id=organisation_id)
    }
    sights: dict[int, Sight] = {
        round_.id: sight_of(visit, round_)
        for round_ in rounds.values()
        if visit.may(Action.READ_ROUND, subject_for(visit, round_))
    }
    return standing_of(
        visit.session,
        organisation_id=organisation_id,
        on_date=day_in_china(visit.moment),
        sights=sights,
    )
