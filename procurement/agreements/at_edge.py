"""What pages and interface of agreements share: finding round, term and agreement, and files."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from litestar import Response

from procurement.accounts.certificates.authorities import FOLDER, read_authorities
from procurement.accounts.tables import Organisation
from procurement.agreements.content import AgreementContent, contents_of
from procurement.agreements.errors import RegionsNotChosenError
from procurement.agreements.listing import View, agreements_seen, view_of
from procurement.agreements.signing import Seal, Wanted
from procurement.agreements.states import Party
from procurement.agreements.subjects import all_agreements, of_hospital, one_agreement
from procurement.agreements.tables import Agreement, AgreementTerm
from procurement.agreements.terms import find_term, latest_term
from procurement.bids.opening.disclosure import Disclosure, disclosure_of
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.rounds.reading import round_named
from procurement.rounds.subjects import round_subject
from procurement.rounds.tables import Round
from procurement.web import Visit, paginate_by_key


@dataclass(frozen=True, slots=True)
class AgreementVisit:
    """An agreement that the visitor may do something with.

    Attributes:
        round: Its round.
        term: Its term.
        agreement: The row.
        subject: What permissions ask about it.
    """

    round: Round
    term: AgreementTerm
    agreement: Agreement
    subject: Subject

    @property
    def address(self) -> str:
        """Address of its page."""
        return f"/rounds/{self.round.name}/agreements/{self.agreement.id}"


def public_round(visit: Visit, name: str, action: Action) -> Round:
    """Return a round for which the visitor may do something of the own organisation.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's to see.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    round_ = round_named(visit.session, name=name)
    visit.require(Action.READ_ROUND, round_subject(visit.session, round_))
    subject = all_agreements(visit.session, round_=round_, actor=visit.actor)
    visit.require(action, subject)
    return round_


def lead_round(visit: Visit, name: str, action: Action) -> Round:
    """Return a round that the visitor's bureau leads.

    Raises:
        NotFoundForActorError: There is none, or another bureau leads it.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    round_ = round_named(visit.session, name=name)
    visit.require(action, Subject(bureau_id=round_.bureau_id))
    return round_


def term_in_view(visit: Visit, round_: Round) -> AgreementTerm | None:
    """Return the term that is asked for (``?term=2``), else the latest; None before the first."""
    asked = visit.query.get("term", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 5:
        return find_term(visit.session, round_id=round_.id, number=int(asked))
    return latest_term(visit.session, round_id=round_.id)


def require_term(visit: Visit, round_: Round) -> AgreementTerm:
    """Return the term that is asked for.

    Raises:
        RegionsNotChosenError: There are no agreements yet.
    """
    term = term_in_view(visit, round_)
    if term is None:
        raise RegionsNotChosenError
    return term


def agreement_for(visit: Visit, name: str, agreement_id: int, action: Action) -> AgreementVisit:
    """Return an agreement that the visitor may do something with.

    Raises:
        NotFoundForActorError: There is none, or it is not the visitor's.
        NotPermittedError: None of the visitor's roles may do this at all.
    """
    visit.require_ever(action)
    round_ = round_named(visit.session, name=name)
    agreement = visit.session.get(Agreement, agreement_id)
    if agreement is None:
        raise NotFoundForActorError
    term = visit.session.get_one(AgreementTerm, agreement.term_id)
    if term.round_id != round_.id:
        raise NotFoundForActorError
    subject = one_agreement(
        visit.session,
        round_=round_,
        agreement=agreement,
        actor=visit.actor,
        moment=visit.moment,
    )
    visit.require(action, subject)
    return AgreementVisit(round_, term, agreement, subject)


def own_view(visit: Visit, round_: Round) -> View:
    """Say as what the visitor looks at agreements."""
    return view_of(visit.session, round_=round_, actor=visit.actor, moment=visit.moment)


def listed(
    visit: Visit, round_: Round, term: AgreementTerm, *, cursor: str | None, size: int
) -> tuple[list[Agreement], str | None]:
    """Return some of the agreements that the visitor sees, and where to go on."""
    seen = agreements_seen(own_view(visit, round_), term=term).order_by(None)
    found = paginate_by_key(visit.session, seen, key=Agreement.id, cursor=cursor, size=size)  # type: ignore[arg-type]
    return list(found.rows), found.next_cursor


def content_for(visit: Visit, found: AgreementVisit) -> AgreementContent:
    """Return what an agreement says, without prices for who is no party and may not see them."""
    content = contents_of(
        visit.session, round_=found.round, term=found.term, agreements=[found.agreement]
    )[0]
    return content if sees_prices(visit, found) else without_prices(content)


def without_prices(content: AgreementContent) -> AgreementContent:
    """Leave the prices out."""
    return replace(content, lines=tuple(replace(line, prices=()) for line in content.lines))


def sees_prices(visit: Visit, found: AgreementVisit) -> bool:
    """Tell whether the visitor sees the prices of an agreement.

    Its parties do, the lead hospital of the group and the lead bureau; others where the rulebook
    lets everybody.
    """
    row, own = found.agreement, visit.actor.organisation_id
    concerned = (row.hospital_id, row.organisation_id, row.distributor_id, found.round.bureau_id)
    if own in concerned or own == found.subject.group_lead_id:
        return True
    return disclosure_of(visit.session, round_=found.round) is Disclosure.PUBLIC


def sees_all_listed(visit: Visit, round_: Round, view: View) -> bool:
    """Tell whether the visitor sees the prices of all agreements that a list shows him."""
    if view.party is not None or visit.actor.organisation_id == round_.bureau_id:
        return True
    return disclosure_of(visit.session, round_=round_) is Disclosure.PUBLIC


def wanted_for(
    visit: Visit,
    round_: Round,
    *,
    party: str,
    organisation_id: int | None,
    agreement_ids: tuple[int, ...] | None,
) -> Wanted:
    """Read what is to be signed, and ask whether the visitor may sign for that organisation.

    Raises:
        NotFoundForActorError: No such party, or not an organisation of the visitor's concern.
    """
    own = visit.actor.organisation_id
    bound = organisation_id or own
    organisation = None if bound is None else visit.session.get(Organisation, bound)
    if organisation is None or party not in set(Party):
        raise NotFoundForActorError
    subject = Subject(organisation_id=organisation.id, bureau_id=round_.bureau_id)
    if party == Party.HOSPITAL:
        subject = of_hospital(
            visit.session, round_=round_, hospital_id=organisation.id, moment=visit.moment
        )
    else:
        subject = replace(subject, regions=(organisation.region,))
    visit.require(Action.SIGN_AGREEMENT, subject)
    return Wanted(party=Party(party), organisation_id=organisation.id, agreement_ids=agreement_ids)


def seal_of(visit: Visit, signature: bytes | None) -> Seal | None:
    """Return the seal that was given, with those whom the installation trusts."""
    if not signature:
        return None
    return Seal(signature, read_authorities(visit.settings.data / FOLDER))


def typed_id(text: str) -> int:
    """Read an id that a form sent; what is none is 0, which is nothing's.

    Examples:
        >>> typed_id("12"), typed_id(""), typed_id("１２")
        (12, 0, 0)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def file_answer(content: bytes, *, name: str, media_type: str) -> Response[bytes]:
    """Answer with a file; its name may be Chinese."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in name)
    plain = plain.replace('"', "_").replace("\\", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(
        content,
        media_type=media_type,
        headers={"content-disposition": disposition, "x-content-type-options": "nosniff"},
    )
